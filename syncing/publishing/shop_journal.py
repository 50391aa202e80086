"""What a run learns of the community itself: its albums, and how much of what it takes."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from accounts.models import User
from evosync.common.bulk import upsert_rows
from syncing.core.diff import album_key
from syncing.core.records import AlbumRename, ShopRefusal
from syncing.models import Album, ShopLimits
from syncing.models.listings import AlbumQuerySet
from syncing.publishing.lease import Lease


@dataclass(slots=True)
class ShopJournal:
    """The rows of one community, each written only while the job is ours. `clock` gives the time."""

    user: User
    vk_group_id: int
    clock: Callable[[], datetime]
    lease: Lease
    # What the community's row says of groups without an album and of refused albums.
    _without_album: dict[str, int] = field(default_factory=dict)
    _refusals: list[dict[str, Any]] = field(default_factory=list)

    def load(self, row: ShopLimits | None) -> None:
        """Take over what the community's row says. Only the owner of the lease writes it."""
        if row is not None:
            self._without_album, self._refusals = row.without_album, row.album_refusals or []

    def record_album_ids(self, ids: Mapping[str, int]) -> None:
        """Remember by key which VK albums stand for titles."""
        if ids:
            with self.lease.held():
                self._write_album_ids(ids)

    def record_rename(self, rename: AlbumRename) -> None:
        """Remember that an album of ours stands for another title now."""
        with self.lease.held():
            self._albums().filter(key=rename.old_key).delete()
            self._write_album_ids({album_key(rename.title): rename.album_id})

    def record_removed(self, key: str) -> None:
        """Forget an album of ours that is no longer there."""
        with self.lease.held():
            self._albums().filter(key=key).delete()

    def record_limit(self, **found: int) -> None:
        """Remember how many `items` or `albums` the community held when VK took no more."""
        with self.lease.held():
            self.write_limits(**found, **{f"{name}_at": self.clock() for name in found})

    def record_without_album(self, left_out: Mapping[str, int], refused: Iterable[ShopRefusal]) -> None:
        """Remember for which groups the community has no album, and which albums VK refuses to change."""
        refusals = [asdict(one) | {"refused_at": one.refused_at.isoformat()} for one in refused]
        if (self._without_album, self._refusals) != (dict(left_out), refusals):
            with self.lease.held():
                self.write_limits(without_album=dict(left_out), album_refusals=refusals or None)
            self._without_album, self._refusals = dict(left_out), refusals

    def write_limits(self, **values: Any) -> None:
        """Write these values into the community's row. The caller holds the lease."""
        if not ShopLimits.objects.filter(user=self.user, vk_group_id=self.vk_group_id).update(**values):
            ShopLimits.objects.create(user=self.user, vk_group_id=self.vk_group_id, **values)

    def _write_album_ids(self, ids: Mapping[str, int]) -> None:
        rows = [
            Album(user=self.user, vk_group_id=self.vk_group_id, key=key, vk_album_id=album_id)
            for key, album_id in ids.items()
        ]
        upsert_rows(rows, ["user", "vk_group_id", "key"], ["vk_album_id"])

    def _albums(self) -> AlbumQuerySet:
        return Album.objects.in_shop(self.user, self.vk_group_id)
