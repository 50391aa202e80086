"""A run is undone by a run: VK shows what it showed before, and later words stay."""

import random
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from catalog.choices import PhotoMove
from catalog.models import Product
from catalog.photos.placeholders import placeholder
from catalog.photos.services import add_photo, move_photo
from connections.vk.connect import connect_vk
from sandbox import Sandbox
from sandbox.faults import Fault
from sandbox.vk.records import ADMINISTRATOR
from syncing.core.choices import Removal
from syncing.models import Listing, SyncConfig, SyncJob, SyncJobItem, UndoneChange
from syncing.services import undo
from syncing.services.errors import CannotSync
from tests.integration.faults.shop import ITEMS, first_run, run, store_of

pytestmark = pytest.mark.django_db
MANY, CHANGES = 60, 300


def picture(box: Sandbox) -> dict[int, tuple[Any, ...]]:
    """Return what shoppers see of each item, by its id."""
    albums = {pk: album.title for pk, album in box.vk.albums.items()}
    return {
        item.id: (
            item.title,
            item.description,
            item.price_kopecks,
            sorted(albums[pk] for pk in item.album_ids),
        )
        for item in box.vk.live_items()
        if not item.hidden
    }


def products(box: Sandbox) -> list[Any]:
    return list(store_of(box).products.values())


def last_run(user: User) -> SyncJob:
    return SyncJob.objects.for_user(user).latest("pk")


def edit(box: Sandbox, number: int, **changes: Any) -> None:
    box.evotor.edit_product(store_of(box).id, products(box)[number].id, **changes)


def photographed(box: Sandbox, user: User, number: int) -> list[Product]:
    """Give so many products a photo of the merchant's own, and return them."""
    goods = list(Product.objects.for_user(user).order_by("pk")[:number])
    for product in goods:
        add_photo(product, jpeg=placeholder(f"Снимок {product.pk}", ""))
    return goods


def main_photos(box: Sandbox, items: list[int]) -> list[str]:
    return [box.vk.photos[box.vk.communities[box.group_id].items[pk].main_photo_id].sha for pk in items]


@pytest.mark.parametrize(("chance", "removal"), [(1, Removal.HIDE), (2, Removal.DELETE)])
def test_hundreds_of_changes_undone_are_vks_picture_of_before(
    box: Sandbox, user: User, chance: int, removal: Removal
) -> None:
    """Texts, prices, albums, pictures, goods that came, went, were hidden or removed; an album deleted."""
    SyncConfig.objects.filter(user=user).update(description_template="{name} за {price}", removal=removal)
    store, by_chance = store_of(box), random.Random(chance)
    toys = box.evotor.add_group(store.id, "Игрушки")
    groups = [toys.id, products(box)[0].fields["parent_id"], None]
    for number in range(MANY - ITEMS):
        box.evotor.add_product(store.id, f"Мяч красный {number}", parent_id=toys.id, price=200, quantity=3)
    run(user, approve=True)
    goods = photographed(box, user, 5)
    run(user)
    items = [row.vk_item_id or 0 for row in Listing.objects.filter(product__in=goods)]
    before, photos = picture(box), main_photos(box, items)
    assert len(before) == MANY

    for product in goods:
        add_photo(product, jpeg=placeholder(f"Новый снимок {product.pk}", ""))
        move_photo(product.photos.in_order()[1], PhotoMove.MAIN)
    for number in range(CHANGES):
        till = by_chance.choice(products(box))
        match by_chance.randrange(12):
            case 0:
                box.evotor.add_product(store.id, f"Лопата {number}", price=300, quantity=1)
            case 1 if len(products(box)) > MANY // 2:
                box.evotor.delete_product(store.id, till.id)
            case 2 | 3 | 4:
                box.evotor.edit_product(store.id, till.id, name=f"Новое имя {number}")
            case 5 | 6:
                box.evotor.edit_product(store.id, till.id, parent_id=by_chance.choice(groups))
            case _:
                price = till.fields["price"] + by_chance.randrange(1, 9)
                box.evotor.edit_product(store.id, till.id, price=price)
    job = run(user, approve=True)
    assert picture(box) != before
    assert main_photos(box, items) != photos

    assert undo.undo(job) == SyncJobItem.objects.filter(job=job).count()
    box.vk.merchant.delete_album(next(iter(box.vk.albums)))
    run(user, approve=True)
    run(user, approve=True)
    assert picture(box) == before
    still = run(user)
    assert (still.status, still.done, picture(box)) == ("success", 0, before)
    assert main_photos(box, items) == photos


@pytest.mark.once
def test_a_run_is_undone_once(box: Sandbox, user: User) -> None:
    first_run(box, user)
    edit(box, 3, price=110)
    job = run(user)
    assert undo.undo(job) == 1
    assert undo.undo(job) == 0


