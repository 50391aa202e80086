"""The page "Notifications": the channels, and what was sent last."""

from dataclasses import dataclass

from accounts.models import User
from connections.client_factory import push_key
from syncing.choices import ChannelKind, DeliveryState
from syncing.models import NotificationChannel, NotificationDelivery
from syncing.services.browsers import is_logged_out, mark_of
from syncing.services.channels import MESSENGERS

LAST = 10


@dataclass(frozen=True, slots=True)
class Messenger:
    """One messenger that may be linked, with the chats that are."""

    kind: ChannelKind
    label: str
    chats: list[NotificationChannel]


@dataclass(frozen=True, slots=True)
class BrowserRow:
    """One browser that shows messages; by the `mark` the page's script knows whether it is this one."""

    channel: NotificationChannel
    mark: str
    is_on: bool


@dataclass(frozen=True, slots=True)
class Browsers:
    """The browsers that show messages. Without a `key` no more are added."""

    rows: list[BrowserRow]
    key: str


def browsers(user: User) -> Browsers | None:
    """Return the merchant's browsers, None where this installation sends to none."""
    channels = NotificationChannel.objects.for_user(user).of_kind(ChannelKind.PUSH).select_related("user")
    rows = [_browser_row(channel) for channel in channels]
    key = push_key()
    if key is None and not rows:
        return None
    return Browsers(rows, key.public_text if key else "")


def _browser_row(channel: NotificationChannel) -> BrowserRow:
    # One that was logged out is switched off at its next message; the page says so before.
    is_on = channel.is_on and not is_logged_out(channel)
    return BrowserRow(channel, mark_of(channel.address) if is_on else "", is_on)


def messengers(user: User) -> list[Messenger]:
    """Return the messengers that this installation offers, and those with chats from before."""
    rows = list(NotificationChannel.objects.for_user(user).chats())
    found = []
    for kind, channel in MESSENGERS.items():
        chats = [row for row in rows if row.kind == kind]
        if chats or channel.is_offered():
            found.append(Messenger(kind, str(kind.label), chats))
    return found


def last_deliveries(user: User) -> list[NotificationDelivery]:
    """Return what was sent last, or is to be sent."""
    rows = NotificationDelivery.objects.for_user(user).exclude(state=DeliveryState.DROPPED)
    return list(rows.select_related("channel", "notification")[:LAST])
