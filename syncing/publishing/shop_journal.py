"""What a run learns of the community itself: its albums, and how much of what it takes."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from accounts.models import User
from syncing.core.diff import album_key
from syncing.core.records import AlbumRename, ShopRefusal
from syncing.models import Album, ShopLimits
from syncing.models.listings import AlbumQuerySet
from syncing.publishing.lease import Lease


@dataclass(frozen=True, slots=True)
class ShopJournal:
    """The rows of one community, each written only while the job is ours. `clock` gives the time."""

    user: User
    vk_group_id: int
    clock: Callable[[], datetime]
    lease: Lease

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
        row = ShopLimits.objects.of_shop(self.user, self.vk_group_id)
        known = (row.without_album, row.album_refusals or []) if row else ({}, [])
        # Only the owner of the lease writes them, so they are not read again under it.
        if known != (dict(left_out), refusals):
            with self.lease.held():
                self.write_limits(without_album=dict(left_out), album_refusals=refusals or None)

    def write_limits(self, **values: Any) -> None:
        """Write these values into the community's row. The caller holds the lease."""
        if not ShopLimits.objects.filter(user=self.user, vk_group_id=self.vk_group_id).update(**values):
            ShopLimits.objects.create(user=self.user, vk_group_id=self.vk_group_id, **values)

    def _write_album_ids(self, ids: Mapping[str, int]) -> None:
        for key, album_id in ids.items():
            if not self._albums().filter(key=key).update(vk_album_id=album_id):
                Album.objects.create(
                    user=self.user, vk_group_id=self.vk_group_id, key=key, vk_album_id=album_id
                )

    def _albums(self) -> AlbumQuerySet:
        return Album.objects.in_shop(self.user, self.vk_group_id)
