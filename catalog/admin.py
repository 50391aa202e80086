"""Staff's view of the till's mirror. Products have a page that explains them: syncing/staff/products.py."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from accounts.admin_tools import SEARCH_BY_EMAIL, GoodsAdmin, local_time
from catalog.models import PhotoImport, PhotoImportFile, ProductGroup, ProductPhoto, Store


def group_label(store_id: int, evotor_id: str) -> str:
    """Return a group's name with its Evotor id; the id alone where the till lists no such group."""
    if not evotor_id:
        return "—"
    found = ProductGroup.objects.in_store(store_id).with_evotor_id(evotor_id)
    name = found.values_list("name", flat=True).first()
    return f"{name} ({evotor_id})" if name else evotor_id


class MirrorAdmin(GoodsAdmin[Any]):
    """Rows of a merchant, searched by the merchant's email."""

    search_help_text = SEARCH_BY_EMAIL

    def find(self, queryset: QuerySet[Any], text: str) -> QuerySet[Any]:
        """Return the rows of merchants whose address begins so."""
        rows: QuerySet[Any] = queryset.of_address(text)  # type: ignore[attr-defined]
        return rows


@admin.register(Store)
class StoreAdmin(MirrorAdmin):
    """Stores, with when they were last read to the end and what is wrong with them."""

    list_display = ("name", "user", "address", "fetched_at", "complete_walk_at", "problem", "missing_since")
    list_filter = ("problem",)
    list_select_related = ("user",)
    fields = (
        "user",
        "name",
        "evotor_id",
        "address",
        "fetched_at",
        "complete_walk_at",
        "pushed_at",
        "sold_at",
        "problem",
        "present_since",
        "missing_since",
    )


@admin.register(ProductGroup)
class ProductGroupAdmin(MirrorAdmin):
    """Groups of products."""

    list_display = ("name", "user", "store", "read_at", "missing_since")
    list_select_related = ("user", "store")
    fields = ("user", "store", "name", "evotor_id", "parent", "read_at", "missing_since")
    readonly_fields = ("parent", "read_at")

    @admin.display(description=gettext_lazy("read"))
    def read_at(self, group: ProductGroup) -> str:
        """Return when the till last listed it."""
        return local_time(group.last_seen(group.store.goods_seen_at))

    @admin.display(description=gettext_lazy("parent"))
    def parent(self, group: ProductGroup) -> str:
        """Return the name of the group above, with its Evotor id."""
        return group_label(group.store_id, group.parent_evotor_id)


@admin.register(ProductPhoto)
class ProductPhotoAdmin(MirrorAdmin):
    """Merchants' own photos."""

    list_display = ("created_at", "user", "product", "group")
    list_select_related = ("user", "product", "group")
    fields = ("user", "product", "group", "file_name", "content_hash", "created_at")
    readonly_fields = ("file_name",)

    @admin.display(description=gettext_lazy("file"))
    def file_name(self, photo: ProductPhoto) -> str:
        """Return the file's place below MEDIA_ROOT; it has no public address."""
        return photo.file.name or ""


@admin.register(PhotoImport)
class PhotoImportAdmin(MirrorAdmin):
    """Photos that a merchant has sent many at once and not saved, or saved within a day."""

    list_display = ("changed_at", "user", "state", "replaces")
    list_filter = ("state",)
    list_select_related = ("user",)
    fields = ("user", "state", "replaces", "created_at", "changed_at", "busy_until")


@admin.register(PhotoImportFile)
class PhotoImportFileAdmin(MirrorAdmin):
    """Their files: what became of each, and why."""

    owner = "photo_import.user_id"
    list_display = ("name", "photo_import", "state", "problem", "product", "mark")
    list_filter = ("state", "problem")
    list_select_related = ("photo_import", "product")
    fields = (
        "photo_import",
        "name",
        "state",
        "problem",
        "size_bytes",
        "product",
        "mark",
        "number",
        "fitting_number",
    )
