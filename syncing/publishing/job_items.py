"""How a step of a plan is written into the history of its run, and read there again."""

from collections.abc import Mapping

from syncing.core.choices import ActionKind
from syncing.core.records import Action, CategoryChoice

# Of a new item, what the merchant would look at first.
SHOWN_OF_NEW = ("title", "price_kopecks", "stock", "category_id", "album")

# By field: what VK shows, and what takes its place.
Changes = Mapping[str, tuple[object, object]]


def planned_changes(action: Action) -> Changes:
    """Return what a step writes, field by field; of a new item what the merchant would look at first."""
    if action.kind is not ActionKind.CREATE or action.desired is None:
        return action.changes
    return {name: (None, getattr(action.desired, name)) for name in SHOWN_OF_NEW}


def changes_to_json(changes: Changes, choice: CategoryChoice | None) -> dict[str, list[object]]:
    """Return the changes as the row keeps them; a VK category with the reason why it was chosen."""
    kept: dict[str, list[object]] = {name: list(pair) for name, pair in changes.items()}
    if "category_id" in kept and choice is not None:
        kept["category_id"][1] = {"id": choice.category_id, "source": choice.source, "basis": choice.basis}
    return kept


def writes_the_same(kept: object, value: object) -> bool:
    """Return True if a new value of a field, as a row keeps it, stands for this value of a plan."""
    if isinstance(kept, Mapping) and "basis" in kept:
        return bool(kept["id"] == value)
    return kept == (list(value) if isinstance(value, tuple) else value)
