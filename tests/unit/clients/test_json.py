"""The quick parsers read what Python's own parser reads, and nothing else."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from connections.clients.http import loads
from connections.clients.vk.calls import get_items
from connections.clients.vk.client import VkClient
from connections.clients.vk.parsing import read_item_page
from connections.clients.vk.records import VkItemPage
from tests.unit.clients.scripted import Reply, serve

TEXTS = [
    '{"a": [1, 2.50, -0, -0.0, 1e5, "т\\u0442\\ud83d\\ude00\\n", null, true], "a": 2}'.encode(),
    b"18446744073709551616",
    b'{"b": {"c": 1E-400}}',
    b"[1] ",
    b"NaN",
    b'"\\ud800"',
    b'\xef\xbb\xbf{"a": 1}',
]
BROKEN = [
    b"",
    b"[1,]",
    b"01",
    b"1.",
    b"tru",
    b'"\xff"',
    b'"\x01"',
    b"1" * 5000,
    pytest.param(b"[" * 5000 + b"]" * 5000, id="nested"),
    b"[1e99999999999999999999]",
]


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_reads_as_python_reads_it(text: bytes) -> None:
    assert repr(loads(text)) == repr(json.loads(text.decode("utf-8-sig"), parse_float=Decimal))


@pytest.mark.parametrize("text", BROKEN)
def test_what_is_no_json_is_an_error_of_value(text: bytes) -> None:
    with pytest.raises(ValueError, match=r".*"):
        loads(text)


@pytest.mark.parametrize("text", [b"1e999999999", b"-1e999999999", b"1e401"])
def test_a_number_beyond_all_bounds_is_infinite(text: bytes) -> None:
    assert loads(text) == Decimal("-Infinity" if text.startswith(b"-") else "Infinity")


@pytest.mark.parametrize("text", [b"0e999999999", b"1e-999999999"])
def test_nothing_is_not_beyond_all_bounds(text: bytes) -> None:
    assert int(loads(text)) == 0


ITEM = {
    "id": 7,
    "title": "Кружка &quot;Тула&quot;",
    "description": None,
    "price": {"amount": "12000", "old_amount": "15000", "currency": {"id": 643}},
    "stock_amount": 0,
    "sku": "A&amp;B",
    "availability": 0,
    "category": {"id": 30501, "name": "Посуда"},
    "photos": [{"id": 5, "sizes": [{"url": "https://example.com/1.jpg"}]}, {"id": 6}],
    "albums_ids": [3, 1],
    "date": 1_700_000_000,
    "views_count": 12,
}


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"photos": None},
        {"photos": [{"id": "5"}]},
        {"albums_ids": None, "category": None, "price": None},
        {"id": "7", "stock_amount": "", "price": {"amount": 12000}, "title": None},
        {"stock_amount": False, "availability": None, "category": {"id": "1"}},
        {"price": [], "category": 5, "sku": 12},
        {"title": True, "description": [], "stock_amount": 1.5, "photos": [{"id": -5}]},
        {"price": {"amount": 10**30, "old_amount": "-5"}, "albums_ids": [10**30]},
    ],
)
def test_an_item_reads_alike_from_text_and_from_values(change: dict[str, Any]) -> None:
    page = {"count": 1, "items": [ITEM | change]}
    text = json.dumps(page, ensure_ascii=False)
    assert by_client(text) == read_item_page(json.loads(text, parse_float=Decimal))


@pytest.mark.parametrize("items", [None, [5, ITEM], [ITEM | {"photos": {}}], []])
def test_a_page_that_is_not_as_documented_reads_as_before(items: object) -> None:
    page = {"count": "1", "items": items}
    assert by_client(json.dumps(page)) == read_item_page(page)


def test_an_item_with_a_number_beyond_all_bounds_reads_as_one_that_does_not_tell_it() -> None:
    text = json.dumps({"count": 1, "items": [ITEM | {"stock_amount": 5.25, "date": 5.25}]})
    (item,) = by_client(text.replace("5.25", "1e999999999")).items
    assert (item.id, item.stock, item.date) == (7, None, 0)


def by_client(page: str) -> VkItemPage:
    """Return what the client makes of a page in a script's answer."""

    def ask(url: str) -> VkItemPage:
        client = VkClient(base_url=url, token="t", sleep=lambda seconds: None)
        (found,) = client.execute([get_items(5, 0)])
        assert isinstance(found, VkItemPage), found
        return found

    return _served(ask, f'{{"response": [{page}]}}')


def _served(ask: Callable[[str], VkItemPage], answer: str) -> VkItemPage:
    with serve(lambda request: Reply(answer.encode())) as (url, _):
        return ask(url)
