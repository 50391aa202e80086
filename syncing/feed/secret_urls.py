"""Secret URLs: anyone who knows one reads the feed; none can be guessed, and the merchant can revoke it."""

import hashlib
import hmac
import secrets

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.crypto import salted_hmac

from accounts.models import User
from evosync.common import clock
from syncing.models import Feed, ReaderFeed

TOKEN_BYTES = 32
KEY_LENGTH, VERSION_LENGTH = 40, 16


def issue_feed(user: User) -> Feed:
    """Return the merchant's feed at a new address; the previous one stops working at once."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with transaction.atomic():
        Feed.objects.for_user(user).delete()
        return Feed.objects.create(user=user, token=token, token_hash=_hash(token))


def revoke_feed(user: User) -> bool:
    """Revoke the URL of the merchant's feed and its pictures; return True if there was one."""
    return Feed.objects.for_user(user).delete()[0] > 0


def feed_at(token: str) -> Feed | None:
    """Return the feed at this address, or None: an ended address is one that never was."""
    return Feed.objects.with_token_hash(_hash(token)).select_related("user").first()


def _hash(token: str) -> str:
    # 256 random bits cannot be guessed from a plain hash.
    return hashlib.sha256(token.encode()).hexdigest()


def feed_url(feed: Feed) -> str:
    """Return the feed's whole address."""
    return f"{_site()}{reverse('feed:file', args=[feed.token])}"


def picture_url(feed: Feed | ReaderFeed, product_id: int, photo_key: str) -> str:
    """Return the address of a product's picture, another one for another photo.

    Importers may publish it, so it tells nothing of the feed's own address and opens
    nothing else; it ends with the feed's address.
    """
    version = photo_key[:VERSION_LENGTH]
    args = [product_id, _picture_key(feed, product_id, version), version]
    return f"{_site()}{reverse('feed:picture', args=args)}"


def is_picture_key(feed: Feed | ReaderFeed, product_id: int, version: str, key: str) -> bool:
    """Return True if this is the key of the product's picture; takes the same time for any key."""
    return hmac.compare_digest(_picture_key(feed, product_id, version).encode(), key.encode())


def _picture_key(feed: Feed | ReaderFeed, product_id: int, version: str) -> str:
    value = f"{feed.token_hash}:{product_id}:{version}"
    return salted_hmac("syncing.feed.picture", value, algorithm="sha256").hexdigest()[:KEY_LENGTH]


def _site() -> str:
    return str(settings.SITE_URL).rstrip("/")


def note_read(feed: Feed | ReaderFeed) -> None:
    """Save when an importer last read the feed, for the merchant to see."""
    type(feed).objects.filter(pk=feed.pk).update(read_at=clock.now())
