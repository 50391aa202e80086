"""What a run works with is given up while it goes on: it writes nothing more, and stands in nobody's way."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import User
from accounts.services import delete_account
from connections.clients.error_catalog import VkError
from connections.clients.errors import AuthRevoked
from connections.clients.service import Service
from connections.evotor.connect import disconnect_evotor
from connections.models import VkConnection
from connections.vk.connect import disconnect_vk, save_community
from sandbox import Sandbox
from syncing.core.records import SyncResult
from syncing.jobs import approval
from syncing.jobs.lifecycle import claim, finish, get_or_create_active, request_sync
from syncing.jobs.request_accounting import RequestAccounting
from syncing.jobs.runner import run_slice
from syncing.jobs.slice_end import SliceEnd
from syncing.jobs.triggers import on_till_push
from syncing.models import Listing, SyncJob
from syncing.publishing.errors import LeaseLost, StopRequested
from syncing.publishing.lease import Lease
from syncing.services.accounts import account_of
from syncing.services.errors import CannotSync
from tests.integration.syncing.running import first_run, reprice

pytestmark = pytest.mark.django_db(transaction=True)

ANOTHER = 987_654


def change_community(user: User) -> None:
    save_community(user, {"group_id": ANOTHER, "group_name": "Другая"}, timezone.now())


ACTS: dict[str, Callable[[User], object]] = {
    "VK": disconnect_vk,
    "till": disconnect_evotor,
    "community": change_community,
    "account": delete_account,
}


def claimed_run(user: User) -> SyncJob:
    request_sync(user, trigger=SyncJob.Trigger.MANUAL)
    job = claim(user, now=timezone.now(), early=True)
    assert job is not None
    return job


@pytest.mark.mariadb
@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("moment", ["market.get", "upload"])
def test_a_run_whose_connection_is_given_up_amid_it_makes_nothing(
    box: Sandbox, user: User, moment: str, act: str
) -> None:
    given_up = []

    def give_up() -> None:
        given_up.append(act)
        try:
            ACTS[act](User.objects.get(pk=user.pk))
        finally:
            connection.close()

    job = claimed_run(user)
    box.vk.fault("action", method=moment, do=give_up)
    run_slice(job)
    assert given_up == [act]
    assert box.vk.live_items() == []
    assert not SyncJob.objects.active().exclude(lease="").exists()
    if act == "account":
        assert not User.objects.filter(pk=user.pk).exists()
    else:
        job.refresh_from_db()
        # Before its first write a run looks at its connection again.
        looks_again = (moment, act) == ("market.get", "VK")
        assert job.error_code == ("no_vk" if looks_again else "stopped")


@pytest.mark.parametrize("act", ["VK", "till", "community"])
def test_a_waiting_run_goes_with_what_it_waits_for(user: User, act: str) -> None:
    job = request_sync(user, trigger=SyncJob.Trigger.MANUAL)
    ACTS[act](user)
    job.refresh_from_db()
    assert job.status == "cancelled"
    # Another community has a run of its own.
    assert SyncJob.objects.active().count() == (act == "community")


@pytest.mark.once
@pytest.mark.parametrize("act", ["VK", "till", "community"])
def test_a_run_that_is_between_two_slices_or_at_work_must_not_go_on(user: User, act: str) -> None:
    job = claimed_run(user)
    ACTS[act](user)
    with pytest.raises(StopRequested):
        Lease(job, timezone.now).beat()


def test_another_community_is_served_once_the_run_for_the_first_has_ended(user: User) -> None:
    job = claimed_run(user)
    change_community(user)
    finish(job, status=SyncJob.Status.CANCELLED)
    assert SyncJob.objects.active().exclude(pk=job.pk).get().status == "pending"


def test_a_refusal_of_what_was_given_up_says_nothing_of_what_was_connected_since(user: User) -> None:
    job, account = claimed_run(user), account_of(user)
    disconnect_vk(user)
    change_community(user)
    refusal = AuthRevoked(Service.VK, VkError.AUTH_FAILED, method="market.get")
    SliceEnd(job, RequestAccounting()).fail(refusal, account)
    assert VkConnection.objects.get(user=user).is_online
    job.refresh_from_db()
    assert (job.status, job.error_code) == ("cancelled", "stopped")


@pytest.mark.parametrize("act", ["VK", "till", "account"])
def test_a_push_that_comes_after_that_asks_for_no_run(box: Sandbox, user: User, act: str) -> None:
    ACTS[act](user)
    on_till_push(user.pk, next(iter(box.evotor.stores)))
    assert not SyncJob.objects.active().exists()


@pytest.mark.once
def test_no_run_is_asked_for_an_account_that_was_deleted_meanwhile(user: User) -> None:
    left = User.objects.get(pk=user.pk)
    delete_account(user)
    with pytest.raises(CannotSync):
        get_or_create_active(left, SyncJob.Trigger.MANUAL)


@pytest.mark.mariadb
def test_an_account_is_deleted_after_what_its_run_is_writing_and_before_the_rest(user: User) -> None:
    job = claimed_run(user)
    lease = Lease(job, timezone.now)

    def delete() -> None:
        try:
            delete_account(User.objects.get(pk=user.pk))
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with lease.held():
            deleting = pool.submit(delete)
            with pytest.raises(TimeoutError):
                deleting.result(timeout=0.5)
            Listing.objects.create(user=user, vk_group_id=1, stamp="one")
        deleting.result(timeout=30)
    with pytest.raises(LeaseLost), lease.held():
        pass
    assert not Listing.objects.exists()
    assert not User.objects.filter(pk=user.pk).exists()


@pytest.mark.parametrize("act", ["VK", "till", "community"])
def test_a_plan_is_not_held_that_is_given_up_while_it_is_written(
    box: Sandbox, user: User, monkeypatch: pytest.MonkeyPatch, act: str
) -> None:
    first_run(box, user)
    reprice(box, by=50)
    job = claimed_run(user)
    hold = approval.hold_plan

    def hold_and_give_up(job: SyncJob, plan: SyncResult, *, vk_group_id: int) -> None:
        hold(job, plan, vk_group_id=vk_group_id)
        ACTS[act](user)

    monkeypatch.setattr(approval, "hold_plan", hold_and_give_up)
    assert run_slice(job).status == SyncJob.Status.CANCELLED
    assert not SyncJob.objects.awaiting_approval().exists()
    with pytest.raises(CannotSync):
        approval.approve_job(job, by=user)
