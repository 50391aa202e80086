"""A till or VK that answers slowly holds threads that nobody else needs, and its work is done."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

import syncing.tasks
from accounts.models import User
from catalog.models import Product
from catalog.tasks import refresh_catalog_for_user, refresh_slow_catalog_for_user
from connections import tasks as connection_tasks
from connections.clients.patience import FIRST_ANSWER_SECONDS
from connections.clients.service import Service
from connections.models import EvotorConnection, VkConnection
from sandbox import Sandbox
from syncing.choices import ComputationKind, JobPhase
from syncing.jobs import computations
from syncing.jobs.lifecycle import request_sync
from syncing.jobs.runner import SHORT
from syncing.models import Computation, SyncJob
from syncing.tasks import (
    compute_for_user,
    compute_slowly_for_user,
    run_slow_sync_for_user,
    run_sync_for_user,
    sweep_computations,
)
from tests.integration.workers.killing import ITEMS, assert_every_item_once
from tests.queues import waiting

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE, SLOW = 0.5, 0.8
Status = SyncJob.Status
TILL, VK = EvotorConnection, VkConnection


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the threads that others need wait for half a second only, and take that long for slow."""
    monkeypatch.setattr(syncing.tasks, "SHORT", replace(SHORT, patience_seconds=PATIENCE))
    for module in ("connections.clients.patience", "catalog.tasks", "connections.tasks", "syncing.tasks"):
        monkeypatch.setattr(f"{module}.PATIENCE_SECONDS", PATIENCE)
    monkeypatch.setattr("connections.clients.patience.SHORTEST_REQUEST", PATIENCE)


def asked(user: User) -> SyncJob:
    job = request_sync(user, trigger=SyncJob.Trigger.MANUAL)
    waiting()
    return job


def now_of(job: SyncJob) -> SyncJob:
    return SyncJob.objects.get(pk=job.pk)


def is_slow(user: User, model: type[EvotorConnection | VkConnection]) -> bool:
    return model.objects.get(user=user).is_slow(timezone.now())


def messages() -> list[tuple[str, str]]:
    return [(message.queue_name, message.actor_name) for message in waiting()]


@pytest.mark.once
def test_a_run_gives_way_where_the_till_is_slow(box: Sandbox, user: User) -> None:
    box.evotor.merchant.answer_seconds = SLOW
    job = asked(user)
    run_sync_for_user.fn(user.pk)
    job = now_of(job)
    # It waits for a thread of its own: nothing is lost, and no try has failed.
    assert (job.status, job.lease, job.phase, job.attempts, job.not_before) == (
        Status.PENDING,
        "",
        "",
        0,
        None,
    )
    assert messages() == [("slow", "run_slow_sync_for_user")]
    assert (is_slow(user, TILL), is_slow(user, VK)) == (True, False)
    run_slow_sync_for_user.fn(user.pk)
    assert now_of(job).status == Status.SUCCESS
    assert_every_item_once(box)
    assert is_slow(user, TILL)


@pytest.mark.once
def test_a_till_that_is_known_as_slow_is_not_asked_by_threads_that_others_need(
    box: Sandbox, user: User
) -> None:
    EvotorConnection.objects.update(slow_until=timezone.now() + timedelta(hours=1))
    job = asked(user)
    before = len(box.evotor.calls)
    run_sync_for_user.fn(user.pk)
    refresh_catalog_for_user.fn(user.pk)
    connection_tasks.check_connection.fn(Service.EVOTOR, user.pk)
    assert len(box.evotor.calls) == before
    assert now_of(job).status == Status.PENDING
    assert messages() == [
        ("slow", "run_slow_sync_for_user"),
        ("slow", "refresh_slow_catalog_for_user"),
        ("slow", "check_slow_connection"),
    ]


