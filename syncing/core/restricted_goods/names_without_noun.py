"""Classifies names in which no noun says what the product is: by brands and by the signs of packets."""

from syncing.core.categories import find_family
from syncing.core.restricted_goods.cut_brands import cut_noun, shortened_brand
from syncing.core.restricted_goods.drink_words import (
    by_latin_colour,
    by_sorts,
    by_town,
    by_vodka_taste,
    by_wine_words,
    is_water_or_sausage,
)
from syncing.core.restricted_goods.hints import UNITS, for_weapon, has_hint, is_alone, weak_brand
from syncing.core.restricted_goods.meanings import NOUNS, ORDINARY, Role
from syncing.core.restricted_goods.packet_numbers import by_numbers
from syncing.core.restricted_goods.spelling import is_cyrillic
from syncing.core.restricted_goods.terms import ParsedName
from syncing.core.restricted_goods.verdicts import (
    ALLOWED,
    Basis,
    Kind,
    Restriction,
    Verdict,
    forbidden,
    unsure,
)
from syncing.core.restricted_goods.vocabulary import ADJECTIVE
from syncing.core.restricted_goods.words_ordinary import SOFT_DRINKS
from syncing.core.restricted_goods.words_tobacco import ENGLISH_COLOURS, LATIN_COLOURS

STRENGTH_OF_SPIRITS = (35.0, 60.0)
_STRENGTH_OF_BEER = (3.5, 9.5)
# Makers of drinks without alcohol, whose cans say no more than the name.
_SOFT_DRINKS = frozenset(SOFT_DRINKS.split())
_MOST_WORDS = 2
_NAME_AND_COLOUR = 2
# A price and a filter are told of cigarettes alone.
_ON_CIGARETTES = frozenset(["мрц", "с/ф", "ф-ра"])
_SORTS_BEHIND = frozenset(
    ["стаут", "портер", "лагер", "ипа", "апа", "гозе", "ipa", "apa", "stout", "lager", "porter", "ale"]
)
_ALE_IS = ("пшеничн", "светл", "темн", "янтарн", "ирландск", "англииск", "бельгииск", "шотландск")
_MOST_WORDS_OF_BOTTLE = 3
_LATIN_COLOURS = frozenset(LATIN_COLOURS.split())
_ENGLISH_COLOURS = frozenset(ENGLISH_COLOURS.split())
# "шт", "гр": no words of a name.
_LONGEST_UNIT = 2
_TOYS = ("игруш", "детск", "водян", "мягк", "деревян")
# Points of a pharmacy's signs that leave no doubt, and those that also make a vitamin doubtful.
_CERTAIN, _DOUBTFUL = 4, 3


def classify_without_noun(parsed: ParsedName) -> Verdict:
    """Return the first step's verdict that is certain, else the first doubt."""
    doubt: Verdict | None = None
    for step in (
        _by_signs,
        _by_packet,
        _by_brand,
        by_wine_words,
        by_sorts,
        by_latin_colour,
        by_vodka_taste,
        by_weak_goods,
        weak_brand,
        by_town,
        by_numbers,
        _by_forms,
        _by_adjective,
        _by_doubt,
        _by_colour,
    ):
        verdict = step(parsed)
        if verdict and verdict.kind is Kind.FORBIDDEN:
            return verdict
        doubt = doubt or verdict
    return doubt or _by_morphology(parsed)


def _by_signs(parsed: ParsedName) -> Verdict | None:
    """Judge by what is printed on packets of one kind of goods only."""
    for term in parsed.terms:
        if term.text in _ON_CIGARETTES:
            return forbidden(Restriction.TOBACCO, Basis.SIGN, term.shown)
        if term.text in {"затяжек", "затяжки", "puffs"}:
            # "Cheese puffs 100 г" has no count of them.
            kind = unsure if term.text == "puffs" and not parsed.puffs else forbidden
            return kind(Restriction.TOBACCO, Basis.SIGN, term.shown)
    if (wine := parsed.first(Role.WINE_SIGN)) and not parsed.first(Role.NO_ALCOHOL, governed=True):
        return forbidden(Restriction.ALCOHOL, Basis.SIGN, wine.shown)
    strength = next((t for t in parsed.terms if t.text in {"алк", "об", "abv", "alc", "vol"}), None)
    if strength and parsed.shares and not parsed.first(Role.NO_ALCOHOL, governed=True):
        restriction = Restriction.BEER if max(parsed.shares) < _STRENGTH_OF_BEER[1] else Restriction.ALCOHOL
        return forbidden(restriction, Basis.SIGN, strength.shown)
    return None


