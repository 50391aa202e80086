"""What each reader takes, and what it would refuse and why."""

from dataclasses import replace

import pytest

from syncing.core.feed import yml
from syncing.core.feed.avito import InvalidLine, parse_more, whole_roubles
from syncing.core.feed.offers import FeedOffer
from syncing.core.feed.reader_files import NAMED_MAX, ReaderFile, ReaderReport, model_of
from syncing.core.feed.readers import (
    READERS,
    URL_MAX,
    LinkKind,
    Problem,
    ReaderKey,
    ReaderSettings,
    VendorSource,
    is_refused,
    problems_of,
    url_of,
    vendor_of,
)
from syncing.core.feed.yml import YmlShop

SITE = ReaderSettings(link=LinkKind.SITE, url_pattern="https://shop.example/{code}")
TEA = FeedOffer(
    "ES1",
    "Чай",
    100,
    1,
    "https://x.example/1.jpg",
    "Чай чёрный",
    code="17",
    groups=("Еда", "Майский"),
    count=3,
    vk_item_id=501,
)
AVITO = ReaderSettings(address="Томск, пр. Ленина, 1", category="Продукты питания", goods_type="Чай")


def problems(
    key: ReaderKey, settings: ReaderSettings, offer: FeedOffer = TEA, group_id: int | None = 77
) -> list[Problem]:
    return list(problems_of(offer, READERS[key], settings, group_id))


@pytest.mark.parametrize("key", [ReaderKey.YANDEX_DIRECT, ReaderKey.VK_ADS])
def test_advertisers_want_a_page_on_the_shops_own_site(key: ReaderKey) -> None:
    with_vendor = {"vendor_from": VendorSource.TEXT, "vendor": "Майский"}
    assert problems(key, replace(SITE, **with_vendor)) == []  # type: ignore[arg-type]
    assert problems(key, ReaderSettings(**with_vendor)) == [Problem.NO_LINK]  # type: ignore[arg-type]
    unfinished = ReaderSettings(link=LinkKind.SITE, **with_vendor)  # type: ignore[arg-type]
    assert problems(key, unfinished) == [Problem.NO_LINK]
    bare = replace(TEA, code="")
    assert problems(key, replace(SITE, **with_vendor), bare) == [Problem.NO_LINK_FIELD]  # type: ignore[arg-type]
    assert LinkKind.VK not in READERS[key].links


def test_vk_ads_wants_the_maker() -> None:
    assert problems(ReaderKey.VK_ADS, SITE) == [Problem.NO_VENDOR]
    by_group = replace(SITE, vendor_from=VendorSource.GROUP)
    assert problems(ReaderKey.VK_ADS, by_group) == []
    assert problems(ReaderKey.VK_ADS, by_group, replace(TEA, groups=())) == [Problem.NO_VENDOR]


def test_soc_commerce_takes_any_product_and_vks_page() -> None:
    in_vk = ReaderSettings(link=LinkKind.VK)
    for settings in (ReaderSettings(), SITE, in_vk):
        assert problems(ReaderKey.SOC_COMMERCE, settings, replace(TEA, vk_item_id=None, code="")) == []
    assert url_of(TEA, in_vk, 77) == "https://vk.com/market-77?w=product-77_501"
    assert url_of(TEA, in_vk, None) == ""
    assert url_of(replace(TEA, vk_item_id=None), in_vk, 77) == ""


def test_a_page_that_is_too_long_is_refused_by_everybody() -> None:
    long = replace(TEA, code="я" * 100)
    for key in (ReaderKey.YANDEX_MARKET, ReaderKey.SOC_COMMERCE, ReaderKey.YANDEX_DIRECT):
        assert problems(key, SITE, long) == [Problem.LONG_LINK]
    room = URL_MAX - len(url_of(replace(TEA, code="1"), SITE, None)) + 1
    for length, found in ((room, []), (room + 1, [Problem.LONG_LINK])):
        assert problems(ReaderKey.SOC_COMMERCE, SITE, replace(TEA, code="1" * length)) == found


@pytest.mark.parametrize("key", [ReaderKey.YANDEX_MARKET, ReaderKey.AVITO])
def test_a_drawn_picture_is_doubted_and_stays(key: ReaderKey) -> None:
    drawn = replace(TEA, has_photo=False)
    settings = AVITO if key is ReaderKey.AVITO else ReaderSettings()
    found = problems_of(drawn, READERS[key], settings, None)
    assert found == (Problem.DRAWN_PICTURE,)
    assert not is_refused(found)


