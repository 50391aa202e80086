"""What a cell says: texts that no spreadsheet takes for a formula, yes and no, and numbers it has spoilt."""

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from enum import StrEnum

# A cell that begins so may be taken for a formula. Full-width signs are, by some programs.
DANGEROUS = frozenset("=+-@\t\r\n＝＋－＠|")
GUARD = "'"
# What spreadsheets in Russian save in: Windows, "CSV (MS-DOS)", "CSV (Macintosh)", and older ones for Unix.
OLD_ENCODINGS = ("cp1251", "cp866", "mac_cyrillic", "koi8_r", "iso8859_5")
# Windows counts characters above as two.
LAST_OF_ONE_UNIT = 0xFFFF
# A noncharacter marks what a spreadsheet holds as a date: nobody has typed it so.
DATE_MARK = "\ufdd0"
# So does this before an error that a spreadsheet holds, which is another thing than a text that looks so.
ERROR_MARK = "\ufdd1"
# Longer than any number, word or error that is looked for.
LONGEST_SHORT = 50
_SCIENTIFIC = re.compile(r"[+-]?\d+(?:[.,]\d+)?[eе][+]?\d{1,3}", re.IGNORECASE)
_ERRORS = frozenset(
    {
        *("#null!", "#div/0!", "#value!", "#ref!", "#name?", "#num!", "#n/a", "#spill!", "#calc!"),
        *("#field!", "#blocked!", "#connect!", "#busy!", "#unknown!", "#getting_data", "#error!"),
        *("#пусто!", "#дел/0!", "#знач!", "#ссылка!", "#имя?", "#число!", "#н/д", "#перенос!", "#вычисл!"),
        *("#поле!", "#заблокировано!", "#подключиться!", "#занято!", "#неизвестно!", "#ошибка!"),
        "#ожидание_данных",
    }
)
# LibreOffice numbers some errors; a column that is too narrow is saved as hash signs.
_OTHER_ERRORS = re.compile(r"(?:err|ошибка):\d{3}|#{3,}", re.IGNORECASE)


class Answer(StrEnum):
    """A cell of yes or no. RULES: nothing of its own, so that the rules decide."""

    YES = "yes"
    NO = "no"
    RULES = "rules"


# What an export writes, by language.
ANSWERS: Mapping[str, Mapping[Answer, str]] = {
    "ru": {Answer.YES: "да", Answer.NO: "нет", Answer.RULES: "по правилам"},
    "en": {Answer.YES: "yes", Answer.NO: "no", Answer.RULES: "by the rules"},
}
_WORDS: Mapping[str, Answer] = {
    word: answer
    for answer, words in {
        Answer.YES: ("да", "yes", "y", "true", "истина", "1", "можно", "allowed"),
        Answer.NO: ("нет", "no", "n", "false", "ложь", "0", "нельзя", "forbidden"),
        Answer.RULES: ("по правилам", "как в правилах", "by the rules", "by rules", "as the rules say"),
    }.items()
    for word in words
}
_TRUTHS = (frozenset({"true", "истина"}), frozenset({"false", "ложь"}))
# How words that take a value back, and errors, begin.
_WORTH_A_LOOK = frozenset(
    {word[0] for word, answer in _WORDS.items() if answer is Answer.RULES} | {"#", "e", "о", ERROR_MARK}
)


def answer_of(cell: str) -> Answer | None:
    """Return what a cell of yes or no says, None where it is no such word."""
    return _WORDS.get(_folded(cell))


def _folded(cell: str) -> str:
    return " ".join(cell[:LONGEST_SHORT].casefold().replace("ё", "е").split())


def says_by_rules(cell: str) -> bool:
    """Return True if the cell takes a value of the merchant's own back."""
    return answer_of(cell) is Answer.RULES


def guarded(text: str) -> str:
    """Return the text so that no spreadsheet runs it; `unguarded` gives it back as it was.

    What would be read as "by the rules", or as an error of the spreadsheet, gets the same apostrophe; so
    does what begins with one, of which a spreadsheet may drop the first.
    """
    return GUARD + text if _needs_guard(text) else text


