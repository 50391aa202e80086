"""What each word may mean, looked up by form: nouns and adjectives in any case, brands by how they sound.

The lists stand in `word_lists` and `words_*`. There a noun is a stem with any endings; after ":" stand the
endings of its nominative; "=" marks a word that never changes; "_" joins the words of a brand.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache

from syncing.core.restricted_goods import words_drinks as drinks
from syncing.core.restricted_goods import words_medicine as medicine
from syncing.core.restricted_goods import words_ordinary as ordinary
from syncing.core.restricted_goods import words_tobacco as tobacco
from syncing.core.restricted_goods.meanings import BRANDS, NOTHING, NOUNS, ORDINARY, Meaning, Role
from syncing.core.restricted_goods.meant_words import meant_words, small_bases
from syncing.core.restricted_goods.medicine_likeness import MedicineLikeness
from syncing.core.restricted_goods.shortened_words import beginnings
from syncing.core.restricted_goods.spelling import (
    cyrillic_homoglyphs,
    is_cyrillic,
    is_one_edit,
    one_letter_less,
    sound_key,
)
from syncing.core.restricted_goods.verdicts import Restriction
from syncing.core.restricted_goods.word_index import (
    SHORTEST_KEY,
    SHORTEST_MISSPELT,
    SHORTEST_MISSPELT_PART,
    Index,
    build_index,
)
from syncing.core.restricted_goods.word_lists import BRAND_LISTS, LISTS
from syncing.core.restricted_goods.words_more_drinks import BREWERIES
from syncing.core.restricted_goods.words_more_medicine import BEGINNINGS as MEDICINE_BEGINNINGS
from syncing.core.restricted_goods.words_more_medicine import ENDINGS as MEDICINE_ENDINGS

_OF_NOUNS = " а я ы и у ю е о ь ом ем ои еи ью ам ям ами ями ах ях ов ев ия ие ию иеи иям иями иях ии ье ья"
_NOUN_ENDINGS = frozenset(_OF_NOUNS.split(" "))
_OF_ADJECTIVES = """
ыи ии ои ая яя ое ее ые ие ого его ому ему ым им ом ем ую юю ых их ыми ими еи о ы а
"""
_ADJECTIVE_ENDINGS = frozenset(_OF_ADJECTIVES.split())
# Medicines end as a few cases of adjectives do: «Мизим».
_AS_MEDICINES = ("им", "ым")
# How Russian adjectives end.
ADJECTIVE = re.compile(r"[а-я]{2,}(?:ыи|ии|ои|ая|яя|ое|ее|ые|ие|ого|его|ому|ему|ым|им|ых|их|ную|ми)")
# "Шампанское" is declined as an adjective is, and "шампанские бокалы" is no wine.
_AS_ADJECTIVES = frozenset({"ое", "ее", "ого", "его", "ому", "ему", "им", "ым", "ом"})
_NEUTER = ("ое", "ее")
_LONGEST_ENDING = 4
# Two short words may make a brand's sound by chance.
_SHORTEST_APART = 7
# «Ци трамон»: one letter begins too much.
_SHORTEST_FIRST_PART = 2
# What a part of a broken word may look like.
_NO_WORDS = frozenset({Role.PREPOSITION, Role.SHORTENED, Role.CUT_NOUN, Role.SUBSTANCE})
# What is left of «ватка».
_SHORTEST_ORDINARY = 3
# «Водкахортица» and the shortest of its parts.
_SHORTEST_RUN_TOGETHER, _LONGEST_RUN_TOGETHER, _SHORTEST_PART = 8, 40, 4
_RUN_TOGETHER_WITH = (
    *(Role.GOODS, Role.BRAND, Role.WEAK_BRAND, Role.COMMON_BRAND, Role.HINT),
    *(Role.BEER_SORT, Role.SWEETNESS, Role.ALCOHOL_HINT, Role.FORM),
)
_SHORTEST_SUBSTANCE = 6
_SHORTEST_OF_BREWERY = 7
_CYRILLIC_WORD = re.compile(r"[а-я]+")
# Of unknown bare words four in a hundred that are none look more like a medicine than this.
# Names of medicines are many and made up, so a longer one must be meant.
_SHORTEST_MEDICINE = 8
_MEDICINES_BEGIN = 0.68


def _keys_to_break(index: Index) -> Iterator[str]:
    """Yield how strong brands of one long word and the nouns of forbidden goods sound."""
    for key, brands in index.whole_brands.items():
        if len(key) >= _SHORTEST_APART and any(role is Role.BRAND for role, _ in brands):
            yield key
    for stem, meanings in index.nouns.items():
        if any(role is Role.GOODS for role, _, _ in meanings):
            yield sound_key(stem)


@cache
def _index() -> Index:
    """Return all lists, ready to be asked. The first name makes them: most processes never read one."""
    return build_index(LISTS, BRAND_LISTS)


@cache
def _beginnings_of_brands() -> frozenset[str]:
    keys = _keys_to_break(_index())
    return frozenset(key[:size] for key in keys for size in range(_SHORTEST_FIRST_PART, len(key) + 1))


@cache
def _likeness() -> MedicineLikeness:
    return MedicineLikeness(
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
    for guess in (_misspelt, _meant, _run_together, _brewed, _shortened):
        if meaning is NOTHING:
            meaning = guess(word)
    return meaning if meaning is not NOTHING else _substance(word)


@lru_cache(maxsize=16384)
def sizes_of_brands(first_word: str) -> Sequence[int]:
    """Return how many words the brands have that begin with this one, the longest first."""
    return _index().first_words.get(sound_key(first_word), ())


def phrase(words: tuple[str, ...]) -> Meaning:
    """Return what words mean together as a brand; NOTHING where they are none."""
    key = "".join(map(sound_key, words))
    found = _index().brands.get(key) or _index().brands.get("_".join(words))
    return Meaning(_grouped(found)) if found else NOTHING


@lru_cache(maxsize=16384)
def misspelt_pair(first: str, second: str) -> Meaning:
    """Return what a brand of two words means whose second word is one letter away; else NOTHING."""
    key = sound_key(second)
    if len(key) < SHORTEST_MISSPELT_PART or look_up(second).is_noun:
        return NOTHING
    for meant, reason in _index().pairs.get(sound_key(first), ()):
        if key[0] == meant[0] and is_one_edit(key, meant):
            return Meaning({Role.MISSPELT: (reason,)})
    return NOTHING


def brand_written_apart(first: str, second: str) -> Meaning | None:
    """Return the meaning of a long forbidden word that is written as two; None for any other words."""
    if first.isdecimal() or not begins_brand(first):
        return None
    key = sound_key(first) + sound_key(second)
    strong = [(role, reason) for role, reason in _index().whole_brands.get(key, ()) if role is Role.BRAND]
    if strong and len(key) >= _SHORTEST_APART:
        return Meaning(_grouped(strong))
    return _broken(first, second)


@lru_cache(maxsize=16384)
def _broken(first: str, second: str) -> Meaning | None:
    """Return the forbidden word that a space breaks, a long one also misspelt; None where both are words."""
    parts = [look_up(first), look_up(second)]
    if NOTHING not in parts or any(part.roles.keys() - _NO_WORDS for part in parts):
        return None
    whole = _look_up(first + second)
    if (goods := whole.roles.get(Role.GOODS)) and whole.is_nominative:
        return Meaning({Role.MISSPELT: goods})
    if len(first) + len(second) < _SHORTEST_APART:
        return None
    whole = look_up(first + second)
    reasons = whole.roles.get(Role.BRAND) or whole.roles.get(Role.MISSPELT)
    return Meaning({Role.MISSPELT: reasons}) if reasons else None


@lru_cache(maxsize=16384)
def begins_brand(word: str) -> bool:
    """Return True if a strong brand of one long word begins as this word sounds."""
    return sound_key(word) in _beginnings_of_brands()


def _grouped(pairs: Iterable[tuple[Role, Restriction | None]]) -> dict[Role, tuple[Restriction, ...]]:
    roles: dict[Role, tuple[Restriction, ...]] = {}
    for role, reason in pairs:
        roles[role] = (*roles.get(role, ()), reason) if reason else roles.get(role, ())
    return roles


def _look_up(word: str) -> Meaning:
    pairs = list(_index().exact.get(word, ()))
    is_nominative = True
    for cut in range(min(_LONGEST_ENDING, len(word) - 2) + 1):
        stem, ending = (word[:-cut], word[-cut:]) if cut else (word, "")
        for role, reason, nominative in _index().nouns.get(stem, ()):
            is_adjectival = nominative is not None and not nominative.isdisjoint(_NEUTER)
            if ending in (_AS_ADJECTIVES if is_adjectival else _NOUN_ENDINGS):
                pairs.append((role, reason))
                if role is Role.GOODS and nominative is not None:
                    is_nominative = ending in nominative
        if ending in _ADJECTIVE_ENDINGS:
            for role, reason in _index().adjectives.get(stem, ()):
                if role not in {Role.BEER_SORT, Role.SURE_BEER_SORT} or ending in _NEUTER:
                    pairs.append((role, reason))
    if word.endswith(("ок", "ек")):
        pairs.extend((role, reason) for role, reason, _ in _index().nouns.get(f"{word[:-2]}к", ()))
    key = sound_key(word)
    pairs.extend(_index().brands.get(word, ()) if len(key) < SHORTEST_KEY else _index().brands.get(key, ()))
    return Meaning(_grouped(pairs), is_nominative) if pairs else NOTHING


def _compound(word: str) -> Meaning:
    """Return the meaning of a hyphened word: that of its last noun, else the forbidden part's."""
    parts = [_look_up(part) for part in word.split("-")]
    spirits = next((p for p in parts if p.has(Role.GOODS, Role.WEAK_GOODS)), None)
    if spirits and (parts[-1].has(Role.DRINK) or (parts[-1].has(Role.FLAVOUR) and spirits.has(Role.GOODS))):
        return spirits
    if says_most := _says_most(parts):
        return says_most
    if parts[0].has(*ORDINARY):
        # "Костюм-тройка" is a suit.
        return parts[0]
    if ADJECTIVE.fullmatch(word.rpartition("-")[2]):
        # "Вино-красный" is a colour.
        return NOTHING
    found = next((part for part in parts if part.has(Role.GOODS, *BRANDS)), NOTHING)
    if found is NOTHING or not is_cyrillic(word):
        return found
    # "Бренди-бар", "пиво-понг": the part that we do not know says what it is.
    is_whole = found is parts[-1] or any(part.roles for part in parts if part is not found)
    return found if is_whole else Meaning({Role.MISSPELT: next(iter(found.roles.values()))})


