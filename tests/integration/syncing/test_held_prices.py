"""New prices that look like a slip wait for the merchant, from the till to VK."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone, translation

from accounts.models import User
from catalog.models import Product
from connections.models import VkConnection
from sandbox import Sandbox
from sandbox.evotor.records import TillStore
from sandbox.faults import Fault
from syncing.choices import ComputationKind
from syncing.feed.products import FeedProducts
from syncing.jobs.approval import approve_job, reject_job
from syncing.models import HeldPrice, Notification, SyncJob
from syncing.services import delivery_sender, held_prices
from syncing.services.explain import explain
from syncing.services.inputs import inputs_of
from syncing.services.plan_summary import Section, compute
from syncing.services.settings import configure
from tests.integration.syncing.running import ITEMS, carry_on, first_run, reprice, run

pytestmark = pytest.mark.django_db(transaction=True)

Status, Verdict = SyncJob.Status, HeldPrice.Verdict


def store_of(box: Sandbox) -> TillStore:
    return next(iter(box.evotor.stores.values()))


def set_price(box: Sandbox, number: int, price: float, **fields: object) -> str:
    """Give one of the goods another price in the till; return its Evotor id."""
    store = store_of(box)
    product = list(store.products.values())[number]
    box.evotor.edit_product(store.id, product.id, price=price, **fields)
    return product.id


def price(box: Sandbox, number: int) -> int:
    return next(one.price_kopecks for one in box.vk.live_items() if one.title.endswith(f" {number}"))


def decide(verdict: str) -> None:
    [row] = HeldPrice.objects.all()
    assert held_prices.decide(row.product, verdict=verdict, seen=row.new_kopecks)


@pytest.mark.once
def test_one_price_waits_and_everything_else_of_it_goes_on(user: User, box: Sandbox) -> None:
    first_run(box, user)
    evotor_id = set_price(box, 0, 1000, quantity=2)
    job = run(user)
    item = next(item for item in box.vk.live_items() if item.title.endswith(" 0"))
    assert (item.price_kopecks, item.stock) == (10_000, 2)
    assert job.status == Status.SUCCESS
    assert job.held_prices is not None
    assert job.held_prices["number"] == 1
    row = HeldPrice.objects.get()
    assert (row.product.evotor_id, row.old_kopecks, row.new_kopecks) == (evotor_id, 10_000, 100_000)
    box.vk.forget_calls()
    assert run(user).items_updated == 0


def test_the_plan_and_the_products_way_name_what_waits(user: User, box: Sandbox) -> None:
    first_run(box, user)
    evotor_id = set_price(box, 0, 1000)
    run(user)
    [part] = [part for part in compute(user)["parts"] if part["code"] == Section.HELD_PRICE]
    assert part["lines"][0]["changes"] == {"price_kopecks": [10_000, 100_000]}
    product = Product.objects.get(evotor_id=evotor_id)
    with translation.override("en"):
        steps = {step.title: step.text for step in explain(user, product)}
    assert steps["Price control"].endswith("waits for an answer. VK keeps the old price.")
    assert "100\N{NO-BREAK SPACE}₽" in steps["VK should show"]


def in_feed(user: User, product: Product) -> int:
    """Return the product's price in the feed."""
    offers = FeedProducts(user).offers(lambda *_: "https://evosync.example/1.jpg")
    return next(offer.price_kopecks for offer in offers if offer.row_id == product.pk)


@pytest.mark.once
def test_a_feed_keeps_the_old_price_too(user: User, box: Sandbox) -> None:
    first_run(box, user)
    evotor_id = set_price(box, 0, 1000)
    run(user)
    product = Product.objects.get(evotor_id=evotor_id)
    assert in_feed(user, product) == 10_000
    decide(Verdict.APPROVED)
    assert in_feed(user, product) == 100_000


@pytest.mark.once
def test_a_feed_keeps_the_prices_of_a_plan_that_waits_for_a_word_on_prices(user: User, box: Sandbox) -> None:
    first_run(box, user)
    product = Product.objects.earliest("pk")
    before, inputs = in_feed(user, product), inputs_of(user, ComputationKind.FEED)
    reprice(box, by=50)
    job = run(user)
    assert job.status == Status.NEEDS_APPROVAL
    assert in_feed(user, product) == before
    assert inputs_of(user, ComputationKind.FEED) != inputs
    reject_job(job, by=user)
    assert in_feed(user, product) == before
    again = run(user)
    assert in_feed(user, product) == before
    approve_job(again, by=user)
    carry_on(user)
    assert in_feed(user, product) == before + 5_000


