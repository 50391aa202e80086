"""What a log line carries: the ids of request, job and merchant; never a secret.

Ids travel in structlog's context variables, so a line written deep in a client knows for whom it was
written; a message takes the id of the request that sent it along. In production each line is one JSON
object; elsewhere it is text.
"""

import logging
import re
import time
import uuid
from collections.abc import Callable
from inspect import signature
from typing import Any, Final

import dramatiq
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from dramatiq.broker import MessageProxy
from structlog.contextvars import bind_contextvars, clear_contextvars, get_contextvars, merge_contextvars
from structlog.dev import ConsoleRenderer, plain_traceback
from structlog.processors import EventRenamer, JSONRenderer, TimeStamper, format_exc_info
from structlog.stdlib import ExtraAdder, ProcessorFormatter, add_log_level, add_logger_name
from structlog.typing import EventDict, Processor

from evosync.common.telemetry.counters import metrics_buffer
from evosync.common.telemetry.secret_paths import learn_routes, star_out

logger = logging.getLogger(__name__)

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
    | (?<=/shelf/)[\w-]{40,}(?=/)
    | (?P<query>[?&](?:code|state)=)[^\s"'&]+
    """
)


# The option of a message that holds the id of the request it was sent from.
REQUEST_OPTION = "request_id"
# The fields of a request's line. Other `extra` fields, such as Django's request object, are left out.
FACTS = ("method", "path", "status", "milliseconds")
COLLECT: Final[list[Processor]] = [
    merge_contextvars,
    add_log_level,
    add_logger_name,
    TimeStamper(fmt="iso", utc=True, key="time"),
    ExtraAdder(allow=FACTS),
    format_exc_info,
]


def scrub(text: str) -> str:
    """Return the text with every token, password and key starred out, by its name, look or place."""
    text = star_out(text)
    return SECRET.sub(lambda found: f"{found['name'] or found['scheme'] or found['query'] or ''}***", text)


def json_formatter() -> ProcessorFormatter:
    """Return a formatter that writes a record as one line of JSON without secrets."""
    return ProcessorFormatter(
        foreign_pre_chain=COLLECT,
        processors=[
            ProcessorFormatter.remove_processors_meta,
            _scrub_values,
            EventRenamer("text"),
            JSONRenderer(ensure_ascii=False, default=str),
        ],
    )


def line_formatter() -> ProcessorFormatter:
    """Return a formatter that writes a record as text for a person, with the ids behind it."""
    return ProcessorFormatter(
        foreign_pre_chain=COLLECT,
        processors=[
            ProcessorFormatter.remove_processors_meta,
            _scrub_values,
            ConsoleRenderer(
                colors=False, pad_event_to=0, timestamp_key="time", exception_formatter=plain_traceback
            ),
        ],
    )


def _scrub_values(_logger: object, _method: str, event: EventDict) -> EventDict:
    return {name: scrub(value) if isinstance(value, str) else value for name, value in event.items()}


class RequestLogMiddleware:
    """Gives each request an id, answers it in `X-Request-ID` and logs one line when it is done."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        learn_routes()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request inside its log context."""
        given = request.headers.get("X-Request-ID", "")
        request_id = given if REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        started = time.monotonic()
        before = get_contextvars()
        bind_contextvars(request=request_id)
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
            logger.info("%(method)s %(path)s %(status)s", facts, extra=facts)
        finally:
            _replace_ids(before)
        return response

    def process_view(self, request: HttpRequest, *_: Any) -> None:
        """Bind the merchant's id where the request carries a session; it costs no further query."""
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            merchant = request.session.get("_auth_user_id")
            if merchant:
                bind_contextvars(merchant=int(merchant))


def _replace_ids(ids: dict[str, Any]) -> None:
    clear_contextvars()
    bind_contextvars(**ids)


def _count_request(request: HttpRequest, status: int, seconds: float) -> None:
    """Count it under its view's name: a path holds ids, and strangers make paths up."""
    view = request.resolver_match.view_name if request.resolver_match else "none"
    metrics_buffer.count("evosync_web_requests", view, str(status))
    metrics_buffer.observe("evosync_web_request_seconds", seconds, view)


class MessageLogMiddleware(dramatiq.Middleware):
    """Gives lines that an actor logs the ids of the message, the merchant and the request behind it."""

    def before_enqueue(
        self, broker: dramatiq.Broker, message: dramatiq.Message[Any], delay: int | None
    ) -> None:
        """Send the id of the request along; a retry keeps the one that it has."""
        request_id = get_contextvars().get("request")
        if request_id:
            message.options.setdefault(REQUEST_OPTION, request_id)

    def before_process_message(self, broker: dramatiq.Broker, message: MessageProxy) -> None:
        """Bind the ids; the worker thread has no others."""
        ids: dict[str, object] = {"message": message.message_id, "actor": message.actor_name}
        if REQUEST_OPTION in message.options:
            ids["request"] = message.options[REQUEST_OPTION]
        actor = broker.get_actor(message.actor_name)
        given = signature(actor.fn).bind_partial(*message.args, **message.kwargs).arguments
        if "user_id" in given:
            ids["merchant"] = given["user_id"]
        _replace_ids(ids)

    def after_process_message(
        self,
        broker: dramatiq.Broker,
        message: MessageProxy,
        *,
        result: object = None,
        exception: BaseException | None = None,
    ) -> None:
        """Forget the ids."""
        clear_contextvars()

    def after_skip_message(self, broker: dramatiq.Broker, message: MessageProxy) -> None:
        """Forget the ids."""
        clear_contextvars()
