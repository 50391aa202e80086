"""Evotor's cloud, version 2: stores, groups and products, read page by page.

Written from Evotor's V2 documentation as noted in docs/api-facts.md. Absent, null and "" mean the
same. Prices are roubles, quantities are in the product's unit, both as Decimal.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar
from urllib.parse import quote

import requests

from connections.clients.errors import (
    Bug,
    ClientError,
    ItemRefused,
    MerchantMustAct,
    Offline,
    TooFast,
    Transient,
)
from connections.clients.http import new_session, parse_json, retry_read, send
from connections.clients.measuring import measured

T = TypeVar("T", "EvotorStore", "EvotorGroup", "EvotorProduct")

MEDIA_TYPE = "application/vnd.evotor.v2+json"
CONNECT_SECONDS, READ_SECONDS = 10.0, 60.0
MAX_PAGES = 2000
EPOCH_IF_ABOVE = 1e9


@dataclass(frozen=True, slots=True)
class EvotorStore:
    """A shop. The id's case matters."""

    id: str
    name: str
    address: str
    user_id: str


@dataclass(frozen=True, slots=True)
class EvotorGroup:
    """A folder; an empty parent_id is the root."""

    id: str
    name: str
    parent_id: str


@dataclass(frozen=True, slots=True)
class EvotorProduct:
    """A product or a modification of one. None means that Evotor did not say."""

    id: str
    name: str
    parent_id: str
    price: Decimal | None
    cost_price: Decimal | None
    quantity: Decimal | None
    measure_name: str
    article_number: str
    code: str
    barcodes: tuple[str, ...]
    description: str
    allow_to_sell: bool
    type: str
    is_excisable: bool
    is_age_limited: bool
    is_removed: bool


class EvotorClient:
    """One token's way to Evotor; `requests` counts what it sent."""

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
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._session = session or new_session()
        self._verify: bool | str = ca_bundle or True
        self._headers = {"Authorization": f"Bearer {token}", "Accept": MEDIA_TYPE}
        self._timeout = timeout
        self._max_pages = max_pages
        self._sleep, self._clock = sleep, clock
        self.requests = 0

    def __repr__(self) -> str:
        return f"<EvotorClient {self._base_url}>"

    def stores(self) -> list[EvotorStore]:
        """Return all stores; an empty list is possible for an account without a till."""
        return [store for page in self._walk("/stores", _store) for store in page]

    def iter_groups(self, store_id: str) -> Iterator[list[EvotorGroup]]:
        """Yield pages of a store's groups; the walk is complete when the iterator ends."""
        return self._walk(f"/stores/{quote(store_id)}/product-groups", _group)

    def iter_products(self, store_id: str, since: datetime | None = None) -> Iterator[list[EvotorProduct]]:
        """Yield pages of a store's products, each id once; those changed after `since` if given.

        The walk is complete when the iterator ends. Raises ClientError where it cannot be.
        """
        params = {} if since is None else {"since": str(int(since.timestamp() * 1000))}
        return self._walk(f"/stores/{quote(store_id)}/products", _product, params)

    def product(self, store_id: str, product_id: str) -> EvotorProduct | None:
        """Return one product, or None where the store no longer has it."""
        try:
            return _product(self._get(f"/stores/{quote(store_id)}/products/{quote(product_id)}", {}))
        except ItemRefused:
            return None

    def _walk(
        self,
        path: str,
        parse: Callable[[Mapping[str, Any]], T],
        params: Mapping[str, str] | None = None,
    ) -> Iterator[list[T]]:
        """Follow cursors to the end. A cursor goes alone: the filters live in it."""
        seen_ids: set[str] = set()
        seen_cursors: set[str] = set()
        query: Mapping[str, str] = params or {}
        for _ in range(self._max_pages):
            answer = self._get(path, query)
            yield self._fresh(path, answer, parse, seen_ids)
            cursor = (answer.get("paging") or {}).get("next_cursor")
            if not cursor:
                return
            if cursor in seen_cursors:
                raise Transient(
                    "evotor",
                    "evotor.repeated_cursor",
                    "the list leads in a circle",
                    method=path,
                )
            seen_cursors.add(cursor)
            query = {"cursor": cursor}
        raise Transient(
            "evotor",
            "evotor.too_many_pages",
            f"over {self._max_pages} pages",
            method=path,
        )

    def _fresh(
        self,
        path: str,
        answer: Mapping[str, Any],
        parse: Callable[[Mapping[str, Any]], T],
        seen: set[str],
    ) -> list[T]:
        """Parse a page, leaving out what an earlier page had: items move while a list is read."""
        items = answer.get("items")
        if not isinstance(items, list):
            raise _bad_shape(path)
        records = []
        for item in items:
            record = _parse(path, parse, item)
            if record.id not in seen:
                seen.add(record.id)
                records.append(record)
        return records

    def _get(self, path: str, params: Mapping[str, str]) -> Mapping[str, Any]:
        return retry_read(lambda: self._send(path, params), sleep=self._sleep)

    @measured("evotor", lambda path: _kind(path))  # noqa: PLW0108 - the function stands below
    def _send(self, path: str, params: Mapping[str, str]) -> Mapping[str, Any]:
        """Make one GET; every failure becomes one of our errors."""
        self.requests += 1
        response = send(
            "evotor",
            path,
            lambda: self._session.get(
                f"{self._base_url}{path}",
                params=params,
                headers=self._headers,
                timeout=self._timeout,
                verify=self._verify,
                stream=True,
                allow_redirects=False,
            ),
            deadline=sum(self._timeout),
        )
        if response.status_code != requests.codes.ok:
            raise self._error(path, response)
        try:
            answer = parse_json(response)
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
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
                return Offline("evotor", code, text, **extra)
            case 402:
                return MerchantMustAct("evotor", code, text, **extra)
            case 404 | 410:
                return ItemRefused("evotor", "evotor.404", text, **extra)
            case 429:
                return TooFast("evotor", code, text, retry_after=self._reset_in(response), **extra)
            case _ if status >= 500:  # noqa: PLR2004 - the class of server errors
                return Transient("evotor", code, text, **extra)
        return Bug("evotor", code, text, **extra)

    def _reset_in(self, response: requests.Response) -> float | None:
        """Return the seconds until the limit is reset; the header may hold them or an epoch."""
        try:
            value = float(response.headers.get("Retry-After") or response.headers["X-RateLimit-Reset"])
        except (KeyError, ValueError):
            return None
        return max(0.0, value - self._clock() if value > EPOCH_IF_ABOVE else value)


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


