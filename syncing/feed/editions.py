"""The current edition of a feed, or the fact that it is withheld.

An edition is known by its fingerprint, so an importer that has it already gets 304 without a single
offer being built. A feed that suddenly lost half of its products is withheld until the merchant accepts it:
the importer would remove them from the merchant's shop.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils import timezone

from connections.models import VkConnection
from syncing.core.feed.yml import YmlShop, write
from syncing.feed.products import FeedProducts, FeedSummary
from syncing.feed.secret_urls import picture_url
from syncing.models import Feed

# A format that changes makes every edition a new one.
FORMAT = 1
FEW_OFFERS = 10


class FeedWithheld(Exception):
    """The feed lost too many products at once and is withheld until the merchant accepts that."""

    def __init__(self, before: int, now: int) -> None:
        super().__init__(f"{before} goods before, {now} now")
        self.before, self.now = before, now


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition of a feed. `etag` and `changed_at` say which one."""

    feed: Feed
    goods: FeedProducts
    etag: str
    changed_at: datetime
    # Where the edition is a new one, its goods have been counted already.
    summary: FeedSummary | None

    def pieces(self) -> Iterator[str]:
        """Yield the file, piece by piece."""
        summary = self.summary or self.goods.summary()
        return write(
            _shop(self.goods, self.changed_at),
            self.goods.categories(summary),
            self.goods.offers(partial(picture_url, self.feed)),
        )


def edition_of(feed: Feed, *, now: datetime) -> Edition:
    """Return the current edition; save when it changed. Raises FeedWithheld."""
    goods = FeedProducts(feed.user)
    fingerprint = f"{FORMAT}-{goods.fingerprint()}"[:64]
    summary = None
    if fingerprint != feed.fingerprint or feed.changed_at is None:
        summary = goods.summary()
        _keep(feed, fingerprint, summary, now)
    # Weak: the date inside moves with every reading of the till, and the bytes may come packed.
    return Edition(feed, goods, f'W/"{fingerprint}"', feed.changed_at or now, summary)


def _keep(feed: Feed, fingerprint: str, summary: FeedSummary, now: datetime) -> None:
    if has_shrunk(feed, summary):
        raise FeedWithheld(feed.offers or 0, summary.offers)
    feed.fingerprint, feed.changed_at, feed.offers = fingerprint, now, summary.offers
    rows = Feed.objects.for_user(feed.user_id).with_token_hash(feed.token_hash)
    rows.update(fingerprint=fingerprint, changed_at=now, offers=summary.offers)


def has_shrunk(feed: Feed, summary: FeedSummary) -> bool:
    """Return True if the feed lost more than half of its products, and more than a few."""
    lost = (feed.offers or 0) - summary.offers
    return lost > FEW_OFFERS and lost * 2 > (feed.offers or 0)


def accept_shrunk(feed: Feed) -> None:
    """Publish the next edition, however few products it has."""
    with transaction.atomic():
        Feed.objects.for_user(feed.user_id).update(offers=None, fingerprint="")


def _shop(goods: FeedProducts, changed_at: datetime) -> YmlShop:
    read = [store.complete_walk_at for store in goods.stores if store.complete_walk_at]
    moment = timezone.localtime(max([*read, changed_at]))
    community = VkConnection.objects.for_user(goods.user).first()
    if community is not None and community.group_id is not None:
        url = f"https://vk.com/club{community.group_id}"
    else:
        url = "https://vk.com/"
    return YmlShop(date=f"{moment:%Y-%m-%d %H:%M}", name=goods.shop_name, company=goods.shop_name, url=url)


def encoded_chunks(pieces: Iterable[str], *, size: int = 16_384) -> Iterator[bytes]:
    """Yield the text as UTF-8 in pieces of at least `size` bytes: a write for each offer would be slow."""
    buffered: list[bytes] = []
    length = 0
    for piece in pieces:
        buffered.append(piece.encode())
        length += len(buffered[-1])
        if length >= size:
            yield b"".join(buffered)
            buffered, length = [], 0
    if buffered:
        yield b"".join(buffered)
