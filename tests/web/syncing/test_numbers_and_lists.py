"""Every number of goods that is a link opens a list of exactly those goods.

The shop has goods that are out for every reason that till and rules can give, and the plan is a real one.
"""

import re
from collections.abc import Mapping
from html import unescape
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from model_bakery import baker

from catalog.models import Product, ProductPhoto, Store
from evosync.common import clock
from syncing.core.choices import Reason, Stores
from syncing.core.eligibility import REASONS
from syncing.core.records import SyncResult
from syncing.core.restricted_goods.verdicts import Restriction
from syncing.models import GoodsRule, Listing, SyncConfig, SyncFilter
from syncing.publishing.vk.reader import ShopSnapshot
from syncing.services import plan_summary
from syncing.services.categories import KEY
from syncing.services.plan_summary import PlanSummary, SummaryLine, SummaryPart
from syncing.services.planning import Planned, plan_from
from syncing.web.presenters.exclusion_reasons import ONLY_IN_A_PLAN, SEARCHABLE
from tests.computing import compute_asked, open_computed
from tests.web.shop import GROUP_ID, Shop

CATALOGUE = reverse("catalog:list")
TREE = [(2, ("Продукты питания", "Бакалея")), (3, ("Продукты питания", "Хлеб и выпечка"))]
# By reason, goods that are out for it; some have two, so that no number is right by chance.
GOODS: Mapping[str, list[dict[str, Any]]] = {
    Reason.FILTER_GROUP: [{"name": "Кукла", "group": "toys"}, {"name": "Мяч", "group": "toys"}],
    Reason.FILTER_PRODUCT: [{"name": "Соль"}],
    Reason.RULE: [{"name": "Последний чай"}, {"name": "Последний кофе"}, {"name": "Последний сыр"}],
    Reason.RULE_WORDS: [{"name": "Чашка", "later": {"own_description": "Сигареты Kent, блок"}}],
    Reason.NOT_FOR_SALE: [{"name": "Сахар", "later": {"allow_to_sell": False}}],
    Reason.NO_PRICE: [{"name": "Мука", "price": 0}, {"name": "Крупа", "price": None}],
    Reason.FREE_PRICE_POSITION: [{"name": "Позиция по свободной цене"}],
    Reason.SERVICE: [{"name": "Доставка", "product_type": "SERVICE"}],
    Restriction.ALCOHOL: [{"name": "Водка Столичная 0,5"}],
    Restriction.BEER: [{"name": "Пиво безалкогольное"}],
    Restriction.TOBACCO: [{"name": "Сигареты с фильтром", "product_type": "TOBACCO_MARKED"}],
    Restriction.MEDICINE: [{"name": "Парацетамол таблетки 500 мг"}],
    Restriction.EXCISABLE: [{"name": "Товар под акцизом", "later": {"is_excisable": True}}],
    Restriction.AGE: [{"name": "Товар для взрослых", "later": {"is_age_limited": True}}],
    Restriction.OTHER: [{"name": "Пистолет травматический"}],
    Reason.UNSURE: [{"name": "Миллер 0,44"}, {"name": "Миллер 0,5"}],
    Reason.DECIDED: [{"name": "Миллер 0,33"}],
    Reason.MAY_BE_KEPT_OUT: [
        {"name": "Парус", "later": {"unmarked_type": "TOBACCO_MARKED", "unmarked_at": clock.now()}}
    ],
    Reason.BAD_NAME: [{"name": "«»!."}],
    Reason.NO_CATEGORY: [{"name": "Нечто", "group": "misc"}, {"name": "Ничто", "group": "misc"}],
}


@pytest.fixture
def full_shop(shop: Shop, owner: Client) -> Shop:
    """Return a shop with goods that are out for every reason of till and rules, and some that are in."""
    cache.set(KEY, TREE)
    shop.group("toys", "Игрушки")
    shop.group("misc", "Разное")
    SyncConfig.objects.update(stores=Stores.MERGE, store_order=[shop.store.evotor_id])
    for reason, goods in GOODS.items():
        for number, given in enumerate(goods):
            fields = {"group": "food"} | given
            later = fields.pop("later", {})
            made = shop.product(f"{reason}-{number}", **fields)
            Product.objects.filter(pk=made.pk).update(**later)
    for entity, evotor_id in (
        ("store", "store-2"),
        ("group", "toys"),
        ("product", f"{Reason.FILTER_PRODUCT}-0"),
    ):
        baker.make(
            SyncFilter,
            sync_config=shop.config,
            entity_type=entity,
            entity_id=evotor_id,
            filter_mode="exclude",
        )
    GoodsRule.objects.create(
        user=shop.user,
        position=1,
        name="Последние",
        conditions=[{"subject": "name", "comparison": "contains", "value": "Последний"}],
        actions=[{"kind": "exclude", "value": ""}],
    )
    decided = Product.objects.get(name="Миллер 0,33")
    owner.post(reverse("catalog:decide", args=[decided.pk]), {"choice": "name:forbidden"})
    for evotor_id, name in (("store-2", "Склад"), ("store-3", "Киоск")):
        store = baker.make(
            Store,
            user=shop.user,
            evotor_id=evotor_id,
            name=name,
            fetched_at=shop.now,
            complete_walk_at=shop.now,
            missing_since=None,
        )
        sold = shop.product(f"in-{evotor_id}", f"Хлеб из магазина {name}", barcodes=["4600123456781"])
        Product.objects.filter(pk=sold.pk).update(store=store, group_evotor_id="")
    Product.objects.filter(pk=shop.bread.pk).update(barcodes=["4600123456781"])
    Listing.objects.update(sent={})
    return shop


