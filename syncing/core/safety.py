"""The safety check: which plans are too dangerous to start without asking the merchant."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from syncing.core.broken_texts import Rewritten, renamed_groups, rewritten_descriptions
from syncing.core.choices import ActionKind, Field, MatchKind, QuestionCode
from syncing.core.copies import find_namesakes
from syncing.core.descriptions import says_other_unit
from syncing.core.distinct_titles import is_other_name
from syncing.core.group_tree import GroupTree
from syncing.core.last_known import ALL_IS_MANY, FEW, is_many, is_told_by_all
from syncing.core.lost_filters import LostFilters
from syncing.core.lost_marks import LostMarks
from syncing.core.price_decisions import is_answered
from syncing.core.promotion_ends import PromotionEnds
from syncing.core.records import (
    Action,
    DesiredItem,
    Listing,
    Match,
    ProductKey,
    Question,
    SourceProduct,
    SyncContext,
    Undone,
)
from syncing.core.shown_stock import UNLIMITED

SHRUNKEN_BELOW = 0.5
# So much of what is for sale in a small shop is nearly all of it.
NEARLY_ALL = 0.75
LEAVING = (ActionKind.HIDE, ActionKind.REMOVE)
APPEARING = (ActionKind.CREATE, ActionKind.RESTORE)
# The name of groups among the gaps of a source.
GROUPS = "groups"
# The questions about what a source does not tell: no action raises them, so approving the plan answers
# them for as long as the gap does not grow.
ABOUT_GAPS: Mapping[QuestionCode, str] = {
    QuestionCode.GROUPS_VANISHED: GROUPS,
    **{QuestionCode[f"UNTOLD_{name.name}"]: name.value for name in Field},
}

# What the rest of a plan may raise although the whole did not: fewer goods appear beside more that are there.
RAISED_BY_PARTS = frozenset(
    {
        *ABOUT_GAPS,
        QuestionCode.GROUPS_UNKNOWN,
        QuestionCode.MANY_NAMESAKES,
        QuestionCode.MANY_LOST_IN_VK,
    }
)


class SafetyCheck:
    """Finds what must be asked before the first write of a plan."""

    def __init__(self, context: SyncContext) -> None:
        self._context = context
        # The items that shoppers see because of us.
        self._total = count_in_vk(context.listings)
        rules = context.rules
        # Up to this number of changes of one kind no question is asked.
        self.limit = max(rules.brake_items, self._total * rules.brake_percent / 100)

    def questions(
        self, actions: Sequence[Action], matches: Sequence[Match], *, answered: Collection[str] = ()
    ) -> tuple[Question, ...]:
        """Return the questions that the source, these actions and these matches raise.

        While VK has no item of ours there is nothing to lose; only what may not be shown is asked
        about, and what an undone run would show again. `answered` are the codes of questions that no action
        raises, about gaps and renamed groups, and that the merchant has answered.
        """
        unknown = (
            *self._about_unknown_groups(actions),
            *self._about_lost_filters(actions),
            *self._about_lost_marks(actions),
            *self._about_returning(actions),
        )
        if not self._total:
            return unknown
        gaps = (question for question in self._about_gaps() if question.code not in answered)
        texts = (question for question in self._about_texts(actions) if question.code not in answered)
        return (*self._about_source(actions), *gaps, *unknown, *self.about_amounts(actions, matches), *texts)

    def _about_texts(self, actions: Sequence[Action]) -> Iterator[Question]:
        """Ask about descriptions and names of groups that a broken exchange may have written."""
        if self._is_broken(
            found := rewritten_descriptions(self._context, actions), few=self.limit, least=ALL_IS_MANY
        ):
            yield Question(QuestionCode.MANY_DESCRIPTIONS, found.count, self._total)
        few = self._context.rules.brake_items
        if self._is_broken(found := renamed_groups(self._context), few=few, least=1):
            yield Question(QuestionCode.MANY_GROUPS, found.count, found.total)

    def _is_broken(self, found: Rewritten, *, few: float, least: int) -> bool:
        """Return True for many rewritten texts, and for all of a few of which most cannot be right."""
        many = max(few, found.total * self._context.rules.brake_percent / 100)
        is_all = found.count >= max(found.total, least) and found.broken * 2 > found.count
        return found.count > many or is_all

    def _about_gaps(self) -> Iterator[Question]:
        """Ask about fields and groups that the till no longer gives for many products."""
        gaps, accepted = source_gaps(self._context), self._context.source.accepted_gaps
        for code, name in ABOUT_GAPS.items():
            lost = gaps.get(name, 0) - accepted.get(name, 0)
            if lost <= 0:
                continue
            total = len(self._context.groups) if name == GROUPS else self._knowing(Field(name))
            if is_many(lost, total, few=self._context.rules.brake_items):
                yield Question(code, gaps[name], total)

    def _knowing(self, name: Field) -> int:
        """Return how many products have a value in this field, told or last known."""
        return sum(
            name in product.kept_fields or is_told_by_all(name) or bool(_value(product, name))
            for product in self._context.products
        )

    def _about_unknown_groups(self, actions: Iterable[Action]) -> Iterator[Question]:
        """Ask before goods appear of whose groups one is not known, not even whether it may be sold."""
        tree = GroupTree(self._context.groups)
        nowhere = {
            product.key
            for product in self._context.products
            if not tree.is_whole(product.key.store_id, product.group_id)
        }
        appearing = [action.key for action in actions if action.kind in APPEARING]
        count = sum(key in nowhere for key in appearing)
        if is_many(count, len(appearing), few=self._context.rules.brake_items):
            yield Question(QuestionCode.GROUPS_UNKNOWN, count, len(appearing))

    def _about_lost_filters(self, actions: Iterable[Action]) -> Iterator[Question]:
        """Ask before goods appear that may be ones that a filter left out under another id."""
        appearing = [action.key for action in actions if action.kind in APPEARING]
        if appearing and self._context.filters:
            count = sum(map(self._lost_filters.concerns, appearing))
            if count:
                yield Question(QuestionCode.FILTERS_LOST, count, len(appearing))

    def _about_lost_marks(self, actions: Iterable[Action]) -> Iterator[Question]:
        """Ask before goods appear that may be kept-out ones which the till was loaded with again."""
        appearing = [action.key for action in actions if action.kind in APPEARING]
        lost = LostMarks(self._context)
        if count := sum(map(lost.concerns, appearing)):
            yield Question(QuestionCode.MARKS_LOST, count, len(appearing))

    def _about_returning(self, actions: Iterable[Action]) -> Iterator[Question]:
        """Ask before an undone run shows many goods again: it is as big a change as their leaving was."""
        undone = self._context.undone
        count = sum(action.kind in APPEARING and brings_back(undone.get(action.key)) for action in actions)
        if count > self.limit:
            yield Question(QuestionCode.MANY_RETURNING, count, self._total)

    @cached_property
    def _sent(self) -> Mapping[ProductKey, DesiredItem]:
        return {one.key: one.sent for one in self._context.listings if one.sent is not None}

    @cached_property
    def _promotion_ends(self) -> PromotionEnds:
        return PromotionEnds(self._context)

    @cached_property
    def _lost_filters(self) -> LostFilters:
        return LostFilters(self._context)

    def _about_source(self, actions: Sequence[Action]) -> Iterator[Question]:
        """Ask about a till that lost all, half, or one store of its goods."""
        size, before = len(self._context.products), self._context.source.previous_size
        leaving = [action for action in actions if action.kind in LEAVING]
        vanished = sum(action.key.store_id in self._context.source.vanished_stores for action in leaving)
        if vanished:
            yield Question(QuestionCode.STORE_VANISHED, vanished, len(leaving))
        if not size and leaving:
            yield Question(QuestionCode.EMPTY_SOURCE, before, before)
        elif leaving and size < before * SHRUNKEN_BELOW and self._is_large(before - size, of=before):
            yield Question(QuestionCode.SHRUNKEN_SOURCE, before - size, before)

    def _is_large(self, count: int, *, of: int) -> bool:
        """Return True for a number of goods that is worth a question, also in a shop of few."""
        few = self._context.rules.brake_items
        return of > few or (few <= FEW and count >= ALL_IS_MANY)

    def about_amounts(self, actions: Sequence[Action], matches: Iterable[Match] = ()) -> Iterator[Question]:
        """Ask about a change of more items than the rules allow at once; in an empty shop there are none."""
        counts = {
            QuestionCode.MANY_HIDDEN: sum(action.kind in LEAVING for action in actions),
            QuestionCode.MANY_PRICES: sum(map(self._is_price_asked_about, actions)),
            QuestionCode.MANY_NAMES: self._count_renamed(actions),
            QuestionCode.MANY_UNITS: sum(map(_has_other_unit, actions)),
            QuestionCode.MANY_ZERO_STOCKS: sum(map(_runs_out, actions)),
            QuestionCode.MANY_ENDLESS_STOCKS: sum(map(self._has_too_much, actions)),
            QuestionCode.MANY_LOST_IN_VK: sum(map(self._is_lost, matches)),
            QuestionCode.MANY_NAMESAKES: self._count_namesakes(actions, matches),
        }
        emptied = self._emptied_by(actions)
        for code, count in counts.items():
            # The names of a small shop may all be others by the merchant's edits, which then name goods.
            is_all = code is QuestionCode.MANY_NAMES and count >= max(self._total, ALL_IS_MANY)
            is_all = (is_all and self._name_no_goods(actions)) or code in emptied
            if count > self.limit or is_all:
                yield Question(code, count, self._total)

    def _emptied_by(self, actions: Sequence[Action]) -> frozenset[QuestionCode]:
        """Return the questions about a small shop in which hardly anything would be left for sale.

        Its last goods may be sold one by one; three at once, nearly all and most of the shop, seldom are.
        A merchant who wants to be asked less often than usual is not asked this.
        """
        for_sale = {key for key, sent in self._sent.items() if not sent.hidden and sent.stock}
        shown = {one.key for one in self._context.listings if is_in_vk(one)} & for_sale
        causes = {
            QuestionCode.MANY_HIDDEN: {one.key for one in actions if one.kind in LEAVING},
            QuestionCode.MANY_ZERO_STOCKS: {one.key for one in actions if _runs_out(one)},
            QuestionCode.MANY_ENDLESS_STOCKS: {one.key for one in actions if self._has_too_much(one)},
        }
        gone = shown & frozenset().union(*causes.values())
        is_most = len(gone) >= len(shown) * NEARLY_ALL and len(gone) * 2 > self._total
        if not (is_most and self._is_large(len(gone), of=0)):
            return frozenset()
        return frozenset(code for code, keys in causes.items() if keys & gone)

    def _count_renamed(self, actions: Iterable[Action]) -> int:
        """Return how many items would get another name that the merchant has not written for VK."""
        return len(self._renamed(actions))

    def _renamed(self, actions: Iterable[Action]) -> list[tuple[SourceProduct, str]]:
        """Return such products, each with the title that its item has now."""
        changes = {one.key: one.changes["title"] for one in actions if "title" in one.changes}
        titles = {key: (str(before or ""), str(after or "")) for key, (before, after) in changes.items()}
        return [
            (one, titles[one.key][0])
            for one in (self._context.products if titles else ())
            if one.key in titles and not one.own_title and is_other_name(*titles[one.key], name=one.name)
        ]

    def _name_no_goods(self, actions: Iterable[Action]) -> bool:
        """Return True if most new names have no letters, are alike, or were those of other goods."""
        renamed = self._renamed(actions)
        names = [one.name.casefold() for one, _before in renamed]
        alike, taken = Counter(names), {before.casefold() for _one, before in renamed}
        wrong = [one for one in names if alike[one] > 1 or one in taken or not any(map(str.isalpha, one))]
        return len(wrong) * 2 > len(names)

    def _has_too_much(self, action: Action) -> bool:
        """Return True for a counted stock that becomes as large as VK can show: no shop has so much."""
        before, after = action.changes.get("stock", (None, None))
        return after == self._context.limits.stock and before not in (after, UNLIMITED)

    def _count_namesakes(self, actions: Iterable[Action], matches: Iterable[Match]) -> int:
        """Return how many goods would be made that may be in VK already: a re-import that has not ended."""
        made = [action.key for action in actions if action.kind is ActionKind.CREATE]
        if not made:
            return 0
        moved = {match.old_key for match in matches if match.kind is MatchKind.RELINKED}
        shown = [one.key for one in self._context.listings if is_in_vk(one) and one.key not in moved]
        return len(find_namesakes(made, {one.key: one for one in self._context.products}, shown))

    def _is_lost(self, match: Match) -> bool:
        """Return True for an item that has disappeared from VK, unless we are restoring it."""
        one = self._context.undone.get(match.key)
        return match.kind is MatchKind.LOST and not (one and one.removed)

    def _is_price_asked_about(self, action: Action) -> bool:
        """Return True for a new price to which the merchant has not said yes already.

        The end of a promotion is a part of the promotion: its goods do not stay cheap for want of an answer.
        """
        if "price_kopecks" not in action.changes or action.desired is None:
            return False
        sent = self._sent.get(action.key)
        if sent is not None and self._promotion_ends.explain(action.key, sent, action.desired):
            return False
        return not is_answered(self._context.price_decisions.get(action.key), action.desired)


def brings_back(one: Undone | None) -> bool:
    """Return True if the merchant took back that an item was hidden or removed."""
    return one is not None and one.kept.get("hidden") is False


def source_gaps(context: SyncContext) -> dict[str, int]:
    """Return how many products keep each field, and how many groups that hold products are not listed."""
    counts = Counter(name.value for product in context.products for name in product.kept_fields)
    if not all(group.is_listed for group in context.groups):
        tree = GroupTree(context.groups)
        homes = {(product.key.store_id, product.group_id) for product in context.products}
        named = {group for home in homes for group in tree.path(*home)}
        counts[GROUPS] = sum(not group.is_listed for group in named)
    return dict(sorted(counts.items()))


def _value(product: SourceProduct, name: Field) -> object:
    return product.group_id if name is Field.GROUP else getattr(product, name.value)


def count_in_vk(listings: Iterable[Listing]) -> int:
    """Return how many items shoppers can see because of us."""
    return sum(map(is_in_vk, listings))


def is_in_vk(listing: Listing) -> bool:
    """Return True if shoppers see the item because of us."""
    return listing.item_id is not None and listing.hidden_since is None


def _runs_out(action: Action) -> bool:
    before, after = action.changes.get("stock", (None, None))
    return after == 0 and before != 0


def _has_other_unit(action: Action) -> bool:
    before, after = action.changes.get("description", ("", ""))
    return says_other_unit(str(before or ""), str(after or ""))
