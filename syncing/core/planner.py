"""The planner: from the till, the rules and VK's present state to a list of actions.

`sync_user` is a pure function. It reads no clock and does no I/O; the publisher carries its plan out.
"""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from syncing.core.albums import may_enter, must_stay, plan_albums
from syncing.core.choices import ActionKind, AlbumStep, MatchKind, Reason, Removal, Stores
from syncing.core.copies import find_copies, find_replacements
from syncing.core.create_order import place_in_upload
from syncing.core.diff import album_change, album_key, confirmed, difference, owned_fields
from syncing.core.drawn_pictures import RESTYLED_PER_RUN, is_restyled
from syncing.core.evaluation import Evaluation, evaluate_all
from syncing.core.matching import Pairing, follow_cards, pair, relink, relink_through
from syncing.core.price_control import hold_prices
from syncing.core.records import (
    Action,
    AlbumPlan,
    ChannelItem,
    DesiredItem,
    KeptForm,
    Listing,
    ProductKey,
    RemovedItem,
    Skip,
    SourceProduct,
    SyncContext,
    SyncResult,
)
from syncing.core.reimport import find_through
from syncing.core.safety import SafetyCheck
from syncing.core.undone import (
    ITEM,
    brought_back,
    follow_items,
    keep_undone,
    needs_no_item,
    refused_goods,
    stays_in_vk,
    stays_out,
    stays_shown,
    tell_titles_apart,
)
from syncing.core.unknown_groups import UnknownGroups

# Cheap and urgent first, so that a price is right before a thousand pictures are drawn; removals last.
ORDER = {
    ActionKind.HIDE: 0,
    ActionKind.UPDATE: 1,
    ActionKind.RESTORE: 1,
    ActionKind.CREATE: 2,
    ActionKind.REMOVE: 3,
}


MAKES_ROOM = 1.5


def sync_user(context: SyncContext) -> SyncResult:
    """Return the plan that makes VK equal to the till under the merchant's rules.

    Same context, same plan, same order; a plan carried out and planned again is empty.
    """
    evaluation = evaluate_all(context)
    pairing = pair(context.listings, context.channel_items, evaluation.products.values())
    _relink_moved(context, evaluation, pairing)
    context = replace(
        context,
        undone=follow_items(context.undone, pairing.matches),
        price_decisions=follow_items(context.price_decisions, pairing.matches),
    )
    prices = hold_prices(context, evaluation, pairing)
    undone = keep_undone(context.undone, evaluation, pairing.pairs)
    tell_titles_apart(undone, evaluation, context.limits)
    _keep_out(context, evaluation, pairing)
    _wait_for_groups(context, evaluation, pairing)
    _wait_behind_equals(context, evaluation, pairing)
    evaluation.refused = refused_goods(context, evaluation)
    returns = _returns(context, evaluation, pairing)
    staying = _staying(context, evaluation, pairing)
    come_back = {one.key: one.desired for one in returns.values() if one.desired and not one.desired.hidden}
    albums = _choose_albums(context, evaluation, pairing, staying | come_back)
    _spread_restyling(evaluation, pairing)
    comparison = _compare(context, evaluation, pairing, albums, undone.in_force)
    departures = _departures(context, evaluation, pairing, staying, albums)
    leaving = {action.key for action in departures}
    spare = [action for action in _spare(context, evaluation, pairing) if action.key not in leaving]
    creates, made_room = _creates(context, evaluation, pairing, spare, returns)
    returning = _returning(context, pairing, creates)
    creates = [
        replace(one, item_id=returning[one.key].item_id) if one.key in returning else one for one in creates
    ]
    actions = [*comparison.actions, *departures, *made_room, *creates]
    # By key, the hash is the same for the same plan; then new items stand in the order of `creates`.
    actions.sort(key=_place)
    fingerprint = plan_hash(actions)
    order = {one.key: n for n, one in enumerate(creates) if one.kind is ActionKind.CREATE}
    return SyncResult(
        actions=tuple(sorted(actions, key=lambda action: (_place(action)[0], order.get(action.key, 0)))),
        skipped=tuple(evaluation.skipped[key] for key in sorted(evaluation.skipped)),
        matches=tuple(pairing.matches),
        questions=SafetyCheck(context).questions(actions, pairing.matches),
        unchanged=comparison.unchanged,
        desired=evaluation.desired | {one.key: one.desired for one in creates if one.desired},
        merchant_fields=comparison.taken_over,
        confirmed=comparison.confirmed,
        kept_forms=comparison.kept_forms,
        departed=_already_hidden(context, evaluation, pairing),
        kept_hidden=_kept_hidden(evaluation, pairing, comparison.taken_over),
        duplicates=_hide_duplicates(pairing),
        albums=albums,
        spare=tuple(spare[len(made_room) :]) if creates else (),
        plan_hash=fingerprint,
        categories=evaluation.categories,
        held_prices=tuple(prices.held),
        large_prices=tuple(prices.large),
        decided_prices=frozenset(prices.decided),
        ended_undone=undone.ended | _removed_by_merchant(context, evaluation, pairing),
        returning=returning,
        rule_names=evaluation.rule_names | _rules_that_exclude(evaluation, departures),
    )


