"""A database of the release before, with its rows, is migrated and goes on: nothing is made twice."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps.registry import Apps
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from accounts.models import User
from sandbox import Sandbox
from syncing.models import AccountClosure, Listing, Notification, SyncJob
from tests.integration.syncing.running import ITEMS, reprice, run

# Fifty migrations back and forth take nine seconds: once, on the database that merchants use.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.mariadb]

BEFORE = [("syncing", "0007_remember_own_values")]


def migrate(targets: list[tuple[str, str]]) -> Apps:
    executor = MigrationExecutor(connection)
    executor.migrate(targets)
    return MigrationExecutor(connection).loader.project_state(targets).apps


def rows(old: Apps, model: str) -> Any:
    """Return the manager of a model as the release before knows it."""
    return old.get_model("syncing", model)._default_manager


def old_permission() -> Permission:
    """Return the right to view notices, as the release before has it."""
    kind, _made = ContentType.objects.get_or_create(app_label="syncing", model="notice")
    return Permission.objects.get_or_create(content_type=kind, codename="view_notice")[0]


@pytest.fixture
def newest() -> Iterator[list[tuple[str, str]]]:
    """Return today's migrations of the sync, and end the test with them applied."""
    targets = [
        leaf for leaf in MigrationExecutor(connection).loader.graph.leaf_nodes() if leaf[0] == "syncing"
    ]
    yield targets
    migrate(targets)


def test_rows_of_the_release_before_are_kept_and_the_next_run_goes_on(
    user: User, box: Sandbox, newest: list[tuple[str, str]]
) -> None:
    run(user, approve=True)
    old = migrate(BEFORE)
    group, _made = Group.objects.get_or_create(name="Support")
    group.permissions.set([old_permission()])
    job = rows(old, "SyncJob").create(
        user_id=user.pk, active_key=user.pk, triggered_by="webhook", status="pending", message_id="m-1"
    )
    rows(old, "Notice").create(user_id=user.pk, trouble="errors", open_key=f"{user.pk}:errors", job_id=job.pk)
    assert not group.permissions.filter(codename="view_notification").exists()
    migrate(newest)
    assert Notification.objects.get().job_id == job.pk
    assert group.permissions.filter(codename="view_notification").exists()
    assert group.permissions.filter(codename="view_notice").exists()
    reprice(box, by=0.5)
    done = run(user, approve=True)
    assert done.pk == job.pk
    assert (done.status, done.items_created, done.items_updated) == (SyncJob.Status.SUCCESS, 0, ITEMS)
    assert Listing.objects.in_vk().count() == ITEMS
    assert len(box.vk.live_items()) == ITEMS
    assert not Notification.objects.open().exists()


def test_the_release_before_still_writes_while_this_one_reads(
    user: User, newest: list[tuple[str, str]]
) -> None:
    """During an upgrade the old release inserts its rows into the new schema."""
    old = MigrationExecutor(connection).loader.project_state(BEFORE).apps
    job = rows(old, "SyncJob").create(
        user_id=user.pk, triggered_by="manual", status="success", message_id="m-2"
    )
    rows(old, "Farewell").create(user_id=user.pk, goods="hide", then="delete", job_id=job.pk)
    assert AccountClosure.objects.get(user=user).job == SyncJob.objects.get(pk=job.pk)
    ours = SyncJob.objects.create(user=user, triggered_by=SyncJob.Trigger.MANUAL)
    assert rows(old, "SyncJob").get(pk=ours.pk).message_id == ""
