"""Reads the till's account and notes what it answers. Nothing is written at Evotor."""

import email.utils
import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

import requests

from connections.clients.evotor.raw import RawAnswer, RawEvotor
from syncing.core.preflight.findings import Findings

OK, NOT_INSTALLED = requests.codes.ok, 402
FAR_FUTURE = 4_102_444_800_000
MINUTE = 60.0
SLOW = 2.0


def ask_evotor(
    findings: Findings,
    evotor: RawEvotor,
    stranger: RawEvotor,
    *,
    clock: Callable[[], float],
) -> None:
    """Note what Evotor answers. `stranger` asks with a token that Evotor cannot know. Raises ClientError."""
    answer = evotor.get("/stores")
    if not findings.note("evotor:token_accepted", answer.status == OK, f"HTTP {answer.status}"):
        return
    _note_pace(findings, answer, now=clock())
    unknown = stranger.get("/stores").status
    findings.note("evotor:unknown_token_is_401", unknown == requests.codes.unauthorized, f"HTTP {unknown}")
    stores = [str(store.get("id")) for store in answer.items]
    if not findings.note("evotor:has_stores", bool(stores), f"{len(stores)} stores"):
        return
    first_pages = _read_first_pages(findings, evotor, stores)
    if not first_pages:
        return
    largest = max(first_pages, key=lambda store: len(first_pages[store].items))
    _note_products(findings, [page.items for page in first_pages.values()])
    _note_shared_ids(findings, [page.items for page in first_pages.values()])
    _StoreProbe(findings, evotor, largest, first_pages[largest]).run()
    legacy = evotor.get("/api/v1/inventories/stores/search").status
    findings.note("evotor:version_1_answers", legacy == OK, f"HTTP {legacy}")


def _note_pace(findings: Findings, answer: RawAnswer, *, now: float) -> None:
    findings.note("evotor:answers_in_time", answer.seconds <= SLOW, f"{answer.seconds:.2f} s")
    told = {
        name: answer.headers[f"X-RateLimit-{name}"]
        for name in ("Limit", "Remaining", "Reset")
        if f"X-RateLimit-{name}" in answer.headers
    }
    seen = ", ".join(f"{name} {value}" for name, value in told.items()) or "no such header"
    findings.note("evotor:rate_limit_told", "Remaining" in told, seen)
    moment = email.utils.parsedate_tz(answer.headers.get("Date", ""))
    if moment is None:
        findings.note("evotor:clock_agrees", None, "the answer has no date")
        return
    # The header has whole seconds, and the answer took its time.
    lag = now - email.utils.mktime_tz(moment)
    findings.note("evotor:clock_agrees", abs(lag) <= MINUTE, f"ours is {lag:+.0f} s ahead")


def _read_first_pages(findings: Findings, evotor: RawEvotor, stores: Sequence[str]) -> dict[str, RawAnswer]:
    """Return the first page of products of each store that can be read."""
    pages: dict[str, RawAnswer] = {}
    refused = []
    for store in stores:
        answer = evotor.get(f"/stores/{quote(store)}/products")
        if answer.status == OK:
            pages[store] = answer
        else:
            refused.append(f"{store}: HTTP {answer.status}")
    seen = "; ".join(refused) or f"{len(pages)} stores"
    findings.note("evotor:products_readable", not refused, seen)
    if not pages:
        findings.skip("evotor:", "no store could be read")
        findings.fail(f"Evotor shows the products of no store: {seen}")
    return pages


def _note_products(findings: Findings, pages: Sequence[Sequence[Mapping[str, Any]]]) -> None:
    products = [product for page in pages for product in page]
    if not products:
        findings.skip("evotor:", "the stores have no products")
        return
    goods = [product for product in products if product.get("type") != "SERVICE"]
    told = sum("quantity" in product for product in goods)
    findings.note("evotor:quantity_told", told > 0 if goods else None, f"{told} of {len(goods)} goods")
    priced = sum(product.get("price") is not None for product in products)
    findings.note("evotor:price_told", priced == len(products), f"{priced} of {len(products)} products")
    marked = sum(bool(product.get("is_removed") or product.get("isRemoved")) for product in products)
    findings.note("evotor:removed_are_marked", marked > 0 or None, f"{marked} of {len(products)} products")


