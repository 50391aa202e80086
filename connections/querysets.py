"""Questions about many connections, codes and events."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self, TypeVar

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from accounts.models import User
    from connections.models import (  # noqa: F401 - used in the names of generic bases
        BindingAudit,
        Connection,
        EvotorConnection,
        HealthCheckLog,
        LinkCode,
        OperatorAlert,
        VkConnection,
        WebhookEvent,
    )

C = TypeVar("C", bound="Connection")

# What staff never see; their pages do not even read it.
MOST_DIGITS = 19
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

    def for_user(self, user: "User | int") -> Self:
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
        return self.filter(Q(refresh_lease_until__isnull=True) | Q(refresh_lease_until__lte=now))

    def due(self, now: datetime, every: timedelta) -> Self:
        """Filter to what was last checked at least `every` ago and is not resting by VK's wish."""
        return (
            self.claimed()
            .filter(Q(last_checked_at__isnull=True) | Q(last_checked_at__lte=now - every))
            .filter(Q(paused_until__isnull=True) | Q(paused_until__lte=now))
        )


class EvotorConnectionQuerySet(ConnectionQuerySet["EvotorConnection"]):
    """Till accounts."""

    def _by_id(self, text: str) -> Q:
        return Q(evotor_user_id=text)

    def of_account(self, evotor_user_id: str) -> Self:
        """Filter to the row of this Evotor user id; there is at most one."""
        return self.filter(evotor_user_id=evotor_user_id)

    def without_account_id(self, connection: "EvotorConnection") -> Self:
        """Filter to this row while its Evotor user id is unknown."""
        return self.filter(pk=connection.pk, evotor_user_id=None)

    def with_fingerprint(self, fingerprint: str) -> Self:
        """Filter to the rows whose token has this fingerprint."""
        return self.filter(access_token_hash=fingerprint)

    def with_user_token(self, token_hash: str) -> Self:
        """Filter to the row whose token, the one that we gave Evotor, has this hash."""
        return self.filter(user_token_hash=token_hash)

    def with_owner(self) -> Self:
        """Filter to what belongs to somebody, with a token or without."""
        return self.filter(user__isnull=False)

    def unclaimed(self) -> Self:
        """Filter to what Evotor told us of and nobody has claimed."""
        return self.filter(user__isnull=True)

    def untouched_since(self, moment: datetime) -> Self:
        """Filter to what has not changed since `moment`."""
        return self.filter(updated_at__lt=moment)

    def installed(self) -> Self:
        """Filter to the accounts whose owner has not removed the application."""
        return self.filter(uninstalled_at__isnull=True)


class VkConnectionQuerySet(ConnectionQuerySet["VkConnection"]):
    """Communities."""

    def _by_id(self, text: str) -> Q:
        name = Q(group_screen_name__iexact=text)
        return name | Q(group_id=int(text)) if text.isdecimal() and len(text) < MOST_DIGITS else name


class LinkCodeQuerySet(models.QuerySet["LinkCode"]):
    """One-time codes."""

    def search(self, text: str) -> Self:
        """Filter to those of merchants whose address begins so."""
        return self.filter(user__email__istartswith=text)

    def open(self, now: datetime) -> Self:
        """Filter to the codes that still link an account."""
        return self.filter(used_at__isnull=True, expires_at__gt=now)

    def for_user(self, user: "User") -> Self:
        """Filter to this merchant's codes."""
        return self.filter(user=user)

    def with_hashes(self, hashes: list[str]) -> Self:
        """Filter to the codes with one of these hashes, with their owners."""
        return self.filter(code_hash__in=hashes).select_related("user")

    def only_row(self, code: "LinkCode") -> Self:
        """Filter to this code, if the other conditions hold for it."""
        return self.filter(pk=code.pk)

    def ended_before(self, moment: datetime) -> Self:
        """Filter to the codes that ended before `moment`."""
        return self.filter(expires_at__lt=moment)


class HealthCheckLogQuerySet(models.QuerySet["HealthCheckLog"]):
    """The history of health."""

    def search(self, text: str) -> Self:
        """Filter to those of merchants whose address begins so."""
        return self.filter(user__email__istartswith=text)

    def for_user(self, user: "User") -> Self:
        """Filter to this merchant's history, newest first."""
        return self.filter(user=user).order_by("-checked_at", "-pk")

    def older_than(self, moment: datetime) -> Self:
        """Filter to what happened before `moment`."""
        return self.filter(checked_at__lt=moment)


class WebhookEventQuerySet(models.QuerySet["WebhookEvent"]):
    """Deliveries from Evotor."""

    def search(self, text: str) -> Self:
        """Filter to those of the till account with this id."""
        return self.filter(evotor_user_id=text)

    def unhandled(self) -> Self:
        """Filter to what a worker has yet to finish, oldest first; what is parked waits for staff."""
        return self.filter(handled_at__isnull=True, parked_at__isnull=True).order_by("received_at", "pk")

    def parked(self) -> Self:
        """Filter to what failed too often to be tried again by itself."""
        return self.filter(parked_at__isnull=False)

    def settled(self) -> Self:
        """Filter to what no worker will look at: finished or parked."""
        return self.filter(Q(handled_at__isnull=False) | Q(parked_at__isnull=False))

    def tried(self, times: int) -> Self:
        """Filter to what has failed so often."""
        return self.filter(attempts=times)

    def with_key(self, dedupe_key: str) -> Self:
        """Filter to the delivery with this key; there is at most one."""
        return self.filter(dedupe_key=dedupe_key)

    def delivered(self, times: int) -> Self:
        """Filter to what has come this often."""
        return self.filter(deliveries=times)

    def waiting(self, *, new: datetime, again: datetime) -> Self:
        """Filter to what came before `new` and was never tried, or was to be tried again before `again`."""
        untried = Q(retry_at__isnull=True, received_at__lt=new)
        return self.unhandled().filter(untried | Q(retry_at__lt=again))

    def older_than(self, moment: datetime) -> Self:
        """Filter to what came before `moment`."""
        return self.filter(received_at__lt=moment)


class BindingAuditQuerySet(models.QuerySet["BindingAudit"]):
    """The record of links."""

    def search(self, text: str) -> Self:
        """Filter to those that name a merchant whose address begins so, or the till account with this id."""
        return self.filter(
            Q(user__email__istartswith=text) | Q(old_user__email__istartswith=text) | Q(evotor_user_id=text)
        )

    def older_than(self, moment: datetime) -> Self:
        """Filter to what happened before `moment`."""
        return self.filter(created_at__lt=moment)

    def for_user(self, user: "User") -> Self:
        """Filter to the records that name this merchant, newest first."""
        return self.filter(Q(user=user) | Q(old_user=user)).order_by("-created_at", "-pk")


class OperatorAlertQuerySet(models.QuerySet["OperatorAlert"]):
    """What only the operator can mend."""

    def open(self) -> Self:
        """Filter to what is not mended, oldest first."""
        return self.filter(resolved_at__isnull=True).order_by("opened_at", "pk")

    def of_service(self, service: str) -> Self:
        """Filter to what concerns this service."""
        return self.filter(code__startswith=f"{service}.")

    def of_hosts(self, hosts: Iterable[str]) -> Self:
        """Filter to what concerns these hosts."""
        return self.filter(host__in=list(hosts))

    def unseen_since(self, moment: datetime) -> Self:
        """Filter to what was last seen before `moment`."""
        return self.filter(last_seen_at__lt=moment)

    def search(self, text: str) -> Self:
        """Filter to the alerts about this host."""
        return self.filter(host=text)
