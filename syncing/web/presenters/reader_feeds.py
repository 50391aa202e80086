"""Readers of feeds as the merchant sees them: what each is, and what it would refuse and why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from catalog.models import Product
from syncing.choices import FeedReader
from syncing.core.feed.readers import Problem
from syncing.models import ReaderFeed

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

ABOUT: Mapping[str, "StrOrPromise"] = {
    FeedReader.YANDEX_MARKET: _("Makes cards of your goods and takes their prices and stock from the file."),
    FeedReader.YANDEX_DIRECT: _("Advertises your goods; a click leads to your own site."),
    FeedReader.VK_ADS: _("Makes a catalogue for advertising in VK; a click leads to your own site."),
    FeedReader.SOC_COMMERCE: _("Fills the shop of a VK community from a link."),
    FeedReader.AVITO: _("Makes an ad of each product. All goods go into one category."),
}
SENTENCES: Mapping[Problem, "StrOrPromise"] = {
    Problem.NO_LINK: _("No page: say below where the pages of your products are."),
    Problem.NO_LINK_FIELD: _(
        "No page: the till does not have what your address needs. Fill it in at the till."
    ),
    Problem.NOT_IN_VK: _("No page: the product is not in VK yet."),
    Problem.LONG_LINK: _("The address of the page is longer than 512 characters."),
    Problem.NO_VENDOR: _("No maker: the product is in no group of the till, or the name is not given."),
    Problem.NO_ADDRESS: _("No address of the shop is given."),
    Problem.NO_CATEGORY: _("No category of Avito's is given."),
    Problem.SOLD_OUT: _("Sold out: Avito knows no stock, so the ad would sell what is not there."),
    Problem.DRAWN_PICTURE: _(
        "A drawn picture instead of a photo: it is in the file, but the reader may refuse it. Add a photo."
    ),
}


@dataclass(frozen=True, slots=True)
class ReaderCard:
    """One reader in the list. `feed` is the merchant's for it, or None."""

    key: str
    name: "StrOrPromise"
    about: "StrOrPromise"
    feed: ReaderFeed | None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a reader would refuse so many products. `products` are some of them, `more` how many others."""

    sentence: "StrOrPromise"
    number: int
    products: list[tuple[int, str]]
    more: int


def reader_cards(feeds: Iterable[ReaderFeed]) -> list[ReaderCard]:
    """Return all readers, with the merchant's feeds for them."""
    ours = {feed.reader: feed for feed in feeds}
    return [
        ReaderCard(reader.value, reader.label, ABOUT[reader], ours.get(reader.value)) for reader in FeedReader
    ]


def refusals(feed: ReaderFeed) -> list[Refusal]:
    """Return in words what the reader would refuse, as a worker counted it last."""
    rows: list[tuple[str, int, list[int]]] = feed.report or []
    named = {pk for _code, _number, pks in rows for pk in pks}
    names = dict(Product.objects.for_user(feed.user_id).with_ids(named).values_list("pk", "name"))
    found = []
    for code, number, pks in rows:
        problem = Problem(code)
        products = [(pk, names[pk]) for pk in pks if pk in names]
        found.append(Refusal(SENTENCES[problem], number, products, number - len(products)))
    return found
