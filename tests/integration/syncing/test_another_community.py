"""The merchant chooses another community: nothing is made there before they have seen and confirmed it."""

import pytest
from django.utils import timezone

from accounts.models import User
from connections.models import VkConnection
from connections.status import mark_offline, mark_online
from connections.vk.connect import connect_vk, disconnect_vk
from sandbox import Sandbox
from sandbox.vk.records import ADMINISTRATOR, Item
from syncing.jobs.lifecycle import claim, request_sync
from syncing.jobs.runner import run_slice
from syncing.jobs.triggers import on_till_push
from syncing.models import SyncConfig, SyncJob
from syncing.services.adoption import find_duplicates
from syncing.services.settings import set_enabled
from tests.integration.syncing.running import ITEMS, carry_on, first_run

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def second(box: Sandbox, user: User) -> int:
    """Return another community of a merchant whose goods are in the first one."""
    first_run(box, user)
    return box.vk.add_community("Вторая лавка", "second", {box.vk.user_id: ADMINISTRATOR}).id


@pytest.fixture
def by_hand(box: Sandbox, second: int) -> Item:
    """Return a mug of the till that the merchant has typed into the other community by hand."""
    return box.vk.create_item("Кружка синяя 3", price_kopecks=5_000, group_id=second)


def choose(box: Sandbox, user: User, group: int) -> None:
    connect_vk(user, token=box.vk_token, group=group, now=timezone.now())


def is_confirmed(user: User) -> bool:
    return SyncConfig.objects.enabled().filter(user=user).exists()


def test_goods_are_shown_in_another_community_once_the_merchant_has_confirmed_it(
    box: Sandbox, user: User, second: int, by_hand: Item
) -> None:
    choose(box, user, second)
    on_till_push(user.pk, next(iter(box.evotor.stores)))
    assert (is_confirmed(user), SyncJob.objects.active().exists()) == (False, False)
    assert list(box.vk.communities[second].items) == [by_hand.id]
    assert [one.item.item_id for one in find_duplicates(user)] == [by_hand.id]
    set_enabled(user, enabled=True)
    request_sync(user, trigger=SyncJob.Trigger.MANUAL)
    assert carry_on(user).items_created == ITEMS


@pytest.mark.once
def test_a_run_amid_which_another_community_is_chosen_is_followed_by_none(
    box: Sandbox, user: User, second: int, by_hand: Item
) -> None:
    request_sync(user, trigger=SyncJob.Trigger.MANUAL)
    job = claim(user, now=timezone.now())
    assert job is not None
    on_till_push(user.pk, next(iter(box.evotor.stores)))
    choose(box, user, second)
    assert run_slice(job).status == SyncJob.Status.CANCELLED
    assert not SyncJob.objects.active().exists()
    assert list(box.vk.communities[second].items) == [by_hand.id]


@pytest.mark.once
def test_a_community_that_has_our_goods_goes_on_by_itself(box: Sandbox, user: User) -> None:
    first_run(box, user)
    disconnect_vk(user)
    choose(box, user, box.group_id)
    assert (is_confirmed(user), SyncJob.objects.active().count()) == (True, 1)


@pytest.mark.once
def test_a_confirmed_community_stays_so_when_vk_comes_back_before_its_first_run(
    box: Sandbox, user: User, second: int
) -> None:
    choose(box, user, second)
    set_enabled(user, enabled=True)
    connection = VkConnection.objects.get(user=user)
    mark_offline(connection, code="vk.5", now=timezone.now())
    mark_online(connection, now=timezone.now())
    assert (is_confirmed(user), SyncJob.objects.active().count()) == (True, 1)