def _note_shared_ids(findings: Findings, pages: Sequence[Sequence[Mapping[str, Any]]]) -> None:
    if len(pages) < 2:  # noqa: PLR2004 - one store shares nothing with itself
        findings.note("evotor:ids_shared_by_stores", None, "there is one store")
        return
    seen: set[str] = set()
    shared = 0
    for page in pages:
        ids = {str(product.get("id")) for product in page}
        shared += len(ids & seen)
        seen |= ids
    findings.note("evotor:ids_shared_by_stores", shared > 0, f"{shared} ids")


class _StoreProbe:
    """Questions about the lists of one store, the one with the most products."""

    def __init__(self, findings: Findings, evotor: RawEvotor, store: str, first: RawAnswer) -> None:
        self._findings, self._evotor, self._first = findings, evotor, first
        self._path = f"/stores/{quote(store)}"

    def run(self) -> None:
        """Ask all of them; those that need products are left out where there are none."""
        missing = self._get(f"/products/{uuid.uuid4()}").status
        self._findings.note(
            "evotor:unknown_product_is_404", missing == requests.codes.not_found, f"HTTP {missing}"
        )
        self._note_groups()
        if self._first.items:
            self._note_pages()
            self._note_since()
            self._note_images()

    def _get(self, path: str, **params: str) -> RawAnswer:
        return self._evotor.get(self._path + path, **params)

    def _note_pages(self) -> None:
        number = len(self._first.items)
        more = bool(self._first.next_cursor)
        seen = f"{number} products a page" if more else f"all {number} products in one page"
        self._findings.note("evotor:more_than_a_page", more or None, seen)
        short = self._get("/products", limit="1")
        honoured = len(short.items) == 1 if number > 1 else None
        self._findings.note("evotor:limit_honoured", honoured, f"{len(short.items)} of {number}")
        cursor = self._first.next_cursor or short.next_cursor
        if not cursor:
            self._findings.note("evotor:cursor_goes_alone", True, "every list fits into one page")
            return
        second = self._get("/products", cursor=cursor)
        before = {str(item.get("id")) for item in (self._first if self._first.next_cursor else short).items}
        fresh = [item for item in second.items if str(item.get("id")) not in before]
        self._findings.note(
            "evotor:cursor_goes_alone",
            second.status == OK and bool(fresh),
            f"HTTP {second.status}, {len(fresh)} further products",
        )

    def _note_since(self) -> None:
        moments = [_milliseconds(product.get("updated_at")) for product in self._first.items]
        newest = max((moment for moment in moments if moment is not None), default=None)
        if newest is None:
            self._findings.note("evotor:since_filters", None, "products have no updated_at")
            return
        of_it = {
            str(product.get("id"))
            for product, moment in zip(self._first.items, moments, strict=True)
            if moment == newest
        }
        none = self._get("/products", since=str(FAR_FUTURE))
        filters = none.status == OK and not none.items
        self._findings.note(
            "evotor:since_filters", filters, f"{len(none.items)} products since the year 2100"
        )
        if filters:
            exact = {str(item.get("id")) for item in self._get("/products", since=str(newest)).items}
            self._findings.note(
                "evotor:since_inclusive", bool(exact & of_it), f"{len(exact)} products since the newest one"
            )
        groups = self._get("/product-groups", since=str(FAR_FUTURE))
        takes = not groups.items if self._groups else None
        self._findings.note(
            "evotor:since_on_groups", takes, f"{len(groups.items)} groups since the year 2100"
        )

    def _note_groups(self) -> None:
        answer = self._get("/product-groups")
        self._groups = {str(group.get("id")) for group in answer.items}
        named = {str(product["parent_id"]) for product in self._first.items if product.get("parent_id")}
        if answer.next_cursor:
            self._findings.note("evotor:groups_all_there", None, "more groups than one page")
            return
        lost = named - self._groups
        self._findings.note(
            "evotor:groups_all_there", not lost, f"{len(lost)} groups are named and not listed"
        )

    def _note_images(self) -> None:
        product = quote(str(self._first.items[0].get("id")))
        status = self._get(f"/products/{product}/images").status
        self._findings.note("evotor:images_served", status == OK, f"HTTP {status}")


def _milliseconds(text: object) -> int | None:
    try:
        return round(datetime.fromisoformat(str(text)).timestamp() * 1000)
    except ValueError:
        return None
