"""What each word may mean, looked up by form: nouns and adjectives in any case, brands by how they sound.

The lists stand in `words_*`. There a noun is a stem with any endings; after ":" stand the endings of its
nominative; "=" marks a word that never changes; "_" joins the words of a brand.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum, auto
from functools import lru_cache

from syncing.core.restricted_goods import (
    words_drinks as drinks,
)
from syncing.core.restricted_goods import (
    words_medicine as medicine,
)
from syncing.core.restricted_goods import (
    words_ordinary as ordinary,
)
from syncing.core.restricted_goods import (
    words_other as other,
)
from syncing.core.restricted_goods import (
    words_tobacco as tobacco,
)
from syncing.core.restricted_goods.medicine_likeness import MedicineLikeness
from syncing.core.restricted_goods.spelling import (
    cyrillic_homoglyphs,
    is_cyrillic,
    is_one_edit,
    one_letter_less,
    sound_key,
)
from syncing.core.restricted_goods.verdicts import Restriction
from syncing.core.restricted_goods.words_generic import GENERIC_GOODS


class Role(IntEnum):
    """What a word does in a name."""

    # Nouns that say what the product is.
    OBJECT = auto()
    THING = auto()
    FOOD = auto()
    FLAVOUR = auto()
    # Sweets and hot drinks: a flavour that is never a drink's name.
    SWEET = auto()
    # Names what goods are packed in unless it comes first.
    PACKAGING = auto()
    DRINK = auto()
    VESSEL = auto()
    GENERIC = auto()
    GOODS = auto()
    # Forbidden goods' names that are also other words.
    WEAK_GOODS = auto()
    ADJECTIVE = auto()
    BRAND = auto()
    DEVICE = auto()
    WEAK_BRAND = auto()
    COMMON_BRAND = auto()
    STRONG_HINT = auto()
    HINT = auto()
    # The size of a packet, which is a hint too.
    FORMAT = auto()
    SURE_FORMAT = auto()
    VAPE_HINT = auto()
    BEER_SORT = auto()
    SURE_BEER_SORT = auto()
    BEER_SIGN = auto()
    WINE_SIGN = auto()
    SWEETNESS = auto()
    ALCOHOL_HINT = auto()
    FORM = auto()
    WEAK_FORM = auto()
    MAKER = auto()
    INJECTED = auto()
    SUPPLEMENT = auto()
    # What is smoked with or shot from, behind "для".
    SMOKING = auto()
    WEAPON = auto()
    NO_ALCOHOL = auto()
    PREPOSITION = auto()
    ABOUT = auto()
    MISSPELT = auto()
    # Unknown, and looks like a medicine's name.
    SUBSTANCE = auto()


ORDINARY = frozenset({Role.OBJECT, Role.THING, Role.FOOD, Role.FLAVOUR, Role.SWEET, Role.DRINK, Role.VESSEL})
NOUNS = ORDINARY | {Role.GENERIC, Role.GOODS}
# A name with none of these needs no second look.
SUSPICIOUS = (
    Role.GOODS,
    Role.WEAK_GOODS,
    Role.ADJECTIVE,
    Role.BRAND,
    Role.DEVICE,
    Role.WEAK_BRAND,
    Role.COMMON_BRAND,
    Role.STRONG_HINT,
    Role.FORMAT,
    Role.VAPE_HINT,
    Role.BEER_SORT,
    Role.SURE_BEER_SORT,
    Role.WINE_SIGN,
    Role.FORM,
    Role.WEAK_FORM,
    Role.INJECTED,
    Role.SMOKING,
    Role.WEAPON,
    Role.MISSPELT,
    Role.GENERIC,
    Role.SUBSTANCE,
)
_BRANDS = frozenset({Role.BRAND, Role.WEAK_BRAND, Role.COMMON_BRAND, Role.DEVICE})


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a word or a phrase may mean; a role's reasons are empty where it has none."""

    roles: Mapping[Role, tuple[Restriction, ...]]
    # False where a noun is surely in another case than the nominative.
    is_nominative: bool = True
    is_suspicious: bool = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "is_suspicious", any(role in self.roles for role in SUSPICIOUS))

    def has(self, *roles: Role) -> bool:
        """Return True if the word can have one of the roles."""
        mine = self.roles
        for role in roles:  # noqa: SIM110 - asked a hundred times for each name, and this is twice as quick
            if role in mine:
                return True
        return False


