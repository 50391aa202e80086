"""Guesses a VK category from what a group or a product is called; no guess is better than a wrong one."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from syncing.core.category_words import FAMILIES, FOOD, HOME, Family
from syncing.core.characters import LONGEST_READ
from syncing.core.choices import CategorySource
from syncing.core.records import Category, CategoryChoice, Rules, SourceGroup, SourceProduct

# Russian endings are shorter than this, so equal beginnings mean the same word.
_STEM = 5
_SHORTEST_STEM = 4
_SHORTEST_WORD = 3
# As much may follow the beginning of a word that names a thing; short beginnings have short endings.
_LONGEST_ENDING, _ENDING_OF_SHORT, _SHORT = 4, 2, 3
_WORD = re.compile(r"[^\W\d_]+")
_QUOTED = re.compile('«[^»]*»|"[^"]*"|“[^”]*”|„[^“]*“')
_PREPOSITIONS = frozenset(
    _WORD.findall("для от с со из в во на к ко по без под над у о об за и или не до при все")
)
_PURPOSE = frozenset(("для", "от", "под"))
# Words that say nothing of the goods, in a till's group and in VK's tree.
_EMPTY = tuple(
    _WORD.findall(
        "товар прочее прочие проч разн друг весь новинк акци распродаж ассортимент магазин отдел групп склад "
        "издели продукци аксессуар продукт питани детск женск мужск домашн спорт нов хит набор комплект компл"
    )
)
_ADJECTIVE = re.compile(r"..(?:[ыио]й|ая|яя|ое|ее|ые|ие|[ыи]х|[ыи]м|ого|его|ую)$")
_NOUNS_LIKE_ADJECTIVES = frozenset(
    _WORD.findall("мороженое мороженные мороженное пирожное пирожные чай клей алоэ насекомые животные")
)
# They name a thing of their own only where they come first: «Бутылка ПЭТ», but «Амстел бутылка».
_PACKAGES = ("бутыл", "банка", "баночк", "стакан", "пакет", "короб")
_NEUTRAL = ("другое", "прочее", "разное", "другие товары", "прочие товары", "остальное")


@dataclass(frozen=True, slots=True)
class Guess:
    """What a thing is known by, and its category; None where VK has none for such things."""

    category: Category | None
    word: str
    is_broad: bool = False


class CategoryGuesser:
    """Guesses among the categories that VK has now."""

    def __init__(self, categories: Iterable[Category]) -> None:
        self.categories = {category.id: category for category in categories}
        self._leaves = [(category, _words(category.path[-1])) for category in self.categories.values()]
        self._by_stem: dict[str, Category] = {}
        for category, words in self._leaves:
            for stem in _own_stems(words):
                self._by_stem.setdefault(stem, category)
        self._places: dict[tuple[str, ...], Category | None] = {}
        self._guesses: dict[str, Guess | None] = {}

    def guess(self, name: str) -> Guess | None:
        """Return the category of what is called so, or None for "I do not know"."""
        if name not in self._guesses:
            self._guesses[name] = self._guess(name)
        return self._guesses[name]

    def neutral(self) -> Category | None:
        """Return the category that is wrong for nothing, if VK has one."""
        named = {category.path[-1].casefold(): category for category, _ in self._leaves}
        found = next((named[name] for name in _NEUTRAL if name in named), None)
        return found or self._place(HOME)

    def _guess(self, name: str) -> Guess | None:
        everything = _words(name)
        # What stands in quotes is a name: «Букет Чувашии» is no bunch of flowers.
        words = _words(_QUOTED.sub(" ", name))
        if not any(len(word) >= _SHORTEST_WORD for word in words):
            words = everything
        head, purpose = _split(words)
        over = _find_purpose(purpose, takes_over=True)
        thing = _find(words, head, "nouns")
        brand = _find(everything, everything, "brands")
        if brand and (thing is None or _is_fed(brand[0], thing[0])):
            return Guess(self._place(brand[0].places), brand[1])
        if over:
            return Guess(self._place_of(over, thing), over[1])
        return self._by_thing(words, head) or self._by_quality(words, head, purpose)

    def _by_thing(self, words: tuple[str, ...], head: tuple[str, ...]) -> Guess | None:
        """Return the guess by the word that names the thing; one as wide as «продукт» is the last."""
        named = _without_packages(head)
        nouns = [word for word in named if not _is_adjective(word)]
        adjectives = [word for word in named if _is_adjective(word)]
        first = self._first(words, nouns)
        if first is None or first.is_broad:
            # «Продукт йогуртный персик» is yoghurt.
            first = self._first(words, [*adjectives, *nouns], is_broad=False) or first
        return first

    def _first(self, words: tuple[str, ...], named: list[str], *, is_broad: bool = True) -> Guess | None:
        """Return what the first of these words that is known tells; without `is_broad` no wide one counts."""
        for word in named:
            if (stem := _stem(word)) and (category := self._by_stem.get(stem)):
                return Guess(category, word)
            found = _find(words, (word,), "nouns")
            if found and (is_broad or not found[0].is_broad):
                return Guess(self._place(found[0].places), word, found[0].is_broad)
        return None

    def _by_quality(
        self, words: tuple[str, ...], head: tuple[str, ...], purpose: tuple[str, ...]
    ) -> Guess | None:
        found = _find(words, head, "qualities") or _find_purpose(purpose, takes_over=False)
        return Guess(self._place(found[0].places), found[1]) if found else None

    def _place_of(self, over: tuple[Family, str], thing: tuple[Family, str] | None) -> Category | None:
        """Return the category of a thing for somebody: a food among foods, else its owner's."""
        is_kin = thing is not None and set(thing[0].places) & set(over[0].places)
        return self._place(thing[0].places if thing and is_kin else over[0].places)

    def _place(self, places: tuple[str, ...]) -> Category | None:
        """Return the first category whose name has all words of one of the places."""
        if places not in self._places:
            self._places[places] = next(
                (
                    category
                    for place in places
                    for category, words in self._leaves
                    if all(any(word.startswith(part) for word in words) for part in place.split())
                ),
                None,
            )
        return self._places[places]


