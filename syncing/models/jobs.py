"""The journal of runs."""

import re
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from accounts.search import split_search
from catalog.models import Product
from evosync.common import clock
from evosync.common.fields import ExactCharField
from syncing.choices import ItemResult, JobDecision, JobPhase, JobStatus, JobTrigger
from syncing.core.choices import ActionKind
from syncing.models.listings import Listing

# A stopped plan older than this is not carried out any more: till and shop have moved on.
PLAN_LASTS = timedelta(hours=24)
NUMBER = re.compile(r"[0-9]{1,18}")


class SyncJobQuerySet(models.QuerySet["SyncJob"]):
    """Runs."""

    def search(self, text: str) -> Self:
        """Filter to those of a merchant's address, or the one with this number."""
        users, rest = split_search(text)
        if users is not None:
            return self.filter(user__in=users)
        number = rest.removeprefix("#")
        return self.filter(pk=int(number)) if NUMBER.fullmatch(number) else self.none()

    def for_user(self, user: User) -> Self:
        """Filter to one merchant's."""
        return self.filter(user=user)

    def active(self) -> Self:
        """Filter to the unfinished ones, at most one per merchant."""
        return self.filter(active_key__isnull=False)

    def finished(self) -> Self:
        """Filter to those to which nothing more happens by itself."""
        return self.filter(active_key__isnull=True)

    def with_items(self) -> Self:
        """Filter to those that did something, or tried to: an unchanged run has no items."""
        return self.filter(models.Exists(SyncJobItem.objects.filter(job=models.OuterRef("pk"))))

    def carried_out(self) -> Self:
        """Filter to those whose plan was carried out to its end, with errors or without."""
        return self.filter(status__in=[JobStatus.SUCCESS, JobStatus.PARTIAL])

    def awaiting_approval(self) -> Self:
        """Filter to those whose plan waits for the merchant's decision."""
        return self.filter(status=JobStatus.NEEDS_APPROVAL)

    def that_planned(self) -> Self:
        """Filter to those whose plan was carried out, waits for a decision, or was dropped."""
        ended = (JobStatus.SUCCESS, JobStatus.PARTIAL, JobStatus.NEEDS_APPROVAL)
        return self.filter(models.Q(status__in=ended) | models.Q(decision=JobDecision.REJECTED))

    def dead(self, before: datetime) -> Self:
        """Filter to running ones without a sign of life since `before`."""
        return self.filter(status=JobStatus.RUNNING, heartbeat_at__lt=before)

    def waiting(self, now: datetime) -> Self:
        """Filter to pending ones that may start at `now`."""
        return self.filter(status=JobStatus.PENDING).exclude(not_before__gt=now)

    def past_the_till(self) -> Self:
        """Filter to those that may read the till no more: running ones, and those between two slices."""
        return self.exclude(status=JobStatus.PENDING, phase="")

    def in_bulk_queue(self) -> Self:
        """Filter to those of which only new items are missing."""
        return self.filter(phase=JobPhase.BULK)

    def untouched(self, since: datetime) -> Self:
        """Filter to those that nobody made, gave back or enqueued after `since`."""
        return self.exclude(created_at__gt=since).exclude(heartbeat_at__gt=since)

    def written_after(self, moment: datetime) -> Self:
        """Filter to those that were made, or showed a sign of life, after `moment`."""
        return self.filter(models.Q(heartbeat_at__gt=moment) | models.Q(created_at__gt=moment))

    def scheduled(self) -> Self:
        """Filter to those that the schedule asked for."""
        return self.filter(triggered_by=JobTrigger.SCHEDULE)

    def asked_for_since(self, moment: datetime) -> Self:
        """Filter to those that were asked for at `moment` or later."""
        return self.filter(created_at__gte=moment)

    def decided_like(self, job: "SyncJob") -> Self:
        """Filter to those since this run whose plan was the same, and was approved or dropped."""
        decided = (JobDecision.APPROVED, JobDecision.REJECTED)
        return self.filter(user=job.user, pk__gte=job.pk, plan_hash=job.plan_hash, decision__in=decided)

    def newest(self) -> Self:
        """Order from the newest."""
        return self.order_by("-pk")

    def finished_since(self, moment: datetime) -> Self:
        """Filter to those that ended at `moment` or later."""
        return self.finished().filter(finished_at__gte=moment)

    def with_error_code(self) -> Self:
        """Filter to those that an error ended or marred as a whole."""
        return self.exclude(error_code="")

    def with_item_errors(self) -> Self:
        """Filter to those in which VK refused single goods."""
        return self.filter(error_count__gt=0)

    def of_outcome(self, *statuses: str) -> Self:
        """Filter to those in one of these states."""
        return self.filter(status__in=statuses)

    def finished_before(self, before: datetime) -> Self:
        """Filter to those that ended before `before`."""
        return self.finished().filter(finished_at__lt=before)