def test_a_feed_takes_new_prices_while_a_plan_waits_for_something_else(user: User, box: Sandbox) -> None:
    first_run(box, user)
    set_price(box, 0, 120)
    store = store_of(box)
    for product_id in list(store.products)[1:]:
        box.evotor.delete_product(store.id, product_id)
    assert run(user).status == Status.NEEDS_APPROVAL
    assert in_feed(user, Product.objects.present().get()) == 12_000


@pytest.mark.once
def test_a_yes_brings_the_price_to_vk_and_then_counts_no_more(user: User, box: Sandbox) -> None:
    first_run(box, user)
    set_price(box, 0, 1000)
    run(user)
    decide(Verdict.APPROVED)
    assert run(user).items_updated == 1
    assert price(box, 0) == 100_000
    run(user)
    assert not HeldPrice.objects.exists()
    set_price(box, 0, 100)
    run(user)
    assert price(box, 0) == 100_000
    assert HeldPrice.objects.get().verdict == Verdict.WAITING


def test_a_yes_to_a_price_that_has_changed_meanwhile_decides_nothing(user: User, box: Sandbox) -> None:
    first_run(box, user)
    set_price(box, 0, 1000)
    run(user)
    seen = HeldPrice.objects.get()
    set_price(box, 0, 2000)
    run(user)
    assert not held_prices.decide(seen.product, verdict=Verdict.APPROVED, seen=seen.new_kopecks)
    assert not held_prices.decide_kind(
        user, kind="rise", value="", verdict=Verdict.APPROVED, mark=held_prices.mark_of([seen])
    )
    run(user)
    assert price(box, 0) == 10_000


@pytest.mark.once
def test_a_yes_is_void_where_the_till_changes_the_price_before_the_run(user: User, box: Sandbox) -> None:
    first_run(box, user)
    set_price(box, 0, 1000)
    run(user)
    decide(Verdict.APPROVED)
    set_price(box, 0, 2000)
    run(user)
    assert price(box, 0) == 10_000
    row = HeldPrice.objects.get()
    assert (row.verdict, row.new_kopecks) == (Verdict.WAITING, 200_000)


@pytest.mark.once
def test_a_no_stands_until_the_till_says_something_else(user: User, box: Sandbox) -> None:
    first_run(box, user)
    set_price(box, 0, 1000)
    run(user)
    decide(Verdict.REFUSED)
    assert run(user).held_prices is None
    assert HeldPrice.objects.get().verdict == Verdict.REFUSED
    set_price(box, 0, 120)
    run(user)
    assert price(box, 0) == 12_000
    assert not HeldPrice.objects.exists()


def test_a_price_waits_also_where_the_item_was_deleted_in_vk_and_is_made_again_later(
    user: User, box: Sandbox
) -> None:
    """The run that finds the item gone cannot make it; the till's slip comes before the next one."""
    first_run(box, user)
    [item] = [item for item in box.vk.live_items() if item.title.endswith(" 0")]
    box.vk.merchant.delete_item(item.id)
    box.vk.faults.add(Fault("error", method="market.add", code=29, inner=True, times=5))
    run(user)
    assert item.title not in {one.title for one in box.vk.live_items()}
    box.vk.faults.clear()
    VkConnection.objects.update(method_rests=None)
    set_price(box, 0, 1000)
    run(user)
    assert price(box, 0) == 10_000
    assert HeldPrice.objects.get().new_kopecks == 100_000
    decide(Verdict.APPROVED)
    run(user)
    assert price(box, 0) == 100_000


