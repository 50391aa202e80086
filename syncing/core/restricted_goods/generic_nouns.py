"""Classifies by what stands beside a noun that says too little: a liquid, drops, a drink, a set."""

from collections.abc import Callable
from functools import lru_cache
from itertools import pairwise

from syncing.core.restricted_goods.cut_brands import shortened_brand
from syncing.core.restricted_goods.hints import for_weapon
from syncing.core.restricted_goods.meanings import ORDINARY, Role
from syncing.core.restricted_goods.names_without_noun import (
    STRENGTH_OF_SPIRITS,
    classify_without_noun,
)
from syncing.core.restricted_goods.packet_numbers import STRENGTHS_OF_NICOTINE
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
from syncing.core.restricted_goods.words_generic import GENERIC_GOODS, Condition, Generic

# What people take a remedy against, by the beginnings of words; what plagues animals, shoes and walls is no
# complaint.
_COMPLAINTS = (
    *("кашл", "горл", "насморк", "простуд", "грипп", "орви", "аллерги", "боли", "болеи", "болью", "изжог"),
    *("геморро", "молочниц", "диаре", "понос", "запор", "глист", "давлени", "герпес", "мигрен", "похмель"),
    *("тошнот", "укачив", "бессонниц", "воспалени", "ангин", "артрит", "артроз", "варикоз", "псориаз"),
    *(
        "экзем",
        "дерматит",
        "ринит",
        "гаиморит",
        "отит",
        "цистит",
        "гастрит",
        "температур",
        "грибк",
        "бородав",
    ),
)
_NO_PEOPLE = (
    *("кошек", "собак", "кошк", "котят", "щенк", "ветерин", "животн", "обув", "стен", "стир", "ванн", "плит"),
    "растен",
)
# «Напиток Ангара»: of these so many brands are common words that such a word is only a doubt.
_COMMON_WORDS_SAY_LITTLE = frozenset({Restriction.MEDICINE, Restriction.BEER, Restriction.ALCOHOL})
_LONG_BEGINNING = 5
_EATEN = (Role.FOOD, Role.FLAVOUR, Role.SWEET)
_CALIBRES = frozenset({"12", "16", "20", "28", "32", "410"})
_BORES = frozenset({"5.45", "5.6", "7.62", "9.6", "366", ".366", "22lr", "223", "308"})
_CASES = frozenset({"65", "70", "76", "89"})
# «д/пмм», «д/рук»: one word with what it is for.
_FOR = "д/"
_NO_TERM = Term("")
_AGAINST = frozenset({"от", "против", "при"})


def classify_generic(parsed: ParsedName, head: Term) -> Verdict:
    """Return the verdict of the first condition that holds for the noun, with what it is taken against."""
    verdict = _by_conditions(parsed, head)
    return verdict if verdict.kind is Kind.FORBIDDEN else remedy_against(parsed, head) or verdict


def remedy_against(parsed: ParsedName, head: Term) -> Verdict | None:
    """Judge a form that medicines come in, with a remedy's brand or what it is taken against, or None."""
    generic = _family(head.text)
    if generic is None or not any(one.restriction is Restriction.MEDICINE for one in generic.conditions):
        return None
    if any(term.text.startswith(_NO_PEOPLE) for term in parsed.terms):
        return None
    against = next(
        (t for t in parsed.terms if t.governor in _AGAINST and t.text.startswith(_COMPLAINTS)), None
    )
    if brand := branded_against(parsed) or (
        _branded(parsed, Restriction.MEDICINE) if head.is_ordinary else None
    ):
        return forbidden(Restriction.MEDICINE, Basis.BRAND, brand.shown)
    if head.is_ordinary and (misspelt := _cut_short(parsed)):
        return unsure(Restriction.MEDICINE, Basis.BRAND, misspelt.shown)
    # "Сироп от кашля мармелад" tells of a sweet.
    shortened = shortened_brand(parsed) or _cut_beside(parsed)
    if shortened and shortened.restriction(Role.SHORTENED) is Restriction.MEDICINE:
        return unsure(Restriction.MEDICINE, Basis.BRAND, shortened.shown)
    is_other = any(t.is_ordinary and t is not head and not t.governor for t in parsed.terms)
    return unsure(Restriction.MEDICINE, Basis.KIND, against.shown) if against and not is_other else None


def _cut_beside(parsed: ParsedName) -> Term | None:
    """Return the beginning of a medicine's name beside a form of medicines: «Бепан крем»."""
    return next(
        (
            term
            for term in parsed.terms
            if term.has(Role.SHORTENED) and not term.governor and len(term.text) >= _LONG_BEGINNING
        ),
        None,
    )


def _cut_short(parsed: ParsedName) -> Term | None:
    """Return the medicine that is cut short by two letters, which looks misspelt: «Парацетам. сироп»."""
    for term, dot in pairwise(parsed.terms):
        is_remedy = Restriction.MEDICINE in term.meaning.roles.get(Role.MISSPELT, ())
        if dot.text == "." and is_remedy and not term.governor:
            return term
    return None


