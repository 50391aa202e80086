"""A clock that ran ahead and was set right: what VK refused by it does not count until that time comes."""

from datetime import UTC, datetime, timedelta

import pytest

from connections.models import VkConnection
from syncing.models import Listing, ShopLimits
from syncing.shop_mappers import VK_LIMITS, listing_record, shop_limits, shop_refusals

NOW = datetime(2030, 5, 1, 12, tzinfo=UTC)
AHEAD = [timedelta(minutes=5), timedelta(hours=1), timedelta(days=400)]
RIGHT = [timedelta(0), timedelta(seconds=-90), timedelta(seconds=90)]
ahead = pytest.mark.parametrize("ahead", AHEAD, ids=str)
right = pytest.mark.parametrize("ahead", RIGHT, ids=str)


def limits(at: datetime) -> ShopLimits:
    refusal = {
        "step": "make",
        "subject": "чай",
        "title": "Чай",
        "refused_at": at.isoformat(),
        "code": "vk.100",
    }
    return ShopLimits(items=3, items_at=at, albums=2, albums_at=at, album_refusals=[refusal])


def listing(at: datetime) -> Listing:
    refusal = {"album": "чай", "at": at.isoformat(), "held": None}
    return Listing(stamp="ES", vk_item_id=5, last_verified_at=at, album_refusal=refusal, stay_refusal=refusal)


def connection(at: datetime) -> VkConnection:
    return VkConnection(text_limits={"title": {"longest": 40, "at": at.isoformat()}})


@pytest.mark.once
@ahead
def test_what_was_refused_ahead_is_asked_for_again(ahead: timedelta) -> None:
    row, record = limits(NOW + ahead), listing_record(listing(NOW + ahead), None, now=NOW)
    assert shop_limits(row, now=NOW) == VK_LIMITS
    assert shop_refusals(row, now=NOW) == ()
    assert (record.album_refusal, record.stay_refusal, record.written_at) == (None, None, None)
    assert connection(NOW + ahead).longest_texts(NOW) == {}


@right
def test_what_was_refused_a_moment_ago_counts(ahead: timedelta) -> None:
    row, record = limits(NOW + ahead), listing_record(listing(NOW + ahead), None, now=NOW)
    assert (shop_limits(row, now=NOW).items, shop_limits(row, now=NOW).albums) == (3, 2)
    assert [one.title for one in shop_refusals(row, now=NOW)] == ["Чай"]
    assert record.album_refusal is not None
    assert record.stay_refusal is not None
    assert record.written_at == NOW + ahead
    assert connection(NOW + ahead).longest_texts(NOW) == {"title": 40}
