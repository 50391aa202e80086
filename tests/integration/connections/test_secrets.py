"""Secrets: encrypted at rest, moved to a new key without a gap, and shown nowhere."""

import io
import logging
import traceback
from datetime import datetime

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.db import connection as database
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from connections.client_factory import evotor_client, vk_client
from connections.clients.vk.vk_id import Tokens
from connections.errors import CannotConnect
from connections.evotor.connect import connect_evotor
from connections.health_checks import check_health
from connections.key_rotation import rotate_encryption
from connections.models import EvotorConnection, VkConnection, WebhookEvent
from connections.vk.connect import connect_vk
from connections.vk.tokens import vk_id_client
from sandbox import Sandbox

pytestmark = pytest.mark.django_db

PLANTED = "planted-Secret-7391"


@pytest.fixture
def planted(merchant: User) -> User:
    """Put a secret in every column that may hold one."""
    EvotorConnection.objects.filter(user=merchant).update(
        access_token=f"{PLANTED}-e1", refresh_token=f"{PLANTED}-e2"
    )
    VkConnection.objects.filter(user=merchant).update(
        access_token=f"{PLANTED}-v1",
        refresh_token=f"{PLANTED}-v2",
        app_secret=f"{PLANTED}-v3",
        device_id=f"{PLANTED}-v4",
    )
    WebhookEvent.objects.create(kind="user/token", dedupe_key="k", body=f'{{"token": "{PLANTED}-w"}}')
    return merchant


def stored() -> str:
    """Return every secret column as it stands in the database."""
    with database.cursor() as cursor:
        cursor.execute("SELECT access_token, refresh_token FROM connections_evotorconnection")
        rows = list(cursor.fetchall())
        cursor.execute(
            "SELECT access_token, refresh_token, app_secret, device_id FROM connections_vkconnection"
        )
        rows += cursor.fetchall()
        cursor.execute("SELECT body FROM connections_webhookevent")
        return repr(rows + list(cursor.fetchall()))


def test_the_database_holds_ciphertext_only(planted: User) -> None:
    assert PLANTED not in stored()


def test_a_key_is_rotated_row_by_row_and_the_old_key_may_go(planted: User, settings: Settings) -> None:
    old, new = settings.FIELD_ENCRYPTION_KEYS, [Fernet.generate_key().decode()]
    settings.FIELD_ENCRYPTION_KEYS = new + old
    before = stored()

    out = io.StringIO()
    call_command("rotate_encryption_key", stdout=out)

    settings.FIELD_ENCRYPTION_KEYS = new
    assert VkConnection.objects.get().app_secret == f"{PLANTED}-v3"
    assert EvotorConnection.objects.get().access_token == f"{PLANTED}-e1"
    assert PLANTED in WebhookEvent.objects.get().body
    assert stored() != before
    assert PLANTED not in out.getvalue()


def test_a_rotation_that_was_stopped_goes_on_and_a_finished_one_changes_nothing(
    planted: User, settings: Settings
) -> None:
    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode(), *settings.FIELD_ENCRYPTION_KEYS]
    first = next(iter(rotate_encryption()))
    assert first[1] > 0
    rest = dict(rotate_encryption())
    assert rest.pop(first[0]) == 0
    assert sum(rest.values()) > 0
    done = stored()
    assert sum(changed for _table, changed in rotate_encryption()) == 0
    assert stored() == done


def test_a_secret_that_no_key_reads_stops_the_rotation_by_name(planted: User, settings: Settings) -> None:
    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(CommandError, match="none of FIELD_ENCRYPTION_KEYS"):
        call_command("rotate_encryption_key", stdout=io.StringIO())


def test_no_secret_is_in_a_repr_or_a_name(planted: User) -> None:
    evotor, vk = EvotorConnection.objects.get(), VkConnection.objects.get()
    tokens = Tokens(f"{PLANTED}-a", f"{PLANTED}-r", 3600, 1, "market")
    objects = [evotor, vk, WebhookEvent.objects.get(), evotor_client(evotor), vk_id_client("1"), tokens]
    assert PLANTED not in " ".join(f"{thing!r} {thing}" for thing in objects)


def test_no_secret_is_in_a_log_or_a_traceback(
    planted: User, sandbox: Sandbox, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    seen = []
    user = User.objects.create_user("second@example.com", "a long passphrase")
    for action in (
        lambda: connect_evotor(user, token=f"{PLANTED}-x", now=now),
        lambda: connect_vk(user, token=f"{PLANTED}-y", group=sandbox.group_id, now=now),
        lambda: vk_client(VkConnection.objects.get()),
    ):
        try:
            action()
        except Exception as error:  # noqa: BLE001 - whatever it is, it must be clean
            seen.append("".join(traceback.format_exception(error)))
    check_health(EvotorConnection.objects.get(user=planted), now=now)
    assert len(seen) == 3
    assert PLANTED not in "".join(seen)
    assert PLANTED not in caplog.text


def test_a_refusal_names_no_secret(sandbox: Sandbox, merchant: User, now: datetime) -> None:
    with pytest.raises(CannotConnect) as caught:
        connect_vk(merchant, token=PLANTED, group=sandbox.group_id, now=now)
    assert PLANTED not in f"{caught.value!r} {caught.value} {caught.value.checks!r}"


def test_no_secret_is_on_the_merchants_pages(planted: User, client: Client) -> None:
    client.force_login(planted)
    for address in ("/connections/", "/connections/start/"):
        assert PLANTED not in client.get(address).content.decode()