def branded_against(parsed: ParsedName) -> Term | None:
    """Return the medicine that is named behind what it is taken against: «от кашля Проспан»."""
    is_against = False
    for term in parsed.terms:
        is_against = is_against or term.governor in _AGAINST
        # "От боли в горле Стрепсилс": the nearest preposition is another one.
        is_behind = is_against and bool(term.governor)
        if is_behind and Restriction.MEDICINE in term.meaning.roles.get(Role.BRAND, ()):
            return term
    return None


def _by_conditions(parsed: ParsedName, head: Term) -> Verdict:
    generic = _family(head.text)
    if generic is None or not generic.conditions:
        return _set(parsed, head)
    for condition in generic.conditions:
        if evidence := next((w for word in condition.stems if (w := _stands(parsed, word, head))), None):
            return _as_verdict(condition, evidence, Basis.SIGN)
    if generic.otherwise.kind is Kind.ALLOWED:
        return _beside_generic(parsed, head)
    return _as_verdict(generic.otherwise, head.shown, Basis.KIND)


def _beside_generic(parsed: ParsedName, head: Term) -> Verdict:
    """Judge a gel or a powder that nothing spoke for or against: goods or brands named beside it."""
    position = parsed.position(head)
    goods = next((t for t in parsed.terms if t.has(Role.GOODS) and not (t.governor or t.aside)), None)
    if goods and parsed.terms.index(goods) < position:
        return forbidden(goods.restriction(Role.GOODS), Basis.KIND, goods.shown)
    if device := parsed.first(Role.DEVICE, governed=True):
        return forbidden(Restriction.TOBACCO, Basis.BRAND, device.shown)
    if parsed.behind_for(Role.SMOKING):
        return unsure(Restriction.TOBACCO, Basis.KIND, head.shown)
    if weapon := for_weapon(parsed):
        return forbidden(Restriction.OTHER, Basis.KIND, weapon.shown)
    brand = next((t for t in parsed.terms if t.has(Role.BRAND) and not t.governor), None)
    if brand and not parsed.first(*ORDINARY):
        return unsure(brand.restriction(Role.BRAND), Basis.BRAND, brand.shown)
    return ALLOWED


def _set(parsed: ParsedName, head: Term) -> Verdict:
    """Judge a set, a packet or a gift by what it holds."""
    others = [t for t in parsed.terms if t is not head and not t.governor]
    holds_things = any(t.has(Role.OBJECT, Role.THING, Role.VESSEL) for t in others)
    goods = next((t for t in others if t.has(Role.GOODS)), None)
    if goods and holds_things and any(t.has(Role.GOODS) and t.governor in {"для", "д"} for t in parsed.terms):
        return ALLOWED
    if goods:
        restriction = goods.restriction(Role.GOODS)
        return (unsure if holds_things else forbidden)(restriction, Basis.KIND, goods.shown)
    if holds_things or any(t.is_ordinary for t in others):
        return ALLOWED
    return classify_without_noun(parsed)


@lru_cache(maxsize=512)
def _family(word: str) -> Generic | None:
    """Return the family of a generic noun: the one whose longest stem begins the word."""
    if "-" in word and (last := _family(word.rpartition("-")[2])):
        # "Фонарь-шокер": the last noun.
        return last
    best: tuple[int, Generic | None] = (0, None)
    for generic in GENERIC_GOODS:
        for stem in generic.nouns.replace("й", "и").split():
            is_stem = word == stem[:-1] if stem.endswith("=") else word.startswith(stem)
            if is_stem and len(stem) > best[0]:
                best = (len(stem), generic)
    return best[1]


def _as_verdict(condition: Condition, evidence: str, basis: Basis) -> Verdict:
    if condition.kind is Kind.ALLOWED or condition.restriction is None:
        return ALLOWED
    make = forbidden if condition.kind is Kind.FORBIDDEN else unsure
    return make(condition.restriction, basis, evidence)


def _branded(parsed: ParsedName, restriction: Restriction) -> Term | None:
    """Return a brand or noun of one kind beside a generic noun, where a weak brand is enough."""
    roles: tuple[Role, ...] = (Role.BRAND, Role.DEVICE, Role.GOODS)
    if restriction is not Restriction.MEDICINE:
        roles = (*roles, Role.WEAK_BRAND)
    if restriction not in _COMMON_WORDS_SAY_LITTLE:
        roles = (*roles, Role.COMMON_BRAND)
    # «Картридж на Аргус».
    belongs_to = {"", "на", "для", "д", "к"} if restriction is Restriction.TOBACCO else {""}
    return next(
        (
            term
            for term in parsed.terms
            if term.governor in belongs_to
            and not (term.governor and term.has(Role.GOODS))
            and any(restriction in term.meaning.roles.get(role, ()) for role in roles)
        ),
        None,
    )


def _text(term: Term | None) -> str | None:
    return term.shown if term else None


def _stands(parsed: ParsedName, word: str, head: Term) -> str | None:
    """Return the evidence for a condition's word or sign, or None."""
    if sign := _SIGNS.get(word):
        return sign(parsed, head)
    beside = (term for term in parsed.terms if term is not head and term.governor != "без")
    return next((t.shown for t in beside if t.text.removeprefix(_FOR).startswith(word)), None)


