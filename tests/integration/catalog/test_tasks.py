"""The hourly refresh: who is read, and what a failure does."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone
from dramatiq import Message
from dramatiq.errors import Retry

from accounts.models import User
from catalog.models import Product
from catalog.tasks import (
    RETRY_MS,
    SPREAD_SECONDS,
    refresh_all_catalogs,
    refresh_catalog_for_user,
    refresh_slow_catalog_for_user,
)
from connections.clients.error_catalog import EvotorError
from connections.models import EvotorConnection, VkConnection
from sandbox import Sandbox
from syncing.jobs.lifecycle import claim, request_sync
from syncing.jobs.runner import run_slice
from syncing.models import SyncJob
from syncing.services.settings import config_for
from tests.queues import waiting

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _store(sandbox: Sandbox) -> None:
    store = sandbox.evotor.add_store("Лавка")
    sandbox.evotor.add_product(store.id, "Чай")


def test_the_till_is_mirrored_and_a_second_run_is_harmless(merchant: User) -> None:
    refresh_catalog_for_user.fn(merchant.pk)
    refresh_catalog_for_user.fn(merchant.pk)
    assert Product.objects.for_user(merchant).present().count() == 1


def test_a_dead_token_takes_the_connection_offline_and_is_not_retried(
    merchant: User, sandbox: Sandbox
) -> None:
    sandbox.evotor.rotate_token()
    refresh_catalog_for_user.fn(merchant.pk)
    assert not EvotorConnection.objects.get().is_online


@pytest.mark.usefixtures("no_waiting")
def test_an_evotor_that_is_away_is_asked_again_in_two_minutes(merchant: User, sandbox: Sandbox) -> None:
    sandbox.evotor.fault("error", status=500, method="stores", times=0)
    # Its pauses between two tries are for the threads that wait for slow services.
    refresh_catalog_for_user.fn(merchant.pk)
    (message,) = waiting(actor="refresh_slow_catalog_for_user")
    with pytest.raises(Retry) as retry:
        refresh_slow_catalog_for_user.fn(*message.args)
    assert retry.value.delay == RETRY_MS == 120_000
    assert refresh_slow_catalog_for_user.options["max_retries"] == 2
    assert EvotorConnection.objects.get().is_online


@pytest.mark.parametrize(
    "change",
    [
        {"access_token": ""},
        {"user": None},
        {"paused_until": timezone.now() + timedelta(hours=1)},
        {"uninstalled_at": timezone.now()},
    ],
)
def test_a_paused_till_is_not_asked(merchant: User, sandbox: Sandbox, change: dict[str, object]) -> None:
    connection = EvotorConnection.objects.get()
    for name, value in change.items():
        setattr(connection, name, value)
    connection.save()
    sandbox.evotor.forget_calls()
    refresh_catalog_for_user.fn(merchant.pk)
    assert sandbox.evotor.requests == 0


def test_a_merchant_who_is_gone_is_no_error(db: None) -> None:
    refresh_catalog_for_user.fn(404)
    assert not Product.objects.exists()


def test_the_hourly_round_asks_for_every_till_that_answers(
    merchant: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[tuple[Message[object], int | None]] = []
    broker = refresh_catalog_for_user.broker
    monkeypatch.setattr(broker, "enqueue", lambda message, *, delay=None: sent.append((message, delay)))
    offline = User.objects.create_user("offline@example.com", "a long passphrase")
    EvotorConnection.objects.create(user=offline, access_token="t", is_online=False)
    refresh_all_catalogs.fn()
    assert [(message.actor_name, message.args) for message, _ in sent] == [
        ("refresh_catalog_for_user", (merchant.pk,))
    ]
    assert 0 <= (sent[0][1] or 0) < SPREAD_SECONDS * 1000


def test_the_round_is_hourly_at_half_past() -> None:
    assert str(refresh_all_catalogs.options["periodic"]) == "30 * * * *"
    assert refresh_all_catalogs.queue_name == "default"


def _read_by_command(user: User) -> None:
    with suppress(SystemExit):
        call_command("refresh_catalog", user.email, stdout=StringIO(), stderr=StringIO())


def _read_by_dry_run(user: User) -> None:
    VkConnection.objects.get_or_create(user=user, defaults={"group_id": 1, "access_token": "vk"})
    with suppress(SystemExit):
        call_command("sync", user.email, "--dry-run", stdout=StringIO(), stderr=StringIO())


def _read_by_job(user: User) -> None:
    VkConnection.objects.get_or_create(user=user, defaults={"group_id": 1, "access_token": "vk"})
    config_for(user)
    job = request_sync(user, trigger=SyncJob.Trigger.MANUAL)
    claimed = claim(user, now=timezone.now(), early=True)
    assert claimed is not None
    assert claimed.pk == job.pk
    run_slice(claimed)


def _read_by_actor(user: User) -> None:
    with suppress(Retry):
        refresh_catalog_for_user.fn(user.pk)


@pytest.mark.once
@pytest.mark.parametrize("read", [_read_by_actor, _read_by_command, _read_by_dry_run, _read_by_job])
@pytest.mark.usefixtures("no_waiting")
def test_every_way_of_reading_the_till_takes_a_dead_token_offline(
    merchant: User, sandbox: Sandbox, read: Callable[[User], None]
) -> None:
    sandbox.evotor.rotate_token()
    read(merchant)
    connection = EvotorConnection.objects.get()
    assert (connection.is_online, connection.last_error) == (False, EvotorError.UNAUTHORIZED)


# A dry run leaves every row as it was.
@pytest.mark.parametrize("read", [_read_by_actor, _read_by_command, _read_by_job])
@pytest.mark.usefixtures("no_waiting")
def test_every_way_of_reading_the_till_notes_that_it_answered(
    merchant: User, read: Callable[[User], None]
) -> None:
    EvotorConnection.objects.update(last_error=EvotorError.NETWORK, last_checked_at=None)
    read(merchant)
    connection = EvotorConnection.objects.get()
    assert (connection.is_online, connection.last_error) == (True, "")
    assert connection.last_checked_at is not None


@pytest.mark.usefixtures("no_waiting")
def test_a_till_of_which_no_store_can_be_read_is_asked_again(merchant: User, sandbox: Sandbox) -> None:
    sandbox.evotor.fault("error", status=500, method="products", times=0)
    with pytest.raises(Retry):
        refresh_slow_catalog_for_user.fn(merchant.pk)
