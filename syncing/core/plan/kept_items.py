"""Items that stay in VK, compared with the ones desired."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from syncing.core.choices import ActionKind, Reason
from syncing.core.diff import Difference, confirmed, difference, owned_fields
from syncing.core.drawn_pictures import RESTYLED_PER_RUN, is_restyled
from syncing.core.matching import Pairing
from syncing.core.plan.album_terms import album_terms, own_albums
from syncing.core.plan.draft import Draft
from syncing.core.records import (
    Action,
    AlbumPlan,
    ChannelItem,
    DesiredItem,
    KeptForm,
    Listing,
    ProductKey,
    SourceProduct,
)
from syncing.core.shared_values import find_shared_values


@dataclass(slots=True)
class Comparison:
    """What became of the items that stay, by the names of SyncResult."""

    actions: list[Action] = field(default_factory=list)
    unchanged: int = 0
    taken_over: dict[ProductKey, frozenset[str]] = field(default_factory=dict)
    confirmed: dict[ProductKey, DesiredItem] = field(default_factory=dict)
    kept_forms: dict[ProductKey, Mapping[str, KeptForm]] = field(default_factory=dict)

    def note(self, listing: Listing, found: Difference, sent: DesiredItem | None) -> None:
        """Note what VK's list tells of the merchant's edits; `sent` is what it took of our last write."""
        key = listing.key
        if found.taken_over != listing.merchant_fields:
            self.taken_over[key] = found.taken_over
        if found.kept_forms != listing.kept_forms:
            self.kept_forms[key] = found.kept_forms
        if sent:
            self.confirmed[key] = sent
        elif listing.sent and listing.hidden_since and "hidden" not in found.changes:
            # It is back on sale: what was noted when it left the till holds no longer.
            self.confirmed[key] = listing.sent


def compare_kept_items(
    draft: Draft, albums: AlbumPlan, undone: Mapping[ProductKey, frozenset[str]]
) -> Comparison:
    """Compare every item that stays with the one desired; `undone` are the fields that keep old values."""
    _spread_restyling(draft)
    comparison = Comparison()
    desired, pairs = draft.evaluation.desired, draft.pairing.pairs
    own = own_albums(draft, albums)
    shared = find_shared_values(pairs.values())
    for key in list(desired):
        if key not in pairs:
            continue
        listing, item = pairs[key]
        if draft.context.photos_suspended_until:
            desired[key] = _with_present_picture(listing, desired[key])
        terms = album_terms(draft, albums, listing, desired[key])
        shown = shared.without(item)
        found = difference(listing, shown, desired[key], albums.known, own_albums=own, **terms)
        comparison.note(listing, found, confirmed(listing, item, desired[key], found, albums.known))
        if found.changes:
            product, is_undone = draft.evaluation.products[key], "hidden" in undone.get(key, ())
            comparison.actions.append(
                _change(product, item, desired[key], found.changes, is_undone=is_undone)
            )
        else:
            comparison.unchanged += 1
    for key, (listing, item) in pairs.items():
        owned = owned_fields(listing, item)
        if key not in desired and owned != listing.merchant_fields:
            comparison.taken_over[key] = owned
    return comparison


def hidden_by_merchant(
    draft: Draft, taken_over: Mapping[ProductKey, frozenset[str]]
) -> tuple[ProductKey, ...]:
    """Return the products for sale whose items the merchant has hidden in VK."""
    pairs = draft.pairing.pairs
    owned = {key: taken_over.get(key, listing.merchant_fields) for key, (listing, _) in pairs.items()}
    return tuple(sorted(key for key in draft.evaluation.desired if "hidden" in owned.get(key, ())))


def hide_second_items(pairing: Pairing) -> tuple[Action, ...]:
    """Return what makes each product's second item invisible."""
    return tuple(
        Action(
            ActionKind.HIDE,
            key,
            item.title,
            item.item_id,
            None,
            {"hidden": (False, True)},
            Reason.SECOND_ITEM,
        )
        for key, item in sorted(pairing.second_items.items())
        if not item.hidden
    )


def _spread_restyling(draft: Draft) -> None:
    """Let only so many drawn pictures change their style in one run; the others keep theirs so far."""
    desired = draft.evaluation.desired
    restyled = [
        (key, listing)
        for key, (listing, _) in draft.pairing.pairs.items()
        if key in desired and is_restyled(listing, desired[key])
    ]
    for key, listing in sorted(restyled, key=lambda pair: pair[0])[RESTYLED_PER_RUN:]:
        desired[key] = _with_present_picture(listing, desired[key])


def _with_present_picture(listing: Listing, desired: DesiredItem) -> DesiredItem:
    if listing.sent is None:
        return desired
    return replace(desired, photo_key=listing.sent.photo_key, more_photos=listing.sent.more_photos)


def _change(
    product: SourceProduct,
    item: ChannelItem,
    desired: DesiredItem,
    changes: Mapping[str, tuple[object, object]],
    *,
    is_undone: bool,
) -> Action:
    kind, reason = ActionKind.UPDATE, ""
    if "hidden" in changes:
        hides = Reason.UNDONE if is_undone else Reason.OUT_OF_STOCK
        kind, reason = (ActionKind.HIDE, hides) if desired.hidden else (ActionKind.RESTORE, "")
    return Action(kind, product.key, product.name, item.item_id, desired, changes, reason)
