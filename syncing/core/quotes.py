"""Tells quotes from inches, and writes quotes as pairs of «»."""

import re

INCH = '"'
# Two single marks are an inch, one alone is told by what stands beside it.
_TWO_SINGLE = re.compile("['’‘`´]{2}")
_MARK = re.compile(r'["«»]')
_SINGLE_MARK = re.compile("'")
_REPEATED = re.compile(r'(?<!\d)"{2,}|«{2,}|»{2,}|(?<!\d)"(?=»)|(?<=«)"')
_POSSESSIVE = re.compile(r"(?<=[A-Za-z]) ?'(?=[sS]\b)")
_WITHIN_WORD = re.compile(r"(?<=\w)'(?=\w)")
_SINGLES = re.compile(r"'+")
_SPACE_AFTER_OPENING = re.compile(r"«\s+")
_SPACE_BEFORE_CLOSING = re.compile(r"(?<!\s)\s+»")
_NO_SPACE_BEFORE = re.compile(r"(?<=[\w.,;:)])«")
_NO_SPACE_AFTER = re.compile(r"(?<=»)(?=[\w«№])")
# How `pair_quotes` leaves a text: what it has tidied is read once more.
_TEXT = "[^\"«»'’‘`´]"
_PAIRED = re.compile(rf"(?:{_TEXT}*+(?<![\w.,;:)])«(?!\s){_TEXT}++(?<!\s)»(?![\w«№]))*+{_TEXT}*+")
_BEFORE_OPENING = " (["
_AFTER_CLOSING = " ).,;:]"


def pair_quotes(text: str) -> str:
    """Return the text with its quotes as pairs of «», none nested, none alone.

    A mark after a digit is an inch and stays, unless it closes a quote: 1/2", 32'', "Балтика 7".
    """
    if _PAIRED.fullmatch(text):
        return text
    text = _single(text)
    if not _MARK.search(text):
        return text
    text = _REPEATED.sub(lambda found: found[0][0], text)
    pieces: list[str] = []
    opened: int | None = None
    opener = ""
    end = 0
    marks = list(_MARK.finditer(text))
    for place, mark in enumerate(marks):
        pieces.append(text[end : mark.start()])
        end = mark.end()
        following = marks[place + 1] if place + 1 < len(marks) else None
        if _is_inch(mark, following, opener):
            pieces.append(INCH)
        elif _opens(mark, is_open=opened is not None):
            if opened is not None:
                pieces[opened] = " "
            opened, opener = len(pieces), mark[0]
            pieces.append("«")
        elif opened is not None:
            opened, opener = None, ""
            pieces.append("»")
        else:
            pieces.append(" ")
    if opened is not None:
        pieces[opened] = " "
    return _space("".join(pieces) + text[end:])


def _single(text: str) -> str:
    """Return the text with single marks told apart: an inch, a minute or foot, an apostrophe, a quote."""
    if "'" not in text and not _TWO_SINGLE.search(text):
        return text
    text = _TWO_SINGLE.sub('"', text)
    text = _WITHIN_WORD.sub("’", _POSSESSIVE.sub("’", text))
    return _SINGLES.sub('"', _SINGLE_MARK.sub(_FeetAndQuotes().replace, text))


class _FeetAndQuotes:
    """Tells a foot or minute after a digit from a single mark that closes a quote, reading once."""

    def __init__(self) -> None:
        self._is_open = False

    def replace(self, mark: re.Match[str]) -> str:
        """Return what the mark means; the last one before it may have opened a quote."""
        before, after = _before(mark), _after(mark)
        was_open = self._is_open
        self._is_open = (not before or before.isspace() or before == "(") and _is_word(after)
        if not before.isdigit():
            return mark[0]
        return '"' if was_open else "’"


def _is_word(char: str) -> bool:
    return char.isalnum() or char == "_"


def _is_inch(mark: re.Match[str], following: re.Match[str] | None, opener: str) -> bool:
    if mark[0] == "«" or not mark.start():
        return False
    if not _is_after_digit(mark):
        # «1/2 " труба»: a last mark that closes nothing.
        return mark[0] == '"' and not opener and following is None and _is_free(mark) and _ends_in_digit(mark)
    if mark[0] == "»":
        # Word processors write 1/2» for 1/2".
        return not opener
    if opener == "«":
        return True
    if opener:
        # The quote is open. Another mark that closes it makes this one an inch.
        return following is not None and not _is_after_digit(following) and _closes(following)
    # «25"Липтон"» opens a quote.
    return not (
        following is not None
        and _after(mark).isalpha()
        and not _is_after_digit(following)
        and _closes(following)
    )


def _ends_in_digit(mark: re.Match[str]) -> bool:
    """Return True if a digit stands before the mark, spaces aside. Asked of the last mark only."""
    return mark.string[: mark.start()].rstrip()[-1:].isdigit()


def _is_after_digit(mark: re.Match[str]) -> bool:
    return _before(mark).isdigit()


def _is_free(mark: re.Match[str]) -> bool:
    return _before(mark) == " " and _after(mark) in ("", " ")


def _before(mark: re.Match[str]) -> str:
    return mark.string[max(0, mark.start() - 1) : mark.start()]


def _after(mark: re.Match[str]) -> str:
    return mark.string[mark.end() : mark.end() + 1]


def _closes(mark: re.Match[str]) -> bool:
    """Return True if a mark closes by its form or by the spaces around it."""
    if mark[0] != '"':
        return mark[0] == "»"
    before = _before(mark)
    return before not in _BEFORE_OPENING and (not _after(mark) or not _after(mark).isalnum())


def _opens(mark: re.Match[str], *, is_open: bool) -> bool:
    """Return True if a quote opens, by its form, else by the spaces around it, else by turns."""
    if mark[0] in ("«", "»"):
        return mark[0] == "«"
    before = _before(mark)
    free_before = not before or before in _BEFORE_OPENING
    free_after = not _after(mark) or _after(mark) in _AFTER_CLOSING
    if free_before != free_after:
        return free_before
    return not is_open


def _space(text: str) -> str:
    text = _SPACE_AFTER_OPENING.sub("«", _SPACE_BEFORE_CLOSING.sub("»", text))
    return _NO_SPACE_AFTER.sub("» ", _NO_SPACE_BEFORE.sub(" «", text))
