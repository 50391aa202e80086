"""Staff's view of connections. Tokens, codes and bodies are never read, only whether they exist."""

from typing import TYPE_CHECKING, Any, TypeVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin_tools import COMMUNITY_ID, SEARCH_BY_EMAIL, ReadOnlyAdmin, id_column, is_set
from connections.evotor.webhooks import inbox
from connections.models import (
    Connection,
    EvotorConnection,
    EvotorSubscription,
    HealthCheckLog,
    LinkCode,
    LinkingRecord,
    OperatorAlert,
    VkConnection,
    WebhookEvent,
)
from connections.queue import enqueue_connection_check
from connections.status import service_of

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

C = TypeVar("C", EvotorConnection, VkConnection)

STATE = (
    "is_online",
    "last_error",
    "paused_until",
    "slow_until",
    "last_checked_at",
    "connected_at",
    "updated_at",
)
TOKENS = ("access_token_state", "refresh_token_state", "token_expires_at")
SEARCH_BY_ACCOUNT = gettext_lazy("Search by Evotor's user id.")


class ConnectionAdmin(ReadOnlyAdmin[C]):
    """What both connections share."""

    list_filter = ("is_online", "connection_type", "last_error")
    list_select_related = ("user",)
    actions = ("check_now",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[C]:
        """Leave the secrets in the database."""
        rows: QuerySet[C] = super().get_queryset(request).without_secrets()  # type: ignore[attr-defined]
        return rows

    @admin.display(description=gettext_lazy("token"))
    def access_token_state(self, row: Any) -> str:
        """Return True if there is a token."""
        return is_set(row.has_token)

    @admin.display(description=gettext_lazy("refresh token"))
    def refresh_token_state(self, row: Any) -> str:
        """Return True if there is a token that renews the other."""
        return is_set(row.has_refresh_token)

    @admin.action(description=gettext_lazy("Check the connection"), permissions=["view"])
    def check_now(self, request: HttpRequest, queryset: QuerySet[C]) -> None:
        """Ask a worker to check the connection."""
        self.act(request, queryset, request_check)


def retry_event(event: WebhookEvent) -> str:
    """Have a parked delivery handled once more; return what to tell staff."""
    if event.parked_at is None:
        return _("It is not parked, so there is nothing to try again.")
    inbox.try_again(event)
    return _("It is tried again. Its result is here in a few seconds.")


def request_check(connection: Connection) -> str:
    """Put a check of this connection on the queue; return what to tell staff."""
    user_id: int | None = connection.user_id  # type: ignore[attr-defined]  # both models have a user
    if user_id is None:
        return _("Nobody has claimed it, so there is nothing to check.")
    enqueue_connection_check(service_of(connection), user_id)  # type: ignore[arg-type]
    return _("A check was asked for. Its result is here in a few seconds.")


@admin.register(EvotorConnection)
class EvotorConnectionAdmin(ConnectionAdmin[EvotorConnection]):
    """Till accounts."""

    list_display = ("evotor_user_id", "user", "connection_type", *STATE[:4])
    fields = (
        "user",
        "evotor_user_id",
        "connection_type",
        *STATE,
        *TOKENS,
        "installation_event_at",
        "uninstalled_at",
    )
    readonly_fields = fields
    search_help_text = gettext_lazy("Search by the merchant's email or Evotor's user id.")


@admin.register(VkConnection)
class VkConnectionAdmin(ConnectionAdmin[VkConnection]):
    """Communities."""

    list_display = ("group_name", "community", "user", "connection_type", *STATE[:4])
    fields = (
        "user",
        "community",
        "group_name",
        "group_screen_name",
        "connection_type",
        "app_id",
        "scope",
        "vk_person",
        *STATE,
        *TOKENS,
        "token_refreshed_at",
    )
    readonly_fields = fields
    community = id_column("group_id", COMMUNITY_ID)
    vk_person = id_column("vk_user_id", gettext_lazy("VK user id"))
    search_help_text = gettext_lazy("Search by the merchant's email, the community's id or short name.")


@admin.register(LinkCode)
class LinkCodeAdmin(ReadOnlyAdmin[LinkCode]):
    """One-time codes: when they were made and used, not what they were."""

    list_display = ("user", "created_at", "expires_at", "used_at", "used_by")
    list_select_related = ("user",)
    fields = ("user", "created_at", "expires_at", "used_at", "used_by")
    search_help_text = SEARCH_BY_EMAIL


@admin.register(HealthCheckLog)
class HealthCheckLogAdmin(ReadOnlyAdmin[HealthCheckLog]):
    """The history of health."""

    list_display = ("checked_at", "user", "service", "event", "detail")
    list_select_related = ("user",)
    narrow_filters = ("service", "event")
    fields = ("checked_at", "user", "service", "event", "detail")
    search_help_text = SEARCH_BY_EMAIL


class ParkedFilter(admin.SimpleListFilter):
    """Leads to the deliveries that wait for staff."""

    title = gettext_lazy("parked")
    parameter_name = "parked"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]
    ) -> list[tuple[str, "StrOrPromise"]]:
        """Offer one choice besides all."""
        return [("1", gettext_lazy("Failed too often; staff decides"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[WebhookEvent]) -> QuerySet[WebhookEvent]:
        """Narrow the list to what is parked."""
        return queryset.parked() if self.value() else queryset  # type: ignore[attr-defined]  # the model's own


@admin.register(WebhookEvent)
class WebhookEventAdmin(ReadOnlyAdmin[WebhookEvent]):
    """Deliveries from Evotor without their bodies, which may hold a token."""

    list_display = (
        "received_at",
        "kind",
        "evotor_user_id",
        "store_evotor_id",
        "deliveries",
        "handled_at",
        "attempts",
        "parked_at",
        "last_error",
    )
    list_filter = (ParkedFilter,)
    narrow_filters = ("kind",)
    fields = (*list_display[:7], "retry_at", *list_display[7:])
    search_help_text = SEARCH_BY_ACCOUNT
    actions = ("try_again",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[WebhookEvent]:
        """Leave the bodies in the database."""
        return super().get_queryset(request).defer("body")

    @admin.action(description=gettext_lazy("Try again"), permissions=["view"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[WebhookEvent]) -> None:
        """Have parked deliveries handled once more."""
        self.act(request, queryset, retry_event)


@admin.register(EvotorSubscription)
class EvotorSubscriptionAdmin(ReadOnlyAdmin[EvotorSubscription]):
    """Paid subscriptions as Evotor told us of them."""

    list_display = ("subscription_id", "evotor_user_id", "told_state", "updated_at")
    fields = ("subscription_id", "evotor_user_id", "facts", "updated_at")
    search_help_text = SEARCH_BY_ACCOUNT

    def find(self, queryset: QuerySet[EvotorSubscription], text: str) -> QuerySet[EvotorSubscription]:
        """Return the subscriptions of this till account."""
        return queryset.filter(evotor_user_id=text)

    @admin.display(description=gettext_lazy("state"))
    def told_state(self, subscription: EvotorSubscription) -> str:
        """Return the state in Evotor's word."""
        return subscription.state


@admin.register(LinkingRecord)
class LinkingRecordAdmin(ReadOnlyAdmin[LinkingRecord]):
    """Who was linked to which till account, or tried to link it."""

    list_display = ("created_at", "event", "user", "old_user", "evotor_user_id", "detail")
    list_filter = ("event",)
    list_select_related = ("user", "old_user")
    fields = ("created_at", "event", "user", "old_user", "evotor_user_id", "detail")
    search_help_text = gettext_lazy("Search by a merchant's email or Evotor's user id.")


@admin.register(OperatorAlert)
class OperatorAlertAdmin(ReadOnlyAdmin[OperatorAlert]):
    """What only the operator can fix, and when it was."""

    list_display = ("opened_at", "code", "host", "last_seen_at", "resolved_at")
    list_filter = ("code",)
    fields = ("code", "host", "detail", "opened_at", "last_seen_at", "resolved_at")
    search_help_text = gettext_lazy("Search by host.")