NOTHING = Meaning({})


_OF_NOUNS = " а я ы и у ю е о ь ом ем ои еи ью ам ям ами ями ах ях ов ев ия ие ию иеи иям иями иях ии ье ья"
_NOUN_ENDINGS = frozenset(_OF_NOUNS.split(" "))
_OF_ADJECTIVES = """
ыи ии ои ая яя ое ее ые ие ого его ому ему ым им ом ем ую юю ых их ыми ими еи о ы а
"""
_ADJECTIVE_ENDINGS = frozenset(_OF_ADJECTIVES.split())
# How Russian adjectives end.
ADJECTIVE = re.compile(r"[а-я]{2,}(?:ыи|ии|ои|ая|яя|ое|ее|ые|ие|ого|его|ому|ему|ым|им|ых|их|ную|ми)")
# "Шампанское" is declined as an adjective is, and "шампанские бокалы" is no wine.
_AS_ADJECTIVES = frozenset({"ое", "ого", "ому", "им", "ым", "ом"})
_NEUTER = ("ое", "ее")
_LONGEST_ENDING = 4
_SHORTEST_KEY = 5
_SHORTEST_MISSPELT = 6
_SHORTEST_SUBSTANCE = 6
_CYRILLIC_WORD = re.compile(r"[а-я]+")
# Of unknown bare words four in a hundred that are none look more like a medicine than this.
# Names of medicines are many and made up, so a longer one must be meant.
_SHORTEST_MEDICINE = 8
_MEDICINES_BEGIN = 0.6
_LIKENESS = MedicineLikeness(
    (medicine.STRONG,),
    (
        ordinary.OBJECTS,
        ordinary.THINGS,
        ordinary.FOODS,
        ordinary.SWEETS,
        ordinary.FLAVOURS,
        ordinary.DRINKS,
        drinks.ALCOHOL_STRONG,
        drinks.ALCOHOL_COMMON,
        drinks.BEER_STRONG,
        drinks.BEER_COMMON,
        tobacco.STRONG,
        tobacco.COMMON,
    ),
)
_PREPOSITIONS = "для под к ко с со в во из на от без против д по при у за о об до"
_ABOUT = """
вкус вкусом вкуса вк ароматом аромат аромата запах запахом надписью надпись рисунком стиле форме виде
имитация принтом изображением тест
"""
_SMOKING = """
кальян вейп iqos айкос сигарет сигар самокруток табака табак glo hqd электронных курения никотина
"""
_NO_ALCOHOL = "безалкогольн безалк б/а безалког безалкогол"


def _plain(text: str) -> str:
    return text.replace("й", "и").replace("ё", "е")


class _Index:
    """All lists, ready to be asked."""

    def __init__(self) -> None:
        # Stem → role, reason, endings of the nominative (None: any).
        self.nouns: dict[str, list[tuple[Role, Restriction | None, frozenset[str] | None]]] = {}
        self.adjectives: dict[str, list[tuple[Role, Restriction | None]]] = {}
        self.exact: dict[str, list[tuple[Role, Restriction | None]]] = {}
        # How a brand sounds, its words joined → role and reason.
        self.brands: dict[str, list[tuple[Role, Restriction]]] = {}
        # The first words of brands of several words → how many words those have, the longest first.
        self.first_words: dict[str, list[int]] = {}
        # A sound key with one letter left out → the keys it may come from.
        self.near: dict[str, list[tuple[str, Restriction]]] = {}

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
            self.brands.setdefault(key if len(key) >= _SHORTEST_KEY else brand, []).append((role, reason))
            if role is Role.BRAND and len(words) == 1 and len(key) >= _SHORTEST_MISSPELT:
                self.add_near(key, reason)

    def add_near(self, key: str, reason: Restriction) -> None:
        """Remember a key for spellings with one letter changed, left out, added or swapped."""
        for shorter in (key, *one_letter_less(key)):
            self.near.setdefault(shorter, []).append((key, reason))


