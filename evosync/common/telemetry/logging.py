"""What a log line carries: the ids of request, job and merchant; never a secret.

Ids travel in context variables, so a line written deep in a client knows for whom it was written.
In production each line is one JSON object; elsewhere it is text.
"""

import json
import logging
import re
import time
import traceback
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from inspect import signature
from typing import Any

import dramatiq
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from dramatiq.broker import MessageProxy

from evosync.common.telemetry.counters import metrics_buffer

logger = logging.getLogger(__name__)

_context: ContextVar[dict[str, object] | None] = ContextVar("log_context", default=None)

# A caller's request id is taken only where it cannot forge a log line.
REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
# Tokens by their names (query, JSON, header), by their looks (VK, Fernet, ours) and by their places.
SECRET = re.compile(
    r"""(?ix)
    (?P<name>["']?\b(?:access_token|refresh_token|client_secret|app_secret|service_token|token|password|code_verifier
        |device_id|secret|authorization|x-authorization|cookie|sessionid|csrftoken)["']?\s*[=:]\s*["']?)
    (?:(?:bearer|basic)\s+)?[^\s"'&,;}{)]+
    | \b(?P<scheme>bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}
    | \bvk[12]\.a\.[\w-]+
    | \bgAAAA[\w=-]{40,}
    | (?<=/feed/)[\w-]{40,}(?=/)
    | (?P<query>[?&](?:code|state)=)[^\s"'&]+
    """
)


def scrub(text: str) -> str:
    """Return the text with everything that looks like a token or a password starred out."""
    return SECRET.sub(lambda found: f"{found['name'] or found['scheme'] or found['query'] or ''}***", text)


@contextmanager
def log_context(**ids: object) -> Iterator[None]:
    """Add ids, such as `job` or `merchant`, to every line logged inside the block."""
    token = _context.set({**(_context.get() or {}), **ids})
    try:
        yield
    finally:
        _context.reset(token)


def current_ids() -> dict[str, object]:
    """Return the ids that a line logged now would carry."""
    return dict(_context.get() or {})


class JsonFormatter(logging.Formatter):
    """Writes a record as one line of JSON: time (UTC), level, logger, text, ids, traceback."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one line without secrets."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "text": scrub(record.getMessage()),
            **current_ids(),
        }
        if extra := getattr(record, "facts", None):
            line |= extra
        if record.exc_info and record.exc_info[1] is not None:
            line["traceback"] = scrub("".join(traceback.format_exception(record.exc_info[1])))
        return json.dumps(line, ensure_ascii=False, default=str)


class LineFormatter(logging.Formatter):
    """Writes a record as text for a person, with the ids behind it."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the text without secrets; a traceback makes it several lines."""
        ids = " ".join(f"{name}={value}" for name, value in current_ids().items())
        return scrub(super().format(record)) + (f" [{ids}]" if ids else "")


class RequestLogMiddleware:
    """Gives each request an id, answers it in `X-Request-ID` and logs one line when it is done."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request inside its log context."""
        given = request.headers.get("X-Request-ID", "")
        request_id = given if REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        started = time.monotonic()
        ids: dict[str, object] = {"request": request_id}
        # The dictionary is shared: `process_view` adds the merchant once the session is known.
        token = _context.set(ids)
        try:
            response = self.get_response(request)
            response.headers["X-Request-ID"] = request_id
            seconds = time.monotonic() - started
            _count_request(request, response.status_code, seconds)
            # The path without its query: codes and tokens of the sign-in ways stand there.
            facts = {
                "method": request.method,
                "path": scrub(request.path),
                "status": response.status_code,
                "milliseconds": round(seconds * 1000),
            }
            logger.info("%(method)s %(path)s %(status)s", facts, extra={"facts": facts})
        finally:
            _context.reset(token)
        return response

    def process_view(self, request: HttpRequest, *_: Any) -> None:
        """Note the merchant's id where the request carries a session; it costs no further query."""
        ids = _context.get()
        if ids is not None and settings.SESSION_COOKIE_NAME in request.COOKIES:
            merchant = request.session.get("_auth_user_id")
            if merchant:
                ids["merchant"] = int(merchant)


def _count_request(request: HttpRequest, status: int, seconds: float) -> None:
    """Count it under its view's name: a path holds ids, and strangers make paths up."""
    view = request.resolver_match.view_name if request.resolver_match else "none"
    metrics_buffer.count("evosync_web_requests", view, str(status))
    metrics_buffer.observe("evosync_web_request_seconds", seconds, view)


class MessageLogMiddleware(dramatiq.Middleware):
    """Gives lines that an actor logs the message's id and the merchant's."""

    def before_process_message(self, broker: dramatiq.Broker, message: MessageProxy) -> None:
        """Set the ids; the worker thread has no others."""
        ids: dict[str, object] = {"message": message.message_id, "actor": message.actor_name}
        actor = broker.get_actor(message.actor_name)
        given = signature(actor.fn).bind_partial(*message.args, **message.kwargs).arguments
        if "user_id" in given:
            ids["merchant"] = given["user_id"]
        _context.set(ids)

    def after_process_message(
        self,
        broker: dramatiq.Broker,
        message: MessageProxy,
        *,
        result: object = None,
        exception: BaseException | None = None,
    ) -> None:
        """Forget the ids."""
        _context.set(None)

    def after_skip_message(self, broker: dramatiq.Broker, message: MessageProxy) -> None:
        """Forget the ids."""
        _context.set(None)
