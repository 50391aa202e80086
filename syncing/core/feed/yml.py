"""Writes YML, the product feed format that Yandex Market made common, piece by piece. Pure: no rows, no net.

Written from Yandex's description of the format as of 2026: `yml_catalog` with a date holds one `shop`;
its currencies and categories come before its offers; characters that XML 1.0 forbids are left out.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from xml.sax.saxutils import escape

from syncing.core.feed.offers import FeedOffer

# The rouble: both RUB and its older name RUR are known to importers.
CURRENCY = "RUB"
PLATFORM = "EvoSync"
TAIL = "</offers>\n</shop>\n</yml_catalog>\n"
_QUOTES = {'"': "&quot;", "'": "&apos;"}
_FORBIDDEN = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BARCODE_LENGTHS = frozenset({8, 12, 13, 14})


@dataclass(frozen=True, slots=True)
class YmlShop:
    """What a feed says of the shop. `date` is that of the data, "YYYY-MM-DD hh:mm" or RFC 3339."""

    date: str
    name: str
    company: str
    url: str


@dataclass(frozen=True, slots=True)
class YmlCategory:
    """A category; ids are whole numbers from 1."""

    id: int
    name: str
    parent_id: int | None = None


def write(shop: YmlShop, categories: Iterable[YmlCategory], offers: Iterable[FeedOffer]) -> Iterator[str]:
    """Yield the file in pieces; only the piece under way is in memory."""
    yield from head(shop, categories)
    for offer in offers:
        yield _offer(offer)
    yield TAIL


def head(shop: YmlShop, categories: Iterable[YmlCategory]) -> Iterator[str]:
    """Yield what stands before the offers."""
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<yml_catalog date="{text(shop.date)}">\n<shop>\n'
        f"<name>{text(shop.name)}</name>\n<company>{text(shop.company)}</company>\n"
        f"<url>{text(shop.url)}</url>\n<platform>{PLATFORM}</platform>\n"
        f'<currencies>\n<currency id="{CURRENCY}" rate="1"/>\n</currencies>\n<categories>\n'
    )
    for category in categories:
        yield _category(category)
    yield "</categories>\n<offers>\n"


def _category(category: YmlCategory) -> str:
    parent = f' parentId="{category.parent_id}"' if category.parent_id is not None else ""
    return f'<category id="{category.id}"{parent}>{text(category.name)}</category>\n'


def _offer(offer: FeedOffer) -> str:
    available = "false" if offer.count == 0 else "true"
    lines = [
        f'<offer id="{text(offer.id)}" available="{available}">',
        f"<name>{text(offer.name)}</name>",
        f"<price>{price(offer.price_kopecks)}</price>",
        *old_price(offer),
        f"<currencyId>{CURRENCY}</currencyId>",
        f"<categoryId>{offer.category_id}</categoryId>",
        *[f"<picture>{text(address)}</picture>" for address in offer.pictures],
        f"<description>{text(offer.description)}</description>",
    ]
    if offer.vendor_code:
        lines.append(f"<vendorCode>{text(offer.vendor_code)}</vendorCode>")
    lines += [f"<barcode>{barcode}</barcode>" for barcode in offer.barcodes if is_barcode(barcode)]
    if offer.count is not None:
        lines.append(f"<count>{offer.count}</count>")
    return "\n".join([*lines, "</offer>\n"])


def price(kopecks: int) -> str:
    """Return roubles with a point: "190", or "130.73" where there are kopecks."""
    roubles, rest = divmod(kopecks, 100)
    return f"{roubles}.{rest:02}" if rest else str(roubles)


def old_price(offer: FeedOffer) -> list[str]:
    """Return the element of the price that is crossed out, nothing for one that does not exceed the price."""
    if offer.old_price_kopecks <= offer.price_kopecks:
        return []
    return [f"<oldprice>{price(offer.old_price_kopecks)}</oldprice>"]


def is_barcode(code: str) -> bool:
    """Return True if this has the length of a GTIN."""
    return code.isascii() and code.isdecimal() and len(code) in _BARCODE_LENGTHS


def text(value: str) -> str:
    """Return the text fit for XML: five characters escaped, forbidden ones left out."""
    return escape(_FORBIDDEN.sub("", value), _QUOTES)