def _place(action: Action) -> tuple[float, ProductKey]:
    return MAKES_ROOM if action.makes_room else ORDER[action.kind], action.key


def plan_hash(actions: Iterable[Action]) -> str:
    """Return a fingerprint of what a plan would do, the same whenever it would do the same."""
    digest = hashlib.sha256()
    for action in actions:
        changes = sorted((name, repr(new)) for name, (_, new) in action.changes.items())
        # What a price was made from is only noted.
        wanted = action.desired and replace(action.desired, till_kopecks=None, cost_kopecks=None)
        line = (action.kind.value, tuple(action.key), action.item_id, changes, repr(wanted))
        digest.update(repr(line).encode())
    return digest.hexdigest()


def _relink_moved(context: SyncContext, evaluation: Evaluation, pairing: Pairing) -> None:
    """Let items follow goods that came back under another id, went to another store or into a card."""
    products = {product.key: product for product in context.products}
    follow_cards(pairing, evaluation.merged, products)
    gone = {
        key: listing.last_known
        for key, (listing, _) in pairing.pairs.items()
        if key not in products and listing.last_known and _is_provably_gone(context, key)
    }
    if context.rules.stores == Stores.MERGE:
        # The same goods of a store that no longer takes part.
        gone |= {key: products[key] for key in _left_out_stores(evaluation) if key in pairing.pairs}
    if not gone:
        return
    reimported = _reimported_stores(pairing, gone)
    # Of equal goods the one that the others wait behind may take an item over.
    copies = find_copies(products.values(), pairing.pairs)
    present = [product for key, product in products.items() if key not in gone and key not in copies]
    # Then goods that are out of VK: their hidden items are theirs when they are let in again, renamed or not.
    elsewhere = {*evaluation.merged, *_left_out_stores(evaluation)}
    left_out = {key: products[key] for key in evaluation.skipped.keys() & products.keys() - elsewhere}
    for candidates in (evaluation.products, left_out):
        new = [one for key, one in candidates.items() if key not in pairing.pairs and key not in copies]
        still_gone = {key: product for key, product in gone.items() if key in pairing.pairs}
        if still_gone and new:
            relink(pairing, still_gone, new, present, reimported)
            _relink_through(context, pairing, still_gone, new, present)


def _relink_through(
    context: SyncContext,
    pairing: Pairing,
    gone: Mapping[ProductKey, SourceProduct],
    new: Sequence[SourceProduct],
    present: Sequence[SourceProduct],
) -> None:
    """Let items follow goods that changed their ids twice since the last run, by those in between."""
    seen = {product.key: product for product in context.gone_products}
    left = {key: seen.get(key, product) for key, product in gone.items() if key in pairing.pairs}
    between = [product for key, product in seen.items() if key not in pairing.pairs]
    if left and between:
        relink_through(pairing, find_through(left, between, present), left, new)


def _reimported_stores(pairing: Pairing, gone: Collection[ProductKey]) -> set[str]:
    """Return the stores in which every product that was for sale has left at once, two at least."""
    for_sale: dict[str, list[ProductKey]] = defaultdict(list)
    for key, (listing, _) in pairing.pairs.items():
        if listing.hidden_since is None:
            for_sale[key.store_id].append(key)
    return {
        store_id for store_id, keys in for_sale.items() if len(keys) > 1 and all(key in gone for key in keys)
    }


