"""Classifies a name: what kind of thing it is, then the brand, then the signs of its packet.

The head noun decides first. An ordinary thing stays one whatever brands, tastes and uses the rest names
("Диван Честерфилд", "Вода Пять озёр"); goods that VK does not take stay forbidden whatever they taste of
("Пиво вишня"). Only where no noun says what it is do brands and signs decide, and where they are not
certain, the merchant does.
"""

from functools import lru_cache
from itertools import pairwise

from syncing.core.restricted_goods.generic_nouns import (
    branded_against,
    classify_generic,
    for_food,
    remedy_against,
)
from syncing.core.restricted_goods.hints import has_hint, weak_brand
from syncing.core.restricted_goods.meanings import ORDINARY, Role
from syncing.core.restricted_goods.name_parser import is_suspicious, parse_name
from syncing.core.restricted_goods.names_without_noun import (
    by_weak_goods,
    classify_without_noun,
    shortened_brand,
)
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
from syncing.core.restricted_goods.words_drinks import WITH_ALCOHOL

# Counted on the packets of electronic cigarettes alone.
_COUNTED_PUFFS = frozenset(
    ["затяжек", "затяжки", "затяжка", "затяж", "тяг", "пыхов", "паффов", "пуффов", "puff", "puffs"]
)
_ALCOHOL = frozenset({Restriction.ALCOHOL, Restriction.BEER})
_ROLLED, _HOOKAH = "самокруток", "кальян"
_SMOKERS_THINGS = ("бумаг", "бумаж", "фильтр", "гильз", "машинк", "щипц", "трубк", "заправк")
# What belongs to a hookah, to rolling or to vaping says so; no other thing is called by these.
_OF_SMOKING = ("кальянн", "самокруточн", "вейперск")
# Sweets, plates and plasters with nicotine are nothing else, whatever they are called.
_WITH_NICOTINE = ("никотин", "никот")
# What is also said of a thing that a remedy comes as: «Зелёнка карандаш», «Леденцы Стрепсилс».
_SHAPED_LIKE_REMEDIES = (
    *("карандаш", "маркер", "салфет", "пластыр", "паст"),
    *("леденец", "леденц", "карамел", "резинк", "жев"),
)
_WITH_ALCOHOL = ("алкогольн", "слабоалкогольн")
# «Сигара вафельная» is baked: nothing that is smoked is made of dough or curds.
_SHAPED_LIKE_CIGARS = ("сигар", "трубочка-сигар")
_BAKED = (
    *("вафел", "вафл", "слоен", "песочн", "сдоб", "бисквит"),
    *("творо", "сгущ", "варен", "тест", "пирожн", "безе"),
)
# No tobacco tastes of these.
_BAKED_OR_SWEET = ("торт", "пирожн", "печень", "кекс", "вафл", "пряник", "рулет", "батончик", "мармелад")
# What beer tastes of: «Афанасий солод» is beer still.
_BREWED = ("солод", "хмел", "томат", "огур", "перец", "перц", "сол", "хрен", "имбир")
# «Вод. Зелёная марка»: water is not shortened so beside a brand of vodka.
_SHORTENED_VODKA = "вод"
_MIXED_DRINKS = ("напит", "коктеил")


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
    if not is_suspicious(name):
        return worst
    for parsed in parse_name(name):
        verdict = _classify_part(parsed)
        if verdict.is_allowed and (said := _says_alcohol(parsed)):
            verdict = unsure(Restriction.ALCOHOL, Basis.KIND, said.shown)
        if verdict.is_allowed and (told := told_together(parsed)):
            verdict = unsure(Restriction.OTHER, Basis.KIND, told.shown)
        if verdict.kind is Kind.FORBIDDEN:
            return verdict
        if verdict.kind is Kind.UNSURE and worst.kind is Kind.ALLOWED:
            worst = verdict
    return worst


def _says_alcohol(parsed: ParsedName) -> Term | None:
    """Return the word that says of food or drink that it has alcohol in it; a T-shirt says it of nothing."""
    if parsed.first(Role.OBJECT, Role.THING):
        return None
    terms = (term for term in parsed.terms if not (term.governor or term.aside))
    short = frozenset() if parsed.first(Role.NO_ALCOHOL, governed=True) else WITH_ALCOHOL
    said = (term for term in terms if term.text.startswith(_WITH_ALCOHOL) or term.text in short)
    return next(said, None)


def ordinary_head(name: str) -> frozenset[Role]:
    """Return the roles of the ordinary thing that a name says it is; none where it does not say.

    A vessel behind other words may be what the goods are in: «Особая бутылка 0,5».
    """
    roles: set[Role] = set()
    for parsed in parse_name(name):
        head = _head(parsed)
        if head and head.has(Role.GENERIC):
            head = parsed.first(*ORDINARY)
        if head is None or not head.is_ordinary:
            return frozenset()
        before = parsed.terms[: parsed.position(head)]
        if head.has(Role.VESSEL) and any(term.text.isalpha() for term in before):
            return frozenset()
        roles |= head.meaning.roles.keys() & ORDINARY
    return frozenset(roles)


