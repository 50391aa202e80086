"""What is wrong with the braces of a template, and which of its words it is about."""

import re
from collections.abc import Collection
from typing import Final, NamedTuple

from syncing.core.eligibility import gettext_noop

MOST_NAMED: Final = 3
LONGEST_NAMED: Final = 30
_IN_BRACES = re.compile(r"\{[^{}]*\}")
_LONE_BRACE = re.compile(r"\{(?:\s?[^\s{}]{1,20})?|[^\s{}]{0,20}\}")


class TemplateFault(NamedTuple):
    """An English sentence to translate, and the `word` of the template that it names, "" if none."""

    sentence: str
    word: str = ""


def unknown_words(text: str, known: Collection[str]) -> str:
    """Return the first words in braces that are none of the known, as they were typed, "" without one."""
    found = [braced for braced in _IN_BRACES.findall(text) if braced[1:-1].strip() not in known]
    return ", ".join(map(_shortened, list(dict.fromkeys(found))[:MOST_NAMED]))


def lone_brace(text: str) -> TemplateFault | None:
    """Return what is wrong with the first brace that has no other end, named with its word, or None."""
    if found := _LONE_BRACE.search(_IN_BRACES.sub(" ", text)):
        return TemplateFault(
            gettext_noop("A brace stands alone: “%(word)s”. Close it, or take it out."), found[0]
        )
    return None


def _shortened(braced: str) -> str:
    return braced if len(braced) <= LONGEST_NAMED else f"{braced[:LONGEST_NAMED]}…}}"