def _left_out_stores(evaluation: Evaluation) -> list[ProductKey]:
    return [key for key, skip in evaluation.skipped.items() if skip.reason == Reason.FILTER_STORE]


def _is_provably_gone(context: SyncContext, key: ProductKey) -> bool:
    return key.store_id in context.source.complete_stores or key.store_id in context.source.vanished_stores


def _choose_albums(
    context: SyncContext,
    evaluation: Evaluation,
    pairing: Pairing,
    staying: Mapping[ProductKey, DesiredItem],
) -> AlbumPlan:
    """Return the albums to have; products of groups that there can be no album for go without one.

    `staying` are items that keep theirs although their products are out.
    """
    albums = plan_albums(context, {**staying, **evaluation.desired}, pairing.pairs)
    for key, desired in evaluation.desired.items():
        evaluation.desired[key] = _with_possible_album(albums, desired)
    return albums


def _with_possible_album(albums: AlbumPlan, desired: DesiredItem) -> DesiredItem:
    """Return the item without its album where there can be none."""
    refused = (one.title for one in albums.refused if one.step is AlbumStep.MAKE)
    if desired.album and (desired.album in albums.left_out or desired.album in refused):
        return replace(desired, album="")
    return desired


@dataclass(slots=True)
class Comparison:
    """What became of the items that stay, by the names of SyncResult."""

    actions: list[Action] = field(default_factory=list)
    unchanged: int = 0
    taken_over: dict[ProductKey, frozenset[str]] = field(default_factory=dict)
    confirmed: dict[ProductKey, DesiredItem] = field(default_factory=dict)
    kept_forms: dict[ProductKey, Mapping[str, KeptForm]] = field(default_factory=dict)


def _compare(
    context: SyncContext,
    evaluation: Evaluation,
    pairing: Pairing,
    albums: AlbumPlan,
    undone: Mapping[ProductKey, frozenset[str]],
) -> Comparison:
    """Compare every item that stays with the one desired."""
    made = Comparison()
    own_albums = {key: pk for key, pk in context.own_albums.items() if key in albums.known}
    for key, wanted in list(evaluation.desired.items()):
        if key not in pairing.pairs:
            continue
        listing, item = pairing.pairs[key]
        desired = evaluation.desired[key] = _with_takeable_picture(context, listing, wanted)
        found = difference(
            listing,
            item,
            desired,
            albums.known,
            may_enter_album=may_enter(context, albums, listing.album_refusal, album_key(desired.album)),
            own_albums=own_albums,
            stays_in=must_stay(context, listing.stay_refusal),
        )
        if found.taken_over != listing.merchant_fields:
            made.taken_over[key] = found.taken_over
        if found.kept_forms != listing.kept_forms:
            made.kept_forms[key] = found.kept_forms
        if sent := confirmed(listing, item, desired, found, albums.known):
            made.confirmed[key] = sent
        elif listing.sent and listing.hidden_since and "hidden" not in found.changes:
            # It is back on sale: what was noted when it left the till holds no longer.
            made.confirmed[key] = listing.sent
        if found.changes:
            is_undone = "hidden" in undone.get(key, ())
            made.actions.append(
                _change(evaluation.products[key], item, desired, found.changes, is_undone=is_undone)
            )
        else:
            made.unchanged += 1
    for key, (listing, item) in pairing.pairs.items():
        owned = owned_fields(listing, item)
        if key not in evaluation.desired and owned != listing.merchant_fields:
            made.taken_over[key] = owned
    return made


def _keep_out(context: SyncContext, evaluation: Evaluation, pairing: Pairing) -> None:
    """Make no item for what the merchant took out of VK; one that is there stays, hidden."""
    for key, one in context.undone.items():
        if key in evaluation.desired and key not in pairing.pairs and needs_no_item(one):
            evaluation.skipped[key] = Skip(key, evaluation.products[key].name, Reason.KEPT_OUT)
            del evaluation.desired[key]


