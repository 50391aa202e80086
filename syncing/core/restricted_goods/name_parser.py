"""Reads a product's name into terms: words with their meanings, measures and signs, in order.

A word behind a preposition or behind "со вкусом" is an attribute: it tells about the product and does not
say what it is.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum, auto
from functools import lru_cache

from syncing.core.restricted_goods.meanings import BRANDS, NOTHING, NOUNS, ORDINARY, Meaning, Role
from syncing.core.restricted_goods.spelling import Token, is_cyrillic, tokens
from syncing.core.restricted_goods.verdicts import Restriction
from syncing.core.restricted_goods.vocabulary import ADJECTIVE, look_up, phrase, sizes_of_brands
from syncing.core.restricted_goods.words_other import TELLING, TELLING_TOYS

_LITRES = """
0.1 0.187 0.2 0.25 0.275 0.3 0.33 0.35 0.355 0.36 0.375 0.4 0.43 0.44 0.449 0.45 0.46 0.47 0.473 0.48
0.49 0.5 0.568 0.6 0.62 0.65 0.66 0.7 0.72 0.75 0.9 1 1.25 1.3 1.35 1.4 1.42 1.49 1.5
"""
_DRINK_VOLUMES = frozenset(_LITRES.split())
_DRINK_MILLILITRES = frozenset(
    {187.0, 200.0, 250.0, 330.0, 350.0, 375.0, 440.0, 449.0, 450.0, 470.0, 473.0, 500.0, 700.0, 750.0, 1000.0}
)
# Bottles of spirits and of wine; other drinks name themselves where they come in such.
_SPIRITS_BOTTLES = frozenset({0.7, 0.75})
# Cans and bottles of beer, cider and energy drinks; soft drinks and water hardly come in such.
_BEER_BOTTLES = frozenset({0.43, 0.44, 0.449, 0.45, 0.46, 0.47, 0.473, 1.3, 1.35, 1.4, 1.42, 1.49})
_TELLING_VOLUMES = frozenset(
    {
        *("0.7", "0.70", "0.75", "700", "750"),
        *("0.43", "0.44", "0.440", "0.449", "0.45", "0.450", "0.46", "0.47", "0.470", "0.473"),
        *("1.3", "1.30", "1.35", "1.4", "1.40", "1.42", "1.49", "430", "440", "449", "450", "470", "473"),
    }
)
# Drinks are not sold in bigger bottles.
_LARGEST_DRINK = 5
_DECIMAL = re.compile(r"[01][.,]\d{1,3}")
_OF_LITRES = frozenset({"л", "l", "литр", "литра", "лит"})
_OF_MILLILITRES = frozenset({"мл", "ml"})
_OF_DOSES = frozenset({"мг", "mg", "мкг", "мгмл", "мг/мл", "mg/ml"})
_OF_GRAMS = frozenset({"г", "гр", "g", "gr"})
# What drinks are sold in, as tills shorten it; a name with nothing else needs a second look.
CANS = frozenset({"ж/б", "жб", "с/б", "ст/б"})
_OTHER_UNITS = frozenset({"кг", "м", "мм", "см", "х", "x", "т", "%"})
_COUNTS = """
1 2 3 4 5 6 7 8 10 12 14 15 16 18 20 21 24 25 28 30 32 36 40 42 48 50 56 60 63 84 90 96 98 100 112 120
"""
_PACK_SIZES = frozenset(_COUNTS.split())
_GOVERNED_WORDS = 3
_SMALL_BOTTLE_ML = 120
_PRICES = range(60, 400)
_PUFFS = range(600, 60_000)
_POUCHES = frozenset({20.0, 25.0, 30.0, 40.0, 50.0, 100.0, 125.0, 200.0, 250.0})
# "Детское шампанское", "имбирное пиво", "сухой лед": what two words mean together, by their beginnings.
_HARMLESS = (
    ("детск", "шампанск"),
    ("имбирн", "пив"),
    ("имбирн", "эл"),
    ("ginger", "beer"),
    ("ginger", "ale"),
    ("root", "beer"),
    ("табак", "душист"),
    ("табак", "декоративн"),
    ("табак", "крылат"),
    ("табак", "махров"),
    ("табак", "кустов"),
    ("ром", "баб"),
    ("ромов", "баб"),
    ("цыпл", "табак"),
    ("ванил", "бурбон"),
    ("вино", "одуванч"),
    ("сигарет", "шоколадн"),
    ("сигар", "шоколадн"),
    ("сигарет", "жевательн"),
    ("сидр", "уксус"),
    ("вин", "уксус"),
    ("подсистем", "фасад"),
    ("подсистем", "вентил"),
    ("подсистем", "нвф"),
    ("вибратор", "бетон"),
    ("вибратор", "глубин"),
    ("вибратор", "площадоч"),
)


# With another word these may say what VK does not take.
_TOLD_TOGETHER = tuple(" ".join(first for first, _ in (*TELLING, *TELLING_TOYS)).replace("й", "и").split())

# «Игр. Боска», «роз. п/сл», «Наст. Рябина»: with a dot no game, no rose and no wall clock.
_SHORTENED_OF_WINE = {
    "игр": (Role.ALCOHOL_HINT, Role.SWEETNESS),
    "роз": (Role.ALCOHOL_HINT,),
    "наст": (Role.ALCOHOL_HINT,),
}
# "Туалетная вода" is no drink: what two words make of the second.
_TOGETHER = {("туалетн", "вод"), ("парфюмерн", "вод"), ("мицеллярн", "вод"), ("термальн", "вод")}


@dataclass(frozen=True, slots=True)
class Term:
    """A word or phrase of the name. `governor` is the preposition or "вкус" that it depends on."""

    text: str
    shown: str = ""
    meaning: Meaning = NOTHING
    governor: str = ""
    quoted: bool = False
    aside: bool = False
    is_number: bool = False

    def has(self, *roles: Role) -> bool:
        """Return True if the word can have one of the roles."""
        return self.meaning.has(*roles)

    def restriction(self, *roles: Role) -> Restriction:
        """Return what kind of goods the word stands for in the first of these roles that it has."""
        return next(found[0] for role in roles if (found := self.meaning.roles.get(role)))

    @property
    def is_noun(self) -> bool:
        """Return True if the word says what a product is."""
        return self.meaning.has(*NOUNS)

    @property
    def is_ordinary(self) -> bool:
        """Return True if the word names an ordinary thing."""
        return self.meaning.has(*ORDINARY)

    @property
    def is_unknown_word(self) -> bool:
        """Return True for a Russian word that may be a noun we do not know."""
        return (
            (
                not self.meaning.roles
                or self.meaning.has(Role.SUBSTANCE)
                or Restriction.MEDICINE in self.meaning.roles.get(Role.SHORTENED, ())
            )
            and not self.is_number
            and is_cyrillic(self.text)
            and len(self.text) > 2  # noqa: PLR2004 - shorter ones are shortenings
            and "/" not in self.text
            and not ADJECTIVE.fullmatch(self.text)
        )


@dataclass(frozen=True, slots=True)
class ParsedName:
    """A name in terms, or one part of a name where several things are sold together."""

    terms: tuple[Term, ...]
    litres: bool = False
    spirits_bottle: bool = False
    beer_bottle: bool = False
    small_bottle: bool = False
    dose: bool = False
    pack_count: bool = False
    shares: tuple[float, ...] = ()
    price_tail: bool = False
    puffs: bool = False
    # A pouch of hookah tobacco: 25, 50, 100 grams and the like.
    pouch: bool = False

    def first(self, *roles: Role, governed: bool = False) -> Term | None:
        """Return the first term with one of the roles, attributes only where asked for."""
        return next((t for t in self.terms if t.has(*roles) and (governed or not t.governor)), None)

    def position(self, term: Term) -> int:
        """Return the term's place."""
        return next(index for index, other in enumerate(self.terms) if other is term)

    def has_unknown_before(self, position: int) -> bool:
        """Return True if a Russian word that we do not know may be the noun instead."""
        return any(term.is_unknown_word and not term.governor for term in self.terms[:position])

    def behind_for(self, role: Role) -> Term | None:
        """Return the term with this role that stands behind "для" or "к", or None."""
        return next((t for t in self.terms if t.has(role) and t.governor in {"для", "д", "к"}), None)

    def has_share_of(self, least: float, most: float) -> bool:
        """Return True if a percentage of the name lies between these."""
        return any(least <= share <= most for share in self.shares)

    def count(self, *roles: Role) -> int:
        """Return how many terms have one of the roles."""
        return sum(term.has(*roles) for term in self.terms)


