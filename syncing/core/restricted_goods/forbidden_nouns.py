"""Judges goods that VK does not take, named by their noun: certain, or not quite."""

from syncing.core.restricted_goods.generic_nouns import for_food
from syncing.core.restricted_goods.hints import has_hint
from syncing.core.restricted_goods.meanings import Role
from syncing.core.restricted_goods.terms import ParsedName, Term
from syncing.core.restricted_goods.verdicts import ALLOWED, Basis, Restriction, Verdict, forbidden, unsure

# «Сигара вафельная» is baked: nothing that is smoked is made of dough or curds.
_SHAPED_LIKE_CIGARS = ("сигар", "трубочка-сигар")
_BAKED = (
    *("вафел", "вафл", "слоен", "песочн", "сдоб", "бисквит"),
    *("творо", "сгущ", "варен", "тест", "пирожн", "безе"),
)
# What is shaped or called like forbidden goods: «Сигареты шок. жвачка», «Перцовка приправа».
_EATEN = (
    *("жвачк", "жеват", "резинк", "печень", "вафл", "конфет", "драж", "леден", "приправ", "специ", "халв"),
    *("сушк", "сушек", "сухар", "гренк", "чипс", "снек", "колбас", "сосис", "дрожж", "кляр", "тест"),
)
_TOYS = ("игруш", "кукольн")
# «Сигара надувная», «Кальян игрушечный»: nobody smokes them, though VK may not like the look.
_MADE_TO_LOOK_LIKE = ("игруш", "надувн", "муляж", "бутафор", "карнавал")


def judge_forbidden(parsed: ParsedName, head: Term) -> Verdict:
    """Return the verdict on goods whose noun VK forbids; it is certain where nothing speaks against it."""
    restriction = head.restriction(Role.GOODS)
    if _is_only_called_so(parsed, head, restriction):
        return ALLOWED
    position = parsed.position(head)
    after = parsed.terms[position + 1 :]
    no_alcohol = parsed.first(Role.NO_ALCOHOL, governed=True)
    if restriction is Restriction.ALCOHOL and no_alcohol:
        return unsure(restriction, Basis.KIND, head.shown)
    is_sweet = not parsed.litres and any(t.text.startswith(_EATEN) and not t.governor for t in after)
    if any(term.text.startswith(_MADE_TO_LOOK_LIKE) for term in parsed.terms):
        return unsure(restriction, Basis.KIND, head.shown)
    doubtful = (Role.OBJECT, Role.DRINK) if restriction is Restriction.ALCOHOL else (Role.OBJECT,)
    if is_sweet or any(
        term.has(*doubtful) and not (term.governor or term.quoted or term.aside) for term in after
    ):
        return unsure(restriction, Basis.KIND, head.shown)
    is_certain = not parsed.has_unknown_before(position) or (
        head.meaning.is_nominative and (parsed.litres or has_hint(parsed, restriction))
    )
    if head.quoted and parsed.has_unknown_before(len(parsed.terms)):
        is_certain = False
    return (forbidden if is_certain else unsure)(restriction, Basis.KIND, head.shown)


def _is_only_called_so(parsed: ParsedName, head: Term, restriction: Restriction) -> bool:
    """Return True for a tool of the kitchen, a pastry and a toy that are called like forbidden goods."""
    if restriction is Restriction.OTHER and for_food(parsed):
        return True
    if head.text.startswith(_SHAPED_LIKE_CIGARS) and any(t.text.startswith(_BAKED) for t in parsed.terms):
        return True
    return restriction is Restriction.MEDICINE and any(t.text.startswith(_TOYS) for t in parsed.terms)