def a_plan(shop: Shop) -> Planned:
    return plan_from(shop.user, ShopSnapshot(), group_id=GROUP_ID, now=clock.now())


def skipped(plan: SyncResult) -> dict[str, set[str]]:
    """Return the names of the goods that a plan leaves out, by reason."""
    found: dict[str, set[str]] = {}
    for skip in plan.skipped:
        found.setdefault(str(skip.reason), set()).add(skip.name)
    return found


def links(html: str) -> dict[str, int]:
    """Return the numbers of a page's reasons by the addresses of their lists."""
    lines = re.findall(r"<li><strong class=\"es-num\">(\d+)</strong> [^<]*<a href=\"([^\"]+)\"", html)
    return {unescape(address): int(number) for number, address in lines}


def listed(owner: Client, address: str) -> set[str]:
    """Return the names of the goods in the list that a link opens, and hold its number to them."""
    answer = open_computed(owner, address)
    if address.startswith(CATALOGUE):
        page = answer.context["page"]
        names = {row.product.name for row in page.rows}
        assert page.found.number == len(names)
    else:
        plan = answer.context["plan"]
        names = {line.name for part in plan.parts for line in part.lines}
        assert plan.pages.found == len(names)
    return names


@pytest.mark.once
def test_the_shop_has_goods_out_for_every_reason_that_the_catalogue_can_list(full_shop: Shop) -> None:
    plan = a_plan(full_shop).plan
    expected = {str(reason): {one["name"] for one in goods} for reason, goods in GOODS.items()}
    expected[Restriction.ALCOHOL] |= {full_shop.beer.name}
    expected[Reason.FILTER_STORE] = {"Хлеб из магазина Склад"}
    expected[Reason.MERGED] = {"Хлеб из магазина Киоск"}
    assert skipped(plan) == expected
    assert set(expected) == set(SEARCHABLE)
    assert set(REASONS) == set(SEARCHABLE) | ONLY_IN_A_PLAN


def test_the_numbers_of_plan_run_feed_and_catalogue_are_those_of_their_lists(
    owner: Client, full_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan_summary, "plan_now", lambda _user, **_patience: a_plan(full_shop))
    out = skipped(a_plan(full_shop).plan)
    job = full_shop.job(skipped_by_reason={reason: len(names) for reason, names in out.items()})
    by_address = {f"{CATALOGUE}?why={reason}": names for reason, names in out.items()}
    pages = [reverse("syncing:preview"), reverse("syncing:job", args=[job.pk])]
    for page in pages:
        assert links(open_computed(owner, page).content.decode()) == {
            address: len(names) for address, names in by_address.items()
        }
    # A feed knows no category of VK's.
    in_feed = {one: names for one, names in by_address.items() if not one.endswith(Reason.NO_CATEGORY)}
    assert links(open_computed(owner, reverse("feed:goods")).content.decode()) == {
        address: len(names) for address, names in in_feed.items()
    }
    assert {address: listed(owner, address) for address in by_address} == by_address
    for_sale = {"Хлеб ржаной", "Молоко 1 л"}
    assert listed(owner, f"{CATALOGUE}?why=ready") == for_sale
    choices = open_computed(owner, f"{CATALOGUE}?why=ready").context["form"].fields["why"].choices
    counted = {code: re.findall(r"\((\d+)\)$", text) for code, text in choices if code in out}
    assert counted == {code: [str(len(names))] for code, names in out.items()}


