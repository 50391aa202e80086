"""The Evotor stand-in's memory: merchants, stores, groups, products, and what happens at the till.

Ids and times are deterministic for equal actions and an equal clock. Product fields are kept under
their V2 names, exactly as given: a field that was never set is absent, None answers null.
"""

import itertools
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable
from typing import Any, Final

from connections.sandbox.evotor_records import (
    EvotorCall,
    EvotorRules,
    Merchant,
    TillGroup,
    TillProduct,
    TillStore,
)
from connections.sandbox.faults import EVOTOR_KINDS, Fault, FaultPlan

NAMESPACE: Final = uuid.UUID("5f2d7d8e-53a4-4f57-9a8e-6b1d7f6c0e01")
STOCK_FIELD: Final = "quantity"


class EvotorState:
    """Everything that Evotor's cloud knows, with the actions at the till."""

    def __init__(self, *, rules: EvotorRules | None = None, clock: Callable[[], float] = time.time) -> None:
        self.lock = threading.RLock()
        self.clock = clock
        self.rules = rules or EvotorRules()
        self.faults = FaultPlan(EVOTOR_KINDS)
        self.merchants: dict[str, Merchant] = {}
        self.stores: dict[str, TillStore] = {}
        self.calls: list[EvotorCall] = []
        self.warnings: list[str] = []
        self.requests = 0
        self._numbers = itertools.count(1)
        self._token_numbers = itertools.count(1)
        self.user_id = self.add_merchant().user_id

    # -- accounts --------------------------------------------------------------------------------

    def add_merchant(self) -> Merchant:
        """Add an Evotor account with a token of its own."""
        with self.lock:
            merchant = Merchant(f"01-{42 + len(self.merchants):015d}", self._new_token())
            self.merchants[merchant.user_id] = merchant
            return merchant

    @property
    def merchant(self) -> Merchant:
        """The first account, which most tests mean."""
        return self.merchants[self.user_id]

    @property
    def token(self) -> str:
        """The first account's valid token."""
        return self.merchant.token

    def rotate_token(self, user_id: str | None = None) -> str:
        """Issue a new token, as a reinstall does; the old one answers 401."""
        with self.lock:
            merchant = self.merchants[user_id or self.user_id]
            merchant.token = self._new_token()
            return merchant.token

    def revoke_token(self, user_id: str | None = None) -> None:
        """Take the token back: everything answers 401 until `rotate_token`."""
        with self.lock:
            self.merchants[user_id or self.user_id].token = ""

    def find_merchant(self, token: str) -> Merchant | None:
        """Return whose token this is."""
        return next((one for one in self.merchants.values() if token and one.token == token), None)

    # -- stores and groups -----------------------------------------------------------------------

    def add_store(
        self, name: str, address: str = "", *, user_id: str | None = None, id: str = ""
    ) -> TillStore:
        """Open a store. Its id starts with a date and is in upper case, as Evotor's are."""
        with self.lock:
            number, now = len(self.stores) + 1, self.clock()
            store_id = id or f"20240115-AAAA-40BB-80CC-{number:012X}"
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
        id: str = "",
        attributes: list[dict[str, Any]] | None = None,
    ) -> TillGroup:
        """Add a group; a `parent_id` that does not exist is legal, as in Evotor."""
        with self.lock:
            now = self.clock()
            group = TillGroup(
                id or self.fresh_id("group", name), store_id, name, parent_id, now, now, attributes
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

    def add_product(self, store_id: str, name: str, *, id: str = "", **fields: Any) -> TillProduct:
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
            return self.put_product(store_id, id or self.fresh_id("product", name), defaults | fields, now)

    def add_sparse_product(self, store_id: str, id: str = "", **fields: Any) -> TillProduct:
        """Add a product with these fields alone, as accounts without rights see them."""
        with self.lock:
            return self.put_product(
                store_id, id or self.fresh_id("product", str(fields)), fields, self.clock()
            )

    def put_product(self, store_id: str, product_id: str, fields: dict[str, Any], now: float) -> TillProduct:
        """Store a product under its id, new or not."""
        products = self.stores[store_id].products
        created = products[product_id].created_at if product_id in products else now
        product = TillProduct(product_id, store_id, fields, created, now)
        products[product_id] = product
        return product

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

    def reimport(self, store_id: str) -> dict[str, str]:
        """Replace the catalogue by itself under new ids; return old id → new id of the products."""
        with self.lock:
            store, now = self.stores[store_id], self.clock()
            groups = {old: self.fresh_id("reimport", old) for old in store.groups}
            products = {old: self.fresh_id("reimport", old) for old in store.products}
            store.groups = {
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
                fields = store.products.pop(old).fields
                if "parent_id" in fields:
                    fields["parent_id"] = groups.get(fields["parent_id"], fields["parent_id"])
                self.put_product(store_id, products[old], fields, now)
            return products

    # -- what tests read, and faults -------------------------------------------------------------

    def counts(self) -> Counter[str]:
        """Return how many requests each kind had."""
        with self.lock:
            return Counter(call.method for call in self.calls)

    def forget_calls(self) -> None:
        """Empty the call log."""
        with self.lock:
            self.calls.clear()
            self.warnings.clear()
            self.requests = 0

    def fault(
        self, kind: str, *, nth: int = 1, times: int = 1, method: str | None = None, **more: Any
    ) -> Fault:
        """Plan a fault; the kinds and the other keywords are those of `faults.Fault`."""
        return self.faults.add(Fault(kind, method, nth, times, **more))

    def fresh_id(self, kind: str, name: str) -> str:
        """Return the next id: a lower-case UUID, the same for the same history."""
        return str(uuid.uuid5(NAMESPACE, f"{kind}/{next(self._numbers)}/{name}"))

    def _new_token(self) -> str:
        return str(uuid.uuid5(NAMESPACE, f"token/{next(self._token_numbers)}"))
