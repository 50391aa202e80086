"""A big feed: built in constant memory, and found unchanged without an offer being made."""

import tracemalloc

import pytest
from django.db import connection, reset_queries
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from catalog.models import Product, ProductGroup, Store
from syncing.core.records import ProductKey
from syncing.core.sku_stamp import stamp
from syncing.feed import issue_feed
from syncing.feed.editions import FilePieces, build, open_file, size_of
from syncing.models import Feed
from tests.web.feed.yml_rules import problems

pytestmark = pytest.mark.django_db

SMALL, BIG = 1_500, 5_000
# So 32 bytes kept of each further offer are seen: 100 kilobytes beside the two megabytes of a small feed.
MOST_GROWTH = 1.05
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


def built(user: User) -> Feed:
    """Return the merchant's feed with its file newly built."""
    feed = issue_feed(user)
    build(user, last=None, now=timezone.now())
    feed.refresh_from_db()
    return feed


def peak_of(user: User) -> tuple[int, int]:
    """Build the feed; return the peak of Python's memory and the packed size."""
    tracemalloc.start()
    try:
        size = size_of(built(user))
        return tracemalloc.get_traced_memory()[1], size
    finally:
        tracemalloc.stop()
        reset_queries()


@pytest.mark.mariadb
def test_five_thousand_offers_take_no_more_memory_than_fifteen_hundred() -> None:
    small, big = a_shop(SMALL), a_shop(BIG)
    # The cache of stamps is bounded and fills once in a process's life; both shops have the same ids.
    for number in range(BIG):
        stamp(ProductKey("s", f"{number}"))
    built(small)
    (small_peak, small_size), (big_peak, big_size) = peak_of(small), peak_of(big)
    assert big_size > 2 * small_size
    assert big_peak < MOST_GROWTH * small_peak, f"{small_peak:,} and {big_peak:,} bytes"


def test_a_big_feed_is_valid_and_costs_a_question_for_each_five_hundred() -> None:
    user = a_shop(SMALL)
    issue_feed(user)
    with CaptureQueriesContext(connection) as captured:
        result = build(user, last=None, now=timezone.now())
    file = open_file(Feed.objects.get(user=user))
    assert file is not None
    data = b"".join(FilePieces(file, unpacked=True))
    assert problems(data) == []
    assert data.count(b"<offer ") == SMALL
    # Two passes of 500 rows a question, each with a last empty look, and what is read once.
    assert len(captured) <= 2 * (SMALL // 500 + 1) + 21
    with CaptureQueriesContext(connection) as captured:
        assert build(user, last=result, now=timezone.now()) == result
    assert len(captured) <= 15
