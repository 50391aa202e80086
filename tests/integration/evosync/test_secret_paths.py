"""Keys in addresses reach no log line: by the names of the routes' parts, in whatever line they stand."""

import io
import logging

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.http import HttpResponse
from django.test import Client
from django.urls import path, reverse
from gunicorn.config import Config

from accounts.models import User
from evosync.common.telemetry import secret_paths, sentry
from evosync.common.telemetry.gunicorn_log import ScrubbingLogger
from evosync.common.telemetry.logging import json_formatter, scrub
from evosync.urls import urlpatterns as real_urls

KEY = "MTI:1vXyZ_-abcDEFghiJKLmnoPQRstuVWXyz0123456789"
RESET = "2c-d1h2k3-0123456789abcdef0123456789abcdef"

urlpatterns = [
    *real_urls,
    path("invite/<int:pk>/<slug:token>/yes/", lambda request: HttpResponse(), name="invite"),
]


@pytest.mark.parametrize(
    ("line", "secret"),
    [
        (f"GET /accounts/confirm-email/{KEY}/ 200", KEY),
        (f"Not Found: /accounts/confirm-email/{KEY}", KEY),
        (f'"POST /accounts/confirm-email/{KEY}/?next=%2F HTTP/1.1" 302', KEY),
        (f"https://shop.example/accounts/password/reset/key/{RESET}/", RESET),
        (f"GET /accounts/password/reset/key/{RESET} 404", RESET),
        (f"GET /ACCOUNTS/password/reset/key/{RESET}/", RESET),
        ("GET /feed/shorttoken/goods.yml", "shorttoken"),
        ("GET /feed/picture/12/0a1b2c/v3.jpg", "0a1b2c"),
    ],
)
def test_a_key_in_an_address_is_starred_out(line: str, secret: str) -> None:
    secret_paths.learn_routes()
    assert secret not in scrub(line)
    assert "***" in scrub(line)


@pytest.mark.parametrize(
    "line",
    [
        "GET /feed/goods/ 200",
        "GET /feed/new/ 405",
        "GET /accounts/password/reset/key/done/ 200",
        "GET /accounts/confirm-email/ 200",
        "GET /catalogue/12/why/ 200",
        "PUT /evotor/inventories/stores/01-2/products 200",
    ],
)
def test_an_address_without_a_key_stays_readable(line: str) -> None:
    secret_paths.learn_routes()
    assert scrub(line) == line


@pytest.mark.urls(__name__)
def test_a_new_route_is_covered_by_the_name_of_its_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secret_paths.Routes, "found", ())
    secret_paths._patterns.cache_clear()
    secret_paths.learn_routes()
    try:
        assert scrub("GET /invite/7/s3cr3t/yes/ 200") == "GET /invite/7/***/yes/ 200"
    finally:
        secret_paths._patterns.cache_clear()


def test_a_report_to_sentry_holds_no_key() -> None:
    secret_paths.learn_routes()
    event = {"request": {"url": f"https://shop.example/accounts/password/reset/key/{RESET}/"}}
    assert RESET not in str(sentry.scrubbed(event, {}))  # type: ignore[arg-type]


def test_gunicorns_own_lines_hold_no_key() -> None:
    secret_paths.learn_routes()
    config = Config()
    config.set("accesslog", "-")
    logger = ScrubbingLogger(config)
    for log in (logger.access_log, logger.error_log):
        stream = io.StringIO()
        (handler,) = log.handlers
        handler.stream = stream
        log.handle(
            logging.makeLogRecord(
                {"levelno": 20, "msg": f'"GET /accounts/confirm-email/{KEY}/ HTTP/1.1" 200'}
            )
        )
        assert "GET /accounts/confirm-email/***/" in stream.getvalue()


@pytest.mark.django_db
def test_a_forgotten_password_leaves_no_key_in_the_log(client: Client) -> None:
    user = User.objects.create_user("anna@example.com", "Kassa-4821-lavka")
    EmailAddress.objects.create(user=user, email=user.email, verified=False, primary=True)
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(json_formatter())
    root, level = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        client.post(reverse("account_reset_password"), {"email": user.email})
        client.post(reverse("account_login"), {"login": user.email, "password": "Kassa-4821-lavka"})
        links = [word for letter in mail.outbox for word in str(letter.body).split() if "://" in word]
        paths = ["/" + link.split("/", 3)[3] for link in links]
        for address in paths:
            client.get(address, follow=True)
            client.post(address)
            client.get(address.rstrip("/") + "x/")
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
    keys = [address.rstrip("/").rpartition("/")[2] for address in paths]
    assert len(keys) == 2
    assert stream.getvalue().count("***") >= 4
    assert [key for key in keys if key in stream.getvalue()] == []
