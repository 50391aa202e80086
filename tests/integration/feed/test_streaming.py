"""A big feed: made in constant memory, and told unchanged without an offer being made."""

import tracemalloc
from collections.abc import Iterator

import pytest
from django.db import connection, reset_queries
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.text import compress_sequence

from accounts.models import User
from catalog.models import Product, ProductGroup, Store
from syncing.core.records import ProductKey
from syncing.core.sku_stamp import stamp
from syncing.feed import issue_feed
from syncing.feed.editions import edition_of, encoded_chunks
from tests.web.feed.yml_rules import problems

pytestmark = pytest.mark.django_db

SMALL, BIG = 1_500, 15_000
# Fewer than the bounded caches of names hold, so that they are full before memory is measured.
NAMES = 500
WORDS = "Кружка керамическая с росписью, ручная работа, для чая и кофе. "


def a_shop(size: int) -> User:
    """Return a merchant with so many products, all of which are in the feed."""
    now = timezone.now()
    user = User.objects.create_user(f"feed-{size}@example.com")
    store = Store.objects.create(user=user, evotor_id="s", name="Лавка", fetched_at=now, complete_walk_at=now)
    ProductGroup.objects.bulk_create(
        ProductGroup(user=user, store=store, evotor_id=f"g{n}", name=f"Посуда {n}", fetched_at=now)
        for n in range(40)
    )
    Product.objects.bulk_create(
        [
            Product(
                user=user,
                store=store,
                evotor_id=f"{n}",
                name=f"Кружка № {n % NAMES}",
                group_evotor_id=f"g{n % 40}",
                price=100 + n % 900,
                quantity=n % 30,
                description=WORDS,
                content_hash=f"{n:064}",
                fetched_at=now,
            )
            for n in range(size)
        ],
        batch_size=500,
    )
    return user


def stream(user: User) -> Iterator[bytes]:
    """Return the pieces of the merchant's feed as an importer gets them."""
    feed = user.feed if hasattr(user, "feed") else issue_feed(user)
    return compress_sequence(encoded_chunks(edition_of(feed, now=timezone.now()).pieces()))


def peak_of(user: User) -> tuple[int, int]:
    """Read the whole feed and throw it away; return the peak of Python's memory and the packed size."""
    tracemalloc.start()
    try:
        size = sum(map(len, stream(user)))
        return tracemalloc.get_traced_memory()[1], size
    finally:
        tracemalloc.stop()
        reset_queries()


@pytest.mark.mariadb
def test_fifteen_thousand_offers_take_no_more_memory_than_fifteen_hundred() -> None:
    small, big = a_shop(SMALL), a_shop(BIG)
    # The cache of stamps is bounded and fills once in a process's life; both shops have the same ids.
    for number in range(BIG):
        stamp(ProductKey("s", f"{number}"))
    for _piece in stream(small):
        pass
    (small_peak, small_size), (big_peak, big_size) = peak_of(small), peak_of(big)
    assert big_size > 7 * small_size
    assert big_peak < 1.2 * small_peak, f"{small_peak:,} and {big_peak:,} bytes"


def test_a_big_feed_is_valid_and_costs_a_question_for_each_five_hundred() -> None:
    user = a_shop(SMALL)
    feed = issue_feed(user)
    with CaptureQueriesContext(connection) as captured:
        data = b"".join(encoded_chunks(edition_of(feed, now=timezone.now()).pieces()))
    assert problems(data) == []
    assert data.count(b"<offer ") == SMALL
    # Two passes of 500 rows a question, each with a last empty look, and what is read once.
    assert len(captured) <= 2 * (SMALL // 500 + 1) + 13
    with CaptureQueriesContext(connection) as captured:
        edition_of(feed, now=timezone.now())
    assert len(captured) <= 14
