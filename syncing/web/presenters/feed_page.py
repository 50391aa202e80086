"""What is in the feed, and why the rest is out, as the merchant reads it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from syncing.models import Feed
from syncing.services.labels import first_sentence
from syncing.web.presenters.exclusion_reasons import ReasonLine, reason_lines


@dataclass(frozen=True, slots=True)
class FeedGoods:
    """How many goods are in the feed. `before` is how many it had, None unless it is withheld."""

    offers: int
    reasons: list[ReasonLine]
    before: int | None


def feed_goods(result: Mapping[str, Any], feed: Feed | None) -> FeedGoods:
    """Return in words what a worker has counted."""
    is_withheld = feed is not None and feed.withheld_offers is not None
    return FeedGoods(
        offers=result["offers"],
        reasons=[
            replace(line, sentence=first_sentence(line.sentence)) for line in reason_lines(result["reasons"])
        ],
        before=feed.offers if feed is not None and is_withheld else None,
    )