@pytest.mark.once
def test_one_product_of_a_run_is_undone_and_the_others_stay(box: Sandbox, user: User) -> None:
    first_run(box, user)
    before = picture(box)
    for number in (3, 4):
        edit(box, number, price=110 + number)
    job = run(user)
    product = Product.objects.get(evotor_id=products(box)[3].id)
    assert undo.undo(job, product) == 1
    run(user)
    prices = {shown[0]: shown[2] for shown in picture(box).values()}
    assert prices["Кружка синяя 3"] == 10_300
    assert prices["Кружка синяя 4"] == 11_400
    assert undo.undo(job) == 1
    run(user)
    assert picture(box) == before


@pytest.mark.once
def test_two_runs_undone_one_after_the_other_lead_back_to_the_first(box: Sandbox, user: User) -> None:
    first_run(box, user)
    before = picture(box)
    jobs = []
    for price in (111, 122):
        edit(box, 3, price=price)
        jobs.append(run(user))
    for job in reversed(jobs):
        undo.undo(job)
    run(user)
    assert picture(box) == before


@pytest.mark.once
def test_what_a_later_run_wrote_stays(box: Sandbox, user: User) -> None:
    first_run(box, user)
    edit(box, 3, price=111)
    first = run(user)
    edit(box, 3, price=122)
    run(user)
    after = picture(box)
    undo.undo(first)
    run(user)
    assert picture(box) == after
    assert not UndoneChange.objects.exists()


@pytest.mark.once
def test_the_tills_next_price_wins_and_the_word_is_forgotten(box: Sandbox, user: User) -> None:
    first_run(box, user)
    edit(box, 3, price=111)
    undo.undo(run(user))
    run(user)
    edit(box, 3, price=122)
    run(user)
    assert not UndoneChange.objects.exists()
    edit(box, 3, price=111)
    run(user)
    assert 11_100 in {shown[2] for shown in picture(box).values()}


@pytest.mark.once
def test_what_the_merchant_wrote_in_vk_since_then_stays(box: Sandbox, user: User) -> None:
    first_run(box, user)
    edit(box, 3, name="Кружка белая 3")
    job = run(user)
    [item] = [item for item in box.vk.live_items() if item.title == "Кружка белая 3"]
    box.vk.merchant.rename_item(item.id, "Моя любимая")
    undo.undo(job)
    run(user)
    assert "Моя любимая" in {shown[0] for shown in picture(box).values()}


@pytest.mark.once
def test_an_undo_of_many_waits_for_the_safety_check_like_every_run(box: Sandbox, user: User) -> None:
    first_run(box, user)
    for number in range(ITEMS):
        edit(box, number, price=120 + number)
    undo.undo(run(user, approve=True))
    assert run(user).status == SyncJob.Status.NEEDS_APPROVAL


def test_released_goods_follow_the_till_again(box: Sandbox, user: User) -> None:
    first_run(box, user)
    edit(box, 3, price=111)
    job = run(user)
    after = picture(box)
    undo.undo(job)
    run(user)
    assert undo.release(user) == 1
    run(user)
    assert picture(box) == after


@pytest.mark.once
def test_an_undo_that_loses_its_answers_ends_in_the_same_picture(box: Sandbox, user: User) -> None:
    first_run(box, user)
    before = picture(box)
    for number in range(5):
        edit(box, number, price=120 + number, name=f"Чашка {number}")
    undo.undo(run(user, approve=True))
    box.vk.faults.add(Fault("reset_after", method="execute"))
    run(user, approve=True)
    run(user, approve=True)
    assert picture(box) == before


def came_again(box: Sandbox, number: int) -> None:
    """Load a product into the till again: it has another id."""
    old = products(box)[number]
    box.evotor.delete_product(store_of(box).id, old.id)
    box.evotor.add_product(store_of(box).id, **{**old.fields, "code": old.fields.get("code")})


@pytest.mark.once
@pytest.mark.parametrize("undone_first", [True, False])
def test_an_undo_follows_goods_that_the_till_has_under_another_id(
    box: Sandbox, user: User, *, undone_first: bool
) -> None:
    first_run(box, user)
    before = picture(box)
    edit(box, 3, price=150)
    job = run(user)
    if undone_first:
        assert undo.undo(job) == 1
        came_again(box, 3)
        run(user)
    else:
        came_again(box, 3)
        run(user)
        assert undo.undo(job) == 1
        run(user)
    assert picture(box) == before
    assert UndoneChange.objects.get().product.missing_since is None
    assert run(user).done == 0


