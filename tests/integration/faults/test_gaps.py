"""A till that says less than before: nothing is published or lost, and much of it is asked about."""

from typing import Any

import pytest

from accounts.models import User
from catalog.models import Product, ProductGroup
from sandbox import Sandbox
from syncing.choices import RestrictedScope, RestrictedVerdict
from syncing.core.choices import Reason
from syncing.jobs.approval import approve_job
from syncing.models import SyncConfig, SyncFilter, SyncJob
from syncing.services.explain import explain
from syncing.services.restricted_decisions import decide, subject_of
from tests.integration.faults.shop import ITEMS, run, store_of, titles
from tests.integration.shared_start import SharedStart

pytestmark = pytest.mark.django_db

MUGS = sorted(f"Кружка синяя {number}" for number in range(ITEMS))


@SharedStart
def publish_mugs(box: Sandbox, user: User | None) -> User:
    """Bring the mugs into VK, and what must not be there into the till."""
    assert user is not None
    store = store_of(box)
    tobacco = box.evotor.add_group(store.id, "Сигареты")
    cups = box.evotor.add_group(store.id, "Чашки")
    fields: dict[str, Any] = {"price": 200, "quantity": 5}
    box.evotor.add_product(store.id, "Ява", parent_id=tobacco.id, **fields)
    box.evotor.add_product(store.id, "Чашка белая", parent_id=cups.id, **fields)
    box.evotor.add_product(store.id, "Не продавать", allow_to_sell=False, **fields)
    box.evotor.add_product(store.id, "Пачка синяя", type="TOBACCO_MARKED", **fields)
    SyncFilter.objects.create(
        sync_config=SyncConfig.objects.get(user=user),
        entity_type=SyncFilter.Entity.GROUP,
        entity_id=cups.id,
        filter_mode=SyncFilter.Mode.EXCLUDE,
    )
    sold_out = next(iter(store.products))
    box.evotor.edit_product(store.id, sold_out, quantity=0)
    assert run(user).status == SyncJob.Status.SUCCESS
    assert titles(box) == MUGS
    return user


@pytest.fixture
def shop(box: Sandbox, user: User) -> Sandbox:
    """Return the stand-ins after a run: the mugs are in VK; what must not be there stands in the till."""
    publish_mugs(box, user)
    return box


def stocks(box: Sandbox) -> dict[str, int]:
    return {item.title: item.stock for item in box.vk.live_items()}


def shown(box: Sandbox) -> dict[int, tuple[str, int, int, str]]:
    """Return what shoppers see of every item, and its sku."""
    return {item.id: (item.title, item.price_kopecks, item.stock, item.sku) for item in box.vk.live_items()}


def albums(box: Sandbox) -> dict[str, tuple[int, ...]]:
    return {item.title: tuple(item.album_ids) for item in box.vk.live_items()}


@pytest.mark.same_statements
@pytest.mark.parametrize("runs", [1, 3])
def test_groups_that_are_not_listed_publish_nothing_and_empty_no_album(
    shop: Sandbox, user: User, runs: int
) -> None:
    before = albums(shop)
    shop.evotor.fault("blank", method="product-groups", times=0)
    for _ in range(runs):
        job = run(user)
        assert (job.items_created, job.items_updated, job.items_hidden) == (0, 0, 0)
    assert titles(shop) == MUGS
    assert albums(shop) == before
    assert ProductGroup.objects.present().count() == 3
    shop.evotor.faults.clear()
    run(user)
    assert not ProductGroup.objects.exclude(unlisted_since=None).exists()


@pytest.mark.once
def test_goods_of_a_deleted_group_that_a_filter_excludes_stay_out(shop: Sandbox, user: User) -> None:
    store = store_of(shop)
    for group in list(store.groups.values()):
        if group.name == "Чашки":
            shop.evotor.delete_group(store.id, group.id)
    for _ in range(4):
        assert run(user).items_created == 0
    assert titles(shop) == MUGS


def test_a_group_that_nothing_names_is_gone_after_two_readings(shop: Sandbox, user: User) -> None:
    store = store_of(shop)
    empty = shop.evotor.add_group(store.id, "Пусто")
    run(user)
    shop.evotor.delete_group(store.id, empty.id)
    run(user)
    assert ProductGroup.objects.present().filter(name="Пусто").exists()
    run(user)
    assert not ProductGroup.objects.present().filter(name="Пусто").exists()


FIELDS = [
    "price",
    "name",
    "type",
    "allow_to_sell",
    "barcodes",
    "quantity",
    "parent_id",
    "article_number",
    "description",
    "measure_name",
    "code",
    "is_excisable",
    "is_age_limited",
]


@pytest.mark.once
@pytest.mark.parametrize("field", FIELDS)
def test_a_field_that_vanishes_from_the_whole_till_changes_nothing_in_vk(
    shop: Sandbox, user: User, field: str
) -> None:
    before = {
        item.id: (item.title, item.price_kopecks, item.stock, item.sku) for item in shop.vk.live_items()
    }
    filed = albums(shop)
    shop.evotor.fault("omit", method="products", times=0, text=field)
    for _ in range(3):
        run(user)
    assert shown(shop) == before
    assert albums(shop) == filed
    assert min(stocks(shop).values()) == 0


