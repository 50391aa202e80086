"""Users with everything that hangs on them, and what staff may do for a merchant."""

from typing import Any, ClassVar
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import user_of
from accounts.admin_tools import COMMUNITY_ID, StaffAdmin, id_column, is_list, is_set
from accounts.choices import SecurityEventKind
from accounts.impersonation import start_impersonation
from accounts.models import User
from accounts.security_events import record_event
from accounts.services import export_data
from accounts.session_ending import end_sessions
from accounts.support_access import ImpersonationDenied, start_visit
from connections.models import EvotorConnection, VkConnection
from evosync.common import clock
from syncing.models import SyncConfig, SyncJob
from syncing.services.errors import CannotSync
from syncing.services.support_bundle import support_bundle
from syncing.staff import actions

CONNECTIONS = ("evotor_connection", "vk_connection")
LAST_RUNS = 10
# Longer numbers fit no column.
MOST_DIGITS = 19
# Where the list of each table is narrowed to the user.
TABLES = (
    ("catalog_product", gettext_lazy("Goods")),
    ("syncing_listing", gettext_lazy("VK items")),
    ("syncing_syncjob", gettext_lazy("Runs")),
    ("catalog_store", gettext_lazy("Stores")),
    ("connections_healthchecklog", gettext_lazy("Health history")),
    ("connections_linkingrecord", gettext_lazy("Links of tills")),
)


class ReadOnlyInline(admin.StackedInline[Any, User]):
    """A read-only inline of a row that each merchant has at most one of."""

    extra = 0
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody adds here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody changes here."""
        return False


class ConnectionInline(ReadOnlyInline):
    """One connection, and whether it has a token."""

    readonly_fields: ClassVar[tuple[str, ...]] = ("token_state",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Leave the secrets in the database."""
        rows: QuerySet[Any] = super().get_queryset(request).without_secrets()  # type: ignore[attr-defined]
        return rows

    @admin.display(description=gettext_lazy("token"))
    def token_state(self, row: Any) -> str:
        """Return "set" or "not set"."""
        return is_set(row.has_token)


class EvotorInline(ConnectionInline):
    """The till account."""

    model = EvotorConnection
    fields = (
        "evotor_user_id",
        "connection_type",
        "is_online",
        "last_error",
        "last_checked_at",
        "token_state",
    )


class VkInline(ConnectionInline):
    """The community."""

    model = VkConnection
    readonly_fields = (*ConnectionInline.readonly_fields, "community")
    community = id_column("group_id", COMMUNITY_ID)
    fields = (
        "community",
        "group_name",
        "connection_type",
        "is_online",
        "last_error",
        "last_checked_at",
        "token_state",
        "token_expires_at",
        "scope",
    )


class ConfigInline(ReadOnlyInline):
    """The switch and the rules."""

    model = SyncConfig
    fields = ("is_enabled", "confirmed_at", "last_run_at")


class EvotorOnline(admin.BooleanFieldListFilter):
    """Whether the till answers."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.title = gettext_lazy("Evotor answers")


class VkOnline(admin.BooleanFieldListFilter):
    """Whether VK answers."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.title = gettext_lazy("VK answers")


