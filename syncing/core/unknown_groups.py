"""Goods of whose group the till tells nothing: not even whether it forbids them.

A product that names a group which no reading has listed is judged by its name alone. Where the name does not
say what the product is either, it must not appear in VK: the next reading tells the group, or the merchant
decides about the name.
"""

from collections.abc import Iterable

from syncing.core.categories import find_family
from syncing.core.last_known import NEVER_LISTED
from syncing.core.records import GroupKey, Rules, SourceGroup, SourceProduct
from syncing.core.restricted_goods.classifier import decision_on
from syncing.core.restricted_goods.name_classifier import ordinary_head


class UnknownGroups:
    """Tells which products must wait for their group."""

    def __init__(self, groups: Iterable[SourceGroup], rules: Rules) -> None:
        self._known = {group.key for group in groups}
        self._rules = rules

    def is_awaited(self, product: SourceProduct) -> bool:
        """Return True if only the product's group could tell whether VK takes it, and it is not known."""
        key = GroupKey(product.key.store_id, product.group_id)
        is_known = (not product.group_id or key in self._known) and NEVER_LISTED not in product.left_groups
        if not self._rules.legal_filter or is_known:
            return False
        found = decision_on(product.name, (), self._rules.decisions)
        is_allowed = found is not None and found[0].may_sell
        return not (is_allowed or ordinary_head(product.name) or find_family(product.name))
