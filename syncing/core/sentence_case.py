"""Turns a name typed in capitals to ordinary case, leaving what is rightly in capitals."""

import re

# A name counts as typed in capitals when this part of its Cyrillic letters is.
_MOSTLY = 0.6
# Fewer letters than this say nothing of how the name was typed ("Saint George RED ОС").
_FEWEST = 3
_CYRILLIC = re.compile("[А-Яа-яЁё]+")
_CAPITALS = re.compile("[А-ЯЁ]")
_CAPITAL_WORD = re.compile(r"(?<![^\W\d_])[А-ЯЁ]+(?![^\W\d_])")
_QUOTED = re.compile("(?<=«)[а-яё]")
_FIRST = re.compile(r"\W*[а-яё]+\b")
_VOWELS = frozenset("АЕЁИОУЫЭЮЯ")
_ABBREVIATIONS = frozenset(
    {
        "АО",
        "ЗАО",
        "ОАО",
        "ООО",
        "ПАО",
        "ИП",
        "ПЭТ",
        "ПЭТФ",
        "ГОСТ",
        "ТУ",
        "США",
        "СССР",
        "РФ",
        "ЕАЭС",
        "УФ",
        "АКБ",
    }
)
# Without a vowel, yet small: units and shorthand of the price tag.
_SMALL = re.compile(
    "БЛ|БР|ВК|ВТ|ГР|ДЛ|ДР|КВТ?|КГ|КЛ|КРП?|ЛТ|МГ|МЛ|ММ|МКГ|МП|ПЛ|ПК|ПКТ|ПР|РП|СГ|СК|СЛ|СМ|СР|СТР?|СТЛ|СХ|СП|ТБ|ТЛ|ТР"
    "|ТЧК|ФР|ХЛ|ЦВ|ЧЛ|ШК|ШТ|ПЧ|В|К|С"
)


def to_sentence_case(text: str) -> str:
    """Return the text in ordinary case if it is in capitals; a first Cyrillic word gets its capital.

    Latin words, abbreviations and letters that belong to a number's code stay. What stands in quotes
    is a name and begins with a capital.
    """
    # The first letter gets its capital below and must not decide by that.
    cyrillic = "".join(_CYRILLIC.findall(text))[1:]
    capitals = len(_CAPITALS.findall(cyrillic))
    if len(cyrillic) >= _FEWEST and capitals >= _MOSTLY * len(cyrillic):
        text = _CAPITAL_WORD.sub(_small, text)
        text = _QUOTED.sub(lambda found: found[0].upper(), text)
    first = _FIRST.match(text)
    return _capital(first[0]) + text[first.end() :] if first else text


def _small(found: re.Match[str]) -> str:
    word = found[0]
    if word in _ABBREVIATIONS:
        return word
    is_shorthand = len(word) == 1 or _SMALL.fullmatch(word)
    if not is_shorthand and not _VOWELS & set(word):
        return word
    return word.lower()


def _capital(text: str) -> str:
    place = next(place for place, char in enumerate(text) if char.isalpha())
    return text[:place] + text[place].upper() + text[place + 1 :]
