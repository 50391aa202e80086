"""A merchant's account at Evotor: how it is linked, what it pays for and what Evotor tells us of it."""

from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from connections.choices import EvotorConnectionType
from connections.models.connection import Connection, ConnectionQuerySet
from evosync.common import clock
from evosync.common.fields import EncryptedTextField, ExactCharField


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


class EvotorConnection(Connection):
    """A till account. `user` is null while nobody has claimed what the webhook told us."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="evotor_connection",
        verbose_name=_("user"),
    )
    evotor_user_id = ExactCharField(_("Evotor user id"), max_length=36, unique=True, null=True, blank=True)
    connection_type = models.CharField(
        _("way"), max_length=16, choices=EvotorConnectionType, default=EvotorConnectionType.MANUAL
    )
    # The fingerprint of the token that Evotor gave us: it finds an unclaimed row by a pasted token.
    access_token_hash = models.CharField(max_length=64, blank=True, default="", db_index=True, editable=False)
    # The token that we gave Evotor is derived from the nonce; only its hash is kept.
    user_token_nonce = models.CharField(max_length=32, blank=True, default="", editable=False)
    user_token_hash = models.CharField(max_length=64, unique=True, null=True, blank=True, editable=False)
    # Evotor's own time of the newest installation event: an older one that comes later changes nothing.
    installation_event_at = models.DateTimeField(_("last installation event"), null=True, blank=True)
    uninstalled_at = models.DateTimeField(_("uninstalled"), null=True, blank=True)

    objects = EvotorConnectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("Evotor connection")
        verbose_name_plural = _("Evotor connections")

    def __str__(self) -> str:
        return f"Evotor {self.evotor_user_id or self.pk}"


# A link code holds so long.
CODE_LIFE = timedelta(minutes=30)
# A delivery that could not be handled waits at most so long for its next try.
LONGEST_RETRY = timedelta(minutes=30)


class LinkCodeQuerySet(models.QuerySet["LinkCode"]):
    """One-time codes."""

    def search(self, text: str) -> Self:
        """Filter to those of merchants whose address begins so."""
        return self.filter(user__email__istartswith=text)

    def open(self, now: datetime) -> Self:
        """Filter to the codes that still link an account."""
        return self.filter(clock.before("expires_at", now, longest=CODE_LIFE), used_at__isnull=True)

    def for_user(self, user: User) -> Self:
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


class LinkCode(models.Model):
    """A one-time code that the merchant types in Evotor's form. Only its hash is kept."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="link_codes", verbose_name=_("user")
    )
    code_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(_("issued"), default=timezone.now)
    expires_at = models.DateTimeField(_("valid until"))
    used_at = models.DateTimeField(_("used"), null=True, blank=True)
    # Which account the code linked: Evotor may repeat the same request when our answer was lost.
    used_by = ExactCharField(_("Evotor user id"), max_length=36, blank=True, default="")

    objects = LinkCodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("link code")
        verbose_name_plural = _("link codes")

    def __str__(self) -> str:
        return f"{self.user} {self.created_at:%Y-%m-%d %H:%M}"


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

    def waiting(self, now: datetime, *, new: timedelta, again: timedelta) -> Self:
        """Filter to what came before `new` and was never tried, or was to be tried again before `again`.

        Both tell how long ago. What lies in the future was written by a clock that was wrong.
        """
        came = clock.reached("received_at", now - new, longest=new)
        due = clock.reached("retry_at", now - again, longest=again + LONGEST_RETRY)
        return self.unhandled().filter(Q(came, retry_at__isnull=True) | due)

    def older_than(self, moment: datetime) -> Self:
        """Filter to what came before `moment`."""
        return self.filter(received_at__lt=moment)


class WebhookEvent(models.Model):
    """One delivery from Evotor as it came. `dedupe_key` recognises a repeated delivery.

    What only hints at a change has one row for its store, without a body. `attempts` counts the tries
    that failed for a reason that does not pass; after the last one the event is parked for staff, and
    nobody tries it again by themselves. `last_error` is a code, never a text.
    """

    kind = models.CharField(_("kind"), max_length=32)
    dedupe_key = ExactCharField(max_length=128, unique=True)
    evotor_user_id = ExactCharField(_("Evotor user id"), max_length=36, blank=True, default="", db_index=True)
    store_evotor_id = ExactCharField(_("store"), max_length=36, blank=True, default="")
    body = EncryptedTextField()
    deliveries = models.PositiveIntegerField(_("deliveries"), default=1)
    received_at = models.DateTimeField(_("received"), default=timezone.now, db_index=True)
    handled_at = models.DateTimeField(_("handled"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("failed tries"), default=0, db_default=0)
    retry_at = models.DateTimeField(_("next try"), null=True, blank=True)
    parked_at = models.DateTimeField(_("parked"), null=True, blank=True, db_index=True)
    last_error = models.CharField(_("last error"), max_length=64, blank=True, default="", db_default="")

    # The columns of an event that was never tried.
    UNTRIED: ClassVar[dict[str, Any]] = {
        "attempts": 0,
        "retry_at": None,
        "parked_at": None,
        "last_error": "",
    }

    objects = WebhookEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("webhook event")
        verbose_name_plural = _("webhook events")
        # What no worker has finished yet comes first in it.
        indexes = [models.Index(fields=["handled_at", "parked_at", "received_at"], name="event_by_state")]

    def __str__(self) -> str:
        return f"{self.kind} {self.received_at:%Y-%m-%d %H:%M}"


class EvotorSubscription(models.Model):
    """A paid subscription, built from Evotor's events in any order.

    `facts` holds `{name: [sequence number, value]}`: of each fact the newest event's value stays.
    """

    subscription_id = ExactCharField(_("subscription"), max_length=64, unique=True)
    evotor_user_id = ExactCharField(_("Evotor user id"), max_length=36, db_index=True)
    facts = models.JSONField(_("facts"), default=dict)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta:
        verbose_name = _("Evotor subscription")
        verbose_name_plural = _("Evotor subscriptions")

    def __str__(self) -> str:
        return f"{self.subscription_id} {self.state}"

    @property
    def state(self) -> str:
        """Return the type of the newest event, or nothing before the first."""
        return str(self.facts.get("type", [0, ""])[1])