@pytest.mark.parametrize("is_gone_for_a_run", [False, True])
def test_a_held_price_and_its_answer_follow_goods_to_another_id(
    user: User, box: Sandbox, *, is_gone_for_a_run: bool
) -> None:
    first_run(box, user)
    set_price(box, 0, 1000)
    set_price(box, 1, 1000)
    run(user)
    held_at = {row.product.name: row.held_at for row in HeldPrice.objects.all()}
    refused, waits = HeldPrice.objects.order_by("product__name")
    assert held_prices.decide(refused.product, verdict=Verdict.REFUSED, seen=100_000)
    store = store_of(box)
    goods = dict(list(store.products.items())[:2])
    if is_gone_for_a_run:
        for pk in goods:
            box.evotor.delete_product(store.id, pk)
        run(user)
        assert (held_prices.waiting(user), HeldPrice.objects.count()) == ([], 2)
        for one in goods.values():
            box.evotor.add_product(store.id, **{**one.fields, "code": one.fields.get("code")})
    else:
        box.evotor.reimport(store.id)
    run(user)
    rows = {row.pk: row for row in HeldPrice.objects.select_related("product")}
    assert [rows[one.pk].verdict for one in (refused, waits)] == [Verdict.REFUSED, Verdict.WAITING]
    assert {row.product.name: row.held_at for row in rows.values()} == held_at
    assert all(row.product.missing_since is None for row in rows.values())
    assert [row.pk for row in held_prices.waiting(user, lock=False)] == [waits.pk]
    assert held_prices.decide(rows[waits.pk].product, verdict=Verdict.APPROVED, seen=100_000)
    run(user)
    assert (price(box, 0), price(box, 1)) == (10_000, 100_000)


def test_a_kind_is_answered_at_once(user: User, box: Sandbox) -> None:
    first_run(box, user)
    for number in range(3):
        set_price(box, number, 300)
    set_price(box, 3, 10)
    run(user)
    rows = held_prices.of_kind(held_prices.waiting(user), "rise", "")
    assert len(rows) == 3
    mark = held_prices.mark_of(rows)
    answered = held_prices.decide_kind(user, kind="rise", value="", verdict=Verdict.APPROVED, mark=mark)
    assert answered == 3
    run(user)
    assert [price(box, number) for number in range(3)] == [30_000] * 3
    assert HeldPrice.objects.waiting().get().new_kopecks == 1_000


def test_many_large_changes_are_asked_about_together(user: User, box: Sandbox) -> None:
    first_run(box, user)
    reprice(box, by=200)
    asking = run(user)
    assert asking.status == Status.NEEDS_APPROVAL
    assert not HeldPrice.objects.exists()
    approve_job(asking, by=user)
    assert carry_on(user).status == Status.SUCCESS
    # Another slice of this run, with fewer left to do, must not hold what was approved.
    assert HeldPrice.objects.filter(verdict=Verdict.APPROVED).count() == ITEMS
    assert sorted(item.price_kopecks for item in box.vk.live_items()) == [
        30_000 + 100 * number for number in range(ITEMS)
    ]
    run(user)
    assert not HeldPrice.objects.exists()


@pytest.mark.once
def test_price_control_is_switched_off_by_an_empty_value(user: User, box: Sandbox) -> None:
    configure(user, values={"price_hold_percent": ""})
    run(user)
    set_price(box, 0, 1000)
    run(user)
    assert price(box, 0) == 100_000


def test_the_merchant_is_told_once_of_all_that_wait(user: User, box: Sandbox, site: str) -> None:
    first_run(box, user)
    set_price(box, 0, 1000)
    set_price(box, 1, 10)
    run(user)
    delivery_sender.send_due(timezone.now())
    assert [message.subject for message in mail.outbox] == ["EvoSync: new prices wait for your yes"]
    assert "2 prices would change" in mail.outbox[0].body
    assert "Кружка синяя 0: 100\N{NO-BREAK SPACE}₽ → 1,000\N{NO-BREAK SPACE}₽" in mail.outbox[0].body
    assert f"{site}/sync/prices/" in mail.outbox[0].body
    set_price(box, 2, 1000)
    run(user)
    delivery_sender.send_due(timezone.now() + timedelta(hours=7))
    assert len(mail.outbox) == 1
    HeldPrice.objects.update(verdict=Verdict.APPROVED)
    run(user)
    assert not Notification.objects.open().exists()
    delivery_sender.send_due(timezone.now() + timedelta(hours=14))
    assert len(mail.outbox) == 1