@admin.register(User)
class MerchantAdmin(StaffAdmin[User]):
    """Users: who they are, their connections, their last jobs, and links to all their tables."""

    list_display = ("email", "name", "evotor", "vk", "is_on", "is_active", "is_staff", "created_at")
    list_select_related = (*CONNECTIONS, "sync_config")
    list_filter = (
        "is_active",
        "is_staff",
        ("evotor_connection__is_online", EvotorOnline),
        ("vk_connection__is_online", VkOnline),
    )
    search_help_text = gettext_lazy(
        "Email, name, phone, Evotor's user id, or the community's id or short name."
    )
    inlines = (EvotorInline, VkInline, ConfigInline)
    actions = (
        "run",
        "refresh",
        "check_connections",
        "pause",
        "resume",
        "resend_confirmation",
        "impersonate",
        "bundle",
        "export",
        "end_sessions",
    )
    fieldsets = (
        (None, {"fields": ("email", "first_name", "last_name", "phone", "language", "is_active")}),
        (gettext_lazy("Their data"), {"fields": ("tables", "last_runs")}),
        (gettext_lazy("Support"), {"fields": ("support_until", "created_at", "last_login")}),
        (gettext_lazy("Rights"), {"fields": ("is_staff", "is_superuser", "groups")}),
    )
    readonly_fields = ("email", "tables", "last_runs", "support_until", "created_at", "last_login")
    filter_horizontal = ("groups",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """Read neither the password's hash nor a token."""
        secrets = [f"{end}__{name}" for end in CONNECTIONS for name in ("access_token", "refresh_token")]
        rows = super().get_queryset(request)
        if not is_list(request):
            return rows.defer("password")
        return rows.select_related(*CONNECTIONS, "sync_config").defer(
            "password", *secrets, "vk_connection__app_secret", "vk_connection__device_id"
        )

    def find(self, queryset: QuerySet[User], text: str) -> QuerySet[User]:
        """Return the users who are meant."""
        return search_users(queryset, text)

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        """Let only superusers give rights."""
        rights = () if request.user.is_superuser else ("is_staff", "is_superuser", "groups")
        return (*super().get_readonly_fields(request, obj), *rights)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """People sign up themselves, or are made by `create_merchant` and `createsuperuser`."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """An account is closed by its owner, who also says what becomes of the goods in VK."""
        return False

    def has_impersonate_permission(self, request: HttpRequest) -> bool:
        """Return True if this person may see a merchant's pages where the merchant allows it."""
        return request.user.has_perm("accounts.look_as_merchant")

    @admin.display(description=gettext_lazy("first and last name"), empty_value="—")
    def name(self, user: User) -> str:
        """Return first and last name."""
        return f"{user.first_name} {user.last_name}".strip()

    @admin.display(description=gettext_lazy("Evotor"), boolean=True)
    def evotor(self, user: User) -> bool | None:
        """Return whether the till answers; None where none is connected."""
        connection = getattr(user, "evotor_connection", None)
        return connection.is_online if connection else None

    @admin.display(description="VK", boolean=True)
    def vk(self, user: User) -> bool | None:
        """Return whether VK answers; None where it is not connected."""
        connection = getattr(user, "vk_connection", None)
        return connection.is_online if connection else None

    @admin.display(description=gettext_lazy("on"), boolean=True)
    def is_on(self, user: User) -> bool | None:
        """Return whether the sync is switched on; None before the rules are first opened."""
        config = getattr(user, "sync_config", None)
        return config.is_enabled if config else None

    @admin.display(description=gettext_lazy("tables"))
    def tables(self, user: User) -> str:
        """Lead to the user's rows in every table."""
        query = urlencode({"user__id__exact": user.pk})
        links = ((reverse(f"admin:{name}_changelist"), query, text) for name, text in TABLES)
        return format_html_join(" · ", '<a href="{}?{}">{}</a>', links)

    @admin.display(description=gettext_lazy("last runs"))
    def last_runs(self, user: User) -> str:
        """List the newest jobs with their results."""
        jobs = SyncJob.objects.for_user(user).newest()[:LAST_RUNS]
        lines = [
            (
                reverse("admin:syncing_syncjob_change", args=[job.pk]),
                job.pk,
                f"{timezone.localtime(job.created_at):%d.%m %H:%M}",
                job.get_status_display(),
                job.error_code,
            )
            for job in jobs
        ]
        return format_html_join("", '<div><a href="{}">#{}</a> {} {} {}</div>', lines) or "—"

    @admin.action(description=gettext_lazy("Run the sync now"), permissions=["operate"])
    def run(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Request jobs."""
        self.act(request, queryset, actions.run, (CannotSync,))

    @admin.action(description=gettext_lazy("Read the till"), permissions=["view"])
    def refresh(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Enqueue refreshes of the catalogue."""
        self.act(request, queryset, actions.refresh)

    @admin.action(description=gettext_lazy("Check the connections"), permissions=["view"])
    def check_connections(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Enqueue health checks of both connections."""
        self.act(request, queryset, actions.check)

    @admin.action(description=gettext_lazy("Pause the sync"), permissions=["operate"])
    def pause(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Switch hourly syncs off."""
        self.act(request, queryset, actions.pause)

    @admin.action(description=gettext_lazy("Resume the sync"), permissions=["operate"])
    def resume(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Switch hourly syncs on again."""
        self.act(request, queryset, actions.resume, (CannotSync,))

    @admin.action(description=gettext_lazy("Send the confirmation email again"), permissions=["operate"])
    def resend_confirmation(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Send the confirmation email again to addresses that are not verified."""
        self.act(request, queryset, lambda user: actions.resend_confirmation(user, request))

    @admin.action(description=gettext_lazy("Look at the merchant's pages"), permissions=["impersonate"])
    def impersonate(self, request: HttpRequest, queryset: QuerySet[User]) -> HttpResponse | None:
        """Start an impersonation where the merchant allows it, and go to the merchant's first page."""
        user = self.one_of(request, queryset)
        if user is None:
            return None
        try:
            visit = start_visit(user_of(request), merchant=user, now=clock.now())
        except ImpersonationDenied as refusal:
            refused = _("Look refused")
            self.log_change(request, user, f"{refused}: {refusal}")
            self.message_user(request, str(refusal), messages.ERROR)
            return None
        self.log_change(request, user, _("Looks at the merchant's pages until %s") % visit.ends_at)
        start_impersonation(request, visit)
        return redirect("syncing:dashboard")

    @admin.action(description=gettext_lazy("Download a support bundle"), permissions=["view"])
    def bundle(self, request: HttpRequest, queryset: QuerySet[User]) -> HttpResponse | None:
        """Download state, last jobs, versions and settings, without secrets."""
        user = self.one_of(request, queryset)
        if user is None:
            return None
        return self._archive(request, user, "support", support_bundle(user, now=clock.now()))

    @admin.action(description=gettext_lazy("Log the user out everywhere"), permissions=["operate"])
    def end_sessions(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """End all sessions of the users: of an account that somebody else may be in."""

        def end(user: User) -> str:
            end_sessions(user)
            record_event(user, SecurityEventKind.SESSIONS_ENDED, detail=user_of(request).email)
            return _("All sessions have ended.")

        self.act(request, queryset, end)

    @admin.action(description=gettext_lazy("Download all data of the user"), permissions=["operate"])
    def export(self, request: HttpRequest, queryset: QuerySet[User]) -> HttpResponse | None:
        """Download what the users themselves can download."""
        user = self.one_of(request, queryset)
        if user is None:
            return None
        record_event(user, SecurityEventKind.DATA_EXPORTED, detail=user_of(request).email)
        return self._archive(request, user, "data", export_data(user))

    def _archive(self, request: HttpRequest, user: User, kind: str, content: bytes) -> HttpResponse:
        downloaded = _("Downloaded")
        self.log_change(request, user, f"{downloaded}: {kind}")
        name = f"evosync-{kind}-{user.pk}-{timezone.localdate():%Y-%m-%d}.zip"
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
        return HttpResponse(content, content_type="application/zip", headers=headers)


def search_users(rows: QuerySet[User], text: str) -> QuerySet[User]:
    """Filter to the users whose address or name begins so, whose phone holds it, or whose end it names."""
    digits = "".join(filter(str.isdecimal, text))
    found = Q(email__istartswith=text) | Q(last_name__istartswith=text) | Q(first_name__istartswith=text)
    found |= Q(evotor_connection__evotor_user_id=text) | Q(vk_connection__group_screen_name__iexact=text)
    if digits:
        found |= Q(phone__contains=digits[1:] or digits)
        if len(digits) < MOST_DIGITS:
            found |= Q(vk_connection__group_id=int(digits))
    return rows.filter(found)