def has_brand_of(name: str, restriction: Restriction) -> bool:
    """Return True if a name has a word that may be a brand of such goods."""
    roles = (Role.BRAND, Role.WEAK_BRAND, Role.COMMON_BRAND, Role.WEAK_GOODS)
    terms = (term for parsed in parse_name(name) for term in parsed.terms)
    return any(restriction in term.meaning.roles.get(role, ()) for term in terms for role in roles)


def _classify_part(parsed: ParsedName) -> Verdict:
    head = _head(parsed)
    if puffs := _counted_puffs(parsed, head):
        return puffs
    if head is None:
        return classify_without_noun(parsed)
    weak = parsed.first(Role.WEAK_GOODS)
    is_bottled = weak is head and parsed.litres
    if weak and (is_bottled or parsed.position(weak) < parsed.position(head)):
        verdict = by_weak_goods(parsed)
        if verdict and verdict.kind is Kind.FORBIDDEN:
            return verdict
    if head.has(Role.GENERIC) and (verdict := _generic_goods(parsed, head)):
        return verdict
    if head.has(Role.GOODS):
        return _forbidden_goods(parsed, head)
    return _ordinary_goods(parsed, head)


def _generic_goods(parsed: ParsedName, head: Term) -> Verdict | None:
    """Judge a noun that says too little; None for one that is an ordinary thing and no remedy."""
    if head.is_ordinary:
        return remedy_against(parsed, head)
    mixed = _mixed_with_alcohol(parsed) if head.text.startswith(_MIXED_DRINKS) else None
    return mixed or classify_generic(parsed, head)


def _counted_puffs(parsed: ParsedName, head: Term | None) -> Verdict | None:
    """Judge «Манго лед 6000 затяжек»: whatever it tastes of, only an electronic cigarette counts puffs."""
    for number, term in pairwise(parsed.terms):
        if parsed.puffs and number.is_number and term.text in _COUNTED_PUFFS:
            kind = unsure if head and head.has(Role.OBJECT, Role.THING, Role.FOOD) else forbidden
            return kind(Restriction.TOBACCO, Basis.SIGN, term.shown)
    return None


def _head(parsed: ParsedName) -> Term | None:
    """Return the noun that says what the product is: the first that nothing governs, unquoted if any."""
    words = [term for term in parsed.terms if term.text[:1].isalpha()]
    nouns = [
        term
        for term in parsed.terms
        if term.is_noun
        and not term.governor
        and not (term.has(Role.PACKAGING) and term is not words[0])
        and not _is_colour_of_wine(parsed, term)
    ]
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
        or Restriction.ALCOHOL in one.meaning.roles.get(Role.BRAND, ())
        for one in before
    )


# Forbidden goods named by their noun


def _forbidden_goods(parsed: ParsedName, head: Term) -> Verdict:
    restriction = head.restriction(Role.GOODS)
    if restriction is Restriction.OTHER and for_food(parsed):
        return ALLOWED
    if head.text.startswith(_SHAPED_LIKE_CIGARS) and any(t.text.startswith(_BAKED) for t in parsed.terms):
        return ALLOWED
    position = parsed.position(head)
    after = parsed.terms[position + 1 :]
    no_alcohol = parsed.first(Role.NO_ALCOHOL, governed=True)
    if restriction is Restriction.ALCOHOL and no_alcohol:
        return unsure(restriction, Basis.KIND, head.shown)
    doubtful = (Role.OBJECT, Role.DRINK) if restriction is Restriction.ALCOHOL else (Role.OBJECT,)
    if any(term.has(*doubtful) and not (term.governor or term.quoted or term.aside) for term in after):
        return unsure(restriction, Basis.KIND, head.shown)
    is_certain = not parsed.has_unknown_before(position) or (
        head.meaning.is_nominative and (parsed.litres or has_hint(parsed, restriction))
    )
    if head.quoted and parsed.has_unknown_before(len(parsed.terms)):
        is_certain = False
    return (forbidden if is_certain else unsure)(restriction, Basis.KIND, head.shown)


# Ordinary things


def _ordinary_goods(parsed: ParsedName, head: Term) -> Verdict:
    if other := _accessory(parsed, head) or _remedy_in_shape(parsed, head):
        return other
    if head.has(Role.OBJECT, Role.THING):
        return _canned(parsed, head) or _thing(parsed)
    position = parsed.position(head)
    before = parsed.terms[:position]
    if brand := next((t for t in before if t.has(Role.BRAND, Role.DEVICE) and not t.governor), None):
        return _behind_brand(parsed, head, brand)
    if head.has(Role.FOOD):
        return ALLOWED
    if head.has(Role.VESSEL):
        return _vessel(parsed, position)
    return _ordinary_drink(parsed, head, position) or _taste(parsed, position)