def _wait_for_groups(context: SyncContext, evaluation: Evaluation, pairing: Pairing) -> None:
    """Let nothing appear in VK that its group may forbid, while the group is not known.

    What VK shows stays; what is hidden stays hidden.
    """
    groups = UnknownGroups(context.groups, context.rules)
    for key, desired in list(evaluation.desired.items()):
        product = evaluation.products[key]
        if not groups.is_awaited(product):
            continue
        if key not in pairing.pairs:
            evaluation.skipped[key] = Skip(key, product.name, Reason.GROUP_UNKNOWN)
            del evaluation.desired[key]
        elif pairing.pairs[key][1].hidden:
            evaluation.desired[key] = replace(desired, hidden=True)


def _wait_behind_equals(context: SyncContext, evaluation: Evaluation, pairing: Pairing) -> None:
    """Let no product appear in VK beside an equal one, or one that it replaces, until a re-import ends.

    Nor in the place of one that the merchant took out of VK, or leaves out by a rule: tags and decisions go
    over to the new one when the old one leaves.
    """
    kept_out = {key for key, one in context.undone.items() if key in evaluation.products and stays_out(one)}
    shown = {key for key, desired in evaluation.desired.items() if not desired.hidden}
    products = [one for key, one in evaluation.products.items() if key in shown or key in kept_out]
    in_place = {*pairing.pairs, *kept_out}
    by_rule = {key for key, skip in evaluation.skipped.items() if skip.reason == Reason.RULE}
    left_out = [one for one in context.products if one.key in by_rule]
    replacing = find_replacements([*products, *left_out], in_place | by_rule)
    waiting = dict.fromkeys(replacing, Reason.MAY_REPLACE)
    waiting |= dict.fromkeys(find_copies(products, in_place), Reason.COPY)
    for key, reason in waiting.items():
        evaluation.skipped[key] = Skip(key, evaluation.products[key].name, reason)
        del evaluation.desired[key]


def _spread_restyling(evaluation: Evaluation, pairing: Pairing) -> None:
    """Let only so many drawn pictures change their style in one run; the others keep theirs so far."""
    restyled = [
        (key, listing)
        for key, (listing, _) in pairing.pairs.items()
        if key in evaluation.desired and is_restyled(listing, evaluation.desired[key])
    ]
    for key, listing in sorted(restyled, key=lambda pair: pair[0])[RESTYLED_PER_RUN:]:
        evaluation.desired[key] = _with_present_picture(listing, evaluation.desired[key])


def _with_takeable_picture(context: SyncContext, listing: Listing, desired: DesiredItem) -> DesiredItem:
    """Return the item with the picture that it has, while the channel takes no new ones."""
    return _with_present_picture(listing, desired) if context.photos_suspended_until else desired


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


def _spare(context: SyncContext, evaluation: Evaluation, pairing: Pairing) -> list[Action]:
    """Return removals of hidden items whose products are out, the longest hidden first."""
    hidden = sorted(
        (listing.hidden_since, key)
        for key, (listing, _) in pairing.pairs.items()
        if listing.hidden_since is not None and key not in evaluation.desired
    )
    spare = []
    for _, key in hidden:
        listing, item = pairing.pairs[key]
        skip = evaluation.skipped.get(key)
        name = listing.last_known.name if listing.last_known else item.title
        reason = skip.reason if skip else Reason.GONE
        if stays_in_vk(context.undone.get(key), evaluation.refused.get(key, reason)):
            continue
        spare.append(Action(ActionKind.REMOVE, key, name, item.item_id, reason=reason, makes_room=True))
    return spare


def _returns(context: SyncContext, evaluation: Evaluation, pairing: Pairing) -> dict[ProductKey, Action]:
    """Return the items that come back although their products are out: the merchant undid their removal."""
    found = {}
    ended = _removed_by_merchant(context, evaluation, pairing)
    for key, one in context.undone.items():
        if key in evaluation.desired or key in pairing.pairs or key in ended:
            continue
        reason = _why_out(context, evaluation, key)
        desired = brought_back(one)
        if desired and reason and stays_in_vk(one, reason):
            skip = evaluation.skipped.get(key)
            name = skip.name if skip else desired.title
            found[key] = Action(ActionKind.CREATE, key, name, desired=desired, reason=Reason.UNDONE)
    return found


