"""Carries a plan out in VK, in the order that does the most good first.

Hides, prices and stock; then new items with their pictures; then albums; removals last. Every
phase may end early with an exception and be planned anew: nothing here is remembered but in the
journal's rows and in VK.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from connections.clients.error_catalog import VkError
from connections.clients.errors import ClientError, ItemRefused, Transient
from connections.clients.vk import calls
from connections.clients.vk.client import VkClient
from connections.clients.vk.records import Call
from evosync.common.batching import chunks
from syncing.core.choices import ActionKind
from syncing.core.records import Action, DesiredItem, ProductKey, SyncResult
from syncing.core.sku_stamp import find_stamp, stamp
from syncing.publishing.batch_runner import FULL, Answer, BatchItem, BatchRunner, is_error
from syncing.publishing.journal import Journal
from syncing.publishing.phases import phase
from syncing.publishing.vk.albums import ITEM_GONE, AlbumPublisher
from syncing.publishing.vk.photos import PhotoUploader
from syncing.publishing.vk.reader import read_shop

EDITED = ("title", "description", "price_kopecks", "stock", "sku", "category_id", "hidden")
# VK's words for a picture that it has lost or given to another item.
PHOTO_LOST = "photo"
# Pauses between looks for an item in doubt, in settling times: a minute in all by default.
LOOKS = (2, 4, 8, 16)
# So long after the first try no list lags any more: the picture is lost, not in use.
DOUBT_FOR = timedelta(minutes=15)


@dataclass(slots=True)
class Publisher:
    """One run's hands. `picture` returns a product's JPEG bytes."""

    client: VkClient
    group_id: int
    journal: Journal
    plan: SyncResult
    albums: dict[str, int]
    picture: Callable[[ProductKey], bytes]
    sleep: Callable[[float], None]
    settle_seconds: float
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
        beat = self.journal.beat
        self.runner = BatchRunner(
            self.client, beat, self.sleep, self.settle_seconds, excused=self._may_be_there_already
        )
        self.photos = PhotoUploader(self.client, self.group_id, self.picture, self._photos_saved, beat)
        self.album_publisher = AlbumPublisher(
            self.client, self.group_id, self.journal, self.runner, self.albums, self.refusals
        )

    def carry_out(self) -> None:
        """Do all of the plan. Raises ClientError or PublishStopped where the run must end."""
        edits = [action for action in self.plan.actions if _is_edit(action)]
        filings = [action for action in self.plan.actions if set(action.changes) == {"album"}]
        creates = [action for action in self.plan.actions if action.kind is ActionKind.CREATE]
        removals = [action for action in self.plan.actions if action.kind is ActionKind.REMOVE]
        with phase(self.refusals):
            self._edit(edits)
            self._hide_duplicates()
        with phase(self.refusals):
            self._create([*creates, *self._recreate])
        with phase(self.refusals):
            self.album_publisher.assign([*creates, *self._recreate, *edits, *filings])
        self.journal.record_results([(action, self.album_publisher.outcome(action)) for action in filings])
        with phase(self.refusals):
            self._remove(removals)

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
        steps = [
            BatchItem(action, self._edit_call(action)) for action in actions if action.key not in refused
        ]
        self.runner.run(steps, record=self._record_edits)

    def _hide_duplicates(self) -> None:
        """Hide second items of products, which have no listing of their own."""
        steps = [
            BatchItem(action, calls.edit_item(self.group_id, _item_id(action), hidden=True))
            for action in self.plan.duplicates
        ]
        self.runner.run(
            steps,
            record=lambda answers: self.journal.record_duplicates(
                [(answer.step.subject, answer.value) for answer in answers]
            ),
        )

    def _edit_call(self, action: Action) -> Call[object]:
        changes = {name: new for name, (_, new) in action.changes.items() if name in EDITED}
        if "photo_key" in action.changes:
            changes["photo_id"] = self.journal.listings[action.key].photo_id
        if action.changes.get("stock", (None,))[0] == 0 and action.desired is not None:
            # VK shows a sold-out item as unavailable, hidden or not: back in stock, it has to be seen.
            changes["hidden"] = action.desired.hidden
        return calls.edit_item(self.group_id, _item_id(action), **changes)

    def _record_edits(self, answers: Sequence[Answer[Action]]) -> None:
        results: list[tuple[Action, object]] = []
        for answer in answers:
            action = answer.step.subject
            if is_error(answer.value, ITEM_GONE):
                self._item_is_gone(action, results)
            else:
                results.append((action, answer.value))
        self.journal.record_results(results)

    def _item_is_gone(self, action: Action, results: list[tuple[Action, object]]) -> None:
        """The merchant removed the item in VK since we looked: hiding is done, an edit makes it anew."""
        if action.kind is ActionKind.HIDE or action.desired is None:
            results.append((action, 1))
        else:
            self.journal.discard_item(action.key)
            self._recreate.append(replace(action, kind=ActionKind.CREATE, item_id=None, changes={}))

    # New items

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
        steps = [BatchItem(action, self._add_call(action)) for action in chunk if action.key not in refused]

        def record(answers: Sequence[Answer[Action]]) -> None:
            self._record_creates(answers, last_try=last_try)

        self.runner.run(steps, record=record, look=self._look_for_created)

    def _has_photo(self, action: Action) -> bool:
        listing = self.journal.listings[action.key]
        return listing.photo_id is not None and listing.photo_key == _desired(action).photo_key

    def _add_call(self, action: Action) -> Call[object]:
        desired = _desired(action)
        return calls.add_item(
            self.group_id,
            title=desired.title,
            description=desired.description,
            price_kopecks=desired.price_kopecks,
            category_id=desired.category_id,
            stock=desired.stock,
            sku=desired.sku,
            photo_id=self.journal.listings[action.key].photo_id or 0,
            hidden=desired.hidden,
        )

    def _record_creates(self, answers: Sequence[Answer[Action]], *, last_try: bool) -> None:
        results: list[tuple[Action, object]] = []
        doubtful: list[BatchItem[Action]] = []
        for answer in answers:
            action, value = answer.step.subject, answer.value
            if self._may_be_there_already(answer):
                doubtful.append(answer.step)
            elif _photo_lost(value) and not last_try:
                self.journal.discard_photo(action.key)
                self._photo_again.append(action)
            else:
                results.append((action, value))
        self.journal.record_results(results)
        if doubtful:
            self._resolve(doubtful)

    def _may_be_there_already(self, answer: Answer[Action]) -> bool:
        """Say whether VK refuses a new item's picture most likely because the item exists and has it."""
        return _photo_lost(answer.value) and answer.step.subject.key in self._doubtful

    def _resolve(self, steps: Sequence[BatchItem[Action]]) -> None:
        """Look, again and again, for items that VK may have made although no list shows them yet.

        What stays unseen is left to a later run with its picture, for a fresh picture would make the
        item twice. Only after a long time is the picture taken for lost.
        """
        waiting = list(steps)
        for pause in LOOKS:
            self.sleep(pause * self.settle_seconds)
            self.journal.beat()
            found = self._look_for_created(waiting)
            self.journal.record_results([(step.subject, item_id) for step, item_id in found.items()])
            waiting = [step for step in waiting if step not in found]
            if not waiting:
                return
        for step in waiting:
            self._leave_or_give_up(step.subject)

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

    def _look_for_created(self, steps: Sequence[BatchItem[Action]]) -> Mapping[BatchItem[Action], object]:
        """Return the items that were made although VK's answer never reached us, by their stamp."""
        shop = read_shop(self.client, self.group_id, expected=(), with_categories=False)
        claimed = {listing.vk_item_id for listing in self.journal.listings.values()}
        by_stamp: dict[str, int] = {}
        for item in sorted(shop.items.values(), key=lambda item: (item.date, item.id)):
            mark = find_stamp(item.sku)
            if mark and item.id not in claimed:
                by_stamp.setdefault(mark, item.id)
        found = {step: by_stamp[mark] for step in steps if (mark := stamp(step.subject.key)) in by_stamp}
        self._doubtful |= {step.subject.key for step in steps if step not in found}
        return found

    def _photos_saved(self, photos: Sequence[tuple[ProductKey, int]]) -> None:
        sources = {key: self.plan.desired[key].photo_key for key, _ in photos}
        self.journal.record_photos({key: (photo_id, sources[key]) for key, photo_id in photos})

    # Removals

    def _remove(self, actions: Sequence[Action]) -> None:
        steps = [BatchItem(action, calls.delete_item(self.group_id, _item_id(action))) for action in actions]

        def record(answers: Sequence[Answer[Action]]) -> None:
            self.journal.record_results(
                [
                    (answer.step.subject, 1 if is_error(answer.value, ITEM_GONE) else answer.value)
                    for answer in answers
                ]
            )

        self.runner.run(steps, record=record)


def _is_edit(action: Action) -> bool:
    edits = action.kind in (ActionKind.UPDATE, ActionKind.HIDE, ActionKind.RESTORE)
    return edits and set(action.changes) != {"album"}


def _photo_lost(value: object) -> bool:
    return isinstance(value, ItemRefused) and PHOTO_LOST in value.tail


def _item_id(action: Action) -> int:
    if action.item_id is None:
        raise ValueError(f"{action.kind} without a VK item")
    return action.item_id


def _desired(action: Action) -> DesiredItem:
    if action.desired is None:
        raise ValueError(f"{action.kind} without a desired item")
    return action.desired
