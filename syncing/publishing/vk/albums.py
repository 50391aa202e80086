"""Puts items into the albums of their groups, in as few calls as VK allows."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from connections.clients.error_catalog import VkError
from connections.clients.errors import ActionRequired, ClientError
from connections.clients.vk import calls
from connections.clients.vk.client import VkClient
from connections.clients.vk.records import Call
from evosync.common.batching import chunks
from syncing.core.choices import ActionKind
from syncing.core.diff import album_key
from syncing.core.records import Action, ProductKey
from syncing.publishing.batch_runner import FULL, Answer, BatchItem, BatchRunner
from syncing.publishing.journal import Journal
from syncing.publishing.phases import phase
from syncing.publishing.vk.reader import read_shop

ITEMS_PER_CALL = 100
ITEM_GONE = VkError.ITEM_NOT_FOUND
ALBUM_GONE = VkError.ALBUM_NOT_FOUND
TOO_MANY_ALBUMS = VkError.TOO_MANY_ALBUMS


@dataclass(slots=True)
class AlbumPublisher:
    """Makes albums and moves items between them. `albums` maps album keys to VK's ids and grows."""

    client: VkClient
    group_id: int
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
        entering: dict[str, list[ProductKey]] = defaultdict(list)
        leaving: list[tuple[ProductKey, str]] = []
        for action in actions:
            # Without a listing it was never tried: VK had refused so many before it that the phase ended.
            listing = self.journal.listings.get(action.key)
            if listing is None or listing.vk_item_id is None or action.desired is None:
                continue
            if action.kind is not ActionKind.CREATE and "album" not in action.changes:
                continue
            before = str(listing.sent.get("album", ""))
            if action.desired.album:
                entering[action.desired.album].append(action.key)
            if before and album_key(before) != album_key(action.desired.album):
                leaving.append((action.key, before))
        self._leave(leaving)
        self._make_albums(entering)
        self._enter(entering)

    def outcome(self, action: Action) -> object:
        """Return why the item is not in its album for want of the album itself, or 1."""
        return self._unmade.get(album_key(action.desired.album), 1) if action.desired else 1

    def _make_albums(self, titles: Iterable[str]) -> None:
        missing = {album_key(title): title for title in titles if album_key(title) not in self.albums}
        steps: list[BatchItem[str]] = [
            BatchItem(key, calls.add_album(self.group_id, title)) for key, title in missing.items()
        ]
        try:
            self.runner.run(steps, record=self._record_albums, look=self._look_for_albums)
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
                self._unmade[answer.step.subject] = answer.value
                continue
            album_id = int(str(answer.value))
            self.albums[answer.step.subject] = album_id
            self.new_albums += 1
            self.journal.record_album_id(answer.step.subject, album_id)

    def _look_for_albums(self, steps: Sequence[BatchItem[str]]) -> Mapping[BatchItem[str], object]:
        shop = read_shop(self.client, self.group_id, expected=(), with_categories=False)
        there = {album_key(album.title): album.id for album in shop.albums}
        return {step: there[step.subject] for step in steps if step.subject in there}

    def _enter(self, entering: Mapping[str, Sequence[ProductKey]]) -> None:
        steps = [
            BatchItem((title, tuple(keys)), self._enter_call(title, keys))
            for title, members in entering.items()
            if album_key(title) in self.albums
            for keys in chunks(members, ITEMS_PER_CALL)
        ]
        self.additions += len(steps)
        singles: list[BatchItem[tuple[str, tuple[ProductKey, ...]]]] = []

        def record(answers: Sequence[Answer[tuple[str, tuple[ProductKey, ...]]]]) -> None:
            for answer in answers:
                title, keys = answer.step.subject
                if not isinstance(answer.value, ClientError):
                    self.journal.record_album(keys, title)
                elif len(keys) > 1:
                    # One bad item spoils the whole call, and VK does not say which.
                    singles.extend(BatchItem((title, (key,)), self._enter_call(title, [key])) for key in keys)
                elif answer.value.code not in (ITEM_GONE, ALBUM_GONE):
                    self.journal.stop_assigning_album(keys[0], answer.value)

        self.runner.run(steps, record=record)
        for batch in chunks(singles, FULL):
            with phase(self.refusals):
                self.runner.run(batch, record=record)

    def _enter_call(self, title: str, keys: Sequence[ProductKey]) -> Call[object]:
        ids = [item_id for key in keys if (item_id := self.journal.listings[key].vk_item_id)]
        return calls.add_to_album(self.group_id, ids, self.albums[album_key(title)])

    def _leave(self, leaving: Sequence[tuple[ProductKey, str]]) -> None:
        steps = []
        for key, title in leaving:
            item_id, album_id = self.journal.listings[key].vk_item_id, self.albums.get(album_key(title))
            if item_id and album_id:
                call = calls.remove_from_album(self.group_id, item_id, album_id)
                steps.append(BatchItem(key, call))
        self.journal.record_album([key for key, title in leaving if album_key(title) not in self.albums], "")

        def record(answers: Sequence[Answer[ProductKey]]) -> None:
            self.journal.record_album([answer.step.subject for answer in answers], "")

        self.runner.run(steps, record=record)
