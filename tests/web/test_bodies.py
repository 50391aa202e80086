"""A body has the size that its page needs; a bigger one is refused by its length, before it is read."""

import io
import json
from collections.abc import Iterable
from typing import Any

import pytest
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import get_resolver

from catalog.photos.limits import MAX_UPLOAD_BYTES
from connections.evotor.webhooks.parsing import MAX_BYTES
from evosync.common.bodies import (
    FORM_BYTES,
    MEGABYTE,
    MOST_READ_AWAY,
    BodyBoundMiddleware,
    CountedBodies,
    WholeBodies,
    bound_of,
)
from tests.web.addresses import named

LOGIN = "/accounts/login/"
WEBHOOK = "/evotor/user/create"
PHOTOS = "/catalogue/photos/"


class Untouchable(io.RawIOBase):
    """A body that nobody may read."""

    def read(self, size: int = -1) -> bytes:
        raise AssertionError("the body was read")


class Chunks:
    """A body in chunks, as gunicorn gives it: how long it is shows only at its end."""

    def __init__(self, length: int) -> None:
        self.left, self.read_bytes = length, 0

    def read(self, size: int) -> bytes:
        piece = min(size, self.left)
        self.left -= piece
        self.read_bytes += piece
        return b" " * piece


def answer_to(path: str, length: object, **headers: str) -> HttpResponse:
    """Return what becomes of a body that nobody may read; 204 stands for letting it pass."""
    request = RequestFactory(headers=headers).post(path, content_type="text/plain")
    request.META["CONTENT_LENGTH"] = str(length)
    request._stream = Untouchable()  # type: ignore[assignment]
    return BodyBoundMiddleware(lambda _request: HttpResponse(status=204))(request)


@pytest.mark.once
def test_only_photos_tables_and_webhooks_take_more_than_a_form() -> None:
    bounds = {name: getattr(entry.callback, "body_bound", None) for name, entry in named(get_resolver())}
    bigger = {name: bound.most for name, bound in bounds.items() if bound}
    webhooks = {name for name in bounds if name.startswith("webhooks:")}
    assert len(webhooks) == 20
    # A message to a bot is smaller than a form.
    bots = {"bots:telegram", "bots:max"}
    assert {bigger.pop(name) for name in bots} < set(range(FORM_BYTES))
    assert set(bigger) == webhooks | {
        "catalog:photos",
        "catalog:photo_import",
        "catalog:add_photo",
        "catalog:bulk",
        "catalog:table_upload",
        "shelf:product",
    }
    assert {bigger[name] for name in webhooks} == {MAX_BYTES}
    assert MAX_UPLOAD_BYTES < bigger["catalog:photos"] < MAX_UPLOAD_BYTES + 4 * 1024 * 1024


@pytest.mark.once
@pytest.mark.parametrize("path", [LOGIN, PHOTOS, "/no-such-page/", "/catalogue/7/photos/", "/admin/"])
def test_a_body_above_the_bound_is_refused_unread(path: str) -> None:
    most = bound_of(path).most
    assert answer_to(path, most).status_code == 204
    assert answer_to(path, most + 1).status_code == 413
    assert answer_to(path, 600_000_000).status_code == 413
    assert answer_to(path, 10**30).status_code == 413


@pytest.mark.once
@pytest.mark.parametrize("length", ["", "x", "1e9"])
def test_a_length_that_is_no_number_is_the_next_readers_matter(length: str) -> None:
    assert answer_to(LOGIN, length).status_code == 204


@pytest.mark.once
def test_the_refusal_is_a_page_of_ours_that_names_the_bound() -> None:
    page = answer_to(LOGIN, FORM_BYTES + 1).content.decode()
    assert "<h1>Слишком много за один раз</h1>" in page
    assert "не больше 0,5\u00a0МБ" in page
    assert "at most 32 MB" in answer_to(PHOTOS, 10**9, **{"accept-language": "en"}).content.decode()