def _returning(
    context: SyncContext, pairing: Pairing, creates: Iterable[Action]
) -> dict[ProductKey, RemovedItem]:
    """Return which of the new items VK may still have: those that a run removed, which is undone."""
    taken = {item.item_id for _, item in pairing.pairs.values()}
    found: dict[ProductKey, RemovedItem] = {}
    for action in creates:
        one = context.undone.get(action.key)
        if one and one.removed and one.removed.item_id not in taken:
            taken.add(one.removed.item_id)
            found[action.key] = one.removed
    return found


def _removed_by_merchant(
    context: SyncContext, evaluation: Evaluation, pairing: Pairing
) -> dict[ProductKey, frozenset[str]]:
    """Return the products whose item came back and which the merchant has removed in VK since.

    Where VK never confirmed that it came back, it is still awaited.
    """
    lost = {match.key for match in pairing.matches if match.kind is MatchKind.LOST}
    return {
        one.key: frozenset(context.undone[one.key].kept)
        for one in context.listings
        if one.key in lost and one.key not in evaluation.desired
        if ITEM in getattr(context.undone.get(one.key), "kept", ())
        if one.sent and one.sent.hidden is not None
    }


def _creates(
    context: SyncContext,
    evaluation: Evaluation,
    pairing: Pairing,
    spare: Sequence[Action],
    returns: Mapping[ProductKey, Action],
) -> tuple[list[Action], list[Action]]:
    """Return the items to make, as many as VK has room for, and the removals that make room for them.

    The other products are skipped, saying so; the items that only come back to it wait.
    """
    wanted = ((key, item) for key, item in evaluation.desired.items() if key not in pairing.pairs)
    missing = [key for key, _ in sorted(wanted, key=lambda pair: place_in_upload(*pair))]
    if until := max((end for end in _suspension_ends(context) if end), default=None):
        for key in missing:
            name = evaluation.products[key].name
            evaluation.skipped[key] = Skip(key, name, Reason.SUSPENDED, until.isoformat())
            del evaluation.desired[key]
        return [], []
    room = max(0, context.limits.items - len(context.channel_items))
    missing += sorted(returns)
    made_room = list(spare[: max(0, len(missing) - room)])
    room += len(made_room)
    for key in missing[room:]:
        if key in returns:
            continue
        evaluation.skipped[key] = Skip(
            key, evaluation.products[key].name, Reason.LIMIT, str(context.limits.items)
        )
        del evaluation.desired[key]
    return [
        returns.get(key)
        or Action(ActionKind.CREATE, key, evaluation.products[key].name, desired=evaluation.desired[key])
        for key in missing[:room]
    ], made_room


def _suspension_ends(context: SyncContext) -> tuple[datetime | None, ...]:
    """Return until when a new item cannot be made: it takes a picture, too."""
    return context.creates_suspended_until, context.photos_suspended_until


def _departures(
    context: SyncContext,
    evaluation: Evaluation,
    pairing: Pairing,
    staying: Mapping[ProductKey, DesiredItem],
    albums: AlbumPlan,
) -> list[Action]:
    """Return what to hide or remove: items whose product is gone or no longer eligible.

    Those that stay shown all the same are shown, and are in their albums.
    """
    actions = []
    for key, (listing, item) in pairing.pairs.items():
        if key in evaluation.desired:
            continue
        if not (reason := _why_out(context, evaluation, key)):
            continue
        one = context.undone.get(key)
        if key in staying:
            desired = _with_possible_album(albums, staying[key])
            action = _show_departed(context, listing, item, desired, albums)
        elif stays_shown(one, reason):
            continue
        else:
            action = _depart(context, listing, item, reason, may_remove=not stays_in_vk(one, reason))
        if action:
            actions.append(action)
    return actions


def _why_out(context: SyncContext, evaluation: Evaluation, key: ProductKey) -> str:
    """Return why a product is not for sale, empty where the reading does not say that it is not.

    What VK forbids comes before what is undone.
    """
    skip = evaluation.skipped.get(key)
    if skip is None and not _is_provably_gone(context, key):
        return ""
    return evaluation.refused.get(key) or (skip.reason if skip else Reason.GONE)


