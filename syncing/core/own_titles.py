"""Which titles of the merchant's own the channel would not take as they are."""

from enum import StrEnum
from typing import NamedTuple

from syncing.core.characters import vk_length
from syncing.core.restricted_goods.classifier import classify_title
from syncing.core.restricted_goods.verdicts import Verdict
from syncing.core.titles import SHORTEST, tidy_title


class TitleProblem(StrEnum):
    """What is wrong with a title."""

    SHORT = "short"
    LONG = "long"
    FORBIDDEN = "forbidden"


class TitleRefusal(NamedTuple):
    """Why a title is not taken: its length by VK's count, or what it is taken for."""

    problem: TitleProblem
    length: int = 0
    verdict: Verdict | None = None


def refuse_title(text: str, name: str, *, longest: int, legal_filter: bool) -> TitleRefusal | None:
    """Return why goods of this name cannot have the title, None where they can."""
    if len(text) < SHORTEST or tidy_title(text, sentence_case=False, longest=longest) is None:
        return TitleRefusal(TitleProblem.SHORT)
    if (length := vk_length(text)) > longest:
        return TitleRefusal(TitleProblem.LONG, length)
    verdict = classify_title(text, name)
    if legal_filter and not verdict.is_allowed:
        return TitleRefusal(TitleProblem.FORBIDDEN, verdict=verdict)
    return None
