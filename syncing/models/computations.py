"""What workers compute, so that no request plans: the last result of each kind and who is at work on it."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from evosync.common import clock
from syncing.choices import ComputationKind

# What is to begin later begins so soon: more changes may follow, or an attempt has failed.
LONGEST_WAIT = timedelta(minutes=1)


class ComputationQuerySet(models.QuerySet["Computation"]):
    """What workers compute for pages."""

    def for_user(self, user: User | int) -> Self:
        """Filter to one merchant's, given as a user or an id."""
        return self.filter(user=user)

    def of_kind(self, kind: str) -> Self:
        """Filter to those of one kind, at most one a merchant."""
        return self.filter(kind=kind)

    def of_active(self) -> Self:
        """Filter to those of merchants who are with us."""
        return self.filter(user__is_active=True)

    def without_result(self) -> Self:
        """Leave the results in the database: they may be large."""
        return self.defer("result")

    def asked(self) -> Self:
        """Filter to those that are asked for and not answered yet."""
        return self.filter(asked_at__isnull=False)

    def due(self, now: datetime) -> Self:
        """Filter to those asked for that may begin at `now`."""
        return self.asked().exclude(clock.before("not_before", now, longest=LONGEST_WAIT))

    def unattended(self) -> Self:
        """Filter to those that no worker is at work on."""
        return self.filter(lease="")

    def attended(self) -> Self:
        """Filter to those that a worker has taken."""
        return self.exclude(lease="")

    def not_woken_since(self, moment: datetime, now: datetime) -> Self:
        """Filter to those for which no worker was woken between `moment` and `now`."""
        return self.exclude(clock.since("woken_at", moment, now))


class Computation(models.Model):
    """One kind of result for one merchant: the last one, and whether another is asked for.

    `asked_at` is set while a result is asked for and cleared by the one who computed it, so a question that
    comes meanwhile is answered by another round. `inputs` stands for the rows that the result was
    computed from; while it equals that of now, the result is up to date.
    """

    Kind = ComputationKind

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="computations", verbose_name=_("user")
    )
    kind = models.CharField(_("kind"), max_length=8, choices=ComputationKind)
    asked_at = models.DateTimeField(_("asked for"), null=True, blank=True)
    # No worker begins before this: more changes may follow, or an attempt has failed.
    not_before = models.DateTimeField(_("not before"), null=True, blank=True)
    # When a worker was last woken for it.
    woken_at = models.DateTimeField(null=True, editable=False)
    lease = models.CharField(max_length=36, blank=True, default="", editable=False)
    heartbeat_at = models.DateTimeField(_("last sign of life"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    # What the merchant chose for it, such as the items to be taken over.
    choice = models.JSONField(null=True, editable=False)

    computed_at = models.DateTimeField(_("computed"), null=True, blank=True)
    inputs = models.CharField(max_length=64, blank=True, default="", editable=False)
    result = models.JSONField(null=True, editable=False)
    error_code = models.CharField(_("error"), max_length=64, blank=True, default="")
    error_text = models.TextField(_("what was said"), blank=True, default="")

    objects = ComputationQuerySet.as_manager()

    class Meta:
        verbose_name = _("computation")
        verbose_name_plural = _("computations")
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="one_computation_of_a_kind")]
        indexes = [models.Index(fields=["asked_at"], name="computation_by_question")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.kind}"

    @property
    def is_asked(self) -> bool:
        """Whether a result is asked for and not there yet."""
        return self.asked_at is not None
