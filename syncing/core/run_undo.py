"""Puts goods back as they were before a run, and keeps them so until the till says something else.

An undone field holds its earlier value. It is let go when the till and the rules ask for another value
than the one that was undone: that is news, and no longer what the merchant took back.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from syncing.core.choices import ActionKind, Reason
from syncing.core.evaluation import Evaluation
from syncing.core.matching import Pairing
from syncing.core.records import DesiredItem, HeldValue, Listing, ProductKey, SyncContext

# Stock is what the till counts: an earlier number would sell what is not there. A picture that was replaced
# is no longer ours to put up.
FIELDS = (
    "price_kopecks",
    "old_price_kopecks",
    "title",
    "description",
    "category_id",
    "album",
    "hidden",
)
CHANGING = {ActionKind.UPDATE, ActionKind.RESTORE, ActionKind.HIDE}


@dataclass(frozen=True, slots=True)
class Step:
    """What a run did to an item: the fields that it changed, each with (before, after)."""

    kind: str
    reason: str
    changes: Mapping[str, tuple[object, object]]


@dataclass(slots=True)
class Undone:
    """What is held: products with an earlier price, hidden ones, and the fields that nothing holds now."""

    prices: set[ProductKey] = field(default_factory=set)
    hidden: set[ProductKey] = field(default_factory=set)
    lapsed: dict[ProductKey, frozenset[str]] = field(default_factory=dict)


def values_before(
    step: Step,
    sent: DesiredItem | None,
    held: Mapping[str, HeldValue],
    owned: frozenset[str] = frozenset(),
) -> dict[str, HeldValue]:
    """Return what to hold so that an item is as it was before this step of a run.

    What was changed after the run stays: by a later run, or by the merchant, whose own fields are `owned`.
    `held` is what an earlier undo holds of the item.
    """
    if sent is None:
        return {}
    changes = step.changes
    if step.kind == ActionKind.CREATE:
        changes = {"hidden": (True, False)}
    elif step.kind not in CHANGING or _left(step):
        return {}
    found = {}
    for name in FIELDS:
        if name not in changes or name in owned:
            continue
        old, new = (_plain(value) for value in changes[name])
        now = held[name].value if name in held else getattr(sent, name)
        if old is None or now != new or old == new:
            continue
        found[name] = HeldValue(old, held[name].undone if name in held else new)
    return found


def _left(step: Step) -> bool:
    """Return True if the step hid goods that had left the till or the merchant's rules."""
    return step.kind == ActionKind.HIDE and step.reason not in {"", Reason.OUT_OF_STOCK}


def _plain(value: object) -> object:
    """Return a value as an item has it; a run notes with a category who chose it."""
    return value.get("id") if isinstance(value, Mapping) else value


def hold_undone(context: SyncContext, evaluation: Evaluation, pairing: Pairing) -> Undone:
    """Give the items of undone runs their earlier values, as long as those hold."""
    found = Undone()
    for key, (listing, _) in pairing.pairs.items():
        desired = evaluation.desired.get(key)
        if desired is None or not listing.held:
            continue
        kept = still_held(listing, desired)
        if lapsed := listing.held.keys() - kept:
            found.lapsed[key] = frozenset(lapsed)
        evaluation.desired[key] = _at_values(desired, kept)
        if "price_kopecks" in kept:
            found.prices.add(key)
        if kept.get("hidden") is True:
            found.hidden.add(key)
    return found


def still_held(listing: Listing, desired: DesiredItem) -> dict[str, object]:
    """Return the earlier values of those fields for which the till still asks what was undone."""
    return {name: held.value for name, held in listing.held.items() if getattr(desired, name) == held.undone}


def _at_values(desired: DesiredItem, kept: Mapping[str, object]) -> DesiredItem:
    item = replace(desired, **kept)  # type: ignore[arg-type]
    # A price is not crossed out beside one that is as high.
    return item if item.old_price_kopecks > item.price_kopecks else replace(item, old_price_kopecks=0)
