"""Finds a category of the channel by what somebody types: its path, its name, or words of it."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache

from syncing.core.categories import CategoryGuesser
from syncing.core.records import Category

LONGEST_READ = 300
_WORD = re.compile(r"\w+")
# The keys of a Russian keyboard and what they give where Latin is switched on.
_RUSSIAN = "йцукенгшщзхъфывапролджэячсмитьбюё"
_LATIN = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"
_LAYOUTS = (str.maketrans(_LATIN, _RUSSIAN), str.maketrans(_RUSSIAN, _LATIN))
# One letter means as little in either layout.
_SHORTEST_READ = 3
# Two forms of a word begin alike, and then an ending follows: «игрушка», «игрушки»; «молоко», «молочные».
_SHORTEST_STEM, _LONGEST_ENDING = 4, 4
# A word has one slip, a long one two; more words than these are no name that was misspelt.
_SHORTEST_MISSPELT, _LONG, _LONGEST, _MOST_WORDS = 4, 8, 30, 8

_Fits = Callable[[str, str], bool]


def find_categories(text: str, categories: Iterable[Category]) -> list[Category]:
    """Return the categories that the text means: one where it is a whole path or a name that is alone.

    Else those in whose path every word of the text begins a word; else the same of what the keys give in
    the other layout («ghbdtn»); else those with other forms of the words.
    """
    known = list(categories)
    for words in _readings(text):
        if found := _find_named(words, known):
            return found
    return _find_all(_words(text), known, _is_other_form)


def suggest_categories(text: str, categories: Iterable[Category]) -> list[Category]:
    """Return what the text may become while it is being typed, the likeliest first; it may be a number, too.

    Unlike `find_categories`, a name that is whole hides none of those that begin alike.
    """
    known = list(categories)
    if (number := text.strip()).isdecimal():
        numbered = [category for category in known if str(category.id).startswith(number)]
        return sorted(numbered, key=lambda category: str(category.id) != number)
    for words in _readings(text):
        if found := _find_all(words, known, _begins):
            return sorted(found, key=lambda category: not _is_named(words, category))
    return _find_all(_words(text), known, _is_other_form) or propose_categories(text, known)


def propose_categories(text: str, categories: Iterable[Category]) -> list[Category]:
    """Return what the text may mean that names no category: a word misspelt, or a kind of goods."""
    known = list(categories)
    for words in _readings(text):
        if len(words) <= _MOST_WORDS and (found := _find_all(words, known, _is_misspelt)):
            return found
    guesses = (_guesser(tuple(known)).guess(" ".join(words)) for words in _readings(text))
    return next(([guess.category] for guess in guesses if guess and guess.category), [])


def recent_first(categories: Sequence[Category], used: Iterable[int]) -> list[Category]:
    """Return the categories with the used ones before the others, in the order of `used`."""
    by_id = {category.id: category for category in categories}
    first = [by_id[number] for number in dict.fromkeys(used) if number in by_id]
    seen = {category.id for category in first}
    return [*first, *(category for category in categories if category.id not in seen)]


def _readings(text: str) -> Iterator[tuple[str, ...]]:
    """Yield the words of the text as typed, and as the same keys give them in the other layout."""
    typed = text[:LONGEST_READ].casefold()
    yield _words(typed)
    if len(typed.strip()) < _SHORTEST_READ:
        return
    for layout in _LAYOUTS:
        if (other := typed.translate(layout)) != typed:
            yield _words(other)


def _find_named(wanted: tuple[str, ...], categories: Sequence[Category]) -> list[Category]:
    if not wanted:
        return []
    if whole := [category for category in categories if _words(str(category)) == wanted]:
        return whole
    named = [category for category in categories if _is_named(wanted, category)]
    return named if len(named) == 1 else _find_all(wanted, categories, _begins)


def _is_named(wanted: tuple[str, ...], category: Category) -> bool:
    return bool(category.path) and _words(category.path[-1]) == wanted


def _find_all(wanted: tuple[str, ...], categories: Sequence[Category], fits: _Fits) -> list[Category]:
    """Return the categories in whose path each of the words has one that fits."""
    different = dict.fromkeys(wanted)
    return [
        category
        for category in categories
        if wanted and all(any(fits(each, word) for word in _words(str(category))) for each in different)
    ]


def _begins(typed: str, word: str) -> bool:
    return word.startswith(typed)


def _is_other_form(typed: str, word: str) -> bool:
    """Return True if the two begin alike and only endings differ."""
    shorter = min(len(typed), len(word))
    alike = next((place for place in range(shorter) if typed[place] != word[place]), shorter)
    return alike >= _SHORTEST_STEM and max(len(typed), len(word)) - alike <= _LONGEST_ENDING


def _is_misspelt(typed: str, word: str) -> bool:
    """Return True if so few slips turn one into the other, or into its beginning, that it is meant."""
    if word.startswith(typed) or _is_other_form(typed, word):
        return True
    if typed[0] != word[0] or not _SHORTEST_MISSPELT <= len(typed) <= _LONGEST:
        return False
    slips = 2 if len(typed) >= _LONG else 1
    return any(
        _slips(typed, word[:length]) <= slips for length in range(len(typed) - slips, len(typed) + slips + 1)
    )


@lru_cache(maxsize=2)
def _guesser(categories: tuple[Category, ...]) -> CategoryGuesser:
    return CategoryGuesser(categories)


@lru_cache(maxsize=8192)
def _slips(one: str, other: str) -> int:
    """Return how many letters are left out, added, exchanged or swapped with the next."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one, start=1):
        above, row, earlier = row, [place], before
        for column, their in enumerate(other, start=1):
            cost = min(above[column] + 1, row[-1] + 1, above[column - 1] + (letter != their))
            is_swap = place > 1 and column > 1 and letter == other[column - 2] and their == one[place - 2]
            row.append(min(cost, earlier[column - 2] + 1) if is_swap else cost)
        before = above
    return row[-1]


@lru_cache(maxsize=8192)
def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(text[:LONGEST_READ].casefold().replace("ё", "е")))