class CategoryChooser:
    """Chooses each product's category: the merchant's choice, else a guess, else none."""

    def __init__(self, rules: Rules, categories: Iterable[Category]) -> None:
        self._rules = rules
        self._guesser = CategoryGuesser(categories)

    def choose(self, product: SourceProduct, path: tuple[SourceGroup, ...]) -> CategoryChoice | None:
        """Return the category, or None where neither the merchant nor the names tell one.

        `path` holds the product's groups from the root down. Without the channel's categories nothing is
        guessed, and the default, or 0, stands for what is not known.
        """
        if chosen := self._chosen(product, path):
            return chosen
        default = self._rules.default_category_id
        if not self._guesser.categories:
            return CategoryChoice(default, CategorySource.DEFAULT)
        guess, choice = self._guess(product, path)
        if choice is None and default:
            return CategoryChoice(default, CategorySource.DEFAULT)
        if choice is None and guess is None and (neutral := self._guesser.neutral()):
            return CategoryChoice(neutral.id, CategorySource.NEUTRAL)
        return choice

    def choose_for_groups(self, path: tuple[SourceGroup, ...]) -> CategoryChoice | None:
        """Return the category that the groups give their goods, or None if the goods' names decide."""
        if chosen := self._chosen_for_groups(path):
            return chosen
        found = next(
            ((group, self.guess_for_group(group)) for group in reversed(path) if self._says(group)), None
        )
        if found is None or not found[1]:
            return None
        return CategoryChoice(found[1], CategorySource.GUESSED_BY_GROUP, found[0].name)

    def _says(self, group: SourceGroup) -> bool:
        guess = self._guesser.guess(group.name)
        return bool(self.guess_for_group(group) or (guess and not guess.is_broad))

    def guess_for_group(self, group: SourceGroup) -> int:
        """Return the category guessed for a group, 0 for "I do not know"."""
        stored = self._rules.guessed_by_group.get(group.key.group_id, 0)
        if stored in self._guesser.categories:
            return stored
        guess = self._guesser.guess(group.name)
        return guess.category.id if guess and guess.category and not guess.is_broad else 0

    def _chosen(self, product: SourceProduct, path: tuple[SourceGroup, ...]) -> CategoryChoice | None:
        if category := self._rules.category_by_product.get(product.key.product_id):
            return CategoryChoice(category, CategorySource.PRODUCT)
        return self._chosen_for_groups(path)

    def _chosen_for_groups(self, path: tuple[SourceGroup, ...]) -> CategoryChoice | None:
        """Return the category that the merchant chose for the nearest group."""
        for group in reversed(path) if self._rules.category_by_group else ():
            if category := self._rules.category_by_group.get(group.key.group_id):
                return CategoryChoice(category, CategorySource.GROUP, group.name)
        return None

    def _guess(
        self, product: SourceProduct, path: tuple[SourceGroup, ...]
    ) -> tuple[Guess | None, CategoryChoice | None]:
        """Return what is known of the thing, and its category: by the nearest group that says something."""
        for group in reversed(path):
            if category := self.guess_for_group(group):
                return None, CategoryChoice(category, CategorySource.GUESSED_BY_GROUP, group.name)
            if (guess := self._guesser.guess(group.name)) and not guess.is_broad:
                return guess, None
        guess = self._guesser.guess(product.name)
        if guess and guess.category:
            return guess, CategoryChoice(guess.category.id, CategorySource.GUESSED_BY_NAME, guess.word)
        return guess, None if guess else self._broadly(path)

    def _broadly(self, path: tuple[SourceGroup, ...]) -> CategoryChoice | None:
        """Return the category of a group as wide as «Продукты», for goods whose names say nothing."""
        for group in reversed(path):
            if (guess := self._guesser.guess(group.name)) and guess.category:
                return CategoryChoice(guess.category.id, CategorySource.GUESSED_BY_GROUP, group.name)
        return None


