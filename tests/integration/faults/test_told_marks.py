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

MARKS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "type": ({"type": "TOBACCO_MARKED"}, {"type": "NORMAL"}),
    "excise": ({"is_excisable": True}, {"is_excisable": False}),
    "sale": ({"allow_to_sell": False}, {"allow_to_sell": True}),
}


def enter_packs(box: Sandbox, **fields: Any) -> list[str]:
    """Enter a dozen goods whose names say nothing; return their ids."""
    store = store_of(box).id
    names = (f"Пачка {number}" for number in range(12))
    return [box.evotor.add_product(store, name, price=150, quantity=5, **fields).id for name in names]


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
    tell(
        box,
        [one for one in store.products if store.products[one].fields["name"].startswith("Пачка")],
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


def test_a_mark_that_the_merchant_corrects_asks_nothing(box: Sandbox, user: User) -> None:
    kept_out = enter_packs(box, is_excisable=True)
    run(user)
    tell(box, kept_out[:2], {"is_excisable": False})
    job = run(user)
    assert (job.status, job.items_created) == (SyncJob.Status.SUCCESS, 2)
