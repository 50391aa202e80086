"""Buttons that are pressed in the same moment: exactly one press wins, the others hear a sentence."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest
from django.db import connection

from accounts.models import User
from evosync.common import clock
from syncing.jobs.approval import approve_job, reject_job
from syncing.jobs.lifecycle import claim, get_or_create_active
from syncing.models import SyncJob
from syncing.services.errors import CannotSync

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.mariadb]

ROUNDS = 8
Press = Callable[[SyncJob, User], object]

PRESSES: dict[str, Press] = {
    "approve": lambda job, user: approve_job(job, by=user),
    "reject": lambda job, user: reject_job(job, by=user),
}


def at_once(presses: list[Callable[[], object]]) -> list[object]:
    """Make all presses in the same moment; return what each answered, or the sentence that it heard."""
    barrier = Barrier(len(presses))

    def press(act: Callable[[], object]) -> object:
        barrier.wait(timeout=60)
        try:
            return act()
        except CannotSync as refused:
            return str(refused)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(presses)) as pool:
        return list(pool.map(press, presses))


def merchant(number: int) -> User:
    return User.objects.create_user(f"shop{number}@example.com", "a long passphrase")


def asked(user: User) -> bool:
    return get_or_create_active(user, "manual")[1]


def run_of(user: User) -> int:
    return get_or_create_active(user, "manual")[0].pk


def approved(held: SyncJob, user: User) -> int:
    return approve_job(held, by=user).pk


def taken_by(user: User) -> bool:
    return claim(user, now=clock.now()) is not None


@pytest.mark.parametrize(
    "names",
    [("approve", "reject"), ("approve",) * 4, ("reject",) * 4, ("approve", "approve", "reject")],
    ids=str,
)
def test_a_held_plan_is_decided_once(names: tuple[str, ...]) -> None:
    for number in range(ROUNDS):
        user = merchant(number)
        held = SyncJob.objects.create(
            user=user, status="needs_approval", finished_at=clock.now(), plan_hash="p"
        )

        def press(name: str, pk: int = held.pk, user: User = user) -> object:
            return PRESSES[name](SyncJob.objects.get(pk=pk), user)

        answers = at_once([partial(press, name) for name in names])
        refused = [answer for answer in answers if isinstance(answer, str)]
        assert len(refused) == len(names) - 1
        assert all(refused)
        held.refresh_from_db()
        runs = SyncJob.objects.for_user(user).active().count()
        assert (held.status, runs) == ("cancelled", 1 if held.decision == "approved" else 0)


def test_runs_that_are_asked_for_together_are_one_and_one_worker_takes_it() -> None:
    for number in range(ROUNDS):
        user = merchant(number)
        made = at_once([partial(asked, user)] * 4)
        assert sorted(made, key=bool) == [False, False, False, True]
        taken = at_once([partial(taken_by, user)] * 4)
        assert sorted(taken, key=bool) == [False, False, False, True]
        assert SyncJob.objects.for_user(user).count() == 1


def test_a_plan_is_decided_and_a_run_is_asked_for_in_one_moment() -> None:
    for number in range(ROUNDS):
        user = merchant(number)
        held = SyncJob.objects.create(
            user=user, status="needs_approval", finished_at=clock.now(), plan_hash="p"
        )
        answers = at_once(
            [
                partial(approved, held, user),
                partial(run_of, user),
            ]
        )
        assert len(set(answers)) == 1
        assert SyncJob.objects.for_user(user).active().get().approved_plan == "p"