@pytest.mark.once
def test_a_reason_that_only_a_plan_knows_opens_its_goods_in_the_plan(
    owner: Client, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    reasons = [str(one) for one in (*Reason, *Restriction) if one not in {Reason.UNDONE, Reason.SECOND_ITEM}]
    numbers = {reason: 1 + place % 3 for place, reason in enumerate(reasons)}
    lines = [
        SummaryLine("store-1", f"{reason}-{n}", f"{reason} {n}", reason)
        for reason, number in numbers.items()
        for n in range(number)
    ]
    summary = PlanSummary([SummaryPart("skip", len(lines), lines)], numbers, [], 0, "hash")
    monkeypatch.setattr(plan_summary, "compute", lambda *_given, **_more: summary.to_json())
    found = links(open_computed(owner, reverse("syncing:preview")).content.decode())
    assert sorted(found.values()) == sorted(numbers.values())
    in_plan = {address: number for address, number in found.items() if not address.startswith(CATALOGUE)}
    assert len(in_plan) == len(ONLY_IN_A_PLAN)
    assert {address: len(listed(owner, address)) for address in in_plan} == in_plan


def test_the_dashboards_numbers_are_those_of_their_lists(owner: Client, full_shop: Shop) -> None:
    full_shop.switch_on()
    out = skipped(a_plan(full_shop).plan)
    full_shop.job(skipped_by_reason={reason: len(names) for reason, names in out.items()})
    baker.make(ProductPhoto, user=full_shop.user, product=full_shop.milk)
    gone = full_shop.product("gone", "Ушёл", missing_since=full_shop.now)
    full_shop.list(full_shop.milk, vk_item_id=502, last_error="vk.100", sent={})
    full_shop.list(gone, vk_item_id=None, state="failed", last_error="vk.100", sent={})
    baker.make(
        Listing,
        user=full_shop.user,
        vk_group_id=GROUP_ID,
        product=None,
        vk_item_id=503,
        last_error="vk.100",
        state="live",
        store_evotor_id="x",
        product_evotor_id="x",
        stamp="x",
        sent={},
    )
    _same_numbers(owner, out, is_counted=False)
    # What the merchant changes counts at once, though no run has planned since.
    Product.objects.filter(name__in=["Мука", "Нечто"]).update(price=5, group_evotor_id="food")
    Store.objects.update(changed_at=clock.now())
    listed(owner, f"{CATALOGUE}?why=no_price")
    gaps = _same_numbers(owner, skipped(a_plan(full_shop).plan), is_counted=True)
    assert f"{CATALOGUE}?why=no_price" in gaps


def _same_numbers(owner: Client, out: Mapping[str, set[str]], *, is_counted: bool) -> dict[str, int]:
    """Hold every gap and every sum of the first page to its list; return the gaps."""
    answer = owner.get(reverse("syncing:dashboard"))
    page = answer.context["page"]
    gaps = {gap.url: int(re.match(r"\d+", gap.text)[0]) for gap in page.readiness.gaps}  # type: ignore[index]
    assert len(gaps) == 7
    assert {address: len(listed(owner, address)) for address in gaps} == gaps
    assert page.readiness.total - page.readiness.ready == sum(
        number for address, number in gaps.items() if "why=" in address
    )
    to_check = open_computed(owner, reverse("catalog:check")).context["page"].number
    assert to_check == len(out[Reason.UNSURE]) + len(out[Reason.MAY_BE_KEPT_OUT])
    # A run tells how many it was unsure about, a worker's count all that wait for a decision.
    assert page.undecided == (to_check if is_counted else len(out[Reason.UNSURE]))
    assert page.items_with_errors == len(listed(owner, f"{CATALOGUE}?show=errors")) == 1
    return gaps


def test_the_numbers_beside_the_catalogues_choices_are_those_of_their_lists(
    owner: Client, full_shop: Shop
) -> None:
    full_shop.list(full_shop.milk, vk_item_id=502, last_error="vk.100", merchant_fields=["title"])
    full_shop.list(full_shop.beer, vk_item_id=503, state="hidden")
    gone = full_shop.product("gone", "Ушёл", missing_since=full_shop.now)
    full_shop.list(gone, vk_item_id=None, state="failed", last_error="vk.100")
    Product.objects.filter(name="Соль").update(quantity=0, own_title="Соль морская")
    baker.make(ProductPhoto, user=full_shop.user, product=full_shop.milk)
    open_computed(owner, reverse("catalog:counts"))
    compute_asked()
    answer = owner.get(CATALOGUE)
    form, tree = answer.context["form"], answer.context["page"].tree
    states = form.fields["show"].widget.counts
    assert all(states.values())
    assert {state: len(listed(owner, f"{CATALOGUE}?show={state}")) for state in states} == states
    stores = form.fields["store"].widget.counts
    assert sum(stores.values()) == states[""]
    assert {pk: len(listed(owner, f"{CATALOGUE}?store={pk}")) for pk in stores} == stores
    groups = {node.group.pk: node.number for node in tree}
    assert any(groups.values())
    assert {pk: len(listed(owner, f"{CATALOGUE}?group={pk}")) for pk in groups} == groups