@pytest.mark.once
@pytest.mark.parametrize("field", ["quantity", "price", "name", "type", "allow_to_sell", "parent_id"])
def test_a_field_that_vanishes_from_many_is_asked_about_once(shop: Sandbox, user: User, field: str) -> None:
    shop.evotor.fault("omit", method="products", times=0, text=field)
    job = run(user)
    assert job.status == SyncJob.Status.NEEDS_APPROVAL
    untold = {"parent_id": "group"}.get(field, field)
    assert [question[0] for question in job.questions] == [f"untold_{untold}"]
    approve_job(job, by=user)
    job = run(user)
    assert (job.status, job.questions[:0]) == (SyncJob.Status.SUCCESS, [])
    assert run(user).status == SyncJob.Status.SUCCESS
    shop.evotor.faults.clear()
    assert run(user).status == SyncJob.Status.SUCCESS
    assert SyncConfig.objects.get(user=user).source_gaps == {}


@pytest.mark.once
def test_the_stock_right_withdrawn_keeps_the_known_stock(shop: Sandbox, user: User) -> None:
    before = stocks(shop)
    shop.evotor.merchant.stock_right = False
    job = run(user)
    assert job.status == SyncJob.Status.NEEDS_APPROVAL
    assert [question[0] for question in job.questions] == ["untold_quantity"]
    run(user, approve=True)
    assert stocks(shop) == before


@pytest.mark.once
@pytest.mark.parametrize("way", ["absent", "null"])
def test_one_product_that_may_not_be_sold_stays_out_when_its_mark_is_not_told(
    shop: Sandbox, user: User, way: str
) -> None:
    store = store_of(shop)
    (product_id,) = (one.id for one in store.products.values() if one.fields["name"] == "Не продавать")
    if way == "absent":
        shop.evotor.drop_field(store.id, product_id, "allow_to_sell")
    else:
        shop.evotor.edit_product(store.id, product_id, allow_to_sell=None)
    for _ in range(3):
        assert run(user).items_created == 0
    shop.evotor.edit_product(store.id, product_id, allow_to_sell=True)
    assert run(user).items_created == 1


@pytest.mark.once
def test_a_product_moved_to_the_root_leaves_its_album_after_two_readings(shop: Sandbox, user: User) -> None:
    store = store_of(shop)
    product_id = next(iter(store.products))
    title = store.products[product_id].fields["name"]
    shop.evotor.drop_field(store.id, product_id, "parent_id")
    run(user)
    assert albums(shop)[title]
    run(user)
    assert not albums(shop)[title]


@pytest.mark.once
def test_a_product_whose_group_is_null_leaves_its_album_at_once(shop: Sandbox, user: User) -> None:
    store = store_of(shop)
    product_id = next(iter(store.products))
    shop.evotor.edit_product(store.id, product_id, parent_id=None)
    run(user)
    assert not albums(shop)[store.products[product_id].fields["name"]]


@pytest.mark.once
@pytest.mark.parametrize("field", FIELDS)
def test_nulls_in_all_products_change_nothing_in_vk(shop: Sandbox, user: User, field: str) -> None:
    store = store_of(shop)
    before, filed = shown(shop), albums(shop)
    for product_id in store.products:
        shop.evotor.edit_product(store.id, product_id, **{field: None})
    for _ in range(3):
        run(user)
    assert (shown(shop), albums(shop)) == (before, filed)


@pytest.mark.once
@pytest.mark.parametrize("method", ["products", "product-groups"])
def test_a_record_without_an_id_stops_no_other_and_hides_nothing(
    shop: Sandbox, user: User, method: str
) -> None:
    store = store_of(shop)
    added = shop.evotor.add_product(store.id, "Ложка", price=50, quantity=1)
    leaving = next(one.id for one in store.products.values() if one.fields["name"] == "Кружка синяя 7")
    shop.evotor.delete_product(store.id, leaving)
    shop.evotor.fault("broken", method=method, times=0)
    job = run(user)
    assert (job.status, job.items_created, job.items_hidden) == (SyncJob.Status.SUCCESS, 1, 0)
    assert titles(shop) == sorted([*MUGS, "Ложка"])
    row = Product.objects.get(evotor_id=added.id).store
    assert row.problem == "bad_record"
    assert row.problem_detail
    shop.evotor.faults.clear()
    assert run(user).items_hidden == 1
    row.refresh_from_db()
    assert (row.problem, row.problem_detail) == ("", "")