def test_avito_wants_an_address_a_category_and_what_is_there() -> None:
    assert problems(ReaderKey.AVITO, AVITO) == []
    assert problems(ReaderKey.AVITO, ReaderSettings()) == [Problem.NO_ADDRESS, Problem.NO_CATEGORY]
    assert problems(ReaderKey.AVITO, AVITO, replace(TEA, count=0)) == [Problem.SOLD_OUT]
    assert problems(ReaderKey.AVITO, AVITO, replace(TEA, count=None)) == []


def test_the_maker_is_one_word_or_the_nearest_group() -> None:
    assert vendor_of(TEA, ReaderSettings()) == ""
    assert vendor_of(TEA, ReaderSettings(vendor_from=VendorSource.TEXT, vendor=" Своё ")) == "Своё"
    assert vendor_of(TEA, ReaderSettings(vendor_from=VendorSource.GROUP)) == "Майский"


@pytest.mark.parametrize(
    ("name", "model"),
    [
        ("Майский чай", "чай"),
        ("МАЙСКИЙ — чай", "чай"),
        ("Чай Майский", "Чай Майский"),
        ("Майский", "Майский"),
        ("Майскийчай", "Майскийчай"),
    ],
)
def test_a_model_is_told_without_the_maker_in_front(name: str, model: str) -> None:
    assert model_of(name, "Майский") == model


def test_a_report_counts_all_and_names_some() -> None:
    file = ReaderFile(READERS[ReaderKey.YANDEX_DIRECT], SITE)
    report = ReaderReport()
    bare = [replace(TEA, code="", row_id=number) for number in range(1, 31)]
    assert [one.row_id for one in file.accepted([*bare, replace(TEA, row_id=99)], report)] == [99]
    assert (report.offers, report.problems) == (1, {Problem.NO_LINK_FIELD: 30})
    assert report.named == {Problem.NO_LINK_FIELD: list(range(1, NAMED_MAX + 1))}


def test_a_doubt_is_counted_for_what_is_in_the_file_alone() -> None:
    report = ReaderReport()
    goods = [replace(TEA, has_photo=False), replace(TEA, has_photo=False, count=0)]
    assert len(list(ReaderFile(READERS[ReaderKey.AVITO], AVITO).accepted(goods, report))) == 1
    assert report.problems == {Problem.DRAWN_PICTURE: 1, Problem.SOLD_OUT: 1}


def test_further_elements_of_an_ad_are_lines() -> None:
    assert parse_more("AdType: Товар от производителя\n\n ProductType : Чай: чёрный ") == {
        "AdType": "Товар от производителя",
        "ProductType": "Чай: чёрный",
    }
    assert parse_more(f"AdType: {'x' * 200}") == {"AdType": "x" * 200}


@pytest.mark.parametrize(
    "line",
    ["AdType", "AdType:", "ad type: x", "Тип: x", "Price: 5", "Id: 1", "A<b>: x", f"AdType: {'x' * 201}"],
)
def test_a_line_that_is_no_element_is_refused(line: str) -> None:
    with pytest.raises(InvalidLine) as caught:
        parse_more(f"GoodsSubType: Чай\n{line}")
    assert caught.value.line == line
    with pytest.raises(InvalidLine):
        parse_more("AdType: a\nAdType: b")
    with pytest.raises(InvalidLine):
        parse_more("\n".join(f"A{number}: x" for number in range(21)))


@pytest.mark.parametrize(("kopecks", "roubles"), [(100, 1), (149, 1), (150, 2), (1, 1), (13073, 131)])
def test_avitos_prices_are_whole_roubles(kopecks: int, roubles: int) -> None:
    assert whole_roubles(kopecks) == roubles


@pytest.mark.parametrize(("count", "available"), [(0, "false"), (1, "true"), (None, "true")])
def test_goods_of_which_none_is_left_are_told_as_not_available(count: int | None, available: str) -> None:
    shop = YmlShop("2026-11-28 03:04", "Лавка", "Лавка", "https://shop.example")
    *_, offer, tail = yml.write(
        shop, [], [replace(TEA, count=count, code="", barcodes=("46", "4600000000017"))]
    )
    counted = f"<count>{count}</count>\n" if count is not None else ""

    assert offer == (
        f'<offer id="ES1" available="{available}">\n<name>Чай</name>\n<price>1</price>\n'
        "<currencyId>RUB</currencyId>\n<categoryId>1</categoryId>\n"
        "<picture>https://x.example/1.jpg</picture>\n<description>Чай чёрный</description>\n"
        f"<barcode>4600000000017</barcode>\n{counted}</offer>\n"
    )
    assert tail == yml.TAIL
