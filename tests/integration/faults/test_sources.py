"""A till that suddenly has less: nothing is taken out of VK, and the right question is asked."""

from collections.abc import Callable

import pytest

from accounts.models import User
from sandbox import Sandbox
from syncing.models import SyncJob
from tests.integration.faults.shop import ITEMS, assert_complete, first_run, run, store_of

pytestmark = [pytest.mark.django_db, pytest.mark.same_statements, pytest.mark.once]

REMOVALS = {"market.edit", "market.delete"}


def lose(box: Sandbox, count: int) -> None:
    """Take this many products out of the till."""
    store = store_of(box)
    for product_id in list(store.products)[:count]:
        box.evotor.delete_product(store.id, product_id)


def sell_out(box: Sandbox) -> None:
    """Set every stock to nothing."""
    store = store_of(box)
    for product_id in store.products:
        box.evotor.edit_product(store.id, product_id, quantity=0)


ASKED: list[tuple[str, Callable[[Sandbox], object], list[tuple[str, int, int]]]] = [
    ("empty", lambda box: lose(box, ITEMS), [("empty_source", ITEMS, ITEMS), ("many_hidden", ITEMS, ITEMS)]),
    ("half", lambda box: lose(box, 16), [("shrunken_source", 16, ITEMS), ("many_hidden", 16, ITEMS)]),
    ("a third", lambda box: lose(box, 11), [("many_hidden", 11, ITEMS)]),
    (
        "no store",
        lambda box: box.evotor.delete_store(store_of(box).id),
        [("store_vanished", ITEMS, ITEMS), ("empty_source", ITEMS, ITEMS), ("many_hidden", ITEMS, ITEMS)],
    ),
    ("sold out", sell_out, [("many_zero_stocks", ITEMS, ITEMS)]),
]


@pytest.mark.parametrize(("change", "questions"), [row[1:] for row in ASKED], ids=[row[0] for row in ASKED])
def test_a_till_that_lost_goods_is_asked_about(
    box: Sandbox,
    user: User,
    change: Callable[[Sandbox], object],
    questions: list[tuple[str, int, int]],
) -> None:
    first_run(box, user)
    change(box)
    job = run(user)
    assert job.status == SyncJob.Status.NEEDS_APPROVAL
    assert sorted(map(tuple, job.questions)) == sorted(questions)
    assert REMOVALS.isdisjoint(job.requests["vk_calls"])
    assert_complete(box)


UNREAD: list[dict[str, object]] = [
    {"kind": "http", "status": 500, "nth": 2, "times": 0},
    {"kind": "empty_page", "nth": 2, "times": 0},
    {"kind": "repeat_cursor", "nth": 2, "times": 0},
    {"kind": "cut", "nth": 3, "times": 0},
    {"kind": "error", "status": 404, "nth": 1, "times": 0},
]


@pytest.mark.parametrize("fault", UNREAD, ids=lambda fault: str(fault["kind"]))
def test_a_till_that_was_not_read_to_the_end_takes_nothing_out(
    box: Sandbox, user: User, fault: dict[str, object]
) -> None:
    first_run(box, user)
    lose(box, 2)
    box.evotor.fault(**fault, method="products")  # type: ignore[arg-type]
    job = run(user)
    assert job.items_hidden == job.items_deleted == 0
    assert REMOVALS.isdisjoint(job.requests.get("vk_calls", {}))
    assert_complete(box)
    box.evotor.faults.clear()
    assert run(user).items_hidden == 2


def test_a_proxys_page_proves_of_no_product_that_it_is_gone(box: Sandbox, user: User) -> None:
    first_run(box, user)
    # The list breaks off, and who stands before Evotor answers for each product that it left out.
    box.evotor.fault("empty_page", method="products", nth=3)
    box.evotor.fault("shift", method="products", nth=2)
    box.evotor.fault("http", status=404, method="product", times=0)
    job = run(user, approve=True)
    assert (job.status, job.error_code) == (SyncJob.Status.FAILED, "evotor.bad_json")
    assert not [item for item in box.vk.live_items() if item.hidden]
    box.evotor.faults.clear()
    assert run(user).status == SyncJob.Status.SUCCESS
    assert_complete(box)


def test_a_list_that_breaks_off_twice_hides_nothing(box: Sandbox, user: User) -> None:
    first_run(box, user)
    box.evotor.fault("blank", method="products", nth=1, times=2)
    job = run(user, approve=True)
    assert (job.status, job.error_code) == (SyncJob.Status.FAILED, "evotor.unsteady_list")
    assert not [item for item in box.vk.live_items() if item.hidden]
    assert run(user).status == SyncJob.Status.SUCCESS
    assert_complete(box)


def test_a_till_that_finds_us_too_fast_is_read_on_in_its_next_window(
    user: User, box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1_000.0]
    box.evotor.clock = lambda: now[0]
    box.evotor.rules.per_window, box.evotor.rules.window = 2, 60.0
    monkeypatch.setattr("time.sleep", lambda seconds: now.__setitem__(0, now[0] + seconds))
    job = run(user)
    assert (job.status, job.error_code) == (SyncJob.Status.SUCCESS, "")
    assert 60 < now[0] - 1_000 < 180
    assert_complete(box)


def test_a_reimport_under_new_ids_moves_the_listings_and_asks_nothing(box: Sandbox, user: User) -> None:
    first_run(box, user)
    box.evotor.reimport(store_of(box).id)
    job = run(user)
    assert (job.status, job.questions) == (SyncJob.Status.SUCCESS, [])
    assert (job.items_created, job.items_hidden, job.items_deleted) == (0, 0, 0)
    assert_complete(box)
