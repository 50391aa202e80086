"""Judges things by what they belong to: to smoking, a weapon, a syringe; and remedies in a thing's shape."""

from syncing.core.restricted_goods.generic_nouns import for_food
from syncing.core.restricted_goods.hints import for_weapon
from syncing.core.restricted_goods.meanings import Role
from syncing.core.restricted_goods.terms import ParsedName, Term
from syncing.core.restricted_goods.verdicts import Basis, Restriction, Verdict, forbidden, unsure

_ROLLED, _HOOKAH = "самокруток", "кальян"
_SMOKERS_THINGS = (
    "бумаг",
    "бумаж",
    "фильтр",
    "гильз",
    "машинк",
    "щипц",
    "трубк",
    "заправк",
    "зарядк",
    "зарядн",
    "шаиб",
    "катушк",
)
# What belongs to a hookah, to rolling or to vaping says so; no other thing is called by these.
_OF_SMOKING = ("кальянн", "самокруточн", "вейперск")
# Sweets, plates and plasters with nicotine are nothing else, whatever they are called.
_WITH_NICOTINE = ("никотин", "никот")
# What is also said of a thing that a remedy comes as: «Зелёнка карандаш», «Леденцы Стрепсилс».
_SHAPED_LIKE_REMEDIES = (
    *("карандаш", "маркер", "салфет", "пластыр", "паст", "лак"),
    *("леденец", "леденц", "карамел", "резинк", "жев"),
)


def accessory(parsed: ParsedName, head: Term) -> Verdict | None:
    """Judge what belongs to a device for smoking, a weapon or a syringe, or return None."""
    if device := parsed.first(Role.DEVICE, governed=True):
        kind = forbidden if head.has(Role.THING) else unsure
        return kind(Restriction.TOBACCO, Basis.BRAND, device.shown)
    if head.has(Role.THING) and (vape := _vape(parsed)):
        return unsure(Restriction.TOBACCO, Basis.KIND, vape.shown)
    if smoking := _for_smoking(parsed, head):
        return smoking
    if weapon := for_weapon(parsed):
        return forbidden(Restriction.OTHER, Basis.KIND, weapon.shown)
    injected = None if head.has(Role.OBJECT) else parsed.first(Role.INJECTED, governed=True)
    if injected:
        kind = forbidden if head.has(Role.DRINK) else unsure
        return kind(Restriction.MEDICINE, Basis.SIGN, injected.shown)
    return None


def _vape(parsed: ParsedName) -> Term | None:
    """Return the word that says of a battery or a glass that it belongs to a vape or a hookah."""
    terms = (term for term in parsed.terms if not (term.governor or term.quoted))
    of_smoking = (t for t in terms if t.has(Role.VAPE_HINT) or t.text.startswith(_HOOKAH))
    return next((term for term in of_smoking if term.has(Role.GOODS)), None)


def _for_smoking(parsed: ParsedName, head: Term) -> Verdict | None:
    """Judge what is smoked or rolled with: paper, filters, tongs; a lighter and an ashtray are none."""
    if head.text.startswith(_SMOKERS_THINGS) and (own := _of_tobacco(parsed)):
        return unsure(Restriction.TOBACCO, Basis.KIND, own.shown)
    if nicotine := _said_of_smoking(parsed, _WITH_NICOTINE):
        return nicotine
    smoked = parsed.behind_for(Role.SMOKING)
    if smoked is None and not head.has(Role.OBJECT, Role.FOOD):
        return _said_of_smoking(parsed, _OF_SMOKING)
    if smoked is None:
        return None
    if smoked.text.startswith(_ROLLED):
        # Nothing but cigarettes is rolled with paper, filters and machines for it.
        return forbidden(Restriction.TOBACCO, Basis.KIND, smoked.shown)
    is_hookahs = smoked.text.startswith(_HOOKAH) and not head.text.startswith("зажиг")
    is_machine = head.text.startswith(_SMOKERS_THINGS) and not for_food(parsed)
    is_told = not head.has(Role.OBJECT) or is_hookahs or is_machine
    return unsure(Restriction.TOBACCO, Basis.KIND, smoked.shown) if is_told else None


def _said_of_smoking(parsed: ParsedName, words: tuple[str, ...]) -> Verdict | None:
    own = next((t for t in parsed.terms if t.text.startswith(words) and not (t.governor or t.quoted)), None)
    return unsure(Restriction.TOBACCO, Basis.KIND, own.shown) if own else None


def _of_tobacco(parsed: ParsedName) -> Term | None:
    """Return what says that a thing is for smoking: «Бумага сигаретная», «Фильтры OCB»."""
    roles = (Role.ADJECTIVE, Role.BRAND, Role.GOODS, Role.WEAK_GOODS)
    terms = (term for term in parsed.terms if not (term.governor or term.aside))
    return next(
        (t for t in terms if any(Restriction.TOBACCO in t.meaning.roles.get(r, ()) for r in roles)), None
    )


def remedy_in_shape(parsed: ParsedName, head: Term) -> Verdict | None:
    """Judge the medicine that comes as a pencil, a plaster or a lozenge, or return None."""
    if head.text == "саше" and parsed.pack_count:
        # «Флу-Нет саше №10»: no scent is counted.
        return unsure(Restriction.MEDICINE, Basis.SIGN, head.shown)
    if not head.text.startswith(_SHAPED_LIKE_REMEDIES):
        return None
    brands = (term for term in parsed.terms if not (term.governor or term.aside))
    remedy = next((t for t in brands if Restriction.MEDICINE in t.meaning.roles.get(Role.BRAND, ())), None)
    return unsure(Restriction.MEDICINE, Basis.BRAND, remedy.shown) if remedy else None
