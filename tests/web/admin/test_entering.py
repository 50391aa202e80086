"""Who gets into the admin: staff with a second factor, through the common login."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.web.shop import a_merchant

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("one_half_minute")]


@pytest.fixture(autouse=True)
def _two_factors(settings: Any, _one_factor: None) -> None:
    settings.ADMIN_REQUIRES_MFA = True


def test_two_factors_are_the_default() -> None:
    from evosync import settings as shipped

    assert shipped.ADMIN_REQUIRES_MFA is True


def test_a_stranger_is_sent_to_the_common_login(client: Client) -> None:
    answer = client.get(reverse("admin:index"), follow=True)
    assert answer.redirect_chain[-1][0].startswith(reverse("account_login"))
    assert "next=" in answer.redirect_chain[-1][0]


def test_the_admin_has_no_password_form_of_its_own(client: Client, superuser: User) -> None:
    data = {"username": superuser.email, "password": "correct horse battery"}
    answer = client.post(reverse("admin:login"), data)
    assert answer.status_code == 302
    assert "_auth_user_id" not in client.session


def test_a_merchant_is_refused(client: Client) -> None:
    client.force_login(a_merchant("anna@example.com"))
    assert client.get(reverse("admin:index"), follow=True).status_code == 403


@pytest.mark.once
@pytest.mark.parametrize("kind", ["superuser", "supporter"])
def test_staff_without_a_second_factor_are_sent_to_set_one_up(
    kind: str, request: pytest.FixtureRequest
) -> None:
    client = Client()
    client.force_login(request.getfixturevalue(kind))
    for address in (reverse("admin:index"), reverse("admin:accounts_user_changelist")):
        answer = client.get(address, follow=True)
        assert "/2fa/totp/activate" in " ".join(url for url, _code in answer.redirect_chain)
        assert "cl" not in (answer.context or {})


def test_recovery_codes_alone_are_no_second_factor(client: Client, superuser: User) -> None:
    Authenticator.objects.create(user=superuser, type="recovery_codes", data={"seed": "x", "used_mask": 0})
    client.force_login(superuser)
    assert client.get(reverse("admin:index")).status_code == 302


@pytest.mark.once
def test_staff_with_a_second_factor_come_in_after_password_and_code(client: Client, superuser: User) -> None:
    from allauth.account.models import EmailAddress

    EmailAddress.objects.create(user=superuser, email=superuser.email, verified=True, primary=True)
    secret = generate_totp_secret()
    TOTP.activate(superuser, secret)
    password = {"login": superuser.email, "password": "correct horse battery"}
    assert client.post(f"{reverse('account_login')}?next=/admin/", password).status_code == 302
    assert client.get(reverse("admin:index")).status_code == 302, "the password alone lets nobody in"
    code = totp.format_hotp_value(totp.hotp_value(secret, next(iter(totp.yield_hotp_counters_from_time()))))
    client.post(reverse("mfa_authenticate"), {"code": code})
    assert client.get(reverse("admin:index")).status_code == 200


def test_guessing_the_password_of_staff_is_slowed_down(client: Client, superuser: User) -> None:
    wrong = {"login": superuser.email, "password": "wrong"}
    answers = [client.post(reverse("account_login"), wrong) for _attempt in range(7)]
    right = client.post(reverse("account_login"), wrong | {"password": "correct horse battery"})
    assert "_auth_user_id" not in client.session
    assert {answer.status_code for answer in [*answers, right]} <= {200, 429}


def test_a_session_that_has_not_shown_the_factor_is_asked_for_it(client: Client, superuser: User) -> None:
    client.force_login(superuser)
    secret = generate_totp_secret()
    TOTP.activate(superuser, secret)
    page = reverse("admin:accounts_user_changelist")
    asked = client.get(page, follow=True)
    address, _status = asked.redirect_chain[-1]
    assert address.startswith(reverse("mfa_reauthenticate"))
    assert client.get(page).status_code == 302
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    code = totp.format_hotp_value(totp.hotp_value(secret, counter))
    assert client.post(address, {"code": code})["Location"] == page
    assert client.get(page).status_code == 200