def _ordinary_drink(parsed: ParsedName, head: Term, position: int) -> Verdict | None:
    """Judge a soft drink or a sweet by what stands beside it, or return None."""
    if head.text == _SHORTENED_VODKA and (spirits := _spirits_behind(parsed, position)):
        return (forbidden if parsed.litres else unsure)(Restriction.ALCOHOL, Basis.BRAND, spirits.shown)
    if head.has(Role.HINT, Role.FLAVOUR) and (shortened := shortened_brand(parsed)):
        # "Парл. Аква" is no water, «Антигрип. апельсин» no fruit.
        return unsure(shortened.restriction(Role.SHORTENED), Basis.BRAND, shortened.shown)
    if head.has(Role.DRINK) and (mixed := _mixed_with_alcohol(parsed)):
        return mixed
    if (
        parsed.litres
        and parsed.first(Role.BEER_SIGN, governed=True)
        and (mixed := _mixed_with_alcohol(parsed))
    ):
        # Coffee and tea in a can or a bottle are drinks, in a jar they only taste of it.
        return unsure(Restriction.ALCOHOL, Basis.KIND, mixed.evidence)
    if head.has(Role.SWEET) and (remedy := branded_against(parsed)):
        return unsure(Restriction.MEDICINE, Basis.BRAND, remedy.shown)
    return weak_brand(parsed) if position else None


def _accessory(parsed: ParsedName, head: Term) -> Verdict | None:
    """Judge what belongs to a device for smoking, a weapon or a syringe, or return None."""
    if device := parsed.first(Role.DEVICE, governed=True):
        kind = forbidden if head.has(Role.THING) else unsure
        return kind(Restriction.TOBACCO, Basis.BRAND, device.shown)
    if head.has(Role.THING) and (vape := _vape(parsed)):
        return unsure(Restriction.TOBACCO, Basis.KIND, vape.shown)
    if smoking := _for_smoking(parsed, head):
        return smoking
    if weapon := parsed.behind_for(Role.WEAPON):
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


def _remedy_in_shape(parsed: ParsedName, head: Term) -> Verdict | None:
    """Judge the medicine that comes as a pencil, a plaster or a lozenge, or return None."""
    if not head.text.startswith(_SHAPED_LIKE_REMEDIES):
        return None
    brands = (term for term in parsed.terms if not (term.governor or term.aside))
    remedy = next((t for t in brands if Restriction.MEDICINE in t.meaning.roles.get(Role.BRAND, ())), None)
    return unsure(Restriction.MEDICINE, Basis.BRAND, remedy.shown) if remedy else None


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


def _behind_brand(parsed: ParsedName, head: Term, brand: Term) -> Verdict:
    """Judge what is named behind a brand: «Chapman шоколад» is tobacco, «Балтика шпроты» is fish.

    What one eats beside tobacco and spirits is not sure, nor is what comes by the litre.
    """
    found = classify_without_noun(parsed)
    if head.has(Role.VESSEL) and not parsed.litres and found.restriction:
        # "Винстон кружка" shows the brand.
        return unsure(found.restriction, Basis.BRAND, brand.shown)
    if head.text.startswith(_BAKED_OR_SWEET) and found.restriction is Restriction.TOBACCO:
        return unsure(found.restriction, Basis.BRAND, brand.shown)
    if head.has(Role.FOOD) and found.restriction:
        is_beer = found.restriction is Restriction.BEER and found.basis is Basis.BRAND
        is_food = not (
            parsed.litres or head.text.startswith(_BREWED) or has_hint(parsed, Restriction.BEER, but=brand)
        )
        if is_beer and is_food:
            return ALLOWED
        return unsure(found.restriction, Basis.BRAND, brand.shown)
    return found


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


def _canned(parsed: ParsedName, head: Term) -> Verdict | None:
    """Judge «Монстер 0,449»: a brand of drinks in such a can is no plant."""
    roles = head.meaning.roles
    brands = (*roles.get(Role.WEAK_BRAND, ()), *roles.get(Role.COMMON_BRAND, ()))
    drink = next((one for one in brands if one is not Restriction.TOBACCO), None)
    return unsure(drink, Basis.BRAND, head.shown) if drink and parsed.beer_bottle else None


