"""Products that get no item in VK yet: the merchant took them out, or others decide about them first."""

from dataclasses import replace

from syncing.core.choices import Reason
from syncing.core.copies import find_copies, find_replacements
from syncing.core.lost_marks import LostMarks
from syncing.core.plan.draft import Draft
from syncing.core.undone import needs_no_item, stays_out
from syncing.core.unknown_groups import UnknownGroups


def let_wait(draft: Draft) -> None:
    """Skip every product that must not appear in VK in this run."""
    _keep_out(draft)
    _wait_for_groups(draft)
    _wait_for_types(draft)
    _wait_behind_equals(draft)


def _keep_out(draft: Draft) -> None:
    """Make no item for what the merchant took out of VK; an item that exists stays, hidden."""
    for key, one in draft.context.undone.items():
        if key in draft.evaluation.desired and key not in draft.pairing.pairs and needs_no_item(one):
            draft.skip(key, Reason.KEPT_OUT)


def _wait_for_groups(draft: Draft) -> None:
    """Let nothing appear in VK that its group may forbid, while the group is not known.

    What VK shows stays; what is hidden stays hidden.
    """
    evaluation, pairs = draft.evaluation, draft.pairing.pairs
    groups = UnknownGroups(draft.context.groups, draft.context.rules)
    for key, desired in list(evaluation.desired.items()):
        if not groups.is_awaited(evaluation.products[key]):
            continue
        if key not in pairs:
            draft.skip(key, Reason.GROUP_UNKNOWN)
        elif pairs[key][1].hidden:
            evaluation.desired[key] = replace(desired, hidden=True)


def _wait_for_types(draft: Draft) -> None:
    """Let nothing appear in VK of which the till has taken away the type that kept it out.

    What VK shows stays; what is hidden stays hidden.
    """
    evaluation, pairs = draft.evaluation, draft.pairing.pairs
    if not any(product.unmarked_type for product in evaluation.products.values()):
        return
    for key in LostMarks(draft.context).single() & evaluation.desired.keys():
        if key not in pairs:
            draft.skip(key, Reason.MAY_BE_KEPT_OUT)
        elif pairs[key][1].hidden:
            evaluation.desired[key] = replace(evaluation.desired[key], hidden=True)


def _wait_behind_equals(draft: Draft) -> None:
    """Let no product appear in VK beside an equal one, or one that it replaces, until a re-import ends.

    Nor in the place of one that the merchant took out of VK, or leaves out by a rule: tags and decisions go
    over to the new one when the old one leaves.
    """
    context, evaluation = draft.context, draft.evaluation
    kept_out = {key for key, one in context.undone.items() if key in evaluation.products and stays_out(one)}
    shown = {key for key, desired in evaluation.desired.items() if not desired.hidden}
    products = [one for key, one in evaluation.products.items() if key in shown or key in kept_out]
    # What went into another store's card is in VK by that.
    on_cards = {key for key, card in evaluation.merged.items() if card in draft.pairing.pairs}
    products += [one for one in context.products if one.key in on_cards]
    in_place = {*draft.pairing.pairs, *kept_out, *on_cards}
    by_rule = {key for key, skip in evaluation.skipped.items() if skip.reason == Reason.RULE}
    left_out = [one for one in context.products if one.key in by_rule]
    replacing = find_replacements([*products, *left_out], in_place | by_rule)
    waiting = dict.fromkeys(replacing, Reason.MAY_REPLACE)
    waiting |= dict.fromkeys(find_copies(products, in_place), Reason.COPY)
    for key, reason in waiting.items():
        draft.skip(key, reason)
