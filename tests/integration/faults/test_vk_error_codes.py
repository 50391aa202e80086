"""Captchas of both kinds, subcodes, and errors that nobody knows: they stop a connection, not its items."""

from collections import Counter
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from connections.models import VkConnection
from sandbox import Sandbox
from syncing.jobs.lifecycle import claim, request_sync
from syncing.jobs.runner import run_slice
from syncing.models import SyncJob
from tests.integration.faults.shop import ITEMS, assert_complete, fill

pytestmark = [pytest.mark.django_db, pytest.mark.same_statements]

Status = SyncJob.Status
MANY = 500


def begin(user: User) -> SyncJob:
    request_sync(user, trigger=SyncJob.Trigger.SCHEDULE)
    return go_on(user)


def go_on(user: User) -> SyncJob:
    job = claim(user, now=timezone.now(), early=True)
    assert job is not None
    return run_slice(job)


def finish(user: User) -> SyncJob:
    job = go_on(user)
    while not job.is_finished:
        job = go_on(user)
    return job


def paused_seconds(user: User) -> float:
    until = VkConnection.objects.get(user=user).paused_until
    assert until is not None
    return (until - timezone.now()).total_seconds()


@pytest.mark.once
@pytest.mark.parametrize("fault", [{"code": 3300}, {"code": 14}, {"code": 15, "subcode": 3300}], ids=str)
def test_a_captcha_at_the_fifth_of_many_items_stops_at_once_and_goes_on_by_itself(
    box: Sandbox, empty_handed: User, fault: dict[str, Any]
) -> None:
    fill(box, MANY)
    user = empty_handed
    objection = box.vk.fault("error", method="market.add", nth=5, times=0, **fault)
    job = begin(user)
    assert job.status == Status.PENDING
    assert job.not_before is not None
    # The calls of the script that VK was carrying out, and not one script more.
    assert objection.seen <= 25
    assert 44 * 60 < paused_seconds(user) <= 45 * 60
    assert VkConnection.objects.get(user=user).is_online
    assert not job.items.filter(result="failed").exists()
    box.vk.faults.clear()
    assert finish(user).status == Status.SUCCESS
    assert_complete(box, MANY)


def test_the_third_unknown_error_in_a_row_pauses_the_connection(box: Sandbox, user: User) -> None:
    box.vk.fault("error", method="market.add", nth=4, times=0, code=7777)
    job = begin(user)
    assert job.status == Status.PENDING
    assert 59 * 60 < paused_seconds(user) <= 60 * 60
    assert job.items.filter(result="failed", error_code="vk.7777").count() == 2
    box.vk.faults.clear()
    assert finish(user).status in (Status.SUCCESS, Status.PARTIAL)
    begin(user)
    assert_complete(box)


def test_two_unknown_errors_and_a_success_pause_nothing(box: Sandbox, user: User) -> None:
    for number in (4, 5, 7, 8, 11):
        box.vk.fault("error", method="market.add", nth=number, code=7777)
    job = begin(user)
    assert job.status == Status.PARTIAL
    assert Counter(job.items.values_list("error_code", flat=True))["vk.7777"] == 5
    assert VkConnection.objects.get(user=user).paused_until is None


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ({"code": 15, "subcode": 1133}, "vk.15_1133"),
        ({"code": 15, "subcode": 1134}, "vk.15"),
        ({"code": 41}, "vk.41"),
        ({"code": 34}, "vk.34"),
        ({"code": 35}, "vk.35"),
    ],
    ids=str,
)
def test_what_is_about_the_login_takes_the_connection_offline_and_no_item(
    box: Sandbox, user: User, fault: dict[str, Any], code: str
) -> None:
    box.vk.fault("error", method="market.add", nth=3, times=0, **fault)
    job = begin(user)
    assert (job.status, job.error_code) == (Status.FAILED, code)
    assert not VkConnection.objects.get(user=user).is_online
    assert not job.items.filter(result="failed").exists()


@pytest.mark.once
@pytest.mark.parametrize("code", [33, 1409])
def test_what_is_about_the_community_or_our_request_ends_the_run_and_spares_the_items(
    box: Sandbox, user: User, code: int
) -> None:
    box.vk.fault("error", method="market.add", nth=3, times=0, code=code)
    job = begin(user)
    assert job.error_code == f"vk.{code}"
    assert not job.items.filter(result="failed").exists()
    assert VkConnection.objects.get(user=user).is_online


@pytest.mark.once
def test_a_login_without_the_right_to_goods_is_told_to_log_in_again(box: Sandbox, user: User) -> None:
    box.vk.tokens[box.vk_token].scope = frozenset({"groups"})
    job = begin(user)
    assert job.error_code == "vk.15_1133"
    assert len(box.vk.live_items()) == 0 < ITEMS
