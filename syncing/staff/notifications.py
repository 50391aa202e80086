"""Notifications by email and closures of accounts: read-only."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet

from accounts.admin_tools import SEARCH_BY_EMAIL, ReadOnlyAdmin
from accounts.search import split_search
from syncing.models import AccountClosure, Notification


@admin.register(Notification)
class NotificationAdmin(ReadOnlyAdmin[Notification]):
    """Problems of merchants' jobs, each with when its emails went out."""

    list_display = ("user", "trouble", "opened_at", "sent_at", "closed_at", "end_sent_at")
    list_select_related = ("user",)
    list_filter = ("trouble",)
    fields = (
        "user",
        "trouble",
        "job",
        "opened_at",
        "sent_at",
        "closed_at",
        "end_sent_at",
        "tries",
        "not_before",
    )
    search_help_text = SEARCH_BY_EMAIL

    def find(self, queryset: QuerySet[Any], text: str) -> QuerySet[Any]:
        """Return the notices of merchants whose address begins so."""
        return queryset.filter(user__in=split_search(text)[0] or [])


@admin.register(AccountClosure)
class AccountClosureAdmin(ReadOnlyAdmin[AccountClosure]):
    """Merchants whose goods are being hidden or removed before they go."""

    list_display = ("user", "goods", "then", "asked_at", "job")
    list_select_related = ("user", "job__user")
    list_filter = ("goods", "then")
    fields = ("user", "goods", "then", "asked_at", "job")
    search_help_text = SEARCH_BY_EMAIL

    def find(self, queryset: QuerySet[Any], text: str) -> QuerySet[Any]:
        """Return those of merchants whose address begins so."""
        return queryset.filter(user__in=split_search(text)[0] or [])
