"""Albums when VK refuses, groups are renamed or the shop is full: everything ends in its place, once."""

import pytest
from django.utils import timezone

from accounts.models import User
from connections.clients.error_catalog import VkError
from sandbox import Sandbox
from sandbox.evotor.records import TillProduct
from sandbox.faults import Fault
from syncing.models import Listing, Notification, ShopLimits, SyncJob
from syncing.publishing.vk import albums as albums_module
from syncing.services.settings import config_for
from tests.integration.faults.shop import ITEMS, assert_complete, first_run, run, store_of, titles

pytestmark = pytest.mark.django_db

Status = SyncJob.Status
INTERNAL_ERROR, INVALID = 10, 100


@pytest.fixture(autouse=True)
def no_questions(user: User) -> None:
    """Let big plans run."""
    config = config_for(user)
    config.brake_items = 10_000
    config.save()


def albums(box: Sandbox) -> dict[str, int]:
    """Return the number of items of each album in VK, by title."""
    community = box.vk.communities[box.group_id]
    return {album.title: len(album.item_ids) for album in community.albums.values()}


def writes(box: Sandbox, method: str) -> int:
    return sum(call.method == method for call in box.vk.calls)


def add_groups(box: Sandbox, number: int, *, size: int = 1) -> None:
    store = store_of(box)
    for place in range(number):
        group = box.evotor.add_group(store.id, f"Полка {place}")
        for item in range(size):
            box.evotor.add_product(
                store.id, f"Чашка {place}-{item}", parent_id=group.id, price=50, quantity=3
            )


def test_goods_that_vk_did_not_put_into_an_album_are_put_there_by_the_next_run(
    box: Sandbox, user: User
) -> None:
    bad_hour = box.vk.fault("error", method="market.addToAlbum", inner=True, times=0, code=INTERNAL_ERROR)
    run(user)
    assert albums(box) == {"Посуда": 0}
    bad_hour.nth = 10**9
    assert run(user).status == Status.SUCCESS
    assert albums(box) == {"Посуда": ITEMS}
    assert not Listing.objects.exclude(merchant_fields=[]).exists()


@pytest.mark.once
def test_goods_that_vk_did_not_take_out_of_an_album_are_taken_out_in_the_next_run(
    box: Sandbox, user: User
) -> None:
    first_run(box, user)
    store = store_of(box)
    other = box.evotor.add_group(store.id, "Чашки")
    for product in list(store.products.values())[:3]:
        box.evotor.edit_product(store.id, product.id, parent_id=other.id)
    bad_hour = box.vk.fault(
        "error", method="market.removeFromAlbum", inner=True, times=0, code=INTERNAL_ERROR
    )
    assert run(user).status == Status.PARTIAL
    bad_hour.nth = 10**9
    assert run(user).status == Status.SUCCESS
    assert albums(box) == {"Посуда": ITEMS - 3, "Чашки": 3}
    asked = len(box.vk.calls)
    assert run(user).status == Status.SUCCESS
    assert not [
        call.method for call in box.vk.calls[asked:] if "Album" in call.method and "get" not in call.method
    ]


@pytest.mark.once
def test_a_full_album_is_not_asked_again_until_there_is_room(box: Sandbox, user: User) -> None:
    box.vk.limits.items_in_album = 20
    assert run(user).status == Status.SUCCESS
    assert albums(box) == {"Посуда": 20}
    asked = writes(box, "market.addToAlbum")
    run(user)
    assert writes(box, "market.addToAlbum") == asked
    store = store_of(box)
    inside = box.vk.communities[box.group_id]
    gone = Listing.objects.get(vk_item_id=next(iter(inside.albums.values())).item_ids[0])
    other = box.evotor.add_group(store.id, "Чашки")
    box.evotor.edit_product(store.id, gone.product_evotor_id, parent_id=other.id)
    run(user)
    run(user)
    assert albums(box) == {"Посуда": 20, "Чашки": 1}


