"""Which goods of the catalogue the merchant asks for: words, a state, a reason, a place, a price."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Exists, OuterRef, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from catalog.models import Product, ProductGroup, ProductPhoto, ProductQuerySet, Store
from connections.models import VkConnection
from syncing.models import Listing
from syncing.services.catalog_reasons import CatalogReasons
from syncing.web.presenters.groups import Groups

# Stands among the reasons for goods that nothing keeps out of VK.
READY = "ready"
# So many are counted: a page does not count a whole catalogue.
MOST_COUNTED = 1000


class Show(TextChoices):
    """Which products the catalogue page lists."""

    ALL = "", _("All goods")
    IN_VK = "in_vk", _("In VK")
    NOT_IN_VK = "not_in_vk", _("Not in VK")
    HIDDEN = "hidden", _("Hidden in VK")
    ERRORS = "errors", _("With errors")
    NO_PHOTO = "no_photo", _("Without a photo of yours")
    OWN_PHOTO = "own_photo", _("With a photo of yours")
    CHANGED = "changed", _("Changed by you in VK")
    OWN_WORDS = "own_words", _("With words of your own")
    SOLD_OUT = "sold_out", _("Sold out")
    GONE = "gone", _("No longer in the till")


@dataclass(frozen=True, slots=True)
class ProductQuery:
    """What the merchant asks to see. `after` and `before` are the row ids at a page's ends.

    `why` is a reason for which goods are out, or READY. Prices are the till's, in roubles.
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


def community_of(user: User) -> int:
    """Return the id of the VK community, 0 while none is chosen."""
    return VkConnection.objects.filter(user=user).values_list("group_id", flat=True).first() or 0


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
    products = _in_till(Product.objects.for_user(user), query.show).search(query.text)
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
    shown = _in_state(products, query.show, community)
    return shown.select_related("store").defer("search_text", "content_hash")


def _for_reason(products: ProductQuerySet, why: str, reasons: CatalogReasons | None) -> ProductQuerySet:
    if reasons is None:
        return products.none()
    if why == READY:
        return products.exclude(pk__in=[pk for found in reasons.by_reason.values() for pk in found])
    return products.filter(pk__in=reasons.by_reason.get(why, []))


def _in_state(products: ProductQuerySet, show: str, community: int) -> ProductQuerySet:
    listings = Listing.objects.in_community(community).filter(product=OuterRef("pk"))
    photos = ProductPhoto.objects.filter(product=OuterRef("pk"))
    conditions = {
        Show.IN_VK: Exists(listings.in_vk()),
        Show.NOT_IN_VK: ~Exists(listings.in_vk()),
        Show.HIDDEN: Exists(listings.filter(state=Listing.State.HIDDEN)),
        Show.ERRORS: Exists(listings.troubled()),
        Show.CHANGED: Exists(listings.changed_by_merchant()),
        Show.NO_PHOTO: ~Exists(photos),
        Show.OWN_PHOTO: Exists(photos),
    }
    if show == Show.SOLD_OUT:
        return products.filter(quantity__lte=0)
    if show == Show.OWN_WORDS:
        return products.with_own_words()
    condition = conditions.get(Show(show)) if show else None
    return products if condition is None else products.filter(condition)


def _in_till(products: ProductQuerySet, show: str) -> ProductQuerySet:
    """Filter to what the till has or, if asked, no longer has.

    What left the till is hidden in VK, or failed to be, so those two lists hold both.
    """
    if show in (Show.HIDDEN, Show.ERRORS):
        return products
    return products.missing() if show == Show.GONE else products.present()
