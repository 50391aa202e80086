"""Which titles of the merchant's own the channel would not take as they are."""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from syncing.core.characters import vk_length
from syncing.core.restricted_goods.classifier import NO_DECISIONS, classify_title
from syncing.core.restricted_goods.decisions import Decisions
from syncing.core.restricted_goods.verdicts import Kind, Verdict
from syncing.core.titles import SHORTEST, tidy_title


class TitleProblem(StrEnum):
    """What is wrong with a title."""

    SHORT = "short"
    LONG = "long"
    FORBIDDEN = "forbidden"
    UNSURE = "unsure"


class TitleRefusal(NamedTuple):
    """Why a title is not taken: its length by VK's count, or what it is taken for."""

    problem: TitleProblem
    length: int = 0
    verdict: Verdict | None = None


def refuse_title(
    text: str,
    name: str,
    *,
    longest: int,
    legal_filter: bool,
    group_path: Sequence[str] = (),
    decisions: Decisions = NO_DECISIONS,
) -> TitleRefusal | None:
    """Return why goods of this name in these groups cannot have the title, None where they can.

    A doubtful title is no title either: the goods would stay out of the channel until it is decided.
    """
    if len(text) < SHORTEST or tidy_title(text, sentence_case=False, longest=longest) is None:
        return TitleRefusal(TitleProblem.SHORT)
    if (length := vk_length(text)) > longest:
        return TitleRefusal(TitleProblem.LONG, length)
    verdict = classify_title(text, name, group_path, decisions)
    if not legal_filter or verdict.is_allowed:
        return None
    problem = TitleProblem.UNSURE if verdict.kind is Kind.UNSURE else TitleProblem.FORBIDDEN
    return TitleRefusal(problem, verdict=verdict)
