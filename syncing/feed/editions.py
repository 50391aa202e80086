"""Builds the file of a feed, and says whether it is withheld.

A worker builds it and importers get it from where it was built. An edition is known by its fingerprint,
so one that is unchanged is not built again, and an importer that has it gets 304. A feed that suddenly
lost half of its products is withheld until the merchant accepts it: the importer would remove them from
the merchant's shop.
"""

import gzip
import logging
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import IO, Any
from uuid import uuid4

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from connections.models import VkConnection
from syncing.core.feed.yml import YmlShop, write
from syncing.feed.products import FeedProducts, FeedSummary
from syncing.feed.secret_urls import picture_url
from syncing.models import Feed, ReaderFeed

logger = logging.getLogger(__name__)

# A format that changes makes every edition a new one.
FORMAT = 2
FEW_OFFERS = 10
FOLDER = "feeds"
# A packed file is read and unpacked in pieces of so many bytes.
PIECE = 65_536
# The usual level: the last per cents would cost as much time again.
LEVEL = 6


def build(user: User, *, last: Mapping[str, Any] | None, now: datetime) -> dict[str, Any]:
    """Return what is in the merchant's feed; write its file where they have one that would say something new.

    `last` is what the call before returned: goods that are the same are not evaluated again.
    """
    goods = FeedProducts(user)
    fingerprint = f"{FORMAT}-{goods.fingerprint()}"[:64]
    feed = Feed.objects.for_user(user).first()
    is_same = last is not None and last["fingerprint"] == fingerprint
    if last is not None and is_same and (feed is None or _is_settled(feed, fingerprint)):
        return dict(last)
    summary = goods.summary()
    if feed is not None:
        _publish(feed, goods, fingerprint, summary, now)
    return {
        "fingerprint": fingerprint,
        "offers": summary.offers,
        "reasons": dict(summary.reasons.most_common()),
    }


def _is_settled(feed: Feed, fingerprint: str) -> bool:
    """Return True if the file is this edition, or this edition is withheld."""
    is_built = bool(feed.file) and feed.fingerprint == fingerprint and is_there(feed)
    return is_built or feed.withheld_offers is not None


def is_there(feed: Feed | ReaderFeed) -> bool:
    """Return True if the feed has a file; one may be lost with its disk."""
    return bool(feed.file) and default_storage.exists(str(feed.file))


def _publish(feed: Feed, goods: FeedProducts, fingerprint: str, summary: FeedSummary, now: datetime) -> None:
    mine = Feed.objects.for_user(feed.user_id).with_token_hash(feed.token_hash)
    if has_shrunk(feed, summary):
        mine.update(withheld_offers=summary.offers)
        return
    changed_at = now if feed.fingerprint != fingerprint or feed.changed_at is None else feed.changed_at
    pieces = write(
        shop_of(goods, changed_at), goods.categories(summary), goods.offers(partial(picture_url, feed))
    )
    name = write_packed(feed.user_id, pieces)
    with transaction.atomic():
        # Of two who build at once each deletes what it replaces.
        current = mine.select_for_update().first()
        replaced = name if current is None else str(current.file)
        mine.update(
            file=name,
            fingerprint=fingerprint,
            changed_at=changed_at,
            offers=summary.offers,
            withheld_offers=None,
        )
        # A reader who has the old file open reads it to its end.
        transaction.on_commit(partial(delete_file, replaced))


def write_packed(user_id: int, pieces: Iterable[str]) -> str:
    """Write a packed file of these pieces and return its name in the storage."""
    with tempfile.TemporaryFile() as file:
        with gzip.GzipFile(fileobj=file, mode="wb", compresslevel=LEVEL, mtime=0) as packed:
            for chunk in encoded_chunks(pieces):
                packed.write(chunk)
        file.seek(0)
        return str(default_storage.save(f"{FOLDER}/{user_id}/{uuid4().hex}.yml.gz", File(file)))


def delete_file(name: str) -> None:
    """Delete a file of a feed; a failure leaves it to the log."""
    try:
        if name:
            default_storage.delete(name)
    except OSError:
        logger.exception("the feed's file %s was not deleted", name)


def open_file(feed: Feed | ReaderFeed) -> IO[bytes] | None:
    """Return the packed file, or None where it is not built or not there any more."""
    try:
        return default_storage.open(str(feed.file)) if feed.file else None
    except FileNotFoundError:
        return None


def size_of(feed: Feed | ReaderFeed) -> int:
    """Return the size of the packed file in bytes."""
    return default_storage.size(str(feed.file))


def etag_of(feed: Feed | ReaderFeed) -> str:
    """Return what names the edition; weak, since the bytes may come packed or not."""
    return f'W/"{feed.fingerprint}"'


class FilePieces:
    """A packed file in pieces, as it is or unpacked. It is closed with the answer, read or not."""

    def __init__(self, file: IO[bytes], *, unpacked: bool) -> None:
        self._file = file
        self._source = gzip.GzipFile(fileobj=file) if unpacked else file

    def __iter__(self) -> Iterator[bytes]:
        """Yield the pieces."""
        while piece := self._source.read(PIECE):
            yield piece
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._source.close()
        self._file.close()


def has_shrunk(feed: Feed, summary: FeedSummary) -> bool:
    """Return True if the feed lost more than half of its products, and more than a few."""
    return lost_most(feed.offers, summary.offers)


def lost_most(before: int | None, now: int) -> bool:
    """Return True if a file lost more than half of its products, and more than a few."""
    lost = (before or 0) - now
    return lost > FEW_OFFERS and lost * 2 > (before or 0)


def accept_shrunk(feed: Feed) -> None:
    """Publish the next edition, however few products it has."""
    with transaction.atomic():
        Feed.objects.for_user(feed.user_id).update(offers=None, fingerprint="", withheld_offers=None)


def moment_of(goods: FeedProducts, changed_at: datetime) -> datetime:
    """Return of when the goods are: of the last reading of the till, or the last change."""
    read = [store.complete_walk_at for store in goods.stores if store.complete_walk_at]
    return max([*read, changed_at])


def shop_of(goods: FeedProducts, changed_at: datetime) -> YmlShop:
    """Return what a file says of the shop."""
    moment = timezone.localtime(moment_of(goods, changed_at))
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
