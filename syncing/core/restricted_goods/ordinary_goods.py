"""Judges ordinary things: what brand, filling or taste stands beside their noun."""

from itertools import pairwise

from syncing.core.restricted_goods.accessories import accessory, remedy_in_shape
from syncing.core.restricted_goods.drink_words import half_sweet
from syncing.core.restricted_goods.hints import has_hint, is_alone, is_only_described, weak_brand
from syncing.core.restricted_goods.meanings import Role
from syncing.core.restricted_goods.names_without_noun import classify_without_noun
from syncing.core.restricted_goods.packet_numbers import STRENGTHS_OF_NICOTINE
from syncing.core.restricted_goods.soft_drinks import ALCOHOL, is_mixed_drink, ordinary_drink
from syncing.core.restricted_goods.terms import ParsedName, Term
from syncing.core.restricted_goods.verdicts import ALLOWED, Basis, Restriction, Verdict, forbidden, unsure

# No tobacco tastes of these.
_BAKED_OR_SWEET = ("торт", "пирожн", "печень", "кекс", "вафл", "пряник", "рулет", "батончик", "мармелад")
_SHORT_FOR_ADJECTIVES = ("пив", "вин")
_ON_CIGARETTES = frozenset({"мрц", "б/ф", "с/ф"})
# How «пивной» and «винный» end.
_MASCULINE = ("ыи", "ои")
# Fruits and berries in sugar or milk have other shares, or come by the gram.
_STRENGTH_OF_LIQUEURS = (15.0, 60.0)
# Nectars have shares of juice; these are lemonades, and vodkas, too.
_CALLED_LIKE_VODKA = frozenset({"баикал", "саяны", "колокольчик"})
_STRENGTH_OF_VODKA = (37.0, 45.0)
_SAYS_DRINK = frozenset({Role.ADJECTIVE, Role.WEAK_GOODS})
# What one drinks from: millilitres say how much it holds.
_DRUNK_FROM = ("кружк", "кружеч", "бокал", "рюм", "стакан", "стоп", "чашк", "фужер", "фляж", "фляг")
# What beer tastes of: «Афанасий солод» is beer still.
_BREWED = ("солод", "хмел", "томат", "огур", "перец", "перц", "сол", "хрен", "имбир")


def judge_ordinary(parsed: ParsedName, head: Term) -> Verdict:
    """Return the verdict on goods whose noun names an ordinary thing."""
    if other := accessory(parsed, head) or remedy_in_shape(parsed, head) or _canned(parsed, head):
        return other
    if head.has(Role.OBJECT, Role.THING):
        return _thing(parsed, head)
    position = parsed.position(head)
    before = parsed.terms[:position]
    if brand := next((t for t in before if t.has(Role.BRAND, Role.DEVICE) and not t.governor), None):
        return _behind_brand(parsed, head, brand)
    if head.has(Role.FOOD):
        return _nicotine_salt(parsed, head) or _hops(parsed, head) or ALLOWED
    if head.has(Role.VESSEL):
        return _vessel(parsed, position)
    return ordinary_drink(parsed, head, position) or _made_of(parsed, position) or _taste(parsed, position)


def _nicotine_salt(parsed: ParsedName, head: Term) -> Verdict | None:
    """Judge «Соль Podonki»: nobody cooks with a salt of such a brand."""
    if not head.text.startswith("сол"):
        return None
    brands = (term for term in parsed.terms if term.has(Role.BRAND) and not term.governor)
    brand = next((term for term in brands if term.restriction(Role.BRAND) is Restriction.TOBACCO), None)
    return unsure(Restriction.TOBACCO, Basis.BRAND, brand.shown) if brand else None


def _hops(parsed: ParsedName, head: Term) -> Verdict | None:
    """Judge «Дед Хмель 1,5 л»."""
    is_beer = head.text.startswith("хмел") and parsed.litres
    return unsure(Restriction.BEER, Basis.SIGN, head.shown) if is_beer else None


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


def _thing(parsed: ParsedName, head: Term) -> Verdict:
    """Judge an object: only a sign that nothing else carries makes it doubtful."""
    if sign := _sign_of_cigarettes(parsed):
        return unsure(Restriction.TOBACCO, Basis.SIGN, sign.shown)
    if drink := _behind_shortening(parsed):
        return unsure(drink.restriction(Role.GOODS), Basis.KIND, drink.shown)
    if other := _called_like_a_thing(parsed, head):
        return other
    if parsed.beer_bottle and (mixed := next((t for t in parsed.terms if is_mixed_drink(t)), None)):
        # «Отвёртка коктейль 0,45 ж/б» is no tool.
        return unsure(Restriction.ALCOHOL, Basis.KIND, mixed.shown)
    wine = parsed.first(Role.WINE_SIGN) or next((t for t in parsed.terms if t.text == "алк"), None)
    if wine and (parsed.litres or parsed.count(Role.ALCOHOL_HINT) > 1):
        # «Цимл. игр. кр. п/сл».
        return unsure(Restriction.ALCOHOL, Basis.SIGN, wine.shown)
    return ALLOWED


