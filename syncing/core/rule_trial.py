"""What a run would ask the merchant about a rule for goods, told before the rule is kept."""

from collections.abc import Mapping

from syncing.core.choices import ActionKind
from syncing.core.records import Action, DesiredItem, ProductKey, Question, SyncContext
from syncing.core.safety import SafetyCheck, is_in_vk

AMOUNTS = ("price_kopecks", "stock")
Desired = Mapping[ProductKey, DesiredItem]


def questions_of_rule(context: SyncContext, before: Desired, after: Desired) -> tuple[Question, ...]:
    """Return the questions that a rule raises by how much it changes; the listings tell what is in VK."""
    shown = [one.key for one in context.listings if is_in_vk(one) and one.key in before]
    actions = (_action(key, before[key], after.get(key)) for key in shown)
    return tuple(SafetyCheck(context).about_amounts([one for one in actions if one is not None]))


def _action(key: ProductKey, old: DesiredItem, new: DesiredItem | None) -> Action | None:
    """Return what a run would do to an item because of the rule, None where the safety check asks nothing."""
    if new is None or (new.hidden and not old.hidden):
        return Action(ActionKind.HIDE, key, old.title)
    pairs = {name: (getattr(old, name), getattr(new, name)) for name in AMOUNTS}
    changes = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    return Action(ActionKind.UPDATE, key, new.title, desired=new, changes=changes) if changes else None