def _by_packet(parsed: ParsedName) -> Verdict | None:
    """Judge by the size and the colour of a packet of cigarettes."""
    strong, hints = parsed.count(Role.STRONG_HINT, Role.FORMAT), parsed.count(Role.HINT)
    hints -= parsed.count(Role.FORMAT)
    if strong and strong + hints > 1 and (hint := parsed.first(Role.STRONG_HINT, Role.FORMAT)):
        certain = strong + hints > 2 or parsed.price_tail  # noqa: PLR2004
        if not parsed.first(Role.BRAND, Role.WEAK_BRAND, Role.COMMON_BRAND):
            return (forbidden if certain else unsure)(Restriction.TOBACCO, Basis.SIGN, hint.shown)
    unknown = any(term.is_unknown_word for term in parsed.terms)
    if parsed.puffs and not unknown and (vape := parsed.first(Role.VAPE_HINT)):
        return unsure(Restriction.TOBACCO, Basis.SIGN, vape.shown)
    if sure := parsed.first(Role.SURE_FORMAT):
        return unsure(Restriction.TOBACCO, Basis.SIGN, sure.shown)
    return None


def _by_brand(parsed: ParsedName) -> Verdict | None:
    device = parsed.first(Role.DEVICE, governed=True)
    if device:
        kind = unsure if device.governor else forbidden
        return kind(Restriction.TOBACCO, Basis.BRAND, device.shown)
    brand = next((t for t in parsed.terms if t.has(Role.BRAND) and not t.governor and not t.aside), None)
    if brand:
        restriction = brand.restriction(Role.BRAND)
        unknown = parsed.has_unknown_before(parsed.position(brand))
        certain = not unknown or parsed.litres or has_hint(parsed, restriction)
        return (forbidden if certain else unsure)(restriction, Basis.BRAND, brand.shown)
    return None


def by_weak_goods(parsed: ParsedName) -> Verdict | None:
    """Judge a name of forbidden goods that is also another word: «Ром 0,7», «Эль светлый»."""
    term = parsed.first(Role.WEAK_GOODS)
    if term is None:
        return None
    restriction = term.restriction(Role.WEAK_GOODS)
    if restriction is Restriction.OTHER and any(one.text.startswith(_TOYS) for one in parsed.terms):
        return None
    rest_brand = any(
        restriction in t.meaning.roles.get(role, ())
        for t in parsed.terms
        for role in (Role.BRAND, Role.WEAK_BRAND, Role.COMMON_BRAND)
    )
    if rest_brand or parsed.litres or has_hint(parsed, restriction, but=term):
        unknown = parsed.has_unknown_before(parsed.position(term))
        return (unsure if unknown else forbidden)(restriction, Basis.KIND, term.shown)
    others = [one for one in parsed.terms if one is not term and one.text.isalpha()]
    # "Ром Негрита", "К-к Ани": drinks are named by what follows their noun.
    is_drink = restriction in {Restriction.ALCOHOL, Restriction.BEER} and not parsed.first(
        Role.NO_ALCOHOL, *ORDINARY
    )
    is_latin = not any(is_cyrillic(one.text) and len(one.text) > _LONGEST_UNIT for one in others)
    is_named = parsed.position(term) == 0 and (is_drink or (others and is_latin))
    # "Ирландский эль", "Белый ром": nothing but adjectives before it.
    before = parsed.terms[: parsed.position(term)]
    is_described = (
        bool(others) and others == list(before) and all(ADJECTIVE.fullmatch(one.text) for one in before)
    )
    # "Стрэйт бурбон": a name of two words, the drink behind.
    is_described_ale = any(one.text.startswith(_ALE_IS) for one in others)
    is_sort = restriction is Restriction.ALCOHOL or term.text in _SORTS_BEHIND or is_described_ale
    # «Медео сиг».
    is_sort = is_drink and (is_sort or is_described_ale)
    is_cigarette = term.text == "сиг" and len(others) <= _MOST_WORDS
    is_last = bool(others) and term is parsed.terms[-1] and not term.governor
    is_behind = is_last and (is_sort or is_cigarette)
    if restriction is Restriction.OTHER or is_named or is_described or is_behind or is_alone(parsed, term):
        return unsure(restriction, Basis.KIND, term.shown)
    return None


