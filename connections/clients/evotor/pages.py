"""Evotor's answers as objects and as pages of a list, whose records are read when they are wanted."""

from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

import msgspec
import requests

from connections.clients.error_catalog import EvotorError
from connections.clients.errors import Transient
from connections.clients.http import loads, parse_json
from connections.clients.service import Service


class Page(msgspec.Struct, frozen=True):
    """A page of a list whose records are still text, or what Python's own parser made of it."""

    items: msgspec.Raw | Any
    paging: Any = None


_decode_page = msgspec.json.Decoder(Page).decode
_split_items = msgspec.json.Decoder(list[msgspec.Raw]).decode


def read_object(response: requests.Response) -> Mapping[str, Any] | None:
    """Return an answer that is an object, or None."""
    try:
        answer = parse_json(response)
    except ValueError:
        return None
    return answer if isinstance(answer, dict) else None


def read_page(response: requests.Response) -> Page | None:
    """Return a page with its records unread, or None for what is no page of a list."""
    try:
        response.content.decode()
        return _decode_page(response.content)
    except (UnicodeDecodeError, msgspec.MsgspecError, RecursionError):
        # Python's own parser takes more: a byte order mark, and half of a letter beyond the first plane.
        answer = read_object(response)
    return None if answer is None else Page(answer.get("items"), answer.get("paging"))


def items_of(page: Page, path: str) -> list[Any]:
    """Return the records of a page. Raises Transient where they are no list."""
    try:
        items = loads(bytes(page.items)) if isinstance(page.items, msgspec.Raw) else page.items
    except ValueError:
        items = None
    if not isinstance(items, list):
        raise bad_shape(path)
    return items


def count_of(page: Page, path: str) -> int:
    """Return how many records a page has. Raises Transient where they are no list."""
    if isinstance(page.items, msgspec.Raw):
        with suppress(msgspec.MsgspecError, RecursionError):
            return len(_split_items(page.items))
    return len(items_of(page, path))


def next_cursor(page: Page, path: str) -> str:
    """Return the cursor of the next page, empty on the last one.

    Raises Transient where it cannot be read: that there is no next page was not said.
    """
    paging = page.paging or {}
    cursor = paging.get("next_cursor") or "" if isinstance(paging, dict) else None
    # What is not printable, such as half of a letter, cannot be sent back.
    if not isinstance(cursor, str) or not cursor.isprintable():
        raise bad_shape(path)
    return cursor


def taken_from(pages: deque[Page]) -> Iterator[Page]:
    """Yield pages in turn and keep none."""
    while pages:
        yield pages.popleft()


def bad_shape(path: str) -> Transient:
    """Return the error for an answer that is not what Evotor documents."""
    return Transient(
        Service.EVOTOR,
        EvotorError.BAD_JSON,
        "the answer is not what Evotor documents",
        method=path,
    )
