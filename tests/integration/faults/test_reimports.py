"""A till whose goods or groups come back under other ids: what the merchant decided goes with them."""

from copy import deepcopy
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from catalog.ingest import refresh
from catalog.ingest.refresh import refresh_till
from catalog.models import Product, ProductGroup, ProductPhoto
from connections.models import EvotorConnection
from evosync.common import clock
from sandbox import Sandbox
from syncing.core.choices import QuestionCode
from syncing.jobs.approval import approve_job, reject_job
from syncing.models import SyncConfig, SyncFilter, SyncJob
from syncing.services.categories import choose_for_group, choose_for_product
from syncing.services.own_words import set_words
from syncing.services.settings import remove_filter, set_filter
from tests.integration.faults.shop import run, store_of
from tests.integration.shared_start import SharedStart

pytestmark = pytest.mark.django_db

MUGS, OTHERS = 12, ["Ложка стальная", "Ковш медный"]
BARCODE = "4600000000017"


@SharedStart
def fill_till(box: Sandbox, user: User | None) -> User:
    """Enter mugs in one group, spoons in another and a ladle in none, and have them read."""
    assert user is not None
    store = store_of(box)
    crockery, spoons = box.evotor.add_group(store.id, "Посуда"), box.evotor.add_group(store.id, "Ложки")
    for number in range(MUGS):
        enter(box, f"Кружка синяя {number}", parent_id=crockery.id, code=f"1{number:03}")
    enter(box, OTHERS[0], parent_id=spoons.id, code="2001")
    enter(box, OTHERS[1], article_number="KM-7", code="2002")
    run(user, approve=True)
    for item in box.vk.live_items():
        box.vk.delete_item(item.id)
    return user


@pytest.fixture
def shop(box: Sandbox, empty_handed: User) -> Sandbox:
    """Return a till with mugs in one group, spoons in another and a ladle in none; nothing is in VK yet."""
    fill_till(box, empty_handed)
    return box


@pytest.fixture
def user(empty_handed: User) -> User:
    return empty_handed


def enter(box: Sandbox, name: str, **fields: Any) -> str:
    return str(box.evotor.add_product(store_of(box).id, name, price=100, quantity=5, **fields).id)


def ids(box: Sandbox) -> dict[str, str]:
    """Return the till's ids of products and groups, by name."""
    store = store_of(box)
    groups = {group.name: group.id for group in store.groups.values()}
    return groups | {product.fields["name"]: product.id for product in store.products.values()}


def shown(box: Sandbox) -> set[str]:
    return {item.title for item in box.vk.live_items() if not item.hidden}


def exclude(user: User, box: Sandbox, kind: str, name: str) -> None:
    set_filter(user, mode="exclude", entity_type=kind, entity_id=ids(box)[name])


def rename_all(box: Sandbox, suffix: str) -> None:
    """Give all goods names and codes that say nothing of the old ones."""
    store = store_of(box)
    for number, product in enumerate(list(store.products.values())):
        box.evotor.edit_product(
            store.id, product.id, name=f"Товар{suffix} вид {number}", code="", article_number="", barcodes=[]
        )


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("product", OTHERS[0]),
        pytest.param("product", OTHERS[1], marks=pytest.mark.once),
        pytest.param("group", "Ложки", marks=pytest.mark.once),
        pytest.param("group", "Посуда", marks=pytest.mark.once),
    ],
)
def test_what_filters_leave_out_stays_out_under_new_ids(
    shop: Sandbox, user: User, kind: str, name: str
) -> None:
    exclude(user, shop, kind, name)
    run(user, approve=True)
    before = shown(shop)
    for _ in range(3):
        shop.evotor.reimport(store_of(shop).id)
        for _ in range(2):
            assert run(user).status == SyncJob.Status.SUCCESS
            assert shown(shop) == before
    # The line before the present one is kept, older ones are not.
    assert SyncFilter.objects.count() == 2


