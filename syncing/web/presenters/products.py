"""The catalogue page: one page of products with their state in VK, and one product in full."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from django.db.models import Q, QuerySet

from accounts.models import User
from catalog.models import Product, ProductGroup, ProductPhoto, Store
from syncing import mappers
from syncing.choices import ComputationKind
from syncing.core.readiness import Standing
from syncing.core.records import Category
from syncing.jobs import computations
from syncing.models import Listing, ProductTag, SyncJobItem
from syncing.services.catalog_reasons import CatalogReasons
from syncing.services.catalog_states import StateCounts, community_of
from syncing.services.categories import known_categories
from syncing.services.inputs import RuleInputs, rule_inputs
from syncing.services.labels import FIELDS, ErrorMessage, error_message
from syncing.services.standings import number_without_room
from syncing.web.presenters.categories_page import CategoryLabel, CategoryLabels, in_use_first
from syncing.web.presenters.exclusion_reasons import Exclusion, ExclusionEvaluator, exclusion_evaluator
from syncing.web.presenters.groups import GroupNode, groups_of
from syncing.web.presenters.held_prices import HeldLine, held_line
from syncing.web.presenters.product_search import Found, ProductQuery, count_found, found_products
from syncing.web.presenters.restricted_goods import DecisionOffer, decision_offer, undecided_at_last_run
from syncing.web.presenters.till_state import TillState, till_state
from syncing.web.presenters.undo import KeptLine, kept_of

PAGE_SIZE = 50
HISTORY_SIZE = 5


class ProductStatus(StrEnum):
    """A product's state in VK, as its badge shows it."""

    ERROR = "error"
    LIVE = "live"
    HIDDEN = "hidden"
    HIDDEN_BY_MERCHANT = "hidden_by_merchant"
    GONE = "gone"
    EXCLUDED = "excluded"
    NO_ROOM = "no_room"
    UNCONNECTED = "unconnected"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class ProductRow:
    """A product with what is known of its VK item, and why it is out if it is."""

    product: Product
    listing: Listing | None
    exclusion: Exclusion | None
    # VK refused it, and the next run sends something else.
    is_corrected: bool = False
    # The last run found no room for it in VK.
    has_no_room: bool = False
    # Whether a community is chosen, so that it is known what VK shows.
    is_connected: bool = True

    @property
    def status(self) -> ProductStatus:
        """The state for the badge."""
        if self.listing and self.listing.last_error and not self.is_corrected:
            return ProductStatus.ERROR
        if self.listing and self.listing.state == Listing.State.HIDDEN:
            is_theirs = self.is_hidden_by_merchant and self.may_go
            return ProductStatus.HIDDEN_BY_MERCHANT if is_theirs else ProductStatus.HIDDEN
        if self.product.missing_since:
            return ProductStatus.GONE
        if self.listing and self.listing.state == Listing.State.LIVE:
            return ProductStatus.LIVE
        return ProductStatus.EXCLUDED if self.exclusion else self._status_before_the_item

    @property
    def _status_before_the_item(self) -> ProductStatus:
        """The state of a product that is to be in VK and is not."""
        if not self.is_connected:
            return ProductStatus.UNCONNECTED
        return ProductStatus.NO_ROOM if self.has_no_room else ProductStatus.WAITING

    @property
    def may_go(self) -> bool:
        """Whether the till has it and nothing leaves it out."""
        return self.exclusion is None and self.product.missing_since is None

    @property
    def is_hidden_by_merchant(self) -> bool:
        """Whether the merchant has hidden the item in VK."""
        return self.listing is not None and "hidden" in self.listing.merchant_fields

    @property
    def is_left_in_vk(self) -> bool:
        """Whether shoppers still see what the till no longer has."""
        live = self.listing is not None and self.listing.state == Listing.State.LIVE
        return live and self.product.missing_since is not None

    @property
    def error_sentence(self) -> str:
        """What VK's last refusal means."""
        return self._error.text if self._error else ""

    @property
    def error_next_step(self) -> str:
        """What the merchant does about VK's last refusal."""
        return self._error.next_step if self._error else ""

    @property
    def _error(self) -> ErrorMessage | None:
        return error_message(self.listing.last_error, self.listing.last_error_text) if self.listing else None

    @property
    def merchant_field_labels(self) -> str:
        """The texts and pictures that the merchant has changed in VK and owns, in words."""
        return ", ".join(title for name, title in self.merchant_fields if name != "hidden")

    @property
    def merchant_fields(self) -> list[tuple[str, str]]:
        """All fields that the merchant owns, one by one: code and word."""
        names = self.listing.merchant_fields if self.listing else []
        return [(name, str(FIELDS.get(name, name))) for name in names]


