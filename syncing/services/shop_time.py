"""The time zone of a merchant's shop: they set it beside the hours of their notifications."""

from zoneinfo import ZoneInfo

from django.conf import settings

from accounts.models import User
from syncing.models import NotificationSettings
from syncing.models.channels import ZONES


def zone_of(user: User) -> ZoneInfo:
    """Return the shop's zone; where the merchant has set none, that of the installation."""
    found = NotificationSettings.objects.filter(user=user).values_list("time_zone", flat=True).first()
    return ZoneInfo(found or settings.TIME_ZONE)


def zone_label(name: str) -> str:
    """Return a zone by its largest town, as the merchant chose it."""
    return str(dict(ZONES).get(name, name))