@pytest.mark.once
@pytest.mark.parametrize(("kind", "name"), [("product", OTHERS[0]), ("group", "Посуда")])
def test_what_filters_choose_stays_chosen_under_new_ids(
    shop: Sandbox, user: User, kind: str, name: str
) -> None:
    set_filter(user, mode="include", entity_type=kind, entity_id=ids(shop)[name])
    run(user, approve=True)
    before = shown(shop)
    assert before
    for _ in range(2):
        shop.evotor.reimport(store_of(shop).id)
        assert run(user).status == SyncJob.Status.SUCCESS
        assert shown(shop) == before


@pytest.mark.parametrize("fact", ["name", "code", "article", "barcode"])
def test_a_filter_follows_by_whatever_the_product_is_known_by(shop: Sandbox, user: User, fact: str) -> None:
    codes = {"code": "7310", "article_number": "AB-17", "barcodes": [BARCODE]}
    key = {"code": "code", "article": "article_number", "barcode": "barcodes"}.get(fact)
    fields = {key: codes[key]} if key else {}
    enter(shop, "Чайник медный", **fields)
    exclude_after_run(user, shop, "Чайник медный")
    store = store_of(shop)
    shop.evotor.reimport(store.id)
    if fact != "name":
        shop.evotor.edit_product(store.id, ids(shop)["Чайник медный"], name="ЧАЙНИК медн.")
    assert run(user).status == SyncJob.Status.SUCCESS
    assert not [title for title in shown(shop) if title.lower().startswith("чайник")]


def exclude_after_run(user: User, box: Sandbox, name: str) -> None:
    run(user, approve=True)
    exclude(user, box, "product", name)
    run(user, approve=True)


@pytest.mark.once
def test_a_group_that_is_renamed_as_well_is_known_by_its_goods(shop: Sandbox, user: User) -> None:
    exclude(user, shop, "group", "Посуда")
    run(user, approve=True)
    assert shown(shop) == set(OTHERS)
    store = store_of(shop)
    shop.evotor.reimport(store.id)
    shop.evotor.rename_group(store.id, ids(shop)["Посуда"], "Всё для кухни")
    for _ in range(2):
        assert run(user).status == SyncJob.Status.SUCCESS
        assert shown(shop) == set(OTHERS)


@pytest.mark.same_statements
@pytest.mark.parametrize(("kind", "name"), [("product", OTHERS[0]), ("group", "Посуда")])
def test_goods_that_cannot_be_told_apart_are_asked_about_once(
    shop: Sandbox, user: User, kind: str, name: str
) -> None:
    exclude(user, shop, kind, name)
    run(user, approve=True)
    before = shown(shop)
    store = store_of(shop)
    shop.evotor.reimport(store.id)
    rename_all(shop, "А")
    for group in list(store.groups.values()):
        shop.evotor.rename_group(store.id, group.id, f"Раздел {group.name[:1]}")
    job = run(user)
    assert job.status == SyncJob.Status.NEEDS_APPROVAL
    assert QuestionCode.FILTERS_LOST in {code for code, *_ in job.questions}
    assert shown(shop) == before
    reject_job(job, by=user)
    assert run(user).status == SyncJob.Status.NEEDS_APPROVAL
    approve_job(SyncJob.objects.awaiting_approval().get(), by=user)
    assert run(user).status == SyncJob.Status.SUCCESS
    enter(shop, "Совсем новый товар")
    assert run(user).status == SyncJob.Status.SUCCESS
    assert "Совсем новый товар" in shown(shop)


@pytest.mark.once
def test_left_out_goods_that_came_back_in_another_group_are_asked_about(shop: Sandbox, user: User) -> None:
    exclude(user, shop, "group", "Посуда")
    run(user, approve=True)
    store = store_of(shop)
    shop.evotor.reimport(store.id)
    for number in range(4):
        shop.evotor.edit_product(store.id, ids(shop)[f"Кружка синяя {number}"], parent_id=ids(shop)["Ложки"])
    job = run(user)
    assert [code for code, *_ in job.questions] == [QuestionCode.FILTERS_LOST]
    assert shown(shop) == set(OTHERS)


@pytest.mark.once
def test_goods_that_a_push_brings_before_the_old_ones_are_gone_are_not_published(
    shop: Sandbox, user: User
) -> None:
    exclude(user, shop, "product", OTHERS[0])
    run(user, approve=True)
    shop.evotor.reimport(store_of(shop).id)
    run(user, trigger=SyncJob.Trigger.WEBHOOK)
    assert OTHERS[0] not in shown(shop)
    run(user)
    assert OTHERS[0] not in shown(shop)


