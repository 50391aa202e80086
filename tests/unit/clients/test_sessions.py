"""Sessions follow the proxies of the environment, and ask it once for each host."""

from typing import Any

import pytest
import requests

from connections.clients import http


@pytest.fixture(autouse=True)
def _of_this_test_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    http._settings_for.cache_clear()


def settings_of(session: requests.Session, url: str) -> Any:
    return session.merge_environment_settings(url, {}, True, True, None)


def test_all_sessions_ask_the_environment_once_for_each_host(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def noted(url: str, no_proxy: str | None = None) -> dict[str, str]:
        asked.append(url)
        return {}

    monkeypatch.setattr("requests.sessions.get_environ_proxies", noted)
    for new in (http.new_session, http.new_session, http.new_public_session):
        for url in ("https://till.example/a", "https://till.example/b", "https://shop.example/a"):
            settings_of(new(), url)
    assert asked == ["https://till.example", "https://shop.example"]


def test_proxies_and_certificates_are_those_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    monkeypatch.setenv("NO_PROXY", "near.example")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/certificates.pem")
    far = settings_of(http.new_session(), "https://far.example/stores?page=1")
    near = settings_of(http.new_session(), "https://near.example/stores")
    assert far["proxies"]["https"] == "http://proxy.example:3128"
    assert "https" not in near["proxies"]
    assert far["verify"] == "/certificates.pem"
    ours = http.new_session().merge_environment_settings("https://far.example/", {}, True, "/ours.pem", None)
    assert ours["verify"] == "/ours.pem"


def test_what_one_request_does_to_its_settings_is_not_seen_by_the_next() -> None:
    first = settings_of(http.new_session(), "https://till.example/")
    first["verify"] = False
    assert settings_of(http.new_session(), "https://till.example/")["verify"] is True
