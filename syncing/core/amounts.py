"""Writes units after numbers: small letters and a space, «100Г» as «100 г»; codes stay as they are."""

import re

_SMALL = """
мкг мг г гр кг ц л лит литр литра литров мл дл кл мм см дм м км м2 м3 шт штук уп упак пак пач пачк пакетиков
рул рулона рулонов таб табл капс амп порц лист листов цв цветов зуб сл слоя лет мес месяцев дн час мин сек руб
р коп пар пары пор ккал лм об атм бар пс кв куб см2 см3
"""
_PROPER = "Вт кВт мВт Гц кГц МГц ГГц КБ МБ ГБ ТБ мАч Ач дБ кДж Па"
_LATIN = "ml cl mm cm kg mg mcg pcs oz ft"
_LATIN_PROPER = "GB TB MB KB mAh Ah Hz kHz MHz GHz kW dB"
# Too short to be told from a letter of a code, unless typed as the unit is written.
_LATIN_SHORT = {"g": "g", "l": "l", "L": "L", "m": "m"}
_UNITS = {unit.casefold(): unit for unit in f"{_SMALL} {_PROPER} {_LATIN} {_LATIN_PROPER}".split()}
_LETTERS = r"[^\W\d_]"
# Letters before the number, the number, its unit, and what the unit is divided by or raised to.
_AMOUNT = re.compile(
    rf"(?<!{_LETTERS})(?:(?P<before>{_LETTERS}++)|(?<!\d))(?P<number>\d++(?:[.,]\d++)?+) ?"
    rf"(?P<unit>{_LETTERS}++)"
    rf"(?P<over>[23](?!\w)|/{_LETTERS}[23]?(?!\w))?(?!\w)(?!-\w)"
)
_TIMES = frozenset("хХxX")
# A word this long before a number is a word, not a code: «мусора120 л».
_WORD = 4
_CODE_BEFORE = re.compile(rf"(?<![^\W_]){_LETTERS}{{1,3}}\d*-$")
_LONGEST_CODE = 40
# Sizes, «5Х80»; in Latin it may be a model.
_BY = re.compile(r"(?<=\d)Х(?=\d)")
# Without one there is neither a unit nor a size.
_LETTER_AFTER_DIGIT = re.compile(rf"\d ?{_LETTERS}")
_PERCENT = re.compile(r"%(?=\d)")


def write_units(text: str) -> str:
    """Return the text with a space and small letters where a unit follows its number."""
    if _LETTER_AFTER_DIGIT.search(text):
        text = _AMOUNT.sub(_amount, text)
        text = _BY.sub("х", text) if "Х" in text else text
    return _PERCENT.sub("% ", text) if "%" in text else text


def is_unit(word: str) -> bool:
    """Return True if the word is a unit when it follows a number."""
    return word.casefold() in _UNITS or word in _LATIN_SHORT


def _amount(found: re.Match[str]) -> str:
    before, unit, over = found["before"] or "", found["unit"], found["over"] or ""
    proper = _LATIN_SHORT.get(unit) or _UNITS.get(unit.casefold())
    if proper is None or not _is_word_or_times(found, before):
        return found[0]
    return f"{before}{found['number']} {proper}{over.lower()}"


def _is_word_or_times(found: re.Match[str], before: str) -> bool:
    """Return True if the letters before the number do not make it a code, as the «М» of «М500»."""
    start = found.start()
    if not before:
        # A code may go on across a hyphen: «АИ-95».
        return not _CODE_BEFORE.search(found.string[max(0, start - _LONGEST_CODE) : start])
    if before in _TIMES:
        return found.string[max(0, start - 1) : start].isdigit()
    return len(before) >= _WORD
