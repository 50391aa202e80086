"""Reports to listeners how each request and each call inside `execute` ended.

The clients know nothing of figures: the project names the listeners once, when it starts. A hook of the
module, not an argument of each client, because a client that somebody makes without it would be missing.
"""

import functools
import time
from collections.abc import Callable
from typing import Any, Protocol, TypeVar, cast

from connections.clients.errors import ClientError
from connections.clients.service import Interface

OK = "ok"

F = TypeVar("F", bound=Callable[..., Any])


class Listener(Protocol):
    """Hears of every request and every call. It must be quick and must not raise."""

    def requested(self, service: str, method: str, code: str, seconds: float) -> None:
        """Hear of one HTTP request: `code` is "ok" or that of the error it ended with."""

    def called(self, method: str, code: str) -> None:
        """Hear of one call inside `execute`."""


_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """Tell this listener from now on."""
    if listener not in _listeners:
        _listeners.append(listener)


def measured(service: Interface, method_of: Callable[[Any], str]) -> Callable[[F], F]:
    """Measure a client's method that makes one request; its first argument tells which."""

    def decorate(function: F) -> F:
        @functools.wraps(function)
        def wrapper(client: Any, subject: Any, *args: Any, **kwargs: Any) -> Any:
            started, code = time.monotonic(), OK
            try:
                return function(client, subject, *args, **kwargs)
            except ClientError as error:
                code = error.code
                raise
            finally:
                for listener in _listeners:
                    listener.requested(service, method_of(subject), code, time.monotonic() - started)

        return cast("F", wrapper)

    return decorate


def report_call(method: str, result: object) -> None:
    """Tell how one call inside `execute` ended: with an answer or with the error that stands for it."""
    code = result.code if isinstance(result, ClientError) else OK
    for listener in _listeners:
        listener.called(method, code)
