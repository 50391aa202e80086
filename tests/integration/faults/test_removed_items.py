"""A run that removed items is undone: VK brings them back, or they are made again, and none comes twice."""

from typing import Any

import pytest

from accounts.models import User
from catalog.models import Product
from sandbox import Sandbox
from sandbox.faults import Fault
from syncing.core.choices import Removal
from syncing.jobs.approval import approve_job
from syncing.models import Listing, SyncConfig, SyncJob, SyncJobItem, UndoneChange
from syncing.publishing.journal import Journal
from syncing.services import undo
from syncing.services.settings import set_filter
from tests.integration.faults.shop import fill, run, store_of, titles
from tests.integration.shared_start import SharedStart

pytestmark = pytest.mark.django_db
MANY, LEFT = 6, 3


class Killed(BaseException):
    """The process is killed."""


@SharedStart
def publish_mugs(box: Sandbox, user: User | None) -> User:
    """Bring six mugs into VK for a merchant who has items removed at once."""
    assert user is not None
    fill(box, MANY)
    SyncConfig.objects.filter(user=user).update(removal=Removal.DELETE)
    run(user)
    return user


@pytest.fixture
def shop(box: Sandbox, empty_handed: User) -> User:
    """Return a merchant with six mugs in VK, who has items removed at once."""
    return publish_mugs(box, empty_handed)


def shown(box: Sandbox) -> dict[int, tuple[Any, ...]]:
    return {
        item.id: (item.title, item.price_kopecks, item.hidden, item.main_photo_id)
        for item in box.vk.live_items()
    }


def lose_some(box: Sandbox) -> None:
    store = store_of(box)
    for product in list(store.products.values())[:LEFT]:
        box.evotor.delete_product(store.id, product.id)


