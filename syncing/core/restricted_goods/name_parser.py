"""Reads a product's name into terms, in order.

A word behind a preposition or behind "со вкусом" is an attribute: it tells about the product and does not
say what it is.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from syncing.core.restricted_goods.meanings import BRANDS, NOTHING, NOUNS, ORDINARY, Meaning, Role
from syncing.core.restricted_goods.measures import TELLING_VOLUMES, Measures, Sign, measure
from syncing.core.restricted_goods.set_phrases import with_set_phrases, without_harmless
from syncing.core.restricted_goods.shortened_words import beginnings
from syncing.core.restricted_goods.spelling import Token, tokens
from syncing.core.restricted_goods.telling_words import may_tell
from syncing.core.restricted_goods.terms import ParsedName, Term, roles_of
from syncing.core.restricted_goods.verdicts import Restriction
from syncing.core.restricted_goods.vocabulary import (
    begins_brand,
    brand_written_apart,
    look_up,
    misspelt_pair,
    phrase,
    sizes_of_brands,
)
from syncing.core.restricted_goods.words_drinks import (
    HALF_SWEET,
    OF_A_TOWN,
    VODKA_OF_A_TOWN,
    WITH_ALCOHOL,
)
from syncing.core.restricted_goods.words_more_drinks import WORDS_OF_WINERIES
from syncing.core.restricted_goods.words_tobacco import ENGLISH_COLOURS, LATIN_COLOURS

# What drinks are sold in, that they are strong and how old, as tills shorten it, wineries, and colours of
# cigarettes; a name with nothing else needs a second look.
_SAID_OF_FORBIDDEN = frozenset(
    [
        *(
            "ж/б",
            "жб",
            "с/б",
            "ст/б",
            "с/ф",
            "ф-ра",
            "лет",
            "года",
            "зв",
            "наст",
            "саше",
            "хмель",
            "vsop",
            "xo",
            "всоп",
        ),
        # Sorts of vodka: «Зел марка ржаная».
        *("ржаная", "пшеничная", "хлебная", "особая", "мягкая", "классическая", "кедровая", "березовая"),
        *(*WITH_ALCOHOL, *WORDS_OF_WINERIES.split(), *ENGLISH_COLOURS.split(), *LATIN_COLOURS.split()),
    ]
)
# Beside words of these roles alone the first word of a brand's name says nothing without the others of it:
# «Чай чёрный» is no «Чёрный аист».
_SAY_NO_MORE = ORDINARY | {Role.HINT, Role.PREPOSITION, Role.ABOUT, Role.PACKAGING}
# Words without a role that say something by their letters, beside others.
_SAY_BY_LETTERS = ("рх", "б/ф", "никот", "самокруточн", "кальянн", "веиперск", "abv", "alc", "vol")
_GOVERNED_WORDS = 3
_GOVERNING = (Role.PREPOSITION, Role.ABOUT)
# What set phrases make harmless.
_OF_GOODS = (Role.GOODS, Role.WEAK_GOODS, Role.ADJECTIVE)
_OF_WINE = (Restriction.ALCOHOL,)
_OF_ADJECTIVES = ("ов", "ев")
_OF_SHORT_ADJECTIVES = "н"
# «Сиб. корон.»: two words with a dot each.
_MOST_OF_SHORTENED = 4
# «Стар. Кениг».
_SHORTEST_CUT_SECOND = 5
# «Зел марка ржаная».
_MOST_WORDS_OF_SHORT = 3
# «Игр. Боска», «роз. п/сл», «Наст. Рябина»: with a dot no game, no rose and no wall clock.
_SHORTENED_OF_WINE = {
    "игр": (Role.ALCOHOL_HINT, Role.SWEETNESS),
    "роз": (Role.ALCOHOL_HINT,),
    "наст": (Role.ALCOHOL_HINT, Role.WEAK_FORM),
}
# «Кон. Старейшина 0,25», «Вис. Белл 0,7»: with a dot these are drinks where a bottle, a brand or a hint says
# so.
_SHORTENED_DRINKS = {
    **dict.fromkeys(
        ["кон", "конь", "вис", "виск", "аперит", "лик", "порт", "шамп", "верм"], Restriction.ALCOHOL
    ),
    "сид": Restriction.BEER,
}
# Of these, shampoo and vermicelli come by the half litre too.
_IN_LARGE_BOTTLES = frozenset({"шамп", "верм"})
# «Пив. кружка», «Вин. пробка», «Газ. баллончик»: adjectives where such a noun follows.
_SERVED = (Role.OBJECT, Role.THING, Role.VESSEL)
_SHORT_FOR_ADJECTIVES = {"пив": _SERVED, "вин": _SERVED, "газ": (Role.GENERIC,)}
# «Жев. табак», «Кур. табак»: no chewing gum and no hen.
_SHORT_BEFORE_GOODS = ("жев", "кур", "труб")
_SAID_OF_SPIRITS = (
    *(Role.BRAND, Role.WEAK_BRAND, Role.COMMON_BRAND, Role.ALCOHOL_HINT, Role.SWEETNESS, Role.BEER_SORT),
)


def parse_name(name: str) -> list[ParsedName]:
    """Return the parts of a name, one for each thing that a plus sign joins."""
    return parse_tokens(tokens(name))


def parse_tokens(words: Sequence[Token]) -> list[ParsedName]:
    """Return the parts of a name that is read as `tokens` does."""
    return [_read_part(part) for part in _parts(words) if part]


def is_suspicious(words: Sequence[Token]) -> bool:
    """Return True if any word, phrase or sign of a name needs a second look. Most goods have none.

    The first word of a brand's name needs one where the brand is there, or a word that may say more.
    """
    before = ""
    begins_brands, says_more = False, False
    for token in words:
        if token.is_mark:
            # «Оганес 3*» is brandy.
            if (
                token.text == "%"
                or (token.text == "*" and token is words[-1])
                or (token.text == "." and beginnings().is_suspicious(before))
            ):
                return True
            says_more = says_more or token.text == "."
        elif token.is_number:
            if token.text.replace(",", ".") in TELLING_VOLUMES:
                return True
            begins_brands = begins_brands or bool(sizes_of_brands(token.text))
        elif (look := _first_look(token.text)).is_suspicious or brand_written_apart(before, token.text):
            return True
        else:
            begins_brands = begins_brands or look.begins_brands
            says_more = says_more or look.says_more
        before = token.text
    return begins_brands and (says_more or _has_brand_of_words(words))


class _FirstLook(NamedTuple):
    """What one word says, seen alone."""

    is_suspicious: bool
    begins_brands: bool
    says_more: bool


@lru_cache(maxsize=16384)
def _first_look(text: str) -> _FirstLook:
    is_listed = text in _SAID_OF_FORBIDDEN or text in _SHORTENED_OF_WINE or text in _SHORTENED_DRINKS
    is_like_one = (
        text.startswith(HALF_SWEET) or text.endswith((*OF_A_TOWN, *VODKA_OF_A_TOWN)) or may_tell(text)
    )
    meaning = _word_meaning(text)
    return _FirstLook(
        is_listed or is_like_one or meaning.is_suspicious,
        bool(sizes_of_brands(text)),
        text.startswith(_SAY_BY_LETTERS) or not meaning.roles.keys() <= _SAY_NO_MORE,
    )


def _has_brand_of_words(words: Sequence[Token]) -> bool:
    """Return True if words of a name make a brand together."""
    is_cut = Sign.LITRES in measure(words).signs
    return any(
        not token.is_mark and _longest_phrase(words, index, is_cut=is_cut) is not None
        for index, token in enumerate(words)
    )


def _parts(words: Sequence[Token]) -> Iterable[Sequence[Token]]:
    if not any(token.text == "+" for token in words):
        return (words,)
    parts: list[list[Token]] = [[]]
    before: Token | None = None
    for token in words:
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


def _read_part(part: Sequence[Token]) -> ParsedName:
    """Return a part of a name with its words' meanings. Each step is left out where no word asks for it."""
    measures = measure(part)
    has_dots = "." in [token.text for token in part]
    is_short = sum(not token.is_mark for token in part) <= _MOST_WORDS_OF_SHORT
    terms = list(_terms(part, is_cut=has_dots or is_short or Sign.LITRES in measures.signs))
    if has_dots:
        terms = _with_shortenings(terms, measures)
    roles = roles_of(terms)
    if not roles.isdisjoint(_GOVERNING):
        terms = list(_governed(terms))
    if Role.DRINK in roles:
        terms = with_set_phrases(terms)
    if not roles.isdisjoint(_OF_GOODS):
        terms = without_harmless(terms)
    return ParsedName(tuple(terms), measures)