def unguarded(cell: str) -> str:
    """Return the text of a cell without the apostrophe of an export."""
    return cell[1:] if cell.startswith(GUARD) and _needs_guard(cell[1:]) else cell


def _needs_guard(text: str) -> bool:
    if text[:1] in DANGEROUS or text.startswith(GUARD):
        return True
    # Most cells need no closer look, and an export has a quarter of a million.
    return text.lstrip()[:1].casefold()[:1] in _WORTH_A_LOOK and (says_by_rules(text) or is_error(text))


def plain(text: str) -> str:
    """Return a text as it is compared: one kind of line end, no control characters, nothing around it."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    if lines.isprintable():
        return lines.strip()
    return "".join(char for char in lines if char in "\n\t" or _may_stand(char)).strip()


def _may_stand(char: str) -> bool:
    """Return False for what XML cannot hold."""
    return unicodedata.category(char) not in {"Cc", "Cs"} and char not in "\ufffe\uffff"


def one_line(text: str) -> str:
    """Return a text in one line with single spaces."""
    return " ".join(plain(text).split())


def has_lost_letters(text: str, old: str) -> bool:
    """Return True if a text is the old one after a spreadsheet has saved it in an old encoding.

    Question marks stand for what that encoding lacks: ₽, → or emoji. Some programs write two for an emoji.
    """
    if "?" not in text:
        return False
    return any(text == _in_encoding(old, encoding, marks) for encoding in OLD_ENCODINGS for marks in (1, 2))


def _in_encoding(text: str, encoding: str, marks: int) -> str:
    kept = text.encode(encoding, "ignore").decode(encoding)
    known = frozenset(kept)
    return "".join(
        char if char in known else "?" * (marks if ord(char) > LAST_OF_ONE_UNIT else 1) for char in text
    )


def is_scientific(cell: str) -> bool:
    """Return True for a number as 4.6E+12, whose last digits a spreadsheet has dropped."""
    return len(cell) < LONGEST_SHORT and _SCIENTIFIC.fullmatch(cell.strip()) is not None


def is_error(cell: str) -> bool:
    """Return True for what a spreadsheet writes in place of a value, such as #NAME?."""
    if cell.startswith(ERROR_MARK):
        return True
    text = cell[:LONGEST_SHORT].strip().casefold()
    return len(cell) < LONGEST_SHORT and (text in _ERRORS or _OTHER_ERRORS.fullmatch(text) is not None)


def error_of(cell: str) -> str:
    """Return an error as the spreadsheet shows it."""
    return cell.removeprefix(ERROR_MARK).strip()


def is_date(cell: str) -> bool:
    """Return True for what a spreadsheet holds as a date."""
    return cell.startswith(DATE_MARK)


def is_same_truth(text: str, old: str) -> bool:
    """Return True if a text is the old one after a spreadsheet has taken it for true or false.

    "True" comes back as TRUE, or as ИСТИНА from a Russian one.
    """
    return any(_folded(text) in words and _folded(old) in words for words in _TRUTHS)


def is_same_number(text: str, old: str) -> bool:
    """Return True if a text is the old one after a spreadsheet has taken it for a number.

    007 and 12,50 are kept as 7 and 12.5.
    """
    if not (text and old and text[-1].isdecimal() and old[-1].isdecimal()):
        return False
    number = number_of(text)
    return number is not None and number == number_of(old)


def number_of(cell: str) -> Decimal | None:
    """Return a number that may be written as 1 234,50 ₽, None where it is none."""
    if len(cell) > LONGEST_SHORT:
        return None
    text = "".join(char for char in cell if not char.isspace()).casefold()
    for unit in ("руб.", "руб", "р.", "₽", "р"):
        text = text.removesuffix(unit)
    try:
        number = Decimal(text.replace(",", "."))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
