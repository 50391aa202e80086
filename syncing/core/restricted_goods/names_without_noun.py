"""Classifies names in which no noun says what the product is: by brands and by the signs of packets."""

from syncing.core.categories import find_family
from syncing.core.restricted_goods.hints import for_weapon, has_hint, is_alone, weak_brand
from syncing.core.restricted_goods.meanings import NOUNS, ORDINARY, Role
from syncing.core.restricted_goods.packet_numbers import by_numbers
from syncing.core.restricted_goods.spelling import is_cyrillic
from syncing.core.restricted_goods.terms import ParsedName, Term
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
from syncing.core.restricted_goods.words_drinks import OF_A_TOWN, VODKA_OF_A_TOWN

STRENGTH_OF_SPIRITS = (35.0, 60.0)
_STRENGTH_OF_BEER = (3.5, 9.5)
# Makers of drinks without alcohol, whose cans say no more than the name.
_SOFT_DRINKS = frozenset(
    [
        "источник",
        "родник",
        "святои",
        "лаимон",
        "сенежская",
        "чиста",
        "аквамин",
        "добрыи",
        "rich",
        "рич",
        "up",
        "севенап",
        "evervess",
        "швепс",
        "schweppes",
    ]
)
# Waters of a town, whose names are adjectives as those of vodkas are.
_WATERS = frozenset(
    [
        *("сенежская", "шишкинская", "липецкая", "карачинская", "славяновская", "смирновская", "сулинская"),
        *("новотерская", "обуховская", "увинская", "ижевская", "кувака", "калиновская", "пилигримская"),
        *("валдаиская", "краинская", "нижнеивкинская", "ачалукская", "рычалская", "серноводская"),
    ]
)
_MOST_WORDS = 2
# "шт", "гр": no words of a name.
_LONGEST_UNIT = 2
# Shorter beginnings of brands are words of their own too often: «пара», «кара».
_LONG_BEGINNING = 5
_LONG_BEGINNING_OF_MEDICINE = 7
# «Лоперам», «Каптоп»: nothing else is named so, where nothing else is said.
_BARE_BEGINNING_OF_MEDICINE = 6
_SAYS_WHAT = NOUNS - {Role.FLAVOUR}
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
        _by_wine_words,
        _by_sorts,
        by_weak_goods,
        weak_brand,
        _by_town,
        by_numbers,
        _by_forms,
        _by_adjective,
        _by_doubt,
    ):
        verdict = step(parsed)
        if verdict and verdict.kind is Kind.FORBIDDEN:
            return verdict
        doubt = doubt or verdict
    return doubt or _by_morphology(parsed)


def _by_signs(parsed: ParsedName) -> Verdict | None:
    """Judge by what is printed on packets of one kind of goods only."""
    for term in parsed.terms:
        if term.text == "мрц":
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


def _by_wine_words(parsed: ParsedName) -> Verdict | None:
    """Judge «Гаме красное сухое», «роз. игр.»: sweetness and colour are told together of wine alone."""
    sweetness = parsed.first(Role.SWEETNESS)
    if sweetness is None or parsed.first(Role.NO_ALCOHOL, *ORDINARY, governed=True):
        return None
    told = any(term.has(Role.ALCOHOL_HINT) and term is not sweetness for term in parsed.terms)
    return unsure(Restriction.ALCOHOL, Basis.SIGN, sweetness.shown) if told else None


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
    if restriction is Restriction.OTHER or is_named or is_described or is_alone(parsed, term):
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


def _by_sorts(parsed: ParsedName) -> Verdict | None:
    """Judge what leaves the noun out: «Чешское разливное», «Немецкое н/ф 1 л»."""
    sorts = [t for t in parsed.terms if t.has(Role.BEER_SORT) and not t.governor]
    if not sorts or parsed.first(*ORDINARY):
        return None
    sure = any(t.has(Role.SURE_BEER_SORT) for t in sorts)
    unknown = any(t.is_unknown_word for t in parsed.terms)
    sign = bool(parsed.litres or parsed.first(Role.BEER_SIGN))
    if (len(sorts) > 1 and (sure or sign)) or (sure and sign):
        return (unsure if unknown else forbidden)(Restriction.BEER, Basis.SIGN, sorts[0].shown)
    alone = sorts[0].text.endswith(("ое", "ее")) and is_alone(parsed, sorts[0])
    if (len(sorts) > 1 or sign or sure or alone) and (not unknown or parsed.beer_bottle):
        return unsure(Restriction.BEER, Basis.SIGN, sorts[0].shown)
    return None