def _bad_shape(path: str) -> Transient:
    return Transient(
        "evotor",
        "evotor.bad_json",
        "the answer is not what Evotor documents",
        method=path,
    )


def _parse(path: str, parse: Callable[[Mapping[str, Any]], T], item: Any) -> T:
    try:
        return parse(item)
    except (KeyError, TypeError, AttributeError, ValueError):
        raise _bad_shape(path) from None


def _store(item: Mapping[str, Any]) -> EvotorStore:
    return EvotorStore(
        str(item["id"]),
        _text(item, "name"),
        _text(item, "address"),
        _text(item, "user_id"),
    )


def _group(item: Mapping[str, Any]) -> EvotorGroup:
    return EvotorGroup(str(item["id"]), _text(item, "name"), _text(item, "parent_id"))


def _product(item: Mapping[str, Any]) -> EvotorProduct:
    return EvotorProduct(
        id=str(item["id"]),
        name=_text(item, "name"),
        parent_id=_text(item, "parent_id"),
        price=_decimal(item.get("price")),
        cost_price=_decimal(item.get("cost_price")),
        quantity=_decimal(item.get("quantity")),
        measure_name=_text(item, "measure_name"),
        article_number=_text(item, "article_number"),
        code=_text(item, "code"),
        barcodes=tuple(str(code) for code in item.get("barcodes") or () if code),
        description=_text(item, "description"),
        allow_to_sell=item.get("allow_to_sell") is not False,
        type=_text(item, "type") or "NORMAL",
        is_excisable=bool(item.get("is_excisable")),
        is_age_limited=bool(item.get("is_age_limited")),
        is_removed=bool(item.get("is_removed")),
    )


def _text(item: Mapping[str, Any], name: str) -> str:
    value = item.get(name)
    return "" if value is None else str(value)


def _decimal(value: Any) -> Decimal | None:
    """Read a number, which Evotor sometimes writes as text; a broken one is unknown."""
    if value is None or value == "" or isinstance(value, bool):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