def _purpose(parsed: ParsedName, head: Term) -> str | None:
    behind = (t for t in parsed.terms if t.governor in {"для", "д"} and not t.has(Role.SMOKING))
    return _text(next(behind, None))


def _for_food(parsed: ParsedName, head: Term) -> str | None:
    """Return what a tool of the kitchen is for: «для пиццы», «для грибов»."""
    return _text(for_food(parsed))


def _calibre(parsed: ParsedName, head: Term) -> str | None:
    """Return what tells a cartridge or a gun: «12 к», «7,62х39»."""
    for number, unit in pairwise((*parsed.terms, _NO_TERM)):
        is_short = unit.text in {"к", "кал", "калибр", "cal", "ga"} and number.text in _CALIBRES
        is_short = is_short or (
            unit.text in {"х", "x", "/"} and number.text in _CALIBRES and _has_case(parsed)
        )
        if number.is_number and (is_short or number.text.replace(",", ".") in _BORES):
            return number.shown or number.text
    return None


def _has_case(parsed: ParsedName) -> bool:
    """Return True if a number is the length of a cartridge's case: «12х70»."""
    return any(term.is_number and term.text in _CASES for term in parsed.terms)


def for_food(parsed: ParsedName) -> Term | None:
    """Return the food that a thing is for, or None."""
    behind = (t for t in parsed.terms if t.governor in {"для", "д", "к"})
    return next((t for t in behind if t.has(*_EATEN)), None)


def _food(parsed: ParsedName, head: Term) -> str | None:
    return _text(parsed.first(Role.FOOD, Role.FLAVOUR, Role.SWEET, Role.DRINK, governed=True))


def _form(parsed: ParsedName, head: Term) -> str | None:
    form = next((t for t in parsed.terms if t is not head and t.has(Role.FORM)), None)
    return _text(form) or ("мг" if parsed.dose else None)


def _strength(parsed: ParsedName, head: Term) -> str | None:
    """Return the strength of a liquid with a Latin name: «Жидкость Malaysian 20»."""
    is_latin = any(term.text.isascii() and term.text.isalpha() for term in parsed.terms)
    strength = next((term for term in parsed.terms if term.text in STRENGTHS_OF_NICOTINE), None)
    return _text(strength) if is_latin else None


def _remedy(parsed: ParsedName, head: Term) -> str | None:
    # "Крем с календулой" only holds it.
    names = (
        t
        for t in parsed.terms
        if t.governor not in {"с", "со"}
        and (
            Restriction.MEDICINE in t.meaning.roles.get(Role.WEAK_BRAND, ())
            or Restriction.MEDICINE in t.meaning.roles.get(Role.MISSPELT, ())
        )
    )
    return _text(next(names, None))


def _brand_sign(restriction: Restriction) -> Callable[[ParsedName, Term], str | None]:
    return lambda parsed, head: _text(_branded(parsed, restriction))


def _common_brand_sign(restriction: Restriction) -> Callable[[ParsedName, Term], str | None]:
    return lambda parsed, head: _text(
        next(
            (
                term
                for term in parsed.terms
                if not term.governor and restriction in term.meaning.roles.get(Role.COMMON_BRAND, ())
            ),
            None,
        )
    )


_SIGNS: dict[str, Callable[[ParsedName, Term], str | None]] = {
    "<мг>": lambda parsed, head: "мг" if parsed.dose else None,
    "<№>": lambda parsed, head: "№" if parsed.pack_count else None,
    "<мл>": lambda parsed, head: "мл" if parsed.small_bottle else None,
    "<литры>": lambda parsed, head: "л" if parsed.litres else None,
    "<банка>": lambda parsed, head: "ж/б" if parsed.beer_bottle else _text(parsed.first(Role.BEER_SIGN)),
    "<%>": lambda parsed, head: "%" if parsed.shares else None,
    "<алк>": lambda parsed, head: "%" if parsed.has_share_of(*STRENGTH_OF_SPIRITS) else None,
    "<для>": _purpose,
    "<для-еды>": _for_food,
    "<калибр>": _calibre,
    "<еда>": _food,
    "<форма>": _form,
    "<фл>": lambda parsed, head: "фл" if any(term.text == "фл" for term in parsed.terms) else None,
    "<крепость>": _strength,
    "<витамины>": lambda parsed, head: _text(parsed.first(Role.SUPPLEMENT, governed=True)),
    "<vape>": lambda parsed, head: _text(parsed.first(Role.VAPE_HINT)),
    "<medicine?>": _remedy,
    "<tobacco>": _brand_sign(Restriction.TOBACCO),
    "<beer>": _brand_sign(Restriction.BEER),
    "<alcohol>": _brand_sign(Restriction.ALCOHOL),
    "<beer?>": _common_brand_sign(Restriction.BEER),
    "<alcohol?>": _common_brand_sign(Restriction.ALCOHOL),
    "<energy>": _brand_sign(Restriction.AGE),
    "<medicine>": _brand_sign(Restriction.MEDICINE),
}
