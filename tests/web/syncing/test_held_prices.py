"""The page of prices that wait for the merchant's yes, and its buttons."""

from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from model_bakery import baker

from catalog.models import Product
from syncing.core.choices import PriceCause
from syncing.core.records import HeldPrice as HeldRecord
from syncing.core.records import ProductKey, SyncResult
from syncing.models import HeldPrice, SyncJob
from syncing.services.held_prices import SHOWN, decide, mark_of, record_held
from tests.web.shop import Shop, a_merchant

pytestmark = pytest.mark.django_db
PAGE = "syncing:held_prices"
Verdict = HeldPrice.Verdict


def held(shop: Shop, product: Product, **fields: Any) -> HeldPrice:
    """Let a product's price wait."""
    values: dict[str, Any] = {
        "old_kopecks": 10_000,
        "new_kopecks": 100_000,
        "till_kopecks": 100_000,
        "cause": "tenfold",
    }
    made: HeldPrice = baker.make(HeldPrice, user=shop.user, product=product, **(values | fields))
    return made


def text_of(browser: Client, url: str) -> str:
    page: str = browser.get(url).content.decode()
    return page.replace("\xa0", " ")


@pytest.mark.once
def test_the_page_says_what_waits_by_how_much_and_why(owner: Client, shop: Shop) -> None:
    held(shop, shop.bread, rule_name="Хлеб дороже")
    page = text_of(owner, reverse(PAGE))
    assert "1 price waits for your yes" in page
    assert "100 ₽ → 1,000 ₽</strong> (+900 %)" in page
    assert "ten times as much or as little, the till says 1,000 ₽, by your rule “Хлеб дороже”" in page
    assert reverse("catalog:thumbnail", args=[shop.bread.pk]) in page


@pytest.mark.parametrize("verdict", [Verdict.APPROVED, Verdict.ACCEPTED, Verdict.REFUSED])
def test_an_answer_that_comes_while_a_run_plans_is_not_lost(shop: Shop, verdict: str) -> None:
    row = held(shop, shop.bread)
    key = ProductKey(shop.bread.store.evotor_id, shop.bread.evotor_id)
    found = HeldRecord(key, shop.bread.name, row.old_kopecks, row.new_kopecks, PriceCause.TENFOLD, 100_000)
    plan = SyncResult((), (), (), (), 0, {}, held_prices=(found,))
    assert decide(shop.bread, verdict=verdict, seen=row.new_kopecks)
    record_held(shop.user, plan, are_known=False)
    row.refresh_from_db()
    assert row.verdict == verdict
    record_held(shop.user, replace(plan, held_prices=(replace(found, new_kopecks=200_000),)), are_known=True)
    assert HeldPrice.objects.get(product=shop.bread).verdict == Verdict.WAITING


@pytest.mark.once
def test_the_sync_page_the_overview_and_the_product_lead_to_what_waits(owner: Client, shop: Shop) -> None:
    held(shop, shop.bread)
    for url in (reverse("syncing:sync"), reverse("syncing:dashboard")):
        page = text_of(owner, url)
        assert "1 price waits for your yes" in page
        assert reverse(PAGE) in page
    page = text_of(owner, reverse("catalog:product", args=[shop.bread.pk]))
    assert "The new price waits for your yes" in page
    assert "Yes, 1,000 ₽" in page


@pytest.mark.once
def test_a_run_names_the_prices_that_it_did_not_write(owner: Client, shop: Shop) -> None:
    job = shop.job(held_prices={"number": 3, "lines": [["s", "p", "Хлеб ржаной", 10_000, 100_000]]})
    page = text_of(owner, reverse("syncing:job", args=[job.pk]))
    assert "3 new prices were not written" in page
    assert "Хлеб ржаной: <span" in page
    assert "and 2 more" in page


@pytest.mark.parametrize("verdict", ["approved", "accepted", "refused"])
def test_one_press_answers_and_asks_for_a_run(owner: Client, shop: Shop, verdict: str) -> None:
    shop.switch_on()
    row = held(shop, shop.bread)
    url = reverse("syncing:held_price", args=[shop.bread.pk])
    answer = owner.post(url, {"answer_to": f"{verdict}:100000"})
    assert answer["Location"] == reverse(PAGE)
    row.refresh_from_db()
    assert row.verdict == verdict
    assert row.decided_at is not None
    assert SyncJob.objects.for_user(shop.user).active().exists()
    assert "Your answers" in text_of(owner, reverse(PAGE))


