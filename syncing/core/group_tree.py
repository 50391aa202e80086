"""The till's groups as a tree."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from syncing.core.records import GroupKey, SourceGroup, SourceProduct


class GroupTree:
    """The till's groups, asked for the path from the root to a product's group."""

    def __init__(self, groups: Iterable[SourceGroup]) -> None:
        self._groups = {group.key: group for group in groups}
        self._paths: dict[tuple[str, str], tuple[SourceGroup, ...]] = {}
        self._whole: dict[tuple[str, str], bool] = {}

    def path(self, store_id: str, group_id: str) -> tuple[SourceGroup, ...]:
        """Return the groups from the root down; an unknown parent or a cycle ends the path."""
        home = store_id, group_id
        if (known := self._paths.get(home)) is None:
            path: list[SourceGroup] = []
            seen: set[GroupKey] = set()
            step = GroupKey(store_id, group_id)
            while (group := self._groups.get(step)) and step not in seen:
                seen.add(step)
                path.append(group)
                step = GroupKey(store_id, group.parent_id)
            known = self._paths[home] = tuple(reversed(path))
        return known

    def is_whole(self, store_id: str, group_id: str) -> bool:
        """Return True if the group and all groups above it are known; the root is."""
        home = store_id, group_id
        if (is_whole := self._whole.get(home)) is None:
            path = self.path(*home)
            top = path[0].parent_id if path else group_id
            is_whole = self._whole[home] = not top or GroupKey(store_id, top) in self._groups
        return is_whole


def left_groups(path: Sequence[SourceGroup]) -> tuple[str, ...]:
    """Return the names from the root down as they were before the first group left its parent.

    Empty where it has not.
    """
    if not path or not path[0].left_groups:
        return ()
    return *path[0].left_groups, *(group.name for group in path)


def with_left_groups(product: SourceProduct, path: Sequence[SourceGroup]) -> SourceProduct:
    """Return the product with the groups as well that its own ones stood in when the till last told them."""
    if not (left := left_groups(path)):
        return product
    return replace(product, left_groups=tuple(dict.fromkeys((*product.left_groups, *left))))
