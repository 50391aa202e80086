"""What VK refused is told from what would be sent now, field by field."""

from dataclasses import replace

import pytest

from syncing.core.choices import ActionKind
from syncing.core.records import Action, DesiredItem, ProductKey
from syncing.core.refusals import FIELDS, is_changed, refused_fields

ITEM = DesiredItem("Чай чёрный", "Чай с гор, 100 г", 9_900, 5, 7, "tea ab12", photo_key="colour")
KEY = ProductKey("store", "tea")
NEW = Action(ActionKind.CREATE, KEY, "Чай", desired=ITEM)


def edit(*names: str) -> Action:
    """Return a change of these fields."""
    return Action(ActionKind.UPDATE, KEY, "Чай", desired=ITEM, changes=dict.fromkeys(names, (None, 1)))


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Чай"},
        {"description": "Чай с гор"},
        {"price_kopecks": 9_800},
        {"category_id": 8},
        {"photo_key": "ab"},
        {"more_photos": ("cd",)},
    ],
    ids=FIELDS,
)
def test_every_field_of_a_new_item_that_the_merchant_can_correct_counts(change: dict[str, object]) -> None:
    refused = refused_fields(NEW, ITEM)
    assert not is_changed(refused, ITEM, has_own_title=False)
    assert is_changed(refused, replace(ITEM, **change), has_own_title=True)  # type: ignore[arg-type]


def test_stock_and_album_are_nothing_that_vk_refused() -> None:
    assert not is_changed(refused_fields(NEW, ITEM), replace(ITEM, stock=1, album="Чаи"), has_own_title=False)


def test_of_an_edit_only_what_it_would_have_written_counts() -> None:
    refused = refused_fields(edit("price_kopecks", "stock"), ITEM)
    assert set(refused) == {"price_kopecks"}
    assert not is_changed(refused, replace(ITEM, title="Чай зелёный"), has_own_title=True)
    assert is_changed(refused, replace(ITEM, price_kopecks=1), has_own_title=True)
    assert not is_changed(refused_fields(edit("stock"), ITEM), ITEM, has_own_title=False)


@pytest.mark.parametrize(
    ("sent", "now", "is_own", "is_other"),
    [
        ("Чай чёрный (0012)", "Чай чёрный", True, False),
        ("Чай чёрный крупный", "Чай чёрный", False, False),
        ("Чай чёрный крупный", "Чай чёрный", True, True),
        ("ЧАЙ чёрный", "Чай чёрный", True, False),
        ("Чай чёрный", "Чай зелёный", False, True),
    ],
)
def test_a_title_that_was_told_from_anothers_is_the_same(
    sent: str, now: str, *, is_own: bool, is_other: bool
) -> None:
    refused = {"title": sent}
    assert is_changed(refused, replace(ITEM, title=now), has_own_title=is_own) is is_other


def test_a_category_that_is_not_known_says_nothing() -> None:
    assert not is_changed(refused_fields(NEW, ITEM), replace(ITEM, category_id=0), has_own_title=False)
