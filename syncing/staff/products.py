"""Products with the whole way from the till to VK, and the items in VK."""

from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin_tools import GoodsAdmin, id_column, local_time
from catalog.admin import group_label
from catalog.models import Product
from syncing.models import Listing
from syncing.services.explain import explain
from syncing.web.templatetags.shop import quantity


def _money(amount: Decimal | None) -> str:
    return "—" if amount is None else number_format(amount, 2)


@admin.register(Product)
class ProductAdmin(GoodsAdmin[Product]):
    """The till's goods. Each page begins with why the product is in VK or not."""

    list_display = ("name", "user", "store", "price_in_till", "stock_in_till", "missing_since")
    list_select_related = ("user", "store")
    narrow_filters = ("allow_to_sell", "product_type")
    search_help_text = gettext_lazy(
        "The merchant's email and words of the name, article or barcode: anna@example.com bread. "
        "Or the product's Evotor id."
    )
    change_form_template = "admin/product_change_form.html"
    fields = (
        "user",
        "store",
        "name",
        "evotor_id",
        "group",
        "price_in_till",
        "cost_in_till",
        "stock_in_till",
        "measure_name",
        "article_number",
        "code",
        "barcodes",
        "description",
        "allow_to_sell",
        "product_type",
        "is_excisable",
        "is_age_limited",
        "read_at",
        "missing_since",
        "history",
    )
    readonly_fields = ("group", "price_in_till", "cost_in_till", "stock_in_till", "read_at", "history")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Product]:
        """Leave the search's own column, and read the store that the explanation needs."""
        rows = super().get_queryset(request).select_related("store", "user")
        return rows.defer("search_text", "description", "user__password")

    @admin.display(description=gettext_lazy("read"))
    def read_at(self, product: Product) -> str:
        """Return when the till last told it."""
        return local_time(product.last_seen(product.store.goods_seen_at))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Product], search_term: str
    ) -> tuple[QuerySet[Product], bool]:
        """Search one merchant's goods by words, all goods by their id."""
        text, is_narrow = search_term.strip(), "user__id__exact" in request.GET
        found = queryset.staff_search(text, is_narrow=is_narrow) if text else queryset  # type: ignore[attr-defined]
        return found, False

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Put the explanation above the fields."""
        product = kwargs.get("obj")
        if product is not None:
            context["steps"] = explain(product.user, product)
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description=gettext_lazy("price"), ordering="price")
    def price_in_till(self, product: Product) -> str:
        """Return the price as a price tag shows it; the till's ten decimals are how it divides."""
        return _money(product.price)

    @admin.display(description=gettext_lazy("cost price"))
    def cost_in_till(self, product: Product) -> str:
        """Return the cost price, to the kopeck."""
        return _money(product.cost_price)

    @admin.display(description=gettext_lazy("stock"), ordering="quantity")
    def stock_in_till(self, product: Product) -> str:
        """Return the stock without empty decimals."""
        return "—" if product.quantity is None else quantity(product.quantity)

    @admin.display(description=gettext_lazy("group"))
    def group(self, product: Product) -> str:
        """Return the group's name with its Evotor id, or the id alone if the till lists no such group."""
        return group_label(product.store_id, product.group_evotor_id)

    @admin.display(description=gettext_lazy("history"))
    def history(self, product: Product) -> str:
        """Lead to what runs did to it."""
        url = reverse("admin:syncing_syncjobitem_changelist")
        return format_html('<a href="{}?product__id__exact={}">{}</a>', url, product.pk, _("All calls to VK"))


@admin.register(Listing)
class ListingAdmin(GoodsAdmin[Listing]):
    """What we know of each product's item in VK."""

    list_display = ("product", "user", "state", "vk_link", "last_error", "checked")
    list_select_related = ("user", "product")
    narrow_filters = ("state",)
    search_help_text = gettext_lazy("The merchant's email, or an item's address in VK.")
    fields = (
        "user",
        "product",
        "vk_link",
        "state",
        "stamp",
        "store_evotor_id",
        "product_evotor_id",
        "sent",
        "merchant_fields",
        "vk_photo",
        "create_sent_at",
        "hidden_since",
        "last_error",
        "last_error_text",
        "checked",
    )
    readonly_fields = ("vk_link", "checked", "vk_photo")
    vk_photo = id_column("photo_id", gettext_lazy("VK photo id"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Listing]:
        """Add when the whole shop was last compared."""
        rows: QuerySet[Listing] = super().get_queryset(request).with_shop_verified()  # type: ignore[attr-defined]
        return rows

    @admin.display(description=gettext_lazy("verified"))
    def checked(self, listing: Listing) -> str:
        """Return when the item was last compared with VK."""
        return local_time(listing.checked_at)

    @admin.display(description="VK")
    def vk_link(self, listing: Listing) -> str:
        """Lead to the item's public page."""
        if not listing.vk_url:
            return "—"
        link = '<a href="{}" rel="noopener noreferrer" target="_blank">{}</a>'
        return format_html(link, listing.vk_url, listing.vk_item_id)
