"""Which new goods may be those that were kept out of VK, loaded again without what kept them out.

A till that is loaded again may leave out marks, types, groups and codes, and shorten the names. Then nothing
tells which of the new goods were forbidden, and those whose names do not say what they are need a question.
So do goods that stay and from which the till takes such marks, or names and groups that say as much, where
it does so to many at once.
"""

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property

from syncing.core.choices import Field, Reason
from syncing.core.evaluation import Evaluator
from syncing.core.last_known import is_many
from syncing.core.lost_filters import ONE_READING, REPLACED_WITHIN, Turnover
from syncing.core.records import ProductKey, SourceProduct, SyncContext
from syncing.core.reimport import SLOWEST_IMPORT, Till, came_later, find_succession
from syncing.core.restricted_goods.classifier import decision_on, is_marked, says_what_it_is
from syncing.core.restricted_goods.verdicts import Restriction

# Why goods are kept out that go to VK as soon as the till says less of them.
_KEPT_OUT = frozenset({*Restriction, Reason.UNSURE, Reason.DECIDED, Reason.NOT_FOR_SALE, Reason.SERVICE})
_MARKS = frozenset({Field.IS_EXCISABLE.value, Field.IS_AGE_LIMITED.value})
# So many marks of excise or age a merchant corrects within a day; more are taken away by something else.
CORRECTED = 2


class LostMarks:
    """Tells of a product whether it may be one that was kept out of VK, under another id."""

    def __init__(self, context: SyncContext) -> None:
        self._context = context

    def concerns(self, key: ProductKey) -> bool:
        """Return True if the product may be one that was kept out."""
        return key in self._doubtful

    def all(self) -> frozenset[ProductKey]:
        """Return all that it may concern, the single ones included."""
        return self._doubtful | self.single()

    def single(self) -> frozenset[ProductKey]:
        """Return the goods that a type or mark kept out, until the till took it away from few of them.

        Pushes may do so to one product at a time. No run asks about them: each waits for a decision about its
        name. A mark that is no type may be a slip that the merchant corrects, so a few may lose theirs.
        """
        now = self._context.now
        corrected = self._moments(lambda one: one.unmarked_type in _MARKS)
        return frozenset(
            one.key
            for one in self._context.products
            if one.unmarked_type
            and one.unmarked_at
            and now - one.unmarked_at <= REPLACED_WITHIN
            and one.key not in self._doubtful
            and (one.unmarked_type not in _MARKS or _number_beside(one, corrected) > CORRECTED)
            and not self._is_told_by_name(one)
        )

    def _moments(self, counts: Callable[[SourceProduct], bool]) -> dict[str, list[datetime]]:
        """Return when products lost their marks, by store and in order, for those of them that count."""
        found: dict[str, list[datetime]] = defaultdict(list)
        for one in self._context.products:
            if one.unmarked_at and counts(one):
                found[one.key.store_id].append(one.unmarked_at)
        for moments in found.values():
            moments.sort()
        return found

    @cached_property
    def _doubtful(self) -> frozenset[ProductKey]:
        loaded = (key for store in self._lost for key in self._doubtful_in(store))
        return frozenset((*loaded, *self._unmarked_together()))

    @cached_property
    def _lost(self) -> dict[str, list[SourceProduct]]:
        """The kept-out goods, by store, that left it with half of its goods."""
        context = self._context
        turnover = Turnover(context)
        found: dict[str, list[SourceProduct]] = defaultdict(list)
        for product in context.gone_products:
            if product.seen_at is None or context.now - product.seen_at > REPLACED_WITHIN:
                continue
            store = product.key.store_id
            if turnover.has_lost_half(store, product.seen_at) and self._is_kept_out(product):
                found[store].append(product)
        return found

    def _doubtful_in(self, store: str) -> Iterator[ProductKey]:
        context = self._context
        gone = [one for one in context.gone_products if one.key.store_id == store]
        present = [one for one in context.products if one.key.store_id == store]
        records = {one.key: one for one in present}
        came_back = find_succession(Till(gone), Till(present)).products
        kept_out = {one.key for one in self._lost[store]}
        # What was kept out and now would be shown has not come back as it was.
        successors = {key: records[came_back[key]] for key in kept_out if key in came_back}
        lost = {key for key in kept_out if not self._is_kept_out(successors.get(key))}
        moments = {one.seen_at for one in self._lost[store] if one.key in lost}
        followed = {new for old, new in came_back.items() if old not in lost}
        for moment in moments:
            for product in _loaded_after(moment, present):
                if product.key not in followed and not self._is_told_by_name(product):
                    yield product.key

    def _unmarked_together(self) -> Iterator[ProductKey]:
        """Yield the goods from which the till took the mark that kept them out, with many others at once."""
        now, few = self._context.now, self._context.rules.brake_items
        moments = self._moments(lambda _one: True)
        marked: Counter[str] = Counter()
        for one in self._context.products:
            marked[one.key.store_id] += _is_marked(one)
        for one in self._context.products:
            if one.unmarked_at is None or now - one.unmarked_at > REPLACED_WITHIN:
                continue
            number = _number_beside(one, moments)
            if is_many(number, number + marked[one.key.store_id], few=few) and not self._is_told_by_name(one):
                yield one.key

    @cached_property
    def _evaluator(self) -> Evaluator:
        context = self._context
        return Evaluator(context.rules, (), [*context.gone_groups, *context.groups], context.limits)

    def _is_kept_out(self, product: SourceProduct | None) -> bool:
        refusal = self._evaluator.refusal(product) if product else None
        return refusal is not None and refusal[0] in _KEPT_OUT

    def _is_told_by_name(self, product: SourceProduct) -> bool:
        decision = decision_on(product.name, (), self._context.rules.decisions)
        is_allowed = decision is not None and decision[0].may_sell
        return is_allowed or says_what_it_is(product.name)


def _number_beside(product: SourceProduct, moments: Mapping[str, Sequence[datetime]]) -> int:
    """Return how many products of its store lost their marks within a day of this one, itself included."""
    if product.unmarked_at is None:
        return 0
    beside = moments.get(product.key.store_id, ())
    first, last = product.unmarked_at - ONE_READING, product.unmarked_at + ONE_READING
    return bisect_right(beside, last) - bisect_left(beside, first)


def _is_marked(product: SourceProduct) -> bool:
    return is_marked(
        product.type,
        is_excisable=product.is_excisable,
        is_age_limited=product.is_age_limited,
        allow_to_sell=product.allow_to_sell,
    )


def _loaded_after(moment: datetime | None, present: Sequence[SourceProduct]) -> list[SourceProduct]:
    """Return the goods that came after the moment, until a slow load that began then has ended."""
    later = [(one.since, one) for one in present if one.since and came_later(one.since, moment)]
    first = min((since for since, _one in later), default=None)
    return [one for since, one in later if first and since <= first + SLOWEST_IMPORT]
