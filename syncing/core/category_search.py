"""Finds a category of the channel by what somebody types: its path, its name, or words of it."""

import re
from collections.abc import Iterable, Sequence

from syncing.core.records import Category

LONGEST_READ = 300
_WORD = re.compile(r"\w+")


def find_categories(text: str, categories: Iterable[Category]) -> list[Category]:
    """Return the categories that the text may mean: one where it is a whole path or a name that is alone.

    Else those in whose path every word of the text begins a word.
    """
    wanted = _words(text)
    if not wanted:
        return []
    known = [(category, _words(str(category))) for category in categories]
    if whole := [category for category, words in known if words == wanted]:
        return whole
    named = [category for category, _ in known if category.path and _words(category.path[-1]) == wanted]
    if len(named) == 1:
        return named
    return [
        category
        for category, words in known
        if all(any(word.startswith(each) for word in words) for each in wanted)
    ]


def recent_first(categories: Sequence[Category], used: Iterable[int]) -> list[Category]:
    """Return the categories with the used ones before the others, in the order of `used`."""
    by_id = {category.id: category for category in categories}
    first = [by_id[number] for number in dict.fromkeys(used) if number in by_id]
    seen = {category.id for category in first}
    return [*first, *(category for category in categories if category.id not in seen)]


def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(text[:LONGEST_READ].casefold().replace("ё", "е")))
