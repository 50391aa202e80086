"""Decides by the merchant's filters whether a product is in, and says which kind of filter put it out.

The three kinds are asked one after the other and all must agree. Without filters of a kind everything
passes; with only excludes all but the listed; with any include only the listed. A group filter covers
the group's subgroups: the nearest listed ancestor decides.
"""

from collections.abc import Iterable, Iterator

from syncing.core.choices import EntityType, FilterMode, Reason
from syncing.core.records import Filter, GroupKey, SourceGroup, SourceProduct


class FilterSet:
    """The merchant's filters over one set of groups, asked product by product.

    An id stands in every store where it occurs. Where the same id is listed both ways, it is out.
    Above a group that the till does not know is the root, and above one that is its own ancestor.
    """

    def __init__(self, filters: Iterable[Filter], groups: Iterable[SourceGroup]) -> None:
        self._listed: dict[EntityType, dict[str, bool]] = {kind: {} for kind in EntityType}
        for line in filters:
            listed = self._listed[line.entity_type]
            listed[line.entity_id] = line.mode is FilterMode.INCLUDE and listed.get(line.entity_id, True)
        # What happens to the unlisted: they pass unless the merchant named what goes to VK.
        self._unlisted = {kind: not any(listed.values()) for kind, listed in self._listed.items()}
        self._has_none = not any(self._listed.values())
        self._parents = {group.key: group.parent_id for group in groups}
        self._passes: dict[GroupKey, bool] = {}

    def excluded_by(self, product: SourceProduct) -> Reason | None:
        """Return the reason of the filter that leaves the product out, or None for one that is in."""
        if self._has_none:
            return None
        if not self._passes_by_id(EntityType.STORE, product.key.store_id):
            return Reason.FILTER_STORE
        if not self._passes_by_group(GroupKey(product.key.store_id, product.group_id)):
            return Reason.FILTER_GROUP
        if not self._passes_by_id(EntityType.PRODUCT, product.key.product_id):
            return Reason.FILTER_PRODUCT
        return None

    def _passes_by_id(self, kind: EntityType, entity_id: str) -> bool:
        return self._listed[kind].get(entity_id, self._unlisted[kind])

    def _passes_by_group(self, key: GroupKey) -> bool:
        if key not in self._passes:
            listed = self._listed[EntityType.GROUP]
            decisions = (listed[step] for step in self._ancestry(key) if step in listed)
            self._passes[key] = next(decisions, self._unlisted[EntityType.GROUP])
        return self._passes[key]

    def _ancestry(self, key: GroupKey) -> Iterator[str]:
        """Yield the ids of a group and its ancestors, each once, up to the first that nobody knows.

        That one is yielded too: its id may be listed though the group is gone from the till.
        """
        seen: set[GroupKey] = set()
        while key.group_id and key not in seen:
            seen.add(key)
            yield key.group_id
            key = GroupKey(key.store_id, self._parents.get(key, ""))
