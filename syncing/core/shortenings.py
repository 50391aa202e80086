"""Writes out the usual shortenings of price tags: «в/с», «д/п», «в асс-те», «х/к».

A shortening that means different things in different shops stays: «б/к», «с/я».
"""

import re

_PHRASES = {
    "в/с": "высший сорт",
    "1/с": "первый сорт",
    "2/с": "второй сорт",
    "д/п": "дой-пак",
    "дойпак": "дой-пак",
    "т/п": "тетрапак",
    "т/пак": "тетрапак",
    "х/к": "холодного копчения",
    "г/к": "горячего копчения",
    "б/п": "быстрого приготовления",
    "м/у": "мягкая упаковка",
    "в/у": "вакуумная упаковка",
    "п/б": "пластиковая бутылка",
    "пл/б": "пластиковая бутылка",
    "пл/бут": "пластиковая бутылка",
    "ст/б": "стеклянная бутылка",
    "с/б": "стеклянная бутылка",
    "а/б": "алюминиевая банка",
    "ж/б": "жестяная банка",
    "б/г": "без газа",
    "б/газа": "без газа",
    "к/п": "картонная пачка",
    "в/ст": "вафельный стаканчик",
    "ваф/ст": "вафельный стаканчик",
    "н/ж": "нержавеющая сталь",
    "ж/р": "жевательная резинка",
    "ж/рез": "жевательная резинка",
    "ж/резинка": "жевательная резинка",
}
# The ending follows the first word of the name.
_ADJECTIVES = {
    "п/э": "полиэтиленов",
    "с/м": "свежеморожен",
    "в/к": "варёно-копчён",
    "с/к": "сырокопчён",
    "п/к": "полукопчён",
    "с/с": "слабосолён",
    "с/в": "сыровялен",
    "б/а": "безалкогольн",
    "с/г": "сильногазированн",
    "н/г": "негазированн",
    "н/газ": "негазированн",
    "п/сл": "полусладк",
    "п/сух": "полусух",
    "х/б": "хлопчатобумажн",
}
_ENDINGS = {"а": "ая", "я": "ая", "о": "ое", "е": "ое", "ы": "ые", "и": "ие"}
# Food is not made of concrete or cotton, and goods without an amount are not canned.
_FOOD_ONLY, _NO_FOOD = frozenset({"ж/б"}), frozenset({"х/б"})
_AMOUNT = re.compile(r"\d\s?(?:г|гр|кг|мл|л)(?![^\W\d_])", re.IGNORECASE)
_ALL = "|".join(map(re.escape, sorted((*_PHRASES, *_ADJECTIVES), key=len, reverse=True)))
_ANY = re.compile(rf"(?<![\w/])(?:{_ALL})(?![\w/])", re.IGNORECASE)
_ASSORTED = re.compile(r"\bв\s(?:асс?-те|асс?орт?\.?|ассортим\.?|асс?\.|асс?)(?![\w-])", re.IGNORECASE)
_FOR = re.compile(r"(?<![\w/])[дД]/(?=[а-яё]{3,})")
_FIRST = re.compile(r"[^\W\d_]+")


def write_out(line: str) -> str:
    """Return the line with its known shortenings written out."""
    if "/" not in line and "асс" not in line.casefold() and "дойпак" not in line.casefold():
        return line
    line = _FOR.sub("для ", _ASSORTED.sub("в ассортименте", line))
    is_food = _AMOUNT.search(line) is not None
    first = _FIRST.search(line)
    ending = _ENDINGS.get(first[0][-1].casefold() if first else "", "ый")
    return _ANY.sub(lambda found: _meaning(found, ending, is_food=is_food), line)


def _meaning(found: re.Match[str], ending: str, *, is_food: bool) -> str:
    """Return what a shortening means; `ending` is that of an adjective to the line's first word."""
    short = found[0].casefold()
    if (short in _FOOD_ONLY and not is_food) or (short in _NO_FOOD and is_food):
        return found[0]
    if meaning := _PHRASES.get(short):
        return meaning
    stem = _ADJECTIVES[short]
    if stem.endswith(("к", "х")):
        # After these letters Russian writes no «ы».
        ending = {"ый": "ий" if stem.endswith("к") else "ой", "ые": "ие"}.get(ending, ending)
    elif ending == "ие":
        ending = "ые"
    return stem + ending
