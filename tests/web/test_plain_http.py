"""Without TLS nothing is sent on that would lose its body or show its secret."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import get_resolver

from evosync.common.telemetry import secret_paths
from evosync.plain_http import PlainHttpMiddleware

ROOT = Path(__file__).parents[2]


def request_of(method: str, path: str) -> HttpRequest:
    return getattr(RequestFactory(), method)(path)  # type: ignore[no-any-return]


@pytest.mark.once
@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("get", "/accounts/login/", 204),
        ("head", "/", 204),
        ("get", "/feed/", 204),
        ("post", "/accounts/login/", 426),
        ("delete", "/", 426),
        ("post", "/evotor/user/create", 426),
        ("put", "/evotor/inventories/stores/x/products", 426),
        ("get", "/evotor/user/create", 426),
        ("get", "/feed/secret/goods.yml", 426),
        ("get", "/feed/picture/1/key/2.jpg", 426),
        ("get", "/feed/secret/google.xml", 426),
        ("get", "/feed/goods/", 204),
        ("get", "/shelf/7-secret/", 426),
        ("head", "/shelf/7-secret/", 426),
        ("get", "/shelf/7-secret/5/", 426),
        ("get", "/shelf/7-secret/5/thumbnail.jpg", 426),
        ("get", "/decide/7-1-email-secret/", 426),
        ("get", "/decide/prices/7-secret-1-email-secret/", 426),
        ("get", "/catalogue/5/decide/", 204),
        ("get", "/accounts/confirm-email/Mw:secret/", 426),
        ("get", "/accounts/password/reset/key/3-secret-x/", 426),
        ("get", "/accounts/password/reset/key/done/", 204),
        ("get", "/accounts/password/reset/", 204),
    ],
)
def test_over_plain_http_only_a_reader_of_pages_is_moved_on(
    settings: Any, method: str, path: str, status: int
) -> None:
    door = PlainHttpMiddleware(lambda _request: HttpResponse(status=204))
    settings.SECURE_SSL_REDIRECT = True
    assert door(request_of(method, path)).status_code == status
    safe = request_of(method, path)
    safe.META["HTTP_X_FORWARDED_PROTO"] = "https"
    assert door(safe).status_code == 204
    settings.SECURE_SSL_REDIRECT = False
    assert door(request_of(method, path)).status_code == 204


@pytest.mark.once
def test_a_link_over_plain_http_is_not_moved_on_and_a_person_is_told_why(
    client: Client, settings: Any
) -> None:
    settings.SECURE_SSL_REDIRECT = True
    answer = client.get("/shelf/7-secret/")
    html = answer.content.decode()
    assert (answer.status_code, "Location" in answer.headers) == (426, False)
    assert "Сделайте новую ссылку" in html
    assert "secret" not in html
    assert "Make a new link" in client.get("/shelf/7-x/", headers={"accept-language": "en"}).content.decode()


@pytest.mark.once
def test_the_proxy_refuses_the_same_secret_addresses() -> None:
    plain = (ROOT / "proxy/nginx.conf").read_text().partition("listen 8080;")[2]
    refused = [re.compile(found) for found in re.findall(r"location ~ (\S+) \{", plain)]
    for route in secret_paths._routes(get_resolver()):
        path = "/" + secret_paths.PARAMETER.sub("x1", route)
        is_secret = secret_paths.has_secret(path)
        assert any(pattern.search(path) for pattern in refused) is is_secret, path
        assert is_secret is bool(secret_paths._secrets(route)), path


@pytest.mark.once
def test_a_webhook_over_plain_http_gets_an_error_in_evotors_form(client: Client, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    answer = client.post("/evotor/user/create", b"{}", content_type="application/json")
    assert (answer.status_code, answer.headers["Upgrade"]) == (426, "TLS/1.2, HTTP/1.1")
    assert json.loads(answer.content)["errors"][0]["code"] == 2001
    assert client.get("/accounts/login/").status_code == 301
