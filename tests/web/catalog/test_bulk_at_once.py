"""Work on many goods from two tabs at once: nothing is half done, and undo overwrites no later work."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import combinations

import pytest
from django.core.cache import cache
from django.db import transaction
from django.urls import reverse

from catalog.models import Product
from syncing.choices import BulkAction
from syncing.models import RestrictedDecision, SyncConfig, SyncFilter
from syncing.services.bulk.decisions import set_decisions
from syncing.services.bulk.records import digest_of, goods_of
from syncing.services.bulk.undo import last_change
from syncing.services.categories import KEY
from syncing.services.settings import lock_config
from tests.web.at_once import Press, at_once, tab
from tests.web.shop import Shop

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.mariadb]

GOODS, ROUNDS = 40, 4
TREE = [(2, ("Продукты питания", "Бакалея")), (3, ("Продукты питания", "Хлеб и выпечка"))]
# What is posted for an action in the first tab and in the second one.
GIVEN = {
    BulkAction.EXCLUDE: ({}, {}),
    BulkAction.CATEGORY: ({"category": "2"}, {"category": "3"}),
    BulkAction.TEXT: ({"text": "Раз"}, {"text": "Два"}),
    BulkAction.ALBUM: ({"text": "Раз"}, {"text": "Два"}),
    BulkAction.FORBID: ({}, {}),
}


@pytest.fixture(autouse=True)
def tree() -> None:
    cache.clear()
    cache.set(KEY, TREE)


@pytest.fixture
def goods(shop: Shop) -> list[Product]:
    """Return goods of which EvoSync is unsure, so that the merchant can decide about them, too."""
    return [shop.product(f"cup-{n}", f"Максим {n}", group="food") for n in range(GOODS)]


def pressing(shop: Shop, action: BulkAction, goods: list[Product], **given: str) -> Press:
    pks = [one.pk for one in goods]
    digest = digest_of(goods_of(Product.objects.filter(pk__in=pks), GOODS))
    url = reverse("catalog:bulk", query={"action": action, "pick": pks})
    return partial(tab(shop).post, url, {"goods": digest, **given}, follow=True)


def taking_back(shop: Shop) -> Press:
    last = last_change(shop.user)
    assert last is not None
    return partial(tab(shop).post, reverse("catalog:bulk_undo"), {"token": last.token}, follow=True)


def values(shop: Shop, action: BulkAction) -> dict[str, object]:
    """Return by product what the action has set, without those of which nothing is set."""
    rows = Product.objects.filter(evotor_id__startswith="cup-")
    match action:
        case BulkAction.EXCLUDE:
            return dict(SyncFilter.objects.values_list("entity_id", "filter_mode"))
        case BulkAction.CATEGORY:
            return dict(SyncConfig.objects.get(pk=shop.config.pk).category_by_product or {})
        case BulkAction.FORBID:
            names = dict(rows.values_list("name", "evotor_id"))
            decisions = RestrictedDecision.objects.values_list("label", "verdict")
            return {names[label]: verdict for label, verdict in decisions}
        case _:
            field = "own_album" if action is BulkAction.ALBUM else "own_description"
            return {key: value for key, value in rows.values_list("evotor_id", field) if value}


@pytest.mark.parametrize(
    ("one", "other"), [*combinations(GIVEN, 2), *((each, each) for each in GIVEN)], ids=str
)
def test_two_changes_of_overlapping_goods_are_both_whole(
    shop: Shop, goods: list[Product], one: BulkAction, other: BulkAction
) -> None:
    first, second = goods[:30], goods[10:]
    pages = at_once(
        [
            pressing(shop, one, first, **GIVEN[one][0]),
            pressing(shop, other, second[::-1], **GIVEN[other][1]),
        ]
    )
    assert all("changed" in page for page in pages)
    if one is not other:
        assert values(shop, one).keys() == {product.evotor_id for product in first}
        assert values(shop, other).keys() == {product.evotor_id for product in second}
        return
    found = values(shop, one)
    assert found.keys() == {product.evotor_id for product in goods}
    both = {str(found[product.evotor_id]) for product in goods[10:30]}
    assert len(both) == 1, "the later one has changed all goods that both were for"


@pytest.mark.parametrize("action", GIVEN, ids=str)
def test_a_change_is_taken_back_once(shop: Shop, goods: list[Product], action: BulkAction) -> None:
    for _round in range(ROUNDS):
        pressing(shop, action, goods, **GIVEN[action][0])()
        assert len(values(shop, action)) == GOODS
        pages = at_once([taking_back(shop) for _tab in range(3)])
        assert sum(f"Taken back for {GOODS} products" in page for page in pages) == 1
        assert sum("nothing to take back any more" in page for page in pages) == 2
        assert not values(shop, action)


@pytest.mark.parametrize("action", [BulkAction.CATEGORY, BulkAction.TEXT, BulkAction.ALBUM], ids=str)
def test_taking_back_overwrites_nothing_that_comes_in_the_same_moment(
    shop: Shop, goods: list[Product], action: BulkAction
) -> None:
    for _round in range(ROUNDS):
        pressing(shop, action, goods, **GIVEN[action][0])()
        at_once([taking_back(shop), pressing(shop, action, goods, **GIVEN[action][1])])
        wanted = set(GIVEN[action][1].values())
        assert {str(value) for value in values(shop, action).values()} == wanted
        assert len(values(shop, action)) == GOODS


def deciding(shop: Shop, product: Product) -> Press:
    url = reverse("catalog:decide", args=[product.pk])
    return partial(tab(shop).post, url, {"choice": "name:allowed"}, follow=True)


def test_single_decisions_beside_one_about_many_are_all_kept(shop: Shop, goods: list[Product]) -> None:
    for _round in range(ROUNDS):
        singly = [deciding(shop, product) for product in goods[:3]]
        pages = at_once([pressing(shop, BulkAction.FORBID, goods), *singly])
        assert "changed" in pages[0]
        assert all("Kept: it may be sold" in page for page in pages[1:])
        assert len(values(shop, BulkAction.FORBID)) == GOODS
        RestrictedDecision.objects.all().delete()


def test_a_single_decision_waits_for_the_one_about_many(shop: Shop, goods: list[Product]) -> None:
    press = deciding(shop, goods[0])
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            lock_config(shop.user)
            pressed = pool.submit(at_once, [press])
            with pytest.raises(TimeoutError):
                pressed.result(timeout=0.5)
            set_decisions(shop.user, {one.name: "forbidden" for one in goods})
        assert "Kept: it may be sold" in pressed.result(timeout=30)[0]
    decided = values(shop, BulkAction.FORBID)
    assert (decided.pop("cup-0"), set(decided.values())) == ("allowed", {"forbidden"})
