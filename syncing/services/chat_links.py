"""Links chats to merchants by a code that a page shows and the chat sends; unlinks them."""

import hashlib
import re
import secrets
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from accounts.choices import SecurityEventKind
from accounts.models import User
from accounts.security_events import record_event
from evosync.common import clock
from syncing.choices import ChannelKind
from syncing.models import NotificationChannel, NotificationSettings
from syncing.models.channels import channel_key

CODE_LIFE = timedelta(minutes=15)
CODE_BYTES = 24
CODE = re.compile(r"[A-Za-z0-9_-]{32}")
NAME_LENGTH = 100
# One merchant has a phone or two, and perhaps a seller who reads along.
MOST_CHATS = 10


class CannotLink(Exception):
    """The code is wrong, used or too old, or the chat has another owner here. Nothing was changed."""


class LinkedElsewhere(CannotLink):
    """The chat belongs to another account: it is unlinked there first."""


def issue_code(user: User, kind: ChannelKind, *, now: datetime) -> str:
    """Return a new code that links one chat of this messenger within 15 minutes; an older one ends."""
    code = secrets.token_urlsafe(CODE_BYTES)
    NotificationSettings.objects.update_or_create(
        user=user,
        defaults={"link_code_hash": hash_code(code), "link_kind": kind, "link_until": now + CODE_LIFE},
    )
    return code


def hash_code(code: str) -> str:
    """Return what is kept of a code: it has 192 bits, so a plain hash tells nothing."""
    return hashlib.sha256(code.encode()).hexdigest()


def link(kind: ChannelKind, *, code_hash: str, chat: str, name: str, now: datetime) -> NotificationChannel:
    """Link a chat to the merchant whose code it sent. Raises CannotLink; the code works once."""
    row = NotificationSettings.objects.select_related("user").filter(link_code_hash=code_hash).first()
    if row is None or row.link_kind != kind or not clock.is_before(row.link_until, now, longest=CODE_LIFE):
        raise CannotLink
    user = row.user
    there = NotificationChannel.objects.at_address(kind, chat).first()
    if there is not None and there.user_id != user.pk:
        raise LinkedElsewhere
    if not user.is_active or NotificationChannel.objects.for_user(user).chats().count() >= MOST_CHATS:
        raise CannotLink
    try:
        with transaction.atomic():
            used = NotificationSettings.objects.filter(pk=row.pk, link_code_hash=code_hash)
            if not used.update(link_code_hash=None, link_until=None):
                raise CannotLink
            channel, _made = NotificationChannel.objects.update_or_create(
                key=channel_key(kind, chat),
                user=user,
                defaults={
                    "kind": kind,
                    "address": chat,
                    "name": name[:NAME_LENGTH],
                    "is_on": True,
                    "off_code": "",
                },
            )
            record_event(user, SecurityEventKind.CHAT_LINKED, detail=detail_of(channel))
    except IntegrityError:
        # Another account was quicker with the same chat.
        raise LinkedElsewhere from None
    return channel


def switch_on(channel: NotificationChannel) -> None:
    """Send to a chat again that has shown that it takes messages."""
    NotificationChannel.objects.filter(pk=channel.pk).update(is_on=True, off_code="")


def unlink(channel: NotificationChannel) -> None:
    """Forget a chat or a browser: nothing is sent there any more, and it can ask for nothing."""
    is_browser = channel.kind == ChannelKind.PUSH
    kind = SecurityEventKind.BROWSER_REMOVED if is_browser else SecurityEventKind.CHAT_UNLINKED
    record_event(channel.user, kind, detail=detail_of(channel))
    channel.delete()


def unlink_all(user: User) -> None:
    """Forget every chat of a merchant, and the code that could link another one.

    Browsers need no row taken away: they end with the login that added them.
    """
    end_code(user)
    for channel in NotificationChannel.objects.for_user(user).chats().select_related("user"):
        unlink(channel)


def end_code(user: User) -> None:
    """End the code that could still link a chat."""
    NotificationSettings.objects.filter(user=user).update(link_code_hash=None, link_until=None)


def names_of_chats(user: User) -> list[str]:
    """Return the linked chats by messenger and name, in the order in which they were linked."""
    return [detail_of(channel) for channel in NotificationChannel.objects.for_user(user).chats()]


def detail_of(channel: NotificationChannel) -> str:
    """Return what the merchant's list of events says of a channel."""
    return f"{channel.get_kind_display()} {channel.name}".strip()
