"""Takes off what a name carries for the shop alone: its inner number at the beginning, its pack count.

A number goes where it equals the product's code, article or barcode, or stands in a form that only
inner numbers have. A number that says something of the goods stays: «7 дней», «36.6», «2108 фара».
"""

import re
from collections.abc import Collection

from syncing.core.amounts import is_unit
from syncing.core.characters import LONGEST_READ

_SEPARATORS = r"[\s:;.,*#/|_)\]–—-]"
_FORMS = re.compile(
    "|".join(
        (
            # *1736 Груша
            rf"\*+\s?(?P<starred>\d{{3,}}){_SEPARATORS}+",
            # 1:3906690 Салфетки; a map's scale has a round number.
            r"\d{1,2}:(?P<shop>\d{4,})[\s:;.,-]+",
            # 59942#Kiss
            r"(?P<hash>\d{2,})\s?#\s*",
            r"[#№]\s?(?P<marked>\d{5,})[\s:;.,-]+",
            # [6140G] Фильтр, (12345) Чай
            r"\[\s?(?P<bracketed>(?=[^\[\]]{0,19}\d)[^\[\]\s]{3,20})\s?\]\s*[:;.,-]*\s*",
            r"[({<‹]\s?(?P<enclosed>\d{4,})\s?[)}>›]\s*[:;.,-]*\s*",
            # <А> Колбаса
            r"[<‹\[](?P<shelf>[^\W\d_]{1,2})[>›\]]\s+",
            # 1/1 105615* Аскорбинка
            r"\d{1,2}/(?P<part>\d{1,2})\s+(?=\d{3,}\*)",
            r"(?P<ended>\d{3,})\*\s+",
            # 009239:чипсы
            r"(?P<colon>\d{4,})\s?:\s*(?=\D)",
            r"(?P<zeros>0\d{3,})[\s:;.,/|_-]+(?=\D)",
            # 2149542 Батон
            rf"(?P<long>\d{{5,}}){_SEPARATORS}+(?=\S)",
            # Арт. 12345 Чай
            r"(?:арт|артикул|код|sku)\b\.?\s?[№:#]?\s?(?P<labelled>\d{3,})[\s:;.,-]+",
        )
    ),
    re.IGNORECASE,
)
_LABELS = frozenset({"арт", "код", "sku"})
_TOKEN = re.compile(rf"[*#№(\[]*+\s?(?P<token>[^\s:#|)\]]+?){_SEPARATORS}+(?=\S)")
_AT_END = re.compile(r"\s+[(\[#]?\s?(?P<token>[^\s()\[\]#]+?)[)\]]?[.,]?$")
_END_OF_NUMBER = frozenset("0123456789)].,")
_EAN_AT_END = re.compile(r"\s+\(?\d{13}\)?$")
_WORD = re.compile(r"[^\W\d_]{2,}")
_FIRST_WORD = re.compile(r"[^\W\d_]+")
_YEAR = re.compile(r"(?:19|20)\d\d")
# «1000 мелочей», «365 дней» count something.
_COUNTED = re.compile(r"(?:ов|ев|ей|лет|раз|штук|дня|часа)$", re.IGNORECASE)
# Russian cars are called by numbers, and parts are named after them.
_CAR = re.compile(r"(?:11|2[1237]|3[13]|43|5[345]|6[45])\d{2,4}")
_CAR_PART = re.compile(
    r"\b(?:фар|фильтр|колодк|амортиз|подшипн|ремень|ремн|прокладк|радиат|стартер|генерат|бампер|крыл|двер|капот|стекл|насос|"
    r"помп|термост|свеч|датчик|рычаг|шаров|тяг|сальник|пыльник|втулк|ступиц|диск|трос|бензонас|глушит|зеркал|решетк|порш|"
    r"клапан|кардан|суппорт|цилиндр|наконечн|опор|патруб|шланг|реле|жгут|замок|ручк|обшивк|коврик|порог|лонжер|брызговик)",
    re.IGNORECASE,
)
_SHORTEST_CODE = 3
_SHORTEST_AT_END = 4
_FEW_DIGITS = 4
# A count of packs follows what one pack holds.
_CONTENT = re.compile(r"\d\s?(?:кг|г|гр|мл|л|шт)(?![^\W\d_])", re.IGNORECASE)
_PACKS = re.compile(
    r"(?:(?<![\w.,/])1\s?/\s?(?P<of>\d{1,4})\s?(?:шт|уп|бл|кор)?\.?|\(\s?(?P<in>\d{1,4})\s?\)|(?<=[\s/)])[*/]\s?(?P<by>\d{1,3}))$",
    re.IGNORECASE,
)
# «:24 Фрито Лей,шт» of one accounting program, and the unit of measure that it adds to every name.
_END_OF_ADDED, _END_OF_PACKS = frozenset("тТпПгГ."), frozenset("0123456789).тТпПлЛрР")
_ADDED = re.compile(r"(?:(?<!\d)\s?:\s?\d{1,3}(?:\s[^:]*)?)?,\s?(?:шт|уп|кг)\.?$", re.IGNORECASE)
# Less than this may be a fraction or say how many there are.
_FEWEST_PACKS = {"of": 5, "in": 4, "by": 4}


