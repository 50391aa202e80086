"""The merchant's decisions on goods that may be what VK does not take."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from syncing.core.garbled_text import is_garbled
from syncing.core.restricted_goods.spelling import tokens


class Scope(StrEnum):
    """What a decision is about: one name, all of a brand, or all of a group."""

    NAME = "name"
    BRAND = "brand"
    GROUP = "group"


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision. `key` is what `key_of` makes of the name, the brand or the group.

    `overrules` says that the merchant confirmed it against a certain verdict.
    """

    scope: Scope
    key: str
    may_sell: bool
    overrules: bool = False


@dataclass(frozen=True, slots=True)
class Decisions:
    """All decisions of one merchant, looked up by what they are about."""

    by_key: Mapping[tuple[Scope, str], Decision] = field(default_factory=dict)

    @classmethod
    def of(cls, decisions: Iterable[Decision]) -> "Decisions":
        """Return the decisions as a value that can be asked."""
        return cls({(decision.scope, decision.key): decision for decision in decisions})

    def find(self, scope: Scope, text: str) -> Decision | None:
        """Return the decision on this name, brand or group, or None."""
        return self.by_key.get((scope, key_of(text))) if self.by_key and text else None


def key_of(text: str) -> str:
    """Return the text without case, marks and spaces, so that a decision survives a tidied name.

    One that nobody can read is compared as it is: of «????? 0,5?» little else would be left.
    """
    if is_garbled(text):
        return text.casefold()[:255]
    return " ".join(token.text for token in tokens(text) if not token.is_mark or token.text in "%+")[:255]
