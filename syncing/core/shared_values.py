"""Titles and pictures that the channel shows of many items at once: nobody has put them there.

A channel that is not well may name all goods alike, or show one picture for them. Taken for the merchant's
edits, that would keep the till's names and pictures away for ever.
"""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace

from syncing.core.last_known import is_many
from syncing.core.records import ChannelItem, Listing


@dataclass(frozen=True, slots=True)
class SharedValues:
    """Titles and pictures that say nothing of the items that show them."""

    titles: frozenset[str] = frozenset()
    photo_ids: frozenset[int] = frozenset()

    def without(self, item: ChannelItem) -> ChannelItem:
        """Return the item as one of which the channel does not tell the title or the pictures."""
        if item.title in self.titles:
            item = replace(item, title="")
        if item.photo_ids and item.photo_ids[0] in self.photo_ids:
            item = replace(item, photo_ids=None)
        return item


def find_shared_values(pairs: Collection[tuple[Listing, ChannelItem]]) -> SharedValues:
    """Return a title that many items show at once and we gave none of them, and pictures of two items.

    The channel lets a picture belong to one item alone.
    """
    titles = Counter(
        item.title for listing, item in pairs if listing.sent and item.title != listing.sent.title
    )
    photos = Counter(item.photo_ids[0] for _listing, item in pairs if item.photo_ids)
    return SharedValues(
        frozenset(title for title, count in titles.items() if is_many(count, len(pairs))),
        frozenset(photo_id for photo_id, count in photos.items() if count > 1),
    )
