"""How big a request's body may be: what a form needs, and more only where a view says so.

A body above its view's bound is refused by its length, before anything of it is read or kept. One that
comes in chunks has no length: `CountedBodies` counts it first. What the application leaves unread,
`WholeBodies` reads away.
"""

import contextlib
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import IO, Any, TypeVar

from django.core.handlers.wsgi import get_path_info
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.urls import resolve
from django.utils import translation
from django.utils.formats import number_format

# The longest form of ours is a list of a thousand choices.
FORM_BYTES = 512 * 1024
# Above this, a body that is being counted lies on the disk.
IN_MEMORY_BYTES = 64 * 1024
PIECE_BYTES = 64 * 1024
MEGABYTE = 1024 * 1024
# More than any view takes. A body that claims to be longer is not worth a thread's time.
MOST_READ_AWAY = 64 * MEGABYTE

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
Environ = dict[str, Any]


def refuse_with_page(request: HttpRequest, most: int) -> HttpResponse:
    """Return our page, in the visitor's language, made without a session or a query."""
    with translation.override(translation.get_language_from_request(request)):
        page = render_to_string("413.html", {"megabytes": number_format(f"{most / MEGABYTE:.3g}")})
    return HttpResponse(page, status=413, headers={"Cache-Control": "no-store"})


@dataclass(frozen=True, slots=True)
class BodyBound:
    """What a view takes, and how it refuses more."""

    most: int = FORM_BYTES
    refuse: Callable[[HttpRequest, int], HttpResponse] = refuse_with_page


def takes_body(
    most: int, *, refuse: Callable[[HttpRequest, int], HttpResponse] = refuse_with_page
) -> Callable[[View], View]:
    """Let a view take bodies of so many bytes."""

    def mark(view: View) -> View:
        view.body_bound = BodyBound(most, refuse)  # type: ignore[attr-defined]
        return view

    return mark


def bound_of(path: str) -> BodyBound:
    """Return the bound of the view at this path; of an address that leads nowhere, that of a form."""
    try:
        view = resolve(path).func
    except Http404:
        return BodyBound()
    found = getattr(view, "body_bound", None)
    return found if isinstance(found, BodyBound) else BodyBound()


class BodyBoundMiddleware:
    """Refuses a body by its length with 413."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Refuse or pass on. Most requests need no look at the addresses."""
        length = _length_in(request.META)
        if length > FORM_BYTES:
            bound = bound_of(request.path_info)
            if length > bound.most:
                return bound.refuse(request, bound.most)
        return self.get_response(request)


def _length_in(environ: Environ) -> int:
    try:
        return int(environ.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


class WholeBodies:
    """Reads what the application leaves of a body, then answers.

    A server that closes a connection with bytes unread resets it, and a proxy that was still sending says
    502 in place of our 401. gunicorn reads no more than 64 KB away.
    """

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self._application = application

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Pass on, then read the rest."""
        source = environ["wsgi.input"]
        answer = self._application(environ, start_response)
        if 0 < _length_in(environ) <= MOST_READ_AWAY:
            _read_away(source)
        return answer


def _read_away(source: IO[bytes]) -> None:
    left = MOST_READ_AWAY
    # A sender who hangs up hears no answer, whatever it is.
    with contextlib.suppress(OSError):
        while left > 0 and (piece := source.read(PIECE_BYTES)):
            left -= len(piece)


class CountedBodies:
    """Gives the application the length of a body that comes in chunks, which Django alone takes for none.

    Not more than the view's bound is read. One that is longer arrives with a length above the bound and
    without its bytes, so that the middleware refuses it.
    """

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self._application = application

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Count where there is need, then pass on."""
        if environ.get("HTTP_TRANSFER_ENCODING") and environ.get("wsgi.input_terminated"):
            return self._counted(environ, start_response)
        return self._application(environ, start_response)

    def _counted(self, environ: Environ, start_response: Callable[..., Any]) -> Iterator[bytes]:
        with tempfile.SpooledTemporaryFile(IN_MEMORY_BYTES) as body:
            _count(environ, body)
            answer = self._application(environ, start_response)
            try:
                yield from answer
            finally:
                if hasattr(answer, "close"):
                    answer.close()


def _count(environ: Environ, body: IO[bytes]) -> None:
    most = bound_of(get_path_info(environ)).most
    source, length = environ["wsgi.input"], 0
    while length <= most and (piece := source.read(PIECE_BYTES)):
        length += len(piece)
        body.write(piece)
    body.seek(0)
    if length > most:
        body.truncate()
    environ["CONTENT_LENGTH"] = str(length)
    environ["wsgi.input"] = body
