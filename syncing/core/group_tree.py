"""The till's groups as a tree."""

from collections.abc import Iterable

from syncing.core.records import GroupKey, SourceGroup


class GroupTree:
    """The till's groups, asked for the path from the root to a product's group."""

    def __init__(self, groups: Iterable[SourceGroup]) -> None:
        self._groups = {group.key: group for group in groups}
        self._paths: dict[GroupKey, tuple[SourceGroup, ...]] = {}

    def path(self, store_id: str, group_id: str) -> tuple[SourceGroup, ...]:
        """Return the groups from the root down; an unknown parent or a cycle ends the path."""
        key = GroupKey(store_id, group_id)
        if key not in self._paths:
            path: list[SourceGroup] = []
            seen: set[GroupKey] = set()
            step = key
            while (group := self._groups.get(step)) and step not in seen:
                seen.add(step)
                path.append(group)
                step = GroupKey(store_id, group.parent_id)
            self._paths[key] = tuple(reversed(path))
        return self._paths[key]
