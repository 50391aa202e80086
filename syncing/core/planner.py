"""The planner: from the till, the rules and VK's present state to a list of actions.

`sync_user` is a pure function. It reads no clock and does no I/O; the publisher carries its plan out.
`syncing/core/plan` holds the parts, which all read and fill one draft.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from operator import attrgetter

from syncing.core.choices import ActionKind
from syncing.core.collector import collector_paused
from syncing.core.evaluation import evaluate_all
from syncing.core.matching import pair
from syncing.core.plan.album_terms import choose_albums
from syncing.core.plan.departures import already_hidden, items_that_stay, plan_departures, rules_that_exclude
from syncing.core.plan.draft import Draft
from syncing.core.plan.kept_items import compare_kept_items, hidden_by_merchant, hide_second_items
from syncing.core.plan.moved_goods import follow_moved_goods
from syncing.core.plan.new_items import items_that_return, plan_new_items, removed_by_merchant, spare_items
from syncing.core.plan.waiting import let_wait
from syncing.core.price_control import hold_prices
from syncing.core.records import Action, AlbumRename, DesiredItem, ProductKey, SyncContext, SyncResult
from syncing.core.safety import SafetyCheck
from syncing.core.undone import keep_undone, refused_goods, tell_titles_apart

# Cheap and urgent first, so that a price is right before a thousand pictures are drawn; removals last.
ORDER = {
    ActionKind.HIDE: 0,
    ActionKind.UPDATE: 1,
    ActionKind.RESTORE: 1,
    ActionKind.CREATE: 2,
    ActionKind.REMOVE: 3,
}
# Removals of items that are shown, and those without which there is no room, go right before new items.
BEFORE_NEW_ITEMS = 1.5

# How much of a plan's fingerprint is that of its renamed albums.
RENAMES_LENGTH = 16

# A desired item as Python writes it. What a price was made from is only noted, and says nothing here.
_NOTED = frozenset({"till_kopecks", "cost_kopecks"})
_FIELDS = [one.name for one in fields(DesiredItem)]
_SHAPE = f"DesiredItem({', '.join(f'{name}=None' if name in _NOTED else f'{name}=%r' for name in _FIELDS)})"
_values = attrgetter(*(name for name in _FIELDS if name not in _NOTED))


@collector_paused()
def sync_user(context: SyncContext) -> SyncResult:
    """Return the plan that makes VK equal to the till under the merchant's rules.

    Same context, same plan, same order; a plan carried out and planned again is empty.
    """
    # What is held is judged below.
    evaluation = evaluate_all(replace(context, price_decisions={}))
    pairing = pair(context.listings, context.channel_items, evaluation.products.values())
    draft = Draft(context, evaluation, pairing)
    follow_moved_goods(draft)
    prices = hold_prices(draft.context, evaluation, pairing)
    undone = keep_undone(draft.context.undone, evaluation, pairing.pairs)
    tell_titles_apart(undone, evaluation, context.limits)
    let_wait(draft)
    evaluation.refused = refused_goods(draft.context, evaluation)

    returns, staying = items_that_return(draft), items_that_stay(draft)
    shown_again = {one.key: one.desired for one in returns.values() if one.desired and not one.desired.hidden}
    albums = choose_albums(draft, staying | shown_again)
    kept = compare_kept_items(draft, albums, undone.in_force)
    departures = plan_departures(draft, staying, albums)
    leaving = {action.key for action in departures}
    spare = [action for action in spare_items(draft) if action.key not in leaving]
    new = plan_new_items(draft, returns, spare)

    actions = sorted([*kept.actions, *departures, *new.made_room, *new.creates], key=_place)
    return SyncResult(
        actions=_in_upload_order(actions, new.creates),
        skipped=tuple(evaluation.skipped[key] for key in sorted(evaluation.skipped)),
        matches=tuple(pairing.matches),
        questions=SafetyCheck(draft.context).questions(actions, pairing.matches),
        unchanged=kept.unchanged,
        desired=evaluation.desired | {one.key: one.desired for one in new.creates if one.desired},
        merchant_fields=kept.taken_over,
        confirmed=kept.confirmed,
        kept_forms=kept.kept_forms,
        departed=already_hidden(draft),
        kept_hidden=hidden_by_merchant(draft, kept.taken_over),
        second_items=hide_second_items(pairing),
        albums=albums,
        spare=new.spare,
        plan_hash=plan_hash(actions, albums.renames),
        categories=evaluation.categories,
        held_prices=tuple(prices.held),
        large_prices=tuple(prices.large),
        decided_prices=frozenset(prices.decided),
        ended_undone=undone.ended | removed_by_merchant(draft),
        returning=new.returning,
        rule_names=evaluation.rule_names | rules_that_exclude(draft, departures),
    )


def plan_hash(actions: Iterable[Action], renames: Iterable[AlbumRename] = ()) -> str:
    """Return a fingerprint of what a plan would do, the same whenever it would do the same.

    It ends with that of its renamed albums: they are approved by themselves, as no action stands for them.
    """
    digest = hashlib.sha256()
    for action in actions:
        changes = sorted((name, repr(new)) for name, (_, new) in action.changes.items())
        wanted = _SHAPE % _values(action.desired) if action.desired else "None"
        line = (action.kind.value, tuple(action.key), action.item_id, changes, wanted)
        digest.update(repr(line).encode())
    return digest.hexdigest()[:-RENAMES_LENGTH] + _renames_hash(renames)


def renames_the_same(one: str, other: str) -> bool:
    """Return True if the plans of these two fingerprints give albums the same new titles."""
    return one[-RENAMES_LENGTH:] == other[-RENAMES_LENGTH:]


def _renames_hash(renames: Iterable[AlbumRename]) -> str:
    lines = sorted((one.album_id, one.title) for one in renames)
    return hashlib.sha256(repr(lines).encode()).hexdigest()[:RENAMES_LENGTH]


def _place(action: Action) -> tuple[float, ProductKey]:
    return BEFORE_NEW_ITEMS if action.goes_first else ORDER[action.kind], action.key


def _in_upload_order(actions: Iterable[Action], creates: Sequence[Action]) -> tuple[Action, ...]:
    """Return the actions with the new items as `creates` has them.

    The hash is made before, by key: it is the same for the same plan.
    """
    order = {one.key: n for n, one in enumerate(creates) if one.kind is ActionKind.CREATE}
    return tuple(sorted(actions, key=lambda action: (_place(action)[0], order.get(action.key, 0))))
