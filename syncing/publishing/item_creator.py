"""Makes new items in VK, none of them twice.

A create whose answer was lost, or whose picture VK says is in use, may have been carried out although no
list shows the item yet: such items are looked for before anything is sent again.
"""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from connections.clients.vk.limits import BATCH
from evosync.common.batching import chunks
from syncing.core.records import Action, DesiredItem, ProductKey
from syncing.core.sku_stamp import find_stamp, stamp, typed_stamps
from syncing.publishing.batch_runner import Answer, BatchItem, BatchRunner
from syncing.publishing.item_pictures import ItemPictures
from syncing.publishing.journal import Journal
from syncing.publishing.text_retries import TextRetries
from syncing.publishing.vk.methods import VkChannel, is_photo_lost

# So many scripts of new items have their pictures on the way, or saved, behind the one that is made.
AHEAD = 3
# Pauses between looks for an item in doubt, in settling times: a minute in all by default.
LOOKS = (2, 4, 8, 16)
# So long after the first try no list lags any more: the picture is lost, not in use.
DOUBT_FOR = timedelta(minutes=15)


@dataclass(slots=True)
class ItemCreator:
    """Makes new items. `planned` are all items that the plan wants, made or not."""

    channel: VkChannel
    journal: Journal
    runner: BatchRunner
    pictures: ItemPictures
    texts: TextRetries
    planned: Iterable[DesiredItem]
    # What is made once more with a fresh picture.
    _picture_again: list[Action] = field(default_factory=list, init=False)
    # New items that VK may have made already, though its list does not show them yet.
    _doubtful: set[ProductKey] = field(default_factory=set, init=False)

    def create(self, actions: Sequence[Action]) -> None:
        """Make new items, some at a time, in their order; the pictures of the next ones go ahead."""
        # What an earlier call that failed wanted to make again is among its caller's items still.
        self._picture_again.clear()
        self.texts.forget()
        waiting, begun = deque(chunks(actions, BATCH)), deque[Sequence[Action]]()
        while waiting or begun:
            while waiting and (not begun or (len(begun) <= AHEAD and self.pictures.photos.may_go_ahead)):
                begun.append(waiting.popleft())
                self._begin(begun[-1])
            self._make([self._fitting(action) for action in begun.popleft()])
            self._make_again()

    def may_be_there_already(self, answer: Answer[Action]) -> bool:
        """Return True if VK most likely refuses a new item's picture because the item exists and has it."""
        return is_photo_lost(answer.value) and answer.item.subject.key in self._doubtful

    def _fitting(self, action: Action) -> Action:
        """Return a new item's action with texts as long as VK has shown to take in this run."""
        return replace(action, desired=self.texts.texts.fit(desired_of(action)))

    def _begin(self, chunk: Sequence[Action]) -> None:
        """Write down that these items are about to be made, and let their pictures go to VK."""
        known = self.journal.listings
        self._doubtful |= {a.key for a in chunk if a.key in known and known[a.key].is_in_doubt}
        self.journal.record_intents(chunk)
        self.pictures.begin(chunk)

    def _make(self, chunk: Sequence[Action], *, last_try: bool = False) -> None:
        refused = self.pictures.ensure_uploaded(chunk)
        self.journal.record_results(
            [(action, refused[action.key]) for action in chunk if action.key in refused]
        )
        items = [
            BatchItem(
                action,
                self.channel.add(
                    desired_of(action),
                    photo_id=self.pictures.main_id(action) or 0,
                    more_photo_ids=self.pictures.more_ids(action),
                ),
            )
            for action in chunk
            if action.key not in refused
        ]

        def record(answers: Sequence[Answer[Action]]) -> None:
            self._record(answers, last_try=last_try)

        self.runner.run(items, record=record, look=self._look_for_created)

    def _make_again(self) -> None:
        """Make the items whose pictures were lost with fresh ones, and those with too long a text shorter."""
        pictures, texts = self._take_picture_again(), self.texts.take()
        while pictures or texts:
            if pictures:
                self._begin(pictures)
                self._make(pictures, last_try=True)
            if texts:
                self._begin(texts)
                self._make(texts)
            pictures, texts = self._take_picture_again(), self.texts.take()

    def _take_picture_again(self) -> list[Action]:
        again, self._picture_again = self._picture_again, []
        return again

    def _record(self, answers: Sequence[Answer[Action]], *, last_try: bool) -> None:
        results: list[tuple[Action, object]] = []
        doubtful: list[BatchItem[Action]] = []
        for answer in answers:
            action, value = answer.item.subject, answer.value
            if self.may_be_there_already(answer):
                doubtful.append(answer.item)
            elif is_photo_lost(value) and not last_try:
                self.journal.discard_photos(action.key)
                self._picture_again.append(action)
            elif not self.texts.shorten(action, value):
                results.append((action, self.texts.outcome(action, value)))
        self.journal.record_results(results)
        if doubtful:
            self._resolve(doubtful)

    # Items in doubt

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
        sent_at = self.journal.listings[action.key].create_sent_at
        if sent_at is None or self.journal.clock() - sent_at > DOUBT_FOR:
            self._doubtful.discard(action.key)
            self.journal.discard_photos(action.key)
            self._picture_again.append(action)
        else:
            self.journal.record_unconfirmed(action, self.channel.unconfirmed_item())

    def _look_for_created(self, items: Sequence[BatchItem[Action]]) -> Mapping[BatchItem[Action], object]:
        """Return the items that were made although VK's answer never reached us.

        They are known by their stamp or, where VK does not keep the sku, by their picture.
        """
        made = self._unclaimed_items()
        found: dict[BatchItem[Action], object] = {}
        for item in items:
            action = item.subject
            item_id = made.get(stamp(action.key)) or made.get(self.pictures.main_id(action) or 0)
            if item_id is not None:
                found[item] = item_id
        self._doubtful |= {item.subject.key for item in items if item not in found}
        return found

    def _unclaimed_items(self) -> Mapping[str | int, int]:
        """Return VK's items that are no listing's, the oldest of each stamp or first picture."""
        claimed = {listing.vk_item_id for listing in self.journal.listings.values()}
        # What stands before our stamp is the article as the merchant typed it.
        typed = typed_stamps(desired.sku.rpartition(" ")[0] for desired in self.planned)
        made: dict[str | int, int] = {}
        for seen in sorted(self.channel.read().items.values(), key=lambda item: (item.date, item.id)):
            mark = find_stamp(seen.sku, typed=typed) or next(iter(seen.photo_ids or ()), None)
            if mark and seen.id not in claimed:
                made.setdefault(mark, seen.id)
        return made


def desired_of(action: Action) -> DesiredItem:
    """Return what an action wants of its item. Raises ValueError for one that wants nothing."""
    if action.desired is None:
        raise ValueError(f"{action.kind} without a desired item")
    return action.desired
