"""The till's groups as a tree to be shown and walked."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from accounts.models import User
from catalog.models import ProductGroup
from syncing.services.catalog_states import group_key

MAX_DEPTH = 5


@dataclass(frozen=True, slots=True)
class GroupNode:
    """A group with its place in the tree. `depth` counts from 0 and stops at MAX_DEPTH, for the indent.

    `number` is how many goods are in it and below, None where nobody has counted.
    """

    group: ProductGroup
    depth: int
    number: int | None = None


@dataclass(slots=True)
class Groups:
    """One merchant's present groups, read once."""

    rows: list[ProductGroup]
    _children: dict[tuple[int, str], list[ProductGroup]] = field(default_factory=lambda: defaultdict(list))
    _names: dict[tuple[int, str], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        known = {(row.store_id, row.evotor_id) for row in self.rows}
        for row in self.rows:
            parent = (row.store_id, row.parent_evotor_id)
            self._children[parent if parent in known else (row.store_id, "")].append(row)

    def tree(self) -> list[GroupNode]:
        """Return all groups in reading order; those whose parents form a circle come last."""
        nodes: list[GroupNode] = []
        seen: set[int] = set()
        for store_id in dict.fromkeys(row.store_id for row in self.rows):
            nodes += self._walk(self._children.get((store_id, ""), ()), 0, seen)
        nodes += [GroupNode(row, 0) for row in self.rows if row.pk not in seen]
        return nodes

    def _walk(self, rows: Iterable[ProductGroup], depth: int, seen: set[int]) -> list[GroupNode]:
        nodes = []
        for row in rows:
            seen.add(row.pk)
            nodes.append(GroupNode(row, min(depth, MAX_DEPTH)))
            nodes += self._walk(self._children.get((row.store_id, row.evotor_id), ()), depth + 1, seen)
        return nodes

    def counted_tree(self, counts: Mapping[str, int]) -> list[GroupNode]:
        """Return the tree with the numbers of goods; `counts` are those of each group alone."""
        return [replace(node, number=self._total(node.group, counts)) for node in self.tree()]

    def _total(self, group: ProductGroup, counts: Mapping[str, int]) -> int:
        return sum(counts.get(group_key(group.store_id, name), 0) for name in self.within(group))

    def name_of(self, store_id: int, evotor_id: str) -> str:
        """Return a group's name, or nothing for an unknown one."""
        if not self._names:
            self._names.update({(row.store_id, row.evotor_id): row.name for row in self.rows})
        return self._names.get((store_id, evotor_id), "")

    def within(self, group: ProductGroup) -> list[str]:
        """Return the Evotor ids of a group and of all groups below it."""
        found = [group.evotor_id]
        for evotor_id in found:
            children = self._children.get((group.store_id, evotor_id), ())
            found += [child.evotor_id for child in children if child.evotor_id not in found]
        return found

    def path(self, store_id: int, evotor_id: str) -> list[ProductGroup]:
        """Return the groups from the root down to this one; an unknown parent or a circle ends it."""
        by_id = {(row.store_id, row.evotor_id): row for row in self.rows}
        path: list[ProductGroup] = []
        row = by_id.get((store_id, evotor_id))
        while row is not None and row not in path:
            path.append(row)
            row = by_id.get((store_id, row.parent_evotor_id))
        return path[::-1]


def groups_of(user: User) -> Groups:
    """Return the merchant's groups that the till still has, by name."""
    return Groups(list(ProductGroup.objects.for_user(user).present().order_by("store_id", "name", "pk")))
