"""The filters page: what the merchant chose for VK, and how many products that is."""

from dataclasses import dataclass

from accounts.models import User
from catalog.models import Product, Store
from syncing import mappers
from syncing.core import records
from syncing.core.filters import FilterSet
from syncing.models import SyncConfig, SyncFilter
from syncing.selectors.groups import Groups, groups_of
from syncing.services import config_for

FOUND_SIZE = 30


@dataclass(frozen=True, slots=True)
class Count:
    """How many of the till's present products the filters let through."""

    selected: int
    total: int


@dataclass(frozen=True, slots=True)
class ChoiceRow:
    """One store, group or product with the merchant's word on it: "include", "exclude" or nothing."""

    entity_type: str
    entity_id: str
    name: str
    mode: str = ""
    depth: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Board:
    """All that can be chosen, and the count. `products` are those chosen, `found` those searched for."""

    count: Count
    stores: list[ChoiceRow]
    groups: list[ChoiceRow]
    products: list[ChoiceRow]
    found: list[ChoiceRow]


def count_selected(user: User, config: SyncConfig) -> Count:
    """Count the products that pass the filters, from four columns of every present product."""
    return _count(user, list(config.filters.all()), groups_of(user))


def _count(user: User, filters: list[SyncFilter], groups: Groups) -> Count:
    stores = dict(Store.objects.for_user(user).present().values_list("pk", "evotor_id"))
    tree = [mappers.group_record(row, stores[row.store_id]) for row in groups.rows if row.store_id in stores]
    chosen = FilterSet(tuple(map(mappers.filter_record, filters)), tuple(tree))
    columns = Product.objects.for_user(user).present().filter(store__in=stores)
    total = selected = 0
    for store_id, evotor_id, group_id in columns.values_list(
        "store_id", "evotor_id", "group_evotor_id"
    ).iterator(chunk_size=5000):
        key = records.ProductKey(stores[store_id], evotor_id)
        total += 1
        selected += chosen.verdict(records.Product(key, "", group_id=group_id)) is None
    return Count(selected, total)


def board(user: User, *, text: str = "") -> Board:
    """Return what the filters page shows; `text` looks for single products."""
    filters = list(config_for(user).filters.all())
    modes = {(row.entity_type, row.entity_id): row.filter_mode for row in filters}
    groups = groups_of(user)
    stores = list(Store.objects.for_user(user).present().order_by("name", "pk"))
    names = {store.pk: store.name for store in stores} if len(stores) > 1 else {}
    return Board(
        count=_count(user, filters, groups),
        stores=[
            ChoiceRow(
                "store",
                row.evotor_id,
                row.name,
                modes.get(("store", row.evotor_id), ""),
            )
            for row in stores
        ],
        groups=[
            ChoiceRow(
                "group",
                node.group.evotor_id,
                node.group.name,
                modes.get(("group", node.group.evotor_id), ""),
                node.depth,
                names.get(node.group.store_id, ""),
            )
            for node in groups.tree()
        ],
        products=[
            ChoiceRow(
                "product",
                row.entity_id,
                row.entity_name or row.entity_id,
                row.filter_mode,
            )
            for row in filters
            if row.entity_type == SyncFilter.Entity.PRODUCT
        ],
        found=_found(user, text, modes),
    )


def _found(user: User, text: str, modes: dict[tuple[str, str], str]) -> list[ChoiceRow]:
    if not text:
        return []
    rows = Product.objects.for_user(user).present().search(text).order_by("name", "pk")
    pairs = rows.values_list("evotor_id", "name")[:FOUND_SIZE]
    return [ChoiceRow("product", pk, name, modes.get(("product", pk), "")) for pk, name in pairs]
