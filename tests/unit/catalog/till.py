"""A till in memory that reads page by page, and can be edited or fail while it is read."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from connections.clients.errors import ClientError
from connections.clients.evotor.records import (
    BrokenRecord,
    EvotorGroup,
    EvotorProduct,
    EvotorStore,
    FetchedPages,
)

STORE = "20240115-AAAA-40BB-80CC-000000000001"
OTHER = "20240115-AAAA-40BB-80CC-000000000002"


def product(product_id: str, **fields: object) -> EvotorProduct:
    """Make a product with a price and a stock."""
    values: dict[str, object] = {
        "id": product_id,
        "name": f"Чай {product_id}",
        "parent_id": "",
        "price": Decimal(190),
        "cost_price": None,
        "quantity": Decimal(12),
        "measure_name": "шт",
        "article_number": "",
        "code": "",
        "barcodes": (),
        "description": "",
        "allow_to_sell": True,
        "type": "NORMAL",
        "is_excisable": False,
        "is_age_limited": False,
        "is_removed": False,
    }
    return EvotorProduct(**{**values, **fields})  # type: ignore[arg-type]


def products(count: int, **fields: object) -> list[EvotorProduct]:
    """Make so many products."""
    return [product(f"p{number:05}", **fields) for number in range(count)]


@dataclass
class FakeTill:
    """Stands for an EvotorClient. `before` is called with what is about to be sent."""

    page_size: int = 1000
    products: dict[str, list[EvotorProduct]] = field(default_factory=dict)
    groups: dict[str, list[EvotorGroup]] = field(default_factory=dict)
    before: Callable[[str], None] = lambda request: None
    requests: int = 0
    broken: list[BrokenRecord] = field(default_factory=list)
    log: list[str] = field(default_factory=list)
    failures: dict[str, ClientError] = field(default_factory=dict)

    def stores(self) -> list[EvotorStore]:
        """Return every store that has a list of products."""
        self._send("stores")
        return [EvotorStore(key, f"Лавка {key[-1]}", "", "01-1") for key in self.products]

    def fetch_whole(self, store_id: str, fetched: Callable[[int], None]) -> FetchedPages:
        """Return nothing that is known: this till has no text."""
        return FetchedPages()

    def iter_groups(self, store_id: str) -> Iterator[list[EvotorGroup]]:
        """Yield one page."""
        self._send(f"groups {store_id}")
        yield list(self.groups.get(store_id, []))

    def iter_products(self, store_id: str, since: datetime | None = None) -> Iterator[list[EvotorProduct]]:
        """Yield pages by offset from the list as it is then, so an edit shifts what is left."""
        offset, page = 0, 1
        while True:
            self._send(f"products {store_id} {page}")
            found = self.products[store_id][offset : offset + self.page_size]
            yield found
            offset, page = offset + self.page_size, page + 1
            if offset >= len(self.products[store_id]):
                return

    def product(self, store_id: str, product_id: str) -> EvotorProduct | None:
        """Return the last product with this id."""
        self._send(f"product {product_id}")
        found = [one for one in self.products[store_id] if one.id == product_id]
        return found[-1] if found else None

    def count(self, start: str) -> int:
        """Return how many requests began so."""
        return sum(request.startswith(start) for request in self.log)

    def _send(self, request: str) -> None:
        self.requests += 1
        self.log.append(request)
        self.before(request)
        if request in self.failures:
            raise self.failures[request]