@pytest.mark.same_statements
@pytest.mark.parametrize("known", [2, 1_000])
def test_many_full_albums_are_each_filled_and_asked_once(
    box: Sandbox, user: User, monkeypatch: pytest.MonkeyPatch, known: int
) -> None:
    monkeypatch.setattr(albums_module, "ITEMS_PER_ALBUM", known)
    monkeypatch.setattr(albums_module, "ITEMS_PER_CALL", 2)
    box.vk.limits.items_in_album = 2
    add_groups(box, 12, size=5)
    job = run(user)
    assert (job.status, job.error_count) == (Status.SUCCESS, 0)
    assert set(albums(box).values()) == {2}
    assert len(albums(box)) == 13
    asked = writes(box, "market.addToAlbum")
    assert run(user).status == Status.SUCCESS
    assert writes(box, "market.addToAlbum") == asked


def test_renamed_groups_take_their_albums_along_where_the_shop_holds_no_more(
    box: Sandbox, user: User
) -> None:
    box.vk.limits.albums = 20
    add_groups(box, 16)
    run(user)
    made = writes(box, "market.addAlbum")
    store = store_of(box)
    for group in list(store.groups.values()):
        if group.name.startswith("Полка"):
            box.evotor.edit_group(store.id, group.id, name=group.name.replace("Полка", "Витрина"))
    assert run(user).status == Status.SUCCESS
    expected = {f"Витрина {number}": 1 for number in range(16)} | {"Посуда": ITEMS}
    assert albums(box) == expected
    assert writes(box, "market.addAlbum") == made
    assert writes(box, "market.editAlbum") == 16


@pytest.mark.once
def test_an_album_that_the_merchant_renamed_is_known_by_its_id(box: Sandbox, user: User) -> None:
    first_run(box, user)
    album = next(iter(box.vk.communities[box.group_id].albums.values()))
    album.title = "Лучшая посуда"
    box.evotor.add_product(
        store_of(box).id, "Новая кружка", parent_id=next(iter(store_of(box).groups)), price=9, quantity=1
    )
    assert run(user).status == Status.SUCCESS
    assert albums(box) == {"Лучшая посуда": ITEMS + 1}


@pytest.mark.once
def test_more_groups_than_albums_end_in_success_with_one_notification(box: Sandbox, user: User) -> None:
    box.vk.limits.albums = 5
    add_groups(box, 8)
    assert run(user).status == Status.SUCCESS
    assert albums(box)["Посуда"] == ITEMS
    assert len(albums(box)) == 5
    refused = writes(box, "market.addAlbum")
    for _ in range(2):
        job = run(user)
        assert (job.status, job.error_count) == (Status.SUCCESS, 0)
    assert writes(box, "market.addAlbum") == refused
    assert [row.trouble for row in Notification.objects.all()] == ["limits"]
    limits = ShopLimits.objects.get(user=user)
    assert (limits.albums, len(limits.without_album)) == (5, 4)


def test_the_notification_ends_when_there_is_room_for_the_albums(box: Sandbox, user: User) -> None:
    box.vk.limits.albums = 5
    add_groups(box, 8)
    run(user)
    store = store_of(box)
    for group in list(store.groups.values()):
        if group.name.startswith("Полка"):
            for product in [
                one for one in store.products.values() if one.fields.get("parent_id") == group.id
            ]:
                box.evotor.edit_product(store.id, product.id, parent_id=next(iter(store.groups)))
    for _ in range(2):
        run(user)
    assert Notification.objects.get().closed_at is not None
    assert albums(box) == {"Посуда": ITEMS + 8}


@pytest.mark.once
def test_goods_that_left_long_ago_make_room_in_a_full_shop(box: Sandbox, user: User) -> None:
    first_run(box, user)
    store = store_of(box)
    for product in list(store.products.values())[:10]:
        box.evotor.delete_product(store.id, product.id)
    run(user)
    box.vk.limits.items = ITEMS + 5
    for number in range(15):
        box.evotor.add_product(store.id, f"Новая чашка {number}", price=70, quantity=2)
    assert run(user).status == Status.SUCCESS
    assert_complete(box, ITEMS + 5)
    visible = [item for item in box.vk.communities[box.group_id].items.values() if item.deleted_at is None]
    assert sum("Новая чашка" in item.title for item in visible) == 15


