"""Finds the noun that says what a product is."""

from syncing.core.restricted_goods.meanings import ORDINARY, Role
from syncing.core.restricted_goods.name_parser import parse_name
from syncing.core.restricted_goods.terms import ParsedName, Term
from syncing.core.restricted_goods.verdicts import Restriction

# «Ламбр. роз»: a house may be shortened.
_HOUSES = (Role.BRAND, Role.SHORTENED)


def head_of(parsed: ParsedName) -> Term | None:
    """Return the noun that says what the product is: the first that nothing governs, unquoted if any."""
    nouns = [
        term
        for term in parsed.terms
        if term.meaning.is_noun
        and not term.governor
        and not (term.has(Role.PACKAGING) and term is not parsed.first_word)
        and not _is_colour_of_wine(parsed, term)
    ]
    if len(nouns) <= 1:
        return nouns[0] if nouns else None
    outside = [term for term in nouns if not term.aside and not term.quoted]
    named = [term for term in nouns if not term.aside]
    return next(iter(outside or named or nouns), None)


def _is_colour_of_wine(parsed: ParsedName, term: Term) -> bool:
    """Return True for «роз» behind «брют» or a house of wines, where it is no flower."""
    if not term.has(Role.ALCOHOL_HINT):
        return False
    before = parsed.terms[: parsed.position(term)]
    return any(
        one.has(Role.SWEETNESS, Role.WINE_SIGN)
        or any(Restriction.ALCOHOL in one.meaning.roles.get(role, ()) for role in _HOUSES)
        for one in before
    )


def ordinary_head(name: str) -> frozenset[Role]:
    """Return the roles of the ordinary thing that a name says it is; none where it does not say.

    A vessel behind other words may be what the goods are in: «Особая бутылка 0,5».
    """
    roles: set[Role] = set()
    for parsed in parse_name(name):
        head = head_of(parsed)
        if head and head.has(Role.GENERIC):
            head = parsed.first(*ORDINARY)
        if head is None or not head.is_ordinary:
            return frozenset()
        before = parsed.terms[: parsed.position(head)]
        if head.has(Role.VESSEL) and any(term.text.isalpha() for term in before):
            return frozenset()
        roles |= head.meaning.roles.keys() & ORDINARY
    return frozenset(roles)
