"""Answers that are broken on their way, at any request of a run: nothing is doubled, lost or removed."""

from typing import Any

import pytest

from accounts.models import User
from sandbox import Sandbox
from syncing.models import SyncJob
from tests.integration.faults.shop import assert_complete, first_run, run, store_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]

BROKEN: list[dict[str, Any]] = [
    {"kind": "huge"},
    {"kind": "bomb"},
    {"kind": "not_gzip"},
    {"kind": "http", "status": 302},
    {"kind": "http", "status": 204},
    {"kind": "bad_json"},
    {"kind": "truncated"},
]


@pytest.mark.parametrize("fault", BROKEN, ids=lambda fault: "-".join(map(str, fault.values())))
@pytest.mark.parametrize("method", ["products", "product-groups", "stores"])
def test_a_list_of_the_till_that_comes_broken_takes_nothing_out(
    box: Sandbox, user: User, method: str, fault: dict[str, Any]
) -> None:
    first_run(box, user)
    box.evotor.delete_product(store_of(box).id, next(iter(store_of(box).products)))
    box.evotor.fault(**fault, method=method, times=0)
    job = run(user)
    assert (job.is_finished, job.items_hidden, job.items_deleted) == (True, 0, 0)
    assert_complete(box)
    box.evotor.faults.clear()
    assert run(user).items_hidden == 1


@pytest.mark.parametrize("fault", BROKEN, ids=lambda fault: "-".join(map(str, fault.values())))
@pytest.mark.parametrize("nth", [1, 2, 3])
def test_an_answer_of_vk_that_comes_broken_doubles_nothing(
    box: Sandbox, user: User, nth: int, fault: dict[str, Any]
) -> None:
    box.vk.fault(**fault, method="execute", nth=nth, executed=True)
    run(user)
    assert run(user).status == SyncJob.Status.SUCCESS
    assert_complete(box)