def test_a_lost_picture_in_a_shop_that_turns_out_full_makes_nothing_twice(box: Sandbox, user: User) -> None:
    run(user)
    store = store_of(box)
    for product in list(store.products.values())[:10]:
        box.evotor.delete_product(store.id, product.id)
    run(user)
    box.vk.limits.items = ITEMS + 5
    for number in range(15):
        box.evotor.add_product(store.id, f"Новая чашка {number}", price=70, quantity=2)
    text = "photo not found or already assigned to another item"
    box.vk.fault("error", code=100, text=text, method="market.add")
    assert run(user).status == Status.SUCCESS
    assert_complete(box, ITEMS + 5)
    assert sum("Новая чашка" in title for title in titles(box)) == 15


def test_what_has_no_room_is_not_tried_again_every_hour(box: Sandbox, user: User) -> None:
    box.vk.limits.items = 20
    run(user)
    assert_complete(box, 20)
    tried = writes(box, "market.add")
    job = run(user)
    assert job.skipped_by_reason == {"limit": ITEMS - 20}
    assert (job.status, job.error_code) == (Status.SUCCESS, VkError.TOO_MANY_ITEMS)
    assert job.error_detail
    assert writes(box, "market.add") == tried
    assert [row.trouble for row in Notification.objects.open()][-1:] == ["limits"]


@pytest.mark.once
def test_an_item_that_moved_twice_while_vk_refused_ends_in_one_album(box: Sandbox, user: User) -> None:
    add_groups(box, 2, size=3)
    run(user)
    store = store_of(box)
    groups = {group.name: group.id for group in store.groups.values()}
    cup = next(product for product in store.products.values() if product.fields["name"] == "Чашка 0-0")
    bad_hour = box.vk.fault(
        "error", method="market.removeFromAlbum", inner=True, times=0, code=INTERNAL_ERROR
    )
    for name in ("Полка 1", "Посуда"):
        box.evotor.edit_product(store.id, cup.id, parent_id=groups[name])
        assert run(user).status == Status.PARTIAL
    bad_hour.nth = 10**9
    for _ in range(2):
        run(user)
    assert albums(box) == {"Посуда": ITEMS + 1, "Полка 0": 2, "Полка 1": 3}


@pytest.mark.once
def test_goods_whose_album_could_not_be_made_do_not_count_as_updated(box: Sandbox, user: User) -> None:
    bad_hour = box.vk.fault("error", method="market.addAlbum", inner=True, times=0, code=INTERNAL_ERROR)
    run(user)
    job = run(user)
    assert (job.status, job.items_updated) == (Status.PARTIAL, 0)
    bad_hour.nth = 10**9
    job = run(user)
    assert (job.status, job.items_updated) == (Status.SUCCESS, ITEMS)
    assert albums(box) == {"Посуда": ITEMS}


FINAL = 100


def refuse(box: Sandbox, method: str) -> Fault:
    """Let VK refuse every call of a method for good."""
    return box.vk.fault("error", method=f"market.{method}", inner=True, times=0, code=FINAL)


def end(fault: Fault) -> None:
    fault.nth = 10**9


def group_id(box: Sandbox, name: str) -> str:
    return next(str(group.id) for group in store_of(box).groups.values() if group.name == name)


def goods_of(box: Sandbox, name: str) -> list[str]:
    """Return the ids of the till's products in a group."""
    goods = store_of(box).products.values()
    return [product.id for product in goods if product.fields.get("parent_id") == group_id(box, name)]


