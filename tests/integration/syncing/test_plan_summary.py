"""What is kept of a plan for pages fits one statement of MariaDB's, whatever it changes."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from connections.clients.vk.limits import ITEMS
from syncing.core.choices import ActionKind
from syncing.core.records import Action, ProductKey, SyncResult
from syncing.services.plan_summary import LONGEST_VALUE, summarize

# By default; a quotation mark and a backslash are escaped.
MOST_BYTES = 16 * 2**20
TEXTS = ("щ" * 3_000, "ы" * 3_000)
# Names of Evotor's stores and products are as long as these.
ID = "20240115-AAAA-40BB-80CC-{:012}"


def kept(number: int, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is kept of a plan that changes this of so many items."""
    actions = [
        Action(
            ActionKind.UPDATE,
            ProductKey(ID.format(1), ID.format(n)),
            f"Кружка «Тула» синяя, 250 мл, подарочная {n}",
            item_id=n,
            changes=changes,
        )
        for n in range(number)
    ]
    return summarize(SyncResult(tuple(actions), (), (), (), 0, {})).to_json()


def bytes_of(found: Mapping[str, Any]) -> int:
    text = json.dumps(found)
    return len(text) + text.count('"') + text.count("\\")


@pytest.mark.parametrize(
    "changes", [{"description": TEXTS}, {"title": ("щ" * 100, "ы" * 100)}], ids=["descriptions", "titles"]
)
def test_new_texts_of_all_goods_that_vk_takes_fit_a_statement(changes: Mapping[str, Any]) -> None:
    found = kept(ITEMS, changes)
    assert bytes_of(found) < MOST_BYTES
    (part,) = found["parts"]
    assert len(part["lines"]) == ITEMS
    assert {text[:30] for line in part["lines"] for text in line["changes"].popitem()[1]} == {
        "щ" * 30,
        "ы" * 30,
    }


def test_new_texts_of_some_goods_are_told_at_length() -> None:
    (part,) = kept(400, {"description": TEXTS, "price_kopecks": (100, 200)})["parts"]
    assert {tuple(line["changes"]["description"]) for line in part["lines"]} == {
        tuple(f"{text[:LONGEST_VALUE]}…" for text in TEXTS)
    }
    assert all(line["changes"]["price_kopecks"] == [100, 200] for line in part["lines"])
