"""Control endpoints under `/_sandbox/`, so that another process can act as the merchant.

On both ports: `GET calls` (the log), `POST forget` (empties it), `POST fault` with the keywords of
`faults.Fault` as JSON, `POST calm` (forgets the planned faults). On Evotor's port also `POST add`,
`edit`, `delete`, `sell`, `reimport`, `push` (the product webhook, to `base_url`) and `GET products`; on
VK's port `GET items` and `POST merchant` with `{"action": "rename_item", …}` for any action of
`vk_merchant`. A request that does not fit answers 400 with its reason.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, is_dataclass
from typing import Any, Final

from sandbox.evotor.records import TillProduct
from sandbox.evotor.state import EvotorState
from sandbox.vk.merchant import MerchantActions
from sandbox.vk.state import VkState
from sandbox.webhooks import WebhookAnswer, Webhooks
from sandbox.wire import Request, Response

Action = Callable[[dict[str, Any]], Any]
MERCHANT_ACTIONS: Final = frozenset(name for name in vars(MerchantActions) if not name.startswith("_"))


class Control:
    """What both ports offer. Subclasses add their own reads and actions."""

    def __init__(self, state: EvotorState | VkState) -> None:
        self._log = state
        self.reads: dict[str, Callable[[], Any]] = {"calls": self._calls}
        self.actions: dict[str, Action] = {"fault": self._fault, "calm": self._calm, "forget": self._forget}

    def handle(self, name: str, request: Request) -> Response:
        """Answer one control request."""
        try:
            if request.verb == "GET" and name in self.reads:
                return Response.of_json(self.reads[name]())
            if request.verb == "POST" and name in self.actions:
                answer = self.actions[name](request.json())
                return Response.of_json(_shown(answer))
        except KeyError as error:
            return Response.of_json({"error": f"not found: {error}"}, 400)
        except (TypeError, ValueError, AttributeError, OSError) as error:
            return Response.of_json({"error": str(error)}, 400)
        known = ", ".join([*self.reads, *self.actions])
        return Response.of_json({"error": f"unknown control {request.verb} {name}; known: {known}"}, 404)

    def _calls(self) -> dict[str, Any]:
        with self._log.lock:
            calls = [asdict(call) for call in self._log.calls]
            counts = Counter(call["method"] for call in calls)
            return {
                "requests": self._log.requests,
                "counts": counts,
                "calls": calls,
                "warnings": self._log.warnings,
            }

    def _fault(self, body: dict[str, Any]) -> None:
        self._log.fault(**body)

    def _calm(self, _body: dict[str, Any]) -> None:
        self._log.faults.clear()

    def _forget(self, _body: dict[str, Any]) -> None:
        self._log.forget_calls()


class EvotorControl(Control):
    """Actions at the till: `add`, `edit`, `delete`, `sell`, `reimport`.

    `on_change` is told the store and the product after each of the first four.
    """

    def __init__(self, state: EvotorState) -> None:
        super().__init__(state)
        self._state = state
        self.on_change: Callable[[str, list[str]], object] | None = None
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
        self._state.sell(store_id, body["product_id"], body.get("quantity", 1))
        self._changed(store_id, body["product_id"])

    def _changed(self, store_id: str, product_id: str) -> None:
        if self.on_change is not None:
            self.on_change(store_id, [product_id])

    def _push(self, body: dict[str, Any]) -> WebhookAnswer:
        hooks = Webhooks(self._state, body["base_url"], app_token="")
        call = hooks.products(self._store(body), body["product_ids"], user_token=body["user_token"])
        return hooks.send(call)

    def _products(self) -> list[dict[str, Any]]:
        with self._state.lock:
            return [
                {"id": product.id, "store_id": store.id, **product.fields}
                for store in self._state.stores.values()
                for product in store.products.values()
            ]


class VkControl(Control):
    """Actions of the merchant on VK's own pages."""

    def __init__(self, state: VkState) -> None:
        super().__init__(state)
        self._state = state
        self.reads["items"] = lambda: [asdict(item) for item in state.live_items()]
        self.actions["merchant"] = self._merchant

    def _merchant(self, body: dict[str, Any]) -> Any:
        action = body.pop("action", "")
        if action not in MERCHANT_ACTIONS:
            raise ValueError(f"unknown action {action!r}; known: {', '.join(sorted(MERCHANT_ACTIONS))}")
        return getattr(self._state, action)(**body)


def _shown(value: object) -> object:
    if isinstance(value, WebhookAnswer):
        return {"status": value.status, "body": value.body.decode("utf-8", "replace")}
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    return {"ok": True}