@pytest.mark.once
def test_the_product_page_gets_its_reader_back(owner: Client, shop: Shop) -> None:
    held(shop, shop.bread)
    url = reverse("syncing:held_price", args=[shop.bread.pk]) + "?from=product"
    answer = owner.post(url, {"answer_to": "refused:100000"})
    assert answer["Location"] == reverse("catalog:product", args=[shop.bread.pk])


@pytest.mark.once
@pytest.mark.parametrize(
    "sent", ["approved:100001", "approved:", "forgotten:100000", "", "waiting:100000", "approved:1e5"]
)
def test_an_answer_to_another_price_decides_nothing(owner: Client, shop: Shop, sent: str) -> None:
    row = held(shop, shop.bread)
    answer = owner.post(reverse("syncing:held_price", args=[shop.bread.pk]), {"answer_to": sent}, follow=True)
    assert "nothing was decided" in answer.content.decode()
    row.refresh_from_db()
    assert row.verdict == Verdict.WAITING


def test_an_answer_about_a_product_whose_price_does_not_wait_decides_nothing(
    owner: Client, shop: Shop
) -> None:
    url = reverse("syncing:held_price", args=[shop.bread.pk])
    answer = owner.post(url, {"answer_to": "approved:100000"}, follow=True)
    assert "nothing was decided" in answer.content.decode()


def test_a_kind_is_answered_by_the_list_that_was_seen(owner: Client, shop: Shop) -> None:
    rows = [held(shop, shop.bread), held(shop, shop.milk)]
    page = text_of(owner, reverse(PAGE))
    mark = mark_of(rows)
    assert "All that rise" in page
    assert f'value="{mark}"' in page
    sent = {"kind": "rise", "value": "", "verdict": "approved", "mark": mark}
    url = reverse("syncing:held_prices_kind")
    HeldPrice.objects.filter(pk=rows[0].pk).update(new_kopecks=200_000)
    assert "nothing was decided" in owner.post(url, sent, follow=True).content.decode()
    assert HeldPrice.objects.waiting().count() == 2
    HeldPrice.objects.filter(pk=rows[0].pk).update(new_kopecks=100_000)
    owner.post(url, sent)
    assert not HeldPrice.objects.waiting().exists()


@pytest.mark.once
def test_kinds_are_a_direction_a_group_and_a_rule(owner: Client, shop: Shop) -> None:
    loaf = shop.product("loaf", "Батон", group="bakery")
    held(shop, shop.bread, new_kopecks=1_000, rule_name="Распродажа")
    held(shop, loaf, rule_name="Распродажа")
    page = text_of(owner, reverse(PAGE))
    assert "Group “Выпечка”" in page
    assert "By the rule “Распродажа”" in page
    assert "All that rise" not in page


def test_another_merchants_prices_stay_theirs(owner: Client, shop: Shop) -> None:
    other = Shop(a_merchant("other@example.com"), vk_group_id=78)
    row = held(other, other.bread)
    assert "No price waits for you" in text_of(owner, reverse(PAGE))
    url = reverse("syncing:held_price", args=[other.bread.pk])
    assert owner.post(url, {"answer_to": "approved:100000"}).status_code == 404
    sent = {"kind": "rise", "value": "", "verdict": "approved", "mark": mark_of([row])}
    owner.post(reverse("syncing:held_prices_kind"), sent)
    row.refresh_from_db()
    assert row.verdict == Verdict.WAITING


def test_a_long_queue_is_shown_in_part_and_counted(owner: Client, shop: Shop) -> None:
    shop.fill(SHOWN + 5)
    rows = [
        HeldPrice(user=shop.user, product=product, old_kopecks=100, new_kopecks=900, cause="percent")
        for product in Product.objects.filter(name__startswith="Товар")
    ]
    HeldPrice.objects.bulk_create(rows)
    page = text_of(owner, reverse(PAGE))
    assert f"{SHOWN + 5} prices wait" in page
    assert "5 more are shown" in page


def test_the_share_is_set_in_the_rules_and_may_be_empty(owner: Client, shop: Shop) -> None:
    page = text_of(owner, reverse("syncing:rules"))
    assert 'name="price_hold_percent" value="50"' in page
    shop.config.price_hold_percent = None
    shop.config.save()
    assert "Price control is off" in text_of(owner, reverse(PAGE))