@dataclass(frozen=True, slots=True)
class ProductPage:
    """One page of the catalogue. `after` and `before` lead to the neighbouring pages, None at an end."""

    rows: list[ProductRow]
    stores: list[Store]
    tree: list[GroupNode]
    path: list[ProductGroup] = field(default_factory=list)
    after: int | None = None
    before: int | None = None
    # Goods that waited for a decision when the last run was planned.
    undecided: int = 0
    found: Found | None = None
    # Why there is nothing to search in.
    till: TillState = TillState.HAS_GOODS


def product_page(
    user: User,
    query: ProductQuery,
    reasons: CatalogReasons | None = None,
    given: RuleInputs | None = None,
    states: StateCounts | None = None,
) -> ProductPage:
    """Return one page of products by name. The cost does not grow with the page's distance.

    A page that has read the merchant's rules gives them. A search by reason lists what a worker has found:
    `reasons`, None while it has found nothing yet.
    """
    given = given or rule_inputs(user)
    groups = groups_of(user)
    evaluator = exclusion_evaluator(user, groups=groups, given=given)
    community = given.shop.community if given.shop else community_of(user)
    matching = found_products(user, query, groups=groups, community=community, reasons=reasons)
    products, end = _take(_from_cursor(matching, query))
    start = products[0].pk if products else None
    if query.before is not None:
        products.reverse()
        after, before = start, end
    else:
        after, before = end, start if query.after is not None else None
    return ProductPage(
        rows=_rows(products, evaluator, community),
        stores=sorted(given.stores, key=lambda store: (store.name, store.pk)),
        tree=groups.counted_tree(states.groups) if states else groups.tree(),
        path=groups.path(query.group.store_id, query.group.evotor_id) if query.group else [],
        after=after,
        before=before,
        undecided=len(reasons.doubts) if reasons else undecided_at_last_run(user),
        found=count_found(matching),
        till=_till(user, query, given, products),
    )


def _till(user: User, query: ProductQuery, given: RuleInputs, products: list[Product]) -> TillState:
    """Return what keeps the catalogue empty. Asks nothing where the page shows goods or was searched."""
    if not given.stores:
        return till_state(user)
    return TillState.EMPTY if query == ProductQuery() and not products else TillState.HAS_GOODS


def _from_cursor(products: QuerySet[Product], query: ProductQuery) -> QuerySet[Product]:
    """Order by name and start behind the cursor, or walk back from it. An unknown cursor is the start."""
    cursor = query.after or query.before
    name = Product.objects.filter(pk=cursor).values_list("name", flat=True).first() if cursor else None
    if name is None:
        return products.order_by("name", "pk")
    if query.before is not None:
        earlier = Q(name__lt=name) | Q(name=name, pk__lt=cursor)
        return products.filter(earlier).order_by("-name", "-pk")
    return products.filter(Q(name__gt=name) | Q(name=name, pk__gt=cursor)).order_by("name", "pk")


def _take(products: QuerySet[Product]) -> tuple[list[Product], int | None]:
    """Return one page and the row id that the next one starts behind, None at the end."""
    rows = list(products[: PAGE_SIZE + 1])
    return rows[:PAGE_SIZE], rows[PAGE_SIZE - 1].pk if len(rows) > PAGE_SIZE else None