def without_shop_numbers(line: str, own: Collection[str]) -> str:
    """Return the line without inner numbers; `own` holds the product's code, article and barcodes."""
    line = line[:LONGEST_READ].lstrip()
    folded = line.casefold()
    # Few names have a number of the product's own at all.
    known = {plain for number in own if (plain := number.strip().casefold()) and plain in folded}
    while (end := _number_ends(line, known)) and _says_what_it_is(line[end:]):
        line = line[end:].lstrip()
    while (start := _number_at_end(line, known)) and _says_what_it_is(line[:start]):
        line = line[:start]
    return line


def without_pack_count(line: str) -> str:
    """Return the line without the number of packs in a box: «Батон 350 г 1/12», «Рис 900 г (15)»."""
    line = line[:LONGEST_READ]
    if line[-1:] in _END_OF_ADDED and (found := _ADDED.search(line)):
        line = line[: found.start()]
    if "/" not in line and "(" not in line and "*" not in line:
        return line
    while line[-1:] in _END_OF_PACKS and (found := _PACKS.search(line)) and found.lastgroup:
        rest = line[: found.start()].rstrip(" ,/")
        if int(found[found.lastgroup]) < _FEWEST_PACKS[found.lastgroup] or not _CONTENT.search(rest):
            break
        line = rest
    return line


def _number_ends(line: str, known: Collection[str]) -> int:
    """Return where an inner number at the beginning ends, 0 if there is none."""
    if known and (found := _TOKEN.match(line)) and _is_own(found["token"], line[found.end() :], known):
        return found.end()
    found = None if line[:1].isalpha() and line[:3].casefold() not in _LABELS else _FORMS.match(line)
    if found is None or found.lastgroup is None:
        return 0
    number, rest = found[found.lastgroup], line[found.end() :]
    is_kept = (
        (found.lastgroup == "shop" and number.endswith("00"))
        or (found.lastgroup == "long" and (_is_round(number) or _counts(found[0], rest)))
        or (_CAR.fullmatch(number) and _CAR_PART.search(rest))
    )
    return 0 if is_kept else found.end()


def _is_own(token: str, rest: str, known: Collection[str]) -> bool:
    token = token.strip("*#№.,;:")
    if len(token) < _SHORTEST_CODE or token.casefold() not in known or not any(map(str.isdigit, token)):
        return False
    word = _FIRST_WORD.match(rest)
    is_count = token.isdigit() and len(token) <= _FEW_DIGITS and word and _COUNTED.search(word[0])
    return not is_count and not _counts(" ", rest)


def _number_at_end(line: str, known: Collection[str]) -> int:
    if line[-1:] not in _END_OF_NUMBER and not known:
        return 0
    found = _AT_END.search(line) if known else None
    if found and len(found["token"]) >= _SHORTEST_AT_END and found["token"].casefold() in known:
        token = found["token"]
        is_enclosed = found[0].lstrip()[0] in "(["
        if (is_enclosed and any(map(str.isdigit, token))) or (token.isdigit() and not _YEAR.fullmatch(token)):
            return found.start()
    ean = _EAN_AT_END.search(line) if line[-9:-1].isdigit() else None
    return ean.start() if ean else 0


def _is_round(number: str) -> bool:
    """Return True for a number that rather counts: 10000, 1000000."""
    return number.endswith("000" if len(number) <= _FEW_DIGITS + 2 else "0000")


def _counts(number: str, rest: str) -> bool:
    """Return True if a unit follows the number: «10400 мАч»."""
    word = _FIRST_WORD.match(rest)
    return number.endswith(" ") and word is not None and is_unit(word[0])


def _says_what_it_is(rest: str) -> bool:
    return _WORD.search(rest) is not None
