"""Who reads a feed, what each takes, and what each would refuse and why. Pure: no rows, no net.

What is known of the readers stands in their descriptions of 2026: Yandex Market and Yandex Direct (their help
on YML), VK Реклама (its help on catalogues), Soc-Commerce (its help on imports), Avito (its help on
Autoload). Where they say nothing, nothing is refused here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from syncing.core.feed.links import link_for, vk_page
from syncing.core.feed.offers import FeedOffer

URL_MAX: Final = 512
ROUBLE: Final = 100


class ReaderKey(StrEnum):
    """A reader's name in addresses and rows. COMMON is the file that is for everybody."""

    COMMON = "common"
    YANDEX_MARKET = "yandex-market"
    YANDEX_DIRECT = "yandex-direct"
    VK_ADS = "vk-ads"
    SOC_COMMERCE = "soc-commerce"
    AVITO = "avito"


class LinkKind(StrEnum):
    """Where a product's page is."""

    NONE = "none"
    SITE = "site"
    VK = "vk"


class VendorSource(StrEnum):
    """Where the maker's name comes from: the till has no field for it."""

    NONE = "none"
    TEXT = "text"
    GROUP = "group"


class Problem(StrEnum):
    """Why a reader would refuse a product."""

    NO_LINK = "no_link"
    NO_LINK_FIELD = "no_link_field"
    NOT_IN_VK = "not_in_vk"
    LONG_LINK = "long_link"
    NO_VENDOR = "no_vendor"
    NO_ADDRESS = "no_address"
    NO_CATEGORY = "no_category"
    SOLD_OUT = "sold_out"
    DRAWN_PICTURE = "drawn_picture"


# The reader's people look at these themselves: the product stays in the file.
DOUBTS: Final = frozenset({Problem.DRAWN_PICTURE})


@dataclass(frozen=True, slots=True)
class Reader:
    """What one reader takes.

    `links` are the pages that it takes, the first being what most merchants want. `oldest` is how old the
    date inside may be. With `zone` that date has seconds and a zone. `model` says that the name is told as
    vendor and model. `count` says that stock is told, `photos_only` that a drawn picture is doubted.
    `discounts` are the smallest and the largest in percent that it shows; with another one it is told no old
    price, and a discount of less than a rouble is none to it. None for a reader that names no bounds.
    """

    key: ReaderKey
    extension: str = "xml"
    links: tuple[LinkKind, ...] = (LinkKind.NONE,)
    needs_vendor: bool = False
    takes_vendor: bool = True
    name_max: int = 150
    description_max: int = 3000
    shop_name_max: int = 255
    zone: bool = False
    oldest: timedelta | None = None
    model: bool = False
    count: bool = False
    photos_only: bool = False
    discounts: tuple[int, int] | None = None

    @property
    def first_link(self) -> LinkKind:
        """Where most merchants' pages are for this reader."""
        return self.links[0] if self.links else LinkKind.NONE

    @property
    def needs_link(self) -> bool:
        """Whether a product without a page of its own is refused."""
        return bool(self.links) and LinkKind.NONE not in self.links


READERS: Final[Mapping[ReaderKey, Reader]] = MappingProxyType(
    {
        one.key: one
        for one in (
            Reader(
                ReaderKey.YANDEX_MARKET,
                links=(LinkKind.NONE, LinkKind.SITE),
                zone=True,
                oldest=timedelta(days=10),
                shop_name_max=20,
                count=True,
                photos_only=True,
                discounts=(5, 95),
            ),
            Reader(ReaderKey.YANDEX_DIRECT, links=(LinkKind.SITE,), shop_name_max=20, discounts=(5, 95)),
            Reader(ReaderKey.VK_ADS, links=(LinkKind.SITE,), needs_vendor=True, model=True),
            Reader(ReaderKey.SOC_COMMERCE, links=(LinkKind.NONE, LinkKind.SITE, LinkKind.VK)),
            Reader(
                ReaderKey.AVITO,
                links=(),
                takes_vendor=False,
                name_max=50,
                description_max=7500,
                photos_only=True,
            ),
        )
    }
)


@dataclass(frozen=True, slots=True)
class ReaderSettings:
    """What the merchant chose for one reader.

    `address`, `category`, `goods_type` and `is_new` are Avito's, and so is `more`: further elements by name.
    """

    link: LinkKind = LinkKind.NONE
    url_pattern: str = ""
    vendor_from: VendorSource = VendorSource.NONE
    vendor: str = ""
    address: str = ""
    category: str = ""
    goods_type: str = ""
    is_new: bool = True
    more: Mapping[str, str] = field(default_factory=dict)


def takes_discount(offer: FeedOffer, reader: Reader) -> bool:
    """Return True if the reader would show the offer's old price; the percentage is rounded as it rounds."""
    saved = offer.old_price_kopecks - offer.price_kopecks
    if saved <= 0 or reader.discounts is None:
        return saved > 0
    least, most = reader.discounts
    percent = (saved * 100 + offer.old_price_kopecks // 2) // offer.old_price_kopecks
    return saved >= ROUBLE and least <= percent <= most


def url_of(offer: FeedOffer, settings: ReaderSettings, group_id: int | None) -> str:
    """Return the address of the offer's page, "" where it has none."""
    match settings.link:
        case LinkKind.SITE:
            return link_for(settings.url_pattern, offer) if settings.url_pattern else ""
        case LinkKind.VK if group_id and offer.vk_item_id:
            return vk_page(group_id, offer.vk_item_id)
        case _:
            return ""


def vendor_of(offer: FeedOffer, settings: ReaderSettings) -> str:
    """Return the maker's name, "" where it is not known."""
    match settings.vendor_from:
        case VendorSource.TEXT:
            return settings.vendor.strip()
        case VendorSource.GROUP:
            return offer.groups[-1].strip() if offer.groups else ""
        case _:
            return ""


def problems_of(
    offer: FeedOffer, reader: Reader, settings: ReaderSettings, group_id: int | None
) -> tuple[Problem, ...]:
    """Return why the reader would refuse this product, the gravest first; doubts stand last."""
    found = [*_link_problems(offer, reader, settings, group_id)]
    if reader.needs_vendor and not vendor_of(offer, settings):
        found.append(Problem.NO_VENDOR)
    if reader.key is ReaderKey.AVITO:
        found += _ad_problems(offer, settings)
    if reader.photos_only and not offer.has_photo:
        found.append(Problem.DRAWN_PICTURE)
    return tuple(found)


def is_refused(problems: tuple[Problem, ...]) -> bool:
    """Return True if a reader would not take the product at all, so that it is left out."""
    return any(problem not in DOUBTS for problem in problems)


def _link_problems(
    offer: FeedOffer, reader: Reader, settings: ReaderSettings, group_id: int | None
) -> list[Problem]:
    url = url_of(offer, settings, group_id)
    if len(url) > URL_MAX:
        return [Problem.LONG_LINK]
    if url or not reader.needs_link:
        return []
    if settings.link == LinkKind.VK:
        return [Problem.NOT_IN_VK]
    has_pattern = settings.link == LinkKind.SITE and settings.url_pattern
    return [Problem.NO_LINK_FIELD if has_pattern else Problem.NO_LINK]


def _ad_problems(offer: FeedOffer, settings: ReaderSettings) -> list[Problem]:
    found = []
    if not settings.address.strip():
        found.append(Problem.NO_ADDRESS)
    if not settings.category.strip():
        found.append(Problem.NO_CATEGORY)
    if offer.count == 0:
        found.append(Problem.SOLD_OUT)
    return found
