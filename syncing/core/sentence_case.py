"""Turns a name typed in capitals to ordinary case, leaving what is rightly in capitals."""

import re
from functools import lru_cache

from syncing.core.brands import may_begin_name, spell_names

# A name counts as typed in capitals when this part of its Cyrillic letters is.
_MOSTLY = 0.6
# Fewer letters than this say nothing of how the name was typed ("Saint George RED ОС").
_FEWEST = 3
_LETTER = "[^\\W\\d_]"
# Russian and its neighbours, with the accents that are written as marks of their own.
_CYRILLIC_LETTER = "[\u0400-\u052f]"
_CAPITAL = "".join(filter(str.isupper, map(chr, range(0x400, 0x530))))
# Without two no name is in capitals, and few names that are not have them.
_TWO_CAPITALS = re.compile(f"[{_CAPITAL}][^{_CAPITAL}]*[{_CAPITAL}]")
_CYRILLIC = re.compile(f"{_CYRILLIC_LETTER}+")
_WORDS = re.compile(f"{_LETTER}+(?:-{_LETTER}+)*")
_QUOTED = re.compile(f"(?<=«){_CYRILLIC_LETTER}|(?<=«ТД ){_CYRILLIC_LETTER}|(?<=«ТМ ){_CYRILLIC_LETTER}")
_FIRST = re.compile(rf"[^\w]*{_CYRILLIC_LETTER}+\b")
_VOWELS = frozenset("АЕЁИОУЫЭЮЯӘӨҮҰІЇЄЎ")
_ABBREVIATIONS = frozenset(
    re.findall(
        r"\w+",
        "АО ЗАО ОАО ООО ПАО ИП ПЭТ ПЭТФ ГОСТ ТУ США СССР РФ ЕАЭС УФ АКБ ТЭН ОСП ОСБ УШМ УЗО ИБП ИК ЭВА АКПП "
        "ЕГЭ ОГЭ БАД ТВА ТФА ЕМВ ЖК УКВ АЗС ЭДТА",
    )
)
# Without a vowel, yet small: units and shorthand of the price tag.
_SMALL = re.compile(
    "БЛ|БР|ВК|ВТ|ГР|ДЛ|ДР|КВТ?|КГ|КЛ|КРП?|ЛТ|МГ|МЛ|ММ|МКГ|МП|ПЛ|ПК|ПКТ|ПР|РП|СГ|СК|СЛ|СМ|СР|СТР?|СТЛ|СХ|СП|ТБ|ТЛ|ТР"
    "|ТЧК|ФР|ХЛ|ЦВ|ЧЛ|ШК|ШТ|ПЧ|В|К|С"
)
# A letter alone after one of these is a name: «марка А», «витамин С».
_LETTERED = frozenset(
    re.findall(
        r"\w+",
        "МАРКА МАРКИ ВИТАМИН ВИТАМИНЫ ВИТАМИНОМ ВИТАМИНА ВИТАМИНАМИ КЛАСС КЛАССА ГРУППА ГРУППЫ ТИП КАТЕГОРИЯ "
        "КАТЕГОРИИ СЕРИЯ РАЗМЕР",
    )
)
# Letters beside a digit are part of a code up to this many; more are a word («НОВЫЙ380»).
_LONGEST_CODE = 3
_SHORT_WORDS = frozenset(("ЧАЙ", "СОК", "ЛАК", "СЫР", "РИС", "МЕД", "МЁД", "ЛУК", "МАК", "СУП", "ЩИ"))
_JOINED = re.compile("[ .-]|[.] ")


def to_sentence_case(text: str) -> str:
    """Return the text in ordinary case if it is in capitals; a first Cyrillic word gets its capital.

    Latin words, abbreviations and letters that belong to a number's code stay; known brands, names and
    places begin with a capital, as does what stands in quotes.
    """
    if _is_in_capitals(text):
        text = _lower(text)
        text = _QUOTED.sub(lambda found: found[0].upper(), text) if "«" in text else text
    if text[:1].isupper():
        return text
    first = _FIRST.match(text)
    return _capital(first[0]) + text[first.end() :] if first and first[0].islower() else text


def _is_in_capitals(text: str) -> bool:
    if text[1:].islower() or not _TWO_CAPITALS.search(text):
        return False
    # The first letter gets its capital anyway and must not decide by that.
    cyrillic = "".join(_CYRILLIC.findall(text))[1:]
    return len(cyrillic) >= _FEWEST and sum(map(str.isupper, cyrillic)) >= _MOSTLY * len(cyrillic)


def _lower(text: str) -> str:
    """Return the text with its words in capitals written small, but for what keeps them."""
    pieces: list[str] = []
    end = 0
    words = list(_WORDS.finditer(text))
    names = _names(text, words)
    for place, word in enumerate(words):
        pieces.append(text[end : word.start()])
        end = word.end()
        if place in names and not _is_beside_digit(word):
            pieces.append(names[place])
        elif place and len(word[0]) == 1 and words[place - 1][0].upper() in _LETTERED:
            pieces.append(word[0])
        else:
            pieces.append(_small(word))
    return "".join(pieces) + text[end:]


def _names(text: str, words: list[re.Match[str]]) -> dict[int, str]:
    """Return how the words of known names are spelled; the words of one name stand side by side."""
    names: dict[int, str] = {}
    if not any(may_begin_name(word[0]) for word in words):
        return names
    start = 0
    for place in range(1, len(words) + 1):
        if place == len(words) or not _JOINED.fullmatch(text[words[place - 1].end() : words[place].start()]):
            run = [word[0] for word in words[start:place]]
            names |= {start + at: spelling for at, spelling in spell_names(run).items()}
            start = place
    return {place: name for place, name in names.items() if words[place][0].isupper()}


def _small(word: re.Match[str]) -> str:
    """Return a word written small, or as it is where its capitals mean something."""
    if _is_code(word):
        return word[0]
    return _small_word(word[0])


@lru_cache(maxsize=4096)
def _small_word(word: str) -> str:
    return "-".join(_small_part(part) for part in word.split("-"))


def _small_part(part: str) -> str:
    if not part.isupper() or not _CYRILLIC.fullmatch(part) or part in _ABBREVIATIONS:
        return part
    is_shorthand = len(part) == 1 or _SMALL.fullmatch(part)
    if not is_shorthand and not _VOWELS & set(part):
        return part
    return part.lower()


def _is_code(word: re.Match[str]) -> bool:
    """Return True if the word is part of a code, as in А4, С0, АИ-95-К5, М500."""
    text = word[0]
    longest = max(map(len, text.split("-"))) if "-" in text else len(text)
    if longest > _LONGEST_CODE or text in _SHORT_WORDS:
        return False
    start, end = word.span()
    before, after = word.string[max(0, start - 2) : start], word.string[end : end + 2]
    by_hyphen = (after[:1] == "-" and after[1:].isdigit()) or (before[-1:] == "-" and before[-2:-1].isdigit())
    return _is_beside_digit(word) or by_hyphen


def _is_beside_digit(word: re.Match[str]) -> bool:
    string = word.string
    return string[word.start() - 1 : word.start()].isdigit() or string[word.end() : word.end() + 1].isdigit()


def _capital(text: str) -> str:
    place = next(place for place, char in enumerate(text) if char.isalpha())
    return text[:place] + text[place].upper() + text[place + 1 :]