def _rules_that_exclude(
    evaluation: Evaluation, departures: Iterable[Action]
) -> dict[ProductKey, dict[str, str]]:
    """Return the names of the merchant's rules for which items leave."""
    skips = [evaluation.skipped[action.key] for action in departures if action.key in evaluation.skipped]
    return {skip.key: {"hidden": skip.detail} for skip in skips if skip.reason == Reason.RULE}


def _already_hidden(context: SyncContext, evaluation: Evaluation, pairing: Pairing) -> tuple[ProductKey, ...]:
    """Return the products that are out and whose items are hidden without our having noted since when."""
    return tuple(
        sorted(
            key
            for key, (listing, item) in pairing.pairs.items()
            if key not in evaluation.desired and item.hidden and listing.hidden_since is None
            if key in evaluation.skipped or _is_provably_gone(context, key)
        )
    )


def _kept_hidden(
    evaluation: Evaluation, pairing: Pairing, taken_over: Mapping[ProductKey, frozenset[str]]
) -> tuple[ProductKey, ...]:
    """Return the products for sale whose items the merchant has hidden in VK."""
    owned = {key: taken_over.get(key, listing.merchant_fields) for key, (listing, _) in pairing.pairs.items()}
    return tuple(sorted(key for key in evaluation.desired if "hidden" in owned.get(key, ())))


def _hide_duplicates(pairing: Pairing) -> tuple[Action, ...]:
    """Return what makes each product's second item invisible."""
    return tuple(
        Action(
            ActionKind.HIDE, key, item.title, item.item_id, None, {"hidden": (False, True)}, Reason.DUPLICATE
        )
        for key, item in sorted(pairing.duplicates.items())
        if not item.hidden
    )


def _staying(context: SyncContext, evaluation: Evaluation, pairing: Pairing) -> dict[ProductKey, DesiredItem]:
    """Return the items that are shown although their products are out: their leaving is undone."""
    return {
        key: replace(listing.sent, hidden=False)
        for key, (listing, item) in pairing.pairs.items()
        if key not in evaluation.desired and listing.sent is not None
        if stays_shown(context.undone.get(key), _why_out(context, evaluation, key))
        if "hidden" not in owned_fields(listing, item)
    }


def _show_departed(
    context: SyncContext, listing: Listing, item: ChannelItem, desired: DesiredItem, albums: AlbumPlan
) -> Action | None:
    """Show an item whose product is out, in its album."""
    changes: dict[str, tuple[object, object]] = {"hidden": (True, False)} if item.hidden else {}
    changes |= album_change(
        listing,
        item,
        desired,
        albums.known,
        own_albums={key: pk for key, pk in context.own_albums.items() if key in albums.known},
        may_enter=may_enter(context, albums, listing.album_refusal, album_key(desired.album)),
        stays_in=must_stay(context, listing.stay_refusal),
    )
    if not changes:
        return None
    kind = ActionKind.RESTORE if "hidden" in changes else ActionKind.UPDATE
    name = listing.last_known.name if listing.last_known else item.title
    return Action(kind, listing.key, name, item.item_id, desired, changes, Reason.UNDONE)


def _depart(
    context: SyncContext, listing: Listing, item: ChannelItem, reason: str, *, may_remove: bool
) -> Action | None:
    """Hide first, remove after the rules' number of days, unless the merchant wants it at once."""
    name = listing.last_known.name if listing.last_known else item.title
    overdue = listing.hidden_since is not None and (
        context.now - listing.hidden_since >= timedelta(days=context.rules.remove_after_days)
    )
    if may_remove and (context.rules.removal == Removal.DELETE or overdue):
        return Action(ActionKind.REMOVE, listing.key, name, item.item_id, reason=reason)
    was_hidden = item.hidden if item.hidden is not None else listing.hidden_since is not None
    if was_hidden:
        return None
    desired = replace(listing.sent, hidden=True) if listing.sent else None
    return Action(
        ActionKind.HIDE, listing.key, name, item.item_id, desired, {"hidden": (False, True)}, reason
    )
