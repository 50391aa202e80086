"""Headers of every answer: pages, parts, files, feeds, webhooks, errors, the health check."""

import re
from typing import Any

import pytest
from django.conf import settings as project
from django.test import Client
from django.urls import get_resolver, reverse

from evosync.security_headers import DEFAULTS
from tests.web.addresses import BUTTONS, OPEN, merchant_addresses, named
from tests.web.shop import Shop, a_merchant
from tests.web.test_every_address import url_of

pytestmark = pytest.mark.django_db

PASSWORD = "Kassa-4821-lavka"
# Files that may be kept, and that the made-up shop has not got.
FILES = {"catalog:photo"}
STRANGERS = [
    "/",
    "/healthz",
    "/readyz",
    "/metrics",
    "/no-such-page/",
    "/feed/no-such-token/goods.yml",
    "/feed/picture/1/key/v1.jpg",
    "/evotor/user/create",
    "/static/no-such-file.css",
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/accounts/confirm-email/x/",
    "/admin/",
    "/profile/",
]


def assert_headers(answer: Any, where: str) -> None:
    for name in (*DEFAULTS, "Permissions-Policy"):
        assert name in answer.headers, f"{where}: {name}"
    assert answer["X-Content-Type-Options"] == "nosniff", where
    assert "base-uri 'none'" in answer["Content-Security-Policy"], where
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"], where
    assert "unsafe" not in answer["Content-Security-Policy"], where
    assert "camera=()" in answer["Permissions-Policy"], where
    assert "Access-Control-Allow-Origin" not in answer.headers, where
    if answer.get("Content-Type", "").startswith("text/html"):
        assert answer["Content-Type"] == "text/html; charset=utf-8", where


@pytest.mark.parametrize("path", STRANGERS)
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS", "DELETE"])
def test_every_answer_to_a_stranger_has_the_headers(path: str, method: str) -> None:
    answer = Client(raise_request_exception=False).generic(method, path)
    assert_headers(answer, f"{method} {path}")


def test_every_page_of_the_merchant_has_them_and_is_kept_nowhere(shop: Shop, owner: Client) -> None:
    for name in sorted(set(merchant_addresses()) - BUTTONS - OPEN - FILES):
        answer = owner.get(url_of(name, shop))
        assert_headers(answer, name)
        if answer["Content-Type"].startswith("text/html"):
            assert "no-store" in answer["Cache-Control"], name


@pytest.mark.once
def test_pages_of_the_account_are_kept_nowhere(owner: Client) -> None:
    names = [name for name, _entry in named(get_resolver())]
    own = [name for name in names if name.startswith(("account_", "mfa_", "usersessions_"))]
    assert len(own) > 15
    for name in own:
        if name in {"account_confirm_email", "account_reset_password_from_key", "account_logout"}:
            continue
        answer = owner.get(reverse(name))
        assert_headers(answer, name)
        assert "no-store" in answer["Cache-Control"], name


@pytest.mark.once
@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT"])
@pytest.mark.parametrize(
    "path", ["/", "/accounts/login/", "/evotor/user/create", "/healthz", "/static/x.css"]
)
def test_methods_that_mirror_or_tunnel_are_refused(method: str, path: str) -> None:
    answer = Client().generic(method, path, headers={"cookie": "sessionid=secret-of-mine"})
    assert answer.status_code == 405
    assert b"secret-of-mine" not in answer.content
    assert_headers(answer, path)


@pytest.mark.once
def test_a_page_that_breaks_has_them_too(settings: Any) -> None:
    settings.ROOT_URLCONF = "tests.e2e.urls"
    for name in ("400", "403", "429", "500", "503"):
        answer = Client(raise_request_exception=False).get(f"/errors/{name}/")
        assert_headers(answer, name)
        assert "no-store" in answer["Cache-Control"]


@pytest.mark.once
def test_a_logout_clears_what_the_browser_keeps(owner: Client) -> None:
    answer = owner.post(reverse("account_logout"))
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert answer.cookies[project.SESSION_COOKIE_NAME].value == ""
    assert "Clear-Site-Data" not in owner.get(reverse("account_login"))


@pytest.mark.once
def test_a_closed_account_leaves_nothing_in_the_browser() -> None:
    user = a_merchant("anna@example.com")
    client = Client()
    client.force_login(user)
    typed = {"password": "correct horse battery", "goods": "leave"}
    assert "Clear-Site-Data" in client.post(reverse("accounts:delete"), typed)


@pytest.mark.once
@pytest.mark.parametrize(
    "path", ["/static/", "/static/evosync/", "/media/", "/.git/config", "/.env", "/var/"]
)
def test_no_folder_and_no_hidden_file_is_shown(path: str) -> None:
    assert Client().get(path).status_code == 404


@pytest.mark.once
def test_our_scripts_show_text_as_text_and_keep_nothing_but_the_choice_of_light_or_dark() -> None:
    scripts = {file.name: file.read_text() for file in (project.BASE_DIR / "static/evosync").glob("*.js")}
    assert len(scripts) >= 2
    for name, text in scripts.items():
        for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "eval(", "Function(", "document.write"):
            assert word not in text, name
        for word in ("postMessage", "sessionStorage", "indexedDB", "__proto__"):
            assert word not in text, name
    assert re.findall(r'localStorage\.\w+\("([^"]+)"', "".join(scripts.values())) == ["evosync-theme"] * 2
