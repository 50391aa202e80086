"""Which marks tell that two products are the same goods."""

import pytest

from syncing.core.identity import are_alike, global_barcodes, is_global, name_stems, shop_codes
from tests.unit.core.shop import product


@pytest.mark.parametrize(
    ("barcode", "expected"),
    [
        ("4600000000017", True),
        ("46000017", True),
        ("04600000000017", True),
        ("123456789012", True),
        ("2000000000017", False),
        ("2900000000017", False),
        ("0200000000017", False),
        ("0400000000017", False),
        ("212345678901", False),
        ("412345678901", False),
        ("20000017", False),
        ("00000000", False),
        ("0000000000000", False),
        ("1111111111111", False),
        ("4600000", False),
        ("V0032548", False),
        ("४६००००००", False),
        ("", False),
    ],
)
def test_a_makers_barcode_is_told_from_a_shops_own(barcode: str, *, expected: bool) -> None:
    assert is_global(barcode) is expected


def test_the_same_barcode_written_longer_is_the_same_mark() -> None:
    assert global_barcodes(product(1, barcodes=("4600000000017", "2000000000017"))) == ("04600000000017",)
    assert global_barcodes(product(1, barcodes=("04600000000017",))) == ("04600000000017",)


@pytest.mark.parametrize("article", ["", "0", "1", "-", "00", "000", "0000000", "--", " ", "..", "11", "8"])
def test_an_article_that_fills_a_field_tells_nothing(article: str) -> None:
    assert shop_codes(product(1, article=article)) == ()


def test_a_shops_own_codes_are_its_articles_and_barcodes() -> None:
    one = product(1, article=" TEA-50 ", barcodes=("2000000000017", "4600000000017", "V0032548"))
    assert shop_codes(one) == ("tea-50", "2000000000017", "v0032548")


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Чай «Таёжный» 50 г", "ЧАЙ ТАЕЖНЫЙ 50Г", True),
        ("Шоколад Алёнка 100 г", "Шок. Аленка 100г", True),
        ("Кружка красная", "Красная кружка", True),
        ("Кружки синие", "Кружка синие", True),
        ("Чай чёрный", "Чай чёрный листовой", True),
        ("1000", "1000", True),
        ("Кружка красная", "Кружка синяя", False),
        ("Чай 50 г", "Чай 100 г", False),
        ("Чай 0,5 кг", "Чай 0.5 кг", True),
        ("Чай", "Чай 50 г", False),
        ("Чай", "Кофе", False),
        ("Перчатки левые", "Перчатки правые", False),
        ("Чай", "Чай с бергамотом и лимоном", False),
        ("", "", False),
        ("—", "—", False),
        ("1000", "2000", False),
        ("Чай", "", False),
        ("Чай", "—", False),
        # Too short to be a beginning of a word.
        ("Чай с лимоном", "Чай со льдом", False),
        ("Як шерсть", "Ян шерсть", False),
        ("Чашка 5 шт", "Чашки 5 шт", True),
        ("Чай чёрный байховый", "Чай чёрный байховый листовой крупный", True),
        # Of two the longer one may begin with any letter.
        ("Яблоко красное", "Большое яблоко красное", True),
        ("Большое красное", "Большое яблоко красное", True),
        ("Шок. молочный", "Шоколад молочный белый", True),
    ],
)
def test_names_are_alike_where_only_the_spelling_differs(one: str, other: str, *, alike: bool) -> None:
    assert are_alike(one, other) is alike
    assert are_alike(other, one) is alike


@pytest.mark.parametrize(
    ("name", "stems"), [("ЧАЙ Ёлка №5", {"stem чай", "stem елк"}), ("я и ты 100г", set()), ("", set())]
)
def test_a_name_is_looked_up_by_the_beginnings_of_its_words(name: str, stems: set[str]) -> None:
    assert name_stems(name) == stems
