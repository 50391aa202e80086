"""Which product a photo's file name means, and that a name which fits two means neither."""

import pytest

from syncing.core.choices import PhotoMark, PhotoMiss
from syncing.core.photo_names import MarkedGoods, PhotoIndex, PhotoMatch
from tests.unit.core.steps import SLACK, count_steps

TEA, BREAD, MILK, CUP, SOAP, TWO, TWICE, SIZES = range(1, 9)
GOODS = (
    MarkedGoods(TEA, "Чай зелёный листовой", "ЧАЙ-7", "1015", ("4600123456789",)),
    MarkedGoods(BREAD, "Хлеб ржаной", "AB/12-3", "12", ("0460700000001", "46070001")),
    MarkedGoods(MILK, "Молоко 2 л", "", "70015", ("4601111111111",)),
    MarkedGoods(CUP, "Кружка йогурт", "4601111111111"),
    MarkedGoods(SOAP, "Мыло", "M-100", "", ("4602222222222",)),
    MarkedGoods(TWO, "Мыло детское", "M-100-2", "", ("4602222222222",)),
    MarkedGoods(TWICE, "Чай зелёный", "", "", ("4603333333333",)),
    MarkedGoods(SIZES, "Носки", "", "4604444444444", ("4604444444444",)),
)
INDEX = PhotoIndex(GOODS)


@pytest.mark.parametrize(
    ("path", "product", "mark", "number"),
    [
        ("4600123456789.jpg", TEA, PhotoMark.BARCODE, 0),
        ("4600123456789-2.JPG", TEA, PhotoMark.BARCODE, 2),
        ("4600123456789_03.HEIC", TEA, PhotoMark.BARCODE, 3),
        ("4600123456789 (4).avif", TEA, PhotoMark.BARCODE, 4),
        ("IMG_4600123456789_front.jpg", TEA, PhotoMark.BARCODE, 0),
        ("IMG4600123456789-2.jpg", TEA, PhotoMark.BARCODE, 2),
        ("460700000001.png", BREAD, PhotoMark.BARCODE, 0),
        # As it is printed under its bars.
        ("4 600123 456789.jpg", TEA, PhotoMark.BARCODE, 0),
        ("фото 4-600123-456789 (2).jpg", TEA, PhotoMark.BARCODE, 2),
        ("4607 0001.jpg", BREAD, PhotoMark.BARCODE, 0),
        ("4 600123 456789/3.jpg", TEA, PhotoMark.BARCODE, 3),
        ("чай-7.jpg", TEA, PhotoMark.ARTICLE, 0),
        ("ЧАЙ 7 (2).jpg", TEA, PhotoMark.ARTICLE, 2),
        ("ab_12-3.jpg", BREAD, PhotoMark.ARTICLE, 0),
        ("сайт AB-12-3 вид сбоку.jpg", BREAD, PhotoMark.ARTICLE, 0),
        ("12.jpg", BREAD, PhotoMark.CODE, 0),
        ("12-2.jpg", BREAD, PhotoMark.CODE, 2),
        ("фото 70015.jpg", MILK, PhotoMark.CODE, 0),
        ("4604444444444.jpg", SIZES, PhotoMark.BARCODE, 0),
        ("Молочка/4600123456789/2.jpg", TEA, PhotoMark.BARCODE, 2),
        ("4600123456789/12.jpg", TEA, PhotoMark.BARCODE, 12),
        ("чай-7/спереди.jpg", TEA, PhotoMark.ARTICLE, 0),
        ("4600123456789/460700000001.jpg", BREAD, PhotoMark.BARCODE, 0),
        ("Хлеб ржаной.jpg", BREAD, PhotoMark.NAME, 0),
        ("ХЛЕБ-РЖАНОЙ 2.webp", BREAD, PhotoMark.NAME, 2),
        ("ржаной.jpg", BREAD, PhotoMark.NAME, 0),
        ("Чай зеленый.jpg", TWICE, PhotoMark.NAME, 0),
        ("чай листовой-3.jpg", TEA, PhotoMark.NAME, 3),
        ("Кружка йогурт.jpg", CUP, PhotoMark.NAME, 0),
        ("Хлеб ржаной/1.jpg", BREAD, PhotoMark.NAME, 1),
        ("фото хлеб.jpg", BREAD, PhotoMark.NAME, 0),
        # Either words fit one product, so the number is a part of its name.
        ("молоко 2.jpg", MILK, PhotoMark.NAME, 0),
    ],
)
def test_a_name_means_one_product(path: str, product: int, mark: PhotoMark, number: int) -> None:
    assert INDEX.find(path) == PhotoMatch((product,), mark, number)