def _sign_of_cigarettes(parsed: ParsedName) -> Term | None:
    """Return the price or the filter that is told of cigarettes alone: «Астра без ф.»."""
    for term in parsed.terms:
        if term.text in _ON_CIGARETTES or (term.text == "ф" and term.governor == "без"):
            return term
    return None


def _called_like_a_thing(parsed: ParsedName, head: Term) -> Verdict | None:
    """Judge «Пуф одноразка 1600», which is no seat, and «Бакарди Карта Бланка», which is no map."""
    first = parsed.first_word
    if head.text == "розе" and first and first.has(Role.BRAND):
        # «Хугарден розе».
        return unsure(first.restriction(Role.BRAND), Basis.BRAND, first.shown)
    if drink := _drink_called_so(parsed, head):
        return drink
    is_shown_on_it = head.has(Role.OBJECT) and not parsed.litres
    if first and not is_shown_on_it and Restriction.ALCOHOL in first.meaning.roles.get(Role.BRAND, ()):
        return unsure(Restriction.ALCOHOL, Basis.BRAND, first.shown)
    if parsed.dose and (brand := parsed.first(Role.WEAK_BRAND, Role.COMMON_BRAND)):
        # «Шайба Corvus 70мг»: pouches come in round tins.
        roles = (Role.WEAK_BRAND, Role.COMMON_BRAND)
        if any(Restriction.TOBACCO in brand.meaning.roles.get(role, ()) for role in roles):
            return unsure(Restriction.TOBACCO, Basis.BRAND, brand.shown)
    vape = parsed.first(Role.GOODS)
    if (parsed.puffs or parsed.pouch) and vape and vape.restriction(Role.GOODS) is Restriction.TOBACCO:
        return unsure(Restriction.TOBACCO, Basis.KIND, vape.shown)
    return None


def _drink_called_so(parsed: ParsedName, head: Term) -> Verdict | None:
    """Judge «Чистые ключи водка 0,5», which are no keys, and «Колос светлое фильтр 1,3»."""
    if not parsed.litres or head.has(Role.OBJECT):
        return None
    if head.has(Role.BEER_SORT) and parsed.count(Role.BEER_SORT) > 1:
        return unsure(Restriction.BEER, Basis.SIGN, head.shown)
    goods = parsed.first(Role.GOODS)
    is_drink = goods and goods.meaning.is_nominative and goods.restriction(Role.GOODS) in ALCOHOL
    return unsure(goods.restriction(Role.GOODS), Basis.KIND, goods.shown) if goods and is_drink else None


def _canned(parsed: ParsedName, head: Term) -> Verdict | None:
    """Judge «Монстер 0,449» and «Конина 0,25»: with a drink's volume and nothing else these are drinks."""
    if not head.has(Role.WEAK_BRAND, Role.COMMON_BRAND):
        return None
    roles = head.meaning.roles
    brands = (*roles.get(Role.WEAK_BRAND, ()), *roles.get(Role.COMMON_BRAND, ()))
    drink = next((one for one in brands if one is not Restriction.TOBACCO), None)
    is_described = parsed.first_word is head and is_only_described(parsed, head)
    is_named = is_alone(parsed, head) or is_described
    if drink and (parsed.beer_bottle or (parsed.litres and is_named)):
        return unsure(drink, Basis.BRAND, head.shown)
    return None


def _behind_shortening(parsed: ParsedName) -> Term | None:
    """Return the drink behind a thing's name that may be a shortened adjective: «Игр. вино 0,75»."""
    for thing, dot, term in zip(parsed.terms, parsed.terms[1:], parsed.terms[2:], strict=False):
        if not thing.has(Role.OBJECT, Role.THING):
            continue
        if dot.text == "." and term.has(Role.GOODS) and term.meaning.is_nominative and not term.governor:
            return term if term.restriction(Role.GOODS) in ALCOHOL else None
    return None