def parse_name(name: str) -> list[ParsedName]:
    """Return the parts of a name, one for each thing that a plus sign joins."""
    return [_read_part(part) for part in _parts(tokens(name)) if part]


def is_suspicious(name: str) -> bool:
    """Return True if any word, phrase or sign of a name needs a second look. Most goods have none."""
    for token in tokens(name):
        if token.is_mark:
            if token.text == "%":
                return True
        elif token.is_number:
            if token.text.replace(",", ".") in _TELLING_VOLUMES or sizes_of_brands(token.text):
                return True
        elif token.text in CANS or token.text in _SHORTENED_OF_WINE or _is_suspicious_word(token.text):
            return True
    return False


@lru_cache(maxsize=16384)
def _is_suspicious_word(text: str) -> bool:
    return _word_meaning(text).is_suspicious or bool(sizes_of_brands(text)) or text.startswith(_TOLD_TOGETHER)


def _parts(stream: Iterator[Token]) -> list[list[Token]]:
    parts: list[list[Token]] = [[]]
    before: Token | None = None
    for token in stream:
        if token.text == "+" and token.is_mark and before and not before.is_number and len(before.text) > 1:
            parts.append([])
        else:
            parts[-1].append(token)
        before = token
    # "Plus+ Cactus" is one thing: a part that names nothing belongs to the one before.
    joined: list[list[Token]] = []
    for part in parts:
        says_what = any(
            look_up(token.text).has(*NOUNS) for token in part if not token.aside and not token.is_number
        )
        if joined and not says_what:
            joined[-1].extend(part)
        else:
            joined.append(part)
    return joined


