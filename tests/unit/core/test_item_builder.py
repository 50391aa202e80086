"""The wanted item: stock, price, text, sku, album and picture by the merchant's rules."""

import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncing.core.choices import Albums
from syncing.core.descriptions import (
    describe,
    fill,
    format_price,
    plain_text,
    says_other_unit,
    unit_of,
    validate_template,
)
from syncing.core.errors import BadContext
from syncing.core.goods_rules.records import Decision as GoodsDecision
from syncing.core.goods_rules.records import FewLeft
from syncing.core.group_choices import album_for
from syncing.core.item_builder import build_item, sku_of, with_texts, with_title_parts
from syncing.core.records import DesiredItem, GroupKey, ProductKey, Rules, SourceGroup, SourceProduct
from syncing.core.shown_stock import UNKNOWN_BEFORE, Before, is_held_back, stock_of
from syncing.core.sku_stamp import find_stamp, stamp
from syncing.core.titles import vk_length
from tests.unit.core.shop import LIMITS, product

KEY = ProductKey("A", "1")
MARK = stamp(KEY)


def groups(path: tuple[str, ...]) -> list[SourceGroup]:
    return [SourceGroup(GroupKey("A", str(place)), name) for place, name in enumerate(path)]


def goods(name: str = "Чай чёрный", **fields: Any) -> SourceProduct:
    ordinary: dict[str, Any] = {"price": Decimal("199.9"), "quantity": Decimal(5), "measure": "шт"}
    return SourceProduct(KEY, name, **(ordinary | fields))


def item(product: SourceProduct, *, path: tuple[str, ...] = ("Напитки", "Чай"), **rules: Any) -> DesiredItem:
    chosen = Rules(**rules)
    album = album_for(product, groups(path), chosen, LIMITS)
    return build_item(
        product, group_path=path, rules=chosen, limits=LIMITS, stamp=MARK, album=album, category_id=7
    )


@pytest.mark.parametrize("name", ["https://shop.example/tea", "Чай www.shop.ru чёрный", "shop.ru"])
def test_a_link_in_a_name_does_not_get_into_the_description(name: str) -> None:
    found = item(goods(name)).description
    assert plain_text(found) == found
    assert "shop" not in found
    assert len(found) >= 10


def test_an_ordinary_product_becomes_an_ordinary_item() -> None:
    assert item(goods(article="TEA-50")) == DesiredItem(
        title="Чай чёрный",
        description="Чай чёрный\nЦена за 1 шт.",
        price_kopecks=19990,
        stock=5,
        category_id=7,
        sku=f"TEA-50 {MARK}",
        hidden=False,
        album="Чай",
        photo_key="placeholder",
        till_kopecks=19990,
    )


@pytest.mark.parametrize(
    ("quantity", "stock"),
    [
        (None, -1),
        ("0", 0),
        ("0.000", 0),
        ("-3", 0),
        ("-0.5", 0),
        ("0.999", 0),
        ("1.999", 1),
        ("12", 12),
        ("999999.9", 999_999),
        ("1000000", 999_999),
        ("1E+30", 999_999),
        ("NaN", -1),
    ],
)
def test_stock_is_what_vk_can_say(quantity: str | None, stock: int) -> None:
    assert stock_of(None if quantity is None else Decimal(quantity), LIMITS) == stock


def test_sold_out_goods_are_hidden_only_by_rule() -> None:
    sold_out = goods(quantity=Decimal(0))

    assert item(sold_out, out_of_stock="hide").hidden
    assert not item(sold_out, out_of_stock="keep").hidden
    assert not item(goods(quantity=None), out_of_stock="hide").hidden
    assert not item(goods(), out_of_stock="hide").hidden


@pytest.mark.parametrize(
    ("fields", "visible"),
    [
        ({"article": "TEA-50", "code": "16", "barcodes": ("46",)}, "TEA-50 "),
        ({"code": "16", "barcodes": ("46",)}, "16 "),
        ({"article": "  ", "barcodes": ("4600000000017", "46")}, "4600000000017 "),
        ({}, ""),
        ({"article": 'А"1" <b> & ₽🎁'}, "А1 b "),
        ({"article": "Я" * 80}, "Я" * 33 + " "),
    ],
)
def test_the_sku_shows_what_the_merchant_knows_the_goods_by(fields: dict[str, Any], visible: str) -> None:
    sku = sku_of(goods(**fields), MARK, LIMITS)

    assert sku.startswith(visible.rstrip())
    assert sku.endswith(MARK)
    assert find_stamp(sku) == MARK


