"""The titles that the albums of the merchant's groups would have, while a template is being written."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.db.models import Count

from accounts.models import User
from catalog.models import Product, ProductGroup
from connections.clients.vk import limits
from syncing import mappers
from syncing.core.diff import album_key
from syncing.core.group_choices import full_album_title, group_album
from syncing.core.group_tree import GroupTree
from syncing.core.records import Rules, SourceGroup
from syncing.services.inputs import rule_inputs

SHOWN = 6
Path = tuple[SourceGroup, ...]


@dataclass(frozen=True, slots=True)
class AlbumLine:
    """An album: its title, the groups that share it, and how many goods they hold.

    `is_shared_by_cut` says that their titles would differ if there were room for them.
    """

    title: str
    groups: Sequence[str]
    goods: int
    is_shared_by_cut: bool = False


@dataclass(frozen=True, slots=True)
class AlbumTitles:
    """The albums of all groups with goods: how many, the biggest, and those that groups share by a cut."""

    number: int
    shown: Sequence[AlbumLine]
    shared: Sequence[AlbumLine]

    @property
    def too_many(self) -> int:
        """How many albums VK has no room for."""
        return max(0, self.number - limits.ALBUMS)

    @property
    def more(self) -> int:
        """How many albums are not shown."""
        return self.number - len(self.shown)


@dataclass(slots=True)
class _Album:
    titles: dict[str, None] = field(default_factory=dict)
    full_keys: set[str] = field(default_factory=set)
    groups: dict[str, None] = field(default_factory=dict)
    goods: int = 0

    def line(self) -> AlbumLine:
        return AlbumLine(next(iter(self.titles)), list(self.groups), self.goods, len(self.full_keys) > 1)


def album_titles(user: User, changed: Mapping[str, object]) -> AlbumTitles:
    """Return the albums under the rules of now with these changes. Writes nothing."""
    given = rule_inputs(user)
    rules = replace(given.rules, **changed)  # type: ignore[arg-type]
    albums: dict[str, _Album] = defaultdict(_Album)
    for path, goods in _homes(user, given.store_ids):
        title = group_album(path, rules, longest=limits.ALBUM_TITLE_WEIGHT)
        if title:
            _note(albums[album_key(title)], title, path, rules, goods)
    lines = sorted((one.line() for one in albums.values()), key=lambda line: (-line.goods, line.title))
    return AlbumTitles(len(lines), lines[:SHOWN], [line for line in lines if line.is_shared_by_cut])


def _note(album: _Album, title: str, path: Path, rules: Rules, goods: int) -> None:
    album.titles[title] = None
    # A title that was chosen for a group is shared because the merchant wants it.
    is_chosen = any(group.key.group_id in rules.album_by_group for group in path)
    album.full_keys.add("" if is_chosen else full_album_title(path, rules).casefold())
    album.groups[path[-1].name] = None
    album.goods += goods


def _homes(user: User, store_ids: Mapping[int, str]) -> list[tuple[Path, int]]:
    """Return the groups that hold goods, by their paths from the root down, with how many."""
    rows = ProductGroup.objects.for_user(user).present()
    tree = GroupTree(mappers.group_record(row, store_ids[row.store_id]) for row in rows)
    goods = Product.objects.for_user(user).present().order_by("store_id", "group_evotor_id")
    counted = goods.values_list("store_id", "group_evotor_id").annotate(number=Count("pk"))
    paths = ((tree.path(store_ids[store], group), number) for store, group, number in counted)
    return [(path, number) for path, number in paths if path]
