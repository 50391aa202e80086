"""The ways to a merchant behind one interface: a channel is a class here and its settings.

A channel sends one message and raises what its service answers; `deliveries` decides what follows.
"""

from collections.abc import Mapping
from typing import Protocol

from django.conf import settings
from django.utils.html import escape

from accounts.models import User
from connections.client_factory import max_client, telegram_client
from connections.clients.messengers import max as max_api
from connections.clients.messengers import telegram as telegram_api
from evosync.common.email import send_plain_email
from syncing.choices import ChannelKind
from syncing.models import NotificationChannel
from syncing.services.notifications import Message

MORE = "…"


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


MESSENGERS: Mapping[ChannelKind, TelegramChannel | MaxChannel] = {
    ChannelKind.TELEGRAM: TelegramChannel(),
    ChannelKind.MAX: MaxChannel(),
}
CHANNELS: Mapping[ChannelKind, Channel] = {ChannelKind.EMAIL: EmailChannel(), **MESSENGERS}


def as_html(message: Message, *, longest: int) -> str:
    """Return a message with its subject in bold, in at most so many characters as they stand."""
    subject = f"<b>{escape_text(message.subject, longest=longest // 4)}</b>"
    return f"{subject}\n\n{escape_text(message.body.strip(), longest=longest - units(subject) - 2)}"


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
