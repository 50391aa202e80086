"""The page "Notifications": the channels, and what was sent last."""

from dataclasses import dataclass

from accounts.models import User
from syncing.choices import ChannelKind, DeliveryState
from syncing.models import NotificationChannel, NotificationDelivery
from syncing.services.channels import MESSENGERS

LAST = 10


@dataclass(frozen=True, slots=True)
class Messenger:
    """One messenger that may be linked, with the chats that are."""

    kind: ChannelKind
    label: str
    chats: list[NotificationChannel]


def messengers(user: User) -> list[Messenger]:
    """Return the messengers that this installation offers, and those with chats from before."""
    rows = [row for row in NotificationChannel.objects.for_user(user) if row.kind != ChannelKind.EMAIL]
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
