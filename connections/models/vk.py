"""A merchant's VK community."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from connections.choices import VkConnectionType
from connections.clients.error_catalog import VkIdError
from connections.models.connection import LONGEST_PAUSE, Connection, ConnectionQuerySet
from evosync.common import clock
from evosync.common.fields import EncryptedTextField

# VK may take longer texts one day.
TEXT_LIMIT_LASTS = timedelta(days=30)
# VK's name of the right to products.
MARKET = "market"
# A little less than a day, so that a look does not come later every day.
LOOK_FOR_RIGHT_EVERY = timedelta(hours=23, minutes=50)
# Longer numbers fit no column.
MOST_DIGITS = 19


class VkConnectionQuerySet(ConnectionQuerySet["VkConnection"]):
    """Communities."""

    def waiting_for_right(self) -> Self:
        """Filter to logins that VK has not given the right to products yet."""
        return self.filter(is_online=False, last_error=VkIdError.NO_MARKET_RIGHT)

    def of_app(self, app_id: str) -> Self:
        """Filter to logins through this VK ID app; empty is the operator's."""
        return self.filter(connection_type=VkConnectionType.VK_ID, app_id=app_id)

    def with_market_scope(self) -> Self:
        """Filter to tokens that VK gave the right to products."""
        return self.filter(scope__contains=MARKET)

    def due(self, now: datetime, every: timedelta) -> Self:
        """Filter as for any connection; what waits for VK's moderators is looked at once a day."""
        day_ago = now - LOOK_FOR_RIGHT_EVERY
        is_waiting = Q(is_online=False, last_error=VkIdError.NO_MARKET_RIGHT)
        return super().due(now, every).exclude(is_waiting & clock.since("last_checked_at", day_ago, now))

    def _by_id(self, text: str) -> Q:
        name = Q(group_screen_name__iexact=text)
        return name | Q(group_id=int(text)) if text.isdecimal() and len(text) < MOST_DIGITS else name


class VkConnection(Connection):
    """A VK community and the token of the person who manages it."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="vk_connection", verbose_name=_("user")
    )
    connection_type = models.CharField(
        _("way"), max_length=16, choices=VkConnectionType, default=VkConnectionType.PASTED
    )
    app_id = models.CharField(_("VK app id"), max_length=32, blank=True, default="")
    app_secret = EncryptedTextField(blank=True, default="")
    device_id = EncryptedTextField(blank=True, default="")
    scope = models.CharField(_("granted rights"), max_length=255, blank=True, default="")
    vk_user_id = models.BigIntegerField(_("VK user id"), null=True, blank=True)
    group_id = models.BigIntegerField(_("community id"), null=True, blank=True)
    group_name = models.CharField(_("community"), max_length=255, blank=True, default="")
    group_screen_name = models.CharField(_("address"), max_length=255, blank=True, default="")
    # VK's methods whose limit is used up: {method: {"until": ISO time, "code": the error's}}.
    method_rests = models.JSONField(_("suspended methods"), null=True, blank=True, editable=False)
    # Lengths of texts that this community took after it had refused longer ones:
    # {field: {"longest": characters, "at": ISO time}}.
    text_limits = models.JSONField(_("lengths of texts"), null=True, blank=True, editable=False)
    token_refreshed_at = models.DateTimeField(_("token refreshed"), null=True, blank=True)

    objects = VkConnectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("VK connection")
        verbose_name_plural = _("VK connections")

    @property
    def waits_for_right(self) -> bool:
        """Whether the login worked and VK has not given the right to products yet."""
        return not self.is_online and self.last_error == VkIdError.NO_MARKET_RIGHT

    @property
    def has_market_scope(self) -> bool:
        """Whether VK named the right to products among those of this token."""
        return MARKET in self.scope.replace(",", " ").split()

    def suspended_methods(self, now: datetime) -> dict[str, tuple[str, datetime]]:
        """Return for each method that VK takes no calls of now: the error's code, and the end of that."""
        found = {
            method: (str(limit["code"]), datetime.fromisoformat(limit["until"]))
            for method, limit in (self.method_rests or {}).items()
        }
        return {
            method: limit
            for method, limit in found.items()
            if clock.is_before(limit[1], now, longest=LONGEST_PAUSE)
        }

    def longest_texts(self, now: datetime) -> dict[str, int]:
        """Return the longest text of each field that VK takes here, as far as it has refused longer ones.

        After some weeks the longer ones are tried again.
        """
        found = {
            name: (int(limit["longest"]), datetime.fromisoformat(limit["at"]))
            for name, limit in (self.text_limits or {}).items()
        }
        return {
            name: longest
            for name, (longest, at) in found.items()
            if now - at < TEXT_LIMIT_LASTS and clock.is_past(at, now)
        }

    def __str__(self) -> str:
        return self.group_name or f"VK {self.group_id or self.pk}"
