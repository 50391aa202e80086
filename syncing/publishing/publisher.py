"""Carries a plan out in VK, in the order that does the most good first.

Hides, prices and stock; then new items with their pictures; then albums; removals last. Every
phase may end early with an exception and the next plan goes on: state is kept only in the
journal's rows and in VK.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from connections.clients.error_catalog import Limit, lookup
from connections.clients.errors import ActionRequired, ClientError, ItemRefused, Suspended
from connections.clients.vk.limits import BATCH
from evosync.common.batching import chunks
from syncing.core.choices import ActionKind
from syncing.core.diff import PICTURE_FIELDS
from syncing.core.records import Action, AlbumRename, DesiredItem, ProductKey, SyncResult
from syncing.core.sku_stamp import find_stamp, stamp, typed_stamps
from syncing.publishing.batch_runner import Answer, BatchItem, BatchRunner
from syncing.publishing.errors import PhaseRefused
from syncing.publishing.journal import DoneInPart, Journal
from syncing.publishing.phases import phase
from syncing.publishing.vk.albums import AlbumPublisher
from syncing.publishing.vk.methods import (
    ALBUM_METHODS,
    DELETE,
    EDIT,
    RESTORE,
    Picture,
    VkChannel,
    is_album_full,
    is_gone_for_good,
    is_item_gone,
    is_photo_lost,
)
from syncing.publishing.vk.photos import PhotoUploader
from syncing.publishing.vk.text_limits import PARAMETERS as LEARNT
from syncing.publishing.vk.text_limits import TextLimits

# So many scripts of new items have their pictures on the way, or saved, behind the one that is made.
AHEAD = 3
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
    # VK's methods that take no calls for a while, each with the refusal that said so.
    suspended: Mapping[str, ClientError] = field(default_factory=dict)
    texts: TextLimits = field(default_factory=TextLimits)
    runner: BatchRunner = field(init=False)
    photos: PhotoUploader = field(init=False)
    album_publisher: AlbumPublisher = field(init=False)
    # What VK refused for one reason and all: told to the merchant, the other phases go on.
    refusals: list[ClientError] = field(default_factory=list)
    # Whether a removed item came back as it was: what till and rules want of it now is for another run.
    brought_back: bool = False
    _recreate: list[Action] = field(default_factory=list)
    _photo_again: list[Action] = field(default_factory=list)
    # Edits whose picture VK had lost, to be sent with a fresh one, and whose pictures were fresh already.
    _edit_again: list[Action] = field(default_factory=list)
    _uploaded_again: set[ProductKey] = field(default_factory=set)
    _pictures_refused: dict[ProductKey, ClientError] = field(default_factory=dict)
    # What VK refused for the length of a text, with a shorter one; `_full` holds what was refused first.
    _text_again: list[Action] = field(default_factory=list)
    _full: dict[ProductKey, DesiredItem] = field(default_factory=dict)
    _refused_first: dict[ProductKey, ClientError] = field(default_factory=dict)
    _requests_before: int = field(default=0, init=False)
    # New items that VK may have made already, though its list does not show them yet.
    _doubtful: set[ProductKey] = field(default_factory=set)

    def __post_init__(self) -> None:
        channel = self.channel
        self._requests_before = channel.client.requests
        self.runner = BatchRunner(
            channel.client,
            self._beat,
            channel.sleep,
            channel.settle_seconds,
            excused=self._says_nothing_of_others,
        )
        self.photos = PhotoUploader(channel, self.journal.record_photos, self.journal.beat)
        self.album_publisher = AlbumPublisher(
            channel, self.journal, self.runner, self.albums, self.plan.albums, self.refusals
        )

    @property
    def has_written(self) -> bool:
        """Whether VK was asked for anything since the plan was made."""
        return self.channel.client.requests > self._requests_before

    def _beat(self) -> None:
        """Show that the run lives, and keep the pictures that VK has saved meanwhile."""
        self.journal.beat()
        self.photos.keep_saved()

    def carry_out(self) -> None:
        """Do all of the plan. Raises ClientError or PublishStopped where the run must end."""
        edits = [action for action in self.plan.actions if _is_edit(action)]
        album_changes = [action for action in self.plan.actions if set(action.changes) == {"album"}]
        made = [action for action in self.plan.actions if action.kind is ActionKind.CREATE]
        creates = [action for action in made if action.item_id is None]
        returns = [action for action in made if action.item_id is not None]
        removals = [action for action in self.plan.actions if action.kind is ActionKind.REMOVE]
        first = [action for action in removals if action.makes_room]
        last = [action for action in removals if not action.makes_room]
        with phase(self.refusals), self.photos:
            if not (edits or self.plan.duplicates) or not self._is_suspended(EDIT):
                self._edit(edits)
                self._hide_duplicates()
        with phase(self.refusals):
            if first and not self._is_suspended(DELETE):
                self._remove(first)
        with phase(self.refusals):
            if returns and not self._is_suspended(RESTORE):
                self._bring_back(returns)
        with phase(self.refusals), self.photos:
            self._create_with_room([*creates, *self._recreate])
        moved = [action for action in edits if "album" in action.changes]
        self._assign_albums([*creates, *self._recreate, *moved], album_changes)
        with phase(self.refusals):
            if last and not self._is_suspended(DELETE):
                self._remove(last)

    def _assign_albums(self, others: Sequence[Action], album_changes: Sequence[Action]) -> None:
        """Put items into their albums; `album_changes` are the actions that do nothing else."""
        if self.suspended.keys() & set(ALBUM_METHODS):
            if others or album_changes:
                self._is_suspended(*ALBUM_METHODS)
            return
        told = len(self.refusals)
        with phase(self.refusals):
            self.album_publisher.assign([*others, *album_changes])
        if not any(isinstance(error, Suspended) for error in self.refusals[told:]):
            self.journal.record_results(
                [(action, self.album_publisher.outcome(action)) for action in album_changes]
            )

    def _is_suspended(self, *methods: str) -> bool:
        """Return True, with the refusal noted, if VK takes no calls of one of these methods now."""
        found = [self.suspended[method] for method in methods if method in self.suspended]
        self.refusals.extend(found[:1])
        return bool(found)

    # Edits

    def _edit(self, actions: Sequence[Action]) -> None:
        self.journal.record_edit_intents(actions)
        try:
            refused = self._ensure_pictures(actions)
        except Suspended as error:
            if not error.only_method:
                raise
            # Prices and stock do not wait for pictures.
            self.refusals.append(error)
            refused = {}
            actions = [self._without_pictures(action) for action in actions]
            actions = [action for action in actions if action.changes]
        actions = self._with_refused_pictures(actions, refused)
        if more := [action for action in actions if "more_photos" in action.changes]:
            self.journal.record_more_ids({action.key: self._more_ids(action) for action in more})
        items = [
            BatchItem(
                action,
                self.channel.edit(
                    action, photo_id=self._photo_id(action), more_photo_ids=self._more_ids(action)
                ),
            )
            for action in actions
        ]
        self.runner.run(items, record=self._record_edits)
        if again := [*self._text_again, *self._edit_again]:
            self._text_again, self._edit_again = [], []
            self._edit(again)

    def _with_refused_pictures(
        self, actions: Sequence[Action], refused: Mapping[ProductKey, ClientError]
    ) -> Sequence[Action]:
        """Return what is left to do: the price of an item does not wait for a picture that was refused."""
        rest = [self._without_pictures(one) if one.key in refused else one for one in actions]
        self._pictures_refused |= refused
        self.journal.record_results(
            [
                (whole, refused[whole.key])
                for whole, one in zip(actions, rest, strict=True)
                if one.key in refused and not one.changes
            ]
        )
        return [one for one in rest if one.changes or one.key not in refused]

    def _without_pictures(self, action: Action) -> Action:
        """Return the action, without its pictures where not all of them are in VK yet."""
        if action.desired is None or not self._missing(action):
            return action
        before = {name: action.changes[name][0] for name in PICTURE_FIELDS if name in action.changes}
        changes = {name: pair for name, pair in action.changes.items() if name not in before}
        return replace(action, changes=changes, desired=replace(action.desired, **before))  # type: ignore[arg-type]

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
            elif self._may_upload_again(action, answer.value):
                self._uploaded_again.add(action.key)
                self.journal.discard_photos(action.key)
                self._edit_again.append(action)
            elif not self._shorten(action, answer.value):
                outcome = self._outcome(action, answer.value)
                picture = self._pictures_refused.get(action.key)
                if picture is not None and not isinstance(outcome, ClientError):
                    outcome = DoneInPart(picture)
                results.append((action, outcome))
        self.journal.record_results(results)

    def _item_is_gone(self, action: Action, results: list[tuple[Action, object]]) -> None:
        """The merchant removed the item in VK since we looked: hiding is done, an edit makes it again."""
        if action.kind is ActionKind.HIDE or action.desired is None:
            results.append((action, 1))
        else:
            self.journal.discard_item(action.key)
            self._recreate.append(replace(action, kind=ActionKind.CREATE, item_id=None, changes={}))

    # Removed items

    def _bring_back(self, actions: Sequence[Action]) -> None:
        """Let VK bring back items that an earlier run removed; what it brings back no more is made again."""
        known = self.journal.listings
        # One that is being made already, as far as we know, is not asked back beside it.
        begun = [a for a in actions if a.key in known and known[a.key].is_in_doubt]
        self._recreate += [replace(action, item_id=None) for action in begun]
        pending = {action.key: action for action in actions if action not in begun}
        self.journal.record_return_intents({key: self.plan.returning[key] for key in pending})
        items = [BatchItem(one, self.channel.restore(one.item_id or 0)) for one in pending.values()]

        def record(answers: Sequence[Answer[Action]]) -> None:
            for answer in answers:
                del pending[answer.item.subject.key]
            self._record_returns(answers)

        try:
            self.runner.run(items, record=record)
        except (ClientError, PhaseRefused):
            for key in pending:
                self.journal.discard_item(key)
            raise

    def _record_returns(self, answers: Sequence[Answer[Action]]) -> None:
        results: list[tuple[Action, object]] = []
        for answer in answers:
            action = answer.item.subject
            if is_gone_for_good(answer.value):
                self.journal.discard_item(action.key)
                self._recreate.append(replace(action, item_id=None))
            elif isinstance(answer.value, ClientError):
                self.journal.discard_item(action.key)
                results.append((action, answer.value))
            else:
                self.brought_back = True
                as_it_was = replace(action, desired=self.plan.returning[action.key].sent)
                results.append((as_it_was, action.item_id))
        self.journal.record_results(results)

    # New items

    def _create_with_room(self, actions: Sequence[Action]) -> None:
        """Make new items; in a full shop, items that left long ago go first. Raises ActionRequired."""
        try:
            self._create(actions)
        except ActionRequired as error:
            if lookup(error.code).limit is not Limit.ITEMS:
                raise
            self.journal.shop.record_limit(items=self._count_items())
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
        """Make new items, some at a time, in their order; the pictures of the next ones go ahead."""
        waiting, begun = deque(chunks(actions, BATCH)), deque[Sequence[Action]]()
        while waiting or begun:
            while waiting and (not begun or (len(begun) <= AHEAD and self.photos.may_go_ahead)):
                begun.append(waiting.popleft())
                self._begin(begun[-1])
            self._make([self._fitting(action) for action in begun.popleft()])
            while self._photo_again or self._text_again:
                pictures, self._photo_again = self._photo_again, []
                texts, self._text_again = self._text_again, []
                if pictures:
                    self._begin(pictures)
                    self._make(pictures, last_try=True)
                if texts:
                    self._begin(texts)
                    self._make(texts)

    def _begin(self, chunk: Sequence[Action]) -> None:
        """Write down that these items are about to be made, and let their pictures go to VK."""
        known = self.journal.listings
        self._doubtful |= {a.key for a in chunk if a.key in known and known[a.key].is_in_doubt}
        self.journal.record_intents(chunk)
        self.photos.begin(self._unsaved(chunk))

    def _make(self, chunk: Sequence[Action], *, last_try: bool = False) -> None:
        refused = self._ensure_pictures(chunk)
        self.journal.record_results(
            [(action, refused[action.key]) for action in chunk if action.key in refused]
        )
        items = [
            BatchItem(
                action,
                self.channel.add(
                    _desired(action),
                    photo_id=self._photo_id(action) or 0,
                    more_photo_ids=self._more_ids(action),
                ),
            )
            for action in chunk
            if action.key not in refused
        ]

        def record(answers: Sequence[Answer[Action]]) -> None:
            self._record_creates(answers, last_try=last_try)

        self.runner.run(items, record=record, look=self._look_for_created)

    # Pictures

    def _ensure_pictures(self, actions: Sequence[Action]) -> Mapping[ProductKey, ClientError]:
        """Have the pictures of these items saved in VK; return the refusals by product.

        Raises ClientError where no pictures are taken at all.
        """
        return self.photos.ensure_uploaded(self._unsaved(actions))

    def _unsaved(self, actions: Sequence[Action]) -> list[Picture]:
        """Return the pictures to be sent; what was saved for an item before is not sent again."""
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

    def _photo_id(self, action: Action) -> int | None:
        return self.journal.listings[action.key].photo_id

    def _more_ids(self, action: Action) -> list[int]:
        saved = self.journal.listings[action.key].saved_photos or {}
        return [saved[one] for one in action.desired.more_photos if one in saved] if action.desired else []

    def _may_upload_again(self, action: Action, value: object) -> bool:
        """Return True for an edit's picture that VK has lost: it is uploaded once more."""
        has_pictures = any(name in action.changes for name in PICTURE_FIELDS)
        return is_photo_lost(value) and has_pictures and action.key not in self._uploaded_again

    def _record_creates(self, answers: Sequence[Answer[Action]], *, last_try: bool) -> None:
        results: list[tuple[Action, object]] = []
        doubtful: list[BatchItem[Action]] = []
        for answer in answers:
            action, value = answer.item.subject, answer.value
            if self._may_be_there_already(answer):
                doubtful.append(answer.item)
            elif is_photo_lost(value) and not last_try:
                self.journal.discard_photos(action.key)
                self._photo_again.append(action)
            elif not self._shorten(action, value):
                results.append((action, self._outcome(action, value)))
        self.journal.record_results(results)
        if doubtful:
            self._resolve(doubtful)

    def _fitting(self, action: Action) -> Action:
        """Return a new item's action with texts as long as VK has shown to take in this run."""
        return replace(action, desired=self.texts.fit(_desired(action)))

    def _shorten(self, action: Action, value: object) -> bool:
        """Note what to send next where VK refused a text as too long; return False for anything else."""
        shorter = self.texts.shortened(action.desired, value) if action.desired else None
        if shorter is None or not isinstance(value, ClientError):
            return False
        changes = {
            name: (old, getattr(shorter, name) if name in LEARNT else new)
            for name, (old, new) in action.changes.items()
        }
        self._full.setdefault(action.key, _desired(action))
        self._refused_first.setdefault(action.key, value)
        self._text_again.append(replace(action, desired=shorter, changes=changes))
        return True

    def _outcome(self, action: Action, value: object) -> object:
        """Return VK's answer, for a text that no shortening helped its first refusal."""
        full = self._full.pop(action.key, None)
        first = self._refused_first.pop(action.key, None)
        if isinstance(value, ClientError):
            return first or value
        if action.desired is not None:
            if full is not None:
                self.texts.learn(full, action.desired)
            self.texts.accept(action.desired)
        return value

    def _says_nothing_of_others(self, answer: Answer[Any]) -> bool:
        """Return True for a refusal that is answered with another try."""
        action = answer.item.subject
        if not isinstance(action, Action):
            # A refusal of an album is remembered for each, so that none is asked for twice.
            is_album = isinstance(action, ProductKey | str | AlbumRename)
            return (is_album and isinstance(answer.value, ItemRefused)) or is_album_full(answer.value)
        if action.kind is ActionKind.CREATE and is_gone_for_good(answer.value):
            return True
        is_too_long = action.desired is not None and self.texts.shortened(action.desired, answer.value)
        if is_too_long or self._may_upload_again(action, answer.value):
            return True
        return self._may_be_there_already(answer)

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
            self.journal.discard_photos(action.key)
            self._photo_again.append(action)
        else:
            self.journal.record_unconfirmed(action, self.channel.unconfirmed_item())

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
