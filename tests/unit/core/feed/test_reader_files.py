"""Each reader's file, word for word, and by the classic document type."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from syncing.core.feed import yml
from syncing.core.feed.offers import FeedOffer
from syncing.core.feed.reader_files import ReaderFile, ReaderReport
from syncing.core.feed.readers import READERS, LinkKind, Reader, ReaderKey, ReaderSettings, VendorSource
from syncing.core.feed.yml import YmlCategory, YmlShop
from tests.unit.core.feed.dtd import DocumentType

HERE = Path(__file__).parent
CLASSIC = DocumentType.read(HERE / "classic.dtd")
MOMENT = datetime(2026, 11, 28, 3, 4, 5, 678, timezone(timedelta(hours=3)))
CATEGORIES = [YmlCategory(1, "Товары"), YmlCategory(2, "Чай & кофе", 1)]
WILD = 'Чай "Майский" & <b>сливки</b> \' \x0b\x01 ]]> 😀 ₽'
OFFERS = [
    FeedOffer(
        "ES0000000000000A",
        "Майский чай чёрный 100 г",
        13073,
        2,
        "https://es.example/feed/picture/1/k/v1.jpg",
        "Чай чёрный.\nСорт: высший",
        vendor_code="A-7",
        barcodes=("4601234567893", "12"),
        count=5,
        row_id=1,
        till_id="0f-1",
        code="17",
        article="A-7",
        groups=("Чай & кофе",),
        vk_item_id=501,
        old_price_kopecks=15000,
    ),
    FeedOffer(
        "ES0000000000000B",
        WILD,
        9900,
        1,
        "https://es.example/feed/picture/2/k/v2.jpg?a=1&b=2",
        f"{WILD}\nвторая строка",
        count=0,
        row_id=2,
        till_id="0f-2",
        code="18 <&>",
        has_photo=False,
    ),
    FeedOffer(
        "ES0000000000000C",
        "Чай в пакетиках особый цейлонский крупнолистовой с бергамотом в подарочной коробке 25 × 2 г",
        5000,
        1,
        "https://es.example/feed/picture/3/k/v3.jpg",
        "Чай",
        row_id=3,
        till_id="0f-3",
        code="19",
    ),
]
SITE = ReaderSettings(link=LinkKind.SITE, url_pattern="https://shop.example/p/{code}")
SETTINGS = {
    ReaderKey.YANDEX_MARKET: SITE,
    ReaderKey.YANDEX_DIRECT: SITE,
    ReaderKey.VK_ADS: ReaderSettings(
        link=LinkKind.SITE,
        url_pattern="https://shop.example/p/{code}",
        vendor_from=VendorSource.TEXT,
        vendor="Майский",
    ),
    ReaderKey.SOC_COMMERCE: ReaderSettings(link=LinkKind.VK),
    ReaderKey.AVITO: ReaderSettings(
        address="Томск, пр. Ленина, 1",
        category="Продукты питания",
        goods_type="Чай, кофе, какао",
        more={"AdType": "Товар приобретён на продажу"},
    ),
}


def written(key: ReaderKey, offers: list[FeedOffer] = OFFERS) -> str:
    reader: Reader = READERS[key]
    file = ReaderFile(reader, SETTINGS[key], group_id=77)
    shop = YmlShop(
        file.date(MOMENT), "Лавка «Чайная пауза» на Ленина", "Лавка «Чайная пауза»", "https://vk.com/club77"
    )
    return "".join(file.write(shop, CATEGORIES, file.accepted(offers, ReaderReport())))


@pytest.mark.parametrize("key", list(READERS))
def test_the_file_is_word_for_word_as_the_reader_wants_it(key: ReaderKey) -> None:
    assert written(key) == (HERE / "golden" / f"{key}.xml").read_text()


@pytest.mark.parametrize(
    ("price", "old", "everybody", "yandex"),
    [
        (10_000, 0, False, False),
        (10_000, 10_000, False, False),
        (10_000, 9_000, False, False),
        (10_000, 12_000, True, True),
        # Yandex shows 5 to 95 %, rounded, and a rouble at least.
        (10_000, 10_400, True, False),
        (9_550, 10_000, True, True),
        (500, 10_000, True, True),
        (400, 10_000, True, False),
        (1_010, 1_100, True, False),
    ],
)
def test_an_old_price_is_told_to_whom_shows_it(
    price: int, old: int, *, everybody: bool, yandex: bool
) -> None:
    offer = replace(OFFERS[0], price_kopecks=price, old_price_kopecks=old)
    told = {key: "<oldprice>" in written(key, [offer]) for key in READERS}
    assert told == {
        ReaderKey.YANDEX_MARKET: yandex,
        ReaderKey.YANDEX_DIRECT: yandex,
        ReaderKey.VK_ADS: everybody,
        ReaderKey.SOC_COMMERCE: everybody,
        ReaderKey.AVITO: False,
    }
    shop = YmlShop("2026-11-28 03:04", "Лавка", "Лавка", "https://vk.com/club77")
    assert ("<oldprice>" in "".join(yml.write(shop, CATEGORIES, [offer]))) == everybody


@pytest.mark.parametrize("key", [key for key in READERS if key is not ReaderKey.AVITO])
def test_the_file_keeps_the_classic_order(key: ReaderKey) -> None:
    root = ET.fromstring(written(key))  # noqa: S314 - our own file
    for offer in root.iter("offer"):
        # Yandex Market's own addition to the classic elements.
        for count in offer.findall("count"):
            offer.remove(count)
    assert CLASSIC.faults(root) == []
    ids = [one.get("id") for one in root.iter("offer")]
    assert len(ids) == len(set(ids)) == len(OFFERS)


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("<price>", "<vendor>x</vendor><price>", "<offer> holds url vendor price"),
        ("<company>", "<motto>x</motto><company>", "<motto> is not known"),
        (' available="true"', ' available="yes"', "<offer> has available=yes"),
        ("<currencyId>RUB</currencyId>", "", "<offer> holds url price oldprice categoryId"),
        (' date="2026-11-28 03:04"', "", "<yml_catalog> has no date"),
    ],
)
def test_the_check_itself_finds_faults(before: str, after: str, words: str) -> None:
    broken = written(ReaderKey.YANDEX_DIRECT).replace(before, after, 1)
    assert any(words in fault for fault in CLASSIC.faults(ET.fromstring(broken)))  # noqa: S314 - our own


def test_a_file_without_goods_is_one_too() -> None:
    root = ET.fromstring(written(ReaderKey.YANDEX_DIRECT, []))  # noqa: S314 - our own file
    assert CLASSIC.faults(root) == []
    assert ET.fromstring(written(ReaderKey.AVITO, [])).tag == "Ads"  # noqa: S314 - our own file


def test_what_avito_reads_is_what_was_written() -> None:
    ads = ET.fromstring(written(ReaderKey.AVITO))  # noqa: S314 - our own file
    assert (ads.get("formatVersion"), ads.get("target")) == ("3", "Avito.ru")
    tea, long = ads.findall("Ad")
    assert (tea.findtext("Price"), tea.findtext("AdType")) == ("131", "Товар приобретён на продажу")
    assert tea.findtext("Description") == "Чай чёрный.<br/>Сорт: высший"
    assert len(long.findtext("Title") or "") <= 50


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_avito_shows_every_kind_of_line_break(end: str) -> None:
    ad = ET.fromstring(written(ReaderKey.AVITO, [replace(OFFERS[0], description=f"а{end}{end}б")]))  # noqa: S314
    assert ad.findtext("Ad/Description") == "а<br/><br/>б"


def test_a_date_has_the_zone_where_it_is_asked_for() -> None:
    market = ReaderFile(READERS[ReaderKey.YANDEX_MARKET], SITE)
    direct = ReaderFile(READERS[ReaderKey.YANDEX_DIRECT], SITE)
    assert market.date(MOMENT) == "2026-11-28T03:04:05+03:00"
    assert direct.date(MOMENT) == "2026-11-28 03:04"
    assert market.date(datetime(2026, 1, 2, tzinfo=UTC)) == "2026-01-02T00:00:00+00:00"
