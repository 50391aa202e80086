"""Words and brands of the lists, ready to be asked: by stem, by letters and by sound."""

from collections.abc import Iterable
from typing import assert_never

from syncing.core.restricted_goods.meanings import Role
from syncing.core.restricted_goods.spelling import is_cyrillic, one_letter_less, sound_key
from syncing.core.restricted_goods.verdicts import Restriction
from syncing.core.restricted_goods.word_lists import BrandList, Kind, WordList

SHORTEST_KEY = 5
SHORTEST_MISSPELT = 6
# «Граф Ледов» is «Граф Ледофф»; shorter words are others too often.
SHORTEST_MISSPELT_PART = 5
_SHORTEST_SHORTENED = 4
_WORDS_OF_PAIR = 2
# Medicines are shortened by their endings, which are what they have in common. By its sound: «анальг».
_SHORTEST_OF_MEDICINE = 4
_SHORTENED_BRANDS = frozenset({Restriction.TOBACCO, Restriction.BEER, Restriction.ALCOHOL})


def _plain(text: str) -> str:
    return text.replace("й", "и").replace("ё", "е")


class Index:
    """Lists of words, ready to be asked."""

    def __init__(self) -> None:
        # Stem → role, reason, endings of the nominative (None: any).
        self.nouns: dict[str, list[tuple[Role, Restriction | None, frozenset[str] | None]]] = {}
        self.adjectives: dict[str, list[tuple[Role, Restriction | None]]] = {}
        self.exact: dict[str, list[tuple[Role, Restriction | None]]] = {}
        # How a brand sounds, its words joined → role and reason.
        self.brands: dict[str, list[tuple[Role, Restriction]]] = {}
        # Of these the brands of one word.
        self.whole_brands: dict[str, list[tuple[Role, Restriction]]] = {}
        # The first words of brands of several words → how many words those have, the longest first.
        self.first_words: dict[str, list[int]] = {}
        # A sound key with one letter left out → the keys it may come from.
        self.near: dict[str, list[tuple[str, Restriction]]] = {}
        # The beginning of a brand of one word, by its sound → its reason.
        self.beginnings: dict[str, Restriction] = {}
        self.weak_beginnings: dict[str, Restriction] = {}
        # The first word of a brand of two by its sound → the second ones.
        self.pairs: dict[str, list[tuple[str, Restriction]]] = {}

    def add_nouns(self, text: str, role: Role, reason: Restriction | None = None) -> None:
        """Add stems with their endings, "=" words as they are."""
        for entry in _plain(text).split():
            stem, colon, endings = entry.partition(":")
            if entry.endswith("=") or not (colon or is_cyrillic(entry)):
                self.exact.setdefault(entry.rstrip("="), []).append((role, reason))
                continue
            nominative = frozenset(endings.split(",")) if colon else None
            self.nouns.setdefault(stem, []).append((role, reason, nominative))

    def add_adjectives(self, text: str, role: Role, reason: Restriction | None = None) -> None:
        """Add stems that take an adjective's endings."""
        for stem in _plain(text).split():
            self.adjectives.setdefault(stem, []).append((role, reason))

    def add_exact(self, text: str, role: Role, reason: Restriction | None = None) -> None:
        """Add words that stand as they are written; "_" joins phrases."""
        for word in _plain(text).split():
            self.exact.setdefault(word, []).append((role, reason))

    def add_brands(self, text: str, role: Role, reason: Restriction) -> None:
        """Add brands by their sound; short ones also by their letters."""
        for brand in _plain(text).split():
            words = brand.split("_")
            if len(words) > 1:
                sizes = self.first_words.setdefault(sound_key(words[0]), [])
                if len(words) not in sizes:
                    sizes.append(len(words))
                    sizes.sort(reverse=True)
            key = "".join(map(sound_key, words))
            if len(words) == 1:
                self.whole_brands.setdefault(key, []).append((role, reason))
            self.brands.setdefault(key if len(key) >= SHORTEST_KEY else brand, []).append((role, reason))
            if role is Role.BRAND and len(words) == 1 and len(key) >= SHORTEST_MISSPELT:
                self.add_near(key, reason)
                shortest = _SHORTEST_SHORTENED if reason in _SHORTENED_BRANDS else _SHORTEST_OF_MEDICINE
                for length in range(shortest, len(key)):
                    self.beginnings.setdefault(key[:length], reason)
            if role is Role.WEAK_BRAND and len(words) == 1:
                for length in range(_SHORTEST_OF_MEDICINE, len(key)):
                    self.weak_beginnings.setdefault(key[:length], reason)
            if role is Role.BRAND and len(words) == _WORDS_OF_PAIR:
                self._add_pair(sound_key(words[0]), sound_key(words[1]), reason)

    def _add_pair(self, first: str, second: str, reason: Restriction) -> None:
        """Remember a brand of two words, the second of which may be misspelt."""
        if len(second) >= SHORTEST_MISSPELT_PART:
            self.pairs.setdefault(first, []).append((second, reason))

    def add_near(self, key: str, reason: Restriction) -> None:
        """Remember a key for spellings with one letter changed, left out, added or swapped."""
        for shorter in (key, *one_letter_less(key)):
            self.near.setdefault(shorter, []).append((key, reason))


def build_index(lists: Iterable[WordList], brand_lists: Iterable[BrandList]) -> Index:
    """Return the index of all words of the lists."""
    index = Index()
    for kind, role, words, reason in lists:
        match kind:
            case Kind.NOUNS:
                index.add_nouns(words, role, reason)
            case Kind.ADJECTIVES:
                index.add_adjectives(words, role, reason)
            case Kind.EXACT:
                index.add_exact(words, role, reason)
            case _:
                assert_never(kind)
    for brand_role, brands, forbids in brand_lists:
        index.add_brands(brands, brand_role, forbids)
    for stem, entries in index.nouns.items():
        for role, restriction, _ in entries:
            if role is Role.GOODS and restriction and len(key := sound_key(stem)) > SHORTEST_MISSPELT:
                index.add_near(key, restriction)
    return index
