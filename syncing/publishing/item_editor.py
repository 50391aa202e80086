"""Edits and hides items that VK has; a price does not wait for a picture or a text that VK refuses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from connections.clients.errors import ClientError, Suspended
from syncing.core.choices import ActionKind
from syncing.core.diff import PICTURE_FIELDS
from syncing.core.records import Action, ProductKey
from syncing.publishing.batch_runner import Answer, BatchItem, BatchRunner
from syncing.publishing.item_pictures import ItemPictures
from syncing.publishing.journal import DoneInPart, Journal
from syncing.publishing.text_retries import TextRetries
from syncing.publishing.vk.methods import EDIT, VkChannel, is_item_gone, is_photo_lost


@dataclass(slots=True)
class ItemEditor:
    """Carries out a plan's edits. `refusals` takes what VK refused for one reason and all."""

    channel: VkChannel
    journal: Journal
    runner: BatchRunner
    pictures: ItemPictures
    texts: TextRetries
    refusals: list[ClientError]
    # Items that the merchant removed in VK since we looked, to be made again.
    gone: list[Action] = field(default_factory=list, init=False)
    # Edits whose picture VK had lost, to be sent with a fresh one, and whose pictures were fresh already.
    _again: list[Action] = field(default_factory=list, init=False)
    _uploaded_again: set[ProductKey] = field(default_factory=set, init=False)
    _pictures_refused: dict[ProductKey, ClientError] = field(default_factory=dict, init=False)

    def edit(self, actions: Sequence[Action]) -> None:
        """Send the edits, and once more those whose texts were too long or whose pictures VK had lost."""
        while actions:
            self._edit(actions)
            actions, self._again = [*self.texts.take(), *self._again], []

    def may_upload_again(self, action: Action, value: object) -> bool:
        """Return True for an edit's picture that VK has lost: it is uploaded once more."""
        has_pictures = any(name in action.changes for name in PICTURE_FIELDS)
        return is_photo_lost(value) and has_pictures and action.key not in self._uploaded_again

    def _edit(self, actions: Sequence[Action]) -> None:
        self.journal.record_edit_intents(actions)
        try:
            refused = self.pictures.ensure_uploaded(actions)
        except Suspended as error:
            if not error.only_method:
                raise
            # Prices and stock do not wait for pictures.
            self.refusals.append(error)
            refused = {}
            actions = [self.pictures.without_missing(action) for action in actions]
            actions = [action for action in actions if action.changes]
        actions = self._with_refused_pictures(actions, refused)
        if more := [action for action in actions if "more_photos" in action.changes]:
            self.journal.record_more_ids({action.key: self.pictures.more_ids(action) for action in more})
        items = [
            BatchItem(
                action,
                self.channel.edit(
                    action,
                    photo_id=self.pictures.main_id(action),
                    more_photo_ids=self.pictures.more_ids(action),
                ),
            )
            for action in actions
        ]
        self.runner.run(items, record=self._record)

    def _with_refused_pictures(
        self, actions: Sequence[Action], refused: Mapping[ProductKey, ClientError]
    ) -> Sequence[Action]:
        """Return what is left to do: the price of an item does not wait for a picture that was refused."""
        rest = [self.pictures.without_missing(one) if one.key in refused else one for one in actions]
        self._pictures_refused |= refused
        self.journal.record_results(
            [
                (whole, refused[whole.key])
                for whole, one in zip(actions, rest, strict=True)
                if one.key in refused and not one.changes
            ]
        )
        return [one for one in rest if one.changes or one.key not in refused]

    def _record(self, answers: Sequence[Answer[Action]]) -> None:
        results: list[tuple[Action, object]] = []
        gone: list[Action] = []
        for answer in answers:
            action, value = answer.item.subject, answer.value
            if is_item_gone(value):
                gone.append(action)
            elif self.may_upload_again(action, value):
                self._uploaded_again.add(action.key)
                self.journal.discard_photos(action.key)
                self._again.append(action)
            elif not self.texts.shorten(action, value):
                results.append((action, self._outcome(action, value)))
        self.journal.record_results(results)
        if gone:
            self._record_gone(gone)

    def _outcome(self, action: Action, value: object) -> object:
        outcome = self.texts.outcome(action, value)
        picture = self._pictures_refused.get(action.key)
        if picture is not None and not isinstance(outcome, ClientError):
            return DoneInPart(picture)
        return outcome

    def _record_gone(self, actions: Sequence[Action]) -> None:
        """Where the merchant has removed an item since we looked, hiding is done; an edit makes it again.

        An item that VK shows all the same is not made a second time: the next run looks again.
        """
        missing = self.channel.find_missing([action.item_id or 0 for action in actions])
        results: list[tuple[Action, object]] = []
        for action in actions:
            if action.item_id not in missing:
                results.append((action, self.channel.unconfirmed_item(EDIT)))
            elif action.kind is ActionKind.HIDE or action.desired is None:
                results.append((action, 1))
            else:
                self.journal.discard_item(action.key)
                self.gone.append(replace(action, kind=ActionKind.CREATE, item_id=None, changes={}))
        self.journal.record_results(results)
