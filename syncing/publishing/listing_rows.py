"""How a result of VK changes the fields of a listing."""

from syncing.choices import ListingState
from syncing.core.records import DesiredItem
from syncing.mappers import price_to_json
from syncing.models import Listing


def state_of(*, hidden: bool) -> ListingState:
    """Return the state of an item that VK has."""
    return Listing.State.HIDDEN if hidden else Listing.State.LIVE


def is_hidden(listing: Listing, sent: DesiredItem) -> bool:
    """Return True if nobody sees the item, by our word or by the merchant's."""
    return bool(sent.hidden) or "hidden" in listing.merchant_fields


def lose(listing: Listing) -> None:
    """Note that VK no longer has the item, nor what was on it; its last price stays known."""
    listing.lost_price = price_to_json(listing.sent) or listing.lost_price
    listing.vk_item_id, listing.photo_id, listing.saved_photos, listing.sent = None, None, None, {}
    listing.state, listing.hidden_since = Listing.State.REMOVED, None
    # The merchant's edits went with the item.
    listing.merchant_fields, listing.kept_forms = [], None