def _is_weapon(meaning: Meaning) -> bool:
    roles = meaning.roles
    return Restriction.OTHER in (*roles.get(Role.GOODS, ()), *roles.get(Role.WEAK_GOODS, ()))


def _says_most(parts: Sequence[Meaning]) -> Meaning | None:
    """Return the last noun's meaning, or that of what stands beside a noun that says too little."""
    last = parts[-1]
    if last is not NOTHING and _is_weapon(parts[0]):
        # «Кастет-брелок», «Петарда-хлопушка».
        return parts[0]
    if last.has(Role.GENERIC):
        # «Кларитин-капли».
        return next((part for part in parts if part.has(Role.BRAND)), last)
    # «Нож-финка».
    is_told = last.has(*NOUNS) or (parts[0].has(Role.GENERIC) and last.has(Role.WEAK_GOODS))
    return last if is_told else None


def _misspelt(word: str) -> Meaning:
    """Return the forbidden word or brand that an unknown long word is one letter away from."""
    key = sound_key(word)
    if len(key) < SHORTEST_MISSPELT or not word.isalpha() or ADJECTIVE.fullmatch(word):
        return NOTHING
    for shorter in (key, *one_letter_less(key)):
        for meant, restriction in _index().near.get(shorter, ()):
            is_long = len(key) >= _SHORTEST_MEDICINE or restriction is not Restriction.MEDICINE
            if is_long and is_one_edit(key, meant) and not _is_small_ordinary(word):
                return Meaning({Role.MISSPELT: (restriction,)})
    return NOTHING


