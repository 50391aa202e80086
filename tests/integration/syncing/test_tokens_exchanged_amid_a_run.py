"""Another token is given amid a run: what the old one is refused says nothing of the new one."""

import pytest
from django.db import connection as database
from django.utils import timezone

from accounts.models import User
from connections.evotor.connect import connect_evotor
from connections.models import EvotorConnection, VkConnection
from connections.vk.connect import connect_vk
from sandbox import Sandbox
from syncing.jobs.lifecycle import claim, request_sync
from syncing.jobs.runner import run_slice
from syncing.models import SyncJob
from tests.integration.syncing.running import ITEMS, carry_on

pytestmark = pytest.mark.django_db(transaction=True)


def slice_of_run(user: User) -> SyncJob:
    request_sync(user, trigger=SyncJob.Trigger.MANUAL)
    claimed = claim(user, now=timezone.now())
    assert claimed is not None
    return run_slice(claimed)


@pytest.mark.parametrize("moment", ["market.get", "upload", "market.add"])
def test_a_new_vk_token_stays_in_use_and_the_run_goes_on_with_it(
    box: Sandbox, user: User, moment: str
) -> None:
    def exchange() -> None:
        try:
            box.vk.merchant.revoke_token(box.vk_token)
            owner = User.objects.get(pk=user.pk)
            connect_vk(owner, token=box.vk.add_token().value, group=box.group_id, now=timezone.now())
        finally:
            database.close()

    box.vk.fault("action", method=moment, do=exchange)
    assert slice_of_run(user).status == SyncJob.Status.PENDING
    assert VkConnection.objects.get(user=user).is_online
    assert carry_on(user).status == SyncJob.Status.SUCCESS
    assert len(box.vk.live_items()) == len({one.title for one in box.vk.live_items()}) == ITEMS


def test_a_new_token_of_the_till_stays_in_use_and_the_run_goes_on_with_it(box: Sandbox, user: User) -> None:
    def exchange() -> None:
        try:
            token = box.evotor.rotate_token()
            connect_evotor(User.objects.get(pk=user.pk), token=token, now=timezone.now())
        finally:
            database.close()

    box.evotor.fault("action", do=exchange)
    assert slice_of_run(user).status == SyncJob.Status.PENDING
    assert EvotorConnection.objects.get(user=user).is_online
    assert carry_on(user).status == SyncJob.Status.SUCCESS
    assert len(box.vk.live_items()) == ITEMS
