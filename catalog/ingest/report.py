"""What a refresh reports: counts per store, and how far the till can be trusted."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from catalog.choices import ProblemCode
from connections.clients.error_catalog import EvotorError
from connections.clients.errors import ActionRequired, Transient
from connections.clients.service import Service


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem that the merchant or the operator should know about.

    `code` is a client error's ("evotor.503") or a ProblemCode; `count` says how many records are
    concerned. `is_fatal`: the store was not read to the end, so what is absent there proves nothing.
    """

    code: str
    store_id: str = ""
    store_name: str = ""
    count: int = 1
    is_fatal: bool = False
    # The first of the records concerned, as a person knows them.
    records: tuple[str, ...] = ()

    @property
    def error_code(self) -> str:
        """Return the code under which the error catalogue explains it."""
        return EvotorError.NOT_INSTALLED if self.code == ProblemCode.NOT_INSTALLED else self.code


@dataclass(frozen=True, slots=True)
class StoreSummary:
    """The result for one store's products. `missing` and `returned` count changes of this refresh."""

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
    now have none. `requests` counts what was sent to Evotor. Of a refresh that nobody reports sizes are
    None, and vanished stores are not named.
    """

    stores: tuple[StoreSummary, ...]
    problems: tuple[Problem, ...]
    vanished_stores: frozenset[str]
    emptied_stores: frozenset[str]
    previous_size: int | None
    size: int | None
    requests: int

    @property
    def complete_stores(self) -> frozenset[str]:
        """Return the Evotor ids of the stores that were read to the end."""
        return frozenset(store.store_id for store in self.stores if store.complete)

    @property
    def complete(self) -> bool:
        """Return True if all that Evotor lists was read."""
        return all(store.complete for store in self.stores)

    @property
    def unread(self) -> tuple[Problem, ...]:
        """Return why stores were not read to the end."""
        return tuple(problem for problem in self.problems if problem.is_fatal)

    def raise_if_nothing_read(self) -> None:
        """Raise the first store's failure where not one store was read to the end.

        ActionRequired where the merchant must install the application, Transient for the rest.
        """
        if self.complete_stores or not self.unread:
            return
        problem = self.unread[0]
        if problem.code == ProblemCode.NOT_INSTALLED:
            raise ActionRequired(Service.EVOTOR, problem.error_code, problem.store_name)
        raise Transient(Service.EVOTOR, problem.error_code, f"{problem.store_name} was not read to the end")

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
            "requests": {Service.EVOTOR: self.requests},
        }

    @staticmethod
    def _sum(counts: Iterable[int]) -> int:
        return sum(counts)


def _plain(record: StoreSummary | Problem) -> dict[str, Any]:
    return {name: getattr(record, name) for name in record.__slots__}