@pytest.mark.once
def test_evotor_is_refused_in_its_own_form() -> None:
    answer = answer_to(WEBHOOK, 10**12)
    assert (answer.status_code, json.loads(answer.content)["errors"][0]["code"]) == (413, 2001)


def left_of(body: Any, length: object) -> bytes:
    """Send a body to an application that reads five bytes of it; return its answer."""

    def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        assert environ["wsgi.input"].read(5)
        return [b"refused"]

    environ = RequestFactory().post(WEBHOOK).environ | {"CONTENT_LENGTH": length, "wsgi.input": body}
    return b"".join(WholeBodies(application)(environ, lambda *_: None))


@pytest.mark.once
def test_what_the_application_leaves_of_a_body_is_read_away_before_the_answer() -> None:
    body = Chunks(10 * MEGABYTE)
    assert left_of(body, 10 * MEGABYTE) == b"refused"
    assert body.left == 0


@pytest.mark.once
@pytest.mark.parametrize("length", ["", "x", MOST_READ_AWAY + 1, 10**12])
def test_a_body_without_a_length_or_with_a_mad_one_is_left_where_it_is(length: object) -> None:
    body = Chunks(10**15)
    assert left_of(body, length) == b"refused"
    assert body.read_bytes == 5


@pytest.mark.once
def test_of_a_body_that_is_longer_than_it_says_a_bounded_piece_is_read_away() -> None:
    body = Chunks(10**15)
    left_of(body, 10 * MEGABYTE)
    assert MOST_READ_AWAY <= body.read_bytes <= MOST_READ_AWAY + MEGABYTE


@pytest.mark.once
def test_a_sender_who_hangs_up_is_no_fault_of_the_site() -> None:
    class Broken(Chunks):
        def read(self, size: int) -> bytes:
            if self.read_bytes:
                raise ConnectionResetError
            return super().read(size)

    assert left_of(Broken(10 * MEGABYTE), 10 * MEGABYTE) == b"refused"


def send_in_chunks(path: str, body: Chunks) -> tuple[int, str, int]:
    """Return the length that the application was told, where it answered, and what it could read."""
    seen: dict[str, Any] = {}

    def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        seen["length"] = int(environ["CONTENT_LENGTH"])
        seen["body"] = environ["wsgi.input"].read()
        return [b"done"]

    environ = RequestFactory().post(path).environ | {
        "HTTP_TRANSFER_ENCODING": "chunked",
        "wsgi.input_terminated": True,
        "wsgi.input": body,
    }
    answer = b"".join(CountedBodies(application)(environ, lambda *_: None))
    return seen["length"], answer.decode(), len(seen["body"])


@pytest.mark.once
def test_a_body_in_chunks_arrives_with_its_length() -> None:
    assert send_in_chunks(WEBHOOK, Chunks(300_000)) == (300_000, "done", 300_000)
    assert send_in_chunks(LOGIN, Chunks(0)) == (0, "done", 0)


@pytest.mark.once
@pytest.mark.parametrize("path", [LOGIN, WEBHOOK, PHOTOS])
def test_a_body_in_chunks_without_end_is_counted_to_the_bound_and_dropped(path: str) -> None:
    endless = Chunks(10**15)
    length, _answer, kept = send_in_chunks(path, endless)
    most = bound_of(path).most
    assert most < length == endless.read_bytes <= most + 64 * 1024
    assert kept == 0


@pytest.mark.once
@pytest.mark.django_db
def test_an_endless_body_in_chunks_gets_the_page_of_one_that_is_too_big(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    told: list[str] = []
    environ = RequestFactory().post(LOGIN).environ | {
        "HTTP_TRANSFER_ENCODING": "chunked",
        "wsgi.input_terminated": True,
        "wsgi.input": Chunks(10**15),
    }
    page = b"".join(
        CountedBodies(get_wsgi_application())(environ, lambda status, _headers: told.append(status))
    )
    assert told == ["413 Request Entity Too Large"]
    assert "Слишком много" in page.decode()
