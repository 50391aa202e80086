"""What pages ask workers to compute: once for many who ask, again for what came meanwhile, never lost."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from catalog.models import Store
from connections.clients.error_catalog import OwnError
from syncing.choices import ComputationKind
from syncing.feed import issue_feed
from syncing.jobs import computations
from syncing.jobs.leases import new_lease
from syncing.models import Computation, Feed, SyncConfig
from syncing.services.errors import CannotSync
from syncing.services.inputs import inputs_of
from syncing.tasks import sweep_computations
from tests.integration.syncing.running import run
from tests.queues import waiting, work_off

pytestmark = pytest.mark.django_db(transaction=True)
KIND = ComputationKind.CATALOG


def row() -> Computation:
    return Computation.objects.get(kind=KIND)


def compute_with(monkeypatch: pytest.MonkeyPatch, answer: Callable[[], dict[str, Any]]) -> list[int]:
    """Let the computation be this function; return the list of the merchants that it was called for."""
    calls: list[int] = []

    def computed(question: computations.Question) -> dict[str, Any]:
        calls.append(question.user.pk)
        return answer()

    monkeypatch.setattr(computations, "COMPUTE", {KIND: computed, ComputationKind.FEED: computed})
    return calls


@pytest.fixture(autouse=True)
def _empty_queues(user: User) -> None:
    waiting()


def test_many_who_ask_get_one_computation(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = compute_with(monkeypatch, lambda: {"n": 1})
    for _time in range(5):
        computations.ask(user, KIND)
    assert work_off() == 5
    assert calls == [user.pk]
    assert (row().result, row().is_asked, row().lease) == ({"n": 1}, False, "")


@pytest.mark.once
def test_a_question_during_a_computation_is_answered_by_another_one(
    user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter(({"n": 1}, {"n": 2}))

    def answer() -> dict[str, int]:
        found = next(answers)
        if found == {"n": 1}:
            computations.ask(user, KIND)
            waiting()
        return found

    calls = compute_with(monkeypatch, answer)
    computations.ask(user, KIND)
    work_off()
    assert len(calls) == 2
    assert (row().result, row().is_asked) == ({"n": 2}, False)


def test_a_second_worker_leaves_what_the_first_has_taken(user: User) -> None:
    computations.ask(user, KIND)
    now = timezone.now()
    assert computations.claim(user.pk, KIND, now=now)
    assert computations.claim(user.pk, KIND, now=now) is None


def test_a_lost_message_is_sent_again_after_two_minutes_and_not_before(user: User) -> None:
    computations.ask(user, KIND)
    waiting()
    sweep_computations()
    assert waiting(actor="compute_for_user") == []
    Computation.objects.update(woken_at=timezone.now() - computations.WAKE_AGAIN_AFTER)
    sweep_computations()
    assert len(waiting(actor="compute_for_user")) == 1
    sweep_computations()
    assert waiting(actor="compute_for_user") == []


@pytest.mark.parametrize("lease", ["other-host:1:abc", f"{new_lease().split(':')[0]}:4194300:abc"])
def test_what_a_killed_worker_had_taken_is_computed_by_another(user: User, lease: str) -> None:
    computations.ask(user, KIND)
    silent = timezone.now() - (computations.DEAD_AFTER if lease.startswith("other") else timedelta(0))
    Computation.objects.update(lease=lease, heartbeat_at=silent - timedelta(seconds=1), attempts=1)
    waiting()
    sweep_computations()
    work_off()
    assert (row().is_asked, row().lease) == (False, "")
    assert row().result is not None


@pytest.mark.once
def test_a_fault_is_tried_again_later_and_said_after_three_times(
    user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> dict[str, Any]:
        raise RuntimeError("a fault of ours")

    compute_with(monkeypatch, fail)
    computations.ask(user, KIND)
    waiting()
    for _time in range(computations.MOST_ATTEMPTS):
        with pytest.raises(RuntimeError, match="fault of ours"):
            computations.compute(user.pk, KIND)
        assert row().is_asked
        # Not at once: what failed may pass.
        assert not computations.compute(user.pk, KIND)
        Computation.objects.update(not_before=None)
    assert computations.compute(user.pk, KIND)
    assert (row().error_code, row().is_asked, row().attempts) == (OwnError.INTERNAL, False, 0)
    # What kills its worker does not begin again at every look.
    assert not computations.current(user, KIND).is_asked


def test_an_error_leaves_the_last_result_and_is_asked_about_again_soon(
    user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    compute_with(monkeypatch, lambda: {"n": 1})
    computations.ask(user, KIND)
    work_off()
    Computation.objects.update(error_code="vk.5", computed_at=timezone.now())
    assert not computations.current(user, KIND).is_asked
    Computation.objects.update(computed_at=timezone.now() - computations.ERROR_LASTS)
    asked = computations.current(user, KIND)
    assert (asked.is_asked, asked.result) == (True, {"n": 1})


def test_an_error_is_old_at_once_where_its_cause_has_been_changed(
    user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> dict[str, Any]:
        raise CannotSync(OwnError.NO_VK, "VK is not connected")

    compute_with(monkeypatch, refuse)
    computations.ask(user, KIND)
    work_off()
    assert (row().error_code, computations.current(user, KIND).is_asked) == (OwnError.NO_VK, False)
    user.restricted_decisions.create(scope="name", key="миллер", verdict="allowed")
    assert computations.current(user, KIND).is_asked


@pytest.mark.parametrize("change", ["rules", "filter", "store", "decision"])
def test_a_change_of_what_it_depends_on_makes_a_result_old(user: User, change: str) -> None:
    run(user, approve=True)
    computations.ask(user, KIND)
    work_off()
    assert not computations.current(user, KIND).is_asked
    match change:
        case "rules":
            SyncConfig.objects.update(markup_percent=10)
        case "filter":
            user.sync_config.filters.create(entity_type="group", entity_id="g", filter_mode="exclude")
        case "store":
            Store.objects.update(changed_at=timezone.now())
        case _:
            user.restricted_decisions.create(scope="name", key="миллер", verdict="allowed")
    assert computations.current(user, KIND).is_asked


def test_a_reading_that_changes_nothing_leaves_results_up_to_date(user: User) -> None:
    run(user, approve=True)
    computations.ask(user, KIND)
    work_off()
    Computation.objects.update(inputs=inputs_of(user, KIND))
    run(user)
    assert not computations.current(user, KIND).is_asked


def test_a_preview_is_old_after_a_run_and_after_ten_minutes(user: User) -> None:
    kind = ComputationKind.PREVIEW
    computations.ask(user, kind)
    work_off()
    assert not computations.current(user, kind).is_asked
    Computation.objects.update(computed_at=timezone.now() - computations.PREVIEW_LASTS)
    assert computations.current(user, kind).is_asked
    work_off()
    assert not computations.current(user, kind).is_asked
    run(user, approve=True)
    assert computations.current(user, kind).is_asked


def test_a_merchant_who_has_left_is_computed_nothing(user: User) -> None:
    computations.ask(user, KIND)
    waiting()
    User.objects.update(is_active=False)
    Computation.objects.update(woken_at=None)
    sweep_computations()
    assert waiting(actor="compute_for_user") == []
    assert not computations.compute(user.pk, KIND)


def test_goods_that_change_in_the_till_have_the_feed_built_once_they_are_read(user: User) -> None:
    issue_feed(user)
    run(user, approve=True)
    asked = Computation.objects.get(kind=ComputationKind.FEED)
    assert asked.is_asked
    assert asked.not_before is not None
    Computation.objects.update(not_before=None)
    work_off()
    feed = Feed.objects.get(user=user)
    assert feed.file
    waiting()
    run(user)
    assert not Computation.objects.get(kind=ComputationKind.FEED).is_asked


def test_the_schedule_finds_feeds_whose_rules_have_changed_and_leaves_the_others(user: User) -> None:
    run(user, approve=True)
    issue_feed(user)
    sweep_computations()
    work_off()
    before = str(Feed.objects.get(user=user).file)
    sweep_computations()
    assert waiting(actor="compute_for_user") == []
    SyncConfig.objects.update(markup_percent=10)
    sweep_computations()
    work_off()
    assert str(Feed.objects.get(user=user).file) != before


def test_what_is_chosen_during_a_computation_is_kept_for_the_next_one(
    user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen: list[object] = []

    def computed(question: computations.Question) -> dict[str, Any]:
        chosen.append(question.row.choice)
        if len(chosen) == 1:
            computations.ask(user, KIND, choice=[2])
            waiting()
        return {}

    monkeypatch.setattr(computations, "COMPUTE", {KIND: computed})
    computations.ask(user, KIND, choice=[1])
    work_off()
    assert chosen == [[1], [2]]
    assert row().choice is None
