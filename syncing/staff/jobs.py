"""Jobs and their items: read-only history, with the decision on held plans."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import user_of
from accounts.admin_tools import GoodsAdmin, is_list
from syncing.jobs.approval import approve_job, reject_job
from syncing.jobs.lifecycle import stop_job
from syncing.models import SyncJob, SyncJobItem
from syncing.services.errors import CannotSync
from syncing.services.labels import describe_changes

COUNTS = ("items_created", "items_updated", "items_hidden", "items_deleted", "items_skipped", "error_count")


@admin.register(SyncJob)
class SyncJobAdmin(GoodsAdmin[SyncJob]):
    """Runs. A stopped plan is approved or rejected here, with the name of who did it."""

    list_display = ("__str__", "status", "triggered_by", "created_at", "finished_at", *COUNTS, "error_code")
    list_select_related = ("user",)
    list_filter = ("status", "triggered_by")
    search_help_text = gettext_lazy("Search by the merchant's email or the run's number.")
    actions = ("approve", "reject", "stop")
    fields = (
        "user",
        "items_link",
        "status",
        "triggered_by",
        "created_at",
        "started_at",
        "finished_at",
        "heartbeat_at",
        "not_before",
        "attempts",
        "stop_requested",
        "phase",
        "total",
        "done",
        *COUNTS,
        "items_unchanged",
        "skipped_by_reason",
        "requests",
        "error_code",
        "error_detail",
        "questions",
        "decision",
        "approved_by",
        "approved_at",
        "approves",
    )
    readonly_fields = ("items_link",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[SyncJob]:
        """Leave the columns that only the machinery needs."""
        return super().get_queryset(request).defer("lease")

    @admin.display(description=gettext_lazy("goods of the run"))
    def items_link(self, job: SyncJob) -> str:
        """Lead to the single items."""
        url = reverse("admin:syncing_syncjobitem_changelist")
        return format_html('<a href="{}?job__id__exact={}">{}</a>', url, job.pk, _("Show the goods"))

    @admin.action(description=gettext_lazy("Approve the stopped plan"), permissions=["operate"])
    def approve(self, request: HttpRequest, queryset: QuerySet[SyncJob]) -> None:
        """Let exactly the plans that were stopped be carried out."""
        staff = user_of(request)

        def approve(job: SyncJob) -> str:
            new = approve_job(job, by=staff)
            return _("Approved. Run #%(id)d carries out exactly this plan.") % {"id": new.pk}

        self.act(request, queryset, approve, (CannotSync,))

    @admin.action(description=gettext_lazy("Reject the stopped plan"), permissions=["operate"])
    def reject(self, request: HttpRequest, queryset: QuerySet[SyncJob]) -> None:
        """Drop the plans that were stopped."""
        staff = user_of(request)

        def reject(job: SyncJob) -> str:
            reject_job(job, by=staff)
            return _("Rejected. Nothing changes in VK until the next run asks again.")

        self.act(request, queryset, reject, (CannotSync,))

    @admin.action(description=gettext_lazy("Stop the run"), permissions=["operate"])
    def stop(self, request: HttpRequest, queryset: QuerySet[SyncJob]) -> None:
        """End unfinished runs after the request that is under way."""

        def stop(job: SyncJob) -> str:
            if stop_job(job) is None:
                return _("This run has ended already.")
            return _("The run ends after the request that is under way.")

        self.act(request, queryset, stop)


@admin.register(SyncJobItem)
class SyncJobItemAdmin(GoodsAdmin[SyncJobItem]):
    """One product's part in a run, with what VK answered."""

    list_display = ("product_name", "job", "action", "reason", "result", "error_code", "updated_at")
    owner = "job.user_id"
    list_select_related = ("job__user",)
    list_filter = ("result",)
    narrow_filters = ("action",)
    narrowed_by = ("job__id__exact", "q")
    search_help_text = gettext_lazy(
        "Search by the run's number, the product's Evotor id, or the merchant's email and a name."
    )
    fields = (
        "job",
        "product",
        "product_name",
        "store_evotor_id",
        "product_evotor_id",
        "action",
        "reason",
        "describe_changes",
        "result",
        "error_code",
        "error_text",
        "updated_at",
    )
    readonly_fields = ("describe_changes",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[SyncJobItem]:
        """Leave long texts in the database until one row is opened."""
        rows = super().get_queryset(request)
        return rows.defer("changes", "error_text") if is_list(request) else rows

    @admin.display(description=gettext_lazy("changes"))
    def describe_changes(self, item: SyncJobItem) -> str:
        """Return what changed from what to what, as the merchant reads it."""
        lines = [f"{line.field}: {line.old} → {line.new}" for line in describe_changes(item.changes)]
        return "\n".join(lines) or "—"
