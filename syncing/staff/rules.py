"""Merchants' rules, filters, feeds and albums."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from accounts.admin_tools import (
    COMMUNITY_ID,
    GoodsAdmin,
    ReadOnlyAdmin,
    SearchByMerchant,
    StaffAdmin,
    id_column,
)
from syncing.models import (
    RULES,
    Album,
    CategoryTree,
    Computation,
    Feed,
    GoodsRule,
    HeldPrice,
    ProductTag,
    ReaderFeed,
    RestrictedDecision,
    ShopLimits,
    SyncConfig,
    SyncFilter,
    TableExport,
    TableImport,
    TableImportLine,
    UndoneChange,
)
from syncing.services.errors import CannotSync
from syncing.staff.actions import pause, resume


@admin.register(SyncConfig)
class SyncConfigAdmin(SearchByMerchant, StaffAdmin[SyncConfig]):
    """Rules. Only the actions change the switch, so that saving other rules never does."""

    list_display = ("user", "is_enabled", "confirmed_at", "last_run_at", "stores", "legal_filter")
    list_select_related = ("user",)
    list_filter = ("is_enabled", "stores", "out_of_stock")
    fields = ("user", "is_enabled", "confirmed_at", "last_run_at", *RULES)
    readonly_fields = ("user", "is_enabled", "confirmed_at", "last_run_at")
    actions = ("pause", "resume")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Rules are made with the merchant."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: SyncConfig | None = None) -> bool:
        """Rules go with the merchant."""
        return False

    def save_model(self, request: HttpRequest, obj: SyncConfig, form: object, change: bool) -> None:  # noqa: FBT001 - Django's signature
        """Write the rules alone: a run or the merchant may have changed the rest of the row meanwhile."""
        obj.save(update_fields=RULES)

    @admin.action(description=gettext_lazy("Pause the sync"), permissions=["operate"])
    def pause(self, request: HttpRequest, queryset: QuerySet[SyncConfig]) -> None:
        """Switch the hourly sync off."""
        self.act(request, queryset, lambda config: pause(config.user))

    @admin.action(description=gettext_lazy("Resume the sync"), permissions=["operate"])
    def resume(self, request: HttpRequest, queryset: QuerySet[SyncConfig]) -> None:
        """Switch the hourly sync on again."""
        self.act(request, queryset, lambda config: resume(config.user), (CannotSync,))


@admin.register(SyncFilter)
class SyncFilterAdmin(SearchByMerchant, ReadOnlyAdmin[SyncFilter]):
    """What merchants chose and left out."""

    list_display = ("entity_name", "sync_config", "entity_type", "filter_mode", "entity_id")
    list_select_related = ("sync_config__user",)
    list_filter = ("entity_type", "filter_mode")
    fields = ("sync_config", "entity_type", "filter_mode", "entity_name", "entity_id", "parent_entity_id")
    merchant = "sync_config__user"


@admin.register(RestrictedDecision)
class RestrictedDecisionAdmin(SearchByMerchant, GoodsAdmin[RestrictedDecision]):
    """What merchants decided about goods that VK may not take."""

    list_display = ("label", "user", "scope", "verdict", "overrules", "decided_at")
    list_select_related = ("user",)
    list_filter = ("scope", "verdict", "overrules")
    fields = ("user", "scope", "label", "verdict", "overrules", "decided_at")


@admin.register(GoodsRule)
class GoodsRuleAdmin(SearchByMerchant, ReadOnlyAdmin[GoodsRule]):
    """What merchants let rules decide."""

    list_display = ("name", "user", "position", "is_enabled", "starts_at", "ends_at")
    list_select_related = ("user",)
    list_filter = ("is_enabled",)
    fields = ("user", "position", "name", "conditions", "actions", "is_enabled", "starts_at", "ends_at")


@admin.register(UndoneChange)
class UndoneChangeAdmin(SearchByMerchant, ReadOnlyAdmin[UndoneChange]):
    """What merchants took back of runs."""

    list_display = ("product", "user", "job", "undone_at")
    list_select_related = ("user", "product", "job__user")
    fields = ("user", "product", "job", "kept", "instead_of", "undone_at")


@admin.register(TableImport)
class TableImportAdmin(SearchByMerchant, ReadOnlyAdmin[TableImport]):
    """Tables that merchants have uploaded."""

    list_display = ("file_name", "user", "state", "problem", "created_at", "applied_at")
    list_select_related = ("user",)
    list_filter = ("state",)
    fields = ("user", "file_name", "state", "problem", "detail", "same", "created_at", "applied_at")


@admin.register(TableExport)
class TableExportAdmin(SearchByMerchant, ReadOnlyAdmin[TableExport]):
    """Tables that workers have written for merchants."""

    list_display = ("format", "user", "state", "problem", "goods", "size_bytes", "asked_at", "made_at")
    list_select_related = ("user",)
    list_filter = ("state", "format")
    fields = (
        *("user", "format", "language", "state", "problem", "goods", "size_bytes"),
        *("asked_at", "made_at"),
    )


@admin.register(TableImportLine)
class TableImportLineAdmin(SearchByMerchant, GoodsAdmin[TableImportLine]):
    """Lines of tables that change something, or are bad."""

    owner = "table.user_id"
    list_display = ("number", "table", "kind", "name", "problem", "is_applied")
    list_select_related = ("table",)
    list_filter = ("kind",)
    fields = (
        *("table", "number", "kind", "product", "name", "changes", "problem", "column", "detail"),
        *("is_stale", "is_applied"),
    )
    merchant = "table__user"


@admin.register(HeldPrice)
class HeldPriceAdmin(SearchByMerchant, ReadOnlyAdmin[HeldPrice]):
    """New prices that wait for merchants."""

    list_display = ("product", "user", "old_kopecks", "new_kopecks", "cause", "verdict", "held_at")
    list_select_related = ("user", "product")
    list_filter = ("verdict", "cause")
    fields = (
        *("user", "product", "old_kopecks", "new_kopecks", "till_kopecks", "cost_kopecks"),
        *("cause", "rule_name", "verdict", "held_at", "decided_at"),
    )


@admin.register(ProductTag)
class ProductTagAdmin(SearchByMerchant, ReadOnlyAdmin[ProductTag]):
    """What merchants put on their products for rules."""

    list_display = ("name", "product", "user")
    list_select_related = ("user", "product")
    fields = ("user", "product", "name")


@admin.register(Feed)
class FeedAdmin(SearchByMerchant, ReadOnlyAdmin[Feed]):
    """Feeds without their secret addresses."""

    list_display = ("user", "created_at", "changed_at", "offers", "withheld_offers", "read_at")
    list_select_related = ("user",)
    fields = ("user", "created_at", "changed_at", "offers", "withheld_offers", "read_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Feed]:
        """Leave the addresses in the database."""
        return super().get_queryset(request).defer("token")


@admin.register(ReaderFeed)
class ReaderFeedAdmin(SearchByMerchant, ReadOnlyAdmin[ReaderFeed]):
    """Feeds for one reader each, without their secret addresses."""

    list_display = ("user", "reader", "created_at", "changed_at", "offers", "withheld_offers", "read_at")
    list_select_related = ("user",)
    list_filter = ("reader",)
    fields = (
        *("user", "reader", "created_at", "link", "url_pattern", "vendor_from", "vendor"),
        *("ad_address", "ad_category", "ad_goods_type", "ad_is_new", "ad_more"),
        *("changed_at", "built_at", "offers", "withheld_offers", "read_at"),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[ReaderFeed]:
        """Leave the addresses and the reports in the database."""
        return super().get_queryset(request).defer("token", "report")


@admin.register(ShopLimits)
class ShopLimitsAdmin(SearchByMerchant, ReadOnlyAdmin[ShopLimits]):
    """What communities turned out to hold."""

    list_display = ("user", "community", "items", "albums")
    list_select_related = ("user",)
    fields = (
        "user",
        "community",
        "verified_at",
        "items",
        "items_at",
        "albums",
        "albums_at",
        "without_album",
        "album_refusals",
    )
    readonly_fields = ("community",)
    community = id_column("vk_group_id", COMMUNITY_ID)


@admin.register(Album)
class AlbumAdmin(SearchByMerchant, GoodsAdmin[Album]):
    """VK albums that stand for till groups."""

    list_display = ("key", "user", "community", "album")
    list_select_related = ("user",)
    fields = ("user", "community", "key", "album")
    readonly_fields = ("community", "album")
    community = id_column("vk_group_id", COMMUNITY_ID)
    album = id_column("vk_album_id", gettext_lazy("VK album id"))


@admin.register(CategoryTree)
class CategoryTreeAdmin(ReadOnlyAdmin[CategoryTree]):
    """VK's categories as last read: one row for all merchants."""

    list_display = ("__str__", "changed_at")
    fields = ("changed_at", "leaves")

    def find(self, queryset: QuerySet[CategoryTree], text: str) -> QuerySet[CategoryTree]:
        """Return the row whatever is searched: it belongs to nobody."""
        return queryset

    def get_queryset(self, request: HttpRequest) -> QuerySet[CategoryTree]:
        """Leave the categories in the database where only the row is listed."""
        return super().get_queryset(request).defer("leaves")


@admin.register(Computation)
class ComputationAdmin(SearchByMerchant, ReadOnlyAdmin[Computation]):
    """What workers compute for pages, without the results."""

    list_display = ("user", "kind", "computed_at", "asked_at", "attempts", "error_code")
    list_select_related = ("user",)
    list_filter = ("kind",)
    fields = (
        "user",
        "kind",
        "asked_at",
        "not_before",
        "heartbeat_at",
        "attempts",
        "computed_at",
        "error_code",
        "error_text",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Computation]:
        """Leave the results in the database: they may be large."""
        return super().get_queryset(request).defer("result")
