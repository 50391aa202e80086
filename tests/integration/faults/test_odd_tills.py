"""Records of the till that are not as documented: nothing forbidden is shown, nothing is doubled or lost."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from accounts.models import User
from sandbox import Sandbox
from sandbox.evotor.http import EvotorHttp
from sandbox.wire import Response
from syncing.core.choices import Reason
from syncing.models import SyncJob
from tests.integration.faults.shop import ITEMS, assert_complete, first_run, run, store_of

pytestmark = [pytest.mark.django_db, pytest.mark.same_statements]

Distort = Callable[[list[dict[str, Any]]], Any]
THING = "Вещь синяя"


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Distort]]:
    """Return what is done to the records of each list, by the last part of its path, before they are sent."""
    distorted: dict[str, Distort] = {}
    page = EvotorHttp._page

    def answer(http: EvotorHttp, request: Any, *args: Any) -> Response:
        response = page(http, request, *args)
        kind = request.path.rstrip("/").rpartition("/")[2]
        if kind in distorted:
            body = json.loads(response.body)
            response.body = json.dumps(body | {"items": distorted[kind](body["items"])}).encode()
        return response

    monkeypatch.setattr(EvotorHttp, "_page", answer)
    yield distorted
    distorted.clear()


def having(only: str = "", **values: Any) -> Distort:
    """Return what gives all records these values, or those alone whose name begins so."""
    return lambda items: [one | values if one["name"].startswith(only) else one for one in items]


UNKNOWN_TYPES: list[Any] = [
    ["TOBACCO_MARKED"],
    {"name": "TOBACCO_MARKED"},
    True,
    7,
    "VETERINARY_MARKED",
    "новый",
]


@pytest.mark.once
@pytest.mark.parametrize("kind", UNKNOWN_TYPES, ids=repr)
def test_a_new_product_of_an_unknown_type_waits_for_a_decision(
    box: Sandbox, user: User, told: dict[str, Distort], kind: Any
) -> None:
    first_run(box, user)
    told["products"] = having(THING, type=kind)
    box.evotor.add_product(store_of(box).id, THING, price=150, quantity=5)
    job = run(user)
    assert job.skipped_by_reason == {Reason.UNSURE: 1}
    assert_complete(box)
    told.clear()
    assert run(user).items_created == 1
    assert_complete(box, ITEMS + 1)


@pytest.mark.once
def test_ordinary_goods_of_an_unknown_type_are_sold(
    box: Sandbox, user: User, told: dict[str, Distort]
) -> None:
    told["products"] = having(type="TABLEWARE_MARKED")
    first_run(box, user)
    assert_complete(box)


NUMBERS: list[Any] = [
    True,
    [],
    {},
    "дорого",
    "NaN",
    float("nan"),
    float("inf"),
    -5,
    "-0",
    "1e400",
    "1e999999999",
    10**40,
]
VALUES: dict[str, list[Any]] = {
    "price": NUMBERS,
    "quantity": NUMBERS,
    "name": [" ", "\u200b\u202e", "\n\t", ["Кружка"], "\x00"],
    "allow_to_sell": [[], {}, "может быть", 3],
    "parent_id": [[], {}, 5, True, "нет такой"],
    "barcodes": [{}, [[]], 7, [None], [True], "46"],
}
ODD: dict[str, Distort] = {
    **{f"{name} {value!r}": having("", **{name: value}) for name, found in VALUES.items() for value in found},
    "unknown fields": having(new_field={"deep": [1, {"x": None}]}),
    "twice": lambda items: [*items, *items],
    "twice with another price": lambda items: [*items, *({**one, "price": 1} for one in items)],
    "another order": lambda items: items[::-1],
    "texts between": lambda items: [None, *items, "x", 5],
    "null": lambda items: None,
    "an object": lambda items: {"a": 1},
    "no ids": lambda items: [{k: v for k, v in one.items() if k != "id"} for one in items],
    "empty": lambda items: [],
    "half": lambda items: items[::2],
    "ids in capitals": lambda items: [one | {"id": one["id"].upper()} for one in items],
    "ids with spaces": lambda items: [one | {"id": f" {one['id']} "} for one in items],
}


def shop(box: Sandbox) -> dict[int, Any]:
    """Return what VK shows of each item."""
    items = box.vk.communities[box.group_id].items.values()
    return {one.id: (one.title, one.price_kopecks, one.stock, one.hidden, one.deleted_at) for one in items}


@pytest.mark.once
@pytest.mark.parametrize("name", ODD)
def test_odd_products_of_a_till_change_nothing_for_good(
    box: Sandbox, user: User, told: dict[str, Distort], name: str
) -> None:
    first_run(box, user)
    before = shop(box)
    told["products"] = ODD[name]
    job = run(user)
    assert job.is_finished
    assert shop(box) == before
    told.clear()
    again = run(user)
    assert (again.status, again.items_created, again.items_hidden) == (SyncJob.Status.SUCCESS, 0, 0)
    assert shop(box) == before
