"""Feeds for one reader each: their addresses and files, the merchant's choices, and what would be refused."""

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from catalog.models import Product
from syncing.choices import ComputationKind
from syncing.feed import reader_editions
from syncing.feed.reader_addresses import reader_feed_url
from syncing.jobs import computations
from syncing.models import Feed, Listing, ReaderFeed
from tests.computing import compute_asked
from tests.unit.core.feed.test_reader_files import CLASSIC
from tests.web.feed.conftest import body
from tests.web.shop import Shop, a_merchant

CHOICES: dict[str, dict[str, str]] = {
    "yandex-market": {"link": "none", "vendor_from": "none"},
    "yandex-direct": {"url_pattern": "https://shop.example/{id}", "vendor_from": "none"},
    "vk-ads": {"url_pattern": "https://shop.example/{id}", "vendor_from": "group"},
    "soc-commerce": {"link": "vk", "vendor_from": "none"},
    "avito": {"ad_address": "Томск", "ad_category": "Продукты питания", "ad_is_new": "on"},
}


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def choose(owner: Client) -> Callable[..., Any]:
    """Return a function that fills in a reader's form as the merchant does and lets a worker build."""

    def choose(reader: str, **changes: str) -> Any:
        answer = owner.post(f"/feed/readers/{reader}/", CHOICES[reader] | changes)
        compute_asked()
        return answer

    return choose


def file_of(reader: str) -> ET.Element:
    answer = Client().get(reader_feed_url(ReaderFeed.objects.get(reader=reader)))
    assert answer.status_code == 200
    return ET.fromstring(body(answer))  # noqa: S314 - our own file


@pytest.mark.once
@pytest.mark.parametrize("reader", list(CHOICES))
def test_each_reader_has_a_page_and_a_file_at_an_address_of_its_own(
    shop: Shop, owner: Client, choose: Callable[..., Any], reader: str
) -> None:
    assert "There is no address yet" in owner.get(f"/feed/readers/{reader}/").content.decode()
    assert choose(reader).status_code == 302
    feed = ReaderFeed.objects.get()
    page = owner.get(f"/feed/readers/{reader}/")
    assert reader_feed_url(feed) in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    root = file_of(reader)
    names = {one.text for one in root.iter() if one.tag in ("name", "model", "Title")}
    assert {"Хлеб ржаной", "Молоко 1 л"} <= names
    assert "Пиво светлое" not in names
    if reader not in ("avito", "yandex-market"):
        assert CLASSIC.faults(root) == []


@pytest.mark.once
def test_the_common_feed_stays_as_it_is(
    shop: Shop, feed: Feed, read: Any, choose: Callable[..., Any]
) -> None:
    before = body(read())
    choose("vk-ads")
    assert body(read()) == before
    feed.refresh_from_db()
    assert feed.token not in reader_feed_url(ReaderFeed.objects.get())


@pytest.mark.once
def test_pages_are_by_the_merchants_pattern(shop: Shop, choose: Callable[..., Any]) -> None:
    Product.objects.filter(pk=shop.bread.pk).update(code="00 17")
    choose("yandex-direct", url_pattern="https://магазин.рф/товар/{code}")
    urls = [one.findtext("url") for one in file_of("yandex-direct").iter("offer")]
    assert urls == ["https://xn--80aairftm.xn--p1ai/%D1%82%D0%BE%D0%B2%D0%B0%D1%80/00%2017"]


def test_a_page_in_vk_is_that_of_the_item(shop: Shop, choose: Callable[..., Any]) -> None:
    choose("soc-commerce")
    urls = {one.findtext("name"): one.findtext("url") for one in file_of("soc-commerce").iter("offer")}
    assert urls == {"Хлеб ржаной": "https://vk.com/market-77?w=product-77_501", "Молоко 1 л": None}
    Listing.objects.update(state=Listing.State.HIDDEN)
    computations.ask(shop.user, ComputationKind.FEED)
    compute_asked()
    assert [one.findtext("url") for one in file_of("soc-commerce").iter("offer")] == [None, None]


@pytest.mark.once
def test_the_page_says_what_would_be_refused_and_why_with_links(
    shop: Shop, owner: Client, choose: Callable[..., Any]
) -> None:
    shop.product("root", "Чай без группы", article_number="T-1")
    choose("vk-ads", url_pattern="https://shop.example/{article}")
    page = owner.get("/feed/readers/vk-ads/refusals/").content.decode()
    text = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    assert "0 products are in the file" in text
    assert "2 No page: the till does not have what your address needs" in text
    assert "1 No maker" in text
    assert f'href="/catalogue/{shop.bread.pk}/"' in page
    assert f'href="/catalogue/{shop.beer.pk}/"' not in page


