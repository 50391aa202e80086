"""Secret addresses of feeds for one reader each: as those of the common feed, one for each reader."""

import hashlib
import secrets

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from accounts.models import User
from evosync.common import clock
from syncing.core.feed.readers import READERS, ReaderKey
from syncing.feed.secret_urls import TOKEN_BYTES
from syncing.models import ReaderFeed


def reader_feed(user: User, reader: ReaderKey) -> ReaderFeed:
    """Return the merchant's feed for a reader, or a new one that is not saved and has no address."""
    found = ReaderFeed.objects.for_user(user).for_reader(reader).first()
    return found or ReaderFeed(user=user, reader=reader, link=READERS[reader].first_link)


def renew_address(feed: ReaderFeed) -> None:
    """Save the feed at a new address; the previous one and its pictures stop working at once."""
    feed.token = secrets.token_urlsafe(TOKEN_BYTES)
    feed.token_hash, feed.created_at, feed.read_at = _hash(feed.token), clock.now(), None
    # The pictures of the file are at addresses that end with it.
    feed.fingerprint = ""
    feed.save()


def end_reader_feed(user: User, reader: ReaderKey) -> bool:
    """Delete the merchant's feed for a reader with its address; return True if there was one."""
    with transaction.atomic():
        return ReaderFeed.objects.for_user(user).for_reader(reader).delete()[0] > 0


def reader_feed_at(token: str, reader: str) -> ReaderFeed | None:
    """Return the feed at this address, or None: an ended address is one that never was."""
    rows = ReaderFeed.objects.with_token_hash(_hash(token)).for_reader(reader)
    return rows.select_related("user").first()


def reader_feed_url(feed: ReaderFeed) -> str:
    """Return the feed's whole address, "" where it has none yet."""
    if not feed.token:
        return ""
    site = str(settings.SITE_URL).rstrip("/")
    return f"{site}{reverse('feed:reader_file', args=[feed.token, feed.reader])}"


def _hash(token: str) -> str:
    # 256 random bits cannot be guessed from a plain hash.
    return hashlib.sha256(token.encode()).hexdigest()
