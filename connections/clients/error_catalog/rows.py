"""What one line of the dictionary of errors holds."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


def gettext_noop(text: str) -> str:
    """Mark a sentence for translation; the clients know no Django."""
    return text


_ = gettext_noop


class Reaction(StrEnum):
    """What follows from an error."""

    RETRY = "retry"
    UNSURE = "unsure"  # retry, but the call may have taken effect
    SLOW_DOWN = "slow_down"
    PAUSE = "pause"
    OFFLINE = "offline"
    MERCHANT = "merchant"
    OPERATOR = "operator"  # the operator of this installation; runs wait
    ITEM = "item"
    BUG = "bug"


class Limit(StrEnum):
    """A limit that a caller can meet by itself: it sends less at once, or makes room."""

    BATCH = "batch"  # calls or text of one request
    ITEMS = "items"  # items of one shop


@dataclass(frozen=True, slots=True)
class CodeRow:
    """One line of the dictionary; `text` and `next_step` are English msgids.

    `limit` is the limit that the service says is exceeded.
    """

    code: str
    reaction: Reaction
    text: str
    next_step: str
    limit: Limit | None = None


NOTHING = _("You need not do anything; EvoSync tries again by itself.")
NOT_YOURS = _("Nothing of yours is wrong and you need not do anything; work goes on by itself.")
OURS = _("This is our fault. Write to support and say when it happened.")


def rows(reaction: Reaction, next_step: str, texts: Mapping[StrEnum, str]) -> dict[str, CodeRow]:
    """Return lines that share their reaction and their next step, by code."""
    return {code: CodeRow(code, reaction, text, next_step) for code, text in texts.items()}
