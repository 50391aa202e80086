"""The ways to a merchant behind one interface: a channel is a class here and its settings.

A channel sends one message and raises what its service answers; `deliveries` decides what follows.
"""

import json
import uuid
from collections.abc import Mapping
from typing import Protocol
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.html import escape

from accounts.models import User
from connections.client_factory import max_client, push_client, push_key, telegram_client
from connections.clients.errors import AuthRevoked
from connections.clients.messengers import max as max_api
from connections.clients.messengers import telegram as telegram_api
from evosync.common.email import send_plain_email
from syncing.choices import ChannelKind
from syncing.models import PLAN_LASTS, NotificationChannel
from syncing.services import browsers
from syncing.services.notifications import Message

MORE = "…"
# A browser that is away gets it as long as the link in it can decide.
PUSH_LASTS_SECONDS = int(PLAN_LASTS.total_seconds())
# Of a message in a browser: signs of its parts, and buttons. A telephone shows a few lines.
LONGEST_TITLE, LONGEST_BODY, LONGEST_LABEL, MOST_BUTTONS = 120, 400, 40, 2


class Channel(Protocol):
    """One kind of channel."""

    def is_offered(self) -> bool:
        """Return True if this installation has what the channel needs."""

    def send(self, row: NotificationChannel, message: Message) -> None:
        """Hand a message to the service. Raises ClientError, SMTPException or OSError."""


class EmailChannel:
    """The address of the account, as plain text."""

    def is_offered(self) -> bool:
        """Return True: without a mail server nobody could sign up."""
        return True

    def send(self, row: NotificationChannel, message: Message) -> None:
        """Send one email."""
        send_plain_email(row.user.email, message.subject, message.body)


class TelegramChannel:
    """A chat with our bot in Telegram."""

    def is_offered(self) -> bool:
        """Return True if there is a bot."""
        return bool(settings.TELEGRAM_BOT_TOKEN and settings.TELEGRAM_BOT_NAME)

    def send(self, row: NotificationChannel, message: Message) -> None:
        """Send one message to the chat."""
        text = as_html(message, longest=telegram_api.LONGEST_TEXT)
        telegram_client().send_message(row.address, text, buttons=_public(message))

    def link(self, code: str) -> str:
        """Return the address that opens the chat and sends the code."""
        return f"https://t.me/{settings.TELEGRAM_BOT_NAME}?start={code}"

    def reply(self, chat: str, html: str) -> None:
        """Answer in a chat, linked or not."""
        telegram_client().send_message(chat, html)


class MaxChannel:
    """A chat with our bot in MAX."""

    def is_offered(self) -> bool:
        """Return True if there is a bot."""
        return bool(settings.MAX_BOT_TOKEN and settings.MAX_BOT_NAME)

    def send(self, row: NotificationChannel, message: Message) -> None:
        """Send one message to the chat."""
        text = as_html(message, longest=max_api.LONGEST_TEXT)
        max_client().send_message(row.address, text, buttons=_public(message))

    def link(self, code: str) -> str:
        """Return the address that opens the chat and sends the code."""
        return f"https://max.ru/{settings.MAX_BOT_NAME}?start={code}"

    def reply(self, chat: str, html: str) -> None:
        """Answer in a chat, linked or not."""
        max_client().send_message(chat, html)


class PushChannel:
    """A browser, told by its maker's push service."""

    def is_offered(self) -> bool:
        """Return True if there is a key of ours."""
        return push_key() is not None

    def send(self, row: NotificationChannel, message: Message) -> None:
        """Send one message to the browser."""
        try:
            subscription = browsers.from_text(row.address)
        except ValueError:
            raise AuthRevoked(
                "push", "push.unreadable", "what is kept of the browser is no address"
            ) from None
        if browsers.is_logged_out(row):
            raise AuthRevoked("push", "push.logged_out", "the merchant has logged it out since")
        push_client().send(
            subscription, as_push(message, language=row.user.language), lasts=PUSH_LASTS_SECONDS
        )


MESSENGERS: Mapping[ChannelKind, TelegramChannel | MaxChannel] = {
    ChannelKind.TELEGRAM: TelegramChannel(),
    ChannelKind.MAX: MaxChannel(),
}
CHANNELS: Mapping[ChannelKind, Channel] = {
    ChannelKind.EMAIL: EmailChannel(),
    **MESSENGERS,
    ChannelKind.PUSH: PushChannel(),
}


def as_html(message: Message, *, longest: int) -> str:
    """Return a message with its subject in bold, in at most so many characters as they stand."""
    subject = f"<b>{escape_text(message.subject, longest=longest // 4)}</b>"
    return f"{subject}\n\n{escape_text(message.body.strip(), longest=longest - units(subject) - 2)}"


def as_push(message: Message, *, language: str) -> bytes:
    """Return a message for our service worker: short, with paths in place of addresses.

    Its parts are so short that the whole fits what push services take.
    """
    lines = (line.strip() for line in message.body.splitlines())
    body = "\n".join(line for line in lines if line and "://" not in line)
    buttons = [
        {"title": _shortened(label, LONGEST_LABEL), "url": _path_of(url)}
        for label, url in message.buttons[:MOST_BUTTONS]
    ]
    told = {
        "title": _shortened(message.subject, LONGEST_TITLE),
        "body": _shortened(body, LONGEST_BODY),
        "url": buttons[0]["url"] if buttons else "/",
        "actions": buttons,
        "lang": language,
        # A service that delivers it twice replaces it by itself.
        "tag": uuid.uuid4().hex,
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def _shortened(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + MORE


def _path_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path or "/"


def escape_text(text: str, *, longest: int) -> str:
    """Return the text for HTML, cut so that it is no longer than this also where signs are written out.

    Lengths are those of UTF-16, in which messengers count: many a picture among the letters counts as two.
    """
    escaped = escape(text)
    if units(escaped) <= longest:
        return str(escaped)
    parts, length = [], units(MORE)
    for sign in text:
        written = escape(sign)
        length += units(written)
        if length > longest:
            break
        parts.append(written)
    return "".join(parts) + MORE


def units(text: str) -> int:
    """Return how long a text is in UTF-16."""
    return len(text) + sum(sign > "\uffff" for sign in text)


def email_channel(user: User) -> NotificationChannel:
    """Return the row of the account's own address, made where there is none."""
    key, kind = f"{ChannelKind.EMAIL}:{user.pk}", ChannelKind.EMAIL
    return NotificationChannel.objects.get_or_create(key=key, defaults={"user": user, "kind": kind})[0]


def _public(message: Message) -> tuple[tuple[str, str], ...]:
    # Telegram refuses a message as a whole for a button to an address that is not on the net.
    return tuple(button for button in message.buttons if button[1].startswith("https://"))