def test_a_doubtful_picture_is_told_and_stays_in_the_file(
    shop: Shop, owner: Client, choose: Callable[..., Any]
) -> None:
    shop.milk.photos.create(user=shop.user, content_hash="c" * 64, file="x.jpg")
    choose("yandex-market")
    page = owner.get("/feed/readers/yandex-market/refusals/").content.decode()
    assert "<strong>2</strong> products are in the file" in page
    assert page.count("A drawn picture instead of a photo") == 1
    assert f'href="/catalogue/{shop.bread.pk}/"' in page
    assert f'href="/catalogue/{shop.milk.pk}/"' not in page


@pytest.mark.once
@pytest.mark.parametrize(
    ("reader", "changes", "words"),
    [
        ("vk-ads", {"url_pattern": ""}, "This field is required"),
        ("vk-ads", {"url_pattern": "shop.example/{code}"}, "This is no address of a page"),
        ("vk-ads", {"url_pattern": "https://shop.example/"}, "Put {code}, {article} or {id}"),
        ("vk-ads", {"url_pattern": "https://shop.example/{sku}"}, "EvoSync does not know {sku}."),
        ("vk-ads", {"url_pattern": "https://shop.example/{code"}, "A brace stands alone: “{code”."),
        ("vk-ads", {"url_pattern": "https://vk.com/{id}"}, "This is a page in VK"),
        ("vk-ads", {"vendor_from": "none"}, "Select a valid choice"),
        ("vk-ads", {"vendor_from": "text", "vendor": " "}, "This field is required"),
        ("yandex-market", {"link": "vk"}, "Select a valid choice"),
        ("soc-commerce", {"link": "site"}, "This field is required"),
        ("avito", {"ad_address": ""}, "This field is required"),
        ("avito", {"ad_more": "Price: 5"}, "This line is no further element of an ad: Price: 5"),
    ],
)
def test_a_choice_that_makes_no_file_is_not_saved(
    choose: Callable[..., Any], reader: str, changes: dict[str, str], words: str
) -> None:
    answer = choose(reader, **changes)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert words in page
    assert "Nothing was saved" in page
    assert not ReaderFeed.objects.exists()


@pytest.mark.once
def test_choices_are_changed_and_the_file_with_them(choose: Callable[..., Any]) -> None:
    choose("vk-ads")
    token = ReaderFeed.objects.get().token
    choose("vk-ads", vendor_from="text", vendor="Своё")
    assert ReaderFeed.objects.get().token == token
    assert {one.findtext("vendor") for one in file_of("vk-ads").iter("offer")} == {"Своё"}


def test_a_picture_of_a_readers_file_opens_and_ends_with_its_address(
    shop: Shop, owner: Client, choose: Callable[..., Any]
) -> None:
    photo = shop.milk.photos.create(user=shop.user, content_hash="d" * 64, file="")
    photo.file.save("milk.jpg", ContentFile(b"the milk's own photo"))
    choose("yandex-market")
    old_url = reader_feed_url(ReaderFeed.objects.get())
    pictures = [str(one.text) for one in file_of("yandex-market").iter("picture")]
    assert b"the milk's own photo" in {Client().get(one).content for one in pictures}
    owner.post("/feed/readers/yandex-market/new/")
    compute_asked()
    assert {Client().get(one).status_code for one in (*pictures, old_url)} == {404}
    assert file_of("yandex-market").tag == "yml_catalog"


def test_switching_off_ends_the_address_its_pictures_and_its_file(
    owner: Client, choose: Callable[..., Any], tmp_path: Any, django_capture_on_commit_callbacks: Any
) -> None:
    choose("avito")
    url = reader_feed_url(ReaderFeed.objects.get())
    assert list(tmp_path.rglob("*.gz"))
    with django_capture_on_commit_callbacks(execute=True):
        owner.post("/feed/readers/avito/end/")
    assert Client().get(url).status_code == 404
    assert not ReaderFeed.objects.exists()
    assert not list(tmp_path.rglob("*.gz"))


