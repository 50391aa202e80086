"""Learns how long a text a shop takes: VK's limits are not published, and it names only the parameter.

A refused text is shortened to the number that VK names, to what this shop took before, or by half, until
it is taken.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from connections.clients.error_catalog import VkError
from connections.clients.errors import ItemRefused
from connections.clients.vk.limits import TITLE_WEIGHT
from syncing.core.characters import weight
from syncing.core.descriptions import SHORTEST, shorten
from syncing.core.records import DesiredItem
from syncing.core.titles import tidy_name

# VK's names of the parameters, by ours.
PARAMETERS = {"description": re.compile(r"\bdescription\b"), "title": re.compile(r"\b(?:name|title)\b")}
# Nothing shorter is tried: a shorter title says too little, and was refused for another reason.
FEWEST = {"description": SHORTEST, "title": 30}
# A limit below these is the whole shop's only if nothing longer was ever taken there.
CERTAIN = {"description": 200, "title": TITLE_WEIGHT}
_TOO_LONG = re.compile(r"too (?:long|big|large)|at most|max|exceed|longer|limit|length")
_TOO_SHORT = re.compile(r"at least|too short|\bmin")
_NUMBER = re.compile(r"\d{2,5}")


@dataclass(slots=True)
class TextLimits:
    """The lengths that a shop takes, by field. `taken` are known ones, `learnt` those of this run.

    `accepted` are the longest texts that VK shows in this shop: a refusal of a shorter one that does not
    speak of its length has another reason.
    """

    taken: Mapping[str, int] = field(default_factory=dict)
    accepted: dict[str, int] = field(default_factory=dict)
    learnt: dict[str, int] = field(default_factory=dict)

    def fit(self, desired: DesiredItem) -> DesiredItem:
        """Return the item with its texts cut to what this shop takes, as far as this run has learnt it."""
        for name, longest in self.learnt.items():
            desired = _cut(desired, name, longest)
        return desired

    def shortened(self, desired: DesiredItem, refusal: object) -> DesiredItem | None:
        """Return the item to try next after VK refused a text as too long; None for any other refusal."""
        name = self._refused_field(desired, refusal)
        if name is None or not isinstance(refusal, ItemRefused):
            return None
        length = _length(desired, name)
        known = [*_named_lengths(refusal), self.learnt.get(name, 0), self.taken.get(name, 0)]
        longest = max((one for one in known if FEWEST[name] <= one < length), default=length // 2)
        if longest < FEWEST[name]:
            return None
        shorter = _cut(desired, name, longest)
        return shorter if FEWEST[name] <= _length(shorter, name) < length else None

    def accept(self, taken: DesiredItem) -> None:
        """Note the texts of an item that VK took."""
        for name in PARAMETERS:
            self.accepted[name] = max(self.accepted.get(name, 0), _length(taken, name))

    def learn(self, full: DesiredItem, taken: DesiredItem) -> None:
        """Remember the length of the texts that VK took in place of longer ones."""
        for name in PARAMETERS:
            length, refused = _length(taken, name), _length(full, name)
            if length < refused and (length >= CERTAIN[name] or refused > self.accepted.get(name, 0)):
                self.learnt[name] = max(length, self.learnt.get(name, 0))

    def _refused_field(self, desired: DesiredItem, refusal: object) -> str | None:
        if not isinstance(refusal, ItemRefused):
            return None
        said = (refusal.tail or refusal.text).casefold()
        if refusal.code == VkError.NAME_TOO_LONG:
            return "title"
        if refusal.code != VkError.INVALID_PARAMETER or _TOO_SHORT.search(said):
            return None
        name = next((name for name, words in PARAMETERS.items() if words.search(said)), None)
        if name is None or _TOO_LONG.search(said):
            return name
        return name if _length(desired, name) > self.accepted.get(name, 0) else None


def accepted_lengths(items: Iterable[DesiredItem]) -> dict[str, int]:
    """Return the longest text of each field among items as VK confirmed them.

    A field that was given back to the till has no confirmed text.
    """
    longest = dict.fromkeys(PARAMETERS, 0)
    for item in items:
        for name in longest:
            if getattr(item, name) is not None:
                longest[name] = max(longest[name], _length(item, name))
    return longest


def _named_lengths(refusal: ItemRefused) -> list[int]:
    return [int(number) for number in _NUMBER.findall(refusal.tail)]


def _length(desired: DesiredItem, name: str) -> int:
    return len(desired.description) if name == "description" else sum(map(weight, desired.title))


def _cut(desired: DesiredItem, name: str, longest: int) -> DesiredItem:
    if _length(desired, name) <= longest:
        return desired
    if name == "description":
        return replace(desired, description=shorten(desired.description, longest))
    return replace(desired, title=tidy_name(desired.title, sentence_case=False, longest=longest))
