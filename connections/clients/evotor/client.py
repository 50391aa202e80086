"""Evotor's cloud, version 2: stores, groups and products, read page by page.

Written from Evotor's V2 documentation as noted in docs/api-facts.md. None means that Evotor
did not say. Prices are roubles, quantities are in the product's unit, both as Decimal.
"""

import hashlib
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping
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
from connections.clients.evotor.pages import (
    Page,
    bad_shape,
    count_of,
    items_of,
    next_cursor,
    read_object,
    read_page,
    taken_from,
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
from connections.clients.evotor.request_windows import RequestWindows
from connections.clients.http import MAX_PAUSE, new_session, parse_json, retry_read, send
from connections.clients.instrumentation import measured
from connections.clients.patience import Patience
from connections.clients.service import Interface, Service

T = TypeVar("T", EvotorStore, EvotorGroup, EvotorProduct)
A = TypeVar("A")

MEDIA_TYPE = "application/vnd.evotor.v2+json"
CONNECT_SECONDS, READ_SECONDS = 10.0, 60.0
MAX_PAGES = 2000


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
        self._longest_pause = longest_pause
        self._windows = RequestWindows(longest_pause=longest_pause, sleep=self._sleep, clock=clock)
        self.requests = 0
        # Records of lists that could not be read; the others went on.
        self.broken: list[BrokenRecord] = []
        # Pages that `fetch_whole` got, of each list's path.
        self._fetched: defaultdict[str, deque[Page]] = defaultdict(deque)

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
            kept, count = deque[Page](), 0
            for page in self._pages(path, {}):
                kept.append(page)
                digest.update(
                    page.items if isinstance(page.items, msgspec.Raw) else repr(page.items).encode()
                )
                count += count_of(page, path)
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
            raise bad_shape(path) from None

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
        for page in self._pages(path, params or {}) if kept is None else taken_from(kept):
            yield self._fresh(path, page, parse, seen_ids)
        if len(self.broken) > broken_before and not seen_ids:
            # Not one record could be read: that is no list with a flaw but another list.
            raise bad_shape(path)

    def _pages(self, path: str, query: Mapping[str, str]) -> Iterator[Page]:
        """Follow cursors to the end. A cursor goes alone: the filters live in it."""
        seen_cursors: set[str] = set()
        for _ in range(self._max_pages):
            page = self._get_page(path, query)
            yield page
            cursor = next_cursor(page, path)
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
        page: Page,
        parse: Callable[[Mapping[str, Any]], T],
        seen: set[str],
    ) -> list[T]:
        """Parse a page, leaving out what an earlier page had: items move while a list is read."""
        records = []
        for item in items_of(page, path):
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
        return self._retried(lambda: self._send(path, params, read_object))

    def _get_page(self, path: str, params: Mapping[str, str]) -> Page:
        return self._retried(lambda: self._send(path, params, read_page))

    def _retried(self, read: Callable[[], A]) -> A:
        self._patience.check()
        return retry_read(read, sleep=self._sleep, longest_pause=self._longest_pause)

    @measured(Interface.EVOTOR, lambda path: _kind(path))  # noqa: PLW0108 - the function stands below
    def _send(self, path: str, params: Mapping[str, str], read: Callable[[requests.Response], A | None]) -> A:
        """Make one GET and return what `read` finds; every failure becomes one of our errors."""
        self._windows.keep_pace(path)
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
        self._windows.note(path, response)
        answer = read(response)
        if answer is None:
            raise bad_shape(path)
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
                return _not_found(response, text, **extra)
            case 429:
                return RateLimited(
                    Service.EVOTOR, code, text, retry_after=self._windows.reset_in(path, response), **extra
                )
            case _ if status >= 500:  # noqa: PLR2004 - the class of server errors
                return Transient(Service.EVOTOR, code, text, **extra)
        return InvalidRequest(Service.EVOTOR, code, text, **extra)


def _store_of(path: str) -> str:
    """Return the store that a path leads into, empty for the list of stores."""
    parts = path.strip("/").split("/")
    return unquote(parts[1]) if len(parts) > 1 else ""


def _kind(path: str) -> str:
    """Return what a path asks for without the ids in it: `stores`, `product-groups`, `products`."""
    parts = path.strip("/").split("/")
    return parts[2] if len(parts) > 2 else parts[0]  # noqa: PLR2004 - /stores/<id>/<kind>


def _not_found(response: requests.Response, text: str, **extra: Any) -> ClientError:
    """Return the error of a 404; a page of a proxy is no object and says nothing of what Evotor has."""
    if response.content.strip() and read_object(response) is None:
        text = "a page that is not Evotor's stands in the way"
        return Transient(Service.EVOTOR, EvotorError.BAD_JSON, text, **extra)
    return ItemRefused(Service.EVOTOR, EvotorError.NOT_FOUND, text, **extra)


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


def _label(item: Any) -> str:
    """Return what a person can know a broken record by: its name, else the beginning of what was sent."""
    name = item.get("name") if isinstance(item, dict) else None
    return str(name or item)[:100]