def _rows(products: list[Product], evaluator: ExclusionEvaluator, community: int) -> list[ProductRow]:
    evaluator.read_tags(products)
    listings = {
        row.product_id: row for row in Listing.objects.in_community(community).filter(product__in=products)
    }
    rows = [
        ProductRow(row, listings.get(row.pk), evaluator.of(row), is_connected=bool(community))
        for row in products
    ]
    corrected = evaluator.corrected((row.product, row.listing) for row in rows if row.listing and row.may_go)
    waits = any(row.status is ProductStatus.WAITING for row in rows)
    unplaced = goods_without_room(evaluator.user) if waits else frozenset()
    return [
        replace(row, is_corrected=row.product.pk in corrected, has_no_room=row.product.pk in unplaced)
        for row in rows
    ]


def goods_without_room(user: User) -> frozenset[int]:
    """Return the row ids of goods that VK has no room for, as a worker has found them last."""
    row = computations.find(user, ComputationKind.CATALOG) if number_without_room(user) else None
    if row is None or not row.result:
        return frozenset()
    return frozenset(CatalogReasons.from_json(row.result).standings.get(Standing.NO_ROOM, ()))


@dataclass(frozen=True, slots=True)
class ProductDetail:
    """One product with its VK item, its groups from the root, its pictures and its past.

    `shared_photo` is the group's or common picture that stands for it where it has none.
    """

    row: ProductRow
    path: list[ProductGroup]
    photos: list[ProductPhoto]
    shared_photo: ProductPhoto | None
    history: list[SyncJobItem]
    category: CategoryLabel | None = None
    # VK's categories, those in use first.
    offered: list[Category] = field(default_factory=list)
    offer: DecisionOffer | None = None
    held: HeldLine | None = None
    kept: KeptLine | None = None
    tags: list[str] = field(default_factory=list)
    # The merchant's tags on other goods, to be chosen from.
    known_tags: list[str] = field(default_factory=list)

    @property
    def seen_at(self) -> datetime:
        """When the till last told the product."""
        product = self.row.product
        return product.last_seen(product.store.goods_seen_at)


def product_detail(user: User, product: Product) -> ProductDetail:
    """Return all that is known of one product of the merchant."""
    groups = groups_of(user)
    evaluator = exclusion_evaluator(user, groups=groups)
    community = community_of(user)
    listings = Listing.objects.in_community(community).with_shop_verified()
    listing = listings.filter(product=product).first()
    pictures = ProductPhoto.objects.for_user(user).showing([product]).select_related("group").in_order()
    photos = [photo for photo in pictures if photo.product_id]
    path, store_id = groups.path(product.store_id, product.group_evotor_id), product.store.evotor_id
    known = known_categories()
    labels = CategoryLabels(user, groups.rows, known, rules=evaluator.rules, stores=evaluator.stores)
    history = product.job_items.select_related("job").order_by("-pk")[:HISTORY_SIZE]
    tags = ProductTag.objects.for_user(user).names_with(product)
    evaluator.take_tags({product.pk: tuple(name for name, is_here in tags if is_here)})
    row = ProductRow(product, listing, evaluator.of(product), is_connected=bool(community))
    if listing and row.may_go:
        row = replace(row, is_corrected=bool(evaluator.corrected([(product, listing)])))
    return ProductDetail(
        row=row,
        path=path,
        photos=photos,
        shared_photo=None if photos else _shared_photo(pictures, path),
        history=list(history),
        category=labels.of_product(product),
        offered=in_use_first(known, evaluator.rules),
        offer=decision_offer(product, [mappers.group_record(row, store_id) for row in path]),
        held=held_line(product),
        kept=kept_of(product),
        tags=[name for name, is_here in tags if is_here],
        known_tags=[name for name, is_here in tags if not is_here],
    )


def _shared_photo(shared: Iterable[ProductPhoto], path: list[ProductGroup]) -> ProductPhoto | None:
    """Return the picture of the nearest group of the path, else the common one."""
    by_group: dict[int | None, ProductPhoto] = {}
    for photo in shared:
        by_group.setdefault(photo.group_id, photo)
    return next((by_group[row.pk] for row in reversed(path) if row.pk in by_group), by_group.get(None))
