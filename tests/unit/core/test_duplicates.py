"""Hand-made items that show goods of the till: known by barcode, article or name, and never guessed."""

from typing import Any

import pytest

from syncing.core.duplicates import MatchedBy, find_duplicates
from syncing.core.planner import sync_user
from syncing.core.records import ChannelItem, SourceProduct
from syncing.core.sku_stamp import stamp
from tests.unit.core.shop import PretendShop, product


def item(number: int, **changes: Any) -> ChannelItem:
    """Return an item that somebody typed in by hand."""
    fields: dict[str, Any] = {
        "title": f"Открытка {number}",
        "description": "Сделано руками",
        "price_kopecks": 9_900,
        "stock": 1,
        "sku": "",
        "hidden": False,
    }
    return ChannelItem(item_id=number, **(fields | changes))


def found(
    items: list[ChannelItem], products: list[SourceProduct], shop: PretendShop | None = None
) -> list[tuple[int, str, str]]:
    shop = shop or PretendShop()
    shop.items |= {one.item_id: one for one in items}
    context = shop.context(products)
    pairs = find_duplicates(context, sync_user(context))
    return [(one.item.item_id, one.product.key.product_id, one.matched_by.value) for one in pairs]


@pytest.mark.parametrize(
    ("matched_by", "by_hand", "in_till"),
    [
        (MatchedBy.BARCODE, {"sku": "4600000000017"}, {"barcodes": ("4600000000000", "4600000000017")}),
        (MatchedBy.ARTICLE, {"sku": " Ab-12 "}, {"article": "ab-12"}),
        (MatchedBy.ARTICLE, {"sku": "77"}, {"code": "77"}),
        (MatchedBy.NAME, {"title": "чашка  СИНЯЯ 1"}, {}),
        (MatchedBy.NAME, {"title": "Ёлка"}, {"name": "ЕЛКА"}),
    ],
)
def test_a_hand_made_item_is_known_again(
    matched_by: MatchedBy, by_hand: dict[str, Any], in_till: dict[str, Any]
) -> None:
    assert found([item(7, **by_hand), item(8)], [product(1, **in_till), product(2)]) == [
        (7, "product-1", matched_by.value)
    ]


def test_the_title_that_a_run_would_write_counts_as_well_as_the_tills_name() -> None:
    goods = product(1, name="КРУЖКА   БЕЛАЯ 0.3Л")
    title = sync_user(PretendShop().context([goods])).desired[goods.key].title
    assert title != goods.name
    assert found([item(7, title=title)], [goods]) == [(7, "product-1", "name")]


def test_the_surer_likeness_decides() -> None:
    goods = [product(1, barcodes=("4600000000017",)), product(2)]
    by_hand = [item(7, title="Чашка синяя 2", sku="4600000000017")]
    assert found(by_hand, goods) == [(7, "product-1", "barcode")]


def test_whatever_could_be_two_things_is_left_alone() -> None:
    same = {"title": "Чашка синяя 1"}
    assert found([item(7, **same), item(8, **same)], [product(1)]) == []
    assert found([item(7, **same)], [product(1), product(2, name="Чашка синяя 1")]) == []


def test_two_items_for_two_barcodes_of_one_product_give_one_pair() -> None:
    goods = product(1, barcodes=("4600000000000", "4600000000017"))
    pairs = found([item(7, sku="4600000000000"), item(8, sku="4600000000017")], [goods])
    assert [pair[1:] for pair in pairs] == [("product-1", "barcode")]


def test_hidden_stamped_and_listed_items_are_no_duplicates() -> None:
    shop = PretendShop()
    shop.apply(sync_user(shop.context([product(1)])))
    others = item(8, title="Чашка синяя 3", sku=f"1-{stamp(product(9).key)}")
    hidden = item(9, title="Чашка синяя 2", hidden=True)
    assert found([hidden, others], [product(1), product(2), product(3)], shop) == []


def test_a_product_that_is_in_vk_or_stays_out_needs_none() -> None:
    shop = PretendShop()
    shop.apply(sync_user(shop.context([product(1)])))
    by_hand = [item(7, title="Чашка синяя 1"), item(8, title="Чашка синяя 2")]
    assert found(by_hand, [product(1), product(2, allow_to_sell=False)], shop) == []


def test_duplicates_are_listed_by_their_titles() -> None:
    by_hand = [item(7, title="Чашка синяя 2"), item(8, title="Чашка синяя 1")]
    assert [one[0] for one in found(by_hand, [product(1), product(2)])] == [8, 7]
