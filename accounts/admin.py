"""Staff's view of people: addresses, second factors, sessions, visits of support, groups, the log."""

from typing import Any

import allauth.account.admin
import allauth.mfa.admin
import allauth.usersessions.admin  # noqa: F401 - these register pages that ours replace
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.admin import GroupAdmin
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin_tools import SEARCH_BY_EMAIL, ReadOnlyAdmin, StaffAdmin
from accounts.choices import SecurityEventKind
from accounts.models import SecurityEvent, SupportVisit, User
from accounts.security_events import record_event
from accounts.session_ending import end_sessions

# allauth's own pages show the second factor's secret and session keys; ours take their places.
for model in (EmailAddress, Authenticator, UserSession, Group):
    admin.site.unregister(model)


class UserRowsAdmin(StaffAdmin[Any]):
    """Rows of other people's packages that belong to a user."""

    list_select_related = ("user",)
    search_help_text = SEARCH_BY_EMAIL

    def find(self, queryset: QuerySet[Any], text: str) -> QuerySet[Any]:
        """Return the rows of users whose address begins so."""
        return queryset.filter(user__email__istartswith=text)


@admin.register(EmailAddress)
class EmailAddressAdmin(UserRowsAdmin):
    """Email addresses; staff may mark one as verified and send the confirmation again."""

    list_display = ("email", "user", "primary", "verified")
    list_filter = ("verified",)
    fields = ("email", "user", "primary", "verified")
    readonly_fields = ("email", "user", "primary")
    actions = ("resend_confirmation",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Addresses are added by their owners."""
        return False

    @admin.action(description=gettext_lazy("Send the confirmation email again"), permissions=["change"])
    def resend_confirmation(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Send the confirmation again to addresses that are not verified."""

        def send(address: EmailAddress) -> str:
            if address.verified:
                return _("The address is verified already; no email was sent.")
            address.send_confirmation(request)
            return _("The confirmation email was sent again.")

        self.act(request, queryset, send)


@admin.register(Authenticator)
class AuthenticatorAdmin(UserRowsAdmin):
    """Second factors without their secrets. Deleting one lets a person who lost their phone log in again."""

    list_display = ("user", "type", "created_at", "last_used_at")
    list_filter = ("type",)
    fields = readonly_fields = ("user", "type", "created_at", "last_used_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Leave the secrets in the database."""
        return super().get_queryset(request).defer("data")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A second factor is set up by its owner."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """There is nothing to change."""
        return False

    def delete_model(self, request: HttpRequest, obj: Authenticator) -> None:
        """Remove the factor, end the person's sessions and tell them."""
        user: User = obj.user
        super().delete_model(request, obj)
        end_sessions(user)
        if obj.type != Authenticator.Type.RECOVERY_CODES:
            record_event(user, SecurityEventKind.FACTOR_REMOVED_BY_STAFF)


@admin.register(UserSession)
class UserSessionAdmin(UserRowsAdmin, ReadOnlyAdmin[Any]):
    """Where people are logged in, without the keys of their sessions."""

    list_display = ("user", "created_at", "last_seen_at", "ip", "user_agent")
    fields = ("user", "created_at", "last_seen_at", "ip", "user_agent")


@admin.register(SupportVisit)
class SupportVisitAdmin(ReadOnlyAdmin[SupportVisit]):
    """Which member of staff visited whose pages, from when until when."""

    list_display = ("staff_email", "merchant", "started_at", "ends_at", "ended_at")
    list_select_related = ("merchant",)
    fields = ("staff_email", "merchant", "started_at", "ends_at", "ended_at")
    search_help_text = gettext_lazy("Search by the email of the merchant or of the member of staff.")


@admin.register(SecurityEvent)
class SecurityEventAdmin(ReadOnlyAdmin[SecurityEvent]):
    """What touched the safety of merchants' accounts."""

    list_display = ("created_at", "user", "kind", "detail", "ip", "times")
    list_select_related = ("user",)
    fields = ("created_at", "user", "kind", "detail", "ip", "user_agent", "times")
    narrow_filters = ("kind",)
    search_help_text = SEARCH_BY_EMAIL


@admin.register(LogEntry)
class LogEntryAdmin(ReadOnlyAdmin[LogEntry]):
    """Everything that staff did here."""

    list_display = ("action_time", "user", "content_type", "object_repr", "action_flag", "change_message")
    list_select_related = ("user", "content_type")
    list_filter = ("action_flag",)
    fields = (
        "action_time",
        "user",
        "content_type",
        "object_id",
        "object_repr",
        "action_flag",
        "change_message",
    )
    search_help_text = gettext_lazy("Search by the email of the member of staff.")

    def find(self, queryset: QuerySet[LogEntry], text: str) -> QuerySet[LogEntry]:
        """Return what the people did whose address begins so."""
        return queryset.filter(user__email__istartswith=text)


@admin.register(Group)
class StaffGroupAdmin(GroupAdmin):
    """Groups of staff and what they may do."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Group]:
        """Read what the permissions are called in one go."""
        return super().get_queryset(request).prefetch_related("permissions__content_type")