def _build() -> _Index:
    index = _Index()
    for role, text in (
        (Role.OBJECT, ordinary.OBJECTS),
        (Role.THING, ordinary.THINGS),
        (Role.FOOD, ordinary.FOODS),
        (Role.FLAVOUR, ordinary.FLAVOURS),
        (Role.SWEET, ordinary.SWEETS),
        (Role.PACKAGING, ordinary.PACKAGING),
        (Role.DRINK, ordinary.DRINKS),
        (Role.VESSEL, ordinary.VESSELS),
    ):
        index.add_nouns(text, role)
    for generic in GENERIC_GOODS:
        index.add_nouns(generic.nouns, Role.GENERIC)
    index.add_nouns(tobacco.NOUNS, Role.GOODS, Restriction.TOBACCO)
    index.add_nouns(drinks.BEER_NOUNS, Role.GOODS, Restriction.BEER)
    index.add_nouns(drinks.ALCOHOL_NOUNS, Role.GOODS, Restriction.ALCOHOL)
    index.add_nouns(drinks.ENERGY_NOUNS, Role.GOODS, Restriction.AGE)
    index.add_nouns(medicine.NOUNS, Role.GOODS, Restriction.MEDICINE)
    index.add_nouns(other.NOUNS, Role.GOODS, Restriction.OTHER)
    index.add_exact("сиг сигар", Role.WEAK_GOODS, Restriction.TOBACCO)
    index.add_exact(drinks.BEER_WEAK_NOUNS, Role.WEAK_GOODS, Restriction.BEER)
    index.add_exact(drinks.ALCOHOL_WEAK_NOUNS, Role.WEAK_GOODS, Restriction.ALCOHOL)
    index.add_exact(other.WEAK_NOUNS, Role.WEAK_GOODS, Restriction.OTHER)
    index.add_adjectives(tobacco.ADJECTIVES, Role.ADJECTIVE, Restriction.TOBACCO)
    index.add_adjectives(drinks.BEER_ADJECTIVES, Role.ADJECTIVE, Restriction.BEER)
    index.add_adjectives(drinks.ALCOHOL_ADJECTIVES, Role.ADJECTIVE, Restriction.ALCOHOL)
    index.add_adjectives(drinks.ENERGY_ADJECTIVES, Role.ADJECTIVE, Restriction.AGE)
    index.add_exact(drinks.ENERGY_ADJECTIVES + " energy энерджи", Role.ADJECTIVE, Restriction.AGE)
    index.add_adjectives(medicine.ADJECTIVES, Role.ADJECTIVE, Restriction.MEDICINE)
    index.add_adjectives(drinks.BEER_SORTS, Role.BEER_SORT, Restriction.BEER)
    index.add_adjectives(drinks.BEER_SORTS_SURE, Role.SURE_BEER_SORT, Restriction.BEER)
    index.add_exact("св темн светл н/ф непастер нефильтр нефил", Role.BEER_SORT, Restriction.BEER)
    index.add_exact("н/ф нефильтр нефил", Role.SURE_BEER_SORT, Restriction.BEER)
    index.add_exact(
        drinks.BEER_SIGNS + " пэт стекло бут бутылка банка светлый темный крафтовый",
        Role.BEER_SIGN,
        Restriction.BEER,
    )
    index.add_exact(drinks.WINE_SIGNS, Role.WINE_SIGN, Restriction.ALCOHOL)
    index.add_exact(drinks.WINE_SWEETNESS, Role.SWEETNESS, Restriction.ALCOHOL)
    index.add_adjectives(drinks.WINE_SWEETNESS, Role.SWEETNESS, Restriction.ALCOHOL)
    index.add_exact(drinks.ALCOHOL_HINTS, Role.ALCOHOL_HINT, Restriction.ALCOHOL)
    index.add_exact(tobacco.STRONG_HINTS, Role.STRONG_HINT, Restriction.TOBACCO)
    index.add_exact(tobacco.HINTS, Role.HINT, Restriction.TOBACCO)
    index.add_exact(tobacco.FORMATS, Role.FORMAT, Restriction.TOBACCO)
    index.add_exact(tobacco.SURE_FORMATS, Role.SURE_FORMAT, Restriction.TOBACCO)
    index.add_exact(tobacco.VAPE_HINTS, Role.VAPE_HINT, Restriction.TOBACCO)
    index.add_exact(medicine.STRONG_FORMS, Role.FORM, Restriction.MEDICINE)
    index.add_exact(medicine.WEAK_FORMS, Role.WEAK_FORM, Restriction.MEDICINE)
    index.add_exact(medicine.INJECTED, Role.INJECTED, Restriction.MEDICINE)
    index.add_exact(medicine.MAKERS, Role.MAKER, Restriction.MEDICINE)
    index.add_nouns(" ".join(medicine.SUPPLEMENTS.split()), Role.SUPPLEMENT)
    index.add_exact(medicine.SUPPLEMENTS, Role.SUPPLEMENT)
    index.add_nouns(_SMOKING, Role.SMOKING, Restriction.TOBACCO)
    index.add_nouns(other.WEAPONS, Role.WEAPON, Restriction.OTHER)
    index.add_adjectives(_NO_ALCOHOL, Role.NO_ALCOHOL)
    index.add_exact(_NO_ALCOHOL, Role.NO_ALCOHOL)
    index.add_exact(_PREPOSITIONS, Role.PREPOSITION)
    index.add_exact(_ABOUT, Role.ABOUT)
    for role, reason, text in (
        (Role.BRAND, Restriction.TOBACCO, tobacco.STRONG),
        (Role.DEVICE, Restriction.TOBACCO, tobacco.DEVICES),
        (Role.WEAK_BRAND, Restriction.TOBACCO, tobacco.WEAK),
        (Role.COMMON_BRAND, Restriction.TOBACCO, tobacco.COMMON),
        (Role.BRAND, Restriction.BEER, drinks.BEER_STRONG),
        (Role.WEAK_BRAND, Restriction.BEER, drinks.BEER_WEAK),
        (Role.COMMON_BRAND, Restriction.BEER, drinks.BEER_COMMON),
        (Role.BRAND, Restriction.ALCOHOL, drinks.ALCOHOL_STRONG),
        (Role.WEAK_BRAND, Restriction.ALCOHOL, drinks.ALCOHOL_WEAK),
        (Role.COMMON_BRAND, Restriction.ALCOHOL, drinks.ALCOHOL_COMMON),
        (Role.BRAND, Restriction.AGE, drinks.ENERGY_STRONG),
        (Role.WEAK_BRAND, Restriction.AGE, drinks.ENERGY_WEAK),
        (Role.COMMON_BRAND, Restriction.AGE, drinks.ENERGY_COMMON),
        (Role.BRAND, Restriction.MEDICINE, medicine.STRONG),
        (Role.WEAK_BRAND, Restriction.MEDICINE, medicine.WEAK),
    ):
        index.add_brands(text, role, reason)
    for stem, entries in index.nouns.items():
        for role, restriction, _ in entries:
            if role is Role.GOODS and restriction and len(key := sound_key(stem)) > _SHORTEST_MISSPELT:
                index.add_near(key, restriction)
    return index


