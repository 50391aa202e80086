"""Reads one store of the till into memory. HTTP only: no row is touched, so a failure changes nothing."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from connections.clients.error_catalog import EvotorError
from connections.clients.errors import AuthRevoked, ClientError, OperatorActionRequired, Transient
from connections.clients.evotor.records import (
    BrokenRecord,
    EvotorGroup,
    EvotorProduct,
    EvotorStore,
    FetchedPages,
)
from connections.clients.service import Service

# Up to this number of missing products are looked up one by one; more are looked for by a second read.
MAX_SINGLE_LOOKUPS = 20
# So many of those that the second read did not find either are looked up too: a list may break off twice.
SPOT_CHECKS = 5

# Called after every page with the store's name and the number of its products read so far.
Progress = Callable[[str, int], None]


def ignore_progress(store: str, products: int) -> None:
    """Do nothing: the caller wants no progress reports."""


class Till(Protocol):
    """What a refresh needs of an EvotorClient."""

    @property
    def requests(self) -> int:
        """How many requests were sent."""

    @property
    def broken(self) -> Sequence[BrokenRecord]:
        """The records of lists that could not be read."""

    def stores(self) -> list[EvotorStore]:
        """Return all stores."""

    def fetch_whole(self, store_id: str, fetched: Callable[[int], None]) -> FetchedPages:
        """Get the pages that the next iterators read, and tell how many products there are so far."""

    def iter_groups(self, store_id: str) -> Iterator[list[EvotorGroup]]:
        """Yield pages of groups."""

    def iter_products(self, store_id: str, since: datetime | None = None) -> Iterator[list[EvotorProduct]]:
        """Yield pages of products."""

    def product(self, store_id: str, product_id: str) -> EvotorProduct | None:
        """Return one product, None where it is gone."""


@dataclass(slots=True)
class StoreSnapshot:
    """What one store answered, by id. `groups` is None where they were not asked for.

    `gone` are products that we had and that are proven to have left; `unverified_error` is the error that
    left other absences unproven. `broken` are records that could not be read: anything that is absent may
    be one of them. `digest` is that of the pages where these alone told all of it, one record each.
    """

    products: dict[str, EvotorProduct] = field(default_factory=dict)
    groups: dict[str, EvotorGroup] | None = None
    gone: set[str] = field(default_factory=set)
    unverified_error: ClientError | None = None
    broken: tuple[BrokenRecord, ...] = ()
    digest: str = ""

    @property
    def proves_absence(self) -> bool:
        """Return True if what a whole reading did not find is not in the store."""
        return not self.broken and self.unverified_error is None

    def unknown_parents(self, known: Collection[str] = ()) -> set[str]:
        """Return the group ids that products name and that are missing from the snapshot and from `known`."""
        groups = self.groups or {}
        named = {product.parent_id or "" for product in self.products.values()}
        named |= {group.parent_id or "" for group in groups.values()}
        return named - groups.keys() - set(known) - {""}

    def groups_in_circles(self) -> set[str]:
        """Return the ids of groups that are among their own ancestors."""
        parents = {group.id: group.parent_id or "" for group in (self.groups or {}).values()}
        return {group_id for group_id in parents if _is_own_ancestor(group_id, parents)}


def _is_own_ancestor(group_id: str, parents: Mapping[str, str]) -> bool:
    passed: set[str] = set()
    above = parents.get(group_id, "")
    while above and above not in passed:
        if above == group_id:
            return True
        passed.add(above)
        above = parents.get(above, "")
    return False


def read_store_snapshot(
    till: Till,
    store: EvotorStore,
    *,
    present: Collection[str],
    progress: Progress,
    pages: FetchedPages | None = None,
) -> StoreSnapshot:
    """Read a store to the end and prove which of the `present` product ids have left it.

    `pages` are what was fetched of it. Raises ClientError where the store cannot be read to the end.
    """
    # Groups first: a product is never read before a group that is older than it.
    snapshot = StoreSnapshot(groups=_groups(till, store.id))
    snapshot.products = _products(till, store, progress)
    told_once = pages is not None and pages.groups == len(snapshot.groups or ())
    if snapshot.unknown_parents():
        # The group was created, or moved to a page read before, during the reading.
        snapshot.groups = (snapshot.groups or {}) | _groups(till, store.id)
        told_once = False
    snapshot.broken = broken_records(till, store.id)
    if not snapshot.broken:
        told_once &= snapshot.products.keys() >= set(present)
        _prove_absence(till, store, snapshot, present, progress)
    if pages is not None and told_once and not snapshot.groups_in_circles():
        snapshot.digest = pages.digest
    return snapshot


def read_store_changes(
    till: Till,
    store: EvotorStore,
    *,
    since: datetime | None,
    known_groups: Collection[str],
    progress: Progress,
) -> StoreSnapshot:
    """Read what changed in a store after `since`, or all of its goods. Proves no absence."""
    snapshot = StoreSnapshot(products=_products(till, store, progress, since))
    if snapshot.unknown_parents(known_groups):
        snapshot.groups = _groups(till, store.id)
    snapshot.broken = broken_records(till, store.id)
    return snapshot


def broken_records(till: Till, store_id: str) -> tuple[BrokenRecord, ...]:
    """Return the records of a store's lists that could not be read, each once."""
    return tuple(dict.fromkeys(one for one in till.broken if one.store_id == store_id))


def _groups(till: Till, store_id: str) -> dict[str, EvotorGroup]:
    return {group.id: group for page in till.iter_groups(store_id) for group in page}


def _products(
    till: Till, store: EvotorStore, progress: Progress, since: datetime | None = None
) -> dict[str, EvotorProduct]:
    found: dict[str, EvotorProduct] = {}
    for page in till.iter_products(store.id, since):
        found |= {product.id: product for product in page}
        progress(store.name, len(found))
    return {product.id: product for product in found.values() if not product.is_removed}


def _prove_absence(
    till: Till, store: EvotorStore, snapshot: StoreSnapshot, present: Collection[str], progress: Progress
) -> None:
    """Look again for products that one read did not find: pages may shift during a read."""
    absent = [product_id for product_id in present if product_id not in snapshot.products]
    if not absent:
        return
    try:
        if len(absent) > MAX_SINGLE_LOOKUPS:
            snapshot.products |= _products(till, store, progress)
            _check_some(till, store.id, [one for one in absent if one not in snapshot.products])
        else:
            snapshot.products |= _one_by_one(till, store.id, absent, snapshot.gone)
    except (AuthRevoked, OperatorActionRequired):
        raise
    except ClientError as error:
        snapshot.unverified_error = error
        return
    snapshot.gone = {product_id for product_id in absent if product_id not in snapshot.products}


def _check_some(till: Till, store_id: str, product_ids: Sequence[str]) -> None:
    """Look up some of these products. Raises Transient if one exists: then the lists say nothing of them."""
    some = product_ids[:: max(1, len(product_ids) // SPOT_CHECKS)][:SPOT_CHECKS]
    if _one_by_one(till, store_id, some, set()):
        text = "the list leaves out products that are there"
        raise Transient(Service.EVOTOR, EvotorError.UNSTEADY_LIST, text)


def _one_by_one(
    till: Till, store_id: str, product_ids: Iterable[str], gone: set[str]
) -> dict[str, EvotorProduct]:
    """Return the products that still exist; the others are added to `gone` once that is proven."""
    found = {}
    for product_id in product_ids:
        product = till.product(store_id, product_id)
        if product is None or product.is_removed:
            gone.add(product_id)
        else:
            found[product_id] = product
    return found