def test_an_album_that_vk_will_not_make_is_asked_for_once_a_title(box: Sandbox, user: User) -> None:
    refusal = refuse(box, "addAlbum")
    for _ in range(3):
        job = run(user)
        assert (job.status, job.error_code, job.error_count) == (Status.SUCCESS, "albums_refused", 0)
        assert "Посуда" in job.error_detail
    assert writes(box, "market.addAlbum") == 1
    assert not Notification.objects.exists()
    end(refusal)
    store = store_of(box)
    box.evotor.edit_group(store.id, group_id(box, "Посуда"), name="Чашки и кружки")
    job = run(user)
    assert (job.status, job.error_code) == (Status.SUCCESS, "")
    assert albums(box) == {"Чашки и кружки": ITEMS}
    assert ShopLimits.objects.get().album_refusals is None


def test_an_album_that_vk_will_not_rename_takes_its_groups_goods_under_the_old_title(
    box: Sandbox, user: User
) -> None:
    first_run(box, user)
    store = store_of(box)
    refusal = refuse(box, "editAlbum")
    box.evotor.edit_group(store.id, group_id(box, "Посуда"), name="Кружки")
    box.evotor.add_product(store.id, "Кружка новая", parent_id=group_id(box, "Кружки"), price=9, quantity=1)
    for _ in range(3):
        job = run(user)
        assert (job.status, job.error_code) == (Status.SUCCESS, "albums_refused")
    assert writes(box, "market.editAlbum") == 1
    assert albums(box) == {"Посуда": ITEMS + 1}
    end(refusal)
    box.evotor.edit_group(store.id, group_id(box, "Кружки"), name="Кружки и чашки")
    assert run(user).error_code == ""
    assert albums(box) == {"Кружки и чашки": ITEMS + 1}


@pytest.mark.once
def test_an_album_that_vk_will_not_remove_is_asked_for_once(box: Sandbox, user: User) -> None:
    add_groups(box, 1, size=2)
    run(user)
    refuse(box, "deleteAlbum")
    for product in goods_of(box, "Полка 0"):
        box.evotor.edit_product(store_of(box).id, product, parent_id=group_id(box, "Посуда"))
    run(user)
    for _ in range(3):
        job = run(user)
        assert (job.status, job.error_code) == (Status.SUCCESS, "albums_refused")
    assert writes(box, "market.deleteAlbum") == 1
    assert albums(box) == {"Посуда": ITEMS + 2, "Полка 0": 0}


def test_an_item_that_vk_will_not_take_out_of_an_album_is_asked_for_once(box: Sandbox, user: User) -> None:
    add_groups(box, 2, size=2)
    run(user)
    refusal = refuse(box, "removeFromAlbum")
    moved = goods_of(box, "Полка 0")[0]
    box.evotor.edit_product(store_of(box).id, moved, parent_id=group_id(box, "Полка 1"))
    for _ in range(4):
        job = run(user)
        assert (job.status, job.error_code) == (Status.SUCCESS, "albums_refused")
    assert writes(box, "market.removeFromAlbum") == 1
    assert albums(box) == {"Посуда": ITEMS, "Полка 0": 2, "Полка 1": 3}
    end(refusal)
    Listing.objects.update(stay_refusal=None)
    for _ in range(2):
        assert run(user).error_code == ""
    assert albums(box) == {"Посуда": ITEMS, "Полка 0": 1, "Полка 1": 3}


@pytest.mark.once
def test_an_item_that_stands_in_its_album_is_not_put_there_again(box: Sandbox, user: User) -> None:
    add_groups(box, 2, size=2)
    run(user)
    bad_hour = box.vk.fault(
        "error", method="market.removeFromAlbum", inner=True, times=0, code=INTERNAL_ERROR
    )
    for product in goods_of(box, "Полка 0"):
        box.evotor.edit_product(store_of(box).id, product, parent_id=group_id(box, "Полка 1"))
    run(user)
    asked = writes(box, "market.addToAlbum")
    end(bad_hour)
    assert run(user).status == Status.SUCCESS
    assert run(user).items_updated == 0
    assert writes(box, "market.addToAlbum") == asked
    assert albums(box) == {"Посуда": ITEMS, "Полка 1": 4}


