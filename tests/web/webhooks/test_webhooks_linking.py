"""Whose till it becomes: link codes, takeovers, conflicts."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import User
from connections.evotor import account_linking
from connections.evotor.account_linking import BadCode, claim_with_code, issue_link_code
from connections.models import EvotorConnection, WebhookEvent
from sandbox.evotor.webhooks import Webhooks
from tests.queues import work_off
from tests.web.webhooks.tools import code_for, connected, deliver, error_of

pytestmark = pytest.mark.django_db


@pytest.mark.once
def test_a_link_code_links_the_till_and_gives_evotor_its_token(
    client: Client, evotor: Webhooks, merchant: User
) -> None:
    code = code_for(merchant)
    typed = f" {code[:5].lower()}-{code[5:]} "

    response = deliver(client, evotor.user_verify(username="whoever", password=typed))

    answer = json.loads(response.content)
    assert response.status_code == 200
    assert set(answer) == {"userId", "hasBilling", "token"}
    assert answer["hasBilling"] is False
    assert 32 <= len(answer["token"]) <= 128
    connection = EvotorConnection.objects.get()
    assert connection.user == merchant
    assert answer["token"] not in str(connection.__dict__)


@pytest.mark.parametrize("typed", ["", "AAAAAAAAAA", "anna@example.com", "a long passphrase"])
def test_no_address_password_or_guess_links_a_till(
    client: Client, evotor: Webhooks, merchant: User, typed: str
) -> None:
    code_for(merchant)
    response = deliver(client, evotor.user_verify(username=merchant.email, password=typed))
    assert error_of(response) == (401, 1006)
    assert not EvotorConnection.objects.with_owner().exists()


@pytest.mark.once
def test_an_expired_code_links_nothing(client: Client, evotor: Webhooks, merchant: User) -> None:
    code = issue_link_code(merchant, now=timezone.now() - timedelta(minutes=31))
    assert error_of(deliver(client, evotor.user_verify(password=code))) == (401, 1006)


@pytest.mark.once
def test_a_used_code_links_no_second_account(client: Client, evotor: Webhooks, merchant: User) -> None:
    code = code_for(merchant)
    assert deliver(client, evotor.user_verify("01-000000000000001", password=code)).status_code == 200
    response = deliver(client, evotor.user_verify("01-000000000000666", password=code))
    assert error_of(response) == (401, 1006)
    assert not EvotorConnection.objects.of_account("01-000000000000666").with_owner().exists()


def test_a_repeated_verify_gives_the_same_answer(client: Client, evotor: Webhooks, merchant: User) -> None:
    call = evotor.user_verify(password=code_for(merchant))
    answers = {deliver(client, call).content for _time in range(10)}
    assert len(answers) == 1
    assert EvotorConnection.objects.count() == 1
    assert WebhookEvent.objects.get().deliveries == 10


@pytest.mark.once
def test_an_account_linked_elsewhere_stays_there_and_its_owner_is_told_once(
    client: Client,
    evotor: Webhooks,
    merchant: User,
    *,
    mailoutbox: list[object],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    connected(client, evotor, merchant)
    thief = User.objects.create_user("thief@example.com", "a long passphrase")
    with django_capture_on_commit_callbacks(execute=True):
        for _time in range(3):
            response = deliver(client, evotor.user_verify(password=code_for(thief)))
            assert error_of(response) == (409, 2004)
    work_off()
    assert EvotorConnection.objects.get().user == merchant
    assert len(mailoutbox) == 1


def test_create_makes_an_unclaimed_account_and_nothing_in_the_form_claims_it(
    client: Client, evotor: Webhooks, merchant: User
) -> None:
    response = deliver(
        client, evotor.user_create(email=merchant.email, phone="+79990000000", user_id_=merchant.pk)
    )
    assert response.status_code == 200
    assert set(json.loads(response.content)) == {"userId", "token"}
    assert EvotorConnection.objects.get().user is None


def test_create_of_a_claimed_account_is_a_conflict(client: Client, evotor: Webhooks, merchant: User) -> None:
    connected(client, evotor, merchant)
    assert error_of(deliver(client, evotor.user_create())) == (409, 2005)


@pytest.mark.once
def test_wrong_codes_are_throttled_per_account_and_right_ones_of_others_still_work(
    client: Client, evotor: Webhooks, merchant: User
) -> None:
    for number in range(25):
        response = deliver(client, evotor.user_verify("01-000000000000666", password=f"WRONGCOD{number:02}"))
        assert error_of(response) == (401, 1006)
    code = code_for(merchant)
    assert error_of(deliver(client, evotor.user_verify("01-000000000000666", password=code))) == (401, 1006)
    assert deliver(client, evotor.user_verify(password=code)).status_code == 200


@pytest.mark.once
def test_four_thousand_wrong_codes_of_others_keep_no_honest_one_out(
    merchant: User, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(account_linking, "record_linking", lambda *args, **kwargs: None)
    code, now = issue_link_code(merchant, now=timezone.now()), timezone.now()
    for number in range(4000):
        with pytest.raises(BadCode):
            claim_with_code(["A" * 10], evotor_user_id=f"01-{number}", now=now)
    assert claim_with_code([code], evotor_user_id="01-honest", now=now).user == merchant
    assert caplog.text.count("somebody guesses link codes") == 1
