"""Tells whether a word that is also a brand is one here, by what stands beside it."""

from typing import Protocol

from syncing.core.restricted_goods.meanings import ORDINARY, Role
from syncing.core.restricted_goods.terms import ParsedName, Term
from syncing.core.restricted_goods.verdicts import Basis, Restriction, Verdict, forbidden, unsure
from syncing.core.restricted_goods.words_more_drinks import GRAPES
from syncing.core.restricted_goods.words_other import CARE_OF_WEAPONS

_GRAPES = frozenset(GRAPES.split())
_CARE_OF_WEAPONS = tuple(CARE_OF_WEAPONS.split())
# The brand and a word of its own.
_NAME_OF_CIGARETTES = 2
_NAMED_SHORTLY = frozenset({Restriction.TOBACCO, Restriction.AGE})
_DESCRIBES = (
    *(Role.HINT, Role.STRONG_HINT, Role.FORMAT, Role.VAPE_HINT, Role.BEER_SORT, Role.ALCOHOL_HINT),
    *(Role.NO_ALCOHOL, Role.SWEETNESS, Role.BRAND, Role.WEAK_BRAND, Role.COMMON_BRAND),
)
# Milk has less, wine more.
STRENGTH_OF_BEER = (3.9, 9.5)
UNITS = frozenset({"л", "мл", "шт", "l", "ml", "литр"})


class _Ask(Protocol):
    def __call__(self, parsed: ParsedName, others: list[Term], *, strong: bool) -> bool: ...


def for_weapon(parsed: ParsedName) -> Term | None:
    """Return the weapon that a thing is for; None where it is only carried or cleaned with it."""
    weapon = parsed.behind_for(Role.WEAPON)
    is_care = weapon and any(t.text.startswith(_CARE_OF_WEAPONS) for t in parsed.terms)
    return None if is_care else weapon


def weak_brand(parsed: ParsedName) -> Verdict | None:
    """Judge a brand that is also another word by the hints beside it."""
    for term in parsed.terms:
        if term.governor or term.aside or not term.has(Role.WEAK_BRAND, Role.COMMON_BRAND):
            continue
        weak = _restrictions(term, litres=parsed.litres)
        unknown = parsed.has_unknown_before(parsed.position(term))
        hinted = next(
            (r for r in weak if has_hint(parsed, r, strong=term.has(Role.COMMON_BRAND), but=term)), None
        )
        if hinted:
            return (unsure if unknown else forbidden)(hinted, Basis.BRAND, term.shown)
        likely = next((r for r in weak if has_hint(parsed, r, but=term)), None)
        if likely is None and parsed.price_tail and Restriction.TOBACCO in weak:
            likely = Restriction.TOBACCO
        if likely and not unknown:
            return unsure(likely, Basis.BRAND, term.shown)
        # Nothing that is smoked comes by the litre: «Легенда 0,5 л».
        is_soft = weak[0] is not Restriction.BEER and parsed.first(Role.NO_ALCOHOL, governed=True)
        if parsed.first_word is term and not is_soft and is_only_described(parsed, term):
            return unsure(weak[0], Basis.BRAND, term.shown)
        if unknown and _is_grape_behind(parsed, term):
            return unsure(Restriction.ALCOHOL, Basis.BRAND, term.shown)
        is_bare = is_alone(parsed, term) and not (parsed.litres and set(weak) == {Restriction.TOBACCO})
        if is_bare or (term.has(Role.WEAK_BRAND) and not unknown and _is_first(parsed, term)):
            return unsure(weak[0], Basis.BRAND, term.shown)
    return None


def _is_grape_behind(parsed: ParsedName, brand: Term) -> bool:
    """Return True for «Гелати Шираз»: a house of which nobody knows, and what it makes wine of."""
    return brand.text in _GRAPES and not parsed.first(*ORDINARY, Role.GENERIC)


def is_only_described(parsed: ParsedName, brand: Term) -> bool:
    """Return True for «Корвус лёд», «Драйв ориг.»: colours, sorts and brands alone stand behind a brand."""
    others = [t for t in parsed.terms if t is not brand and t.text[:1].isalpha() and t.text not in UNITS]
    return bool(others) and all(t.has(*_DESCRIBES) and not t.governor for t in others)


