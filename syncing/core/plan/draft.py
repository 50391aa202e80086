"""A plan in the making: what the rules make of the products, and which items these have in VK."""

from dataclasses import dataclass

from syncing.core.choices import Reason
from syncing.core.evaluation import Evaluation
from syncing.core.matching import Pairing
from syncing.core.records import ChannelItem, Listing, ProductKey, Skip, SyncContext


@dataclass(slots=True)
class Draft:
    """What the parts of a plan read, and where they note which products are out."""

    context: SyncContext
    evaluation: Evaluation
    pairing: Pairing

    def skip(self, key: ProductKey, reason: str, detail: str = "") -> None:
        """Take a product out of those that are to be in VK, and note why."""
        self.evaluation.skipped[key] = Skip(key, self.evaluation.products[key].name, reason, detail)
        del self.evaluation.desired[key]

    def exclusion_reason(self, key: ProductKey) -> str:
        """Return why a product is not for sale, empty where the reading does not say that it is not.

        What VK forbids comes before what is undone.
        """
        skip = self.evaluation.skipped.get(key)
        if skip is None and not self.is_provably_gone(key):
            return ""
        return self.evaluation.refused.get(key) or (skip.reason if skip else Reason.GONE)

    def is_provably_gone(self, key: ProductKey) -> bool:
        """Return True if a product that was not read has left the till: its store was read to the end."""
        source = self.context.source
        return key.store_id in source.complete_stores or key.store_id in source.vanished_stores


def departed_name(listing: Listing, item: ChannelItem) -> str:
    """Return the name of a product that may have left the till."""
    return listing.last_known.name if listing.last_known else item.title
