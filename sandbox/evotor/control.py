"""Evotor's control endpoints: another process acts at the till."""

from collections.abc import Callable
from typing import Any

from sandbox.control import Control
from sandbox.evotor.records import TillProduct
from sandbox.evotor.state import EvotorState
from sandbox.evotor.webhooks import Webhooks


class EvotorControl(Control):
    """Actions at the till: `add`, `edit`, `delete`, `sell`, `reimport`.

    `on_change` is told the store and the products after each of the first four; where there is an
    `on_sale`, it is told of a sale in its place: the store, and how much of each product.
    """

    def __init__(self, state: EvotorState) -> None:
        super().__init__(state)
        self._state = state
        self.on_change: Callable[[str, list[str]], object] | None = None
        self.on_sale: Callable[[str, dict[str, float]], object] | None = None
        self.reads["products"] = self._products
        self.actions |= {
            "add": self._add,
            "edit": self._edit,
            "delete": self._delete,
            "sell": self._sell,
            "reimport": lambda body: state.reimport(self._store(body)),
            "push": self._push,
        }

    def _store(self, body: dict[str, Any]) -> str:
        return str(body.pop("store_id", None) or next(iter(self._state.stores)))

    def _add(self, body: dict[str, Any]) -> TillProduct:
        store_id = self._store(body)
        product = self._state.add_product(store_id, **body)
        self._changed(store_id, product.id)
        return product

    def _edit(self, body: dict[str, Any]) -> TillProduct:
        store_id = self._store(body)
        product = self._state.edit_product(store_id, body["product_id"], **body["changes"])
        self._changed(store_id, product.id)
        return product

    def _delete(self, body: dict[str, Any]) -> None:
        store_id = self._store(body)
        self._state.delete_product(store_id, body["product_id"])
        self._changed(store_id, body["product_id"])

    def _sell(self, body: dict[str, Any]) -> None:
        store_id = self._store(body)
        product_id, quantity = body["product_id"], body.get("quantity", 1)
        self._state.sell(store_id, product_id, quantity)
        if self.on_sale is not None:
            self.on_sale(store_id, {product_id: quantity})
        else:
            self._changed(store_id, product_id)

    def _changed(self, store_id: str, product_id: str) -> None:
        if self.on_change is not None:
            self.on_change(store_id, [product_id])

    def _push(self, body: dict[str, Any]) -> dict[str, Any]:
        hooks = Webhooks(self._state, body["base_url"], app_token=body.get("app_token", ""))
        call = hooks.products(self._store(body), body["product_ids"], user_token=body.get("user_token"))
        answer = hooks.send(call)
        return {"status": answer.status, "body": answer.body.decode("utf-8", "replace")}

    def _products(self) -> list[dict[str, Any]]:
        with self._state.lock:
            return [
                {"id": product.id, "store_id": store.id, **product.fields}
                for store in self._state.stores.values()
                for product in store.products.values()
            ]
