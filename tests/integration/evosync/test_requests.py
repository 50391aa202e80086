"""Every answer carries a request id and a strict content policy."""

import logging

import pytest
from django.test import Client

from accounts.models import User


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.INFO, logger="evosync.common.telemetry.logging")
    return caplog


@pytest.mark.django_db
def test_a_well_formed_request_id_comes_back(client: Client) -> None:
    answer = client.get("/accounts/login/", headers={"X-Request-ID": "edge-0123456789"})
    assert answer.headers["X-Request-ID"] == "edge-0123456789"


@pytest.mark.django_db
@pytest.mark.parametrize("given", ["short", "x" * 65, "two words here", 'quote"quote"'])
def test_a_request_id_that_could_forge_a_line_is_replaced(client: Client, given: str) -> None:
    answer = client.get("/accounts/login/", headers={"X-Request-ID": given})
    assert len(answer.headers["X-Request-ID"]) == 32


@pytest.mark.django_db
def test_the_line_of_a_request_leaves_the_query_out(client: Client, lines: pytest.LogCaptureFixture) -> None:
    client.get("/accounts/login/?code=s3cret-code")
    assert "GET /accounts/login/ 200" in lines.text
    assert "s3cret-code" not in lines.text


@pytest.mark.django_db
def test_the_page_may_load_nothing_inline_and_nothing_foreign(client: Client) -> None:
    policy = client.get("/accounts/login/").headers["Content-Security-Policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert "unsafe" not in policy
    assert rules["default-src"] == "'self'"
    assert rules["frame-ancestors"] == "'none'"
    assert rules["object-src"] == "'none'"
    assert rules["img-src"] == "'self' data: https://*.userapi.com"


@pytest.mark.django_db
def test_the_admin_lives_under_the_same_policy(client: Client) -> None:
    client.force_login(User.objects.create_superuser("staff@example.com", "a long passphrase"))
    answer = client.get("/admin/")
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


def test_djangos_own_handlers_print_nothing_beside_ours() -> None:
    assert logging.getLogger("django").handlers == []
    assert logging.getLogger("django").propagate
