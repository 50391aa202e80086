"""Goods of whose groups the till does not tell all: not even whether one of them forbids the goods.

A product in a group which no reading has listed, or above which such a group stands, is judged without it.
Where the name does not say what the product is either, it must not appear in VK: the next reading tells the
group, or the merchant decides about the name.
"""

from collections.abc import Iterable

from syncing.core.group_tree import GroupTree, with_left_groups
from syncing.core.last_known import NEVER_LISTED
from syncing.core.records import Rules, SourceGroup, SourceProduct
from syncing.core.restricted_goods.classifier import decision_on, says_what_it_is


class UnknownGroups:
    """Tells which products must wait for their group."""

    def __init__(self, groups: Iterable[SourceGroup], rules: Rules) -> None:
        self._tree = GroupTree(groups)
        self._rules = rules

    def is_awaited(self, product: SourceProduct) -> bool:
        """Return True if only a group of the product could tell whether VK takes it, and it is not known."""
        if not self._rules.legal_filter or self._is_known(product):
            return False
        found = decision_on(product.name, (), self._rules.decisions)
        is_allowed = found is not None and found[0].may_sell
        return not (is_allowed or says_what_it_is(product.name))

    def _is_known(self, product: SourceProduct) -> bool:
        home = product.key.store_id, product.group_id
        left = with_left_groups(product, self._tree.path(*home)).left_groups
        return self._tree.is_whole(*home) and NEVER_LISTED not in left
