"""Classifies a name: what kind of thing it is, then the brand, then the signs of its packet.

The head noun decides first. An ordinary thing stays one whatever brands, tastes and uses the rest names
("Диван Честерфилд", "Вода Пять озёр"); goods that VK does not take stay forbidden whatever they taste of
("Пиво вишня"). Only where no noun says what it is do brands and signs decide, and where they are not
certain, the merchant does.
"""

from functools import lru_cache
from itertools import pairwise

from syncing.core.restricted_goods.forbidden_nouns import judge_forbidden
from syncing.core.restricted_goods.generic_nouns import classify_generic, remedy_against
from syncing.core.restricted_goods.head_noun import head_of
from syncing.core.restricted_goods.meanings import Role
from syncing.core.restricted_goods.name_parser import is_suspicious, parse_name, parse_tokens
from syncing.core.restricted_goods.names_without_noun import (
    STRENGTH_OF_SPIRITS,
    by_weak_goods,
    classify_without_noun,
)
from syncing.core.restricted_goods.ordinary_goods import judge_ordinary
from syncing.core.restricted_goods.soft_drinks import is_mixed_drink, mixed_with_alcohol, says_alcohol
from syncing.core.restricted_goods.spelling import MAX_LENGTH, other_readings, tokens
from syncing.core.restricted_goods.telling_words import told_together
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

# Counted on the packets of electronic cigarettes alone.
_COUNTED_PUFFS = frozenset(
    ["затяжек", "затяжки", "затяжка", "затяж", "тяг", "пыхов", "паффов", "пуффов", "puff", "puffs"]
)


_SOUR_BEER = frozenset({"гозе", "гезе", "gose", "geuze"})


def classify_name(name: str) -> Verdict:
    """Return the verdict on a name alone. The worst of the things that a plus sign joins counts."""
    return _classify_name(name[:MAX_LENGTH])


@lru_cache(maxsize=32768)
def _classify_name(name: str) -> Verdict:
    verdict = _classify_reading(name)
    if not verdict.is_allowed:
        return verdict
    for reading in other_readings(name):
        found = _classify_reading(reading)
        if (
            found.restriction is not None
            and found.basis is not None
            and not _says(name, reading, found.evidence)
        ):
            return unsure(found.restriction, found.basis, found.evidence)
    return ALLOWED


def _says(name: str, reading: str, evidence: str) -> bool:
    """Return True if a name itself has the evidence of another reading: it was judged with it already."""
    said = " ".join(token.shown for token in tokens(name))
    is_joined = len(reading) < len(name)
    return evidence in said if is_joined else f" {evidence} " in f" {said} "


def _classify_reading(name: str) -> Verdict:
    worst = ALLOWED
    words = tokens(name)
    if not is_suspicious(words):
        return worst
    for parsed in parse_tokens(words):
        verdict = _classify_part(parsed)
        if verdict.is_allowed and (said := says_alcohol(parsed)):
            verdict = unsure(Restriction.ALCOHOL, Basis.KIND, said.shown)
        if verdict.is_allowed and (told := told_together(parsed)):
            term, restriction = told
            verdict = unsure(restriction, Basis.KIND, term.shown)
        if verdict.kind is Kind.FORBIDDEN:
            return verdict
        if verdict.kind is Kind.UNSURE and worst.kind is Kind.ALLOWED:
            worst = verdict
    return worst


def _classify_part(parsed: ParsedName) -> Verdict:
    head = head_of(parsed)
    if puffs := _counted_puffs(parsed, head):
        return puffs
    if head is None:
        return classify_without_noun(parsed)
    weak = parsed.first(Role.WEAK_GOODS)
    is_bottled = weak is head and parsed.litres
    is_before = weak and (is_bottled or parsed.position(weak) < parsed.position(head))
    if weak and is_before and (verdict := _named_before(parsed, weak)):
        return verdict
    if head.has(Role.GENERIC) and (verdict := _generic_goods(parsed, head)):
        return verdict
    if head.has(Role.GOODS):
        return judge_forbidden(parsed, head)
    return judge_ordinary(parsed, head)


def _named_before(parsed: ParsedName, weak: Term) -> Verdict | None:
    """Judge «Гозе огурец-укроп», which is no vegetable, and «Чача Батоно 45%», which is no loaf."""
    verdict = by_weak_goods(parsed)
    if verdict and verdict.kind is Kind.FORBIDDEN:
        return verdict
    restriction = weak.restriction(Role.WEAK_GOODS)
    is_spirits = restriction is Restriction.ALCOHOL and parsed.has_share_of(*STRENGTH_OF_SPIRITS)
    is_drink = weak is parsed.first_word and (weak.text in _SOUR_BEER or is_spirits)
    return unsure(restriction, Basis.KIND, weak.shown) if is_drink else None


def _generic_goods(parsed: ParsedName, head: Term) -> Verdict | None:
    """Judge a noun that says too little; None for one that is an ordinary thing and no remedy."""
    if head.is_ordinary:
        return remedy_against(parsed, head)
    mixed = mixed_with_alcohol(parsed) if is_mixed_drink(head) else None
    return mixed or classify_generic(parsed, head)


def _counted_puffs(parsed: ParsedName, head: Term | None) -> Verdict | None:
    """Judge «Манго лед 6000 затяжек»: whatever it tastes of, only an electronic cigarette counts puffs."""
    if not parsed.puffs:
        return None
    for number, term in pairwise(parsed.terms):
        if number.is_number and term.text in _COUNTED_PUFFS:
            kind = unsure if head and head.has(Role.OBJECT, Role.THING, Role.FOOD) else forbidden
            return kind(Restriction.TOBACCO, Basis.SIGN, term.shown)
    return None


def has_brand_of(name: str, restriction: Restriction) -> bool:
    """Return True if a name has a word that may be a brand of such goods."""
    roles = (Role.BRAND, Role.WEAK_BRAND, Role.COMMON_BRAND, Role.WEAK_GOODS)
    terms = (term for parsed in parse_name(name) for term in parsed.terms)
    return any(restriction in term.meaning.roles.get(role, ()) for term in terms for role in roles)