def _read_part(part: list[Token]) -> ParsedName:
    terms = _with_shortenings(list(_terms(part)))
    governed = _together(list(_governed(terms)))
    if any(term.has(Role.GOODS, Role.WEAK_GOODS, Role.ADJECTIVE) for term in governed):
        governed = _harmless(governed)
    return _measured(part, tuple(governed))


def _terms(part: list[Token]) -> Iterator[Term]:
    """Yield words with their meanings; brands of several words are one term."""
    index = 0
    while index < len(part):
        token = part[index]
        if token.is_mark:
            yield Term(token.text, token.shown, aside=token.aside, quoted=token.quoted)
            index += 1
            continue
        size, meaning = _longest_phrase(part, index)
        words = part[index : index + size]
        yield Term(
            " ".join(word.text for word in words),
            " ".join(word.shown for word in words),
            meaning,
            quoted=token.quoted,
            aside=token.aside,
            is_number=token.is_number and size == 1,
        )
        index += size


def _longest_phrase(part: list[Token], index: int) -> tuple[int, Meaning]:
    for size in sizes_of_brands(part[index].text):
        words = part[index : index + size]
        if (
            len(words) < size
            or any(word.is_mark for word in words)
            or (words[0].is_number and words[-1].is_number)
        ):
            continue
        meaning = phrase(tuple(word.text for word in words))
        if meaning is not NOTHING and not _is_plain_phrase(words):
            return size, meaning
    token = part[index]
    return 1, NOTHING if token.is_number else _word_meaning(token.text)


def _is_plain_phrase(words: list[Token]) -> bool:
    """Return True where joined words only sound like a brand: one letter and a number, say."""
    return all(word.is_number or len(word.text) == 1 for word in words) and len(words) > 2  # noqa: PLR2004


@lru_cache(maxsize=16384)
def _word_meaning(text: str) -> Meaning:
    meaning = look_up(text)
    if meaning is NOTHING and "/" in text:
        first, _, rest = text.partition("/")
        if first in {"д", "с", "к"}:
            return Meaning({Role.PREPOSITION: (), **look_up(rest).roles})
        parts = [look_up(piece) for piece in text.split("/")]
        return next((part for part in parts if part is not NOTHING), NOTHING)
    return meaning


def _governed(terms: list[Term]) -> Iterator[Term]:
    """Mark what stands behind a preposition, up to and with the first noun."""
    governor, left = "", 0
    for index, term in enumerate(terms):
        if index == 0 and _is_pod(terms):
            yield term
            continue
        if index == 0 and term.has(Role.PREPOSITION) and _has_dot(terms, index):
            # "В. Изабелла", "К. Дагестан": a shortened noun.
            yield replace(term, meaning=NOTHING)
            continue
        if not term.text[:1].isalnum() or term.is_number:
            if term.text in {",", ";", "|"} or term.is_number:
                governor, left = "", 0
            yield term
            continue
        if term.text == "основе":
            governor, left = "", 0
            yield term
            continue
        if term.has(Role.PREPOSITION, Role.ABOUT) and not (
            term.is_noun and not governor and "/" not in term.text
        ):
            # "К/пиву водка": such a word has its noun within it.
            governor, left = term.text, 0 if "/" in term.text and term.is_noun else _GOVERNED_WORDS
            yield replace(term, governor=governor) if term.has(Role.ABOUT) or "/" in term.text else term
            continue
        if left and not (term.aside and not governor):
            yield replace(term, governor=governor)
            left -= 1
            if term.is_noun or term.has(Role.BRAND, Role.DEVICE, Role.WEAK_GOODS):
                left = 0
            continue
        governor = ""
        yield term


def _has_dot(terms: list[Term], index: int) -> bool:
    return any(after.text == "." for after in terms[index + 1 : index + 2])


