"""Items whose products are out: hidden, later removed, or shown all the same where that was undone."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta

from syncing.core.choices import ActionKind, Reason, Removal
from syncing.core.diff import album_change, owned_fields
from syncing.core.plan.album_terms import album_terms, own_albums, with_possible_album
from syncing.core.plan.draft import Draft, departed_name
from syncing.core.records import Action, AlbumPlan, ChannelItem, DesiredItem, Listing, ProductKey, SyncContext
from syncing.core.undone import stays_in_vk, stays_shown

Items = Mapping[ProductKey, DesiredItem]


def items_that_stay(draft: Draft) -> dict[ProductKey, DesiredItem]:
    """Return the items that are shown although their products are out: their leaving is undone."""
    return {
        key: replace(listing.sent, hidden=False)
        for key, (listing, item) in draft.pairing.pairs.items()
        if key not in draft.evaluation.desired and listing.sent is not None
        if stays_shown(draft.context.undone.get(key), draft.exclusion_reason(key))
        if "hidden" not in owned_fields(listing, item)
    }


def plan_departures(draft: Draft, staying: Items, albums: AlbumPlan) -> list[Action]:
    """Return what to hide or remove: items whose product is gone or no longer eligible.

    Those that are `staying` are shown, and put into their albums.
    """
    actions = []
    for key, (listing, item) in draft.pairing.pairs.items():
        if key in draft.evaluation.desired:
            continue
        if not (reason := draft.exclusion_reason(key)):
            continue
        one = draft.context.undone.get(key)
        if key in staying:
            action = _show(draft, listing, item, with_possible_album(albums, staying[key]), albums)
        elif stays_shown(one, reason):
            continue
        else:
            may_remove = not stays_in_vk(one, reason)
            action = _hide_or_remove(draft.context, listing, item, reason, may_remove=may_remove)
        if action:
            actions.append(action)
    return actions


def already_hidden(draft: Draft) -> tuple[ProductKey, ...]:
    """Return the products that are out and whose items are hidden without our having noted since when."""
    evaluation = draft.evaluation
    return tuple(
        sorted(
            key
            for key, (listing, item) in draft.pairing.pairs.items()
            if key not in evaluation.desired and item.hidden and listing.hidden_since is None
            if key in evaluation.skipped or draft.is_provably_gone(key)
        )
    )


def rules_that_exclude(draft: Draft, departures: Iterable[Action]) -> dict[ProductKey, dict[str, str]]:
    """Return the names of the merchant's rules for which items leave."""
    skipped = draft.evaluation.skipped
    skips = [skipped[action.key] for action in departures if action.key in skipped]
    return {skip.key: {"hidden": skip.detail} for skip in skips if skip.reason == Reason.RULE}


def _show(
    draft: Draft, listing: Listing, item: ChannelItem, desired: DesiredItem, albums: AlbumPlan
) -> Action | None:
    """Show an item whose product is out, in its album."""
    changes: dict[str, tuple[object, object]] = {"hidden": (True, False)} if item.hidden else {}
    terms = album_terms(draft, albums, listing, desired)
    own = own_albums(draft, albums)
    changes |= album_change(listing, item, desired, albums.known, own_albums=own, **terms)
    if not changes:
        return None
    kind = ActionKind.RESTORE if "hidden" in changes else ActionKind.UPDATE
    name = departed_name(listing, item)
    return Action(kind, listing.key, name, item.item_id, desired, changes, Reason.UNDONE)


def _hide_or_remove(
    context: SyncContext, listing: Listing, item: ChannelItem, reason: str, *, may_remove: bool
) -> Action | None:
    """Hide first, remove after the rules' number of days, unless the merchant wants it at once."""
    name = departed_name(listing, item)
    was_hidden = item.hidden if item.hidden is not None else listing.hidden_since is not None
    overdue = listing.hidden_since is not None and (
        context.now - listing.hidden_since >= timedelta(days=context.rules.remove_after_days)
    )
    if may_remove and (context.rules.removal == Removal.DELETE or overdue):
        # What is shown is not sold on while new items get their pictures.
        return Action(
            ActionKind.REMOVE, listing.key, name, item.item_id, reason=reason, goes_first=not was_hidden
        )
    if was_hidden:
        return None
    desired = replace(listing.sent, hidden=True) if listing.sent else None
    return Action(
        ActionKind.HIDE, listing.key, name, item.item_id, desired, {"hidden": (False, True)}, reason
    )
