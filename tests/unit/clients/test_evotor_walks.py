"""Walks over Evotor's pages: complete, each product once, or an error; never a silent half."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from connections.clients.errors import (
    ActionRequired,
    AuthRevoked,
    ClientError,
    ItemRefused,
    RateLimited,
    Transient,
)
from connections.clients.evotor.client import EvotorClient
from connections.clients.evotor.records import EvotorProduct, FetchedPages
from tests.unit.clients.scripted import Reply, Request, serve

PAGE = 5
TOKEN = "a-token-that-must-not-leak"
STORE = "20240115-AAAA-40BB-80CC-000000000001"


def client_for(url: str, **options: object) -> EvotorClient:
    return EvotorClient(base_url=url, token=TOKEN, sleep=lambda seconds: None, **options)  # type: ignore[arg-type]


def pages(*lists: Sequence[int], cursors: Sequence[str] | None = None) -> Callable[[Request], Reply]:
    """Answer page after page; the cursor names the next one."""
    names = list(cursors or [f"cur+/={n}=" for n in range(1, len(lists))])

    def answer(request: Request) -> Reply:
        cursor = request.params.get("cursor")
        number = names.index(cursor) + 1 if cursor else 0
        paging = {"next_cursor": names[number]} if number < len(names) else {}
        items = [{"id": f"p{n}", "name": f"Товар {n}", "price": 1} for n in lists[number]]
        return Reply(json.dumps({"items": items, "paging": paging}).encode())

    return answer


def walk(answer: Callable[[Request], Reply], **options: object) -> tuple[list[str], list[Request]]:
    with serve(answer) as (url, seen):
        found = [p.id for page in client_for(url, **options).iter_products(STORE) for p in page]
    return found, seen


@pytest.mark.parametrize("total", [0, 1, PAGE - 1, PAGE, PAGE + 1, 2 * PAGE, 2 * PAGE + 1, 3 * PAGE])
def test_every_product_is_found_once_whatever_the_size(total: int) -> None:
    numbers = list(range(total))
    lists = [numbers[start : start + PAGE] for start in range(0, max(total, 1), PAGE)]
    found, seen = walk(pages(*lists))
    assert found == [f"p{n}" for n in numbers]
    assert len(seen) == len(lists)


def test_a_cursor_is_percent_encoded_and_goes_alone() -> None:
    with serve(pages([1], [2], [3])) as (url, seen):
        since = datetime(2026, 11, 23, tzinfo=UTC)
        assert len(list(client_for(url).iter_products(STORE, since))) == 3
    assert seen[0].params == {"since": "1795392000000"}
    assert [request.params for request in seen[1:]] == [{"cursor": "cur+/=1="}, {"cursor": "cur+/=2="}]
    assert "+" not in seen[1].raw_query
    assert seen[0].headers["Authorization"] == f"Bearer {TOKEN}"


def test_an_empty_page_in_the_middle_does_not_end_the_walk() -> None:
    assert walk(pages([1, 2], [], [3]))[0] == ["p1", "p2", "p3"]


def test_a_product_that_moves_between_pages_is_kept_once() -> None:
    assert walk(pages([1, 2], [2, 3], [3, 4]))[0] == ["p1", "p2", "p3", "p4"]


def test_a_repeated_cursor_is_an_error_and_not_an_end() -> None:
    def circle(request: Request) -> Reply:
        return Reply(json.dumps({"items": [], "paging": {"next_cursor": "same"}}).encode())

    with pytest.raises(Transient) as caught:
        walk(circle)
    assert caught.value.code == "evotor.repeated_cursor"


@pytest.mark.parametrize(
    "paging",
    [
        "more",
        7,
        ["next"],
        {"next_cursor": ["next"]},
        {"next_cursor": {"id": 1}},
        {"next_cursor": 7},
        {"next_cursor": True},
        {"next_cursor": "\ud800"},
    ],
    ids=ascii,
)
def test_a_cursor_that_cannot_be_read_is_an_error_and_not_an_end(paging: object) -> None:
    body = json.dumps({"items": [{"id": "p1"}], "paging": paging}).encode()
    with pytest.raises(Transient) as caught:
        walk(lambda request: Reply(body))
    assert caught.value.code == "evotor.bad_json"


@pytest.mark.parametrize("paging", [None, {}, [], {"next_cursor": None}, {"next_cursor": ""}], ids=repr)
def test_a_list_that_names_no_next_page_is_at_its_end(paging: object) -> None:
    body = json.dumps({"items": [{"id": "p1"}], "paging": paging}).encode()
    assert walk(lambda request: Reply(body))[0] == ["p1"]


def test_a_list_that_never_ends_is_an_error() -> None:
    count = iter(range(1000))

    def endless(request: Request) -> Reply:
        return Reply(json.dumps({"items": [], "paging": {"next_cursor": f"c{next(count)}"}}).encode())

    with pytest.raises(Transient) as caught:
        walk(endless, max_pages=7)
    assert caught.value.code == "evotor.too_many_pages"


STATUSES: list[tuple[int, type[ClientError]]] = [
    (401, AuthRevoked),
    (402, ActionRequired),
    (403, AuthRevoked),
    (404, ItemRefused),
    (429, RateLimited),
    (500, Transient),
    (502, Transient),
    (503, Transient),
    (504, Transient),
]


@pytest.mark.parametrize(("status", "kind"), STATUSES)
@pytest.mark.parametrize("body", [b"", b'{"message": "no"}'])
def test_each_status_becomes_its_error_on_the_second_page_too(
    status: int, kind: type[ClientError], body: bytes
) -> None:
    first = pages([1], [2])

    def answer(request: Request) -> Reply:
        return Reply(body, status) if request.params.get("cursor") else first(request)

    with pytest.raises(kind) as caught:
        walk(answer)
    assert caught.value.code == f"evotor.{status}"
    assert TOKEN not in f"{caught.value!r} {caught.value}"


@pytest.mark.parametrize(
    "reply",
    [
        Reply(b"<html>"),
        Reply(b"[1]"),
        Reply(b'{"items": 5}'),
        Reply(b'{"items": [{}]}'),
        Reply(b"{", cut=True),
    ],
)
def test_an_answer_that_is_none_is_an_error(reply: Reply) -> None:
    with pytest.raises(Transient):
        walk(lambda request: reply)


def test_a_passing_failure_is_repeated() -> None:
    replies = iter([Reply(b"", 502), Reply(drop=True), Reply(b'{"items": [], "paging": {}}')])
    found, seen = walk(lambda request: next(replies))
    assert (found, len(seen)) == ([], 3)


def read_one(item: dict[str, object]) -> EvotorProduct:
    with serve(lambda request: Reply(json.dumps({"items": [item], "paging": {}}).encode())) as (url, _):
        return next(iter(client_for(url).iter_products(STORE)))[0]


def test_absent_and_null_read_as_not_told_and_can_be_told_apart() -> None:
    sparse = read_one({"id": "p", "name": "Х"})
    nulls = read_one({"id": "p", "name": "Х", "parent_id": None, "price": None})
    assert sparse == replace(nulls, nulls=frozenset())
    assert nulls.nulls == {"parent_id", "price"}
    assert (sparse.price, sparse.barcodes, sparse.description, sparse.allow_to_sell) == (
        None,
        None,
        None,
        None,
    )


def test_an_emptiness_that_is_told_is_told() -> None:
    empty = read_one({"id": "p", "parent_id": "", "description": "", "article_number": "", "barcodes": []})
    assert (empty.parent_id, empty.description, empty.article_number, empty.barcodes) == ("", "", "", ())


@pytest.mark.parametrize("value", [True, "true", 1, "1", "Yes", "да"])
def test_a_flag_may_be_written_as_text_or_number(value: object) -> None:
    assert read_one({"id": "p", "is_excisable": value}).is_excisable is True


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", {"ru": "Чай"}),
        ("name", True),
        ("price", "дорого"),
        ("price", [5]),
        ("quantity", True),
        ("barcodes", {"a": 1}),
        ("barcodes", [["46"]]),
        ("allow_to_sell", "может быть"),
        ("is_age_limited", []),
    ],
)
def test_a_field_of_another_type_is_not_told_and_named(field: str, value: object) -> None:
    found = read_one({"id": "p", field: value})
    assert (getattr(found, field), found.unreadable) == (None, (field,))


@pytest.mark.parametrize("broken", [7, None, [], "Чай", {}, {"name": "Без кода"}, {"id": None}, {"id": {}}])
def test_one_broken_record_stops_no_other(broken: object) -> None:
    body = json.dumps({"items": [{"id": "a"}, broken, {"id": "b"}], "paging": {}}).encode()
    with serve(lambda request: Reply(body)) as (url, _):
        client = client_for(url)
        found = [one.id for page in client.iter_products(STORE) for one in page]
    assert found == ["a", "b"]
    (noted,) = client.broken
    assert noted.label == ("Без кода" if broken == {"name": "Без кода"} else str(broken))


def test_numbers_written_as_text_and_with_many_places_are_exact() -> None:
    product = read_one({"id": "p", "name": "Х", "price": 130.727272727, "quantity": "0.000"})
    assert (product.price, product.quantity) == (Decimal("130.727272727"), Decimal(0))


def test_a_product_that_is_gone_is_none() -> None:
    with serve(lambda request: Reply(b"{}", 404)) as (url, _):
        assert client_for(url).product(STORE, "p") is None


def test_a_page_of_a_proxy_says_nothing_of_a_product() -> None:
    page = Reply(b"<html>404 Not Found</html>", 404)
    with serve(lambda request: page) as (url, _), pytest.raises(Transient) as caught:
        client_for(url).product(STORE, "p")
    assert caught.value.code == "evotor.bad_json"


def fetched(url: str, counts: list[int] | None = None) -> tuple[EvotorClient, FetchedPages]:
    client = client_for(url)
    return client, client.fetch_whole(STORE, (counts if counts is not None else []).append)


def test_pages_that_were_fetched_are_read_without_another_request() -> None:
    counts: list[int] = []
    with serve(pages([0, 1], [1, 2])) as (url, seen):
        client, found = fetched(url, counts)
        asked = len(seen)
        groups = [group.id for page in client.iter_groups(STORE) for group in page]
        products = [product.id for page in client.iter_products(STORE) for product in page]
        assert (found.groups, found.products, counts, asked) == (4, 4, [2, 4], 4)
        assert groups == products == ["p0", "p1", "p2"]
        assert len(seen) == asked
        assert [product.id for page in client.iter_products(STORE) for product in page] == products
        assert len(seen) == asked + 2


def test_the_digest_of_fetched_pages_is_that_of_their_text() -> None:
    def digest(body: bytes) -> str:
        with serve(lambda request: Reply(body)) as (url, _):
            return fetched(url)[1].digest

    known = digest(b'{"items": [{"id": "p", "price": 1}], "paging": {}}')
    assert known == digest(b'{"paging": {"was": "other"}, "items": [{"id": "p", "price": 1}]}')
    assert known != digest(b'{"items": [{"id": "p", "price": 2}], "paging": {}}')
    assert known != digest(b'{"items": [], "paging": {}}')


@pytest.mark.parametrize(
    "body", [b'\xef\xbb\xbf{"items": [{"id": "p"}]}', b'{"items": [{"id": "p", "name": "\\ud83d"}]}']
)
def test_what_only_pythons_parser_takes_is_fetched_and_read(body: bytes) -> None:
    with serve(lambda request: Reply(body)) as (url, _):
        client, found = fetched(url)
        assert found.products == 1
        assert [product.id for page in client.iter_products(STORE) for product in page] == ["p"]


@pytest.mark.parametrize(
    "body", [b'{"items": 5}', b"[1]", b'{"items": ["\xff"]}', b'{"items": [1e9999999999999999999]}']
)
def test_fetching_what_is_no_list_is_an_error(body: bytes) -> None:
    def read(url: str) -> None:
        client, _found = fetched(url)
        list(client.iter_groups(STORE))

    with serve(lambda request: Reply(body)) as (url, _), pytest.raises(Transient):
        read(url)