@pytest.mark.once
@pytest.mark.parametrize(
    "wrong", ["/feed/x/vk-ads.xml", "/feed/{token}/avito.xml", "/feed/{token}/goods.yml"]
)
def test_a_wrong_address_is_not_found(choose: Callable[..., Any], wrong: str) -> None:
    choose("vk-ads")
    assert Client().get(wrong.format(token=ReaderFeed.objects.get().token)).status_code == 404


@pytest.mark.once
def test_an_unknown_reader_has_no_page(owner: Client) -> None:
    assert owner.get("/feed/readers/nobody/").status_code == 404
    assert owner.get("/feed/readers/common/").status_code == 404
    assert owner.get("/feed/readers/avito/refusals/").status_code == 404


def test_nobody_but_the_merchant_sees_or_changes_it(choose: Callable[..., Any]) -> None:
    choose("avito")
    stranger = Client()
    assert stranger.get("/feed/readers/avito/").status_code == 302
    stranger.force_login(a_merchant("me@example.com"))
    assert ReaderFeed.objects.get().token not in stranger.get("/feed/readers/avito/").content.decode()
    assert stranger.get("/feed/readers/avito/refusals/").status_code == 404
    assert stranger.post("/feed/readers/avito/new/").status_code in (302, 404)
    stranger.post("/feed/readers/avito/end/")
    assert stranger.post("/feed/readers/avito/accept/").status_code == 404
    assert ReaderFeed.objects.count() == 1


def test_an_unchanged_file_is_not_written_again_until_its_date_grows_old(
    shop: Shop, choose: Callable[..., Any]
) -> None:
    choose("yandex-market")
    choose("yandex-direct")
    before = dict(ReaderFeed.objects.values_list("reader", "file"))
    reader_editions.build_all(shop.user, now=timezone.now() + timedelta(days=4))
    assert dict(ReaderFeed.objects.values_list("reader", "file")) == before
    later = timezone.now() + timedelta(days=6)
    reader_editions.build_all(shop.user, now=later)
    after = dict(ReaderFeed.objects.values_list("reader", "file"))
    assert after["yandex-direct"] == before["yandex-direct"]
    assert after["yandex-market"] != before["yandex-market"]
    assert file_of("yandex-market").get("date", "").startswith(f"{timezone.localtime(later):%Y-%m-%d}")


@pytest.mark.once
def test_an_unchanged_file_is_told_by_its_tag(choose: Callable[..., Any]) -> None:
    choose("vk-ads")
    url = reader_feed_url(ReaderFeed.objects.get())
    first = Client().get(url)
    body(first)
    assert Client().get(url, headers={"if-none-match": first["ETag"]}).status_code == 304
    feed = ReaderFeed.objects.get()
    assert feed.read_at is not None


def test_a_file_that_lost_half_of_its_goods_is_held_until_the_merchant_accepts(
    shop: Shop, owner: Client, choose: Callable[..., Any]
) -> None:
    shop.fill(40)
    choose("yandex-direct")
    assert len(list(file_of("yandex-direct").iter("offer"))) == 42
    # A pattern by the article, which only few have.
    Product.objects.filter(pk=shop.milk.pk).update(article_number="M-1", content_hash="m")
    choose("yandex-direct", url_pattern="https://shop.example/{article}")
    assert Client().get(reader_feed_url(ReaderFeed.objects.get())).status_code == 503
    page = owner.get("/feed/readers/yandex-direct/refusals/").content.decode()
    assert "The feed is held back" in page
    assert "No page: the till does not have" in page
    owner.post("/feed/readers/yandex-direct/accept/")
    compute_asked()
    assert len(list(file_of("yandex-direct").iter("offer"))) == 1


def test_a_merchant_with_a_readers_feed_alone_gets_it_built_when_goods_change(
    shop: Shop, choose: Callable[..., Any]
) -> None:
    choose("yandex-direct")
    assert not Feed.objects.exists()
    Product.objects.filter(pk=shop.milk.pk).update(price=Decimal(77), content_hash="m")
    shop.store.changed_at = timezone.now()
    shop.store.save()
    assert computations.ask_for_changed_feeds(timezone.now()) == 1
    compute_asked()
    assert "77" in {one.findtext("price") for one in file_of("yandex-direct").iter("offer")}


@pytest.mark.once
def test_the_feeds_page_lists_the_readers(owner: Client, choose: Callable[..., Any]) -> None:
    choose("avito")
    page = owner.get("/feed/").content.decode()
    for reader in CHOICES:
        assert f'href="/feed/readers/{reader}/"' in page
