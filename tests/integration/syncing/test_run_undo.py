"""A run is undone: VK shows what it showed before, whatever happens on the way, and keeps it so."""

import random
from typing import Any

import pytest

from accounts.models import User
from catalog.models import Product
from sandbox import Sandbox
from syncing.core.choices import ActionKind
from syncing.models import Listing, SyncJob
from syncing.services import run_undo
from syncing.services.settings import configure
from tests.integration.syncing.running import open_shop, put_goods, reprice, run

pytestmark = pytest.mark.django_db(transaction=True)

# So many goods, so many random changes.
GOODS, CHANGES = 100, 300


def picture(box: Sandbox) -> dict[int, Any]:
    """Return what buyers see of every item, with its albums by their titles."""
    albums = {album.id: album.title for album in box.vk.communities[box.group_id].albums.values()}
    return {
        item.id: (
            item.title,
            item.description,
            item.price_kopecks,
            item.old_price_kopecks,
            item.category_id,
            item.hidden,
            item.main_photo_id,
            sorted(albums[pk] for pk in item.album_ids),
        )
        for item in box.vk.live_items()
    }


def change_at_random(box: Sandbox, dice: random.Random, changes: int) -> None:
    """Change prices, names, descriptions and groups of goods in the till."""
    store = next(iter(box.evotor.stores.values()))
    groups = [*store.groups, box.evotor.add_group(store.id, "Новая посуда").id]
    goods = list(store.products.values())
    for number in range(changes):
        one = dice.choice(goods)
        new: dict[str, Any] = dice.choice(
            [
                {"price": dice.randint(50, 400)},
                {"name": f"Кружка новая {number}"},
                {"description": f"Описание {number}"},
                {"parent_id": dice.choice(groups)},
            ]
        )
        box.evotor.edit_product(store.id, one.id, **new)


def undo(user: User, job: SyncJob) -> int:
    number = run_undo.undo_run(user, job)
    job.refresh_from_db()
    assert job.undone_at is not None
    return number


def price(box: Sandbox) -> set[int]:
    return {item.price_kopecks for item in box.vk.live_items()}


@pytest.mark.parametrize("fault", [None, "reset_after", "reset_before"])
def test_three_hundred_random_changes_undone_are_the_picture_before(
    box: Sandbox, no_waiting: None, fault: str | None
) -> None:
    user = open_shop(box, items=GOODS)
    run(user, approve=True)
    before = picture(box)
    change_at_random(box, random.Random(16), CHANGES)
    done = run(user, approve=True)
    assert done.items_updated > GOODS // 2
    assert picture(box) != before
    assert undo(user, done) == done.items_updated
    if fault:
        for nth in (1, 3):
            box.vk.fault(fault, nth=nth, method="execute")
    run(user, approve=True)
    box.vk.faults.clear()
    run(user, approve=True)
    assert picture(box) == before
    box.vk.forget_calls()
    again = run(user)
    assert (again.items_updated, again.items_hidden, again.items_created) == (0, 0, 0)
    assert picture(box) == before, "The next run does not undo the undo."
    run_undo.release(user)
    assert run(user, approve=True).items_updated == done.items_updated


def test_a_new_price_in_the_till_ends_the_hold(user: User, box: Sandbox) -> None:
    run(user)
    reprice(box, by=7)
    undo(user, run(user, approve=True))
    run(user, approve=True)
    assert 10_000 in price(box)
    assert Listing.objects.held().count() == 12
    reprice(box, by=5)
    run(user, approve=True)
    assert min(price(box)) == 11_200
    assert not Listing.objects.held().exists()


def test_goods_that_the_run_made_are_hidden_and_come_back_when_released(user: User, box: Sandbox) -> None:
    run(user)
    put_goods(box, 2, name="Тарелка")
    done = run(user, approve=True)
    assert undo(user, done) == 2
    job = run(user, approve=True)
    assert job.items_hidden == 2
    hidden = [item.title for item in box.vk.live_items() if item.hidden]
    assert sorted(hidden) == ["Тарелка 0", "Тарелка 1"]
    rows = job.items.filter(action=ActionKind.HIDE)
    assert {row.reason for row in rows} == {"undone"}
    assert run(user).items_updated == 0
    assert run_undo.release(user, Product.objects.get(name="Тарелка 1")) == 1
    run(user, approve=True)
    assert [item.title for item in box.vk.live_items() if item.hidden] == ["Тарелка 0"]


def test_what_the_merchant_changed_in_vk_after_the_run_stays(user: User, box: Sandbox) -> None:
    run(user)
    store = next(iter(box.evotor.stores.values()))
    one = next(iter(store.products.values()))
    box.evotor.edit_product(store.id, one.id, name="Кружка другая", price=120)
    done = run(user, approve=True)
    item = next(item for item in box.vk.live_items() if item.title == "Кружка другая")
    with box.vk.lock:
        item.title = "Моя кружка"
    undo(user, done)
    run(user, approve=True)
    assert (item.title, item.price_kopecks) == ("Моя кружка", 10_000)


def test_a_run_dearer_by_the_merchants_own_markup_is_undone_too(user: User, box: Sandbox) -> None:
    run(user)
    configure(user, values={"markup_percent": "10"})
    done = run(user, approve=True)
    assert min(price(box)) == 11_000
    undo(user, done)
    run(user, approve=True)
    assert min(price(box)) == 10_000