_INDEX = _build()


@lru_cache(maxsize=16384)
def look_up(word: str) -> Meaning:
    """Return what one word may mean."""
    meaning = _look_up(word)
    if meaning is NOTHING and (cyrillic := cyrillic_homoglyphs(word)):
        meaning = _look_up(cyrillic)
    if meaning is NOTHING and "0" in word:
        meaning = _look_up(word.replace("0", "о"))
    if meaning is NOTHING and "-" in word:
        meaning = _compound(word)
    if meaning is NOTHING:
        meaning = _misspelt(word)
    return meaning if meaning is not NOTHING else _substance(word)


def sizes_of_brands(first_word: str) -> Sequence[int]:
    """Return how many words the brands have that begin with this one, the longest first."""
    return _INDEX.first_words.get(sound_key(first_word), ())


def phrase(words: tuple[str, ...]) -> Meaning:
    """Return what words mean together as a brand; NOTHING where they are none."""
    key = "".join(map(sound_key, words))
    found = _INDEX.brands.get(key) or _INDEX.brands.get("_".join(words))
    return Meaning(_grouped(found)) if found else NOTHING


def _grouped(pairs: Iterable[tuple[Role, Restriction | None]]) -> dict[Role, tuple[Restriction, ...]]:
    roles: dict[Role, tuple[Restriction, ...]] = {}
    for role, reason in pairs:
        roles[role] = (*roles.get(role, ()), reason) if reason else roles.get(role, ())
    return roles