def _vessel(parsed: ParsedName, position: int) -> Verdict:
    """Judge a glass or a bottle: what is in it is named in the genitive, what it is for behind "для"."""
    after = parsed.terms[position + 1 :]
    for term, behind in pairwise((*after, Term(""))):
        if term.text in _SHORT_FOR_ADJECTIVES and behind.text == ".":
            # «Кружка пив.» is empty.
            continue
        is_name_on_it = term.quoted and not parsed.litres
        if term.has(Role.GOODS) and not (term.governor or term.aside or is_name_on_it):
            restriction = term.restriction(Role.GOODS)
            # "Бутылка ПЭТ 1,5 пиво" may be full or be sold to be filled.
            return (unsure if term.meaning.is_nominative else forbidden)(restriction, Basis.KIND, term.shown)
    if parsed.count(Role.BEER_SORT) > 1 and (sort := parsed.first(Role.SURE_BEER_SORT)):
        return forbidden(Restriction.BEER, Basis.SIGN, sort.shown)
    is_poured = parsed.terms[position].text.startswith(("розлив", "кег"))
    if is_poured and parsed.litres and (sort := _sort_of_drink(parsed)):
        return unsure(Restriction.BEER, Basis.SIGN, sort.shown)
    if is_poured and parsed.count(Role.BEER_SORT) > 1 and (sort := parsed.first(Role.BEER_SORT)):
        # "Чешское темн. розлив": no glass is told so.
        return unsure(Restriction.BEER, Basis.SIGN, sort.shown)
    return _brand_of_vessel(parsed, position)


def _brand_of_vessel(parsed: ParsedName, position: int) -> Verdict:
    """Judge «Кружка Белый медведь 0,5»: poured, or only called so."""
    if brand := parsed.first(Role.BRAND):
        return unsure(brand.restriction(Role.BRAND), Basis.BRAND, brand.shown)
    found = weak_brand(parsed)
    if found is None or found.restriction is None or _is_shown_on(parsed, position, found):
        return ALLOWED
    return unsure(found.restriction, Basis.BRAND, found.evidence)


def _is_shown_on(parsed: ParsedName, position: int, brand: Verdict) -> bool:
    """Return True for «Кружка «Белый медведь» 250 мл»: a name in quotes on what one drinks from."""
    is_empty = not parsed.litres or any(term.text in {"мл", "ml"} for term in parsed.terms)
    quoted = any(term.quoted and term.shown == brand.evidence for term in parsed.terms)
    return is_empty and quoted and parsed.terms[position].text.startswith(_DRUNK_FROM)


def _sort_of_drink(parsed: ParsedName) -> Term | None:
    """Return the sort of beer that stands for its noun: «Тёмное кег 1 л»."""
    sorts = (term for term in parsed.terms if term.has(Role.BEER_SORT) and not term.governor)
    return next((term for term in sorts if term.text.endswith(("ое", "ее"))), None)


def _made_of(parsed: ParsedName, position: int) -> Verdict | None:
    """Judge «Яблоко п/сл», «Морошка 0,5 20%», «Мохито пивной», «Томат гозе»: what a fruit is made into."""
    if sweet := half_sweet(parsed):
        return unsure(Restriction.ALCOHOL, Basis.SIGN, sweet.shown)
    is_fruit = parsed.terms[position].has(Role.FLAVOUR)
    strength = _STRENGTH_OF_LIQUEURS if is_fruit else _STRENGTH_OF_VODKA
    is_mixed = is_fruit or parsed.terms[position].text in _CALLED_LIKE_VODKA
    if is_mixed and parsed.litres and parsed.has_share_of(*strength):
        return unsure(Restriction.ALCOHOL, Basis.SIGN, "%")
    if parsed.roles.isdisjoint(_SAYS_DRINK) or parsed.first(Role.NO_ALCOHOL, Role.SWEET, Role.FOOD):
        return None
    words = [term for term in parsed.terms[position + 1 :] if term.text.isalpha() and len(term.text) > 1]
    roles = words[-1].meaning.roles if words and not words[-1].governor else {}
    is_beer = is_fruit and Restriction.BEER in roles.get(Role.WEAK_GOODS, ())
    said = roles.get(Role.WEAK_GOODS if is_beer else Role.ADJECTIVE, ())
    is_drink = not ALCOHOL.isdisjoint(said) and (
        Role.WEAK_GOODS in roles or words[-1].text.endswith(_MASCULINE)
    )
    return unsure(said[0], Basis.SIGN, words[-1].shown) if is_drink else None


def _taste(parsed: ParsedName, position: int) -> Verdict:
    """Judge a fruit, a sweet or a hot drink: it may be the taste of what is named later."""
    is_dosed = parsed.dose or any(term.text in STRENGTHS_OF_NICOTINE for term in parsed.terms)
    if is_dosed and not parsed.terms[position].has(Role.DRINK) and (salt := parsed.first(Role.VAPE_HINT)):
        return unsure(Restriction.TOBACCO, Basis.SIGN, salt.shown)
    for term in parsed.terms[position + 1 :]:
        is_taste = parsed.terms[position].has(Role.SWEET) and not (parsed.litres and term.has(Role.GOODS))
        if term.governor or term.aside or is_taste:
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