@pytest.mark.once
def test_an_item_that_was_made_again_since_is_undone_too(box: Sandbox, user: User) -> None:
    first_run(box, user)
    prices = sorted(shown[2] for shown in picture(box).values())
    edit(box, 3, price=150)
    job = run(user)
    [item] = [item for item in box.vk.live_items() if item.price_kopecks == 15_000]
    box.vk.merchant.delete_item(item.id)
    run(user)
    assert undo.undo(job) == 1
    run(user)
    assert sorted(shown[2] for shown in picture(box).values()) == prices


def hidden_titles(box: Sandbox) -> list[str]:
    return [item.title for item in box.vk.live_items() if item.hidden]


@pytest.mark.same_statements
@pytest.mark.parametrize("is_removed", [False, True])
def test_goods_that_an_undo_took_out_of_vk_stay_out_until_they_are_let_in(
    box: Sandbox, user: User, *, is_removed: bool
) -> None:
    """Restocked, deleted in VK by hand, loaded into the till under another id: they stay out."""
    SyncConfig.objects.filter(user=user).update(out_of_stock="hide")
    run(user, approve=True)
    before = picture(box)
    added = box.evotor.add_product(store_of(box).id, "Лопата садовая", price=300, quantity=1)
    assert undo.undo(run(user)) == 1
    run(user)
    assert hidden_titles(box) == ["Лопата садовая"]
    if is_removed:
        [item] = [item for item in box.vk.live_items() if item.hidden]
        box.vk.merchant.delete_item(item.id)
    for quantity in (0, 9):
        box.evotor.edit_product(store_of(box).id, added.id, quantity=quantity)
        run(user)
        assert picture(box) == before
    came_again(box, len(products(box)) - 1)
    run(user)
    run(user)
    assert picture(box) == before
    row = UndoneChange.objects.get()
    assert (row.product.missing_since, row.kept) == (None, {"hidden": True})
    assert undo.release(user, row.product) == 1
    run(user)
    assert "Лопата садовая" in {shown[0] for shown in picture(box).values()}


@pytest.mark.once
@pytest.mark.parametrize(("article", "has_item"), [("LS-15", True), ("", False)])
def test_goods_that_an_undo_took_out_of_vk_stay_out_amid_a_slow_reimport(
    box: Sandbox, user: User, article: str, *, has_item: bool
) -> None:
    first_run(box, user)
    before = picture(box)
    spade = box.evotor.add_product(store_of(box).id, "Лопата садовая", price=300, article_number=article)
    undo.undo(run(user))
    run(user)
    if not has_item:
        [item] = [item for item in box.vk.live_items() if item.hidden]
        box.vk.merchant.delete_item(item.id)
        run(user)
    box.evotor.add_product(store_of(box).id, "Лопата садовая", price=300, article_number=article)
    run(user)
    assert picture(box) == before
    box.evotor.delete_product(store_of(box).id, spade.id)
    run(user)
    assert picture(box) == before


@pytest.mark.once
def test_runs_undone_one_after_the_other_take_out_what_the_first_of_them_showed(
    box: Sandbox, user: User
) -> None:
    SyncConfig.objects.filter(user=user).update(out_of_stock="hide")
    run(user, approve=True)
    before = picture(box)
    added = box.evotor.add_product(store_of(box).id, "Лопата садовая", price=300, quantity=1)
    made = run(user)
    box.evotor.edit_product(store_of(box).id, added.id, quantity=0)
    sold_out = run(user)
    for job in (sold_out, made):
        assert undo.undo(job) == 1
    box.evotor.edit_product(store_of(box).id, added.id, quantity=9)
    run(user)
    assert picture(box) == before


@pytest.mark.once
def test_a_run_of_one_community_is_not_undone_in_another(box: Sandbox, user: User) -> None:
    first_run(box, user)
    second = box.vk.add_community("Вторая лавка", "second", {box.vk.user_id: ADMINISTRATOR}).id
    connect_vk(user, token=box.vk_token, group=second, now=timezone.now())
    run(user)
    connect_vk(user, token=box.vk_token, group=box.group_id, now=timezone.now())
    edit(box, 3, price=110)
    job = run(user)
    connect_vk(user, token=box.vk_token, group=second, now=timezone.now())
    run(user)
    with pytest.raises(CannotSync) as refusal:
        undo.undo(job)
    assert (refusal.value.code, UndoneChange.objects.count()) == ("other_community", 0)
    assert f"vk.com/club{box.group_id}" in refusal.value.text
    assert run(user).done == 0
    connect_vk(user, token=box.vk_token, group=box.group_id, now=timezone.now())
    assert undo.undo(job) == 1
    run(user)
    assert {shown[0]: shown[2] for shown in picture(box).values()}["Кружка синяя 3"] == 10_300
