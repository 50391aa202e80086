"""Cookies in production: each with the prefix `__Host-`, for us alone, over TLS alone, unseen by scripts."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings as project
from django.test import Client
from django.urls import reverse

from accounts.models import User
from evosync.common.message_cookie import PrefixedCookieStorage
from tests.web.accounts.test_stolen_session import PASSWORD
from tests.web.accounts.test_stolen_session import user as user  # noqa: PLC0414 - a fixture

NAMES = ("SESSION", "CSRF", "LANGUAGE", "DEVICE", "MESSAGE")
READ = """
import json
from evosync import settings
names = {names!r}
print(json.dumps([getattr(settings, f"{{name}}_COOKIE_NAME") for name in names]))
"""


def names_with(**environment: str) -> list[str]:
    """Return the cookies' names that the settings have in this environment."""
    given = {**os.environ, "ENV_FILE": os.devnull, "DATABASE_URL": "sqlite://:memory:", "REDIS_URL": ""}
    code = READ.format(names=NAMES)
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=project.BASE_DIR,
        env=given | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    found: list[str] = json.loads(done.stdout)
    return found


@pytest.mark.once
def test_cookies_have_the_prefix_where_the_site_is_https() -> None:
    names = names_with(DEBUG="0", SITE_URL="https://shop.example")
    assert len(set(names)) == len(NAMES)
    assert all(name.startswith("__Host-") for name in names)


@pytest.mark.once
@pytest.mark.parametrize("environment", [{"DEBUG": "1"}, {"DEBUG": "0", "SITE_URL": "http://127.0.0.1:8000"}])
def test_on_loopback_without_tls_cookies_have_plain_names(environment: dict[str, str]) -> None:
    assert not [name for name in names_with(**environment) if name.startswith("__")]


@pytest.mark.once
@pytest.mark.django_db
def test_in_production_every_cookie_has_the_prefix_and_is_for_us_alone(
    user: User, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in NAMES:
        setattr(settings, f"{name}_COOKIE_NAME", f"__Host-{name.lower()}")
    monkeypatch.setattr(PrefixedCookieStorage, "cookie_name", settings.MESSAGE_COOKIE_NAME)
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = settings.LANGUAGE_COOKIE_SECURE = True
    client = Client()
    typed = {"login": user.email, "password": PASSWORD}
    answers = [
        client.get(reverse("account_login"), secure=True),
        client.post(reverse("account_login"), typed, secure=True),
        client.post(reverse("accounts:language"), {"language": "en"}, secure=True),
        client.post(reverse("account_logout"), secure=True),
    ]
    seen = {}
    for answer in answers:
        for name, cookie in answer.cookies.items():
            seen[name] = cookie
            assert name.startswith("__Host-"), name
            assert (cookie["path"], cookie["domain"]) == ("/", ""), name
            assert cookie["secure"], name
            if cookie.value:
                assert cookie["httponly"], name
                assert cookie["samesite"] == "Lax", name
    assert len(seen) == len(NAMES)
