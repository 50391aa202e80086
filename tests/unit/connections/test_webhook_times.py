"""Evotor's spellings of a moment."""

from datetime import UTC, datetime

import pytest

from connections.evotor.webhooks.handlers import read_time


@pytest.mark.parametrize(
    "value",
    [
        1504168645290,
        "1504168645290",
        "2017-08-31T08:37:25.290+0000",
        "2017-08-31T08:37:25.290Z",
        "2017-08-31T11:37:25.290+03:00",
        "2017-08-31T08:37:25.290",
    ],
)
def test_every_spelling_is_the_same_moment(value: object) -> None:
    assert read_time(value) == datetime(2017, 8, 31, 8, 37, 25, 290000, tzinfo=UTC)


@pytest.mark.parametrize("value", [None, "", "soon", "9" * 40, [], {}, "2017-99-99T00:00:00Z"])
def test_what_is_no_time_is_read_as_none(value: object) -> None:
    assert read_time(value) is None