def find_family(name: str) -> Family | None:
    """Return the family of goods that a name tells, whatever categories the channel has."""
    name = name[:LONGEST_READ]
    words = _words(_QUOTED.sub(" ", name)) or _words(name)
    head, purpose = _split(words)
    nouns_first = tuple(sorted(head, key=_is_adjective))
    found = (
        _find_purpose(purpose, takes_over=True)
        or _find(words, nouns_first, "nouns")
        or _find(words, head, "qualities")
        or _find_purpose(purpose, takes_over=False)
    )
    return found[0] if found else None


def _is_fed(brand: Family, thing: Family) -> bool:
    """Return True if the thing is food, so that the brand says for whom: «Паштет Whiskas»."""
    return bool(set(thing.places) & set(FOOD)) and not set(brand.places) & set(FOOD)


def _without_packages(head: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words of a name without what the goods are packed in."""
    first = next((place for place, word in enumerate(head) if not _is_adjective(word)), 0)
    return tuple(word for place, word in enumerate(head) if place <= first or not word.startswith(_PACKAGES))


def _split(words: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the words that name the thing, and those that say for whom or what it is."""
    start = next((place for place, word in enumerate(words) if word not in _PREPOSITIONS), len(words))
    ends = (place for place in range(start, len(words)) if words[place] in _PREPOSITIONS - {"и", "или"})
    end = next(ends, len(words))
    first = next((place for place, word in enumerate(words) if word in _PURPOSE), None)
    purpose = () if first is None else words[first + 1 :]
    head = words[start:end] if first is None or first >= start else ()
    return tuple(word for word in head if word not in _PREPOSITIONS), purpose


def _find(words: tuple[str, ...], head: tuple[str, ...], kind: str) -> tuple[Family, str] | None:
    """Return the family of the first word that names a thing, by the longest beginning."""
    for word in head:
        best = max(_named_by(word, words, kind), key=lambda found: found[0], default=None)
        if best:
            return best[1], word
    return None


def _named_by(word: str, words: tuple[str, ...], kind: str) -> Iterator[tuple[int, Family]]:
    """Yield the families that a word may name, each with its weight: a longer beginning says more.

    Where an entry has a qualifier, another of the words must begin with it, and it says more than any other.
    """
    entries = _entries(kind)
    for length in _beginnings(word):
        found = entries.get(word[:length])
        if not found or not _ends(word, length):
            continue
        for qualifier, whole, family in found:
            if whole and length != len(word):
                continue
            if not qualifier:
                yield length, family
            elif any(other.startswith(qualifier) for other in words if other != word):
                yield length + len(word), family


def _find_purpose(purpose: tuple[str, ...], *, takes_over: bool) -> tuple[Family, str] | None:
    for word in purpose:
        for length in _beginnings(word):
            for _, _, family in _entries("purposes").get(word[:length], ()):
                if family.takes_over == takes_over and _ends(word, length):
                    return family, word
    return None


def _beginnings(word: str) -> range:
    """Return how long the beginnings are that only an ending may follow, the longest first."""
    return range(len(word), max(1, len(word) - max(_ENDING_OF_SHORT, _LONGEST_ENDING) - 1), -1)


def _ends(word: str, length: int) -> bool:
    return len(word) - length <= (_ENDING_OF_SHORT if length <= _SHORT else _LONGEST_ENDING)


@lru_cache(maxsize=8)
def _entries(kind: str) -> dict[str, list[tuple[str, bool, Family]]]:
    """Return the families by the beginnings of their words: (qualifier, whole word, family)."""
    table: dict[str, list[tuple[str, bool, Family]]] = {}
    for family in FAMILIES:
        for entry in getattr(family, kind).split():
            beginning, mark, qualifier = entry.partition("_")
            table.setdefault(beginning, []).append((qualifier, bool(mark) and not qualifier, family))
    return table


def _own_stems(words: tuple[str, ...]) -> Iterator[str]:
    """Yield the stems by which a category is known, without what it is for."""
    head, _ = _split(words)
    yield from filter(None, map(_stem, head))


def _stem(word: str) -> str:
    """Return the beginning by which a word is known, "" for one that says nothing."""
    return "" if len(word) < _SHORTEST_STEM or word.startswith(_EMPTY) else word[:_STEM]


def _is_adjective(word: str) -> bool:
    return bool(_ADJECTIVE.search(word)) and word not in _NOUNS_LIKE_ADJECTIVES


@lru_cache(maxsize=4096)
def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(text.casefold().replace("ё", "е")))