@pytest.mark.once
def test_a_till_that_is_quick_again_goes_back_to_the_others(box: Sandbox, user: User) -> None:
    EvotorConnection.objects.update(slow_until=timezone.now() + timedelta(hours=1))
    connection_tasks.check_slow_connection.fn(Service.EVOTOR, user.pk)
    assert is_slow(user, TILL), "one cheap answer says nothing of a whole reading"
    asked(user)
    run_slow_sync_for_user.fn(user.pk)
    assert not is_slow(user, TILL)
    box.evotor.edit_product(*first_product(box), price=777)
    job = asked(user)
    run_sync_for_user.fn(user.pk)
    assert (now_of(job).status, now_of(job).items_updated) == (Status.SUCCESS, 1)


def test_a_till_whose_first_answer_is_late_stays_with_the_slow_ones(
    box: Sandbox, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(FIRST_ANSWER_SECONDS, Service.EVOTOR, PATIENCE)
    for module in ("connections.clients.patience", "catalog.tasks"):
        monkeypatch.setattr(f"{module}.PATIENCE_SECONDS", 60.0)
    box.evotor.fault("delay", method="stores", times=0, seconds=SLOW)
    before = len(box.evotor.calls)
    refresh_catalog_for_user.fn(user.pk)
    assert len(box.evotor.calls) == before + 1, "it is asked once"
    assert messages() == [("slow", "refresh_slow_catalog_for_user")]
    refresh_slow_catalog_for_user.fn(user.pk)
    assert Product.objects.for_user(user).count() == ITEMS
    assert is_slow(user, TILL), "the whole was quick, but the others would have given up"


def first_product(box: Sandbox) -> tuple[str, str]:
    store = next(iter(box.evotor.stores.values()))
    return store.id, next(iter(store.products))


@pytest.mark.once
def test_a_run_that_waits_for_vk_gives_way_with_what_it_has_read(box: Sandbox, user: User) -> None:
    fault = box.vk.fault("delay", method="execute", times=0, seconds=SLOW)
    job = asked(user)
    run_sync_for_user.fn(user.pk)
    job = now_of(job)
    assert (job.status, job.phase, job.attempts) == (Status.PENDING, JobPhase.PLAN, 0)
    assert messages() == [("slow", "run_slow_sync_for_user")]
    assert (is_slow(user, TILL), is_slow(user, VK)) == (False, True)
    fault.seconds, before = 0.0, len(box.evotor.calls)
    run_slow_sync_for_user.fn(user.pk)
    assert now_of(job).status == Status.SUCCESS
    assert len(box.evotor.calls) == before, "the till is not read twice"
    assert_every_item_once(box)
    assert not is_slow(user, VK)


@pytest.mark.once
def test_a_write_is_not_given_up(box: Sandbox, user: User) -> None:
    job = asked(user)
    begun: list[bool] = []
    box.vk.fault("action", method="market.add", do=lambda: begun.append(True))
    box.vk.fault("delay", method="execute", nth=2, times=0, seconds=SLOW)
    run_sync_for_user.fn(user.pk)
    assert (now_of(job).status, messages()) == (Status.SUCCESS, [])
    assert begun
    assert_every_item_once(box)


@pytest.mark.parametrize(
    ("kind", "more"), [("http", {"status": 502}), ("error", {"status": 429}), ("drip", {"seconds": 1.5})]
)
def test_a_till_that_fails_or_holds_us_back_does_not_hold_the_thread(
    box: Sandbox, user: User, kind: str, more: dict[str, Any]
) -> None:
    fault = box.evotor.fault(kind, times=0, **more)
    job = asked(user)
    run_sync_for_user.fn(user.pk)
    assert (now_of(job).status, now_of(job).attempts) == (Status.PENDING, 0)
    assert messages() == [("slow", "run_slow_sync_for_user")]
    fault.times = fault.seen
    run_slow_sync_for_user.fn(user.pk)
    assert now_of(job).status == Status.SUCCESS


@pytest.mark.once
@pytest.mark.parametrize(
    ("quick", "slow", "actor"),
    [
        (
            lambda user: refresh_catalog_for_user.fn(user.pk),
            lambda user: refresh_slow_catalog_for_user.fn(user.pk),
            "refresh_slow_catalog_for_user",
        ),
        (
            lambda user: connection_tasks.check_connection.fn(Service.EVOTOR, user.pk),
            lambda user: connection_tasks.check_slow_connection.fn(Service.EVOTOR, user.pk),
            "check_slow_connection",
        ),
    ],
)
def test_refreshes_and_checks_give_way_too(
    box: Sandbox, user: User, quick: Callable[[User], None], slow: Callable[[User], None], actor: str
) -> None:
    box.evotor.merchant.answer_seconds = SLOW
    checked = timezone.now() - timedelta(hours=1)
    EvotorConnection.objects.update(last_checked_at=checked)
    quick(user)
    assert messages() == [("slow", actor)]
    assert is_slow(user, TILL)
    slow(user)
    found = EvotorConnection.objects.get(user=user)
    assert found.is_online
    assert found.last_checked_at is not None
    assert found.last_checked_at > checked
    assert Product.objects.for_user(user).count() == (ITEMS if "catalog" in actor else 0)


@pytest.mark.once
def test_a_slow_run_whose_message_was_lost_is_found_again(box: Sandbox, user: User) -> None:
    EvotorConnection.objects.update(slow_until=timezone.now() + timedelta(hours=1))
    job = asked(user)
    run_sync_for_user.fn(user.pk)
    waiting()
    SyncJob.objects.update(heartbeat_at=timezone.now() - timedelta(minutes=5))
    syncing.tasks.sweep_stale_jobs.fn()
    run_sync_for_user.fn(user.pk)
    assert ("slow", "run_slow_sync_for_user") in messages()
    run_slow_sync_for_user.fn(user.pk)
    assert now_of(job).status == Status.SUCCESS


def preview_of(user: User) -> Computation:
    return Computation.objects.for_user(user).get(kind=ComputationKind.PREVIEW)


def test_a_preview_that_waits_for_vk_gives_way(box: Sandbox, user: User) -> None:
    fault = box.vk.fault("delay", method="execute", times=0, seconds=SLOW)
    computations.ask(user, ComputationKind.PREVIEW)
    waiting()
    compute_for_user.fn(user.pk, ComputationKind.PREVIEW)
    given_up = preview_of(user)
    assert (given_up.is_asked, given_up.lease, given_up.attempts, given_up.error_code) == (True, "", 0, "")
    assert messages() == [("slow", "compute_slowly_for_user")]
    assert is_slow(user, VK)
    compute_slowly_for_user.fn(user.pk, ComputationKind.PREVIEW)
    computed = preview_of(user)
    assert (computed.is_asked, computed.error_code) == (False, "")
    assert computed.result is not None
    assert computed.result["plan_hash"]
    fault.seconds = 0.0


def test_a_slow_preview_whose_message_was_lost_is_found_again(box: Sandbox, user: User) -> None:
    VkConnection.objects.update(slow_until=timezone.now() + timedelta(hours=1))
    computations.ask(user, ComputationKind.PREVIEW)
    compute_for_user.fn(user.pk, ComputationKind.PREVIEW)
    waiting()
    before = len(box.vk.calls)
    Computation.objects.update(woken_at=timezone.now() - timedelta(minutes=5))
    sweep_computations.fn()
    assert messages() == [("default", "compute_for_user")]
    compute_for_user.fn(user.pk, ComputationKind.PREVIEW)
    assert len(box.vk.calls) == before, "the threads that others need do not ask again"
    assert messages() == [("slow", "compute_slowly_for_user")]
    compute_slowly_for_user.fn(user.pk, ComputationKind.PREVIEW)
    assert preview_of(user).result is not None
    assert not is_slow(user, VK), "a whole shop was read quickly"
