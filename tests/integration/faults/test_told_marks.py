"""A till that takes its marks away from many goods at once publishes nothing without a question."""

from typing import Any

import pytest

from accounts.models import User
from catalog.models import Product
from sandbox import Sandbox
from syncing.choices import ComputationKind
from syncing.core.choices import QuestionCode, Reason
from syncing.jobs import computations
from syncing.models import SyncJob
from syncing.services.restricted_decisions import decide
from tests.computing import compute_asked
from tests.integration.faults.shop import run, store_of, titles

pytestmark = [pytest.mark.django_db, pytest.mark.same_statements]

# A till tells a mark or takes it away; and one whose names go wrong says no more than one without marks.
MARKS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "type": ({"type": "TOBACCO_MARKED"}, {"type": "NORMAL"}),
    "excise": ({"is_excisable": True}, {"is_excisable": False}),
    "age": ({"is_age_limited": True}, {"is_age_limited": False}),
    "sale": ({"allow_to_sell": False}, {"allow_to_sell": True}),
    "name": ({"name": "Водка Столичная 0,5"}, {"name": "123456"}),
}


def enter_packs(box: Sandbox, **fields: Any) -> list[str]:
    """Enter a dozen goods whose names say nothing; return their ids."""
    store = store_of(box).id
    packs = ({"name": f"Пачка {number}"} | fields for number in range(12))
    return [box.evotor.add_product(store, price=150, quantity=5, **pack).id for pack in packs]


def tell(box: Sandbox, ids: list[str], fields: dict[str, Any]) -> None:
    """Have the till tell these fields of goods."""
    for product_id in ids:
        box.evotor.edit_product(store_of(box).id, product_id, **fields)


@pytest.mark.once
@pytest.mark.parametrize("what", MARKS)
def test_marks_that_are_told_away_from_many_goods_at_once_are_asked_about(
    box: Sandbox, user: User, what: str
) -> None:
    marked, unmarked = MARKS[what]
    kept_out = enter_packs(box, **marked)
    run(user)
    before = titles(box)
    tell(box, kept_out, unmarked)
    job = run(user)
    assert job.status == SyncJob.Status.NEEDS_APPROVAL
    assert [code for code, *_ in job.questions] == [QuestionCode.MARKS_LOST]
    assert titles(box) == before
    assert run(user, approve=True).items_created == len(kept_out)
    assert run(user).status == SyncJob.Status.SUCCESS


@pytest.mark.parametrize("what", MARKS)
def test_marks_that_are_told_away_in_a_load_under_other_ids_are_asked_about(
    box: Sandbox, user: User, what: str
) -> None:
    marked, unmarked = MARKS[what]
    enter_packs(box, **marked)
    run(user)
    before = titles(box)
    store = store_of(box)
    box.evotor.reimport(store.id)
    name = marked.get("name", "Пачка")
    tell(
        box,
        [one for one in store.products if store.products[one].fields["name"].startswith(name)],
        unmarked,
    )
    job = run(user)
    assert QuestionCode.MARKS_LOST in {code for code, *_ in job.questions}
    assert titles(box) == before


@pytest.mark.once
def test_types_that_are_taken_away_one_at_a_time_show_nothing_without_a_yes(box: Sandbox, user: User) -> None:
    kept_out = enter_packs(box, type="TOBACCO_MARKED")
    run(user)
    before = titles(box)
    for number, product_id in enumerate(kept_out[:3], start=1):
        tell(box, [product_id], {"type": "NORMAL"})
        job = run(user)
        assert (job.status, job.items_created) == (SyncJob.Status.SUCCESS, 0)
        assert job.skipped_by_reason[Reason.MAY_BE_KEPT_OUT] == number
        assert titles(box) == before
    computations.ask(user, ComputationKind.CATALOG)
    compute_asked()
    first = Product.objects.get(evotor_id=kept_out[0])
    decide(first, scope="name", verdict="allowed")
    assert run(user).items_created == 1
    assert titles(box) == sorted([*before, first.name])
    tell(box, kept_out[1:2], {"type": "TOBACCO_MARKED"})
    assert run(user).skipped_by_reason[Reason.MAY_BE_KEPT_OUT] == 1
    # Many together are the run's own question.
    tell(box, kept_out[1:], {"type": "NORMAL"})
    job = run(user)
    assert [code for code, *_ in job.questions] == [QuestionCode.MARKS_LOST]
    assert titles(box) == sorted([*before, first.name])


@pytest.mark.once
def test_a_mark_that_the_merchant_corrects_asks_nothing(box: Sandbox, user: User) -> None:
    kept_out = enter_packs(box, is_excisable=True)
    run(user)
    tell(box, kept_out[:2], {"is_excisable": False})
    job = run(user)
    assert (job.status, job.items_created) == (SyncJob.Status.SUCCESS, 2)


@pytest.mark.once
@pytest.mark.parametrize("mark", ["is_excisable", "is_age_limited"])
def test_marks_that_are_taken_away_one_at_a_time_show_two_goods_and_no_third(
    box: Sandbox, user: User, mark: str
) -> None:
    kept_out = enter_packs(box, **{mark: True})
    run(user)
    before = titles(box)
    for number, product_id in enumerate(kept_out[:5], start=1):
        tell(box, [product_id], {mark: False})
        job = run(user)
        assert job.status == SyncJob.Status.SUCCESS
        assert len(titles(box)) == len(before) + min(number, 2)
        assert job.skipped_by_reason.get(Reason.MAY_BE_KEPT_OUT, 0) == max(number - 2, 0)
    # They wait on the page of goods to be decided, and go when the merchant says so.
    computations.ask(user, ComputationKind.CATALOG)
    compute_asked()
    decide(Product.objects.get(evotor_id=kept_out[3]), scope="name", verdict="allowed")
    assert run(user).items_created == 1


@pytest.mark.once
def test_a_group_that_forbids_goods_and_loses_its_name_shows_none_of_them_unasked(
    box: Sandbox, user: User
) -> None:
    store = store_of(box).id
    above = box.evotor.add_group(store, "Сигареты")
    below = box.evotor.add_group(store, "На кассе", above.id)
    for number in range(12):
        home = (above, below)[number % 2].id
        box.evotor.add_product(store, f"Пачка {number}", parent_id=home, price=150, quantity=5)
    assert run(user).skipped_by_reason["legal_tobacco"] == 12
    before = titles(box)
    box.evotor.rename_group(store, above.id, "17")
    job = run(user)
    assert (job.status, [code for code, *_ in job.questions]) == ("needs_approval", [QuestionCode.MARKS_LOST])
    assert titles(box) == before
    assert run(user, approve=True).items_created == 12
