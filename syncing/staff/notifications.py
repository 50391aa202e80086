"""Notifications, their channels and deliveries, and closures of accounts: read-only."""

from django.contrib import admin

from accounts.admin_tools import ReadOnlyAdmin, SearchByMerchant
from syncing.models import (
    AccountClosure,
    Notification,
    NotificationChannel,
    NotificationDelivery,
    NotificationSettings,
)


@admin.register(Notification)
class NotificationAdmin(SearchByMerchant, ReadOnlyAdmin[Notification]):
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
        "not_before",
    )


@admin.register(AccountClosure)
class AccountClosureAdmin(SearchByMerchant, ReadOnlyAdmin[AccountClosure]):
    """Merchants whose goods are being hidden or removed before they go."""

    list_display = ("user", "goods", "then", "asked_at", "job")
    list_select_related = ("user", "job__user")
    list_filter = ("goods", "then")
    fields = ("user", "goods", "then", "asked_at", "job")


@admin.register(NotificationSettings)
class NotificationSettingsAdmin(SearchByMerchant, ReadOnlyAdmin[NotificationSettings]):
    """What merchants want to be told, and when."""

    list_display = ("user", "digest", "quiet_from", "quiet_until", "time_zone")
    list_select_related = ("user",)
    fields = ("user", "muted", "at_night", "quiet_from", "quiet_until", "time_zone", "digest")


@admin.register(NotificationChannel)
class NotificationChannelAdmin(SearchByMerchant, ReadOnlyAdmin[NotificationChannel]):
    """Where merchants are told; a chat's number is never shown."""

    list_display = ("user", "kind", "name", "is_on", "off_code", "created_at")
    list_select_related = ("user",)
    list_filter = ("kind", "is_on")
    fields = ("user", "kind", "name", "is_on", "off_code", "created_at")


@admin.register(NotificationDelivery)
class NotificationDeliveryAdmin(SearchByMerchant, ReadOnlyAdmin[NotificationDelivery]):
    """What was sent by which channel."""

    list_display = ("channel", "stage", "state", "tries", "error_code", "not_before", "sent_at")
    list_select_related = ("channel",)
    list_filter = ("state", "stage")
    fields = (
        "channel",
        "notification",
        "stage",
        "state",
        "tries",
        "error_code",
        "created_at",
        "not_before",
        "sent_at",
    )
    merchant = "channel__user"