@pytest.mark.once
@pytest.mark.parametrize(
    "changes",
    [
        {"name": None},
        {"name": {"ru": "Кружка"}},
        {"price": "дорого"},
        {"price": 1e300},
        {"price": [5]},
        {"quantity": {"a": 1}},
        {"barcodes": 5},
        {"allow_to_sell": "может быть"},
        {"type": 7.5},
    ],
    ids=str,
)
def test_a_field_of_no_meaning_counts_as_not_told(shop: Sandbox, user: User, changes: dict[str, Any]) -> None:
    store = store_of(shop)
    product_id = next(one.id for one in store.products.values() if one.fields["name"] == "Кружка синяя 7")
    before = shown(shop)
    shop.evotor.edit_product(store.id, product_id, **changes)
    job = run(user)
    assert (job.status, job.items_hidden, job.items_updated) == (SyncJob.Status.SUCCESS, 0, 0)
    assert shown(shop) == before


def test_a_product_that_comes_back_without_its_group_is_evaluated_by_it(shop: Sandbox, user: User) -> None:
    store = store_of(shop)
    tobacco = next(group for group in store.groups.values() if group.name == "Сигареты")
    pack = next(one for one in store.products.values() if one.fields["name"] == "Ява")
    del store.groups[tobacco.id]
    shop.evotor.delete_product(store.id, pack.id)
    for _ in range(2):
        run(user)
    assert ProductGroup.objects.get(evotor_id=tobacco.id).missing_since is not None
    shop.evotor.add_product(store.id, "Классик красный", parent_id=tobacco.id, price=200, quantity=5)
    run(user, approve=True)
    assert titles(shop) == MUGS
    assert ProductGroup.objects.get(evotor_id=tobacco.id).missing_since is None


@pytest.mark.same_statements
@pytest.mark.parametrize("is_null", [True, False])
def test_what_only_its_group_forbade_waits_for_an_answer_when_the_group_is_gone(
    shop: Sandbox, user: User, *, is_null: bool
) -> None:
    store = store_of(shop)
    pack = shop.evotor.add_product(
        store.id, "Набор подарочный", price=200, quantity=5, parent_id=_group_id(shop, "Сигареты")
    )
    run(user)
    shop.evotor.delete_group(store.id, _group_id(shop, "Сигареты"))
    for product_id in [key for key, one in store.products.items() if one.fields["name"] == "Ява"] + [pack.id]:
        if is_null:
            shop.evotor.edit_product(store.id, product_id, parent_id=None)
        else:
            shop.evotor.drop_field(store.id, product_id, "parent_id")
    for _ in range(4):
        run(user, approve=True)
        assert titles(shop) == MUGS
    job = run(user)
    assert job.skipped_by_reason[Reason.UNSURE] == 2
    row = Product.objects.get(evotor_id=pack.id)
    assert any("стоял в группе «Сигареты»" in step.text for step in explain(user, row))
    subject = subject_of(row)
    assert subject is not None
    assert not subject.is_certain
    decide(row, scope=RestrictedScope.NAME, verdict=RestrictedVerdict.ALLOWED)
    run(user)
    assert titles(shop) == sorted([*MUGS, "Набор подарочный"])


@pytest.mark.once
def test_goods_moved_from_a_forbidden_group_into_another_go_to_vk(shop: Sandbox, user: User) -> None:
    store = store_of(shop)
    pack = shop.evotor.add_product(
        store.id, "Набор подарочный", price=200, quantity=5, parent_id=_group_id(shop, "Сигареты")
    )
    run(user)
    shop.evotor.drop_field(store.id, pack.id, "parent_id")
    for _ in range(2):
        run(user)
    gifts = shop.evotor.add_group(store.id, "Подарки")
    shop.evotor.edit_product(store.id, pack.id, parent_id=gifts.id)
    run(user)
    assert titles(shop) == sorted([*MUGS, "Набор подарочный"])


def _group_id(shop: Sandbox, name: str) -> str:
    return str(next(group.id for group in store_of(shop).groups.values() if group.name == name))


@pytest.mark.once
@pytest.mark.parametrize("is_deleted", [False, True])
def test_a_subgroup_that_no_longer_tells_its_forbidden_parent_publishes_nothing(
    shop: Sandbox, user: User, *, is_deleted: bool
) -> None:
    store = store_of(shop)
    tobacco = next(group for group in store.groups.values() if group.name == "Сигареты")
    inner = shop.evotor.add_group(store.id, "Ментоловые", parent_id=tobacco.id)
    mugs = next(group for group in store.groups.values() if group.name == "Посуда")
    shop.evotor.add_group(store.id, "Кружки", parent_id=mugs.id)
    shop.evotor.add_product(store.id, "Набор подарочный", parent_id=inner.id, price=200, quantity=5)
    assert run(user).items_created == 0
    if is_deleted:
        shop.evotor.delete_group(store.id, tobacco.id)
    inner.parent_id = None
    for _ in range(4):
        assert run(user).items_created == 0
    assert ProductGroup.objects.get(evotor_id=inner.id).parent_evotor_id == ""
    row = Product.objects.get(name="Набор подарочный")
    subject = subject_of(row)
    assert subject is not None
    assert subject.texts[RestrictedScope.GROUP] == "Сигареты"
    decide(row, scope=RestrictedScope.GROUP, verdict=RestrictedVerdict.ALLOWED)
    run(user)
    assert "Набор подарочный" in titles(shop)
