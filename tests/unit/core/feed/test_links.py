"""The address of a product's page: what a pattern may be and what it gives."""

import pytest

from syncing.core.feed.links import InvalidLinkPattern, LinkFault, link_for, parse_pattern, site_of, vk_page
from syncing.core.feed.offers import FeedOffer

OFFER = FeedOffer(
    "ES1", "Чай", 100, 1, "https://x.example/1.jpg", "Чай", code="17", article="A/7 б", till_id="0f-1"
)


@pytest.mark.parametrize(
    ("pattern", "address"),
    [
        ("https://shop.example/p/{code}", "https://shop.example/p/17"),
        ("  http://shop.example/?id={id}#{code}  ", "http://shop.example/?id=0f-1#17"),
        ("https://shop.example/{article}/", "https://shop.example/A%2F7%20%D0%B1/"),
        ("https://shop.example:8443/{code}/{code}", "https://shop.example:8443/17/17"),
        (
            "https://магазин.рф/товар/{code}",
            "https://xn--80aairftm.xn--p1ai/%D1%82%D0%BE%D0%B2%D0%B0%D1%80/17",
        ),
        ("https://WWW.Shop.Example/{code}?a=b%20c&d='e'", "https://www.shop.example/17?a=b%20c&d='e'"),
        ("https://shop.tilda.ws/tproduct/{article}", "https://shop.tilda.ws/tproduct/A%2F7%20%D0%B1"),
    ],
)
def test_a_pattern_gives_addresses(pattern: str, address: str) -> None:
    assert link_for(parse_pattern(pattern), OFFER) == address


@pytest.mark.parametrize(
    ("pattern", "fault"),
    [
        ("", LinkFault.NOT_AN_ADDRESS),
        ("shop.example/{code}", LinkFault.NOT_AN_ADDRESS),
        ("ftp://shop.example/{code}", LinkFault.NOT_AN_ADDRESS),
        ("javascript:alert({code})", LinkFault.NOT_AN_ADDRESS),
        ("https:///{code}", LinkFault.NOT_AN_ADDRESS),
        ("https://localhost/{code}", LinkFault.NOT_AN_ADDRESS),
        ("https://127.0.0.1/{code}", LinkFault.NOT_AN_ADDRESS),
        ("https://[::1]/{code}", LinkFault.NOT_AN_ADDRESS),
        ("https://me:secret@shop.example/{code}", LinkFault.NOT_AN_ADDRESS),
        ("https://shop.example:99999/{code}", LinkFault.NOT_AN_ADDRESS),
        ("https://shop.example:0/{code}", LinkFault.NOT_AN_ADDRESS),
        ("https://shop.example/a b/{code}", LinkFault.NOT_AN_ADDRESS),
        ("https://shop.example\\@evil.example/{code}", LinkFault.NOT_AN_ADDRESS),
        (f"https://{'а' * 60}.рф/{{code}}", LinkFault.NOT_AN_ADDRESS),
        ("https://shop.example/catalog", LinkFault.NO_FIELD),
        ("https://shop.example/{sku}", LinkFault.UNKNOWN_FIELD),
        ("https://shop.example/{}", LinkFault.UNKNOWN_FIELD),
        ("https://shop.example/{code", LinkFault.LONE_BRACE),
        ("https://shop.example/{{code}}", LinkFault.LONE_BRACE),
        ("https://{code}.shop.example/", LinkFault.FIELD_IN_HOST),
        ("https://{code.shop.example/{code}", LinkFault.FIELD_IN_HOST),
        ("https://code}.shop.example/{code}", LinkFault.FIELD_IN_HOST),
        ("https://vk.com/market-1?w=product-1_{id}", LinkFault.VK_PAGE),
        ("https://m.vk.com/{code}", LinkFault.VK_PAGE),
        (f"https://shop.example/{'a' * 300}/{{code}}", LinkFault.TOO_LONG),
    ],
)
def test_what_cannot_give_addresses_is_refused(pattern: str, fault: LinkFault) -> None:
    with pytest.raises(InvalidLinkPattern) as caught:
        parse_pattern(pattern)
    assert caught.value.fault is fault


@pytest.mark.parametrize(
    ("field", "word"), [("{sku}", "sku"), ("{}", ""), ("{code", "{code"), ("{code}}", "}")]
)
def test_a_wrong_field_is_named(field: str, word: str) -> None:
    with pytest.raises(InvalidLinkPattern) as caught:
        parse_pattern(f"https://shop.example/{field}")
    assert caught.value.word == word


def test_a_product_without_the_field_has_no_page() -> None:
    bare = FeedOffer("ES1", "Чай", 100, 1, "", "Чай", code=" ", till_id="0f-1")
    assert link_for("https://shop.example/{code}", bare) == ""
    assert link_for("https://shop.example/{article}", bare) == ""
    assert link_for("https://shop.example/{id}/{code}", bare) == ""
    assert link_for("https://shop.example/{id}", bare) == "https://shop.example/0f-1"


def test_what_the_till_says_stays_one_part_of_the_address() -> None:
    sly = FeedOffer("ES1", "Чай", 100, 1, "", "Чай", code='../?x={id}&y="<a>', till_id="1")
    assert link_for("https://shop.example/{code}", sly) == (
        "https://shop.example/..%2F%3Fx%3D%7Bid%7D%26y%3D%22%3Ca%3E"
    )


def test_pages_of_the_shop_and_of_vk() -> None:
    assert site_of("https://shop.example:8443/p/{code}") == "https://shop.example:8443/"
    assert vk_page(77, 501) == "https://vk.com/market-77?w=product-77_501"
