"""What happens at the till and in the merchant's cabinet: stores, groups, products, sales."""

import threading
import uuid
from collections.abc import Callable
from typing import Any, Final

from sandbox.evotor.records import EvotorRules, TillGroup, TillProduct, TillStore
from sandbox.numbers import Numbers

NAMESPACE: Final = uuid.UUID("5f2d7d8e-53a4-4f57-9a8e-6b1d7f6c0e01")
STOCK_FIELD: Final = "quantity"


class TillActions:
    """The stores and everything that a merchant can do in them."""

    lock: threading.RLock
    clock: Callable[[], float]
    rules: EvotorRules
    user_id: str

    def __init__(self) -> None:
        self.stores: dict[str, TillStore] = {}
        self._numbers = Numbers(1)
        self._store_numbers = Numbers(1)

    # -- stores and groups -----------------------------------------------------------------------

    def add_store(
        self, name: str, address: str = "", *, user_id: str | None = None, store_id: str = ""
    ) -> TillStore:
        """Open a store. Its id starts with a date and is in upper case, as Evotor's are."""
        with self.lock:
            now = self.clock()
            store_id = store_id or f"20240115-AAAA-40BB-80CC-{next(self._store_numbers):012X}"
            store = TillStore(store_id, user_id or self.user_id, name, address, now, now)
            self.stores[store_id] = store
            return store

    def delete_store(self, store_id: str) -> None:
        """Close a store: it is not listed any more, and its paths answer 404."""
        with self.lock:
            del self.stores[store_id]

    def add_group(
        self,
        store_id: str,
        name: str,
        parent_id: str | None = None,
        *,
        group_id: str = "",
        attributes: list[dict[str, Any]] | None = None,
    ) -> TillGroup:
        """Add a group; a `parent_id` that does not exist is legal, as in Evotor."""
        with self.lock:
            now = self.clock()
            group = TillGroup(
                group_id or self.fresh_id("group", name), store_id, name, parent_id, now, now, attributes
            )
            self.stores[store_id].groups[group.id] = group
            return group

    def rename_group(self, store_id: str, group_id: str, name: str) -> None:
        """Give a group another name."""
        with self.lock:
            group = self.stores[store_id].groups[group_id]
            group.name, group.updated_at = name, self.clock()

    def delete_group(self, store_id: str, group_id: str) -> None:
        """Delete a group; its children keep pointing at it."""
        with self.lock:
            del self.stores[store_id].groups[group_id]

    # -- products --------------------------------------------------------------------------------

    def add_product(self, store_id: str, name: str, *, product_id: str = "", **fields: Any) -> TillProduct:
        """Add a product. `fields` are V2 fields; those of a plain piece of goods are filled in."""
        with self.lock:
            now = self.clock()
            defaults: dict[str, Any] = {
                "name": name,
                "type": "NORMAL",
                "price": 100,
                STOCK_FIELD: 10,
                "measure_name": "шт",
                "tax": "NO_VAT",
                "allow_to_sell": True,
                "description": "",
                "article_number": "",
                "code": "",
                "barcodes": [],
                "attributes_choices": {},
            }
            return self.put_product(
                store_id, product_id or self.fresh_id("product", name), defaults | fields, now
            )

    def add_sparse_product(self, store_id: str, product_id: str = "", **fields: Any) -> TillProduct:
        """Add a product with these fields alone, as accounts without rights see them."""
        with self.lock:
            return self.put_product(
                store_id, product_id or self.fresh_id("product", str(fields)), fields, self.clock()
            )

    def put_product(self, store_id: str, product_id: str, fields: dict[str, Any], now: float) -> TillProduct:
        """Store a product under its id, new or not."""
        products = self.stores[store_id].products
        created = products[product_id].created_at if product_id in products else now
        product = TillProduct(product_id, store_id, fields, created, now)
        products[product_id] = product
        return product

    def edit_group(self, store_id: str, group_id: str, *, name: str) -> TillGroup:
        """Rename a group at the till."""
        with self.lock:
            group = self.stores[store_id].groups[group_id]
            group.name = name
            group.updated_at = self.clock()
            return group

    def edit_product(self, store_id: str, product_id: str, **changes: Any) -> TillProduct:
        """Change fields of a product at the till; None makes a field null."""
        with self.lock:
            product = self.stores[store_id].products[product_id]
            product.fields.update(changes)
            product.updated_at = self.clock()
            return product

    def drop_field(self, store_id: str, product_id: str, name: str) -> None:
        """Make a field absent."""
        with self.lock:
            self.stores[store_id].products[product_id].fields.pop(name, None)

    def delete_product(self, store_id: str, product_id: str) -> None:
        """Delete a product: it vanishes from lists and answers 404."""
        with self.lock:
            del self.stores[store_id].products[product_id]

    def sell(self, store_id: str, product_id: str, quantity: float = 1) -> None:
        """Sell at the till: the stock falls, below zero too."""
        with self.lock:
            product = self.stores[store_id].products[product_id]
            product.fields[STOCK_FIELD] = round((product.fields.get(STOCK_FIELD) or 0) - quantity, 3)
            if self.rules.sale_moves_updated_at:
                product.updated_at = self.clock()

    def reimport(self, store_id: str, *, keep_old: bool = False) -> dict[str, str]:
        """Replace the catalogue by itself under new ids; return old id → new id of the products.

        With `keep_old` the old goods and groups stay, as in the middle of an import.
        """
        with self.lock:
            store, now = self.stores[store_id], self.clock()
            groups = {old: self.fresh_id("reimport", old) for old in store.groups}
            products = {old: self.fresh_id("reimport", old) for old in store.products}
            before = dict(store.groups) if keep_old else {}
            store.groups = before | {
                groups[one.id]: TillGroup(
                    groups[one.id],
                    store_id,
                    one.name,
                    groups.get(one.parent_id or "", one.parent_id),
                    now,
                    now,
                    one.attributes,
                )
                for one in store.groups.values()
            }
            for old in list(store.products):
                product = store.products[old] if keep_old else store.products.pop(old)
                fields = dict(product.fields)
                if "parent_id" in fields:
                    fields["parent_id"] = groups.get(fields["parent_id"], fields["parent_id"])
                self.put_product(store_id, products[old], fields, now)
            return products

    def fresh_id(self, kind: str, name: str) -> str:
        """Return the next id: a lower-case UUID, the same for the same history."""
        return str(uuid.uuid5(NAMESPACE, f"{kind}/{next(self._numbers)}/{name}"))
