"""Items to be made: as many as VK has room for, and what makes room for them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from syncing.core.choices import ActionKind, MatchKind, Reason
from syncing.core.create_order import place_in_upload
from syncing.core.plan.draft import Draft, departed_name
from syncing.core.records import Action, ProductKey, RemovedItem
from syncing.core.undone import ITEM, brought_back, stays_in_vk


@dataclass(frozen=True, slots=True)
class NewItems:
    """`creates` in the order of the upload; `returning` are those that VK may still have, by product.

    `made_room` are removals that go before them, `spare` further ones for when VK turns out to be full.
    """

    creates: tuple[Action, ...]
    returning: Mapping[ProductKey, RemovedItem]
    made_room: tuple[Action, ...]
    spare: tuple[Action, ...]


def plan_new_items(draft: Draft, returns: Mapping[ProductKey, Action], spare: Sequence[Action]) -> NewItems:
    """Return what to make: what is missing in VK, then the `returns`, removing `spare` items for room.

    Products that there is no room for are skipped, saying so; the items that only come back to VK wait.
    """
    if until := _suspended_until(draft):
        for key in _missing(draft):
            draft.skip(key, Reason.SUSPENDED, until)
        return NewItems((), {}, (), ())
    limit = draft.context.limits.items
    missing = _missing(draft) + sorted(returns)
    room = max(0, limit - len(draft.context.channel_items))
    made_room = tuple(spare[: max(0, len(missing) - room)])
    room += len(made_room)
    for key in missing[room:]:
        if key not in returns:
            draft.skip(key, Reason.LIMIT, str(limit))
    creates = [returns.get(key) or _create(draft, key) for key in missing[:room]]
    returning = _returning(draft, creates)
    return NewItems(
        creates=tuple(
            replace(one, item_id=returning[one.key].item_id) if one.key in returning else one
            for one in creates
        ),
        returning=returning,
        made_room=made_room,
        spare=tuple(spare[len(made_room) :]) if creates else (),
    )


def removed_by_merchant(draft: Draft) -> dict[ProductKey, frozenset[str]]:
    """Return the products whose item came back and which the merchant has removed in VK since.

    Where VK never confirmed that it came back, it is still awaited.
    """
    undone = draft.context.undone
    lost = {match.key for match in draft.pairing.matches if match.kind is MatchKind.LOST}
    return {
        one.key: frozenset(undone[one.key].kept)
        for one in draft.context.listings
        if one.key in lost and one.key not in draft.evaluation.desired
        if ITEM in getattr(undone.get(one.key), "kept", ())
        if one.sent and one.sent.hidden is not None
    }


def items_that_return(draft: Draft) -> dict[ProductKey, Action]:
    """Return the items that come back although their products are out: the merchant undid their removal."""
    found = {}
    ended = removed_by_merchant(draft)
    for key, one in draft.context.undone.items():
        if key in draft.evaluation.desired or key in draft.pairing.pairs or key in ended:
            continue
        reason = draft.exclusion_reason(key)
        desired = brought_back(one)
        if desired and reason and stays_in_vk(one, reason):
            skip = draft.evaluation.skipped.get(key)
            name = skip.name if skip else desired.title
            found[key] = Action(ActionKind.CREATE, key, name, desired=desired, reason=Reason.UNDONE)
    return found


def spare_items(draft: Draft) -> list[Action]:
    """Return removals of hidden items whose products are out, the longest hidden first."""
    evaluation, pairs = draft.evaluation, draft.pairing.pairs
    hidden = sorted(
        (listing.hidden_since, key)
        for key, (listing, _) in pairs.items()
        if listing.hidden_since is not None and key not in evaluation.desired
    )
    spare = []
    for _, key in hidden:
        listing, item = pairs[key]
        skip = evaluation.skipped.get(key)
        reason = skip.reason if skip else Reason.GONE
        if stays_in_vk(draft.context.undone.get(key), evaluation.refused.get(key, reason)):
            continue
        name = departed_name(listing, item)
        spare.append(Action(ActionKind.REMOVE, key, name, item.item_id, reason=reason, goes_first=True))
    return spare


def _missing(draft: Draft) -> list[ProductKey]:
    """Return the products without an item, in the order of the upload."""
    desired, pairs = draft.evaluation.desired, draft.pairing.pairs
    missing = ((key, item) for key, item in desired.items() if key not in pairs)
    return [key for key, _ in sorted(missing, key=lambda pair: place_in_upload(*pair))]


def _suspended_until(draft: Draft) -> str:
    """Return until when no new item can be made, empty for now. It takes a picture, too."""
    ends = (draft.context.creates_suspended_until, draft.context.photos_suspended_until)
    until = max((end for end in ends if end), default=None)
    return until.isoformat() if until else ""


def _create(draft: Draft, key: ProductKey) -> Action:
    evaluation = draft.evaluation
    return Action(ActionKind.CREATE, key, evaluation.products[key].name, desired=evaluation.desired[key])


def _returning(draft: Draft, creates: Iterable[Action]) -> dict[ProductKey, RemovedItem]:
    """Return which of the new items VK may still have: those that a run removed, which is undone."""
    taken = {item.item_id for _, item in draft.pairing.pairs.values()}
    found: dict[ProductKey, RemovedItem] = {}
    for action in creates:
        one = draft.context.undone.get(action.key)
        if one and one.removed and one.removed.item_id not in taken:
            taken.add(one.removed.item_id)
            found[action.key] = one.removed
    return found
