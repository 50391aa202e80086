"""What a delivery says: one message of all that is due to a channel."""

from datetime import datetime

from django.urls import reverse
from django.utils import translation
from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from evosync.common.email import site_url
from syncing.choices import DeliveryStage
from syncing.models import NotificationChannel, NotificationDelivery
from syncing.services import digest
from syncing.services.notifications import Message, message_of


def as_one_message(channel: NotificationChannel, rows: list[NotificationDelivery], now: datetime) -> Message:
    """Return one message of all that is due."""
    messages = list(dict.fromkeys(_message(channel, row, now) for row in rows))
    if len(messages) == 1:
        return messages[0]
    with translation.override(channel.user.language):
        number = len(messages)
        subject = ngettext(
            "EvoSync: %(n)s message about your shop", "EvoSync: %(n)s messages about your shop", number
        ) % {"n": localize(number)}
    body = "\n\n".join(f"{message.subject}\n\n{message.body}" for message in messages)
    buttons = tuple(dict.fromkeys(button for message in messages for button in message.buttons))
    return Message(subject, body, buttons)


def _message(channel: NotificationChannel, row: NotificationDelivery, now: datetime) -> Message:
    if row.notification is not None:
        # The row came with the deliveries; its merchant is the channel's.
        row.notification.user = channel.user
        return message_of(row.notification, channel.kind)
    with translation.override(channel.user.language):
        if row.stage == DeliveryStage.DIGEST:
            return digest.message_of(channel.user, now=now)
        if row.stage == DeliveryStage.LOST:
            return _lost_message(channel.user)
        return sample_message()


def sample_message() -> Message:
    """Return what a test says, in the active language."""
    return Message(
        _("EvoSync: a test"),
        _("This is a test. What EvoSync has to tell about your shop will arrive like this."),
    )


def _lost_message(user: User) -> Message:
    """Return which channels take nothing any more, and where to see to it, in the active language."""
    names = [
        f"{row.get_kind_display()} {row.name}".strip()
        for row in NotificationChannel.objects.for_user(user).off()
    ]
    url = site_url(reverse("syncing:notifications"))
    lines = [
        _("Messages of EvoSync do not arrive here any more: %(names)s.") % {"names": ", ".join(names)},
        _("The bot was blocked, the chat is gone, or the browser has ended it. Link it again, or remove it:"),
        url,
    ]
    return Message(
        _("EvoSync: a channel is switched off"), "\n".join(lines) + "\n", ((_("Notifications"), url),)
    )
