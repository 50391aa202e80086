"""Puts items into the albums of their groups, in as few calls as VK allows."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from connections.clients.error_catalog import VkError
from connections.clients.errors import ActionRequired, ClientError
from connections.clients.vk.records import Call
from evosync.common.batching import chunks
from syncing.core.choices import ActionKind
from syncing.core.diff import album_key
from syncing.core.records import Action, ProductKey
from syncing.publishing.batch_runner import FULL, Answer, BatchItem, BatchRunner
from syncing.publishing.journal import Journal
from syncing.publishing.phases import phase
from syncing.publishing.vk.methods import VkChannel, is_album_gone, is_item_gone

ITEMS_PER_CALL = 100
TOO_MANY_ALBUMS = VkError.TOO_MANY_ALBUMS


@dataclass(slots=True)
class AlbumPublisher:
    """Makes albums and moves items between them. `albums` maps album keys to VK's ids and grows."""

    channel: VkChannel
    journal: Journal
    runner: BatchRunner
    albums: dict[str, int]
    refusals: list[ClientError]
    additions: int = 0
    new_albums: int = 0
    # Why an album could not be made, by its key.
    _unmade: dict[str, ClientError] = field(default_factory=dict)

    def assign(self, actions: Iterable[Action]) -> None:
        """Put items into the albums of their groups, and out of those that they left."""
        additions_by_title: dict[str, list[ProductKey]] = defaultdict(list)
        removals: list[tuple[ProductKey, str]] = []
        for action in actions:
            # Without a listing it was never tried: VK had refused so many before it that the phase ended.
            listing = self.journal.listings.get(action.key)
            if listing is None or listing.vk_item_id is None or action.desired is None:
                continue
            if action.kind is not ActionKind.CREATE and "album" not in action.changes:
                continue
            before = str(listing.sent.get("album", ""))
            if action.desired.album:
                additions_by_title[action.desired.album].append(action.key)
            if before and album_key(before) != album_key(action.desired.album):
                removals.append((action.key, before))
        self._remove(removals)
        self._make_albums(additions_by_title)
        self._add(additions_by_title)

    def outcome(self, action: Action) -> object:
        """Return why the item is not in its album because the album could not be made, or 1."""
        return self._unmade.get(album_key(action.desired.album), 1) if action.desired else 1

    def _make_albums(self, titles: Iterable[str]) -> None:
        missing = {album_key(title): title for title in titles if album_key(title) not in self.albums}
        items: list[BatchItem[str]] = [
            BatchItem(key, self.channel.add_album(title)) for key, title in missing.items()
        ]
        try:
            self.runner.run(items, record=self._record_albums, look=self._look_for_albums)
        except ActionRequired as error:
            if error.code != TOO_MANY_ALBUMS:
                raise
            # Items without an album are still for sale.
            self.refusals.append(error)
            self._unmade |= {key: error for key in missing if key not in self.albums}

    def _record_albums(self, answers: Sequence[Answer[str]]) -> None:
        for answer in answers:
            if isinstance(answer.value, ClientError):
                self.refusals.append(answer.value)
                self._unmade[answer.item.subject] = answer.value
                continue
            album_id = int(str(answer.value))
            self.albums[answer.item.subject] = album_id
            self.new_albums += 1
            self.journal.record_album_id(answer.item.subject, album_id)

    def _look_for_albums(self, items: Sequence[BatchItem[str]]) -> Mapping[BatchItem[str], object]:
        shop = self.channel.read()
        there = {album_key(album.title): album.id for album in shop.albums}
        return {item: there[item.subject] for item in items if item.subject in there}

    def _add(self, additions_by_title: Mapping[str, Sequence[ProductKey]]) -> None:
        items = [
            BatchItem((title, tuple(keys)), self._add_call(title, keys))
            for title, members in additions_by_title.items()
            if album_key(title) in self.albums
            for keys in chunks(members, ITEMS_PER_CALL)
        ]
        self.additions += len(items)
        singles: list[BatchItem[tuple[str, tuple[ProductKey, ...]]]] = []

        def record(answers: Sequence[Answer[tuple[str, tuple[ProductKey, ...]]]]) -> None:
            for answer in answers:
                title, keys = answer.item.subject
                if not isinstance(answer.value, ClientError):
                    self.journal.record_album(keys, title)
                elif len(keys) > 1:
                    # One bad item spoils the whole call, and VK does not say which.
                    singles.extend(BatchItem((title, (key,)), self._add_call(title, [key])) for key in keys)
                elif not (is_item_gone(answer.value) or is_album_gone(answer.value)):
                    self.journal.stop_assigning_album(keys[0], answer.value)

        self.runner.run(items, record=record)
        for batch in chunks(singles, FULL):
            with phase(self.refusals):
                self.runner.run(batch, record=record)

    def _add_call(self, title: str, keys: Sequence[ProductKey]) -> Call[object]:
        ids = [item_id for key in keys if (item_id := self.journal.listings[key].vk_item_id)]
        return self.channel.add_to_album(ids, self.albums[album_key(title)])

    def _remove(self, removals: Sequence[tuple[ProductKey, str]]) -> None:
        items = []
        for key, title in removals:
            item_id, album_id = self.journal.listings[key].vk_item_id, self.albums.get(album_key(title))
            if item_id and album_id:
                call = self.channel.remove_from_album(item_id, album_id)
                items.append(BatchItem(key, call))
        self.journal.record_album([key for key, title in removals if album_key(title) not in self.albums], "")

        def record(answers: Sequence[Answer[ProductKey]]) -> None:
            self.journal.record_album([answer.item.subject for answer in answers], "")

        self.runner.run(items, record=record)