def _terms(part: Sequence[Token], *, is_cut: bool) -> Iterator[Term]:
    """Yield words with their meanings; brands of several words are one term.

    `is_cut` is true for a name with dots or a drink's volume, whose words may be cut: «Три мед 1,35».
    """
    index = 0
    while index < len(part):
        token = part[index]
        size, meaning = 1, NOTHING
        if not token.is_mark:
            meaning, may_begin_brand = (
                (NOTHING, bool(sizes_of_brands(token.text))) if token.is_number else _word(token.text)
            )
            if is_cut or may_begin_brand:
                size, meaning = _longest_phrase(part, index, is_cut=is_cut) or (1, meaning)
        if size == 1:
            yield Term(token.text, token.shown, meaning, "", token.quoted, token.aside, token.is_number)
        else:
            words = [word for word in part[index : index + size] if not word.is_mark]
            text, shown = " ".join(word.text for word in words), " ".join(word.shown for word in words)
            yield Term(text, shown, meaning, "", token.quoted, token.aside)
        index += size


class _Word(NamedTuple):
    """What one word says, wherever it stands."""

    meaning: Meaning
    may_begin_brand: bool


@lru_cache(maxsize=16384)
def _word(text: str) -> _Word:
    return _Word(_word_meaning(text), bool(sizes_of_brands(text)) or begins_brand(text))