def _thing(parsed: ParsedName) -> Verdict:
    """Judge an object: only a sign that nothing else carries makes it doubtful."""
    sign = next((term for term in parsed.terms if term.text in {"мрц", "б/ф"}), None)
    if sign:
        return unsure(Restriction.TOBACCO, Basis.SIGN, sign.shown)
    if drink := _behind_shortening(parsed):
        return unsure(drink.restriction(Role.GOODS), Basis.KIND, drink.shown)
    if parsed.beer_bottle and (mixed := next((t for t in parsed.terms if _is_mixed_drink(t)), None)):
        # «Отвёртка коктейль 0,45 ж/б» is no tool.
        return unsure(Restriction.ALCOHOL, Basis.KIND, mixed.shown)
    wine = parsed.first(Role.WINE_SIGN) or next((t for t in parsed.terms if t.text == "алк"), None)
    if wine and parsed.litres:
        return unsure(Restriction.ALCOHOL, Basis.SIGN, wine.shown)
    return ALLOWED


def _is_mixed_drink(term: Term) -> bool:
    return term.text.startswith(_MIXED_DRINKS) and not term.governor


def _behind_shortening(parsed: ParsedName) -> Term | None:
    """Return the drink behind a thing's name that may be a shortened adjective: «Игр. вино 0,75»."""
    for thing, dot, term in zip(parsed.terms, parsed.terms[1:], parsed.terms[2:], strict=False):
        if not thing.has(Role.OBJECT, Role.THING):
            continue
        if dot.text == "." and term.has(Role.GOODS) and term.meaning.is_nominative and not term.governor:
            return term if term.restriction(Role.GOODS) in _ALCOHOL else None
    return None


def _vessel(parsed: ParsedName, position: int) -> Verdict:
    """Judge a glass or a bottle: what is in it is named in the genitive, what it is for behind "для"."""
    after = parsed.terms[position + 1 :]
    for term in after:
        is_name_on_it = term.quoted and not parsed.litres
        if term.has(Role.GOODS) and not (term.governor or term.aside or is_name_on_it):
            restriction = term.restriction(Role.GOODS)
            # "Бутылка ПЭТ 1,5 пиво" may be full or be sold to be filled.
            return (unsure if term.meaning.is_nominative else forbidden)(restriction, Basis.KIND, term.shown)
    if parsed.count(Role.BEER_SORT) > 1 and (sort := parsed.first(Role.SURE_BEER_SORT)):
        return forbidden(Restriction.BEER, Basis.SIGN, sort.shown)
    is_poured = parsed.terms[position].text.startswith("розлив")
    if is_poured and parsed.count(Role.BEER_SORT) > 1 and (sort := parsed.first(Role.BEER_SORT)):
        # "Чешское темн. розлив": no glass is told so.
        return unsure(Restriction.BEER, Basis.SIGN, sort.shown)
    if brand := parsed.first(Role.BRAND):
        return unsure(brand.restriction(Role.BRAND), Basis.BRAND, brand.shown)
    return weak_brand(parsed) or ALLOWED


def _mixed_with_alcohol(parsed: ParsedName) -> Verdict | None:
    make = unsure if parsed.first(Role.NO_ALCOHOL, governed=True) else forbidden
    for term in parsed.terms:
        if term.governor in {"с", "со"} and term.has(Role.MIXED_IN):
            return make(Restriction.ALCOHOL, Basis.KIND, term.shown)
        if term.governor in {"с", "со"} and term.has(Role.GOODS, Role.BRAND) and not term.has(Role.DEVICE):
            restriction = term.restriction(Role.GOODS, Role.BRAND)
            if restriction in _ALCOHOL:
                return make(restriction, Basis.KIND, term.shown)
    return None


def _taste(parsed: ParsedName, position: int) -> Verdict:
    """Judge a fruit, a sweet or a hot drink: it may be the taste of what is named later."""
    if parsed.dose and not parsed.terms[position].has(Role.DRINK) and (salt := parsed.first(Role.VAPE_HINT)):
        return unsure(Restriction.TOBACCO, Basis.SIGN, salt.shown)
    for term in parsed.terms[position + 1 :]:
        if term.governor or term.aside or parsed.terms[position].has(Role.SWEET):
            continue
        if term.has(Role.GOODS) and term.meaning.is_nominative:
            restriction = term.restriction(Role.GOODS)
            if restriction is Restriction.ALCOHOL and parsed.first(Role.NO_ALCOHOL, governed=True):
                return ALLOWED
            return (forbidden if parsed.litres else unsure)(restriction, Basis.KIND, term.shown)
        if term.has(Role.WINE_SIGN) and parsed.litres:
            return unsure(Restriction.ALCOHOL, Basis.SIGN, term.shown)
        if term.has(Role.BRAND):
            restriction = term.restriction(Role.BRAND)
            if restriction is Restriction.TOBACCO or (
                parsed.litres and restriction in {Restriction.BEER, Restriction.AGE}
            ):
                return unsure(restriction, Basis.BRAND, term.shown)
    return ALLOWED