class SyncJob(models.Model):
    """One run for one merchant, asked for or done.

    `active_key` holds the user's id while the job is unfinished and null afterwards; its
    uniqueness is what allows one unfinished job per merchant on a database without partial
    indexes.
    """

    Trigger = JobTrigger
    Status = JobStatus
    Decision = JobDecision

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="sync_jobs", verbose_name=_("user")
    )
    active_key = models.PositiveBigIntegerField(null=True, unique=True, editable=False)
    triggered_by = models.CharField(_("started by"), max_length=16, choices=Trigger)
    status = models.CharField(_("state"), max_length=16, choices=Status, default=Status.PENDING)
    created_at = models.DateTimeField(_("asked for"), default=timezone.now)
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    heartbeat_at = models.DateTimeField(_("last sign of life"), null=True, blank=True)
    not_before = models.DateTimeField(_("not before"), null=True, blank=True)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    lease = models.CharField(max_length=36, blank=True, default="", editable=False)
    stop_requested = models.BooleanField(_("stop asked for"), default=False)
    again = models.BooleanField(default=False, editable=False)

    # The VK community that it planned for.
    vk_group_id = models.BigIntegerField(null=True, editable=False)
    phase = models.CharField(_("phase"), max_length=16, blank=True, default="")
    total = models.PositiveIntegerField(_("to do"), default=0)
    done = models.PositiveIntegerField(_("done"), default=0)
    items_created = models.PositiveIntegerField(_("created"), default=0)
    items_updated = models.PositiveIntegerField(_("updated"), default=0)
    items_hidden = models.PositiveIntegerField(_("hidden"), default=0)
    items_deleted = models.PositiveIntegerField(_("removed"), default=0)
    items_skipped = models.PositiveIntegerField(_("left out"), default=0)
    items_unchanged = models.PositiveIntegerField(_("unchanged"), default=0)
    skipped_by_reason = models.JSONField(_("left out, by reason"), default=dict, blank=True)
    requests = models.JSONField(_("requests"), default=dict, blank=True)
    error_count = models.PositiveIntegerField(_("errors"), default=0)
    error_code = models.CharField(_("error"), max_length=64, blank=True, default="")
    error_detail = models.TextField(_("detail"), blank=True, default="")

    plan_hash = models.CharField(max_length=64, blank=True, default="")
    questions = models.JSONField(_("questions"), default=list, blank=True)
    # How many new prices wait for the merchant's yes, and the first of them (services.held_prices).
    held_prices = models.JSONField(_("held prices"), null=True, editable=False)
    approved_plan = models.CharField(max_length=64, blank=True, default="")
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    # What became of a stopped plan, and in the run that carries it out, whose plan that is.
    decision = models.CharField(
        _("decision"), max_length=8, choices=Decision, blank=True, default="", db_default=""
    )
    approves = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="carried_out_by",
        verbose_name=_("approves"),
    )

    # Not in the row: this process took the job from an owner that died in the middle of it.
    took_over = False
    # Not in the row either: this process gave it to the threads that wait for slow services.
    gave_way = False

    objects = SyncJobQuerySet.as_manager()

    class Meta:
        verbose_name = _("run")
        verbose_name_plural = _("runs")
        indexes = [
            models.Index(fields=["user", "-id"], name="job_by_user"),
            models.Index(fields=["status", "heartbeat_at"], name="job_by_state"),
            models.Index(fields=["finished_at"], name="job_by_end"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.user}"

    @property
    def is_finished(self) -> bool:
        """Whether nothing more happens to this job by itself."""
        return self.active_key is None

    @property
    def plan_expires_at(self) -> datetime | None:
        """When a stopped plan can no longer be approved, None for a run that did not stop at a plan."""
        if self.status != self.Status.NEEDS_APPROVAL or self.finished_at is None:
            return None
        return self.finished_at + PLAN_LASTS

    @property
    def is_expired(self) -> bool:
        """Whether a stopped plan is too old to be approved."""
        return self.plan_expires_at is not None and self.plan_expires_at <= clock.now()


class SyncJobItemQuerySet(models.QuerySet["SyncJobItem"]):
    """Single products in runs."""

    def search(self, text: str) -> Self:
        """Filter to those of a run's number, of an address's goods by name, or of a product's Evotor id."""
        users, words = split_search(text)
        if users is not None:
            found = self.filter(product__user__in=users)
            return found.filter(product_name__icontains=words) if words else found
        number = words.removeprefix("#")
        if NUMBER.fullmatch(number):
            return self.filter(job=int(number))
        return self.filter(product__evotor_id=words)

    def planned(self) -> Self:
        """Filter to those not yet carried out."""
        return self.filter(result=ItemResult.PLANNED)

    def creations(self) -> Self:
        """Filter to those that make an item."""
        return self.filter(action=ActionKind.CREATE)

    def carried_out_since(self, moment: datetime) -> Self:
        """Filter to those that VK has answered since this moment."""
        return self.exclude(result=ItemResult.PLANNED).filter(updated_at__gte=moment)

    def with_part(self) -> Self:
        """Add which part of a plan each belongs to: its action, and "price" for a change of the price."""
        is_price = models.Q(action=ActionKind.UPDATE, changes__has_key="price_kopecks")
        return self.annotate(
            part=models.Case(
                models.When(is_price, then=models.Value("price")),
                default=models.F("action"),
                output_field=models.CharField(),
            )
        )

    def with_new_price(self) -> Self:
        """Filter to those that give, or would give, an item another price."""
        return self.exclude(action=ActionKind.CREATE).filter(changes__has_key="price_kopecks")

    def price_changes(self) -> Self:
        """Filter to those that gave an item another price."""
        done = self.filter(action=ActionKind.UPDATE, result=ItemResult.DONE)
        return done.filter(changes__has_key="price_kopecks")

    def stock_changes(self) -> Self:
        """Filter to those that gave the item of a product that we still know another stock."""
        done = self.filter(action=ActionKind.UPDATE, result=ItemResult.DONE, product__isnull=False)
        return done.filter(changes__has_key="stock")

    def failed(self) -> Self:
        """Filter to those that VK refused."""
        return self.filter(result=ItemResult.FAILED)

    def newest(self) -> Self:
        """Order from the newest."""
        return self.order_by("-pk")

    def before(self, pk: int) -> Self:
        """Filter to those older than this one."""
        return self.filter(pk__lt=pk)

    def done(self) -> Self:
        """Filter to those that VK took."""
        return self.filter(result=ItemResult.DONE)

    def not_undone(self) -> Self:
        """Filter to those that the merchant has not taken back."""
        return self.filter(undone_at__isnull=True)

    def undone(self) -> Self:
        """Filter to those that the merchant has taken back."""
        return self.filter(undone_at__isnull=False)

    def of_product_ids(self, ids: list[int]) -> Self:
        """Filter to those of the products with these row ids."""
        return self.filter(product__in=ids)

    def without_item(self) -> Self:
        """Leave out what makes or removes items, and the products that have an item in VK now."""
        items = Listing.objects.with_item().filter(product=models.OuterRef("product"))
        return self.exclude(
            models.Q(action__in=[ActionKind.CREATE, ActionKind.REMOVE]) | models.Exists(items)
        )

    def appearances(self) -> Self:
        """Filter to those that put an item in VK or show it there again."""
        return self.filter(action__in=[ActionKind.CREATE, ActionKind.RESTORE])

    def removals(self) -> Self:
        """Filter to those that remove an item."""
        return self.filter(action=ActionKind.REMOVE)

    def undoable(self) -> Self:
        """Filter to those that can be taken back: of removals those that nothing has replaced since."""
        again = Listing.objects.with_item().filter(product=models.OuterRef("product"))
        removal = models.Q(action=ActionKind.REMOVE)
        gone_for_good = removal & (models.Q(removed__isnull=True) | models.Exists(again))
        return self.done().not_undone().filter(product__isnull=False).exclude(gone_for_good)

    def of_job_ids(self, ids: list[int]) -> Self:
        """Filter to those of the runs with these numbers."""
        return self.filter(job__in=ids)

    def of_jobs(self, jobs: SyncJobQuerySet) -> Self:
        """Filter to those of these runs."""
        return self.filter(job__in=jobs)

    def of_job(self, job: SyncJob) -> Self:
        """Filter to those of one run, in the order of work."""
        return self.filter(job=job).order_by("pk")

    def of_replaced(self, ids: list[int]) -> Self:
        """Filter to the lists of those of these stopped plans that a newer run has replaced."""
        return self.filter(job__in=ids, job__decision=JobDecision.REPLACED, result=ItemResult.PLANNED)


class SyncJobItem(models.Model):
    """One product's part in a run. `changes` maps a field to [old, new]."""

    class Action(models.TextChoices):
        CREATE = "create", _("create")
        UPDATE = "update", _("change")
        HIDE = "hide", pgettext_lazy("one product", "hide")
        RESTORE = "restore", _("show again")
        REMOVE = "remove", _("remove")

    Result = ItemResult

    job = models.ForeignKey(SyncJob, models.CASCADE, related_name="items", verbose_name=_("run"))
    product = models.ForeignKey(
        Product, models.SET_NULL, null=True, blank=True, related_name="job_items", verbose_name=_("product")
    )
    store_evotor_id = ExactCharField(_("store"), max_length=36, blank=True, default="")
    product_evotor_id = ExactCharField(_("product"), max_length=36, blank=True, default="")
    product_name = models.CharField(_("name"), max_length=255, blank=True, default="")
    action = models.CharField(_("action"), max_length=8, choices=Action)
    reason = models.CharField(_("reason"), max_length=64, blank=True, default="")
    changes = models.JSONField(_("changes"), default=dict, blank=True)
    # Which of the merchant's rules decided a field, by its name then.
    rules = models.JSONField(_("rules"), null=True, blank=True, editable=False)
    result = models.CharField(_("result"), max_length=8, choices=Result, default=Result.PLANNED)
    error_code = models.CharField(_("error"), max_length=64, blank=True, default="")
    error_text = models.TextField(_("what VK said"), blank=True, default="")
    updated_at = models.DateTimeField(_("updated"), auto_now=True)
    # Of a removal: the item that goes (syncing.shop_mappers.removed_to_json), so that it can come back.
    removed = models.JSONField(null=True, editable=False)
    # When the merchant took it back.
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True, editable=False)

    objects = SyncJobItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("item of a run")
        verbose_name_plural = _("items of runs")
        indexes = [
            models.Index(fields=["job", "action", "result"], name="item_by_job"),
            # Staff look at the latest refusals of all merchants.
            models.Index(fields=["result"], name="item_by_result"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.product_name}"