def test_one_item_inside_does_not_keep_the_others_out(box: Sandbox, user: User) -> None:
    first_run(box, user)
    community = box.vk.communities[box.group_id]
    album = next(iter(community.albums.values()))
    hidden_from_us = album.item_ids[:5]
    for item_id in hidden_from_us:
        album.item_ids.remove(item_id)
        community.items[item_id].album_ids.remove(album.id)

    def put_back() -> None:
        album.item_ids.append(hidden_from_us[0])
        community.items[hidden_from_us[0]].album_ids.append(album.id)

    box.vk.fault("action", method="market.addToAlbum", inner=True, do=put_back)
    assert run(user).status == Status.SUCCESS
    assert albums(box) == {"Посуда": ITEMS}


def test_hidden_goods_give_their_album_up_where_albums_are_short(box: Sandbox, user: User) -> None:
    box.vk.limits.albums = 3
    add_groups(box, 2, size=2)
    run(user)
    store = store_of(box)
    for product in goods_of(box, "Полка 0"):
        box.evotor.delete_product(store.id, product)
    run(user, approve=True)
    assert albums(box)["Полка 0"] == 2
    group = box.evotor.add_group(store.id, "Вазы")
    box.evotor.add_product(store.id, "Ваза", parent_id=group.id, price=50, quantity=3)
    ShopLimits.objects.update_or_create(
        user=user, vk_group_id=box.group_id, defaults={"albums": 3, "albums_at": timezone.now()}
    )
    for _ in range(2):
        run(user)
    assert albums(box) == {"Посуда": ITEMS, "Полка 1": 2, "Вазы": 1}
    asked = len(box.vk.calls)
    assert run(user).status == Status.SUCCESS
    assert not [call for call in box.vk.calls[asked:] if call.method.endswith("Album")]


def test_hidden_goods_give_their_places_up_in_a_full_album(box: Sandbox, user: User) -> None:
    box.vk.limits.items_in_album = ITEMS
    run(user)
    store = store_of(box)
    gone = goods_of(box, "Посуда")[:6]
    kept = {product: dict(store.products[product].fields) for product in gone}
    for product in gone:
        box.evotor.delete_product(store.id, product)
    run(user, approve=True)
    for number in range(4):
        box.evotor.add_product(
            store.id, f"Новая чашка {number}", parent_id=group_id(box, "Посуда"), price=9, quantity=1
        )
    for _ in range(2):
        assert run(user).status == Status.SUCCESS
    album = next(iter(box.vk.communities[box.group_id].albums.values()))
    items = box.vk.communities[box.group_id].items
    inside = [items[number] for number in album.item_ids]
    assert (len(inside), sum(item.hidden for item in inside)) == (ITEMS, 2)
    asked = len(box.vk.calls)
    run(user)
    assert not [call for call in box.vk.calls[asked:] if "Album" in call.method and "get" not in call.method]
    for product, fields in kept.items():
        box.evotor.add_product(store.id, fields.pop("name"), product_id=product, **fields)
    for _ in range(3):
        run(user, approve=True)
    asked = writes(box, "market.removeFromAlbum")
    run(user)
    assert writes(box, "market.removeFromAlbum") == asked


def test_a_group_that_clearly_outgrows_another_takes_its_album(box: Sandbox, user: User) -> None:
    box.vk.limits.albums = 3
    add_groups(box, 3, size=2)
    for _ in range(2):
        run(user)
    left_out = next(iter(ShopLimits.objects.get().without_album))
    store = store_of(box)

    def grow(number: int, name: str) -> None:
        for place in range(number):
            box.evotor.add_product(
                store.id, f"Ваза {name} {len(store.products)} {place}", parent_id=group_id(box, name), price=9
            )

    grow(1, left_out)
    before = albums(box).keys()
    run(user)
    assert albums(box).keys() == before
    grow(4, left_out)
    asked = len(box.vk.calls)
    assert run(user).status == Status.SUCCESS
    assert albums(box)[left_out] == 7
    calls = [call.method for call in box.vk.calls[asked:] if call.method.endswith("Album")]
    assert sorted(calls) == ["market.addAlbum", "market.addToAlbum", "market.deleteAlbum"]
    assert len(albums(box)) == 3
    other = next(iter(ShopLimits.objects.get().without_album))
    grow(6, other)
    before = albums(box).keys()
    run(user)
    assert albums(box).keys() != before
    assert albums(box)[left_out] == 7
    grow(3, "Посуда")
    before = albums(box).keys()
    for _ in range(2):
        run(user)
        assert albums(box).keys() == before


