"""Connections and accounts are given up in several tabs while a run is asked for: no error, no run left."""

from functools import partial
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import User
from connections.models import EvotorConnection, VkConnection
from evosync.common import clock
from syncing.jobs.lifecycle import claim
from syncing.jobs.runner import run_slice
from syncing.models import SyncJob
from tests.web.at_once import Press, at_once, tab
from tests.web.shop import Shop, a_merchant

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.mariadb]

ROUNDS = 3


def pressing(shop: Shop, name: str, **posted: Any) -> Press:
    return partial(tab(shop).post, reverse(name), posted, follow=True)


def test_services_that_are_disconnected_while_a_run_is_asked_for_leave_no_run() -> None:
    for number in range(ROUNDS):
        shop = Shop(a_merchant(f"shop{number}@example.com"), vk_group_id=number + 1)
        shop.switch_on()
        names = ["syncing:run", "connections:vk_disconnect", "connections:evotor_disconnect"]
        pages = at_once([pressing(shop, name) for name in [*names, *names[1:]]])
        assert sum("VK is disconnected" in page for page in pages) == 1
        assert not VkConnection.objects.for_user(shop.user).exists()
        assert not EvotorConnection.objects.for_user(shop.user).exists()
        # One that was asked for in that very moment ends as soon as a worker takes it.
        job = claim(shop.user, now=clock.now(), early=True)
        assert job is None or run_slice(job).error_code in {"no_vk", "stopped"}
        assert not SyncJob.objects.active().exists()


def test_an_account_that_is_deleted_in_two_tabs_while_a_run_is_asked_for_is_gone() -> None:
    for number in range(ROUNDS):
        shop = Shop(a_merchant(f"shop{number}@example.com"), vk_group_id=number + 1)
        shop.switch_on()
        leaving = {"password": "correct horse battery", "goods": "leave"}
        deletions = [pressing(shop, "accounts:delete", **leaving) for _tab in range(2)]
        at_once([pressing(shop, "syncing:run"), *deletions])
        assert not User.objects.exists()
        assert not SyncJob.objects.exists()
