"""Words that mean something else together: «детское шампанское», «туалетная вода»."""

from syncing.core.restricted_goods.meanings import Meaning, Role
from syncing.core.restricted_goods.terms import Term

# "Детское шампанское", "имбирное пиво", "сухой лед": what two words mean together, by their beginnings.
_HARMLESS = (
    ("детск", "шампанск"),
    ("дет", "шампанск"),
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
    ("вин", "лист"),
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
_FIRST_OF_HARMLESS = tuple({first for first, _ in _HARMLESS})
# "Туалетная вода" is no drink: what two words make of the second.
_TOGETHER = {("туал", "вод"), ("парфюмерн", "вод"), ("мицеллярн", "вод"), ("термальн", "вод")}


def with_set_phrases(terms: list[Term]) -> list[Term]:
    """Give the noun of a set phrase its meaning there."""
    return [
        term._replace(meaning=Meaning({Role.OBJECT: ()}))
        if term.has(Role.DRINK)
        and any(
            term.text.startswith(noun) and one.text.startswith(first)
            for first, noun in _TOGETHER
            for one in terms
        )
        else term
        for term in terms
    ]


def without_harmless(terms: list[Term]) -> list[Term]:
    """Take the meaning from words that are harmless together."""
    if not any(term.text.startswith(_FIRST_OF_HARMLESS) for term in terms):
        return terms
    listed = list(terms)
    for first, second in _HARMLESS:
        one = [i for i, term in enumerate(listed) if term.text.startswith(first)]
        if not one:
            continue
        two = [i for i, term in enumerate(listed) if second in term.text]
        if two and one != two:
            for i in {*one, *two}:
                if listed[i].has(Role.GOODS, Role.WEAK_GOODS, Role.ADJECTIVE):
                    listed[i] = listed[i]._replace(meaning=Meaning({Role.FLAVOUR: ()}))
    return listed