def test_a_filter_follows_when_the_till_was_empty_for_a_while(shop: Sandbox, user: User) -> None:
    exclude(user, shop, "product", OTHERS[0])
    exclude(user, shop, "group", "Посуда")
    run(user, approve=True)
    before = shown(shop)
    store = store_of(shop)
    goods, groups = dict(store.products), dict(store.groups)
    store.products.clear()
    store.groups.clear()
    for _ in range(3):
        run(user, approve=True)
    assert shown(shop) == set()
    store.products.update(goods)
    store.groups.update(groups)
    shop.evotor.reimport(store.id)
    run(user, approve=True)
    assert shown(shop) == before


@pytest.mark.once
def test_a_copy_that_always_stood_beside_a_left_out_product_stays_in_vk(shop: Sandbox, user: User) -> None:
    twin = enter(shop, OTHERS[0])
    run(user, approve=True)
    set_filter(user, mode="exclude", entity_type="product", entity_id=twin)
    run(user, approve=True)
    before = shown(shop)
    shop.evotor.delete_product(store_of(shop).id, twin)
    for _ in range(2):
        assert run(user).status == SyncJob.Status.SUCCESS
        assert shown(shop) == before


def test_a_filter_that_is_taken_back_is_taken_back_under_the_old_id_too(shop: Sandbox, user: User) -> None:
    exclude(user, shop, "product", OTHERS[0])
    run(user, approve=True)
    shop.evotor.reimport(store_of(shop).id)
    run(user)
    remove_filter(user, entity_type="product", entity_id=ids(shop)[OTHERS[0]])
    assert not SyncFilter.objects.exists()
    run(user, approve=True)
    assert OTHERS[0] in shown(shop)


def test_categories_and_pictures_follow(shop: Sandbox, user: User) -> None:
    product = Product.objects.get(name=OTHERS[1])
    group = ProductGroup.objects.get(name="Посуда")
    choose_for_product(product, 7)
    choose_for_group(group, 9)
    ProductPhoto.objects.create(user=user, product=product, file="a.jpg", content_hash="a" * 64)
    ProductPhoto.objects.create(user=user, group=group, file="b.jpg", content_hash="b" * 64)
    shop.evotor.reimport(store_of(shop).id)
    refresh_till(EvotorConnection.objects.get(user=user), now=timezone.now())
    config = SyncConfig.objects.get(user=user)
    assert config.category_by_product == {ids(shop)[OTHERS[1]]: 7}
    assert config.category_by_group == {ids(shop)["Посуда"]: 9}
    assert {photo.product.evotor_id for photo in ProductPhoto.objects.all() if photo.product} == {
        ids(shop)[OTHERS[1]]
    }
    assert {photo.group.evotor_id for photo in ProductPhoto.objects.all() if photo.group} == {
        ids(shop)["Посуда"]
    }


@pytest.mark.once
@pytest.mark.parametrize(
    "mark",
    [{"allow_to_sell": False}, {"type": "TOBACCO_MARKED"}, {"is_excisable": True}, {"is_age_limited": True}],
    ids=str,
)
def test_what_may_not_be_sold_stays_out_when_a_reimport_no_longer_says_so(
    shop: Sandbox, user: User, mark: dict[str, Any]
) -> None:
    enter(shop, "Скалка буковая", article_number="PS-1", **mark)
    run(user, approve=True)
    before = shown(shop)
    assert "Скалка буковая" not in before
    store = store_of(shop)
    shop.evotor.reimport(store.id)
    for product in store.products.values():
        for name in ("allow_to_sell", "type", "is_excisable", "is_age_limited"):
            product.fields.pop(name, None)
    for _ in range(3):
        run(user)
        assert "Скалка буковая" not in shown(shop)


