"""Error reports to Sentry, for operators who set SENTRY_DSN; scrubbed before they leave."""

from typing import Any, cast

import sentry_sdk
from sentry_sdk.types import Event, Hint

from evosync.common.telemetry.logging import scrub


def start(dsn: str, *, environment: str) -> None:
    """Send unhandled errors to this address."""
    sentry_sdk.init(dsn=dsn, environment=environment, **options())


def options() -> dict[str, Any]:
    """Return what goes into a report: local variables, bodies, people's data and cookies never do.

    The SDK leaves people's data out unless it is told to send it.
    """
    return {
        "include_local_variables": False,
        "max_request_body_size": "never",
        "before_send": scrubbed,
    }


def scrubbed(event: Event, _hint: Hint) -> Event:
    """Return the event with secrets starred out of every text in it, and without the request's query."""
    request = event.get("request", {})
    for part in ("cookies", "query_string", "data", "env"):
        request.pop(part, None)
    return cast("Event", _scrub_all(event))


def _scrub_all(value: Any) -> Any:
    match value:
        case str():
            return scrub(value)
        case dict():
            return {key: _scrub_all(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_scrub_all(inner) for inner in value]
        case _:
            return value
