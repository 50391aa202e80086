"""What a run learns of the community itself: its albums, and how much of what it takes."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from accounts.models import User
from syncing.core.diff import album_key
from syncing.core.records import AlbumRename, ShopRefusal
from syncing.models import Album, ShopLimits
from syncing.publishing.lease import Lease


@dataclass(frozen=True, slots=True)
class ShopJournal:
    """The rows of one community, each written only while the job is ours. `clock` gives the time."""

    user: User
    vk_group_id: int
    clock: Callable[[], datetime]
    lease: Lease

    def record_album_id(self, key: str, album_id: int) -> None:
        """Remember which VK album stands for a title."""
        with self.lease.held():
            Album.objects.update_or_create(
                user=self.user, vk_group_id=self.vk_group_id, key=key, defaults={"vk_album_id": album_id}
            )

    def record_refusals(self, refused: Iterable[ShopRefusal]) -> None:
        """Remember which albums VK refuses to make, rename or remove; others are forgotten."""
        found = [asdict(one) | {"refused_at": one.refused_at.isoformat()} for one in refused]
        rows = ShopLimits.objects.filter(user=self.user, vk_group_id=self.vk_group_id)
        with self.lease.held():
            if found and not rows.exists():
                ShopLimits.objects.create(user=self.user, vk_group_id=self.vk_group_id)
            for row in rows:
                if (row.album_refusals or []) != found:
                    row.album_refusals = found or None
                    row.save(update_fields=["album_refusals"])

    def record_rename(self, rename: AlbumRename) -> None:
        """Remember that an album of ours stands for another title now."""
        with self.lease.held():
            Album.objects.in_shop(self.user, self.vk_group_id).filter(key=rename.old_key).delete()
            self.record_album_id(album_key(rename.title), rename.album_id)

    def record_removed(self, key: str) -> None:
        """Forget an album of ours that is no longer there."""
        with self.lease.held():
            Album.objects.in_shop(self.user, self.vk_group_id).filter(key=key).delete()

    def record_limit(self, **found: int) -> None:
        """Remember how many `items` or `albums` the community held when VK took no more."""
        values = dict(found) | {f"{name}_at": self.clock() for name in found}
        with self.lease.held():
            ShopLimits.objects.update_or_create(user=self.user, vk_group_id=self.vk_group_id, defaults=values)

    def record_left_out(self, left_out: Mapping[str, int]) -> None:
        """Remember for which groups the community has no album."""
        rows = ShopLimits.objects.filter(user=self.user, vk_group_id=self.vk_group_id)
        with self.lease.held():
            if left_out and not rows.exists():
                ShopLimits.objects.create(user=self.user, vk_group_id=self.vk_group_id)
            rows.exclude(without_album=dict(left_out)).update(without_album=dict(left_out))
