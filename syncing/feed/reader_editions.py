"""Builds the files of feeds for one reader each, with a report of what the reader would refuse."""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from connections.models import VkConnection
from syncing.core.feed import avito
from syncing.core.feed.reader_files import ReaderFile, ReaderReport
from syncing.core.feed.readers import READERS, LinkKind, ReaderKey, ReaderSettings, VendorSource
from syncing.core.feed.yml import YmlShop
from syncing.feed import editions
from syncing.feed.products import FeedProducts, FeedSummary
from syncing.feed.secret_urls import picture_url
from syncing.models import Listing, ReaderFeed

# A format that changes makes every edition a new one.
FORMAT = 2


def settings_of(feed: ReaderFeed) -> ReaderSettings:
    """Return what the merchant chose, as the writing of files knows it."""
    return ReaderSettings(
        link=LinkKind(feed.link),
        url_pattern=feed.url_pattern,
        vendor_from=VendorSource(feed.vendor_from),
        vendor=feed.vendor,
        address=feed.ad_address,
        category=feed.ad_category,
        goods_type=feed.ad_goods_type,
        is_new=feed.ad_is_new,
        more=avito.parse_more(feed.ad_more),
    )


def build_all(user: User, *, now: datetime) -> None:
    """Write the merchant's files for readers that would say something new, and what each reader refuses."""
    feeds = list(ReaderFeed.objects.for_user(user).order_by("pk"))
    if not feeds:
        return
    goods = FeedProducts(user)
    content = goods.fingerprint()
    group_id = VkConnection.objects.for_user(user).values_list("group_id", flat=True).first()
    summary: FeedSummary | None = None
    for feed in feeds:
        vk_items = _vk_items(user, group_id) if feed.link == LinkKind.VK and group_id else {}
        fingerprint = _fingerprint(feed, content, group_id, vk_items)
        if feed.fingerprint == fingerprint and not _is_stale(feed, now):
            continue
        summary = summary or goods.summary()
        _build(feed, goods, summary, group_id, vk_items, fingerprint, now)


def _fingerprint(feed: ReaderFeed, content: str, group_id: int | None, vk_items: Mapping[int, int]) -> str:
    parts = (FORMAT, content, settings_of(feed), group_id, sorted(vk_items.items()))
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def _is_stale(feed: ReaderFeed, now: datetime) -> bool:
    """Return True if the file is gone, or so old that its reader would soon refuse its date."""
    if feed.withheld_offers is None and not editions.is_there(feed):
        return True
    oldest = READERS[ReaderKey(feed.reader)].oldest
    return oldest is not None and (feed.built_at is None or now - feed.built_at > oldest - timedelta(days=5))


def _vk_items(user: User, group_id: int) -> dict[int, int]:
    """Return the VK items that shoppers can see by the row ids of their products."""
    rows = Listing.objects.for_user(user).in_community(group_id).in_vk()
    pairs = rows.values_list("product_id", "vk_item_id")
    return {product_id: item_id for product_id, item_id in pairs if product_id and item_id}


def _build(  # noqa: PLR0917 - one call, in this order
    feed: ReaderFeed,
    goods: FeedProducts,
    summary: FeedSummary,
    group_id: int | None,
    vk_items: Mapping[int, int],
    fingerprint: str,
    now: datetime,
) -> None:
    mine = ReaderFeed.objects.for_user(feed.user_id).with_token_hash(feed.token_hash)
    file = ReaderFile(READERS[ReaderKey(feed.reader)], settings_of(feed), group_id)
    report = ReaderReport()
    changed_at = now if feed.fingerprint != fingerprint or feed.changed_at is None else feed.changed_at
    offers = file.accepted(goods.offers(partial(picture_url, feed), vk_items), report)
    pieces = file.write(_shop(file, goods, changed_at, now), goods.categories(summary), offers)
    name = editions.write_packed(feed.user_id, pieces)
    written = {"fingerprint": fingerprint, "report": _rows_of(report), "built_at": now}
    if editions.lost_most(feed.offers, report.offers):
        mine.update(**written, withheld_offers=report.offers)
        editions.delete_file(name)
        return
    with transaction.atomic():
        # Of two who build at once each deletes what it replaces.
        current = mine.select_for_update().first()
        replaced = name if current is None else str(current.file)
        mine.update(**written, file=name, changed_at=changed_at, offers=report.offers, withheld_offers=None)
        # A reader who has the old file open reads it to its end.
        transaction.on_commit(partial(editions.delete_file, replaced))


def _shop(file: ReaderFile, goods: FeedProducts, changed_at: datetime, now: datetime) -> YmlShop:
    shop = editions.shop_of(goods, changed_at)
    # A reader that refuses old dates asks how fresh the file is, not when it last said something new.
    moment = now if file.reader.oldest else editions.moment_of(goods, changed_at)
    return YmlShop(file.date(timezone.localtime(moment)), shop.name, shop.company, shop.url)


def _rows_of(report: ReaderReport) -> list[list[object]]:
    """Return the report as a row keeps it: (reason, how many, row ids of some), the commonest first."""
    return [
        [problem.value, number, report.named[problem]] for problem, number in report.problems.most_common()
    ]


def accept_shrunk(feed: ReaderFeed) -> None:
    """Publish the next edition, however few products it has."""
    ReaderFeed.objects.for_user(feed.user_id).for_reader(feed.reader).update(
        offers=None, fingerprint="", withheld_offers=None
    )
