"""How a result of VK changes the fields of a listing."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime

from connections.clients.errors import ClientError
from syncing.choices import ListingState
from syncing.core.choices import ActionKind, Reason
from syncing.core.kept_forms import noted_writes
from syncing.core.records import Action, DesiredItem, KeptForm
from syncing.models import Listing
from syncing.shop_mappers import desired_from_json, desired_to_json, price_to_json

ERROR_TEXT_LENGTH = 500


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


def confirm(listing: Listing, action: Action, value: object, *, now: datetime) -> None:
    """Note what VK has confirmed of an action; `value` is the new item's id for a CREATE."""
    forget_refusal(listing)
    listing.last_verified_at = now
    if action.kind is ActionKind.REMOVE:
        lose(listing)
        # It left by our own hand: what comes one day in its place is a new item.
        listing.lost_price = None
        return
    if action.kind is ActionKind.CREATE:
        listing.vk_item_id = int(str(value))
    desired = action.desired
    if desired is not None:
        before = desired_from_json(listing.sent)
        # The album is confirmed by a call of its own.
        listing.sent = desired_to_json(replace(desired, album=before.album if before else ""))
        _note_writes(listing, before, desired)
    departed = action.kind is ActionKind.HIDE and action.reason not in (
        Reason.OUT_OF_STOCK,
        Reason.UNDONE,
    )
    hidden = departed or (desired is not None and is_hidden(listing, desired))
    listing.state = state_of(hidden=hidden)
    listing.hidden_since = now if departed else None


def forget_refusal(listing: Listing) -> None:
    """Note that nothing of the item is refused any more."""
    listing.last_error = listing.last_error_text = ""
    listing.refused = None


def refuse(listing: Listing, error: ClientError, *, refused: Mapping[str, str] | None = None) -> None:
    """Note that VK refused the action, with the fields that it refused. Without an item it has failed."""
    listing.refused = dict(refused) if refused else None
    listing.last_error, listing.last_error_text = error.code, error.text[:ERROR_TEXT_LENGTH]
    if listing.vk_item_id is None:
        listing.state = Listing.State.FAILED


def _note_writes(listing: Listing, before: DesiredItem | None, desired: DesiredItem) -> None:
    forms = {name: KeptForm(**form) for name, form in (listing.kept_forms or {}).items()}
    noted = noted_writes(forms, before, desired)
    listing.kept_forms = {name: asdict(form) for name, form in noted.items()} or None