@given(st.text(), st.text(), st.lists(st.text(), max_size=2))
def test_any_article_leaves_room_for_the_stamp(article: str, code: str, barcodes: list[str]) -> None:
    sku = sku_of(goods(article=article, code=code, barcodes=tuple(barcodes)), MARK, LIMITS)

    assert vk_length(sku) <= 50
    assert find_stamp(sku) == MARK


@pytest.mark.parametrize(
    ("measure", "unit"), [("кг", "кг"), ("дроб", "кг"), ("л", "л"), ("г", "г"), ("КГ", "кг"), ("м2", "м2")]
)
def test_goods_by_measure_say_their_unit(measure: str, unit: str) -> None:
    plain = item(goods(measure=measure, description="Собран в горах Краснодара"))

    assert plain.description == f"Собран в горах Краснодара\nЦена за 1 {unit}."
    assert f"Цена за 1 {unit}." in item(goods(measure=measure)).description
    assert (
        f"Цена за 1 {unit}."
        in item(goods(measure=measure), description_template="{name}, {price}").description
    )


def test_the_unit_is_not_said_twice() -> None:
    template = "{name}. Цена за 1 {unit}: {price}"

    assert item(goods(measure="дроб"), description_template=template).description == (
        "Чай чёрный. Цена за 1 кг: 199,90 руб."
    )


def test_a_rest_below_one_unit_is_said_because_vk_shows_none() -> None:
    rest = item(goods(measure="кг", quantity=Decimal("0.4")))

    assert rest.stock == 0
    assert rest.description.endswith("Осталось меньше 1 кг.")
    assert "Осталось" not in item(goods(measure="кг", quantity=Decimal(1))).description
    assert "Осталось" not in item(goods(measure="кг", quantity=Decimal("1.4"))).description
    assert "Осталось" not in item(goods(measure="шт", quantity=Decimal("0.4"))).description


def test_a_sale_changes_no_description() -> None:
    assert item(goods(quantity=Decimal(5))).description == item(goods(quantity=Decimal(4))).description


def test_every_placeholder_is_filled_and_the_unknown_stays() -> None:
    template = "{name}|{price}|{unit}|{group}|{article}|{description}|{ name }|{colour}|{}|{0}|{name!r}"
    product = goods(article="T-1", description="Вкусный")

    assert item(product, description_template=template).description == (
        "Чай чёрный|199,90 руб.|шт|Чай|T-1|Вкусный|Чай чёрный|{colour}|{}|{0}|{name!r}"
    )


@pytest.mark.parametrize(
    ("template", "problems"),
    [("", 0), ("{name} — {price}", 0), ("{colour}", 1), ("{name", 1), ("{}", 1),
     ("см. https://example.ru", 1), ("я" * 2001, 1), ("{colour} } vk.com/club1", 3),
     ("🔥🔥", 1), ("<b> </b>", 1), ("https://example.ru", 1), ("🔥 {name}", 0),
     ("<b>{description}</b>", 0), (" ", 0)],
)  # fmt: skip
def test_a_template_is_checked_before_it_is_saved(template: str, problems: int) -> None:
    found = validate_template(template)

    assert len(found) == problems
    assert all(fault.sentence.endswith(".") for fault in found)


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("{name} за {цена}", ["{цена}"]),
        ("{моя цена} {name} {name!r} {}", ["{моя цена}, {name!r}, {}"]),
        ("{a} {b} {a} {c} {d}", ["{a}, {b}, {c}"]),
        ("{" + "я" * 500 + "}", ["{" + "я" * 29 + "…}"]),
        ("{name} за {price", ["{price"]),
        ("{name} за price} руб.", ["price}"]),
        ("{name} }", ["}"]),
        ("{name} за {цена} и {price", ["{цена}", "{price"]),
        ("{{name}}", ["{"]),
        ("🔥", [""]),
    ],
)
def test_a_fault_of_a_template_names_the_word_that_is_wrong(template: str, words: list[str]) -> None:
    assert [fault.word for fault in validate_template(template)] == words
    assert [fault.word for fault in validate_template(template) if "%(word)s" in fault.sentence] == [
        word for word in words if word
    ]


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        ("<p>Чай</p><br/>вкусный &amp; крепкий", "Чай\n\nвкусный & крепкий"),
        ("&lt;b&gt;Чай&lt;/b&gt;", "Чай"),
        ("Пишите на shop@mail.ru или https://vk.com/club1?x=1 сейчас", "Пишите на или сейчас"),
        ("Наш сайт www.чай.рф/скидки, заходите", "Наш сайт заходите"),
        ("t.me/tea и чай.рф", "и"),
        ("Вес 0.5 кг, 2.5% жирности, г.Москва", "Вес 0.5 кг, 2.5% жирности, г.Москва"),
        ("2 < 3 и 5 > 4", "2 < 3 и 5 > 4"),
        ("Чай 100₽ 🎁\r\n\r\n\r\n\r\nсупер", "Чай 100 руб.\n\nсупер"),
        ("", ""),
    ],
)
def test_descriptions_lose_html_and_links_and_keep_their_words(raw: str, plain: str) -> None:
    assert [line for line in plain_text(raw).splitlines() if line] == [
        line for line in plain.splitlines() if line
    ]