def _by_town(parsed: ParsedName) -> Verdict | None:
    """Judge «Ямское 1,25», «Амурская 0,5»: nothing but where it is from, and a drink's volume."""
    words = [term for term in parsed.terms if term.text.isalpha() and len(term.text) > _LONGEST_UNIT]
    if len(words) != 1 or not parsed.litres or parsed.shares:
        return None
    if words[0].text.endswith(OF_A_TOWN):
        return unsure(Restriction.BEER, Basis.SIGN, words[0].shown)
    is_vodka = words[0].text.endswith(VODKA_OF_A_TOWN) and words[0].text not in _WATERS
    return unsure(Restriction.ALCOHOL, Basis.SIGN, words[0].shown) if is_vodka else None


def _by_adjective(parsed: ParsedName) -> Verdict | None:
    """Judge «Винный 0,7», «Энергетический 0,45 ж/б», where an adjective and a bottle say enough to ask."""
    term = next((t for t in parsed.terms if t.has(Role.ADJECTIVE) and not t.governor), None)
    if term is None:
        return None
    restriction = term.restriction(Role.ADJECTIVE)
    if parsed.litres or restriction is Restriction.TOBACCO:
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
    if cut := shortened_brand(parsed) or _cut_noun(parsed):
        return unsure(cut.restriction(Role.SHORTENED, Role.CUT_NOUN), Basis.BRAND, cut.shown)
    if parsed.litres and not parsed.first(Role.NO_ALCOHOL, *ORDINARY, governed=True):
        return _by_strength(parsed) or _by_bottle(parsed)
    return None


def shortened_brand(parsed: ParsedName) -> Term | None:
    """Return the beginning of a brand beside a hint: «Мальб Ред», «Лоперам. капс»."""
    return next(
        (
            term
            for index, term in enumerate(parsed.terms)
            if term.has(Role.SHORTENED) and not term.governor and _is_meant(parsed, term, index)
        ),
        None,
    )


def _cut_noun(parsed: ParsedName) -> Term | None:
    """Return the beginning of a forbidden noun that stands first with more behind it: «Виск Джонни»."""
    first = parsed.first_word
    if first is None or not first.has(Role.CUT_NOUN) or parsed.first(*ORDINARY):
        return None
    return first if len(parsed.terms) > 1 else None


def _is_meant(parsed: ParsedName, term: Term, index: int) -> bool:
    """Return True if a word is the beginning of a brand and no word of its own."""
    restriction = term.restriction(Role.SHORTENED)
    is_medicine = restriction is Restriction.MEDICINE
    has_dot = any(after.text == "." for after in parsed.terms[index + 1 : index + 2])
    if has_dot and is_medicine and any(other.is_number for other in parsed.terms):
        # "Аторваст. 20": the dose without its unit.
        return True
    is_long_enough = len(term.text) >= _LONG_BEGINNING_OF_MEDICINE and not parsed.first(*_SAYS_WHAT)
    if has_dot and (is_long_enough or is_alone(parsed, term)):
        # "Мирамист.", "Ацетилсалиц. к-та": so long is no other word; «Арбид.» names nothing.
        return True
    if has_dot and index == 0 and not is_medicine and not parsed.first(*ORDINARY):
        return True
    if is_medicine and len(term.text) >= _BARE_BEGINNING_OF_MEDICINE and is_alone(parsed, term):
        return True
    is_long = len(term.text) >= _LONG_BEGINNING and not is_medicine
    return (has_dot or is_long) and has_hint(parsed, restriction, but=term)


def _by_bottle(parsed: ParsedName) -> Verdict | None:
    """Judge «Капитан 0,7», «Самурай 0,45»: nothing but a name, on a bottle of spirits or in a can of beer."""
    words = [term for term in parsed.terms if term.text.isalpha() and len(term.text) > 1]
    is_bottled = parsed.spirits_bottle or parsed.beer_bottle or parsed.small_beer
    if not is_bottled or not words or any(term.is_noun or term.text in _SOFT_DRINKS for term in words):
        return None
    if find_family(" ".join(term.text for term in words)):
        return None
    restriction = Restriction.ALCOHOL if parsed.spirits_bottle else Restriction.BEER
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


def _by_morphology(parsed: ParsedName) -> Verdict:
    """Judge a bare name that looks like a medicine's."""
    words = [t for t in parsed.terms if t.text[:1].isalpha()]
    substance = parsed.first(Role.SUBSTANCE)
    if substance is None or len(words) > _MOST_WORDS or parsed.first(*NOUNS, governed=True):
        return ALLOWED
    return unsure(Restriction.MEDICINE, Basis.KIND, substance.shown)
