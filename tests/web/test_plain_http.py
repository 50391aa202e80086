"""Without TLS nothing is sent on that would lose its body or show its secret."""

import json
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from evosync.plain_http import PlainHttpMiddleware


def request_of(method: str, path: str) -> HttpRequest:
    return getattr(RequestFactory(), method)(path)  # type: ignore[no-any-return]


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


def test_a_webhook_over_plain_http_gets_an_error_in_evotors_form(client: Client, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    answer = client.post("/evotor/user/create", b"{}", content_type="application/json")
    assert (answer.status_code, answer.headers["Upgrade"]) == (426, "TLS/1.2, HTTP/1.1")
    assert json.loads(answer.content)["errors"][0]["code"] == 2001
    assert client.get("/accounts/login/").status_code == 301