@pytest.mark.once
def test_sold_out_goods_stay_sold_out_when_a_reimport_tells_no_stock(shop: Sandbox, user: User) -> None:
    store = store_of(shop)
    shop.evotor.edit_product(store.id, ids(shop)[OTHERS[0]], quantity=0)
    run(user, approve=True)
    shop.evotor.reimport(store.id)
    for product in store.products.values():
        product.fields.pop("quantity", None)
    run(user, approve=True)
    assert {item.title: item.stock for item in shop.vk.live_items()}[OTHERS[0]] == 0


def test_a_store_that_is_registered_again_keeps_its_filter(shop: Sandbox, user: User) -> None:
    other = shop.evotor.add_store("Склад")
    shop.evotor.add_product(other.id, "Ящик пустой", price=10, quantity=1)
    run(user, approve=True)
    set_filter(user, mode="exclude", entity_type="store", entity_id=other.id)
    run(user, approve=True)
    assert "Ящик пустой" not in shown(shop)
    shop.evotor.delete_store(other.id)
    again = shop.evotor.add_store("Склад")
    shop.evotor.add_product(again.id, "Ящик пустой", price=10, quantity=1)
    run(user)
    assert "Ящик пустой" not in shown(shop)
    shop.evotor.delete_store(again.id)
    third = shop.evotor.add_store("Подсобка")
    shop.evotor.add_product(third.id, "Ящик новый", price=10, quantity=1)
    job = run(user)
    assert QuestionCode.FILTERS_LOST in {code for code, *_ in job.questions}
    assert "Ящик новый" not in shown(shop)


def regroup(box: Sandbox) -> None:
    """Give all groups other ids; goods keep theirs."""
    store = store_of(box)
    groups = list(store.groups.values())
    store.groups.clear()
    new = {group.id: box.evotor.add_group(store.id, group.name).id for group in groups}
    for product in list(store.products.values()):
        if parent := product.fields.get("parent_id"):
            box.evotor.edit_product(store.id, product.id, parent_id=new[parent])


@pytest.mark.once
@pytest.mark.parametrize("mode", ["exclude", "include"])
def test_a_group_filter_follows_a_group_whose_goods_keep_their_ids(
    shop: Sandbox, user: User, mode: str
) -> None:
    set_filter(user, mode=mode, entity_type="group", entity_id=ids(shop)["Посуда"])
    run(user, approve=True)
    before = shown(shop)
    regroup(shop)
    for _ in range(3):
        assert run(user).status == SyncJob.Status.SUCCESS
        assert shown(shop) == before


@pytest.mark.once
def test_goods_of_a_left_out_group_that_came_back_under_another_name_are_asked_about(
    shop: Sandbox, user: User
) -> None:
    exclude(user, shop, "group", "Посуда")
    run(user, approve=True)
    regroup(shop)
    shop.evotor.rename_group(store_of(shop).id, ids(shop)["Посуда"], "Кухня")
    job = run(user)
    assert job.questions == [[QuestionCode.FILTERS_LOST, MUGS, MUGS]]


@pytest.mark.once
def test_goods_that_lost_their_groups_in_a_reimport_are_not_published(shop: Sandbox, user: User) -> None:
    exclude(user, shop, "group", "Посуда")
    run(user, approve=True)
    before = shown(shop)
    store = store_of(shop)
    shop.evotor.reimport(store.id)
    store.groups.clear()
    for number, product in enumerate(list(store.products.values())):
        shop.evotor.edit_product(store.id, product.id, parent_id=None, name=f"Позиция {number}", code="")
    for _ in range(2):
        assert run(user).status == SyncJob.Status.NEEDS_APPROVAL
        assert shown(shop) == before


@pytest.mark.once
def test_an_import_that_is_read_before_the_old_goods_are_deleted_is_asked_about(
    shop: Sandbox, user: User
) -> None:
    exclude(user, shop, "product", OTHERS[0])
    exclude(user, shop, "group", "Посуда")
    run(user, approve=True)
    before = shown(shop)
    store = store_of(shop)
    goods, groups = deepcopy(store.products), dict(store.groups)
    shop.evotor.reimport(store.id)
    store.products.update(goods)
    store.groups.update(groups)
    for _ in range(2):
        assert run(user).status == SyncJob.Status.NEEDS_APPROVAL
    for key in goods:
        del store.products[key]
    for key in groups:
        del store.groups[key]
    for _ in range(2):
        # The filters have followed.
        assert run(user).status == SyncJob.Status.SUCCESS
        assert shown(shop) == before


