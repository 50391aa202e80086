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
    "one title for all": having(title="DELETED"),
    "one picture for all": having(photos=[{"id": 7}]),
    "texts of another type": having(title=True, description=[["x"]], sku={"a": 1}),
    "texts are numbers": having(title=5, description=7.5, sku=12),
    "ids below zero": having(photos=[{"id": -5}], category={"id": -5}, albums_ids=[-1]),
    "ids beyond bounds": having(photos=[{"id": 10**30}], category={"id": 10**30}, albums_ids=[10**30]),
    "prices below zero": having(price={"amount": "-5", "old_amount": "-5"}),
    "old price below zero": in_items(lambda item: item["price"].update(old_amount="-5")),
    "parts of numbers": having(stock_amount=1.5, photos=[{"id": 1.5}], category={"id": 1.5}),
    "stock below zero": having(stock_amount=-7),
    "no id in bounds": having(id=10**30),
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
    "value", [{}, [], None, "text", 7, {"items": 7, "count": 26}, {"items": []}, {"count": None}], ids=repr
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


ALBUMS: dict[str, Distort] = {
    "null for a list": lambda page: page | {"items": None},
    "no list": lambda page: {"count": page["count"]},
    "nothing": lambda page: {},
    "an id beyond bounds": in_items(lambda album: album.update(id=10**30)),
    "an id below zero": in_items(lambda album: album.update(id=-5)),
    "no title": in_items(lambda album: album.update(title=None)),
}


@pytest.mark.once
@pytest.mark.parametrize("name", ALBUMS)
def test_an_odd_list_of_albums_makes_none_twice(
    box: Sandbox, user: User, odd: dict[str, Distort], name: str
) -> None:
    first_run(box, user)
    odd.update(dict.fromkeys(("market.getAlbums", "market.getAlbumById"), ALBUMS[name]))
    job = run(user)
    assert (job.status, job.error_code) == (SyncJob.Status.FAILED, "vk.bad_json")
    odd.clear()
    assert run(user).status == SyncJob.Status.SUCCESS
    assert [album.title for album in box.vk.albums.values()] == ["Посуда"]


@pytest.mark.once
@pytest.mark.parametrize("count", [None, [], "пусто", -1])
def test_an_album_of_which_vk_does_not_say_what_it_holds_is_not_removed(
    box: Sandbox, user: User, odd: dict[str, Distort], count: Any
) -> None:
    first_run(box, user)
    (album,) = box.vk.albums.values()
    mittens = box.vk.create_item("Варежки вязаные")
    album.item_ids.append(mittens.id)
    mittens.album_ids.append(album.id)
    store = store_of(box)
    others = [box.evotor.add_group(store.id, name).id for name in ("Чай", "Кофе")]
    for number, product_id in enumerate(store.products):
        box.evotor.edit_product(store.id, product_id, parent_id=others[number % 2])
    odd["market.getAlbums"] = in_items(lambda one: one.update(count=count))
    for _ in range(3):
        assert run(user, approve=True).status == SyncJob.Status.SUCCESS
    assert (album.item_ids, mittens.album_ids) == ([mittens.id], [album.id])
    assert album.id in box.vk.albums


# What VK answers after it has carried the call out.
NO_WORD: list[Any] = [0, None, [], {}, ""]
NO_ID = {"market_item_id": 10**30}
ANSWERS: list[tuple[str, Any]] = [
    *[("market.edit", value) for value in NO_WORD],
    *[
        ("market.add", value)
        for value in [*NO_WORD, {"market_item_id": 0}, {"market_item_id": True}, NO_ID, 1]
    ],
    *[
        ("market.saveProductPhotoBulk", value)
        for value in [*NO_WORD, [{"photo_id": 0}] * 5, [{}] * 5, [{"photo_id": 10**30}], True]
    ],
    *[("market.addToAlbum", value) for value in NO_WORD],
    *[
        ("market.addAlbum", value)
        for value in [*NO_WORD, {"market_album_id": 0}, {"market_album_id": 10**30}]
    ],
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
