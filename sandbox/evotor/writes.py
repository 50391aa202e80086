"""Writes of Evotor's V2 API (reference, evotor.md §2.9): other programs that change the same till.

EvoSync itself never writes to Evotor; its tests use these to stand for accounting systems.
"""

import itertools
import json
from typing import Any, Final

from sandbox.evotor.records import Merchant, TillStore
from sandbox.evotor.render import product_json, time_text
from sandbox.evotor.state import EvotorState
from sandbox.wire import Request, Response

PATCHABLE: Final = frozenset({"price", "cost_price", "quantity"})
BULK_MAX: Final = 1_000
DELETE_MAX: Final = 100
KNOWN: Final = frozenset(
    {
        "name",
        "type",
        "price",
        "cost_price",
        "quantity",
        "measure_name",
        "tax",
        "allow_to_sell",
        "description",
        "article_number",
        "code",
        "barcodes",
        "parent_id",
        "attributes_choices",
        "is_excisable",
        "is_age_limited",
        "alcocodes",
        "alcohol_by_volume",
        "alcohol_product_kind_code",
        "tare_volume",
    }
)
REQUIRED: Final = ("name", "type", "price", "measure_name", "tax", "allow_to_sell")


class BadWriteError(Exception):
    """A body that does not fit; `subject` is the field."""

    def __init__(self, detail: str, subject: str = "") -> None:
        self.detail, self.subject = detail, subject
        super().__init__(detail)


class EvotorWrites:
    """Creates, replaces, patches and deletes products; bulk writes answer with a task."""

    def __init__(self, state: EvotorState) -> None:
        self._state = state
        self._tasks: dict[str, dict[str, Any]] = {}
        self._numbers = itertools.count(1)

    def task(self, task_id: str) -> Response | None:
        """Return the state of a bulk write; None where there is no such task."""
        return Response.of_json(self._tasks[task_id]) if task_id in self._tasks else None

    def collection(self, request: Request, store: TillStore, merchant: Merchant) -> Response | None:
        """Answer POST, PUT or DELETE of a store's products; None for another verb."""
        if request.verb == "DELETE":
            return self._delete_many(request, store)
        if request.verb not in {"POST", "PUT"}:
            return None
        body = _body(request)
        if "+bulk" in request.headers.get("content-type", ""):
            return self._bulk(body, store)
        if not isinstance(body, dict):
            raise BadWriteError("one object is expected")
        product = self._put(store, str(body.get("id") or "") or self._new_id(store), body)
        return Response.of_json(product_json(store.products[product], merchant), 201)

    def single(
        self, request: Request, store: TillStore, merchant: Merchant, product_id: str
    ) -> Response | None:
        """Answer PUT, PATCH or DELETE of one product; None for another verb or an unknown product."""
        if request.verb == "PUT":
            self._put(store, product_id, _object(_body(request)))
        elif product_id not in store.products:
            return None
        elif request.verb == "DELETE":
            del store.products[product_id]
            return Response(204)
        elif request.verb == "PATCH":
            changes = _object(_body(request))
            wrong = sorted(set(changes) - PATCHABLE)
            if wrong or not changes:
                raise BadWriteError(
                    "only price, cost_price and quantity can be patched", wrong[0] if wrong else ""
                )
            self._state.edit_product(store.id, product_id, **changes)
        else:
            return None
        return Response.of_json(product_json(store.products[product_id], merchant))

    def _put(self, store: TillStore, product_id: str, body: dict[str, Any]) -> str:
        for name in REQUIRED:
            if body.get(name) is None:
                raise BadWriteError(f"{name} is missing", name)
        # Unknown names are dropped without an error, as the cloud does.
        fields = {name: value for name, value in body.items() if name in KNOWN}
        self._state.put_product(store.id, product_id, fields, self._state.clock())
        return product_id

    def _bulk(self, body: object, store: TillStore) -> Response:
        if not isinstance(body, list) or len(body) > BULK_MAX:
            raise BadWriteError(f"an array of at most {BULK_MAX} objects is expected")
        details = []
        for row in body:
            try:
                self._put(store, str(_object(row).get("id") or "") or self._new_id(store), row)
            except BadWriteError as error:
                violation = {"reason": "missing", "subject": error.subject}
                details.append(
                    {"message": error.detail, "code": "validation_failed", "violations": [violation]}
                )
        task_id = f"task-{next(self._numbers)}"
        task = {"id": task_id, "modified_at": time_text(self._state.clock()), "type": "product"}
        self._tasks[task_id] = task | {"status": "FAILED" if details else "COMPLETED", "details": details}
        return Response.of_json(task | {"status": "ACCEPTED"}, 202)

    def _delete_many(self, request: Request, store: TillStore) -> Response:
        numbers = [number for number in request.query.get("id", "").split(",") if number]
        if not numbers or len(numbers) > DELETE_MAX:
            raise BadWriteError(f"1 to {DELETE_MAX} ids are expected", "id")
        for number in numbers:
            store.products.pop(number, None)
        return Response(204)

    def _new_id(self, store: TillStore) -> str:
        return self._state.fresh_id("write", store.id)


def _body(request: Request) -> object:
    try:
        return json.loads(request.body)
    except ValueError:
        raise BadWriteError("the body is not JSON") from None


def _object(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise BadWriteError("an object is expected")
    return value