def _by_forms(parsed: ParsedName) -> Verdict | None:
    """Judge by a pharmacy's forms: «таб. 100 мг №20»."""
    forms = [t for t in parsed.terms if t.has(Role.FORM)]
    weak_forms = [t for t in parsed.terms if t.has(Role.WEAK_FORM) and not t.has(Role.FORM)]
    maker = parsed.first(Role.MAKER)
    score = 2 * bool(forms) + bool(weak_forms) + bool(parsed.dose) + bool(parsed.pack_count) + 2 * bool(maker)
    evidence = next((t.text for t in (*forms, *weak_forms, *([maker] if maker else []))), "№")
    if any(t.text in {"rx", "рх"} for t in parsed.terms):
        return forbidden(Restriction.MEDICINE, Basis.SIGN, "rx")
    # "Выбор хозяйки № 21": all kinds of goods are numbered, so a count counts only beside another sign.
    counted = parsed.pack_count and parsed.first(Role.SUBSTANCE, governed=True)
    if score < 1 or (score == 1 and not (parsed.dose or counted)):
        return None
    if parsed.first(Role.SUPPLEMENT, governed=True):
        return unsure(Restriction.MEDICINE, Basis.SIGN, evidence) if score >= _DOUBTFUL else None
    if score >= _CERTAIN and not parsed.first(*ORDINARY):
        return forbidden(Restriction.MEDICINE, Basis.SIGN, evidence)
    return unsure(Restriction.MEDICINE, Basis.SIGN, evidence)


def _by_adjective(parsed: ParsedName) -> Verdict | None:
    """Judge «Винный 0,7», «Энергетический 0,45 ж/б», where an adjective and a bottle say enough to ask."""
    term = next((t for t in parsed.terms if t.has(Role.ADJECTIVE) and not t.governor), None)
    if term is None:
        return None
    restriction = term.restriction(Role.ADJECTIVE)
    # «Пульсар энерг», «Wolf energy»: a name of two words, one of which says what is in the can.
    words = [one for one in parsed.terms if one.text.isalpha()]
    is_energy = restriction is Restriction.AGE and len(words) == _MOST_WORDS
    if parsed.litres or restriction is Restriction.TOBACCO or is_energy:
        return unsure(restriction, Basis.SIGN, term.shown)
    return None


def _by_doubt(parsed: ParsedName) -> Verdict | None:
    """Judge what is only suspicious: a likely misspelling, a strength, what is smoked."""
    if smoked := parsed.behind_for(Role.SMOKING):
        return unsure(Restriction.TOBACCO, Basis.KIND, smoked.shown)
    if weapon := for_weapon(parsed):
        return forbidden(Restriction.OTHER, Basis.KIND, weapon.shown)
    if term := parsed.first(Role.MISSPELT):
        restriction = term.restriction(Role.MISSPELT)
        certain = (parsed.litres and restriction is not Restriction.TOBACCO) or has_hint(
            parsed, restriction, but=term
        )
        return (forbidden if certain else unsure)(restriction, Basis.BRAND, term.shown)
    cut = shortened_brand(parsed) or cut_noun(parsed)
    if cut and not parsed.first(Role.NO_ALCOHOL, governed=True):
        return unsure(cut.restriction(Role.SHORTENED, Role.CUT_NOUN), Basis.BRAND, cut.shown)
    if parsed.litres and not parsed.first(Role.NO_ALCOHOL, *ORDINARY, governed=True):
        return _by_strength(parsed) or _by_bottle(parsed)
    return None


