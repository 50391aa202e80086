"""create_merchant and refresh_catalog: what they print, how they refuse, how they end."""

import io
import json
import sys
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command
from pytest_django import Settings

from accounts.models import User
from catalog.models import Product
from connections.models import EvotorConnection
from sandbox import Sandbox

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "correct horse battery"


def create(email: str, password: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(sys, "stdin", io.StringIO(password))
    out = io.StringIO()
    call_command("create_merchant", email, stdout=out)
    return out.getvalue()


def test_a_merchant_is_made_confirmed_and_can_log_in(monkeypatch: pytest.MonkeyPatch) -> None:
    said = create("Anna@Example.com", f"{PASSWORD}\nsecond line", monkeypatch)
    user = User.objects.get(email="anna@example.com")
    assert user.check_password(PASSWORD)
    address = EmailAddress.objects.get(user=user)
    assert (address.email, address.verified, address.primary) == (user.email, True, True)
    assert "connect_evotor anna@example.com" in said
    assert PASSWORD not in said


@pytest.mark.parametrize(
    ("email", "password", "words"),
    [
        ("not an address", PASSWORD, "is not an email address"),
        ("a@" + "b" * 260 + ".com", PASSWORD, "is not an email address"),
        ("Taken@example.com", PASSWORD, "already"),
        ("anna@example.com", "", "no password"),
        ("anna@example.com", "12345", "too short"),
        ("anna@example.com", "anna@example.com", "too similar"),
    ],
)
def test_a_merchant_that_cannot_be_made_is_refused_with_the_reason(
    email: str, password: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    User.objects.create_user("taken@example.com", PASSWORD)
    with pytest.raises(CommandError, match=words) as refusal:
        create(email, password, monkeypatch)
    assert refusal.value.returncode == 2
    assert "Nobody was made" in str(refusal.value)
    assert User.objects.count() == 1


def refresh(*args: str) -> tuple[int, str, str]:
    """Return exit code, stdout, stderr."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("refresh_catalog", *args, stdout=out, stderr=err)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue(), err.getvalue()
    except CommandError as error:
        return error.returncode, out.getvalue(), str(error)
    return 0, out.getvalue(), err.getvalue()


@pytest.fixture
def store(sandbox: Sandbox) -> str:
    store = sandbox.evotor.add_store("Лавка")
    for number in range(3):
        sandbox.evotor.add_product(store.id, f"Чай {number}")
    return store.id


def test_a_refresh_says_what_it_read(merchant: User, store: str) -> None:
    code, out, err = refresh(merchant.email)
    assert (code, err) == (0, "")
    assert "Лавка: 3 products in 0 groups; new 3, changed 0, gone 0, back 0" in out
    assert "3 products, 0 before; 3 requests to Evotor" in out


def test_json_is_one_object_on_stdout(merchant: User, store: str) -> None:
    code, out, _ = refresh(merchant.email, "--json")
    answer = json.loads(out)
    assert code == 0
    assert (answer["complete"], answer["size"], answer["stores"][0]["added"]) == (True, 3, 3)
    assert answer["requests"] == {"evotor": 3}


def test_all_refreshes_every_merchant_with_a_till(merchant: User, store: str) -> None:
    User.objects.create_user("without@example.com", PASSWORD)
    code, out, _ = refresh("--all", "--json")
    answer: dict[str, Any] = json.loads(out)
    assert code == 0
    assert [one["email"] for one in answer["merchants"]] == [merchant.email]


@pytest.mark.parametrize("args", [(), ("merchant@example.com", "--all")])
def test_the_command_wants_one_merchant_or_all(db: None, args: tuple[str, ...]) -> None:
    assert refresh(*args)[0] == 2


def test_an_unknown_email_is_named(db: None) -> None:
    code, _, err = refresh("nobody@example.com")
    assert code != 0
    assert "nobody@example.com" in err


def test_a_merchant_without_a_till_is_told_how_to_connect(db: None) -> None:
    User.objects.create_user("anna@example.com", PASSWORD)
    code, _, err = refresh("anna@example.com")
    assert (code, "connect_evotor anna@example.com" in err) == (1, True)


def test_a_dead_token_is_said_and_kept(merchant: User, store: str, sandbox: Sandbox) -> None:
    sandbox.evotor.rotate_token()
    code, _, err = refresh(merchant.email)
    assert code == 1
    assert "Nothing has changed" in err
    assert "evotor.401" in err
    connection = EvotorConnection.objects.get()
    assert (connection.is_online, connection.last_error) == (False, "evotor.401")


@pytest.mark.usefixtures("no_waiting")
def test_an_api_that_is_down_is_said(merchant: User, settings: Settings) -> None:
    settings.EVOTOR_API_URL = "http://127.0.0.1:9"
    code, out, err = refresh(merchant.email, "--json")
    assert (code, "evotor.network" in err) == (1, True)
    assert json.loads(out)["error"]["code"] == "evotor.network"
    assert EvotorConnection.objects.get().is_online


def test_a_half_read_catalogue_is_said_and_changes_nothing(
    merchant: User, store: str, sandbox: Sandbox
) -> None:
    refresh(merchant.email)
    other = sandbox.evotor.add_store("Вторая")
    sandbox.evotor.add_product(other.id, "Кофе")
    sandbox.evotor.stores[store].on_terminals = False
    code, out, err = refresh(merchant.email)
    assert code == 3
    assert "Лавка: not read to the end; its rows are as they were" in out
    assert "not_installed" in err
    assert Product.objects.present().count() == 4
    sandbox.evotor.stores[other.id].on_terminals = False
    assert refresh(merchant.email)[0] == 1
