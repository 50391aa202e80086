"""What a run would ask the merchant about a rule for goods, told before the rule is kept."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from syncing.core.choices import ActionKind, PriceCause
from syncing.core.price_control import cause_of
from syncing.core.price_decisions import ends_promotion, is_answered
from syncing.core.records import Action, DesiredItem, ProductKey, Question, SyncContext
from syncing.core.safety import SafetyCheck, is_in_vk

STOCK = ("stock",)
AMOUNTS = ("price_kopecks", *STOCK)
Desired = Mapping[ProductKey, DesiredItem]


def prices_that_wait(context: SyncContext, before: Desired, after: Desired) -> frozenset[ProductKey]:
    """Return the items whose new prices a run would hold, each for an answer of its own.

    Of what a rule changes these are the tenfold ones of goods that have an item. Where they are many the run
    asks about them together with all other new prices.
    """
    percent = context.rules.price_hold_percent
    if percent is None:
        return frozenset()
    tenfold = frozenset(
        one.key
        for one in context.listings
        if one.item_id is not None and one.key in before and one.key in after
        if _is_tenfold(before[one.key], after[one.key], percent)
        and not is_answered(context.price_decisions.get(one.key), after[one.key])
    )
    return tenfold if len(tenfold) <= SafetyCheck(context).limit else frozenset()


def _is_tenfold(old: DesiredItem, new: DesiredItem, percent: int) -> bool:
    if old.price_kopecks <= 0 or old.price_kopecks == new.price_kopecks or ends_promotion(old, new):
        return False
    return cause_of(old.price_kopecks, new.price_kopecks, percent) is PriceCause.TENFOLD


def questions_of_rule(
    context: SyncContext, before: Desired, after: Desired, waiting: Collection[ProductKey] = ()
) -> tuple[Question, ...]:
    """Return the questions that a rule raises by how much it changes; the listings tell what is in VK.

    The prices of the `waiting` ones are asked about one by one, and stay what they are meanwhile.
    """
    shown = [one.key for one in context.listings if is_in_vk(one) and one.key in before]
    actions = (_action(key, before[key], after.get(key), has_price=key not in waiting) for key in shown)
    sent = tuple(replace(one, sent=before.get(one.key)) for one in context.listings)
    check = SafetyCheck(replace(context, listings=sent))
    return tuple(check.about_amounts([one for one in actions if one is not None]))


def _action(key: ProductKey, old: DesiredItem, new: DesiredItem | None, *, has_price: bool) -> Action | None:
    """Return what a run would do to an item because of the rule, None where the safety check asks nothing."""
    if new is None or (new.hidden and not old.hidden):
        return Action(ActionKind.HIDE, key, old.title)
    amounts = AMOUNTS if has_price else STOCK
    pairs = {name: (getattr(old, name), getattr(new, name)) for name in amounts}
    changes = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    return Action(ActionKind.UPDATE, key, new.title, desired=new, changes=changes) if changes else None