@pytest.mark.once
def test_deleting_left_out_goods_and_entering_others_asks_nothing(shop: Sandbox, user: User) -> None:
    exclude(user, shop, "product", OTHERS[0])
    exclude(user, shop, "group", "Ложки")
    run(user, approve=True)
    store = store_of(shop)
    shop.evotor.delete_product(store.id, ids(shop)[OTHERS[0]])
    for number in range(2):
        enter(shop, f"Вилка {number}", parent_id=ids(shop)["Посуда"])
        assert run(user).status == SyncJob.Status.SUCCESS
    shop.evotor.delete_group(store.id, ids(shop)["Ложки"])
    enter(shop, "Нож", parent_id=ids(shop)["Посуда"])
    assert run(user).status == SyncJob.Status.SUCCESS


@pytest.mark.once
def test_a_run_amid_a_reimport_doubles_nothing_and_every_item_stays(shop: Sandbox, user: User) -> None:
    store = store_of(shop)
    number = 15
    for product in list(store.products.values()):
        shop.evotor.edit_product(store.id, product.id, article_number=f"A-{number}")
        number += 1
    run(user, approve=True)
    before = {item.id: item.title for item in shop.vk.live_items()}
    old = list(store.products)
    shop.evotor.reimport(store.id, keep_old=True)

    job = run(user)
    assert (job.status, job.skipped_by_reason) == ("success", {"copy": len(old)})
    assert {item.id for item in shop.vk.live_items()} == set(before)

    for product_id in old:
        shop.evotor.delete_product(store.id, product_id)
    run(user)
    items = {item.id: item.title for item in shop.vk.live_items() if not item.hidden}
    assert items == before


@pytest.mark.once
@pytest.mark.parametrize("stays", [False, True])
def test_goods_that_came_back_renamed_never_stand_beside_the_old_ones(
    shop: Sandbox, user: User, monkeypatch: pytest.MonkeyPatch, *, stays: bool
) -> None:
    monkeypatch.setattr(refresh, "SINCE_OVERLAP", timedelta(0))
    store = store_of(shop)
    [old, *_] = store.products
    shop.evotor.edit_product(store.id, old, article_number="A-15")
    run(user, approve=True)
    before = shown(shop)
    if not stays:
        shop.evotor.delete_product(store.id, old)
    enter(shop, "Чайная пара", article_number="A-15", parent_id=ids(shop)["Посуда"])
    for _ in range(2):
        # A reading of what changed does not tell what is gone.
        job = run(user, trigger=SyncJob.Trigger.WEBHOOK)
        assert (shown(shop), job.skipped_by_reason) == (before, {"may_replace": 1})
    run(user, approve=True)
    assert len(shown(shop)) == len(before)
    hours_pass(monkeypatch, 1)
    run(user, approve=True)
    assert ("Чайная пара" in shown(shop), len(shown(shop))) == (True, len(before) + stays)


@pytest.mark.once
def test_goods_that_came_back_while_left_out_get_their_own_items_when_they_are_let_in_renamed(
    shop: Sandbox, user: User
) -> None:
    run(user, approve=True)
    before = {item.title: item.id for item in shop.vk.live_items()}
    exclude_after_run(user, shop, OTHERS[0])
    shop.evotor.reimport(store_of(shop).id)
    run(user, approve=True)
    assert OTHERS[0] not in shown(shop)

    remove_filter(user, entity_type="product", entity_id=ids(shop)[OTHERS[0]])
    shop.evotor.edit_product(store_of(shop).id, ids(shop)[OTHERS[0]], name="Лопатка из бука")
    run(user, approve=True)
    assert {item.title: item.id for item in shop.vk.live_items()} == {
        "Лопатка из бука" if title == OTHERS[0] else title: pk for title, pk in before.items()
    }


def hours_pass(monkeypatch: pytest.MonkeyPatch, hours: int) -> None:
    monkeypatch.setattr(clock, "now", lambda: timezone.now() + timedelta(hours=hours))


