"""Browsers that show what merchants are told: added by a press on the page, dropped when they end it."""

import hashlib
import json

from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from accounts.choices import SecurityEventKind
from accounts.models import User
from accounts.security_events import record_event
from connections.clients.web_push.client import Subscription
from connections.clients.web_push.encoding import encode
from syncing.choices import ChannelKind
from syncing.models import NotificationChannel
from syncing.models.channels import channel_key
from syncing.services.chat_links import NAME_LENGTH, CannotLink, LinkedElsewhere, detail_of

# One merchant has a phone, a computer or two, and perhaps a seller who reads along.
MOST_BROWSERS = 10


class TooManyBrowsers(CannotLink):
    """The merchant has as many as they may; one is removed first."""


def add_browser(
    user: User, subscription: Subscription, *, name: str, before: str = "", request: HttpRequest | None = None
) -> NotificationChannel:
    """Send to this browser too, in place of what it was `before`. Raises CannotLink, and nothing is changed.

    A browser that another account has added is theirs until they remove it or it ends that.
    """
    kind, key = ChannelKind.PUSH, channel_key(ChannelKind.PUSH, subscription.address)
    with transaction.atomic():
        mine = NotificationChannel.objects.for_user(user).of_kind(kind)
        # It is added again after it was lost, or pressed twice.
        mine.filter(key=channel_key(kind, before)).exclude(key=key).delete()
        mine.off().filter(name=name[:NAME_LENGTH]).delete()
        _make_room(user, key)
        if NotificationChannel.objects.filter(key=key).exclude(user=user).exists():
            raise LinkedElsewhere
        try:
            with transaction.atomic():
                channel, made = NotificationChannel.objects.update_or_create(
                    key=key,
                    user=user,
                    defaults={
                        "kind": kind,
                        "address": to_text(subscription, user),
                        "name": name[:NAME_LENGTH],
                        "is_on": True,
                        "off_code": "",
                    },
                )
        except IntegrityError:
            raise LinkedElsewhere from None
        if made:
            record_event(user, SecurityEventKind.BROWSER_ADDED, request=request, detail=detail_of(channel))
    return channel


def _make_room(user: User, key: str) -> None:
    rows = list(NotificationChannel.objects.for_user(user).of_kind(ChannelKind.PUSH))
    if len(rows) < MOST_BROWSERS or any(row.key == key for row in rows):
        return
    lost = next((row for row in rows if not row.is_on), None)
    if lost is None:
        raise TooManyBrowsers
    lost.delete()


def to_text(subscription: Subscription, user: User) -> str:
    """Return a subscription as a channel's address keeps it, encrypted."""
    return json.dumps(
        {
            "login": _login_of(user),
            "address": subscription.address,
            "browser_key": encode(subscription.browser_key),
            "auth": encode(subscription.auth),
            "sender": subscription.sender,
        }
    )


def mark_of(text: str) -> str:
    """Return a hash of a browser's address, which tells nothing of it; empty where there is none."""
    try:
        return hashlib.sha256(from_text(text).address.encode()).hexdigest()
    except ValueError:
        return ""


def is_logged_out(channel: NotificationChannel) -> bool:
    """Return True if another password was set, or all other devices were logged out, since it was added.

    A telephone that was stolen gets nothing more, and no link that decides.
    """
    return _values(channel.address).get("login") != _login_of(channel.user)


def from_text(text: str) -> Subscription:
    """Return the subscription of a channel's address. Raises ValueError where it is none."""
    values = _values(text)
    values.pop("login", None)
    try:
        return Subscription.checked(**values)
    except TypeError:
        raise ValueError("not a subscription") from None


def _values(text: str) -> dict[str, str]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return {str(name): str(value) for name, value in found.items()} if isinstance(found, dict) else {}


def _login_of(user: User) -> str:
    return salted_hmac("syncing.browser", user.get_session_auth_hash(), algorithm="sha256").hexdigest()
