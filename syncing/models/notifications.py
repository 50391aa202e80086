"""What the merchant is told, and what they asked for when closing the account."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from evosync.common import clock
from syncing.choices import ChannelKind
from syncing.models.jobs import SyncJob

# A trouble that comes back so soon after it was told is told only if it is still there by then.
QUIET = timedelta(hours=6)


class NotificationQuerySet(models.QuerySet["Notification"]):
    """Troubles that merchants are told of."""

    def for_user(self, user: User) -> Self:
        """Filter to one merchant's."""
        return self.filter(user=user)

    def open(self) -> Self:
        """Filter to those whose trouble lasts."""
        return self.filter(open_key__isnull=False)

    def of_trouble(self, *troubles: str) -> Self:
        """Filter to those of these troubles."""
        return self.filter(trouble__in=troubles)

    def told(self) -> Self:
        """Filter to those that a channel has told, the latest first."""
        return self.filter(sent_at__isnull=False).order_by("-sent_at")

    def due_to_begin(self, now: datetime) -> Self:
        """Filter to the lasting troubles to be handed to the channels at `now`."""
        return self.tellable(now).open().filter(queued_at__isnull=True, sent_at__isnull=True)

    def due_to_end(self, now: datetime) -> Self:
        """Filter to the troubles whose end is to be handed to the channels at `now`."""
        told = self.tellable(now).filter(sent_at__isnull=False, open_key__isnull=True)
        return told.filter(tell_end=True, end_queued_at__isnull=True, end_sent_at__isnull=True)

    def tellable(self, now: datetime) -> Self:
        """Filter to those that may be told at `now`, of merchants who have a way to be told."""
        by_channel = User.objects.filter(
            pk=models.OuterRef("user"),
            notification_channels__is_on=True,
            notification_channels__kind__in=[kind for kind in ChannelKind if kind != ChannelKind.EMAIL],
        )
        reachable = models.Q(user__wants_notifications=True) | models.Exists(by_channel)
        is_time = clock.reached("not_before", now, longest=QUIET)
        return self.filter(reachable, is_time, user__is_active=True)

    def closed_before(self, before: datetime) -> Self:
        """Filter to those whose trouble ended before `before`."""
        return self.filter(closed_at__lt=before)


class Notification(models.Model):
    """One trouble of a merchant's runs, from its first sign to its end: told once by each channel at most.

    `open_key` names user and trouble while the trouble lasts and is null afterwards; its uniqueness
    is what makes hourly runs with the same trouble one row. `queued_at` is when the trouble was handed to
    the channels (`NotificationDelivery`), `sent_at` when the first of them had told it.
    """

    class Trouble(models.TextChoices):
        HELD_PLAN = "brake", _("a run asks")
        ERRORS = "errors", _("a run with errors")
        FAILED = "failed", _("failed runs in a row")
        LIMITS = "limits", _("VK holds no more")
        HELD_PRICES = "prices", _("prices wait for a yes")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notifications", verbose_name=_("user")
    )
    trouble = models.CharField(_("trouble"), max_length=8, choices=Trouble)
    open_key = models.CharField(max_length=32, null=True, unique=True, editable=False)
    job = models.ForeignKey(
        SyncJob, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("run")
    )
    opened_at = models.DateTimeField(_("began"), default=timezone.now)
    sent_at = models.DateTimeField(_("told"), null=True, blank=True)
    queued_at = models.DateTimeField(null=True, editable=False)
    closed_at = models.DateTimeField(_("ended"), null=True, blank=True)
    # Whether the end is worth a message: not where the merchant ended it.
    tell_end = models.BooleanField(default=False, editable=False)
    end_sent_at = models.DateTimeField(_("end told"), null=True, blank=True)
    end_queued_at = models.DateTimeField(null=True, editable=False)
    # Not told before this: shortly after the same trouble was told.
    not_before = models.DateTimeField(default=timezone.now, editable=False)
    # No longer counted here: the release before this one reads it.
    tries = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        db_table = "syncing_notice"
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        # What is to be told stands together in them, however many troubles there were.
        indexes = [
            models.Index(fields=["queued_at", "open_key"], name="notice_to_begin"),
            models.Index(
                fields=["tell_end", "end_queued_at", "end_sent_at", "sent_at"], name="notice_to_end"
            ),
            models.Index(fields=["closed_at"], name="notice_by_end"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.trouble}"


class AccountClosureQuerySet(models.QuerySet["AccountClosure"]):
    """Account closures under way."""

    def for_user(self, user: User | int) -> Self:
        """Filter to one merchant's, given as a user or an id; there is at most one."""
        return self.filter(user=user)

    def of_job(self, job: SyncJob) -> Self:
        """Filter to the one that this run serves."""
        return self.filter(job=job)

    def unattended(self) -> Self:
        """Filter to those whose run has ended or is gone."""
        return self.filter(models.Q(job__isnull=True) | models.Q(job__active_key__isnull=True))


class AccountClosure(models.Model):
    """What happens to a merchant's items in VK before the account is deleted.

    The row exists until that is settled; `job` is the run that does it, and while it is unfinished
    no other run can begin.
    """

    class ItemsAfterClosure(models.TextChoices):
        HIDE = "hide", _("hide")
        REMOVE = "remove", _("remove")

    class Then(models.TextChoices):
        DELETE = "delete", _("delete the account")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="account_closure", verbose_name=_("user")
    )
    goods = models.CharField(_("goods"), max_length=8, choices=ItemsAfterClosure)
    then = models.CharField(_("then"), max_length=16, choices=Then)
    asked_at = models.DateTimeField(_("asked for"), default=timezone.now)
    job = models.ForeignKey(
        SyncJob, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("run")
    )

    objects = AccountClosureQuerySet.as_manager()

    class Meta:
        db_table = "syncing_farewell"
        verbose_name = _("account closure")
        verbose_name_plural = _("account closures")

    def __str__(self) -> str:
        return f"{self.user_id}: {self.goods}, {self.then}"
