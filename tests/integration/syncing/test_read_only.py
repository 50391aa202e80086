"""What only shows a plan writes no row: the whole database is the same afterwards."""

from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.utils import timezone

from accounts.models import User
from catalog.models import Product
from connections.clients.errors import AuthRevoked
from connections.evotor.connect import connect_evotor
from connections.models import EvotorConnection
from connections.vk.connect import connect_vk
from sandbox import Sandbox
from syncing.models import SyncConfig
from syncing.services.dry_run import dry_run
from syncing.services.planning import preview
from tests.integration.syncing.running import ITEMS, first_run, open_shop, reprice, run

pytestmark = pytest.mark.django_db(transaction=True)


def database() -> dict[str, list[Any]]:
    """Return every row of every table."""
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values())
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    }


@pytest.fixture
def newcomer(db: None, sandbox: Sandbox, no_waiting: None) -> User:
    """Return a merchant who has only connected both services: no rules, no goods read, no run."""
    open_shop(sandbox, email="other@example.com").delete()
    user = User.objects.create_user("new@example.com", "a-long-password", language="en")
    connect_evotor(user, token=sandbox.evotor_token, now=timezone.now())
    connect_vk(user, token=sandbox.vk_token, group=sandbox.group_id, now=timezone.now())
    SyncConfig.objects.all().delete()
    return user


@pytest.mark.once
def test_a_newcomers_dry_run_shows_the_whole_plan_and_writes_no_row(newcomer: User) -> None:
    before, out = database(), StringIO()
    call_command("sync", newcomer.email, "--dry-run", stdout=out)
    assert f"created {ITEMS}" in out.getvalue()
    assert database() == before


@pytest.mark.once
def test_a_dry_run_sees_what_changed_in_the_till_and_leaves_our_rows(user: User, box: Sandbox) -> None:
    first_run(box, user)
    reprice(box, by=0.5)
    before = database()
    plan = dry_run(user)
    assert len(plan.actions) == ITEMS
    assert database() == before
    assert dry_run(user, refresh=False).actions == ()


def test_a_preview_writes_no_row_and_the_run_after_it_keeps_the_category(newcomer: User) -> None:
    before = database()
    preview(newcomer)
    assert database() == before
    run(newcomer, approve=True)
    config = SyncConfig.objects.get(user=newcomer)
    assert config.default_category_id is None
    assert config.guessed_by_group
    assert Product.objects.for_user(newcomer).count() == ITEMS


def test_a_category_that_the_merchant_chose_stays(user: User) -> None:
    SyncConfig.objects.filter(user=user).update(default_category_id=1)
    run(user, approve=True)
    assert SyncConfig.objects.get(user=user).default_category_id == 1


def test_a_dry_run_that_finds_the_token_revoked_says_so_on_the_connection(user: User, box: Sandbox) -> None:
    box.evotor.fault("http", status=401, times=0)
    with pytest.raises(AuthRevoked):
        dry_run(user)
    assert not EvotorConnection.objects.get(user=user).is_online
    assert not Product.objects.for_user(user).exists()


def test_a_store_that_cannot_be_read_keeps_a_dry_run_from_showing_its_goods_gone(
    user: User, box: Sandbox
) -> None:
    first_run(box, user)
    second = box.evotor.add_store("Ларёк")
    box.evotor.add_product(second.id, "Шарф шерстяной", price=900, quantity=3)
    before = database()
    # The list of stores and the first store take three requests.
    box.evotor.fault("http", status=500, nth=4, times=0)
    plan = dry_run(user)
    assert plan.actions == ()
    assert database() == before