@given(st.text(), st.text(), st.sampled_from(["", "кг", "дроб", "пара", "🎁"]), st.text())
def test_any_description_is_valid_for_vk(name: str, own: str, measure: str, template: str) -> None:
    product = goods(description=own, measure=measure)

    text = describe(
        product,
        title="Чай (товар)",
        price=100,
        group_path=(name,),
        rules=Rules(description_template=template),
    )

    assert 10 <= len(text) <= 3000
    assert "http://" not in text.lower()
    assert text == text.strip()


def test_a_description_of_any_length_fits() -> None:
    text = item(goods(measure="кг", description="слово " * 2000)).description

    assert len(text) <= 3000
    assert text.endswith("слово\nЦена за 1 кг.")


@pytest.mark.parametrize("piece", ["a.", "a-", "<!--", "<a", "1/", "в ", "&", "a.ru", "@", "((", "«"])
def test_a_hostile_text_is_read_in_one_pass(piece: str) -> None:
    hostile = piece * 50_000

    wanted_item = item(goods(f"Чай {hostile}", description=hostile))

    assert vk_length(wanted_item.title) <= 100
    assert len(wanted_item.description) <= 3000


@given(st.text(), st.dictionaries(st.text(), st.text()))
def test_filling_a_template_never_fails(template: str, values: dict[str, str]) -> None:
    assert isinstance(fill(template, values), str)
    assert isinstance(validate_template(template), list)


@pytest.mark.parametrize(("kopecks", "text"), [(19990, "199,90 руб."), (20000, "200 руб."), (5, "0,05 руб.")])
def test_a_price_is_written_as_on_a_tag(kopecks: int, text: str) -> None:
    assert format_price(kopecks) == text


@pytest.mark.parametrize(
    ("measure", "unit"), [("", "шт"), ("шт.", "шт"), (" КГ. ", "кг"), ("пара", "пара"), ("дроб", "кг")]
)
def test_units_are_named_as_shoppers_do(measure: str, unit: str) -> None:
    assert unit_of(measure) == unit


@pytest.mark.parametrize(
    ("path", "albums", "album"),
    [
        (("Напитки", "ЧАЙ ЧЁРНЫЙ"), "group", "Чай чёрный"),
        (("Напитки", "ЧАЙ ЧЁРНЫЙ"), "top_group", "Напитки"),
        (("Напитки", "Чай"), "none", ""),
        ((), "group", ""),
        ((), "top_group", ""),
        (("🎁",), "group", ""),
        (("Сыр",), "group", "Сыр"),
    ],
)
def test_albums_follow_the_groups_as_the_merchant_chose(
    path: tuple[str, ...], albums: str, album: str
) -> None:
    assert album_for(goods(), groups(path), Rules(albums=Albums(albums)), LIMITS) == album


@given(st.text(max_size=300))
def test_any_group_name_makes_an_album_title_that_fits(name: str) -> None:
    assert vk_length(album_for(goods(), groups((name,)), Rules(), LIMITS)) <= 128


def test_the_merchants_picture_goes_before_the_placeholder() -> None:
    assert item(goods(photo_keys=("abc", "def"))).photo_key == "abc"