def _by_bottle(parsed: ParsedName) -> Verdict | None:
    """Judge «Капитан 0,7», «Самурай 0,45»: nothing but a name, on a bottle of spirits or in a can of beer."""
    words = [t for t in parsed.terms if t.text.isalpha() and len(t.text) > 1 and t.text not in UNITS]
    # «Лаврушка 0,5», «Две реки 0,5»: what is not drunk says what it is, soft drinks nearly always.
    is_half_litre = parsed.half_litre and len(words) <= _MOST_WORDS_OF_BOTTLE and not parsed.shares
    is_bottled = parsed.spirits_bottle or parsed.beer_bottle or parsed.small_beer or is_half_litre
    if not is_bottled or not words or any(term.is_noun or term.text in _SOFT_DRINKS for term in words):
        return None
    if find_family(" ".join(term.text for term in words)) or any(
        is_water_or_sausage(term.text) for term in words
    ):
        return None
    is_spirits = parsed.spirits_bottle or is_half_litre
    restriction = Restriction.ALCOHOL if is_spirits else Restriction.BEER
    return unsure(restriction, Basis.SIGN, _shown_volume(parsed))


def _shown_volume(parsed: ParsedName) -> str:
    """Return the number that names the bottle, else the last one."""
    numbers = [term.shown for term in parsed.terms if term.is_number]
    return next((number for number in numbers if "," in number or "." in number), numbers[-1])


def _by_strength(parsed: ParsedName) -> Verdict | None:
    if parsed.has_share_of(*STRENGTH_OF_SPIRITS):
        return unsure(Restriction.ALCOHOL, Basis.SIGN, "%")
    container = parsed.first(Role.BEER_SIGN)
    if parsed.has_share_of(*_STRENGTH_OF_BEER) and (container or parsed.first(Role.BEER_SORT)):
        return unsure(Restriction.BEER, Basis.SIGN, "%")
    # "Эдельвейс 0,5 ж/б": a name that says nothing, in a can or a bottle of a drink's size.
    words = [t for t in parsed.terms if t.text.isalpha() and len(t.text) > 1 and t is not container]
    named = any(t.is_noun or t.has(Role.NO_ALCOHOL) for t in parsed.terms)
    is_soft = named or any(t.text in _SOFT_DRINKS for t in words)
    # Kefir comes in bottles too, and has less fat than beer has alcohol.
    is_soft = is_soft or bool(parsed.shares and max(parsed.shares) < _STRENGTH_OF_BEER[0])
    if container and words and not is_soft and not find_family(" ".join(t.text for t in words)):
        return unsure(Restriction.BEER, Basis.SIGN, container.shown)
    return None


def _by_colour(parsed: ParsedName) -> Verdict | None:
    """Judge «Совереин блю»: packets of cigarettes tell their colours in Russian letters."""
    words = [term for term in parsed.terms if term.text[:1].isalpha()]
    if len(words) != _NAME_AND_COLOUR or words[0].is_noun:
        return None
    is_latin = words[0].text.isascii() and words[1].text in _LATIN_COLOURS
    if is_latin or words[1].text in _ENGLISH_COLOURS:
        return unsure(Restriction.TOBACCO, Basis.SIGN, words[1].shown)
    return None


def _by_morphology(parsed: ParsedName) -> Verdict:
    """Judge a bare name that looks like a medicine's."""
    words = [t for t in parsed.terms if t.text[:1].isalpha()]
    substance = parsed.first(Role.SUBSTANCE)
    if substance is None or len(words) > _MOST_WORDS or parsed.first(*NOUNS, governed=True):
        return ALLOWED
    return unsure(Restriction.MEDICINE, Basis.KIND, substance.shown)