@pytest.mark.once
def test_goods_without_codes_wait_amid_a_reimport_and_are_asked_about_where_it_does_not_end(
    shop: Sandbox, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = store_of(shop)
    for product in list(store.products.values()):
        shop.evotor.edit_product(store.id, product.id, article_number="", code="")
    run(user, approve=True)
    before = {item.id for item in shop.vk.live_items()}
    shop.evotor.reimport(store.id, keep_old=True)

    job = run(user)
    assert (job.status, job.skipped_by_reason) == ("success", {"may_replace": len(before)})
    hours_pass(monkeypatch, 1)
    job = run(user)
    assert job.status == "needs_approval"
    assert [code for code, *_ in job.questions] == [QuestionCode.MANY_NAMESAKES]
    assert {item.id for item in shop.vk.live_items()} == before


@pytest.mark.same_statements
@pytest.mark.parametrize(
    ("has_codes", "trigger"), [(True, SyncJob.Trigger.COMMAND), (False, SyncJob.Trigger.WEBHOOK)]
)
def test_what_a_slow_reimport_writes_in_capitals_keeps_its_items_and_the_merchants_words(
    shop: Sandbox, user: User, trigger: str, *, has_codes: bool
) -> None:
    store = store_of(shop)
    for number, product in enumerate(list(store.products.values())):
        article = f"A-{number + 10}" if has_codes else ""
        shop.evotor.edit_product(store.id, product.id, article_number=article, code="")
    run(user, approve=True)
    goods = {name: Product.objects.get(name=name) for name in OTHERS}
    set_words(goods[OTHERS[0]], {"own_title": "Ложка бабушкина"})
    run(user)
    before = {item.id for item in shop.vk.live_items() if not item.hidden}
    old = [*store.products, *store.groups]
    shop.evotor.reimport(store.id, keep_old=True)
    for product_id in store.products.keys() - set(old):
        name = store.products[product_id].fields["name"].upper()
        shop.evotor.edit_product(store.id, product_id, name=name)
    job = run(user, trigger=trigger)
    assert (job.items_created, job.items_hidden, job.status) == (0, 0, "success")
    for one in old:
        store.products.pop(one, None)
        store.groups.pop(one, None)
    ProductPhoto.objects.create(user=user, product=goods[OTHERS[1]], file="a.jpg", content_hash="a" * 64)
    refresh_till(EvotorConnection.objects.get(user=user), now=timezone.now())
    heirs = {row.name: row for row in Product.objects.for_user(user).present()}
    assert heirs[OTHERS[0].upper()].own_title == "Ложка бабушкина"
    assert ProductPhoto.objects.get().product == heirs[OTHERS[1].upper()]
    ProductPhoto.objects.all().delete()
    assert run(user).items_created == 0
    assert {item.id for item in shop.vk.live_items() if not item.hidden} == before
    assert "Ложка бабушкина" in shown(shop)


def reimport_slowly(shop: Sandbox, user: User) -> SyncJob:
    """Let a run meet old and new goods beside each other, then delete the old ones; return the run."""
    store = store_of(shop)
    old = [*store.products, *store.groups]
    shop.evotor.reimport(store.id, keep_old=True)
    job = run(user)
    for one in old:
        store.products.pop(one, None)
        store.groups.pop(one, None)
    return job


def give_articles(shop: Sandbox) -> None:
    store = store_of(shop)
    for number, product_id in enumerate(list(store.products)):
        shop.evotor.edit_product(store.id, product_id, article_number=f"A-{number + 10}")


@pytest.mark.once
def test_slow_reimports_one_after_the_other_keep_every_item(shop: Sandbox, user: User) -> None:
    give_articles(shop)
    run(user, approve=True)
    before = {item.title: item.id for item in shop.vk.live_items()}
    for _ in range(2):
        assert reimport_slowly(shop, user).status == SyncJob.Status.SUCCESS
        assert {item.title: item.id for item in shop.vk.live_items() if not item.hidden} == before
    assert run(user).status == SyncJob.Status.SUCCESS
    assert {item.title: item.id for item in shop.vk.live_items() if not item.hidden} == before


@pytest.mark.once
def test_what_is_left_out_stays_out_through_slow_reimports(shop: Sandbox, user: User) -> None:
    give_articles(shop)
    exclude(user, shop, "product", OTHERS[0])
    run(user, approve=True)
    before = shown(shop)
    for _ in range(3):
        reimport_slowly(shop, user)
        run(user)
        assert shown(shop) == before


@pytest.mark.once
@pytest.mark.parametrize("has_codes", [True, False])
@pytest.mark.parametrize(
    "mark",
    [{"allow_to_sell": False}, {"type": "TOBACCO_MARKED"}, {"is_excisable": True}, {"is_age_limited": True}],
    ids=str,
)
def test_what_may_not_be_sold_stays_out_when_a_slow_reimport_no_longer_says_so(
    shop: Sandbox, user: User, mark: dict[str, Any], *, has_codes: bool
) -> None:
    if has_codes:
        give_articles(shop)
    enter(shop, "Скалка буковая", article_number="PS-1" if has_codes else "", **mark)
    run(user, approve=True)
    before = shown(shop)
    assert "Скалка буковая" not in before
    store = store_of(shop)
    for _ in range(2):
        old = list(store.products)
        shop.evotor.reimport(store.id, keep_old=True)
        for product_id in store.products.keys() - set(old):
            for name in mark:
                store.products[product_id].fields.pop(name, None)
        run(user, approve=True)
        assert "Скалка буковая" not in shown(shop)
        for one in old:
            store.products.pop(one)
        run(user, approve=True)
        assert "Скалка буковая" not in shown(shop)


@pytest.mark.once
@pytest.mark.parametrize(
    ("name", "trigger"),
    [("СКАЛКА БУКОВАЯ", SyncJob.Trigger.WEBHOOK), ("Скалка буков. новая", SyncJob.Trigger.COMMAND)],
)
def test_what_may_not_be_sold_stays_out_when_it_comes_back_written_otherwise_and_without_its_mark(
    shop: Sandbox, user: User, name: str, trigger: str
) -> None:
    enter(shop, "Скалка буковая", type="TOBACCO_MARKED")
    run(user, approve=True)
    store = store_of(shop)
    shop.evotor.delete_product(store.id, ids(shop)["Скалка буковая"])
    enter(shop, name)
    store.products[ids(shop)[name]].fields.pop("type")
    before = shown(shop)
    for kind in (trigger, SyncJob.Trigger.COMMAND):
        run(user, trigger=kind, approve=True)
        assert shown(shop) == before


@pytest.mark.once
@pytest.mark.parametrize("has_codes", [True, False])
@pytest.mark.parametrize("told", [{}, {"parent_id": None}], ids=["absent", "null"])
def test_what_only_its_group_forbids_stays_out_when_a_slow_reimport_loses_the_groups(
    shop: Sandbox, user: User, told: dict[str, None], *, has_codes: bool
) -> None:
    store = store_of(shop)
    forbidden = shop.evotor.add_group(store.id, "Сигареты")
    if has_codes:
        give_articles(shop)
    code = "PS-1" if has_codes else ""
    enter(shop, "Скалка буковая", article_number=code, parent_id=forbidden.id)
    run(user, approve=True)
    for _ in range(2):
        old = list(store.products)
        shop.evotor.reimport(store.id, keep_old=True)
        for product_id in store.products.keys() - set(old):
            store.products[product_id].fields.pop("parent_id", None)
            store.products[product_id].fields |= told
        run(user)
        assert "Скалка буковая" not in shown(shop)
        for one in old:
            store.products.pop(one)
        run(user)
        assert "Скалка буковая" not in shown(shop)


@pytest.mark.once
def test_goods_that_come_back_without_what_kept_them_out_are_asked_about(shop: Sandbox, user: User) -> None:
    enter(shop, "Пачка синяя", type="TOBACCO_MARKED")
    run(user, approve=True)
    before = shown(shop)
    store = store_of(shop)
    shop.evotor.reimport(store.id)
    rename_all(shop, "")
    for product in store.products.values():
        for name in ("type", "parent_id"):
            product.fields.pop(name, None)
    job = run(user)
    assert job.status == SyncJob.Status.NEEDS_APPROVAL
    assert QuestionCode.MARKS_LOST in {code for code, *_ in job.questions}
    assert shown(shop) == before
