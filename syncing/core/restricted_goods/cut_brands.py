"""Finds brands and nouns of forbidden goods that a till has cut short: «Мальб Ред», «Лоперам. капс»."""

from syncing.core.restricted_goods.hints import has_hint, is_alone
from syncing.core.restricted_goods.meanings import NOUNS, ORDINARY, Role
from syncing.core.restricted_goods.terms import ParsedName, Term
from syncing.core.restricted_goods.verdicts import Restriction

# Shorter beginnings of brands are words of their own too often: «пара», «кара».
_LONG_BEGINNING = 5
# «Лоперам», «Дибаз»: nothing else is named so, where nothing else is said.
_BARE_BEGINNING_OF_MEDICINE = 5
# Milligrams that tills write without their unit.
_DOSES = frozenset(
    {"100", "125", "200", "250", "300", "400", "500", "600", "750", "800", "850", "875", "1000"}
)
# «Бисакод св.».
_MOST_WORDS = 3
_SAYS_WHAT = NOUNS - {Role.FLAVOUR}


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


def cut_noun(parsed: ParsedName) -> Term | None:
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
    if is_medicine and _is_dosed(parsed, term, has_dot=has_dot):
        return True
    is_long = len(term.text) >= _LONG_BEGINNING
    if has_dot and ((is_long and not parsed.first(*_SAYS_WHAT)) or is_alone(parsed, term)):
        # "Мирамист.", "Ацетилсалиц. к-та": so long is no other word; «Арбид.» names nothing.
        return True
    if has_dot and index == 0 and not is_medicine and not parsed.first(*ORDINARY):
        return True
    if is_medicine and len(term.text) >= _BARE_BEGINNING_OF_MEDICINE and is_alone(parsed, term):
        return True
    if is_medicine and len(term.text) > _LONG_BEGINNING and not parsed.first(*_SAYS_WHAT):
        return len([one for one in parsed.terms if one.text[:1].isalpha()]) <= _MOST_WORDS
    return (has_dot or is_long) and has_hint(parsed, restriction, but=term)


def _is_dosed(parsed: ParsedName, term: Term, *, has_dot: bool) -> bool:
    """Return True for a dose without its unit: «Аторваст. 20», «Метф 1000», «Глюк 40%»."""
    if has_dot:
        return any(other.is_number for other in parsed.terms)
    return is_alone(parsed, term) and bool(parsed.shares or any(t.text in _DOSES for t in parsed.terms))
