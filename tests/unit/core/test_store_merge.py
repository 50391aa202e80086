"""One card for the same goods in several stores."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from syncing.core.choices import Stores
from syncing.core.records import ProductKey, Rules, SourceProduct
from syncing.core.store_merge import merge_by_barcode

MERGE = Rules(stores=Stores.MERGE, store_order=("B", "A"))
TEA = "4600000000017"
IN_STORE = "2000000000015"


def goods(
    store: str, number: str, *barcodes: str, name: str = "Чай", price: str = "100", stock: int | None = 1
) -> SourceProduct:
    quantity = None if stock is None else Decimal(stock)
    return SourceProduct(
        ProductKey(store, number), name, price=Decimal(price), quantity=quantity, barcodes=barcodes
    )


def test_equal_barcodes_make_one_card_with_the_price_of_the_first_store() -> None:
    ours, theirs = goods("A", "1", TEA, price="110", stock=2), goods("B", "9", TEA, price="95", stock=3)

    kept, merged = merge_by_barcode([ours, theirs], MERGE)

    assert [card.key for card in kept] == [theirs.key]
    assert kept[0].price == Decimal(95)
    assert kept[0].quantity == 5
    assert merged == {ours.key: theirs.key}


def test_the_order_of_reading_changes_nothing() -> None:
    one, two = goods("A", "1", TEA), goods("B", "9", TEA)

    assert merge_by_barcode([one, two], MERGE) == merge_by_barcode([two, one], MERGE)


def test_a_store_that_the_merchant_did_not_order_comes_last() -> None:
    unnamed, named = goods("0", "1", TEA), goods("A", "1", TEA)

    _, merged = merge_by_barcode([unnamed, named], MERGE)

    assert merged == {unnamed.key: named.key}


def test_goods_of_one_store_are_never_made_one() -> None:
    duplicates = [goods("A", "1", TEA), goods("A", "2", TEA)]

    assert merge_by_barcode(duplicates, MERGE) == (duplicates, {})


def test_goods_without_a_barcode_stay_apart() -> None:
    apart = [goods("A", "1"), goods("B", "1")]

    assert merge_by_barcode(apart, MERGE) == (apart, {})


def test_a_code_that_each_till_makes_up_is_the_same_only_with_the_same_name() -> None:
    tea, bread, tea_there = (
        goods("A", "1", IN_STORE),
        goods("B", "1", IN_STORE, name="Хлеб"),
        goods("C", "1", IN_STORE, name="чай "),
    )

    _, merged = merge_by_barcode([tea, bread, tea_there], MERGE)

    assert merged == {tea_there.key: tea.key}


def test_unknown_stock_makes_the_sum_unknown() -> None:
    kept, _ = merge_by_barcode([goods("A", "1", TEA, stock=None), goods("B", "1", TEA, stock=0)], MERGE)

    assert kept[0].quantity is None


def test_negative_stock_takes_nothing_from_another_store() -> None:
    kept, _ = merge_by_barcode([goods("A", "1", TEA, stock=-4), goods("B", "1", TEA, stock=3)], MERGE)

    assert kept[0].quantity == 3


def test_a_store_that_may_not_sell_lends_neither_stock_nor_price_but_keeps_the_card() -> None:
    closed = SourceProduct(
        ProductKey("B", "1"), "Чай", Decimal(90), Decimal(7), barcodes=(TEA,), allow_to_sell=False
    )
    open_one = goods("A", "1", TEA, price="110", stock=2)

    kept, merged = merge_by_barcode([closed, open_one], MERGE)

    assert merged == {open_one.key: closed.key}
    assert (kept[0].price, kept[0].quantity) == (Decimal(110), Decimal(2))
    assert kept[0].allow_to_sell


product_lists = st.lists(
    st.builds(
        goods,
        st.sampled_from("ABC"),
        st.sampled_from("1234"),
        st.sampled_from(["", TEA, IN_STORE, "V0032548"]),
        stock=st.one_of(st.none(), st.integers(-3, 9)),
    ),
    unique_by=lambda product: product.key,
)


@given(product_lists)
def test_every_product_is_kept_or_merged_into_a_kept_one_of_another_store(
    products: list[SourceProduct],
) -> None:
    kept, merged = merge_by_barcode(products, MERGE)
    left = {product.key for product in kept}

    assert left.isdisjoint(merged)
    assert left | merged.keys() == {product.key for product in products}
    assert set(merged.values()) <= left
    assert all(key.store_id != primary.store_id for key, primary in merged.items())


def test_a_price_of_nothing_is_lent_by_no_store_and_the_smallest_other_is() -> None:
    free, cheap = goods("B", "9", TEA, price="0", stock=1), goods("A", "1", TEA, price="0.50", stock=1)

    [card], _ = merge_by_barcode([free, cheap], MERGE)

    assert (card.key, card.price) == (free.key, Decimal("0.50"))


def test_goods_of_different_barcodes_in_two_stores_stay_two() -> None:
    tea, coffee = goods("A", "1", TEA), goods("B", "9", "4600000000024")

    assert merge_by_barcode([tea, coffee], MERGE) == ([tea, coffee], {})
