"""What both connections share."""

from datetime import datetime, timedelta
from typing import Self, TypeVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from connections.clients.vk.errors import PAUSES
from evosync.common import clock
from evosync.common.fields import EncryptedTextField

# No service is left alone for longer than VK at its limits of a day.
LONGEST_PAUSE = timedelta(seconds=max(PAUSES.values()))
# A slow till's hourly runs find that it is still slow, so that the others' threads need not.
SLOW_FOR = timedelta(hours=6)
# Longer than a service may take to answer, so that a lease never ends while its holder waits.
REFRESH_LEASE = timedelta(seconds=90)

C = TypeVar("C", bound="Connection")

# What staff never see; their pages do not even read it.
SECRETS = ("access_token", "refresh_token", "app_secret", "device_id", "body")


class ConnectionQuerySet(models.QuerySet[C]):
    """Filters that both connections share."""

    def without_secrets(self) -> Self:
        """Read no secret, only say in `has_token` and `has_refresh_token` whether there is one."""
        names = [field.name for field in self.model._meta.local_fields if field.name in SECRETS]  # noqa: SLF001
        return self.defer(*names).annotate(
            has_token=~Q(access_token=""), has_refresh_token=~Q(refresh_token="")
        )

    def search(self, text: str) -> Self:
        """Filter to those of merchants whose address begins so, or with this id outside."""
        return self.filter(Q(user__email__istartswith=text) | self._by_id(text))

    def _by_id(self, text: str) -> Q:
        raise NotImplementedError

    def for_user(self, user: User | int) -> Self:
        """Filter to the connection of this merchant, given as a user or an id."""
        return self.filter(user=user)

    def online(self) -> Self:
        """Filter to what answered the last check."""
        return self.filter(is_online=True)

    def offline(self) -> Self:
        """Filter to what the merchant has to repair."""
        return self.filter(is_online=False)

    def claimed(self) -> Self:
        """Filter to what belongs to somebody and has a token to ask with."""
        return self.filter(user__isnull=False).exclude(access_token="")

    def only_row(self, connection: "Connection") -> Self:
        """Filter to this row, if the other conditions hold for it."""
        return self.filter(pk=connection.pk)

    def unleased(self, now: datetime) -> Self:
        """Filter to what no process is renewing the token of."""
        return self.exclude(clock.before("refresh_lease_until", now, longest=REFRESH_LEASE))

    def due(self, now: datetime, every: timedelta) -> Self:
        """Filter to what was last checked at least `every` ago and is not suspended by VK."""
        return (
            self.claimed()
            .exclude(clock.since("last_checked_at", now - every, now))
            .exclude(clock.before("paused_until", now, longest=LONGEST_PAUSE))
        )


class Connection(models.Model):
    """What both connections share. `last_error` is the code of the error that took it offline."""

    access_token = EncryptedTextField(blank=True, default="")
    refresh_token = EncryptedTextField(blank=True, default="")
    token_expires_at = models.DateTimeField(_("token valid until"), null=True, blank=True)
    is_online = models.BooleanField(_("online"), default=False)
    last_error = models.CharField(_("last error"), max_length=64, blank=True, default="")
    paused_until = models.DateTimeField(_("paused until"), null=True, blank=True)
    # Until then its work is left to the threads that wait for slow services.
    slow_until = models.DateTimeField(_("answers slowly until"), null=True, blank=True)
    last_checked_at = models.DateTimeField(_("last checked"), null=True, blank=True)
    # One process renews the token at a time; the others wait until its lease ends.
    refresh_lease_until = models.DateTimeField(null=True, blank=True, editable=False)
    connected_at = models.DateTimeField(_("connected"), default=timezone.now)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta:
        abstract = True

    def is_paused(self, now: datetime) -> bool:
        """Return True if nothing may be sent before a moment after `now`."""
        return clock.is_before(self.paused_until, now, longest=LONGEST_PAUSE)

    def is_slow(self, now: datetime) -> bool:
        """Return True if the service took long for its last answers over this connection."""
        return clock.is_before(self.slow_until, now, longest=SLOW_FOR)
