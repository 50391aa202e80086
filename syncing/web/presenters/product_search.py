"""Which goods of the catalogue the merchant asks for: words, a state, a reason, a place, a price."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy

from accounts.models import User
from catalog.models import Product, ProductGroup, ProductQuerySet, Store
from syncing.core.readiness import Standing
from syncing.services.catalog_reasons import CatalogReasons
from syncing.services.catalog_states import in_state, in_till
from syncing.web.presenters.groups import Groups

# Stands among the reasons for goods that are in VK or go there with the next run.
READY = "ready"
# Where goods stand that nothing keeps out of VK. Their addresses tell them from reasons.
STANDINGS: Mapping[str, object] = {
    Standing.NEXT_RUN: gettext_lazy("Nothing: goes to VK with the next run"),
    Standing.NO_ROOM: gettext_lazy("VK has no room for it"),
    Standing.HELD: gettext_lazy("A run that shows it waits for your yes"),
    Standing.REFUSED: gettext_lazy("VK refused it"),
    Standing.SOLD_OUT: gettext_lazy("Sold out, and hidden by your rules"),
    Standing.HIDDEN: gettext_lazy("Hidden by you in VK"),
    Standing.KEPT_OUT: gettext_lazy("You undid the run that showed it"),
    Standing.WAITS: gettext_lazy("Twice in the till, or of an unknown group"),
}
# So many are counted: a page does not count a whole catalogue.
MOST_COUNTED = 1000


@dataclass(frozen=True, slots=True)
class ProductQuery:
    """What the merchant asks to see. `after` and `before` are the row ids at a page's ends.

    `why` is a reason for which goods are out, one of STANDINGS, or READY. Prices are the till's, in roubles.
    """

    text: str = ""
    store: Store | None = None
    group: ProductGroup | None = None
    show: str = ""
    why: str = ""
    price_from: Decimal | None = None
    price_to: Decimal | None = None
    after: int | None = None
    before: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """How many goods fit. With `is_more` there are more than `number`."""

    number: int
    is_more: bool


def count_found(products: QuerySet[Product]) -> Found:
    """Return how many these are, counted up to MOST_COUNTED."""
    number = products.order_by().values("pk")[: MOST_COUNTED + 1].count()
    return Found(min(number, MOST_COUNTED), number > MOST_COUNTED)


def found_products(
    user: User,
    query: ProductQuery,
    *,
    groups: Groups,
    community: int,
    reasons: CatalogReasons | None = None,
) -> QuerySet[Product]:
    """Return the products that fit the question, without their order.

    A search by reason finds what a worker has found: `reasons`, None while it has found nothing yet.
    """
    products = in_till(Product.objects.for_user(user), query.show).search(query.text)
    if query.store:
        products = products.filter(store=query.store)
    if query.group:
        products = products.filter(store=query.group.store_id, group_evotor_id__in=groups.within(query.group))
    if query.price_from is not None:
        products = products.filter(price__gte=query.price_from)
    if query.price_to is not None:
        products = products.filter(price__lte=query.price_to)
    if query.why:
        products = _for_reason(products, query.why, reasons)
    shown = in_state(products, query.show, community)
    return shown.select_related("store").defer("search_text", "content_hash")


def _for_reason(products: ProductQuerySet, why: str, reasons: CatalogReasons | None) -> ProductQuerySet:
    if reasons is None:
        return products.none()
    if why == READY:
        # What is in a store that Evotor no longer lists was not looked at.
        listed = Store.objects.filter(pk=OuterRef("store")).present()
        return products.filter(Exists(listed)).exclude(pk__in=reasons.not_ready())
    found = reasons.standings if why in STANDINGS else reasons.by_reason
    return products.filter(pk__in=found.get(why, []))
