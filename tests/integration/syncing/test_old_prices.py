"""A promotion's crossed-out price in VK: it comes, it goes, and the merchant's own one stays."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from catalog.models import Product
from sandbox import Sandbox
from sandbox.vk.records import Item
from syncing.feed.products import FeedProducts
from syncing.jobs.triggers import on_rules_turned
from syncing.models import GoodsRule, HeldPrice, Listing, SyncConfig, SyncJob
from syncing.services.field_ownership import reset_overrides
from syncing.services.settings import configure
from tests.integration.syncing.running import ITEMS, carry_on, first_run, run

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _any_number(user: User) -> None:
    """Let a promotion on all goods begin without a question."""
    configure(user, values={"brake_items": "100", "brake_percent": "100"})


def promote(user: User, *, days: float = 1, percent: str = "-20") -> GoodsRule:
    """Begin a promotion on all goods."""
    now = timezone.now()
    return GoodsRule.objects.create(
        user=user,
        position=1,
        name="Акция",
        actions=[{"kind": "percent", "value": percent}],
        starts_at=now - timedelta(days=1),
        ends_at=now + timedelta(days=days),
    )


def shown(box: Sandbox) -> set[tuple[int, int]]:
    """Return price and old price of every item in VK."""
    return {(item.price_kopecks, item.old_price_kopecks or 0) for item in box.vk.live_items()}


def item_of(box: Sandbox, number: int) -> Item:
    return next(item for item in box.vk.live_items() if item.title.endswith(f" {number}"))


@pytest.mark.once
def test_a_promotion_comes_with_its_old_price_and_an_unchanged_run_writes_nothing(
    user: User, box: Sandbox
) -> None:
    first_run(box, user)
    promote(user)
    assert run(user).items_updated == ITEMS
    before = {10_000 + 100 * number for number in range(ITEMS)}
    assert shown(box) == {(price * 8 // 10, price) for price in before}
    assert not box.vk.warnings
    job = run(user)
    assert (job.items_updated, job.items_unchanged) == (0, ITEMS)


@pytest.mark.once
def test_new_goods_of_a_promotion_have_it_at_once(user: User, box: Sandbox) -> None:
    promote(user)
    run(user)
    assert (8_000, 10_000) in shown(box)


def test_a_promotion_that_ended_while_no_worker_ran_ends_with_the_next_thing_a_worker_does(
    user: User, box: Sandbox
) -> None:
    first_run(box, user)
    rule = promote(user)
    run(user)
    # The workers were away when the promotion ended, and are back two days later.
    now = timezone.now()
    SyncConfig.objects.update(last_run_at=now - timedelta(days=3))
    GoodsRule.objects.filter(pk=rule.pk).update(
        starts_at=now - timedelta(days=9), ends_at=now - timedelta(days=2)
    )
    on_rules_turned(now)
    assert SyncJob.objects.active().for_user(user).exists()
    carry_on(user)
    assert shown(box) == {(10_000 + 100 * number, 0) for number in range(ITEMS)}
    SyncConfig.objects.update(last_run_at=now)
    on_rules_turned(now + timedelta(minutes=1))
    assert not SyncJob.objects.active().for_user(user).exists()


def test_an_old_price_set_by_hand_stays_until_it_is_given_back(user: User, box: Sandbox) -> None:
    first_run(box, user)
    item_of(box, 3).old_price_kopecks = 50_000
    assert run(user).items_updated == 0
    assert item_of(box, 3).old_price_kopecks == 50_000
    promote(user)
    run(user)
    assert item_of(box, 3).old_price_kopecks == 50_000
    product = Product.objects.get(name__endswith=" 3")
    assert reset_overrides(user, product, field="old_price_kopecks") == ["old_price_kopecks"]
    run(user)
    assert item_of(box, 3).old_price_kopecks == 10_300


@pytest.mark.once
def test_a_promotion_can_say_that_nothing_is_crossed_out(user: User, box: Sandbox) -> None:
    first_run(box, user)
    rule = promote(user)
    rule.actions = [*rule.actions, {"kind": "old_price", "value": "0"}]
    rule.save()
    run(user)
    assert {old for _, old in shown(box)} == {0}


def test_a_promotion_that_crosses_nothing_out_ends_without_a_question(user: User, box: Sandbox) -> None:
    first_run(box, user)
    rule = promote(user, percent="-95")
    rule.actions = [*rule.actions, {"kind": "old_price", "value": "0"}]
    rule.save()
    configure(user, values={"price_hold_percent": ""})
    run(user)
    configure(user, values={"brake_items": "1", "brake_percent": "1", "price_hold_percent": "50"})
    now = timezone.now()
    Listing.objects.update(last_verified_at=now - timedelta(hours=1))
    rule.ends_at = now - timedelta(minutes=1)
    rule.save()

    assert run(user).status == SyncJob.Status.SUCCESS

    assert shown(box) == {(10_000 + 100 * number, 0) for number in range(ITEMS)}
    assert not HeldPrice.objects.exists()


@pytest.mark.once
def test_a_vk_that_keeps_no_old_price_is_written_to_once(user: User, box: Sandbox) -> None:
    first_run(box, user)
    promote(user)
    run(user)
    for item in box.vk.live_items():
        item.old_price_kopecks = None
    assert run(user).items_updated == 0
    assert run(user).items_updated == 0
    product = Product.objects.get(name__endswith=" 3")
    assert reset_overrides(user, product) == []


def fed(user: User) -> set[tuple[int, int]]:
    """Return price and old price of every offer of the feed."""
    offers = FeedProducts(user).offers(lambda row, key: "")
    return {(offer.price_kopecks, offer.old_price_kopecks) for offer in offers}


@pytest.mark.parametrize(
    "actions",
    [[{"kind": "percent", "value": "-20"}], [{"kind": "at_most", "value": "50"}]],
    ids=["held", "fixed"],
)
def test_a_slip_of_the_till_is_crossed_out_in_no_feed_either(
    user: User, box: Sandbox, actions: list[dict[str, str]]
) -> None:
    SyncConfig.objects.update(price_hold_percent=30)
    first_run(box, user)
    rule = promote(user)
    GoodsRule.objects.filter(pk=rule.pk).update(actions=actions)
    run(user, approve=True)
    HeldPrice.objects.update(verdict="approved")
    run(user)
    before = shown(box)
    assert fed(user) == before
    first = FeedProducts(user).fingerprint()
    store = next(iter(box.evotor.stores.values()))
    box.evotor.edit_product(store.id, next(iter(store.products)), price=1_000)
    assert run(user).status == SyncJob.Status.SUCCESS
    assert shown(box) == before
    assert fed(user) == before
    assert FeedProducts(user).fingerprint() != first
