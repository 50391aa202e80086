"""Carries a plan out in VK, in the order that does the most good first.

Hides, prices and stock, and removals of what is shown; then new items with their pictures; then albums;
removals of what is hidden last. Every phase may end early with an exception and the next plan goes on:
state is kept only in the journal's rows and in VK.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from connections.clients.error_catalog import Limit, lookup
from connections.clients.errors import ActionRequired, ClientError, ItemRefused, Suspended
from syncing.core.choices import ActionKind
from syncing.core.records import Action, AlbumRename, ProductKey, SyncResult
from syncing.publishing.batch_runner import Answer, BatchItem, BatchRunner
from syncing.publishing.errors import PhaseRefused
from syncing.publishing.item_creator import ItemCreator
from syncing.publishing.item_editor import ItemEditor
from syncing.publishing.item_pictures import ItemPictures
from syncing.publishing.journal import Journal
from syncing.publishing.phases import phase
from syncing.publishing.text_retries import TextRetries
from syncing.publishing.vk.albums import AlbumPublisher
from syncing.publishing.vk.methods import (
    ALBUM_METHODS,
    DELETE,
    EDIT,
    RESTORE,
    VkChannel,
    is_album_full,
    is_gone_for_good,
    is_item_gone,
)
from syncing.publishing.vk.photos import PhotoUploader
from syncing.publishing.vk.text_limits import TextLimits


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
    editor: ItemEditor = field(init=False)
    creator: ItemCreator = field(init=False)
    album_publisher: AlbumPublisher = field(init=False)
    # What VK refused for one reason and all: told to the merchant, the other phases go on.
    refusals: list[ClientError] = field(default_factory=list)
    # Whether a removed item came back as it was: what till and rules want of it now is for another run.
    brought_back: bool = False
    # Removed items that VK brings back no more, or that are being made again already.
    _returned_as_new: list[Action] = field(default_factory=list, init=False)
    _requests_before: int = field(default=0, init=False)

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
        parts = (channel, self.journal, self.runner, ItemPictures(self.journal, self.photos))
        self.editor = ItemEditor(*parts, TextRetries(self.texts), self.refusals)
        self.creator = ItemCreator(*parts, TextRetries(self.texts), self.plan.desired.values())
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
        first = [action for action in removals if action.goes_first]
        last = [action for action in removals if not action.goes_first]
        with phase(self.refusals), self.photos:
            if not (edits or self.plan.second_items) or not self._is_suspended(EDIT):
                self.editor.edit(edits)
                self._hide_second_items()
        with phase(self.refusals):
            if first and not self._is_suspended(DELETE):
                self._remove(first)
        with phase(self.refusals):
            if returns and not self._is_suspended(RESTORE):
                self._bring_back(returns)
        new = [*creates, *self.editor.gone, *self._returned_as_new]
        with phase(self.refusals), self.photos:
            self._create_with_room(new)
        moved = [action for action in edits if "album" in action.changes]
        self._assign_albums([*new, *moved], album_changes)
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

    def _hide_second_items(self) -> None:
        """Hide second items of products, which have no listing of their own."""
        items = [BatchItem(action, self.channel.hide(action)) for action in self.plan.second_items]
        self.runner.run(
            items,
            record=lambda answers: self.journal.record_second_items(
                [(answer.item.subject, answer.value) for answer in answers]
            ),
        )

    # Removed items that come back

    def _bring_back(self, actions: Sequence[Action]) -> None:
        """Let VK bring back items that an earlier run removed; what it brings back no more is made again."""
        known = self.journal.listings
        # One that is being made already, as far as we know, is not asked back beside it.
        begun = [a for a in actions if a.key in known and known[a.key].is_in_doubt]
        self._returned_as_new += [replace(action, item_id=None) for action in begun]
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
                self._returned_as_new.append(replace(action, item_id=None))
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
            self.creator.create(actions)
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
            self.creator.create(unmade)

    def _is_made(self, action: Action) -> bool:
        listing = self.journal.listings.get(action.key)
        return listing is not None and listing.vk_item_id is not None

    def _count_items(self) -> int:
        """Return how many items VK lists now."""
        return len(self.channel.read().items)

    # Removals

    def _remove(self, actions: Sequence[Action]) -> None:
        items = [BatchItem(action, self.channel.delete(action)) for action in actions]

        self.runner.run(items, record=self._record_removals)

    def _record_removals(self, answers: Sequence[Answer[Action]]) -> None:
        """What VK calls gone is removed, unless it is shown all the same: then the next run looks again."""
        gone = [answer.item.subject.item_id or 0 for answer in answers if is_item_gone(answer.value)]
        missing = self.channel.find_missing(gone) if gone else frozenset()
        results: list[tuple[Action, object]] = []
        for answer in answers:
            action, value = answer.item.subject, answer.value
            if is_item_gone(value):
                value = 1 if action.item_id in missing else self.channel.unconfirmed_item(DELETE)
            results.append((action, value))
        self.journal.record_results(results)

    # What a refusal says

    def _says_nothing_of_others(self, answer: Answer[Any]) -> bool:
        """Return True for a refusal that is answered with another try."""
        subject, value = answer.item.subject, answer.value
        if not isinstance(subject, Action):
            # A refusal of an album is remembered for each, so that none is asked for twice.
            is_album = isinstance(subject, ProductKey | str | AlbumRename)
            return (is_album and isinstance(value, ItemRefused)) or is_album_full(value)
        return (
            (subject.kind is ActionKind.CREATE and is_gone_for_good(value))
            or self.editor.texts.is_too_long(subject, value)
            or self.editor.may_upload_again(subject, value)
            or self.creator.may_be_there_already(answer)
        )


def _is_edit(action: Action) -> bool:
    edits = action.kind in (ActionKind.UPDATE, ActionKind.HIDE, ActionKind.RESTORE)
    return edits and set(action.changes) != {"album"}
