"""Texts and scripts longer than VK takes: shortened to its word, or sent another way, and sold in the end."""

from typing import Any

import pytest

from accounts.models import User
from connections.models import VkConnection
from sandbox import Sandbox
from sandbox.vk.names import weighted_length
from syncing.models import Listing, SyncJob
from tests.integration.faults.shop import ITEMS, assert_complete, fill, first_run, run, store_of, titles

pytestmark = pytest.mark.django_db(transaction=True)

LONG = "Очень подробное описание кружки. " * 60


def describe(box: Sandbox, *numbers: int, text: str = LONG) -> None:
    store = store_of(box)
    products = list(store.products.values())
    for number in numbers:
        box.evotor.edit_product(store.id, products[number].id, description=f"{number} {text}")


def assert_settled(box: Sandbox, user: User, *, edits: int = 0) -> None:
    """Check that nothing is asked of VK again: what it took is what we want now."""
    run(user)
    box.vk.forget_calls()
    job = run(user)
    assert (job.status, job.error_count) == (SyncJob.Status.SUCCESS, 0)
    assert box.vk.counts()["market.edit"] == edits
    assert not [row for row in Listing.objects.all() if row.merchant_fields]


@pytest.mark.parametrize("longest", [1_500, 500, 100])
def test_descriptions_that_vk_finds_too_long_are_shortened_until_it_takes_them(
    box: Sandbox, user: User, longest: int
) -> None:
    describe(box, *range(ITEMS))
    box.vk.limits.description_length = longest
    job = run(user)
    assert (job.status, job.error_count, job.items_created) == (SyncJob.Status.SUCCESS, 0, ITEMS)
    assert_complete(box)
    assert all(longest / 4 < len(item.description) <= longest for item in box.vk.live_items())
    assert all("Очень подробное" in item.description for item in box.vk.live_items())
    assert_settled(box, user)


def test_an_edit_with_a_description_that_is_too_long_is_shortened_too(box: Sandbox, user: User) -> None:
    first_run(box, user)
    box.vk.limits.description_length = 700
    describe(box, 3, 4)
    job = run(user)
    assert (job.status, job.error_count, job.items_updated) == (SyncJob.Status.SUCCESS, 0, 2)
    assert sum(len(item.description) > 200 for item in box.vk.live_items()) == 2
    assert_settled(box, user)


@pytest.mark.parametrize("code", [100, 1421])
def test_a_title_that_vk_finds_too_long_is_shortened(box: Sandbox, user: User, code: int) -> None:
    store = store_of(box)
    product = list(store.products.values())[3]
    box.evotor.edit_product(store.id, product.id, name="Кружка " + "очень большая и красивая " * 3)
    box.vk.limits.name_weight, box.vk.limits.long_name_code = 60, code
    job = run(user)
    assert (job.status, job.error_count, job.items_created) == (SyncJob.Status.SUCCESS, 0, ITEMS)
    assert_complete(box)
    (title,) = [title for title in titles(box) if "красивая" in title or "большая" in title]
    assert 20 < weighted_length(title) <= 60
    assert_settled(box, user)


@pytest.mark.once
def test_an_ordinary_title_is_not_cut_for_one_strange_refusal(box: Sandbox, user: User) -> None:
    box.vk.fault("error", code=1421, nth=4, method="market.add")
    job = run(user)
    assert (job.status, job.error_count, job.items_created) == (SyncJob.Status.PARTIAL, 1, ITEMS - 1)
    assert run(user).status == SyncJob.Status.SUCCESS
    assert_complete(box)


@pytest.mark.once
@pytest.mark.parametrize(
    "text", ["description is invalid", "description has bad words", "sku is too long", ""]
)
def test_a_refusal_for_another_reason_shortens_nothing_for_good(box: Sandbox, user: User, text: str) -> None:
    describe(box, 0, 1, 2)
    run(user)
    describe(box, 5, text="Короткое описание.")
    box.vk.fault("error", code=100, text=text, method="market.edit", times=0)
    job = run(user)
    assert (job.status, job.error_count) == (SyncJob.Status.PARTIAL, 1)
    failed = job.items.failed().get()
    assert text in failed.error_text
    assert VkConnection.objects.get().text_limits is None
    box.vk.faults.clear()
    assert run(user).status == SyncJob.Status.SUCCESS
    assert_settled(box, user)


@pytest.mark.once
@pytest.mark.parametrize("answer", [{"code": 12}, {"code": 13}])
def test_a_call_whose_script_vk_refuses_is_made_without_one(
    box: Sandbox, user: User, answer: dict[str, Any]
) -> None:
    box.vk.limits.script_bytes = 3_000
    describe(box, *range(5))
    job = run(user)
    assert (job.status, job.error_count, job.items_created) == (SyncJob.Status.SUCCESS, 0, ITEMS)
    assert_complete(box)
    assert any(call.method == "market.add" and not call.inner for call in box.vk.calls)
    box.vk.fault("error", **answer, method="execute", inner=False, nth=2, times=4)
    describe(box, 9)
    assert run(user).status == SyncJob.Status.SUCCESS


@pytest.mark.once
def test_a_script_is_never_longer_than_vk_takes(box: Sandbox, user: User) -> None:
    describe(box, *range(ITEMS), text=LONG + LONG[:900])
    box.vk.limits.script_bytes = 60_500
    job = run(user)
    assert (job.status, job.items_created) == (SyncJob.Status.SUCCESS, ITEMS)
    assert not [call for call in box.vk.calls if call.method == "execute" and call.error]


def test_an_edit_that_is_to_be_sent_shorter_makes_no_item_where_its_step_ends_first(
    box: Sandbox, user: User
) -> None:
    run(user)
    store = store_of(box)
    for number, product in enumerate(list(store.products.values())):
        box.evotor.edit_product(store.id, product.id, price=1_000 + number, description=f"{number} {LONG}")
    box.vk.limits.description_length = 700
    box.vk.fault("error", code=1400, nth=2, times=ITEMS, method="market.edit")
    box.evotor.add_product(store.id, "Новая кружка", price=5, quantity=1)
    assert run(user, approve=True).status == SyncJob.Status.PARTIAL
    assert_complete(box, ITEMS + 1)
    assert box.vk.counts()["market.add"] == ITEMS + 1
    box.vk.faults.clear()
    assert run(user, approve=True).status == SyncJob.Status.SUCCESS
    assert_complete(box, ITEMS + 1)
    assert_settled(box, user)


# A description before and after takes 42 KB of a statement: 19 MB, where MariaDB takes 16.
MANY = 450


@pytest.mark.mariadb
def test_many_long_descriptions_change_at_once(box: Sandbox, empty_handed: User) -> None:
    fill(box, MANY)
    for text in ("щ", "ы"):
        describe(box, *range(MANY), text=text * 3_000)
        job = run(empty_handed, approve=True)
        assert (job.status, job.error_count) == (SyncJob.Status.SUCCESS, 0)
    assert all("ыы" in item.description for item in box.vk.live_items())
