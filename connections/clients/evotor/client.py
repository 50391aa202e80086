"""Evotor's cloud, version 2: stores, groups and products, read page by page.

Written from Evotor's V2 documentation as noted in docs/api-facts.md. None means that Evotor
did not say. Prices are roubles, quantities are in the product's unit, both as Decimal.
"""

import hashlib
import math
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import quote, unquote

import msgspec
import requests

from connections.clients.error_catalog import EvotorError
from connections.clients.errors import (
    ActionRequired,
    AuthRevoked,
    ClientError,
    InvalidRequest,
    ItemRefused,
    RateLimited,
    Transient,
)
from connections.clients.evotor.records import (
    BadRecord,
    BrokenRecord,
    EvotorGroup,
    EvotorProduct,
    EvotorStore,
    FetchedPages,
    read_group,
    read_product,
    read_store,
)
from connections.clients.http import MAX_PAUSE, loads, new_session, parse_json, retry_read, send
from connections.clients.instrumentation import measured
from connections.clients.patience import Patience
from connections.clients.service import Interface, Service

T = TypeVar("T", EvotorStore, EvotorGroup, EvotorProduct)
A = TypeVar("A")

MEDIA_TYPE = "application/vnd.evotor.v2+json"
CONNECT_SECONDS, READ_SECONDS = 10.0, 60.0
MAX_PAGES = 2000
EPOCH_IF_ABOVE = 1e9
# The last requests of a window, so many or a tenth of a small one, are spread over the rest of it.
FEW_LEFT = 5
# Ends of windows are told in whole seconds, rounded either way.
ROUNDED = 1.0
# Between the last requests of a window whose end is not told.
BLIND_PAUSE = 1.0


class _Page(msgspec.Struct, frozen=True):
    """A page of a list whose records are still text, or what Python's own parser made of it."""

    items: msgspec.Raw | Any
    paging: Any = None


_decode_page = msgspec.json.Decoder(_Page).decode
_split_items = msgspec.json.Decoder(list[msgspec.Raw]).decode


