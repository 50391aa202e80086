"""Writes the file that one reader takes. Pure: no rows, no net.

YML follows the order of elements of the classic shops.dtd, which the strictest readers check: a page's
address and the price come before the name. Characters that XML forbids are left out.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from syncing.core.feed import avito
from syncing.core.feed.links import site_of
from syncing.core.feed.offers import FeedOffer
from syncing.core.feed.readers import (
    DOUBTS,
    LinkKind,
    Problem,
    Reader,
    ReaderKey,
    ReaderSettings,
    is_refused,
    problems_of,
    takes_discount,
    url_of,
    vendor_of,
)
from syncing.core.feed.yml import (
    CURRENCY,
    TAIL,
    YmlCategory,
    YmlShop,
    head,
    is_barcode,
    old_price,
    price,
    text,
)
from syncing.core.truncation import cut

# So many products of each reason are named on the merchant's page.
NAMED_MAX = 20


@dataclass(slots=True)
class ReaderReport:
    """How many products a reader's file holds, and why it lacks or doubts the others.

    `named` holds the row ids of some products of each reason, the first in the till's order.
    """

    offers: int = 0
    problems: Counter[Problem] = field(default_factory=Counter)
    named: dict[Problem, list[int]] = field(default_factory=dict)

    def add(self, offer: FeedOffer, problems: tuple[Problem, ...]) -> None:
        """Count one product."""
        is_out = is_refused(problems)
        self.offers += not is_out
        for problem in problems:
            # A doubt is about what is in the file.
            if is_out and problem in DOUBTS:
                continue
            self.problems[problem] += 1
            named = self.named.setdefault(problem, [])
            if len(named) < NAMED_MAX:
                named.append(offer.row_id)


@dataclass(frozen=True, slots=True)
class ReaderFile:
    """What a reader's file is made with. `group_id` is the VK community's, or None."""

    reader: Reader
    settings: ReaderSettings
    group_id: int | None = None

    def accepted(self, offers: Iterable[FeedOffer], report: ReaderReport) -> Iterator[FeedOffer]:
        """Yield the offers that the reader takes, fit for its lengths; count all of them in the report."""
        for offer in offers:
            problems = problems_of(offer, self.reader, self.settings, self.group_id)
            report.add(offer, problems)
            if not is_refused(problems):
                yield replace(
                    offer,
                    name=cut(offer.name, self.reader.name_max, _one),
                    description=cut(offer.description, self.reader.description_max, _one),
                )

    def write(
        self, shop: YmlShop, categories: Iterable[YmlCategory], offers: Iterable[FeedOffer]
    ) -> Iterator[str]:
        """Yield the file in pieces. `offers` are those that the reader takes."""
        if self.reader.key is ReaderKey.AVITO:
            yield from avito.write(offers, self.settings)
            return
        yield from head(self._shop(shop), categories)
        for offer in offers:
            yield self._offer(offer)
        yield TAIL

    def date(self, moment: datetime) -> str:
        """Return the date inside as the reader wants it. `moment` is in the shop's zone."""
        if self.reader.zone:
            return moment.replace(microsecond=0).isoformat()
        return f"{moment:%Y-%m-%d %H:%M}"

    def _shop(self, shop: YmlShop) -> YmlShop:
        has_site = self.settings.link == LinkKind.SITE and self.settings.url_pattern
        url = site_of(self.settings.url_pattern) if has_site else shop.url
        return replace(shop, name=cut(shop.name, self.reader.shop_name_max, _one), url=url)

    def _offer(self, offer: FeedOffer) -> str:
        url = url_of(offer, self.settings, self.group_id)
        vendor = vendor_of(offer, self.settings) if self.reader.takes_vendor else ""
        is_model = self.reader.model and bool(vendor)
        kind = ' type="vendor.model"' if is_model else ""
        available = "false" if offer.count == 0 else "true"
        return "\n".join(
            [
                f'<offer id="{text(offer.id)}"{kind} available="{available}">',
                *_element("url", url),
                f"<price>{price(offer.price_kopecks)}</price>",
                *(old_price(offer) if takes_discount(offer, self.reader) else []),
                f"<currencyId>{CURRENCY}</currencyId>",
                f"<categoryId>{offer.category_id}</categoryId>",
                *[line for address in offer.pictures for line in _element("picture", address)],
                *([] if is_model else _element("name", offer.name)),
                *_element("vendor", vendor),
                *_element("vendorCode", offer.vendor_code),
                *(_element("model", model_of(offer.name, vendor)) if is_model else []),
                *_element("description", offer.description),
                *[f"<barcode>{barcode}</barcode>" for barcode in offer.barcodes if is_barcode(barcode)],
                *([f"<count>{offer.count}</count>"] if self.reader.count and offer.count is not None else []),
                "</offer>\n",
            ]
        )


def model_of(name: str, vendor: str) -> str:
    """Return the name without the maker's in front: readers show both, one after the other."""
    rest = name[len(vendor) :] if name.casefold().startswith(vendor.casefold()) else ""
    return rest.strip(" -–—,.") if rest[:1].isspace() else name


def _element(name: str, value: str) -> list[str]:
    return [f"<{name}>{text(value)}</{name}>"] if value else []


def _one(_character: str) -> int:
    return 1
