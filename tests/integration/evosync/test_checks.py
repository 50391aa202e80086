"""A wrong environment is named before it does harm."""

from pathlib import Path

import pytest
from django.core.checks import CheckMessage, run_checks
from pytest_django import Settings

from evosync import checks
from tests.certificates import Authority


def ids(found: list[CheckMessage]) -> list[str | None]:
    return [message.id for message in found]


def test_a_key_that_is_no_fernet_key_is_an_error_and_is_not_shown(settings: Settings) -> None:
    settings.FIELD_ENCRYPTION_KEYS = ["not-a-key"]
    found = checks.check_encryption_keys()
    assert ids(found) == ["evosync.E001"]
    assert "not-a-key" not in str(found)


def test_no_key_at_all_is_an_error(settings: Settings) -> None:
    settings.FIELD_ENCRYPTION_KEYS = []
    assert ids(checks.check_encryption_keys()) == ["evosync.E001"]


@pytest.mark.parametrize(
    ("engine", "redis_url", "expected"),
    [
        ("django.db.backends.sqlite3", "", []),
        ("django.db.backends.mysql", "redis://localhost/0", []),
        ("django.db.backends.mysql", "", ["evosync.E002"]),
        ("django.db.backends.sqlite3", "redis://localhost/0", ["evosync.W001"]),
    ],
)
def test_database_and_redis_belong_together(engine: str, redis_url: str, expected: list[str]) -> None:
    assert ids(checks.check_database_and_redis(engine, redis_url)) == expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("redis://redis:6379/0", ["evosync.W005"]),
        ("redis://:s3cret@redis:6379/0", []),
        ("redis://127.0.0.1:6379/0", []),
        ("", []),
    ],
)
def test_a_redis_of_the_network_needs_a_password(
    settings: Settings, address: str, expected: list[str]
) -> None:
    settings.REDIS_URL = address
    assert ids(checks.check_redis_has_a_password()) == expected


@pytest.mark.parametrize("address", ["http://shop.example", "shop.example", "https://"])
def test_the_site_address_must_be_https_in_production(settings: Settings, address: str) -> None:
    settings.SITE_URL = address
    assert ids(checks.check_site_address()) == ["evosync.W002"]


def test_a_short_token_is_named(settings: Settings) -> None:
    settings.METRICS_TOKEN = "short"
    settings.EVOTOR_WEBHOOK_TOKEN = ["long-enough-" + "x" * 20]
    found = checks.check_tokens_are_long()
    assert ids(found) == ["evosync.W003"]
    assert "METRICS_TOKEN" in str(found[0].msg)


def test_a_bundle_that_is_not_there_or_is_none_is_an_error(settings: Settings, tmp_path: Path) -> None:
    settings.VK_CA_BUNDLE = str(tmp_path / "gone.pem")
    found = checks.check_ca_bundles()
    assert ids(found) == ["evosync.E003"]
    assert "gone.pem" in str(found[0].msg)
    (tmp_path / "notes.txt").write_text("not a certificate")
    for other in ("", str(tmp_path), str(tmp_path / "notes.txt")):
        settings.VK_CA_BUNDLE, settings.EVOTOR_CA_BUNDLE = Authority(tmp_path).bundle(), other
        assert ids(checks.check_ca_bundles()) == (["evosync.E003"] if other else [])


def test_vks_new_host_without_a_bundle_is_named_before_it_harms(settings: Settings, tmp_path: Path) -> None:
    settings.VK_API_URL = "https://partners.api.vk.ru"
    assert ids(checks.check_vk_is_trusted()) == ["evosync.W004"]
    settings.VK_CA_BUNDLE = Authority(tmp_path).bundle()
    assert checks.check_vk_is_trusted() == []


def test_our_checks_are_registered(settings: Settings) -> None:
    settings.SITE_URL = "http://shop.example"
    assert "evosync.W002" in ids(run_checks(include_deployment_checks=True))