def _restrictions(brand: Term, *, litres: bool) -> tuple[Restriction, ...]:
    """Return what a weak brand may be of; nothing that is smoked comes by the litre."""
    roles = brand.meaning.roles
    weak = (*roles.get(Role.WEAK_BRAND, ()), *roles.get(Role.COMMON_BRAND, ()))
    drinks = tuple(one for one in weak if one is not Restriction.TOBACCO)
    return drinks if litres and drinks else weak


def _is_first(parsed: ParsedName, brand: Term) -> bool:
    words = [t for t in parsed.terms if t.text[:1].isalpha() and len(t.text) > 1]
    if not words or words[0] is not brand:
        return False
    # Spirits, wines and cigarettes have names of their own behind the house's: «Барбера д'Альба»,
    # «Кент Фьюче».
    of = brand.meaning.roles.get(Role.WEAK_BRAND, ())
    is_short = len(words) <= _NAME_OF_CIGARETTES
    is_named = Restriction.ALCOHOL in of or (is_short and not _NAMED_SHORTLY.isdisjoint(of))
    may_be_other = (not is_named or parsed.first(*ORDINARY)) and any(t.is_unknown_word for t in words)
    return not may_be_other


def is_alone(parsed: ParsedName, brand: Term) -> bool:
    """Return True if a brand is the whole name but for numbers, their units and marks."""
    return all(t is brand or not t.text[:1].isalpha() or t.text in UNITS for t in parsed.terms)


def has_hint(
    parsed: ParsedName, restriction: Restriction, *, strong: bool = False, but: Term | None = None
) -> bool:
    """Return True if the rest of the name says that a brand means these goods.

    `strong` asks for what is hardly said of other goods; `but` is the brand itself.
    """
    others = [term for term in parsed.terms if term is not but]
    ask = _HINTS.get(restriction)
    return ask(parsed, others, strong=strong) if ask else False


def _count(terms: list[Term], *roles: Role) -> int:
    return sum(term.has(*roles) for term in terms)


def _has_adjective(terms: list[Term], restriction: Restriction) -> bool:
    return any(restriction in term.meaning.roles.get(Role.ADJECTIVE, ()) for term in terms)


def _tobacco(parsed: ParsedName, others: list[Term], *, strong: bool) -> bool:
    if _count(others, Role.STRONG_HINT, Role.VAPE_HINT) or parsed.dose or parsed.puffs:
        return True
    if _has_adjective(others, Restriction.TOBACCO):
        return True
    hints = _count(others, Role.HINT)
    if strong:
        return hints > 1 or bool(hints and parsed.price_tail)
    is_brand_and_number = len(others) == 1 and others[0].text.isdigit()
    return bool(hints) or is_brand_and_number or parsed.pouch


def _beer(parsed: ParsedName, others: list[Term], *, strong: bool) -> bool:
    signs = _count(others, Role.BEER_SIGN, Role.BEER_SORT)
    if strong:
        return bool(signs and (parsed.litres or signs > 1))
    return bool(signs or parsed.litres or parsed.has_share_of(*STRENGTH_OF_BEER))


def _alcohol(parsed: ParsedName, others: list[Term], *, strong: bool) -> bool:
    hints = _count(others, Role.ALCOHOL_HINT, Role.SWEETNESS, Role.WINE_SIGN)
    if strong:
        return bool(hints and (parsed.litres or hints > 1))
    # "Бордо Шато Мутон", "Сира Кубань": a house and a place tell more together.
    houses = any(Restriction.ALCOHOL in term.meaning.roles.get(Role.WEAK_BRAND, ()) for term in others)
    return bool(hints or parsed.litres or houses)


def _energy(parsed: ParsedName, others: list[Term], *, strong: bool) -> bool:
    if _has_adjective(others, Restriction.AGE):
        return True
    return bool(parsed.litres and (_count(others, Role.BEER_SIGN) or not strong))


def _medicine(parsed: ParsedName, others: list[Term], *, strong: bool) -> bool:
    if _count(others, Role.FORM) or parsed.dose or parsed.pack_count or parsed.shares:
        return True
    return bool(not strong and (_count(others, Role.WEAK_FORM) or parsed.small_bottle))


_HINTS: dict[Restriction, _Ask] = {
    Restriction.TOBACCO: _tobacco,
    Restriction.BEER: _beer,
    Restriction.ALCOHOL: _alcohol,
    Restriction.AGE: _energy,
    Restriction.MEDICINE: _medicine,
}
