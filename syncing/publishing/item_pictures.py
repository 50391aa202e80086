"""Knows which pictures of an item VK has saved already, and has the others sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from connections.clients.errors import ClientError
from syncing.core.choices import ActionKind
from syncing.core.diff import PICTURE_FIELDS
from syncing.core.records import Action, ProductKey
from syncing.publishing.journal import Journal
from syncing.publishing.vk.methods import Picture
from syncing.publishing.vk.photos import PhotoUploader


@dataclass(frozen=True, slots=True)
class ItemPictures:
    """The pictures of a plan's items. What VK saved for an item in an earlier run is not sent again."""

    journal: Journal
    photos: PhotoUploader

    def begin(self, actions: Sequence[Action]) -> None:
        """Let the pictures of these items go to VK; `ensure_uploaded` asks for them. Raises ClientError."""
        self.photos.begin(self._unsaved(actions))

    def ensure_uploaded(self, actions: Sequence[Action]) -> Mapping[ProductKey, ClientError]:
        """Have the pictures of these items saved in VK; return the refusals by product.

        Raises ClientError where no pictures are taken at all.
        """
        return self.photos.ensure_uploaded(self._unsaved(actions))

    def main_id(self, action: Action) -> int | None:
        """Return VK's id of the item's first picture."""
        return self.journal.listings[action.key].photo_id

    def more_ids(self, action: Action) -> list[int]:
        """Return VK's ids of the item's further pictures, as far as they are saved, in their order."""
        saved = self.journal.listings[action.key].saved_photos or {}
        return [saved[one] for one in action.desired.more_photos if one in saved] if action.desired else []

    def without_missing(self, action: Action) -> Action:
        """Return the action, without its pictures where not all of them are in VK yet."""
        if action.desired is None or not self._missing(action):
            return action
        before = {name: action.changes[name][0] for name in PICTURE_FIELDS if name in action.changes}
        changes = {name: pair for name, pair in action.changes.items() if name not in before}
        return replace(action, changes=changes, desired=replace(action.desired, **before))  # type: ignore[arg-type]

    def _unsaved(self, actions: Sequence[Action]) -> list[Picture]:
        missing = [picture for action in actions for picture in self._missing(action)]
        known = [(one, photo_id) for one in missing if (photo_id := self._saved_id(one)) is not None]
        if known:
            self.journal.record_photos(known)
        return [one for one in missing if self._saved_id(one) is None]

    def _missing(self, action: Action) -> list[Picture]:
        """Return the pictures that this step puts up and that are not at hand for it."""
        if action.desired is None:
            return []
        is_new, desired = action.kind is ActionKind.CREATE, action.desired
        listing = self.journal.listings.get(action.key)
        missing = []
        has_main = bool(listing and listing.photo_id and listing.photo_key == desired.photo_key)
        if (is_new or "photo_key" in action.changes) and not has_main:
            missing.append(Picture(action.key, desired.photo_key))
        if is_new or "more_photos" in action.changes:
            saved = (listing and listing.saved_photos) or {}
            more = [one for one in desired.more_photos if one not in saved]
            missing += [Picture(action.key, one, is_main=False) for one in more]
        return missing

    def _saved_id(self, picture: Picture) -> int | None:
        listing = self.journal.listings.get(picture.key)
        if listing is None:
            return None
        if listing.photo_key == picture.photo_key:
            return listing.photo_id
        found = (listing.saved_photos or {}).get(picture.photo_key)
        return None if found is None else int(found)