def _longest_phrase(part: Sequence[Token], index: int, *, is_cut: bool) -> tuple[int, Meaning] | None:
    """Return of how many parts a brand is that begins here, and its meaning, or None."""
    for size in sizes_of_brands(part[index].text):
        words, taken = part[index : index + size], size
        if size > 1 and len(part) > index + size and words[1].text == "#":
            # «Балт №7».
            words, taken = [words[0], *part[index + 2 : index + size + 1]], size + 1
        if (
            len(words) < size
            or any(word.is_mark for word in words)
            or (words[0].is_number and words[-1].is_number)
        ):
            continue
        meaning = phrase(tuple(word.text for word in words))
        if meaning is not NOTHING and not _is_plain_phrase(words):
            return taken, meaning
    if index + 1 < len(part) and not (part[index + 1].is_mark or part[index + 1].is_number):
        misspelt = misspelt_pair(part[index].text, part[index + 1].text)
        if misspelt is not NOTHING:
            return 2, misspelt
    if is_cut and (shortened := _shortened_phrase(part[index : index + _MOST_OF_SHORTENED])):
        return shortened
    if index + 1 < len(part) and (apart := _written_apart(part[index], part[index + 1])):
        return 2, apart
    return None


def _shortened_phrase(part: Sequence[Token]) -> tuple[int, Meaning] | None:
    """Return how many parts a brand of two words has that is cut, with dots or without, and its meaning."""
    second = 2 if len(part) > 2 and _is_dot(part[1]) else 1  # noqa: PLR2004
    if len(part) <= second or part[0].is_number or part[second].is_mark or part[second].is_number:
        return None
    has_dot = (second > 1, len(part) > second + 1 and _is_dot(part[second + 1]))
    if not any(has_dot):
        has_dot = (not look_up(part[0].text).is_noun, True)
    elif len(part[second].text) >= _SHORTEST_CUT_SECOND:
        has_dot = (has_dot[0], True)
    meaning = beginnings().brand(part[0].text, part[second].text, has_dot=has_dot)
    return None if meaning is NOTHING else (second + 1, meaning)


def _written_apart(first: Token, second: Token) -> Meaning | None:
    """Return the meaning of a brand whose one word is written as two: «Дарк сайд»."""
    if first.text.isalpha() and second.text.isalpha() and len(first.text) > 1 and len(second.text) > 1:
        return brand_written_apart(first.text, second.text)
    return None


def _is_dot(token: Token) -> bool:
    return token.is_mark and token.text == "."


def _is_plain_phrase(words: Sequence[Token]) -> bool:
    """Return True where joined words only sound like a brand: one letter and a number, say."""
    return all(word.is_number or len(word.text) == 1 for word in words) and len(words) > 2  # noqa: PLR2004