class EvotorClient:
    """One token's way to Evotor; `requests` counts what it sent.

    Where Evotor finds the pace too fast, a call sleeps until its limit is reset, at most
    `longest_pause` seconds; where that is longer, RateLimited is raised. Where Evotor says how many
    requests are left, the last ones are spread over the window, and none is sent beyond it. Where its
    answers and these pauses take longer than `patience` has, TooSlow is raised.
    """

    def __init__(
        self,
        *,
        base_url: str,
        token: str,
        session: requests.Session | None = None,
        ca_bundle: str = "",
        timeout: tuple[float, float] = (CONNECT_SECONDS, READ_SECONDS),
        max_pages: int = MAX_PAGES,
        sleep: Callable[[float], None] = time.sleep,
        longest_pause: float = MAX_PAUSE,
        patience: Patience | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._session = session or new_session()
        self._verify: bool | str = ca_bundle or True
        self._headers = {"Authorization": f"Bearer {token}", "Accept": MEDIA_TYPE}
        self._timeout = timeout
        self._max_pages = max_pages
        self._patience = patience or Patience(Service.EVOTOR)
        self._sleep = self._patience.sleeping_by(sleep)
        self._clock, self._longest_pause = clock, longest_pause
        # When the window of each path ends, by the clock: a 429 itself need not say it.
        self._resets: dict[str, float] = {}
        # How many requests each path has left in its window, once that is few.
        self._few_left: dict[str, int] = {}
        self.requests = 0
        # Records of lists that could not be read; the others went on.
        self.broken: list[BrokenRecord] = []
        # Pages that `fetch_whole` got, of each list's path.
        self._fetched: defaultdict[str, deque[_Page]] = defaultdict(deque)

    def __repr__(self) -> str:
        return f"<EvotorClient {self._base_url}>"

    def stores(self) -> list[EvotorStore]:
        """Return all stores; an empty list is possible for an account without a till."""
        return [store for page in self._walk("/stores", read_store) for store in page]

    def iter_groups(self, store_id: str) -> Iterator[list[EvotorGroup]]:
        """Yield pages of a store's groups; the walk is complete when the iterator ends."""
        return self._walk(_groups_path(store_id), read_group)

    def iter_products(self, store_id: str, since: datetime | None = None) -> Iterator[list[EvotorProduct]]:
        """Yield pages of a store's products, each id once; those changed after `since` if given.

        The walk is complete when the iterator ends. Raises ClientError where it cannot be.
        """
        params = {} if since is None else {"since": str(int(since.timestamp() * 1000))}
        return self._walk(_products_path(store_id), read_product, params)

    def fetch_whole(self, store_id: str, fetched: Callable[[int], None]) -> FetchedPages:
        """Get the pages of a store's groups and products, without reading the records on them.

        The next `iter_groups` and `iter_products` of the store read these. Tells how many products there
        are after every page. Raises ClientError.
        """
        self._fetched.clear()
        digest, counts = hashlib.sha256(), list[int]()
        for path in (_groups_path(store_id), _products_path(store_id)):
            kept, count = deque[_Page](), 0
            for page in self._pages(path, {}):
                kept.append(page)
                digest.update(
                    page.items if isinstance(page.items, msgspec.Raw) else repr(page.items).encode()
                )
                count += _count(page, path)
                if counts:
                    fetched(count)
            digest.update(b"\n")
            counts.append(count)
            self._fetched[path] = kept
        return FetchedPages(digest.hexdigest(), *counts)

    def product(self, store_id: str, product_id: str) -> EvotorProduct | None:
        """Return one product, or None where the store no longer has it."""
        path = f"/stores/{quote(store_id)}/products/{quote(product_id)}"
        try:
            return read_product(self._get(path, {}))
        except ItemRefused:
            return None
        except BadRecord:
            raise _bad_shape(path) from None

    def _walk(
        self,
        path: str,
        parse: Callable[[Mapping[str, Any]], T],
        params: Mapping[str, str] | None = None,
    ) -> Iterator[list[T]]:
        """Read the records of every page of a list, of those that were fetched already if there are any."""
        seen_ids: set[str] = set()
        broken_before = len(self.broken)
        kept = None if params else self._fetched.pop(path, None)
        for page in self._pages(path, params or {}) if kept is None else _taken_from(kept):
            yield self._fresh(path, page, parse, seen_ids)
        if len(self.broken) > broken_before and not seen_ids:
            # Not one record could be read: that is no list with a flaw but another list.
            raise _bad_shape(path)

    def _pages(self, path: str, query: Mapping[str, str]) -> Iterator[_Page]:
        """Follow cursors to the end. A cursor goes alone: the filters live in it."""
        seen_cursors: set[str] = set()
        for _ in range(self._max_pages):
            page = self._get_page(path, query)
            yield page
            cursor = page.paging.get("next_cursor") if isinstance(page.paging, dict) else None
            if not cursor:
                return
            if cursor in seen_cursors:
                raise Transient(
                    Service.EVOTOR,
                    EvotorError.REPEATED_CURSOR,
                    "the list leads in a circle",
                    method=path,
                )
            seen_cursors.add(cursor)
            query = {"cursor": cursor}
        raise Transient(
            Service.EVOTOR,
            EvotorError.TOO_MANY_PAGES,
            f"over {self._max_pages} pages",
            method=path,
        )

    def _fresh(
        self,
        path: str,
        page: _Page,
        parse: Callable[[Mapping[str, Any]], T],
        seen: set[str],
    ) -> list[T]:
        """Parse a page, leaving out what an earlier page had: items move while a list is read."""
        records = []
        for item in _items(page, path):
            try:
                record = parse(item)
            except BadRecord:
                self.broken.append(BrokenRecord(_store_of(path), _label(item)))
                continue
            if record.id not in seen:
                seen.add(record.id)
                records.append(record)
        return records

    def _get(self, path: str, params: Mapping[str, str]) -> Mapping[str, Any]:
        return self._retried(lambda: self._send(path, params, _read_object))

    def _get_page(self, path: str, params: Mapping[str, str]) -> _Page:
        return self._retried(lambda: self._send(path, params, _read_page))

    def _retried(self, read: Callable[[], A]) -> A:
        self._patience.check()
        return retry_read(read, sleep=self._sleep, longest_pause=self._longest_pause)

    @measured(Interface.EVOTOR, lambda path: _kind(path))  # noqa: PLW0108 - the function stands below
    def _send(self, path: str, params: Mapping[str, str], read: Callable[[requests.Response], A | None]) -> A:
        """Make one GET and return what `read` finds; every failure becomes one of our errors."""
        self._keep_pace(path)
        with self._patience.waiting(*self._timeout) as timeouts:
            self.requests += 1
            response = send(
                Service.EVOTOR,
                path,
                lambda: self._session.get(
                    f"{self._base_url}{path}",
                    params=params,
                    headers=self._headers,
                    timeout=(timeouts.connect, timeouts.read),
                    verify=self._verify,
                    stream=True,
                    allow_redirects=False,
                ),
                deadline=timeouts.deadline,
            )
        if response.status_code != requests.codes.ok:
            raise self._error(path, response)
        self._note_limit(path, response)
        answer = read(response)
        if answer is None:
            raise _bad_shape(path)
        return answer

    def _error(self, path: str, response: requests.Response) -> ClientError:
        """Return our error for a status; bodies are not promised, so they only add words."""
        status = response.status_code
        code, text = f"evotor.{status}", _message(response)
        request_id = response.headers.get("X-Request-Id", "")
        extra: dict[str, Any] = {
            "method": path,
            "status": status,
            "request_id": request_id,
        }
        match status:
            case 401 | 403:
                return AuthRevoked(Service.EVOTOR, code, text, **extra)
            case 402:
                return ActionRequired(Service.EVOTOR, code, text, **extra)
            case 404 | 410:
                return ItemRefused(Service.EVOTOR, EvotorError.NOT_FOUND, text, **extra)
            case 429:
                return RateLimited(
                    Service.EVOTOR, code, text, retry_after=self._reset_in(path, response), **extra
                )
            case _ if status >= 500:  # noqa: PLR2004 - the class of server errors
                return Transient(Service.EVOTOR, code, text, **extra)
        return InvalidRequest(Service.EVOTOR, code, text, **extra)

    def _reset_in(self, path: str, response: requests.Response) -> float | None:
        """Return the seconds until the limit is reset, as this answer or an earlier one of the path says."""
        self._note_limit(path, response)
        reset = self._resets.get(path)
        # A window that has ended already says nothing of the next one.
        return None if reset is None or reset < self._clock() else reset - self._clock()

    def _keep_pace(self, path: str) -> None:
        """Wait before one of the last requests of a path's window. Raises RateLimited where none is left."""
        left = self._few_left.get(path)
        if left is None:
            return
        reset, now = self._resets.get(path), self._clock()
        if reset is not None and reset + ROUNDED <= now:
            # A new window has begun; its first answer says what it holds.
            del self._few_left[path]
            return
        pause = BLIND_PAUSE if reset is None else (reset + ROUNDED - now) / (left + 1)
        if left == 0 and pause > self._longest_pause:
            text = "no request is left in this window"
            raise RateLimited(
                Service.EVOTOR, EvotorError.TOO_MANY_REQUESTS, text, method=path, retry_after=pause
            )
        self._sleep(min(pause, self._longest_pause))

    def _note_limit(self, path: str, response: requests.Response) -> None:
        """Remember what the path's window has left and when it ends, in seconds or as an epoch."""
        headers = response.headers
        value = _number(headers.get("Retry-After") or headers.get("X-RateLimit-Reset"))
        if value is not None:
            self._resets[path] = value if value > EPOCH_IF_ABOVE else self._clock() + max(0.0, value)
        left, limit = (_number(headers.get(f"X-RateLimit-{name}")) for name in ("Remaining", "Limit"))
        few = FEW_LEFT if limit is None else min(FEW_LEFT, limit // 10)
        if left is not None and left <= few:
            self._few_left[path] = max(0, int(left))
        else:
            self._few_left.pop(path, None)


def _number(text: str | None) -> float | None:
    """Read a header's number; what is none says nothing."""
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _store_of(path: str) -> str:
    """Return the store that a path leads into, empty for the list of stores."""
    parts = path.strip("/").split("/")
    return unquote(parts[1]) if len(parts) > 1 else ""


def _kind(path: str) -> str:
    """Return what a path asks for without the ids in it: `stores`, `product-groups`, `products`."""
    parts = path.strip("/").split("/")
    return parts[2] if len(parts) > 2 else parts[0]  # noqa: PLR2004 - /stores/<id>/<kind>


def _message(response: requests.Response) -> str:
    try:
        body = parse_json(response)
    except ValueError:
        return ""
    return str(body.get("message") or "")[:200] if isinstance(body, dict) else ""


def _groups_path(store_id: str) -> str:
    return f"/stores/{quote(store_id)}/product-groups"


def _products_path(store_id: str) -> str:
    return f"/stores/{quote(store_id)}/products"


def _read_object(response: requests.Response) -> Mapping[str, Any] | None:
    """Return an answer that is an object, or None."""
    try:
        answer = parse_json(response)
    except ValueError:
        return None
    return answer if isinstance(answer, dict) else None


def _read_page(response: requests.Response) -> _Page | None:
    """Return a page with its records unread, or None for what is no page of a list."""
    try:
        response.content.decode()
        return _decode_page(response.content)
    except (UnicodeDecodeError, msgspec.MsgspecError, RecursionError):
        # Python's own parser takes more: a byte order mark, and half of a letter beyond the first plane.
        answer = _read_object(response)
    return None if answer is None else _Page(answer.get("items"), answer.get("paging"))


def _items(page: _Page, path: str) -> list[Any]:
    """Return the records of a page. Raises Transient where they are no list."""
    try:
        items = loads(bytes(page.items)) if isinstance(page.items, msgspec.Raw) else page.items
    except ValueError:
        items = None
    if not isinstance(items, list):
        raise _bad_shape(path)
    return items


def _count(page: _Page, path: str) -> int:
    """Return how many records a page has. Raises Transient where they are no list."""
    if isinstance(page.items, msgspec.Raw):
        with suppress(msgspec.MsgspecError, RecursionError):
            return len(_split_items(page.items))
    return len(_items(page, path))


def _taken_from(pages: deque[_Page]) -> Iterator[_Page]:
    """Yield pages in turn and keep none."""
    while pages:
        yield pages.popleft()


def _bad_shape(path: str) -> Transient:
    return Transient(
        Service.EVOTOR,
        EvotorError.BAD_JSON,
        "the answer is not what Evotor documents",
        method=path,
    )


def _label(item: Any) -> str:
    """Return what a person can know a broken record by: its name, else the beginning of what was sent."""
    name = item.get("name") if isinstance(item, dict) else None
    return str(name or item)[:100]