def empty_the_album(box: Sandbox, user: User) -> None:
    """Run, and have all of the till's goods in a group that has its album already."""
    store = store_of(box)
    other = box.evotor.add_group(store.id, "Чашки")
    box.evotor.add_product(store.id, "Чашка", parent_id=other.id, price=50, quantity=3)
    run(user)
    assert albums(box) == {"Посуда": ITEMS, "Чашки": 1}
    for product in list(store.products.values()):
        box.evotor.edit_product(store.id, product.id, parent_id=other.id)


def add_a_group_where_albums_are_full(box: Sandbox, user: User) -> TillProduct:
    """Have one album empty, both that VK allows in use, and a new group; return its only product."""
    empty_the_album(box, user)
    box.vk.limits.albums = 2
    ShopLimits.objects.update_or_create(
        user=user, vk_group_id=box.group_id, defaults={"albums": 2, "albums_at": timezone.now()}
    )
    store = store_of(box)
    jars = box.evotor.add_group(store.id, "Банки")
    return box.evotor.add_product(store.id, "Банка", parent_id=jars.id, price=50, quantity=3)


@pytest.mark.once
def test_an_emptied_album_goes_in_the_same_run_and_the_next_one_writes_nothing(
    box: Sandbox, user: User
) -> None:
    empty_the_album(box, user)
    run(user)
    assert albums(box) == {"Чашки": ITEMS + 1}
    asked = len(box.vk.calls)
    assert run(user).status == Status.SUCCESS
    assert not [
        call.method
        for call in box.vk.calls[asked:]
        if call.method.startswith("market.") and "get" not in call.method
    ]


@pytest.mark.once
def test_at_the_limit_of_albums_an_emptied_one_gives_its_place_to_a_new_group_in_one_run(
    box: Sandbox, user: User
) -> None:
    add_a_group_where_albums_are_full(box, user)
    assert run(user).status == Status.SUCCESS
    assert albums(box) == {"Чашки": ITEMS + 1, "Банки": 1}
    assert ShopLimits.objects.get().without_album == {}


@pytest.mark.once
def test_a_new_group_waits_for_the_place_of_an_album_that_vk_does_not_let_every_item_leave(
    box: Sandbox, user: User
) -> None:
    made = add_a_group_where_albums_are_full(box, user)
    box.vk.fault("error", method="market.removeFromAlbum", inner=True, times=0, code=INTERNAL_ERROR)
    run(user)
    assert "Банки" not in albums(box)
    # The goods of the new group are for sale all the same, and get their album when the place is free.
    assert Listing.objects.get(product_evotor_id=made.id).state == Listing.State.LIVE
    box.vk.faults.clear()
    run(user)
    run(user)
    assert albums(box) == {"Чашки": ITEMS + 1, "Банки": 1}


@pytest.mark.once
@pytest.mark.parametrize(("code", "times", "kept"), [(INTERNAL_ERROR, 0, ITEMS), (INVALID, 1, 1)])
def test_an_album_stays_that_vk_does_not_let_every_item_leave(
    box: Sandbox, user: User, code: int, times: int, kept: int
) -> None:
    empty_the_album(box, user)
    box.vk.fault("error", method="market.removeFromAlbum", inner=True, times=times, code=code)
    run(user)
    assert (albums(box)["Посуда"], writes(box, "market.deleteAlbum")) == (kept, 0)
