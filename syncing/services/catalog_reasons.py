"""Why goods are left out under the merchant's rules, and where all others stand, without asking VK.

A worker evaluates every product; the readiness of the first page, the catalogue's search by reason and the
page of goods that wait for a decision read what it found.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from accounts.models import User
from catalog.models import Product, ProductGroup, ProductPhoto, Store
from syncing import mappers
from syncing.core.choices import Reason, Stores
from syncing.core.evaluation import Evaluator
from syncing.core.readiness import READY, Standing
from syncing.core.records import Skip, SourceProduct
from syncing.models import SyncFilter
from syncing.services.categories import known_categories
from syncing.services.lost_marks import DETAIL, to_be_decided
from syncing.services.settings import rules_of
from syncing.services.standings import KnownItems, standings_of
from syncing.services.tags import tags_for
from syncing.shop_mappers import VK_LIMITS

ROWS_AT_ONCE = 1000
# Neither decides about a product.
DOUBTS = (Reason.UNSURE, Reason.MAY_BE_KEPT_OUT)
UNREAD = ("description", "search_text", "content_hash")


@dataclass(frozen=True, slots=True)
class CatalogReasons:
    """Row ids of the products that are left out, by reason; what is doubted; and where the others stand.

    `doubts` maps the row id of a product that waits for a decision to what told it. `in_vk` counts those of
    the others that shoppers see, `standings` holds the row ids of the rest.
    """

    total: int = 0
    by_reason: dict[str, list[int]] = field(default_factory=dict)
    doubts: dict[int, str] = field(default_factory=dict)
    in_vk: int = 0
    standings: dict[str, list[int]] = field(default_factory=dict)

    def counts(self) -> dict[str, int]:
        """Return how many products are left out for each reason."""
        return {reason: len(found) for reason, found in self.by_reason.items()}

    def counts_of_all(self) -> dict[str, int]:
        """Return how many products there are for each reason, and in each standing but VK."""
        return self.counts() | {standing: len(found) for standing, found in self.standings.items()}

    def number_of(self, standing: Standing) -> int:
        """Return how many products stand there."""
        return self.in_vk if standing is Standing.IN_VK else len(self.standings.get(standing, ()))

    def not_ready(self) -> list[int]:
        """Return the products that are neither in VK nor go there with the next run."""
        others = [found for standing, found in self.standings.items() if standing not in READY]
        return [pk for found in (*self.by_reason.values(), *others) for pk in found]

    def to_json(self) -> dict[str, Any]:
        """Return what a row keeps."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """Return what a row has kept; JSON knows only text as keys. The release before knew no standings."""
        doubts = {int(pk): detail for pk, detail in kept["doubts"].items()}
        return cls(
            kept["total"], kept["by_reason"], doubts, kept.get("in_vk", 0), kept.get("standings") or {}
        )


def compute(user: User) -> dict[str, Any]:
    """Return the reasons and standings of all present products. Writes nothing and asks nobody."""
    stores = dict(Store.objects.for_user(user).values_list("pk", "evotor_id"))
    groups = [
        mappers.group_record(row, stores[row.store_id])
        for row in ProductGroup.objects.for_user(user).present()
    ]
    filters = [mappers.filter_record(row) for row in SyncFilter.objects.filter(sync_config__user=user)]
    categories = known_categories()
    rules = mappers.rules_record(rules_of(user))
    evaluator = Evaluator(rules, filters, groups, VK_LIMITS, categories)
    tags = tags_for(user, rules)
    items, unmarked = KnownItems.of(user), to_be_decided(user)
    rows = ProductPhoto.objects.for_user(user).select_related("group").order_by("pk")
    photos = mappers.PhotoKeys(rows, groups, stores)
    by_reason: dict[str, list[int]] = defaultdict(list)
    doubts: dict[int, str] = {}
    wanted: list[tuple[int, SourceProduct]] = []
    total = 0
    records = (
        (
            row.pk,
            mappers.product_record(
                row, stores[row.store_id], photos.of(row), description="", tags=tags.get(row.pk, ())
            ),
        )
        for row in _rows(user)
    )
    for pk, record, merged in _as_cards(evaluator, records):
        total += 1
        skip = merged or evaluator.exclusion(record)
        # No item is hidden for want of a better category.
        if (
            skip is None
            and categories
            and pk not in items.with_category
            and not evaluator.category_of(record)
        ):
            skip = Skip(record.key, record.name, Reason.NO_CATEGORY)
        if skip is None and record.key in unmarked:
            skip = Skip(record.key, record.name, Reason.MAY_BE_KEPT_OUT, DETAIL)
        if skip is None:
            wanted.append((pk, record))
        else:
            by_reason[str(skip.reason)].append(pk)
            if skip.reason in DOUBTS:
                doubts[pk] = skip.detail
    found = standings_of(user, wanted, evaluator, groups, items)
    in_vk = found.pop(Standing.IN_VK, [])
    return CatalogReasons(total, dict(by_reason), doubts, len(in_vk), found).to_json()


def _as_cards(
    evaluator: Evaluator, records: Iterable[tuple[int, SourceProduct]]
) -> Iterator[tuple[int, SourceProduct, Skip | None]]:
    """Yield each product with its row id as it stands on its card, or why it has none of its own.

    All are taken into memory only where the same goods of several stores are one item.
    """
    if evaluator.rules.stores != Stores.MERGE:
        yield from ((pk, record, None) for pk, record in records)
        return
    pks = {record.key: (pk, record) for pk, record in records}
    cards, merged = evaluator.merge([record for _pk, record in pks.values()])
    yield from ((pks[card.key][0], card, None) for card in cards)
    yield from ((*pks[key], skip) for key, skip in merged.items())


def _rows(user: User) -> Iterator[Product]:
    """Yield the present products in pages: a driver may take a whole result into memory."""
    listed = Store.objects.for_user(user).present()
    rows = Product.objects.for_user(user).present().in_stores(listed).defer(*UNREAD).order_by("pk")
    page = list(rows[:ROWS_AT_ONCE])
    while page:
        yield from page
        page = list(rows.after(page[-1].pk)[:ROWS_AT_ONCE])