def killed_at_results(monkeypatch: pytest.MonkeyPatch, user: User) -> None:
    """Let a run die after VK has answered and before that is written down."""

    def dies(*_args: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(Journal, "record_results", dies)
        with pytest.raises(Killed):
            run(user, approve=True)


def restores(box: Sandbox) -> int:
    return sum(call.method == "market.restore" and call.inner for call in box.vk.calls)


@pytest.mark.once
def test_removed_items_come_back_as_they_were(box: Sandbox, shop: User) -> None:
    before = shown(box)
    lose_some(box)
    job = run(shop)
    assert len(shown(box)) == MANY - LEFT
    assert undo.undo(job) == LEFT
    back = run(shop)
    assert (back.status, back.items_created, shown(box)) == ("success", LEFT, before)
    still = run(shop)
    assert (still.done, shown(box), restores(box)) == (0, before, LEFT)
    assert undo.undo(job) == 0


@pytest.mark.once
def test_what_vk_no_longer_brings_back_is_made_again(box: Sandbox, shop: User) -> None:
    before, names = shown(box), titles(box)
    lose_some(box)
    job = run(shop)
    undo.undo(job)
    box.vk.limits.restore_seconds = -1
    back = run(shop)
    assert (back.status, back.error_count, titles(box)) == ("success", 0, names)
    assert len(shown(box).keys() & before.keys()) == MANY - LEFT
    assert run(shop).done == 0


def test_more_than_ten_too_late_are_all_made_again(box: Sandbox, shop: User) -> None:
    for number in range(20):
        box.evotor.add_product(store_of(box).id, f"Тарелка {number}", price=300, quantity=1)
    run(shop, approve=True)
    names = titles(box)
    for product in list(store_of(box).products.values())[:15]:
        box.evotor.delete_product(store_of(box).id, product.id)
    undo.undo(run(shop, approve=True))
    box.vk.limits.restore_seconds = -1
    assert run(shop, approve=True).status == "success"
    assert titles(box) == names


@pytest.mark.parametrize("too_late", [False, True])
@pytest.mark.parametrize("kill", [False, True])
def test_lost_answers_and_kills_bring_back_each_item_once(
    box: Sandbox, shop: User, monkeypatch: pytest.MonkeyPatch, *, too_late: bool, kill: bool
) -> None:
    before, names = shown(box), titles(box)
    lose_some(box)
    undo.undo(run(shop))
    box.vk.limits.restore_seconds = -1 if too_late else box.vk.limits.restore_seconds
    if kill:
        killed_at_results(monkeypatch, shop)
    else:
        box.vk.faults.add(Fault("reset_after", method="execute"))
    run(shop)
    run(shop)
    assert titles(box) == names
    if not too_late:
        assert shown(box) == before


@pytest.mark.once
def test_a_removal_that_was_cut_off_can_be_undone(
    box: Sandbox, shop: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = shown(box)
    lose_some(box)
    killed_at_results(monkeypatch, shop)
    job = run(shop)
    assert (job.items_deleted, len(shown(box))) == (LEFT, MANY - LEFT)
    assert undo.undo(job) == LEFT
    run(shop)
    assert shown(box) == before


def test_goods_that_the_till_has_again_come_back_as_the_till_wants_them(box: Sandbox, shop: User) -> None:
    ids = set(shown(box))
    products = list(store_of(box).products.values())
    config = SyncConfig.objects.get(user=shop)
    line = config.filters.create(entity_type="product", entity_id=products[0].id, filter_mode="exclude")
    job = run(shop)
    line.delete()
    box.evotor.edit_product(store_of(box).id, products[0].id, price=500)
    undo.undo(job)
    run(shop)
    assert (set(shown(box)), restores(box)) == (ids, 1)
    assert SyncJob.objects.for_user(shop).active().exists()
    run(shop)
    assert 50_000 in {price for _, price, _, _ in shown(box).values()}
    assert not UndoneChange.objects.exists()


def test_while_vk_takes_no_such_calls_nothing_is_made_in_their_place(box: Sandbox, shop: User) -> None:
    before = shown(box)
    lose_some(box)
    undo.undo(run(shop))
    box.vk.faults.add(Fault("error", method="market.restore", code=29, inner=True, times=LEFT))
    stopped = run(shop)
    assert (stopped.status, len(shown(box))) == ("partial", MANY - LEFT)
    box.vk.faults.clear()
    connection = shop.vk_connection
    connection.refresh_from_db()
    connection.method_rests = None
    connection.save()
    run(shop)
    assert shown(box) == before


@pytest.mark.once
def test_what_was_made_again_meanwhile_is_not_brought_back_beside_it(box: Sandbox, shop: User) -> None:
    products = list(store_of(box).products.values())
    config = SyncConfig.objects.get(user=shop)
    line = config.filters.create(entity_type="product", entity_id=products[0].id, filter_mode="exclude")
    job = run(shop)
    line.delete()
    run(shop)
    assert undo.undo(job) == 0
    run(shop)
    assert (len(titles(box)), restores(box)) == (MANY, 0)


def test_a_removed_item_of_another_community_is_not_asked_for(box: Sandbox, shop: User) -> None:
    lose_some(box)
    undo.undo(run(shop))
    for row in UndoneChange.objects.for_user(shop):
        row.kept["item"]["community"] += 1
        row.save()
    run(shop)
    assert (len(titles(box)), restores(box)) == (MANY - LEFT, 0)


def test_the_undo_of_the_run_that_brought_them_back_hides_them(box: Sandbox, shop: User) -> None:
    lose_some(box)
    undo.undo(run(shop))
    back = run(shop)
    assert undo.undo(back) == LEFT
    run(shop)
    assert sum(hidden for _, _, hidden, _ in shown(box).values()) == LEFT
    assert Listing.objects.for_user(shop).filter(state=Listing.State.HIDDEN).count() == LEFT


def test_a_run_that_removed_before_this_was_kept_says_that_nothing_comes_back(
    box: Sandbox, shop: User
) -> None:
    lose_some(box)
    job = run(shop)
    SyncJobItem.objects.filter(job=job).update(removed=None)
    assert (undo.count_removed(job), undo.undo(job)) == ((0, LEFT), 0)
    assert Product.objects.for_user(shop).missing().count() == LEFT
    assert SyncJob.objects.get(pk=job.pk).items_deleted == LEFT


def test_what_was_removed_because_vk_forbids_it_does_not_come_back_when_the_till_loses_it(
    box: Sandbox, shop: User
) -> None:
    store = store_of(box)
    for product in list(store.products.values()):
        box.evotor.edit_product(store.id, product.id, name=f"Сигареты Kent {product.id[:4]}")
    job = run(shop, approve=True)
    assert shown(box) == {}
    for product in list(store.products.values()):
        box.evotor.delete_product(store.id, product.id)
    assert undo.undo(job) == MANY
    run(shop, approve=True)
    assert (shown(box), restores(box)) == ({}, 0)


def test_an_undo_that_brings_back_many_goods_waits_for_a_yes(box: Sandbox, shop: User) -> None:
    before = shown(box)
    lose_some(box)
    job = run(shop)
    SyncConfig.objects.filter(user=shop).update(brake_items=LEFT - 1, brake_percent=0)
    assert undo.undo(job) == LEFT
    asks = run(shop)
    assert (asks.status, asks.questions) == ("needs_approval", [["many_returning", LEFT, MANY - LEFT]])
    assert len(shown(box)) == MANY - LEFT
    approve_job(asks, by=shop)
    run(shop)
    assert shown(box) == before


@pytest.mark.once
def test_what_left_the_till_is_not_shown_while_new_items_are_made(box: Sandbox, shop: User) -> None:
    """A first upload may take an hour, and may break off: nobody buys meanwhile what is not there."""
    lose_some(box)
    for number in range(3):
        box.evotor.add_product(store_of(box).id, f"Чайник медный {number}", price=300, quantity=1)
    seen: list[int] = []
    box.vk.fault("action", method="market.add", do=lambda: seen.append(len(box.vk.live_items())))
    assert run(shop).items_deleted == LEFT
    assert (seen, len(box.vk.live_items())) == ([MANY - LEFT], MANY)


@pytest.mark.once
def test_goods_that_went_and_came_in_the_undone_run_do_not_come_and_go_for_ever(
    box: Sandbox, shop: User
) -> None:
    """Their old id gets the removed item back, and the new one, which takes it over, is to be out of VK."""
    store = store_of(box)
    old = next(iter(store.products.values()))
    set_filter(shop, mode="exclude", entity_type="product", entity_id=old.id)
    box.evotor.add_product(store.id, old.fields["name"], price=100, quantity=5)
    job = run(shop, approve=True)
    assert (job.items_created, job.items_deleted) == (1, 1)
    box.evotor.delete_product(store.id, old.id)
    assert undo.undo(job) == 2
    last = [run(shop, approve=True) for _ in range(4)][-1]
    assert (last.done, last.items_created, last.items_deleted) == (0, 0, 0)
    assert not any(item.title == old.fields["name"] for item in box.vk.live_items() if not item.hidden)
