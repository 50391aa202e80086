"""The filters page: what the merchant chose for VK, and how many products that is."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from accounts.models import User
from catalog.models import Product, Store
from evosync.common.text import normalize_for_search
from syncing import mappers
from syncing.core import records
from syncing.core.filters import FilterSet
from syncing.models import SyncConfig, SyncFilter
from syncing.services.settings import config_for
from syncing.web.presenters.groups import Groups, groups_of

FOUND_SIZE = 30


@dataclass(frozen=True, slots=True)
class Count:
    """How many of the till's present products the filters let through."""

    selected: int
    total: int

    @property
    def left_out(self) -> int:
        """How many the filters keep back."""
        return self.total - self.selected


@dataclass(frozen=True, slots=True)
class FilterRow:
    """One store, group or product with the merchant's choice: "include", "exclude" or nothing."""

    entity_type: str
    entity_id: str
    name: str
    mode: str = ""
    depth: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class FiltersPage:
    """All that can be chosen, and the count. `chosen` is the merchant's choice so far.

    `found` holds the groups and products that were searched for, groups first.
    """

    count: Count
    chosen: list[FilterRow]
    stores: list[FilterRow]
    groups: list[FilterRow]
    found: list[FilterRow]


def count_selected(user: User, config: SyncConfig) -> Count:
    """Count the products that pass the filters, from four columns of every present product."""
    stores = Store.objects.for_user(user).present()
    return _count(user, list(config.filters.all()), groups_of(user), stores)


def _count(user: User, filters: list[SyncFilter], groups: Groups, rows: Iterable[Store]) -> Count:
    stores = {row.pk: row.evotor_id for row in rows}
    tree = [mappers.group_record(row, stores[row.store_id]) for row in groups.rows if row.store_id in stores]
    chosen = FilterSet(tuple(map(mappers.filter_record, filters)), tuple(tree))
    columns = Product.objects.for_user(user).present().filter(store__in=stores)
    total = selected = 0
    for store_id, evotor_id, group_id in columns.values_list(
        "store_id", "evotor_id", "group_evotor_id"
    ).iterator(chunk_size=5000):
        key = records.ProductKey(stores[store_id], evotor_id)
        total += 1
        selected += chosen.excluded_by(records.SourceProduct(key, "", group_id=group_id)) is None
    return Count(selected, total)


def filters_page(user: User, *, text: str = "") -> FiltersPage:
    """Return what the filters page shows; `text` searches groups and products by name."""
    filters = list(config_for(user).filters.all())
    modes = {(row.entity_type, row.entity_id): row.filter_mode for row in filters}
    groups = groups_of(user)
    stores = list(Store.objects.for_user(user).present().order_by("name", "pk"))
    names = {store.pk: store.name for store in stores} if len(stores) > 1 else {}
    group_rows = [
        FilterRow(
            "group",
            node.group.evotor_id,
            node.group.name,
            modes.get(("group", node.group.evotor_id), ""),
            node.depth,
            names.get(node.group.store_id, ""),
        )
        for node in groups.tree()
    ]
    return FiltersPage(
        count=_count(user, filters, groups, stores),
        chosen=_chosen(filters),
        stores=[
            FilterRow("store", row.evotor_id, row.name, modes.get(("store", row.evotor_id), ""))
            for row in stores
        ],
        groups=group_rows,
        found=_found(user, text, modes, group_rows) if text else [],
    )


def _chosen(filters: list[SyncFilter]) -> list[FilterRow]:
    """Return the choice so far: stores, then groups, then products, each by name."""
    kinds = list(SyncFilter.Entity.values)
    followed = {(row.entity_type, row.follows) for row in filters}
    current = (row for row in filters if (row.entity_type, row.entity_id) not in followed)
    rows = sorted(current, key=lambda row: (kinds.index(row.entity_type), row.entity_name, row.pk))
    return [
        FilterRow(
            row.entity_type,
            row.entity_id,
            row.entity_name or row.entity_id,
            row.filter_mode,
            note=str(SyncFilter.Entity(row.entity_type).label),
        )
        for row in rows
    ]


def _found(
    user: User, text: str, modes: dict[tuple[str, str], str], groups: list[FilterRow]
) -> list[FilterRow]:
    words = normalize_for_search(text).split()
    kind = str(SyncFilter.Entity.GROUP.label)
    fitting = [
        replace(row, depth=0, note=" · ".join(filter(None, (kind, row.note))))
        for row in groups
        if all(word in normalize_for_search(row.name) for word in words)
    ]
    rows = Product.objects.for_user(user).present().search(text).order_by("name", "pk")
    pairs = rows.values_list("evotor_id", "name")[:FOUND_SIZE]
    goods = [FilterRow("product", pk, name, modes.get(("product", pk), "")) for pk, name in pairs]
    return fitting[:FOUND_SIZE] + goods