@lru_cache(maxsize=16384)
def _word_meaning(text: str) -> Meaning:
    meaning = look_up(text)
    if "-" in text and (meaning is NOTHING or meaning.has(*ORDINARY)):
        # «Игр-ое» is no game.
        contracted = beginnings().contracted(text)
        return meaning if contracted is NOTHING else contracted
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
            yield term._replace(meaning=NOTHING)
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
            yield term._replace(governor=governor) if term.has(Role.ABOUT) or "/" in term.text else term
            continue
        if left and not (term.aside and not governor):
            yield term._replace(governor=governor)
            left -= 1
            if term.is_noun or term.has(Role.BRAND, Role.DEVICE, Role.WEAK_GOODS):
                left = 0
            continue
        governor = ""
        yield term


def _has_dot(terms: list[Term], index: int) -> bool:
    return any(after.text == "." for after in terms[index + 1 : index + 2])


def _with_shortenings(terms: list[Term], measures: Measures) -> list[Term]:
    """Give words with a dot the meaning that they are shortened from."""
    first = next((index for index, term in enumerate(terms) if term.text[:1].isalpha()), 0)
    return [
        _written_out(term, terms[index + 1 :], measures, is_first=index == first)
        if _has_dot(terms, index)
        else term
        for index, term in enumerate(terms)
    ]


def _written_out(term: Term, after: list[Term], measures: Measures, *, is_first: bool) -> Term:
    """Return what "игр.", "роз." and other words with a dot stand for.

    «Малинов.», «розов.», «пшен.» are adjectives, whatever noun is written so.
    """
    if drink := _drink_with_dot(term, after, measures):
        return drink
    if not is_first and term.is_ordinary and (term.text.endswith(_OF_ADJECTIVES) or term.has(Role.BEER_SORT)):
        others = {role: why for role, why in term.meaning.roles.items() if role not in ORDINARY}
        return term._replace(meaning=Meaning(others))
    if is_first and _is_adjective(term, after):
        return term._replace(meaning=NOTHING)
    is_known = term.meaning.roles.keys() - {Role.SUBSTANCE, Role.MISSPELT, Role.SHORTENED}
    found = None if is_known else beginnings().word(term.text)
    if found is None or not (is_first or found.is_anywhere):
        return term
    if is_first and found.meaning.has(Role.FOOD) and any(one.has(Role.GENERIC) for one in after[1:2]):
        # «Актив. уголь»: the noun follows.
        return term._replace(meaning=NOTHING)
    return term._replace(text=found.text, meaning=found.meaning)


def _drink_with_dot(term: Term, after: list[Term], measures: Measures) -> Term | None:
    """Return the drink that a word with a dot stands for where what follows tells of one, or None."""
    if roles := _SHORTENED_OF_WINE.get(term.text):
        is_other = any(one.is_noun for one in after)
        return term if is_other else term._replace(meaning=Meaning(dict.fromkeys(roles, _OF_WINE)))
    drink = _SHORTENED_DRINKS.get(term.text)
    if drink is None or any(t.is_ordinary and not t.has(Role.FLAVOUR, *_SAID_OF_SPIRITS) for t in after):
        return None
    bottle = Sign.SPIRITS_BOTTLE if term.text in _IN_LARGE_BOTTLES else Sign.LITRES
    is_told = any(drink in t.meaning.roles.get(role, ()) for t in after for role in _SAID_OF_SPIRITS)
    is_drink = is_told or bottle in measures.signs
    return term._replace(meaning=Meaning({Role.WEAK_GOODS: (drink,)})) if is_drink else None


def _is_adjective(term: Term, after: list[Term]) -> bool:
    """Return True for «Жевательн. табак» and «Пив. кружка»: the noun follows."""
    if nouns := _SHORT_FOR_ADJECTIVES.get(term.text):
        return any(one.has(*nouns) for one in after[1:2])
    is_short = term.text.endswith(_OF_SHORT_ADJECTIVES) or term.text in _SHORT_BEFORE_GOODS
    return term.is_ordinary and is_short and _is_of_goods(after)


def _is_of_goods(after: list[Term]) -> bool:
    """Return True if what is described is forbidden goods: «Жевательн. табак»."""
    return any(term.has(Role.GOODS) and term.meaning.is_nominative for term in after[1:2])


def _is_pod(terms: list[Term]) -> bool:
    """Return True for «Под Charon Baby»: a pod is no preposition before a maker of such."""
    brands = (
        [Restriction.TOBACCO in terms[1].meaning.roles.get(role, ()) for role in BRANDS] if terms[1:] else []
    )
    return terms[0].text == "под" and any(brands)
