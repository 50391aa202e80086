"""Carries a plan out in VK, in the order that does the most good first.

Hides, prices and stock; then new items with their pictures; then albums; removals last. Every
phase may end early with an exception and the next plan goes on: state is kept only in the
journal's rows and in VK.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from connections.clients.error_catalog import VkError
from connections.clients.errors import ActionRequired, ClientError, Transient
from evosync.common.batching import chunks
from syncing.core.choices import ActionKind
from syncing.core.records import Action, DesiredItem, ProductKey, SyncResult
from syncing.core.sku_stamp import find_stamp, stamp, typed_stamps
from syncing.publishing.batch_runner import FULL, Answer, BatchItem, BatchRunner
from syncing.publishing.journal import Journal
from syncing.publishing.phases import phase
from syncing.publishing.vk.albums import AlbumPublisher
from syncing.publishing.vk.methods import VkChannel, is_item_gone, is_photo_lost
from syncing.publishing.vk.photos import PhotoUploader

# Pauses between looks for an item in doubt, in settling times: a minute in all by default.
LOOKS = (2, 4, 8, 16)
# So long after the first try no list lags any more: the picture is lost, not in use.
DOUBT_FOR = timedelta(minutes=15)


@dataclass(slots=True)
class Publisher:
    """Executes a sync plan against VK. `albums` maps the keys of the albums that exist to VK's ids."""

    channel: VkChannel
    journal: Journal
    plan: SyncResult
    albums: dict[str, int]
    runner: BatchRunner = field(init=False)
    photos: PhotoUploader = field(init=False)
    album_publisher: AlbumPublisher = field(init=False)
    # What VK refused for one reason and all: told to the merchant, the other phases go on.
    refusals: list[ClientError] = field(default_factory=list)
    _recreate: list[Action] = field(default_factory=list)
    _photo_again: list[Action] = field(default_factory=list)
    # New items that VK may have made already, though its list does not show them yet.
    _doubtful: set[ProductKey] = field(default_factory=set)

    def __post_init__(self) -> None:
        channel, beat = self.channel, self.journal.beat
        self.runner = BatchRunner(
            channel.client, beat, channel.sleep, channel.settle_seconds, excused=self._may_be_there_already
        )
        self.photos = PhotoUploader(channel, self._record_photos, beat)
        self.album_publisher = AlbumPublisher(
            channel, self.journal, self.runner, self.albums, self.plan.albums, self.refusals
        )

    def carry_out(self) -> None:
        """Do all of the plan. Raises ClientError or PublishStopped where the run must end."""
        edits = [action for action in self.plan.actions if _is_edit(action)]
        album_changes = [action for action in self.plan.actions if set(action.changes) == {"album"}]
        creates = [action for action in self.plan.actions if action.kind is ActionKind.CREATE]
        removals = [action for action in self.plan.actions if action.kind is ActionKind.REMOVE]
        first = [action for action in removals if action.makes_room]
        last = [action for action in removals if not action.makes_room]
        with phase(self.refusals):
            self._edit(edits)
            self._hide_duplicates()
        with phase(self.refusals):
            self._remove(first)
        with phase(self.refusals):
            self._create_with_room([*creates, *self._recreate])
        with phase(self.refusals):
            self.album_publisher.assign([*creates, *self._recreate, *edits, *album_changes])
        self.journal.record_results(
            [(action, self.album_publisher.outcome(action)) for action in album_changes]
        )
        with phase(self.refusals):
            self._remove(last)

    # Edits

    def _edit(self, actions: Sequence[Action]) -> None:
        self.journal.record_edit_intents(actions)
        pictured = [
            action for action in actions if "photo_key" in action.changes and not self._has_photo(action)
        ]
        refused = self.photos.ensure_uploaded([action.key for action in pictured])
        self.journal.record_results(
            [(action, refused[action.key]) for action in pictured if action.key in refused]
        )
        items = [
            BatchItem(action, self.channel.edit(action, photo_id=self._photo_id(action)))
            for action in actions
            if action.key not in refused
        ]
        self.runner.run(items, record=self._record_edits)

    def _hide_duplicates(self) -> None:
        """Hide second items of products, which have no listing of their own."""
        items = [BatchItem(action, self.channel.hide(action)) for action in self.plan.duplicates]
        self.runner.run(
            items,
            record=lambda answers: self.journal.record_duplicates(
                [(answer.item.subject, answer.value) for answer in answers]
            ),
        )

    def _record_edits(self, answers: Sequence[Answer[Action]]) -> None:
        results: list[tuple[Action, object]] = []
        for answer in answers:
            action = answer.item.subject
            if is_item_gone(answer.value):
                self._item_is_gone(action, results)
            else:
                results.append((action, answer.value))
        self.journal.record_results(results)

    def _item_is_gone(self, action: Action, results: list[tuple[Action, object]]) -> None:
        """The merchant removed the item in VK since we looked: hiding is done, an edit makes it again."""
        if action.kind is ActionKind.HIDE or action.desired is None:
            results.append((action, 1))
        else:
            self.journal.discard_item(action.key)
            self._recreate.append(replace(action, kind=ActionKind.CREATE, item_id=None, changes={}))

    # New items

    def _create_with_room(self, actions: Sequence[Action]) -> None:
        """Make new items; in a full shop, items that left long ago go first. Raises ActionRequired."""
        try:
            self._create(actions)
        except ActionRequired as error:
            if error.code != VkError.TOO_MANY_ITEMS:
                raise
            self.journal.record_limit(items=self._count_items())
            unmade = [action for action in actions if not self._is_made(action)]
            spare = self.plan.spare[: len(unmade)]
            if not spare:
                raise
            self.journal.add_actions(spare)
            self._remove(spare)
            self._create(unmade)

    def _is_made(self, action: Action) -> bool:
        listing = self.journal.listings.get(action.key)
        return listing is not None and listing.vk_item_id is not None

    def _count_items(self) -> int:
        """Return how many items VK lists now."""
        return len(self.channel.read().items)

    def _create(self, actions: Sequence[Action]) -> None:
        for chunk in chunks(actions, FULL):
            self._create_chunk(chunk)
            if self._photo_again:
                again, self._photo_again = self._photo_again, []
                self._create_chunk(again, last_try=True)

    def _create_chunk(self, chunk: Sequence[Action], *, last_try: bool = False) -> None:
        known = self.journal.listings
        self._doubtful |= {a.key for a in chunk if a.key in known and known[a.key].is_in_doubt}
        self.journal.record_intents(chunk)
        without = [action.key for action in chunk if not self._has_photo(action)]
        refused = self.photos.ensure_uploaded(without)
        self.journal.record_results(
            [(action, refused[action.key]) for action in chunk if action.key in refused]
        )
        items = [
            BatchItem(action, self.channel.add(_desired(action), photo_id=self._photo_id(action) or 0))
            for action in chunk
            if action.key not in refused
        ]

        def record(answers: Sequence[Answer[Action]]) -> None:
            self._record_creates(answers, last_try=last_try)

        self.runner.run(items, record=record, look=self._look_for_created)

    def _has_photo(self, action: Action) -> bool:
        listing = self.journal.listings[action.key]
        return listing.photo_id is not None and listing.photo_key == _desired(action).photo_key

    def _photo_id(self, action: Action) -> int | None:
        return self.journal.listings[action.key].photo_id

    def _record_creates(self, answers: Sequence[Answer[Action]], *, last_try: bool) -> None:
        results: list[tuple[Action, object]] = []
        doubtful: list[BatchItem[Action]] = []
        for answer in answers:
            action, value = answer.item.subject, answer.value
            if self._may_be_there_already(answer):
                doubtful.append(answer.item)
            elif is_photo_lost(value) and not last_try:
                self.journal.discard_photo(action.key)
                self._photo_again.append(action)
            else:
                results.append((action, value))
        self.journal.record_results(results)
        if doubtful:
            self._resolve(doubtful)

    def _may_be_there_already(self, answer: Answer[Action]) -> bool:
        """Return True if VK most likely refuses a new item's picture because the item exists and has it."""
        return is_photo_lost(answer.value) and answer.item.subject.key in self._doubtful

    def _resolve(self, items: Sequence[BatchItem[Action]]) -> None:
        """Look, again and again, for items that VK may have made although no list shows them yet.

        What stays unseen is left to a later run with its picture, for a fresh picture would make the
        item twice. Only after a long time is the picture taken for lost.
        """
        waiting = list(items)
        for pause in LOOKS:
            self.channel.sleep(pause * self.channel.settle_seconds)
            self.journal.beat()
            found = self._look_for_created(waiting)
            self.journal.record_results([(item.subject, item_id) for item, item_id in found.items()])
            waiting = [item for item in waiting if item not in found]
            if not waiting:
                return
        for item in waiting:
            self._leave_or_give_up(item.subject)

    def _leave_or_give_up(self, action: Action) -> None:
        listing = self.journal.listings[action.key]
        sent_at = listing.create_sent_at
        if sent_at is None or self.journal.clock() - sent_at > DOUBT_FOR:
            self._doubtful.discard(action.key)
            self.journal.discard_photo(action.key)
            self._photo_again.append(action)
        else:
            self.journal.record_unconfirmed(
                action, Transient("vk", VkError.UNSTEADY_LIST, method="market.add")
            )

    def _look_for_created(self, items: Sequence[BatchItem[Action]]) -> Mapping[BatchItem[Action], object]:
        """Return the items that were made although VK's answer never reached us.

        They are known by their stamp or, where VK does not keep the sku, by their picture.
        """
        shop = self.channel.read()
        claimed = {listing.vk_item_id for listing in self.journal.listings.values()}
        # What stands before our stamp is the article as the merchant typed it.
        typed = typed_stamps(desired.sku.rpartition(" ")[0] for desired in self.plan.desired.values())
        made: dict[str | int, int] = {}
        for seen in sorted(shop.items.values(), key=lambda item: (item.date, item.id)):
            mark = find_stamp(seen.sku, typed=typed) or next(iter(seen.photo_ids or ()), None)
            if mark and seen.id not in claimed:
                made.setdefault(mark, seen.id)
        found: dict[BatchItem[Action], object] = {}
        for item in items:
            item_id = made.get(stamp(item.subject.key)) or made.get(self._photo_id(item.subject) or 0)
            if item_id is not None:
                found[item] = item_id
        self._doubtful |= {item.subject.key for item in items if item not in found}
        return found

    def _record_photos(self, photos: Sequence[tuple[ProductKey, int]]) -> None:
        sources = {key: self.plan.desired[key].photo_key for key, _ in photos}
        self.journal.record_photos({key: (photo_id, sources[key]) for key, photo_id in photos})

    # Removals

    def _remove(self, actions: Sequence[Action]) -> None:
        items = [BatchItem(action, self.channel.delete(action)) for action in actions]

        def record(answers: Sequence[Answer[Action]]) -> None:
            self.journal.record_results(
                [
                    (answer.item.subject, 1 if is_item_gone(answer.value) else answer.value)
                    for answer in answers
                ]
            )

        self.runner.run(items, record=record)


def _is_edit(action: Action) -> bool:
    edits = action.kind in (ActionKind.UPDATE, ActionKind.HIDE, ActionKind.RESTORE)
    return edits and set(action.changes) != {"album"}


def _desired(action: Action) -> DesiredItem:
    if action.desired is None:
        raise ValueError(f"{action.kind} without a desired item")
    return action.desired