@pytest.mark.parametrize(
    ("path", "goods"),
    [
        # One barcode of two goods.
        ("4602222222222.jpg", {SOAP, TWO}),
        ("4 602222 222222.jpg", {SOAP, TWO}),
        # The barcode of one is the article of another.
        ("4601111111111.jpg", {MILK, CUP}),
        ("4600123456789 46070001.jpg", {TEA, BREAD}),
        ("4600123456789-AB12-3.jpg", {TEA}),
        # An article of its own, or the second photo of another one.
        ("m-100-2.jpg", {SOAP, TWO}),
        ("мыло-4602222222222-3.jpg", {SOAP, TWO}),
        ("чай.jpg", {TEA, TWICE}),
    ],
)
def test_a_name_that_fits_several_means_none(path: str, goods: set[int]) -> None:
    found = INDEX.find(path)
    assert set(found.goods) == goods
    assert found.miss == (PhotoMiss.SEVERAL if len(goods) > 1 else None)


@pytest.mark.parametrize(
    "path",
    [
        "IMG_0012.jpg",
        "DSC_70015.jpg",
        "20240511_123456.jpg",
        "photo_2024-05-11_10-20-30.jpg",
        "9999999999999.jpg",
        "2.jpg",
        # Only a barcode is printed with spaces; of a code they make other numbers.
        "70 015.jpg",
        "а.jpg",
        "кефир.jpg",
        "хлеб пшеничный.jpg",
        ".jpg",
        "",
        "///",
        "фото.jpg",
    ],
)
def test_a_name_without_a_mark_means_none(path: str) -> None:
    found = INDEX.find(path)
    assert (found.product, found.miss) == (None, PhotoMiss.NOTHING)


def test_goods_without_a_name_and_marks_take_no_photo() -> None:
    index = PhotoIndex([MarkedGoods(1, "", "", "", ("", "-")), MarkedGoods(2, "—")])
    assert index.find("фото 2.jpg").miss is PhotoMiss.NOTHING


@pytest.mark.parametrize("piece", ["7", "4600123456789-", "чай ", "(", "а/", "."])
def test_a_name_of_any_length_is_read_at_once(piece: str) -> None:
    count_steps(INDEX.find, piece)
    long, longest = (count_steps(INDEX.find, piece * times) for times in (1_000, 100_000))
    assert longest <= 2 * long + SLACK


def test_goods_are_known_by_the_words_of_their_names_and_a_mark_that_two_bear_is_none() -> None:
    index = PhotoIndex(GOODS)
    assert index.find("ржаной.jpg").product == BREAD
    assert index.find("460700000001.png").product == BREAD
    # A date, a short code within other words, and the counter of a camera.
    for name in ("IMG20261128.jpg", "полка 12 сверху.jpg", "DSC00012.jpg"):
        assert index.find(name).goods == ()
    assert index.find("4602222222222.jpg") == PhotoMatch((SOAP, TWO), None, 0)


def test_a_short_number_is_another_with_zeros_before_it() -> None:
    index = PhotoIndex([MarkedGoods(TEA, "Чай", code="007"), MarkedGoods(BREAD, "Хлеб", code="7")])
    assert (index.find("007.jpg").product, index.find("7.jpg").product) == (TEA, BREAD)
