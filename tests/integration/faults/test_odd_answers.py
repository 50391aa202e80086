"""Answers of VK that are not as documented: nothing is doubled, lost or taken for the merchant's edit."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from accounts.models import User
from sandbox import Sandbox
from sandbox.vk.api import VkApi
from syncing.models import Listing, SyncJob
from tests.integration.faults.shop import ITEMS, assert_complete, first_run, run, store_of

pytestmark = pytest.mark.django_db

Distort = Callable[[Any], Any]
LISTS = ("market.get", "market.getById")


@pytest.fixture
def odd(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Distort]]:
    """Return what is done to each method's answer after VK has carried the call out."""
    distorted: dict[str, Distort] = {}
    carry_out = VkApi._run

    def answer(api: VkApi, name: str, *args: Any, **options: Any) -> Any:
        value = carry_out(api, name, *args, **options)
        return distorted[name](value) if name in distorted else value

    monkeypatch.setattr(VkApi, "_run", answer)
    yield distorted
    distorted.clear()


def in_items(change: Callable[[dict[str, Any]], object]) -> Distort:
    """Return what changes every item of a page."""

    def distort(page: dict[str, Any]) -> dict[str, Any]:
        for item in page["items"]:
            change(item)
        return page

    return distort


def without(*names: str) -> Distort:
    return in_items(lambda item: [item.pop(name, None) for name in names])


def having(**values: Any) -> Distort:
    return in_items(lambda item: item.update(values))


def foreign(page: dict[str, Any]) -> dict[str, Any]:
    """Let another owner's copies stand in the page, under ids of their own."""
    copies = [item | {"id": item["id"] + 90_000, "owner_id": -77} for item in page["items"]]
    return page | {"items": [*copies, *page["items"]], "count": page["count"] + len(copies)}


def first_without_id(page: dict[str, Any]) -> dict[str, Any]:
    return page | {"items": [item if at else {"title": "?"} for at, item in enumerate(page["items"])]}


PAGES: dict[str, Distort] = {
    "no title": without("title"),
    "no description": having(description=None),
    "no texts": without("title", "description"),
    "no price": without("price"),
    "price is null": having(price=None),
    "price is text": having(price="100 рублей"),
    "amount is text": having(price={"amount": "дорого"}),
    "amount is null": having(price={"amount": None, "old_amount": None}),
    "no stock": without("stock_amount"),
    "stock is text": having(stock_amount="много"),
    "photos are null": having(photos=None),
    "photos without ids": having(photos=[{}, None]),
    "photos are text": having(photos="нет"),
    "no albums": without("albums_ids"),
    "albums are text": having(albums_ids="все"),
    "album ids are text": having(albums_ids=["первый"]),
    "category is null": having(category=None),
    "category is text": having(category="Посуда"),
    "no availability": without("availability"),
    "unknown availability": having(availability=7),
    "availability is text": having(availability="sale"),
    "date is text": having(date="вчера"),
    "ids are text": in_items(lambda item: item.update(id=str(item["id"]))),
    "another order": lambda page: page | {"items": page["items"][::-1]},
    "items twice": lambda page: page | {"items": page["items"] * 2},
    "null items between": lambda page: page | {"items": [None, *page["items"], False]},
    "another owner's items": foreign,
    "one without an id": first_without_id,
    "null for a list": lambda page: page | {"items": None},
    "count too small": lambda page: page | {"count": 1},
    "count of zero": lambda page: page | {"count": 0},
    "count too large": lambda page: page | {"count": page["count"] + 5},
    "count is text": lambda page: page | {"count": str(page["count"])},
}


def shop(box: Sandbox) -> dict[int, Any]:
    """Return all that VK keeps of each item."""
    items = box.vk.communities[box.group_id].items.values()
    return {
        item.id: (item.title, item.description, item.price_kopecks, item.stock, item.sku, item.main_photo_id)
        for item in items
        if item.deleted_at is None and not item.hidden
    }


@pytest.mark.same_statements
@pytest.mark.parametrize("name", PAGES)
def test_an_odd_list_of_items_changes_nothing_for_good(
    box: Sandbox, user: User, odd: dict[str, Distort], name: str
) -> None:
    first_run(box, user)
    before = shop(box)
    odd.update(dict.fromkeys(LISTS, PAGES[name]))
    job = run(user)
    assert job.is_finished
    assert job.status != SyncJob.Status.FAILED
    odd.clear()
    assert shop(box) == before
    again = run(user)
    assert (again.status, again.items_created, again.items_hidden) == (SyncJob.Status.SUCCESS, 0, 0)
    assert shop(box) == before
    assert not [row for row in Listing.objects.for_user(user) if row.merchant_fields]


@pytest.mark.once
@pytest.mark.parametrize(
    "value", [{}, [], None, "text", 7, {"items": 7, "count": 30}, {"items": []}, {"count": None}], ids=repr
)
def test_a_list_of_another_type_ends_the_run_with_a_reason(
    box: Sandbox, user: User, odd: dict[str, Distort], value: Any
) -> None:
    first_run(box, user)
    before = shop(box)
    odd["market.get"] = lambda page: value
    job = run(user)
    assert (job.status, job.error_code) == (SyncJob.Status.FAILED, "vk.bad_json")
    odd.clear()
    assert shop(box) == before
    assert run(user).status == SyncJob.Status.SUCCESS


# What VK answers after it has carried the call out.
NO_WORD: list[Any] = [0, None, [], {}, ""]
ANSWERS: list[tuple[str, Any]] = [
    *[("market.edit", value) for value in NO_WORD],
    *[("market.add", value) for value in [*NO_WORD, {"market_item_id": 0}, {"market_item_id": True}, 1]],
    *[("market.saveProductPhotoBulk", value) for value in [*NO_WORD, [{"photo_id": 0}] * 5, [{}] * 5, True]],
    *[("market.addToAlbum", value) for value in NO_WORD],
    *[("market.addAlbum", value) for value in [*NO_WORD, {"market_album_id": 0}]],
]


# After this answer alone a database is asked what no other test asks it: the item goes into its album again.
TOLD_TWICE: tuple[str, Any] = ("market.addToAlbum", [])


@pytest.mark.parametrize(
    ("method", "value"),
    [
        pytest.param(
            *answer, id="-".join(map(str, answer)), marks=() if answer == TOLD_TWICE else pytest.mark.once
        )
        for answer in ANSWERS
    ],
)
def test_an_odd_answer_to_a_write_doubles_and_loses_nothing(
    box: Sandbox, user: User, odd: dict[str, Distort], method: str, value: Any
) -> None:
    first_run(box, user)
    store = store_of(box)
    group = box.evotor.add_group(store.id, "Чай")
    box.evotor.add_product(store.id, "Чай зелёный", parent_id=group.id, price=70, quantity=3)
    product_id = next(iter(store.products))
    box.evotor.edit_product(store.id, product_id, price=555)
    answers = iter([value])
    odd[method] = lambda answer: next(answers, answer)
    job = run(user)
    assert job.is_finished
    assert not Listing.objects.for_user(user).filter(vk_item_id__lte=0).exists()
    odd.clear()
    assert run(user).status == SyncJob.Status.SUCCESS
    assert_complete(box, ITEMS + 1)
    assert 55500 in [item.price_kopecks for item in box.vk.live_items()]
    albums = [album.title for album in box.vk.communities[box.group_id].albums.values()]
    assert sorted(albums) == ["Посуда", "Чай"]
