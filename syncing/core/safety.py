"""The safety check: which plans are too dangerous to start without asking the merchant."""

from collections.abc import Iterable, Iterator, Sequence

from syncing.core.choices import ActionKind, MatchKind, QuestionCode
from syncing.core.records import Action, Listing, Match, Question, SyncContext

SHRUNKEN_BELOW = 0.5
LEAVING = (ActionKind.HIDE, ActionKind.REMOVE)


class SafetyCheck:
    """Finds what must be asked before the first write of a plan."""

    def __init__(self, context: SyncContext) -> None:
        self._context = context
        # The items that shoppers see because of us.
        self._total = count_in_vk(context.listings)
        rules = context.rules
        self._limit = max(rules.brake_items, self._total * rules.brake_percent / 100)

    def questions(self, actions: Sequence[Action], matches: Sequence[Match]) -> tuple[Question, ...]:
        """Return the questions that these actions and matches raise, none while VK has no item of ours."""
        if not self._total:
            return ()
        return (*self._about_source(actions), *self._about_amounts(actions, matches))

    def _about_source(self, actions: Sequence[Action]) -> Iterator[Question]:
        """Ask about a till that lost all, half, or one store of its goods."""
        size, before = len(self._context.products), self._context.source.previous_size
        leaving = [action for action in actions if action.kind in LEAVING]
        vanished = sum(action.key.store_id in self._context.source.vanished_stores for action in leaving)
        if vanished:
            yield Question(QuestionCode.STORE_VANISHED, vanished, len(leaving))
        if not size and leaving:
            yield Question(QuestionCode.EMPTY_SOURCE, before, before)
        elif leaving and before > self._context.rules.brake_items and size < before * SHRUNKEN_BELOW:
            yield Question(QuestionCode.SHRUNKEN_SOURCE, before - size, before)

    def _about_amounts(self, actions: Sequence[Action], matches: Iterable[Match]) -> Iterator[Question]:
        """Ask about a change of more items than the rules allow at once."""
        counts = {
            QuestionCode.MANY_HIDDEN: sum(action.kind in LEAVING for action in actions),
            QuestionCode.MANY_PRICES: sum("price_kopecks" in action.changes for action in actions),
            QuestionCode.MANY_ZERO_STOCKS: sum(map(_runs_out, actions)),
            QuestionCode.MANY_LOST_IN_VK: sum(match.kind is MatchKind.LOST for match in matches),
        }
        for code, count in counts.items():
            if count > self._limit:
                yield Question(code, count, self._total)


def count_in_vk(listings: Iterable[Listing]) -> int:
    """Return how many items shoppers can see because of us."""
    return sum(listing.item_id is not None and listing.hidden_since is None for listing in listings)


def _runs_out(action: Action) -> bool:
    before, after = action.changes.get("stock", (None, None))
    return after == 0 and before != 0
