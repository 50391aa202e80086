"""Writes the XML that Avito's Autoload reads, piece by piece. Pure: no rows, no net.

Written from Avito's description of format version 3 as of 2026: `Ads` holds one `Ad` a product, a price
is whole roubles, a description may hold line breaks, and the category and what it asks for are Avito's own
words, which the merchant gives.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from syncing.core.feed.offers import FeedOffer
from syncing.core.feed.readers import ReaderSettings
from syncing.core.feed.yml import text

NEW, USED = "Новое", "Б/у"
# Elements that we write ourselves, so that nobody gives them a second time.
OWN: Final = frozenset(
    {
        "Id",
        "Address",
        "Category",
        "GoodsType",
        "Condition",
        "Title",
        "Description",
        "Price",
        "Images",
        "Image",
    }
)
LINES_MAX: Final = 20
VALUE_MAX: Final = 200
_NAME = re.compile(r"[A-Z][A-Za-z0-9]{0,49}")


class InvalidLine(ValueError):
    """A line of further elements that is none. `line` is its text."""

    def __init__(self, line: str) -> None:
        super().__init__(line)
        self.line = line


def parse_more(lines: str) -> dict[str, str]:
    """Return further elements from lines such as `AdType: Товар от производителя`. Raises InvalidLine."""
    found: dict[str, str] = {}
    for line in filter(None, map(str.strip, lines.splitlines())):
        name, colon, value = (part.strip() for part in line.partition(":"))
        is_fit = colon and value and len(value) <= VALUE_MAX and _NAME.fullmatch(name)
        if not is_fit or name in OWN or name in found or len(found) == LINES_MAX:
            raise InvalidLine(line)
        found[name] = value
    return found


def write(offers: Iterable[FeedOffer], settings: ReaderSettings) -> Iterator[str]:
    """Yield the file in pieces. Every offer is one that Avito takes."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<Ads formatVersion="3" target="Avito.ru">\n'
    for offer in offers:
        yield _ad(offer, settings)
    yield "</Ads>\n"


def _ad(offer: FeedOffer, settings: ReaderSettings) -> str:
    elements = {
        "Id": offer.id,
        "Address": settings.address,
        "Category": settings.category,
        "GoodsType": settings.goods_type,
        **settings.more,
        "Condition": NEW if settings.is_new else USED,
        "Title": offer.name,
    }
    return "\n".join(
        [
            "<Ad>",
            *[f"<{name}>{text(value.strip())}</{name}>" for name, value in elements.items() if value.strip()],
            f"<Description>{_cdata(offer.description)}</Description>",
            f"<Price>{whole_roubles(offer.price_kopecks)}</Price>",
            "<Images>",
            *[f'<Image url="{text(address)}"/>' for address in offer.pictures],
            "</Images>",
            "</Ad>\n",
        ]
    )


def whole_roubles(kopecks: int) -> int:
    """Return a price in whole roubles, a half up, one at least."""
    return max(1, (kopecks + 50) // 100)


def _cdata(description: str) -> str:
    """Return a text in which Avito shows line breaks: a tag each, all else as it is read."""
    lines = text(description).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    # `text` has turned every `>` into `&gt;`, so nothing inside can end the section.
    return f"<![CDATA[{'<br/>'.join(lines)}]]>"