def _with_shortenings(terms: list[Term]) -> list[Term]:
    """Give "игр." and "роз." the meaning that they are shortened from."""
    return [
        replace(term, meaning=Meaning(dict.fromkeys(_SHORTENED_OF_WINE[term.text], (Restriction.ALCOHOL,))))
        if term.text in _SHORTENED_OF_WINE
        and _has_dot(terms, index)
        and not any(after.is_noun for after in terms[index + 1 :])
        else term
        for index, term in enumerate(terms)
    ]


def _is_pod(terms: list[Term]) -> bool:
    """Return True for «Под Charon Baby»: a pod is no preposition before a maker of such."""
    brands = (
        [Restriction.TOBACCO in terms[1].meaning.roles.get(role, ()) for role in BRANDS] if terms[1:] else []
    )
    return terms[0].text == "под" and any(brands)


def _together(terms: list[Term]) -> list[Term]:
    """Give the noun of a set phrase its meaning there."""
    return [
        replace(term, meaning=Meaning({Role.OBJECT: ()}))
        if term.has(Role.DRINK)
        and any(
            term.text.startswith(noun) and one.text.startswith(first)
            for first, noun in _TOGETHER
            for one in terms
        )
        else term
        for term in terms
    ]


def _harmless(terms: list[Term]) -> list[Term]:
    """Take the meaning from words that are harmless together."""
    listed = list(terms)
    for first, second in _HARMLESS:
        one = [i for i, term in enumerate(listed) if term.text.startswith(first)]
        if not one:
            continue
        two = [i for i, term in enumerate(listed) if second in term.text]
        if two and one != two:
            for i in {*one, *two}:
                if listed[i].has(Role.GOODS, Role.WEAK_GOODS, Role.ADJECTIVE):
                    listed[i] = replace(listed[i], meaning=Meaning({Role.FLAVOUR: ()}))
    return listed


def _measured(part: list[Token], terms: tuple[Term, ...]) -> ParsedName:
    words = [token for token in part if token.text not in {".", "*", "|"}]
    found: set[_Sign] = set()
    shares: list[float] = []
    for index, token in enumerate(words):
        if token.is_number:
            unit = words[index + 1].text if index + 1 < len(words) else ""
            before = words[index - 1].text if index else ""
            found |= _signs_of(token.text, unit, before)
            if unit == "%":
                shares.append(float(token.text.replace(",", ".")))
    spoken = [token for token in words if not token.is_mark]
    last = spoken[-1] if spoken else None
    return ParsedName(
        terms,
        litres=_Sign.LITRES in found,
        spirits_bottle=_Sign.SPIRITS_BOTTLE in found,
        beer_bottle=_Sign.BEER_BOTTLE in found,
        small_bottle=_Sign.SMALL_BOTTLE in found,
        dose=_Sign.DOSE in found,
        pack_count=_Sign.PACK_COUNT in found,
        shares=tuple(shares),
        price_tail=bool(last and last.is_number and last.text.isdigit() and int(last.text) in _PRICES),
        puffs=_Sign.PUFFS in found,
        pouch=_Sign.POUCH in found,
    )


class _Sign(Enum):
    """What a number of a name can mean."""

    LITRES = auto()
    SPIRITS_BOTTLE = auto()
    BEER_BOTTLE = auto()
    SMALL_BOTTLE = auto()
    DOSE = auto()
    PACK_COUNT = auto()
    POUCH = auto()
    PUFFS = auto()


def _signs_of(number: str, unit: str, before: str) -> set[_Sign]:  # noqa: PLR0911 - one for each unit
    """Return what a number with its unit and the word before it may mean."""
    value = float(number.replace(",", "."))
    if unit in _OF_LITRES:
        return _bottle(value) if value <= _LARGEST_DRINK else set()
    if unit in _OF_MILLILITRES:
        volumes = _bottle(value / 1000) if value in _DRINK_MILLILITRES else set()
        return volumes | ({_Sign.SMALL_BOTTLE} if value <= _SMALL_BOTTLE_ML else set())
    if unit in _OF_DOSES:
        return {_Sign.DOSE}
    if unit in _OF_GRAMS:
        return {_Sign.POUCH} if value in _POUCHES else set()
    if before in {"#", "n"} and number in _PACK_SIZES:
        return {_Sign.PACK_COUNT}
    if number.isdigit():
        return {_Sign.PUFFS} if int(number) in _PUFFS and int(number) % 100 == 0 else set()
    is_volume = _DECIMAL.fullmatch(number) and f"{value:g}" in _DRINK_VOLUMES and unit not in _OTHER_UNITS
    return _bottle(value) if is_volume else set()


def _bottle(litres: float) -> set[_Sign]:
    found = {_Sign.LITRES}
    if litres in _SPIRITS_BOTTLES:
        found.add(_Sign.SPIRITS_BOTTLE)
    if litres in _BEER_BOTTLES:
        found.add(_Sign.BEER_BOTTLE)
    return found