def _look_up(word: str) -> Meaning:
    pairs = list(_INDEX.exact.get(word, ()))
    is_nominative = True
    for cut in range(min(_LONGEST_ENDING, len(word) - 2) + 1):
        stem, ending = (word[:-cut], word[-cut:]) if cut else (word, "")
        for role, reason, nominative in _INDEX.nouns.get(stem, ()):
            is_adjectival = nominative is not None and "ое" in nominative
            if ending in (_AS_ADJECTIVES if is_adjectival else _NOUN_ENDINGS):
                pairs.append((role, reason))
                if role is Role.GOODS and nominative is not None:
                    is_nominative = ending in nominative
        if ending in _ADJECTIVE_ENDINGS:
            for role, reason in _INDEX.adjectives.get(stem, ()):
                if role not in {Role.BEER_SORT, Role.SURE_BEER_SORT} or ending in _NEUTER:
                    pairs.append((role, reason))
    if word.endswith(("ок", "ек")):
        pairs.extend((role, reason) for role, reason, _ in _INDEX.nouns.get(f"{word[:-2]}к", ()))
    key = sound_key(word)
    pairs.extend(_INDEX.brands.get(word, ()) if len(key) < _SHORTEST_KEY else _INDEX.brands.get(key, ()))
    return Meaning(_grouped(pairs), is_nominative) if pairs else NOTHING


def _compound(word: str) -> Meaning:
    """Return the meaning of a hyphened word: that of its last noun, else the forbidden part's."""
    parts = [_look_up(part) for part in word.split("-")]
    if parts[-1].has(Role.DRINK) and (
        spirits := next((p for p in parts if p.has(Role.GOODS, Role.WEAK_GOODS)), None)
    ):
        return spirits
    if parts[-1].has(*NOUNS):
        return parts[-1]
    found = next((part for part in parts if part.has(Role.GOODS, *_BRANDS)), NOTHING)
    if found is NOTHING or not is_cyrillic(word):
        return found
    # "Бренди-бар", "пиво-понг": the part that we do not know says what it is.
    is_whole = found is parts[-1] or any(part.roles for part in parts if part is not found)
    return found if is_whole else Meaning({Role.MISSPELT: next(iter(found.roles.values()))})


def _misspelt(word: str) -> Meaning:
    """Return the forbidden word or brand that an unknown long word is one letter away from."""
    key = sound_key(word)
    if len(key) < _SHORTEST_MISSPELT or not word.isalpha() or ADJECTIVE.fullmatch(word):
        return NOTHING
    for shorter in (key, *one_letter_less(key)):
        for meant, restriction in _INDEX.near.get(shorter, ()):
            is_long = len(key) >= _SHORTEST_MEDICINE or restriction is not Restriction.MEDICINE
            if is_long and is_one_edit(key, meant):
                return Meaning({Role.MISSPELT: (restriction,)})
    return NOTHING


def _substance(word: str) -> Meaning:
    """Return the meaning of a word that is unknown and looks like a medicine's name."""
    if not (len(word) >= _SHORTEST_SUBSTANCE and _CYRILLIC_WORD.fullmatch(word)) or ADJECTIVE.fullmatch(word):
        return NOTHING
    looks_so = _LIKENESS.score(word) > _MEDICINES_BEGIN
    return Meaning({Role.SUBSTANCE: (Restriction.MEDICINE,)}) if looks_so else NOTHING
