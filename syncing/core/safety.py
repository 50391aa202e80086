"""The brake: which plans are too dangerous to start without asking the merchant."""

from collections.abc import Sequence

from syncing.core.choices import ActionKind, MatchKind, QuestionCode
from syncing.core.records import Action, Listing, Match, Question, Rules, SyncContext

SHRUNKEN_BELOW = 0.5


def questions(
    context: SyncContext, actions: Sequence[Action], matches: Sequence[Match], total: int
) -> tuple[Question, ...]:
    """Return what must be asked before the first write; `total` counts the items now in VK."""
    if not total:
        return ()
    limit = _limit(context.rules, total)
    asked = [*_about_source(context, actions)]
    counts = {
        QuestionCode.MANY_HIDDEN: sum(
            action.kind in (ActionKind.HIDE, ActionKind.REMOVE) for action in actions
        ),
        QuestionCode.MANY_PRICES: sum("price_kopecks" in action.changes for action in actions),
        QuestionCode.MANY_ZERO_STOCKS: sum(map(_runs_out, actions)),
        QuestionCode.MANY_LOST_IN_VK: sum(match.kind is MatchKind.LOST for match in matches),
    }
    asked += [Question(code, count, total) for code, count in counts.items() if count > limit]
    return tuple(asked)


def count_in_vk(listings: Sequence[Listing]) -> int:
    """Count the items that shoppers can see because of us."""
    return sum(listing.item_id is not None and listing.hidden_since is None for listing in listings)


def _limit(rules: Rules, total: int) -> float:
    return max(rules.brake_items, total * rules.brake_percent / 100)


def _about_source(context: SyncContext, actions: Sequence[Action]) -> list[Question]:
    """Ask about a till that lost all, half, or one store of its goods."""
    size, before = len(context.products), context.source.previous_size
    removing = [action for action in actions if action.kind in (ActionKind.HIDE, ActionKind.REMOVE)]
    vanished = sum(action.key.store_id in context.source.vanished_stores for action in removing)
    asked = []
    if vanished:
        asked.append(Question(QuestionCode.STORE_VANISHED, vanished, len(removing)))
    if not size and removing:
        asked.append(Question(QuestionCode.EMPTY_SOURCE, before, before))
    elif removing and before > context.rules.brake_items and size < before * SHRUNKEN_BELOW:
        asked.append(Question(QuestionCode.SHRUNKEN_SOURCE, before - size, before))
    return asked


def _runs_out(action: Action) -> bool:
    before, after = action.changes.get("stock", (None, None))
    return after == 0 and before != 0
