"""What a load balancer, a container engine and Prometheus ask: `/healthz`, `/readyz`, `/metrics`.

They are answered by a middleware in front of all others, because those who ask come by address:
no host name, no HTTPS, no session.
"""

import json
import logging
from collections.abc import Callable

import dramatiq
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from dramatiq.brokers.redis import RedisBroker
from prometheus_client import CONTENT_TYPE_LATEST

from evosync.common.telemetry import heartbeat
from evosync.ops import metrics

logger = logging.getLogger(__name__)


class HealthMiddleware:
    """Answers the three addresses and lets everything else through."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.answers = {"/healthz": healthz, "/readyz": readyz, "/metrics": show_metrics}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer or pass on."""
        answer = self.answers.get(request.path)
        if answer is None or request.method not in {"GET", "HEAD"}:
            return self.get_response(request)
        response = answer(request)
        response.headers["Cache-Control"] = "no-store"
        return response


def healthz(_request: HttpRequest) -> HttpResponse:
    """Answer 200 while this process answers at all."""
    return HttpResponse("ok\n", content_type="text/plain")


def readyz(_request: HttpRequest) -> HttpResponse:
    """Answer 200 if everything that a sync needs is available, else 503 with what is missing."""
    checks = {name: _state_of(check) for name, check in CHECKS.items()}
    ready = all(state == "ok" for state in checks.values())
    body = {"status": "ok" if ready else "unready", "checks": checks}
    return HttpResponse(json.dumps(body), content_type="application/json", status=200 if ready else 503)


def show_metrics(request: HttpRequest) -> HttpResponse:
    """Answer Prometheus with METRICS_TOKEN as its bearer token. Without one set there is no such page."""
    if not settings.METRICS_TOKEN:
        return HttpResponse(status=404)
    if not constant_time_compare(
        request.headers.get("Authorization", ""), f"Bearer {settings.METRICS_TOKEN}"
    ):
        return JsonResponse({"error": "METRICS_TOKEN is needed as the bearer token"}, status=401)
    return HttpResponse(metrics.render(), content_type=CONTENT_TYPE_LATEST)


def _state_of(check: Callable[[], str]) -> str:
    try:
        return check()
    except Exception as error:
        # The kind of the error helps; its text may hold an address with a password.
        logger.warning("readiness check failed", exc_info=True)
        return f"fails: {type(error).__name__}"


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return "ok"


def _broker() -> str:
    broker = dramatiq.get_broker()
    if isinstance(broker, RedisBroker):
        broker.client.ping()
    return "ok"


def _role(role: heartbeat.Role) -> Callable[[], str]:
    def check() -> str:
        if heartbeat.is_alive(role):
            return "ok"
        seconds = heartbeat.age(role)
        return "never seen" if seconds is None else f"last seen {seconds:.0f} seconds ago"

    return check


CHECKS: dict[str, Callable[[], str]] = {
    "database": _database,
    "broker": _broker,
    "worker": _role("worker"),
    "scheduler": _role("scheduler"),
}
