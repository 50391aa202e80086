"""What a refresh reports: counts per store, and how far the till can be trusted."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Problem:
    """Something the merchant or the operator should know of.

    `code` is a client error's ("evotor.503"), "not_installed" (the application is not on this
    store's tills), or one of the oddities of single records: "unknown_parent", "group_cycle",
    "bad_number", "bad_id". `count` says how many records are concerned. `is_fatal`: the store
    was not read to the end, so what is absent there proves nothing.
    """

    code: str
    store_id: str = ""
    store_name: str = ""
    count: int = 1
    is_fatal: bool = False


@dataclass(frozen=True, slots=True)
class StoreSummary:
    """What became of one store's products. `missing` and `returned` count changes of this refresh."""

    store_id: str
    name: str
    complete: bool
    groups: int = 0
    seen: int = 0
    added: int = 0
    changed: int = 0
    missing: int = 0
    returned: int = 0
    newly_zero_stock: int = 0


@dataclass(frozen=True, slots=True)
class RefreshSummary:
    """What a refresh found. Sizes count the products present in the stores that Evotor lists.

    `complete` says that every listed store was read to the end. `emptied_stores` had products and
    now have none. `requests` counts what was sent to Evotor.
    """

    stores: tuple[StoreSummary, ...]
    problems: tuple[Problem, ...]
    vanished_stores: frozenset[str]
    emptied_stores: frozenset[str]
    previous_size: int
    size: int
    requests: int

    @property
    def complete_stores(self) -> frozenset[str]:
        """Return the Evotor ids of the stores that were read to the end."""
        return frozenset(store.store_id for store in self.stores if store.complete)

    @property
    def complete(self) -> bool:
        """Say whether all that Evotor lists was read."""
        return all(store.complete for store in self.stores)

    @property
    def newly_zero_stock(self) -> int:
        """Return how many products had stock before this refresh and have none now."""
        return self._sum(store.newly_zero_stock for store in self.stores)

    @property
    def added(self) -> int:
        """Return how many products are new."""
        return self._sum(store.added for store in self.stores)

    @property
    def changed(self) -> int:
        """Return how many products differ from what we had."""
        return self._sum(store.changed for store in self.stores)

    @property
    def missing(self) -> int:
        """Return how many products have left the till."""
        return self._sum(store.missing for store in self.stores)

    @property
    def returned(self) -> int:
        """Return how many products came back to the till."""
        return self._sum(store.returned for store in self.stores)

    def as_json(self) -> dict[str, Any]:
        """Return the summary as plain values, in the order in which a person reads it."""
        return {
            "complete": self.complete,
            "size": self.size,
            "previous_size": self.previous_size,
            "added": self.added,
            "changed": self.changed,
            "missing": self.missing,
            "returned": self.returned,
            "newly_zero_stock": self.newly_zero_stock,
            "stores": [_plain(store) for store in self.stores],
            "vanished_stores": sorted(self.vanished_stores),
            "emptied_stores": sorted(self.emptied_stores),
            "problems": [_plain(problem) for problem in self.problems],
            "requests": {"evotor": self.requests},
        }

    @staticmethod
    def _sum(counts: Iterable[int]) -> int:
        return sum(counts)


def _plain(record: StoreSummary | Problem) -> dict[str, Any]:
    return {name: getattr(record, name) for name in record.__slots__}
