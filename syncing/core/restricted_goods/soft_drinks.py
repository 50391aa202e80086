"""Judges drinks and sweets: whether there is alcohol in them, or a shortened brand behind them."""

from syncing.core.restricted_goods.cut_brands import shortened_brand
from syncing.core.restricted_goods.generic_nouns import branded_against
from syncing.core.restricted_goods.hints import weak_brand
from syncing.core.restricted_goods.meanings import Role
from syncing.core.restricted_goods.terms import ParsedName, Term
from syncing.core.restricted_goods.verdicts import Basis, Restriction, Verdict, forbidden, unsure
from syncing.core.restricted_goods.words_drinks import WITH_ALCOHOL

ALCOHOL = frozenset({Restriction.ALCOHOL, Restriction.BEER})
# What comes in tastes, and is called by its brand alone: «Гараж лайм».
_CANNED = frozenset({Restriction.BEER, Restriction.AGE})
# Milligrams of nicotine.
_STRENGTHS_OF_POUCHES = frozenset({"50", "60", "70", "75", "80", "120", "150"})
_MIXED_DRINKS = ("напит", "коктеил")
_WITH_ALCOHOL = ("алкогольн", "слабоалкогольн")
# «Вод. Зелёная марка»: water is not shortened so beside a brand of vodka.
_SHORTENED_VODKA = "вод"


def ordinary_drink(parsed: ParsedName, head: Term, position: int) -> Verdict | None:
    """Judge a soft drink or a sweet by what stands beside it, or return None."""
    if head.text == _SHORTENED_VODKA and (spirits := _spirits_behind(parsed, position)):
        return (forbidden if parsed.litres else unsure)(Restriction.ALCOHOL, Basis.BRAND, spirits.shown)
    if head.has(Role.HINT, Role.FLAVOUR) and (shortened := shortened_brand(parsed)):
        # "Парл. Аква" is no water, «Антигрип. апельсин» no fruit.
        return unsure(shortened.restriction(Role.SHORTENED), Basis.BRAND, shortened.shown)
    is_sweet = bool(parsed.first(Role.SWEET, governed=True))
    is_steeped = head.has(Role.FLAVOUR) and not is_sweet and _is_steeped(parsed)
    is_drink = head.has(Role.DRINK) or is_steeped or (parsed.litres and _is_steeped(parsed))
    if is_drink and (mixed := mixed_with_alcohol(parsed)):
        return mixed
    if (
        parsed.litres
        and parsed.first(Role.BEER_SIGN, governed=True)
        and (mixed := mixed_with_alcohol(parsed))
    ):
        # Coffee and tea in a can or a bottle are drinks, in a jar they only taste of it.
        return unsure(Restriction.ALCOHOL, Basis.KIND, mixed.evidence)
    if head.has(Role.SWEET) and (remedy := branded_against(parsed)):
        return unsure(Restriction.MEDICINE, Basis.BRAND, remedy.shown)
    is_behind_word = any(term.text[:1].isalpha() for term in parsed.terms[:position])
    return _flavoured(parsed, head) or (weak_brand(parsed) if is_behind_word else None)


def _flavoured(parsed: ParsedName, head: Term) -> Verdict | None:
    """Judge «Онегин вишня», «Журавли клюква 0,5»: the brand stands before the taste."""
    first = parsed.first_word
    if head.has(Role.FLAVOUR) and parsed.litres:
        steeped = next((term for term in parsed.terms if term.text == "наст"), None)
        if steeped:
            # «Лесная мята 0,5 наст».
            return unsure(Restriction.ALCOHOL, Basis.SIGN, steeped.shown)
    if first is None or not head.has(Role.FLAVOUR) or first.is_noun or first.governor:
        return None
    is_drink = not _CANNED.isdisjoint(first.meaning.roles.get(Role.COMMON_BRAND, ()))
    is_pouch = Restriction.TOBACCO in first.meaning.roles.get(Role.COMMON_BRAND, ()) and _has_strength(parsed)
    is_common = first.has(Role.COMMON_BRAND) and (parsed.litres or is_pouch)
    if first.has(Role.WEAK_BRAND) or is_drink or is_common:
        return unsure(first.restriction(Role.WEAK_BRAND, Role.COMMON_BRAND), Basis.BRAND, first.shown)
    return None


def _has_strength(parsed: ParsedName) -> bool:
    """Return True for «Корвус 70 мята», «Вака 6000 киви»: the strength of a pouch, or puffs."""
    return parsed.puffs or any(term.text in _STRENGTHS_OF_POUCHES for term in parsed.terms)


def _is_steeped(parsed: ParsedName) -> bool:
    """Return True for berries that stand in spirits: «Брусника на коньяке 0,25»."""
    return any(term.governor == "на" and term.has(Role.GOODS) for term in parsed.terms)


def mixed_with_alcohol(parsed: ParsedName) -> Verdict | None:
    """Judge what has alcohol mixed into it: «Напиток с ромом»; None where nothing says so."""
    make = unsure if parsed.first(Role.NO_ALCOHOL, governed=True) else forbidden
    for term in parsed.terms:
        if term.governor in {"с", "со"} and term.has(Role.MIXED_IN):
            return make(Restriction.ALCOHOL, Basis.KIND, term.shown)
        if (
            term.governor in {"с", "со", "на"}
            and term.has(Role.GOODS, Role.BRAND)
            and not term.has(Role.DEVICE)
        ):
            restriction = term.restriction(Role.GOODS, Role.BRAND)
            if restriction in ALCOHOL:
                return make(restriction, Basis.KIND, term.shown)
    return None


def _spirits_behind(parsed: ParsedName, position: int) -> Term | None:
    """Return the brand of spirits behind a shortened noun."""
    roles = (Role.BRAND, Role.WEAK_BRAND, Role.COMMON_BRAND)
    return next(
        (
            term
            for term in parsed.terms[position + 1 :]
            if not term.governor
            and any(Restriction.ALCOHOL in term.meaning.roles.get(role, ()) for role in roles)
        ),
        None,
    )


def says_alcohol(parsed: ParsedName) -> Term | None:
    """Return the word that says of food or drink that it has alcohol in it; a T-shirt says it of nothing."""
    said = [t for t in parsed.terms if t.text in WITH_ALCOHOL or t.text.startswith(_WITH_ALCOHOL)]
    if not said or parsed.first(Role.OBJECT, Role.THING):
        return None
    if parsed.first(Role.NO_ALCOHOL, governed=True):
        said = [term for term in said if term.text.startswith(_WITH_ALCOHOL)]
    return next((term for term in said if not (term.governor or term.aside)), None)


def is_mixed_drink(term: Term) -> bool:
    """Return True for a noun of drinks that may be mixed with alcohol, where it says what the product is."""
    return term.text.startswith(_MIXED_DRINKS) and not term.governor
