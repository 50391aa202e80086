"""Puts items into the albums of their groups, in as few calls as VK allows."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from connections.clients.error_catalog import VkError
from connections.clients.errors import ActionRequired, ClientError, ItemRefused
from connections.clients.vk.limits import BATCH, ITEMS_PER_ALBUM
from connections.clients.vk.records import Call
from evosync.common.batching import chunks
from syncing.core.choices import ActionKind, AlbumStep
from syncing.core.diff import album_key
from syncing.core.records import Action, AlbumPlan, AlbumRename, ProductKey, ShopRefusal
from syncing.publishing.batch_runner import Answer, BatchItem, BatchRunner
from syncing.publishing.journal import Journal
from syncing.publishing.phases import phase
from syncing.publishing.vk.methods import VkChannel, is_album_full, is_album_gone, is_item_gone

ITEMS_PER_CALL = 100
TOO_MANY_ALBUMS = VkError.TOO_MANY_ALBUMS

# Items of one album, as one call.
Addition: TypeAlias = BatchItem[tuple[str, tuple[ProductKey, ...]]]


@dataclass(slots=True)
class AlbumPublisher:
    """Makes albums and moves items between them. `albums` maps album keys to VK's ids and grows."""

    channel: VkChannel
    journal: Journal
    runner: BatchRunner
    albums: dict[str, int]
    plan: AlbumPlan
    refusals: list[ClientError]
    additions: int = 0
    # Calls that made, renamed or removed an album.
    album_calls: int = 0
    # Groups without an album, with the number of their products: planned, or found out here.
    left_out: dict[str, int] = field(default_factory=dict)
    # What VK refused for good, before or here.
    refused: list[ShopRefusal] = field(default_factory=list)
    # Items that VK refused for good to put into an album or to take out of one.
    items_refused: int = 0
    # Why an item is not where it belongs.
    _failed: dict[ProductKey, ClientError] = field(default_factory=dict)
    _added: Counter[str] = field(default_factory=Counter)
    # Whose items have left an album, by its key.
    _left: dict[str, set[ProductKey]] = field(default_factory=lambda: defaultdict(set))
    # Albums that could not be renamed yet: none is made beside them.
    _awaited: set[str] = field(default_factory=set)
    # Why an album could not be made, by its key.
    _unmade: dict[str, ClientError] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.left_out, self.refused = dict(self.plan.left_out), list(self.plan.refused)
        self.albums |= self.plan.under_other_titles
        # Until a rename is done its album stands under the old name.
        for rename in self.plan.renames:
            self.albums.setdefault(rename.old_key, rename.album_id)

    def assign(self, actions: Iterable[Action]) -> None:
        """Put items into the albums of their groups, and out of those that they left."""
        additions_by_title: dict[str, list[ProductKey]] = defaultdict(list)
        removals: list[tuple[ProductKey, str]] = []
        inside: dict[str, list[ProductKey]] = defaultdict(list)
        for action in actions:
            # Without a listing it was never tried: VK had refused so many before it that the phase ended.
            listing = self.journal.listings.get(action.key)
            if listing is None or listing.vk_item_id is None or action.desired is None:
                continue
            if action.kind is not ActionKind.CREATE and "album" not in action.changes:
                continue
            # Of an item in two albums of ours the plan names the one to leave.
            before = str(action.changes.get("album", (listing.sent.get("album", ""),))[0] or "")
            if action.desired.album:
                is_inside = action.kind is not ActionKind.CREATE and action.key in self.plan.inside
                (inside if is_inside else additions_by_title)[action.desired.album].append(action.key)
            if before and album_key(before) != album_key(action.desired.album):
                removals.append((action.key, before))
        self._rename_albums()
        self._remove(removals)
        self._evict()
        self._remove_albums()
        self._make_albums(additions_by_title)
        for title, members in additions_by_title.items():
            if error := self._unmade.get(album_key(title)):
                self._failed |= dict.fromkeys(members, error)
        self._add(additions_by_title)
        for title, members in inside.items():
            self.journal.record_album([key for key in members if key not in self._failed], title)
        self.journal.shop.record_without_album(self.left_out, self.refused)
        if self._failed and not self.refusals:
            # Items whose other changes were taken say nothing of it themselves.
            self.refusals.append(next(iter(self._failed.values())))

    def outcome(self, action: Action) -> object:
        """Return why the item is not in the album where it belongs, or 1."""
        return self._failed.get(action.key, 1)

    def _rename_albums(self) -> None:
        """Let the albums of renamed groups follow them; what VK refuses, the next run tries again."""
        items = [
            BatchItem(rename, self.channel.rename_album(rename.album_id, rename.title))
            for rename in self.plan.renames
        ]
        self.album_calls += len(items)

        def record(answers: Sequence[Answer[AlbumRename]]) -> None:
            for answer in answers:
                rename = answer.item.subject
                if isinstance(answer.value, ItemRefused) and not is_album_gone(answer.value):
                    # It keeps the old title, and the group's goods go into it all the same.
                    self._keep(AlbumStep.RENAME, str(rename.album_id), rename.title, answer.value)
                    self.albums[album_key(rename.title)] = rename.album_id
                    continue
                if isinstance(answer.value, ClientError):
                    self.refusals.append(answer.value)
                    self._awaited.add(album_key(rename.title))
                    continue
                self.albums.pop(rename.old_key, None)
                self.albums[album_key(rename.title)] = rename.album_id
                self.journal.shop.record_rename(rename)

        self.runner.run(items, record=record)

    def _remove_albums(self) -> None:
        """Remove empty albums of ours that no product needs, also those that were emptied just now."""
        ids = dict(self.plan.removals)
        ids |= {one.key: one.album_id for one in self.plan.emptied if one.leaving <= self._left[one.key]}
        items = [BatchItem(key, self.channel.delete_album(album_id)) for key, album_id in ids.items()]
        self.album_calls += len(items)

        def record(answers: Sequence[Answer[str]]) -> None:
            for answer in answers:
                key = answer.item.subject
                if isinstance(answer.value, ClientError) and not is_album_gone(answer.value):
                    if isinstance(answer.value, ItemRefused):
                        self._keep(AlbumStep.REMOVE, str(ids[key]), key, answer.value)
                    else:
                        self.refusals.append(answer.value)
                    continue
                self.albums.pop(answer.item.subject, None)
                self.journal.shop.record_removed(answer.item.subject)

        self.runner.run(items, record=record)

    def _make_albums(self, titles: Iterable[str]) -> None:
        """Make what is missing, the biggest group's first; where VK takes no more, the rest go without."""
        there = self.albums.keys() | self._awaited
        missing = {album_key(title): title for title in titles if album_key(title) not in there}
        sizes = self.plan.sizes
        items: list[BatchItem[str]] = [
            BatchItem(key, self.channel.add_album(missing[key]))
            for key in sorted(missing, key=lambda key: (-sizes.get(key, 0), key))
        ]
        try:
            self.runner.run(items, record=self._record_albums, look=self._look_for_albums)
        except ActionRequired as error:
            if error.code != TOO_MANY_ALBUMS:
                raise
            # Items without an album are still for sale, and the limit is remembered.
            self.left_out |= {
                title: sizes.get(key, 0) for key, title in missing.items() if key not in self.albums
            }
            self.journal.shop.record_limit(albums=len(self.channel.read().albums))

    def _record_albums(self, answers: Sequence[Answer[str]]) -> None:
        made = {}
        for answer in answers:
            self.album_calls += 1
            if isinstance(answer.value, ItemRefused):
                title = str(answer.item.call.params["title"])
                self._keep(AlbumStep.MAKE, answer.item.subject, title, answer.value)
                continue
            if isinstance(answer.value, ClientError):
                self.refusals.append(answer.value)
                self._unmade[answer.item.subject] = answer.value
                continue
            made[answer.item.subject] = int(str(answer.value))
        self.albums |= made
        self.journal.shop.record_album_ids(made)

    def _keep(self, step: AlbumStep, subject: str, title: str, error: ClientError) -> None:
        """Remember that VK refuses an album for good, so that it is not asked again and again."""
        self.refused.append(ShopRefusal(step, subject, title, self.journal.clock(), error.code))

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
        singles: list[Addition] = []
        full: dict[str, ClientError] = {}

        def record(answers: Sequence[Answer[tuple[str, tuple[ProductKey, ...]]]]) -> None:
            for answer in answers:
                title, keys = answer.item.subject
                if not isinstance(answer.value, ClientError):
                    # An item that could not leave its old album is asked for again by that one's name.
                    self._added[album_key(title)] += len(keys)
                    self.journal.record_album([key for key in keys if key not in self._failed], title)
                elif not isinstance(answer.value, ItemRefused):
                    # A passing trouble of VK says nothing of the items: the next run tries again.
                    self._failed |= dict.fromkeys(keys, answer.value)
                elif len(keys) == 1 or (is_album_full(answer.value) and not self._has_room(title)):
                    self._refuse(title, keys, answer.value, full)
                else:
                    # One bad item spoils the whole call, and VK does not say which.
                    singles.extend(BatchItem((title, (key,)), self._add_call(title, [key])) for key in keys)

        self.runner.run(items, record=record)
        for batch in chunks(singles, BATCH):
            with phase(self.refusals):
                self.runner.run([one for one in batch if one.subject[0] not in full], record=record)
            for title, keys in (one.subject for one in batch if one.subject[0] in full):
                if self.journal.listings[keys[0]].sent.get("album") != title:
                    self._refuse(title, keys, full[title], full)

    def _has_room(self, title: str) -> bool:
        """Return True if the album holds less than VK takes into one, so that a part of a call may fit."""
        key = album_key(title)
        return self.plan.held.get(key, 0) + self._added[key] < ITEMS_PER_ALBUM

    def _refuse(
        self, title: str, keys: tuple[ProductKey, ...], error: ClientError, full: dict[str, ClientError]
    ) -> None:
        """Remember an album that VK refuses an item, with what made it so."""
        if is_item_gone(error) or is_album_gone(error):
            return
        if is_album_full(error):
            full[title] = error
        else:
            self.items_refused += len(keys)
        key = album_key(title)
        held = self.plan.held.get(key, 0) + self._added[key] if is_album_full(error) else None
        self.journal.record_album_refusal(keys, key, held=held)

    def _add_call(self, title: str, keys: Sequence[ProductKey]) -> Call[object]:
        ids = [item_id for key in keys if (item_id := self.journal.listings[key].vk_item_id)]
        return self.channel.add_to_album(ids, self.albums[album_key(title)])

    def _remove(self, removals: Sequence[tuple[ProductKey, str]]) -> None:
        items, titles = [], dict(removals)
        for key, title in removals:
            item_id, album_id = self.journal.listings[key].vk_item_id, self.albums.get(album_key(title))
            if item_id and album_id:
                call = self.channel.remove_from_album(item_id, album_id)
                items.append(BatchItem(key, call))
        self.journal.record_album([key for key, title in removals if album_key(title) not in self.albums], "")

        def record(answers: Sequence[Answer[ProductKey]]) -> None:
            out = []
            for answer in answers:
                error = answer.value
                if isinstance(error, ItemRefused) and not (is_item_gone(error) or is_album_gone(error)):
                    title = titles[answer.item.subject]
                    self.items_refused += 1
                    self.journal.record_stay_refusal(answer.item.subject, album_key(title))
                elif isinstance(error, ClientError) and not (is_item_gone(error) or is_album_gone(error)):
                    # It still stands there: the row keeps saying so, and the next run takes it out.
                    self._failed[answer.item.subject] = error
                else:
                    out.append(answer.item.subject)
                    self._left[album_key(titles[answer.item.subject])].add(answer.item.subject)
            self.journal.record_album(out, "")

        self.runner.run(items, record=record)

    def _evict(self) -> None:
        """Take hidden goods out of full albums; what VK refuses stays there."""
        items = []
        for key, album_id in self.plan.evictions:
            item_id = self.journal.listings[key].vk_item_id if key in self.journal.listings else None
            if item_id:
                items.append(BatchItem(key, self.channel.remove_from_album(item_id, album_id)))

        def record(answers: Sequence[Answer[ProductKey]]) -> None:
            self.journal.record_album(
                [one.item.subject for one in answers if not isinstance(one.value, ClientError)], ""
            )

        self.runner.run(items, record=record)