def _meant(word: str) -> Meaning:
    """Return the forbidden word that is heard, transliterated or made small in an unknown one."""
    if ADJECTIVE.fullmatch(word) and not word.endswith(_AS_MEDICINES):
        return NOTHING
    reason = meant_words().find(word)
    return Meaning({Role.MISSPELT: (reason,)}) if reason and not _is_small_ordinary(word) else NOTHING


def _is_small_ordinary(word: str) -> bool:
    """Return True for «печёночка», «болтик» or «бантики»: ordinary goods that are only called small."""
    one = word.removesuffix("и")
    bases = (_look_up(base) for form in {word, one} for base in small_bases(form, _SHORTEST_ORDINARY))
    return any(base.has(*ORDINARY) and not base.has(Role.GOODS, *BRANDS) for base in bases)


def _run_together(word: str) -> Meaning:
    """Return the goods that an unknown long word names with a brand or a hint behind: «пивобалтика»."""
    if not (_SHORTEST_RUN_TOGETHER <= len(word) <= _LONGEST_RUN_TOGETHER and word.isalpha()):
        return NOTHING
    for reason, rest in meant_words().beginnings(word, _SHORTEST_PART):
        if _look_up(rest).has(*_RUN_TOGETHER_WITH):
            return Meaning({Role.MISSPELT: (reason,)})
    return NOTHING


def _brewed(word: str) -> Meaning:
    """Return the meaning of «Брянскпиво» and «Steinbrau»: so end the names of breweries alone."""
    is_brewery = word.endswith(BREWERIES) and len(word) >= _SHORTEST_OF_BREWERY
    return Meaning({Role.MISSPELT: (Restriction.BEER,)}) if is_brewery else NOTHING


def _shortened(word: str) -> Meaning:
    """Return the brand or the noun that an unknown word begins: tills have room for few letters."""
    if (noun := beginnings().cut_noun(word)) is not NOTHING:
        return noun
    key = sound_key(word)
    reason = (_index().beginnings.get(key) or _index().weak_beginnings.get(key)) if word.isalpha() else None
    is_adjective = ADJECTIVE.fullmatch(word) and not word.endswith(_AS_MEDICINES)
    if reason is None or is_adjective or word.startswith("щ"):
        # No brand begins with «щ», but it sounds like other letters.
        return NOTHING
    likely = _substance(word).roles if reason is Restriction.MEDICINE else {}
    return Meaning({Role.SHORTENED: (reason,), **likely})


def _substance(word: str) -> Meaning:
    """Return the meaning of a word that is unknown and looks like a medicine's name."""
    if not (len(word) >= _SHORTEST_SUBSTANCE and _CYRILLIC_WORD.fullmatch(word)) or ADJECTIVE.fullmatch(word):
        return NOTHING
    looks_so = (
        word.startswith(MEDICINE_BEGINNINGS)
        or word.endswith(MEDICINE_ENDINGS)
        or _likeness().score(word) > _MEDICINES_BEGIN
    )
    return Meaning({Role.SUBSTANCE: (Restriction.MEDICINE,)}) if looks_so else NOTHING