@pytest.mark.parametrize("product", [goods(price=None), goods("🎁")])
def test_what_eligibility_refuses_is_no_item(product: SourceProduct) -> None:
    with pytest.raises(BadContext):
        item(product)


@given(st.text(), st.text(), st.decimals("0.01", "9999999.99", places=2))
def test_the_same_product_gives_the_same_item(name: str, own: str, price: Decimal) -> None:
    product = goods(f"Чай {name}", description=own, price=price)

    assert item(product) == item(replace(product))
    assert re.search(r"\S", item(product).title)


def test_paragraphs_of_a_description_stand_one_empty_line_apart() -> None:
    assert plain_text("Чай<br><br><br><br>крепкий\nкофе") == "Чай\n\nкрепкий\nкофе"


def test_a_sku_fills_what_vk_takes_and_holds_nothing_that_cannot_be_seen() -> None:
    assert len(sku_of(goods(article="Ж" * 60), MARK, LIMITS)) == LIMITS.sku_length
    assert sku_of(goods(article="AB\x7f-1\xad7"), MARK, LIMITS) == f"AB-17 {MARK}"


def test_texts_of_rules_leave_the_description_all_the_room_that_is_left() -> None:
    decision = GoodsDecision(add_text="Самовывоз", few_left=FewLeft(3, "Спешите!"))
    found = with_texts("б" * 9_000, decision, UNKNOWN_BEFORE, left=3, limits=LIMITS)
    assert len(found) == LIMITS.description_length
    assert (found[:11], found[-12:]) == ("Спешите!\n\nб", "б\n\nСамовывоз")


@pytest.mark.parametrize(("left", "begins"), [(1, True), (0, False)])
def test_the_last_piece_is_few_and_of_none_nothing_is_said(left: int, *, begins: bool) -> None:
    decision = GoodsDecision(few_left=FewLeft(3, "Спешите!"))
    found = with_texts("Чашка", decision, UNKNOWN_BEFORE, left=left, limits=LIMITS)
    assert found.startswith("Спешите!") is begins


def test_words_of_rules_leave_the_title_all_the_room_that_is_left() -> None:
    decision = GoodsDecision(title_prefix="Акция", title_suffix="новое")
    title = with_title_parts("б" * 200, decision, LIMITS)
    assert (vk_length(title), title[:7], title[-7:]) == (LIMITS.title_weight, "Акция б", "б новое")


@pytest.mark.parametrize(
    ("stock", "is_hidden", "rests", "is_held"),
    [
        (3, False, False, True),
        (4, False, True, False),
        (4, True, False, True),
        (5, True, False, False),
        (5, True, True, True),
        (12, True, True, False),
        (-1, True, True, False),
    ],
)
def test_goods_that_a_rule_hides_stay_hidden_for_a_rest_unless_many_came(
    stock: int, *, is_hidden: bool, rests: bool, is_held: bool
) -> None:
    before = Before(is_hidden=is_hidden, rests=rests)
    assert is_held_back(stock, GoodsDecision(hide_at=3), before) is is_held


@pytest.mark.parametrize(
    ("before", "after", "is_other"),
    [
        ({"measure": "шт"}, {"measure": "кг"}, True),
        ({"measure": "упак"}, {"measure": "шт"}, True),
        ({"measure": "кг", "description": "Сладкий и спелый"}, {"description": "Сладкий и спелый"}, True),
        ({"description": "Сладкий и спелый"}, {"measure": "кг", "description": "Сладкий и спелый"}, True),
        ({"measure": "упак", "description": "Сладкий и спелый"}, {"description": "Сладкий и спелый"}, False),
        ({"measure": "кг"}, {"measure": "КГ.", "description": "Сладкий и спелый"}, False),
        ({"measure": "кг", "quantity": Decimal(5)}, {"measure": "кг", "quantity": Decimal("0.4")}, False),
    ],
)
def test_a_description_tells_when_its_price_counts_for_another_unit(
    before: dict[str, Any], after: dict[str, Any], *, is_other: bool
) -> None:
    old, new = (
        describe(product(1, **fields), title="Арбуз", price=100, group_path=(), rules=Rules())
        for fields in (before, after)
    )
    assert says_other_unit(old, new) is is_other
