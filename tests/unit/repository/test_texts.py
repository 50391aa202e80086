"""The merchant's texts, in both languages: sentences for a phone, and no names of our own code."""

import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.pofile import read_po

CATALOGUE = Path(__file__).resolve().parents[3] / "locale/ru/LC_MESSAGES/django.po"
# Four lines of a phone 390 px wide; tests/e2e/watching.py measures the lines themselves.
LONGEST_SENTENCE = 150
LONGEST_TEXT = 168
SENTENCE_END = re.compile(r"(?<=[.!?…])[»”\"]?\s+|\n")
TAG = re.compile(r"<[^>]+>")
FILLED_IN = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
STAFFS_PLACE = re.compile(r"admin|/staff/|/management/|^evosync/ops/|/preflight/")
# A line does not end between a number and what it counts, nor before a sign.
TORN_OFF = re.compile(
    r" (?=₽|%%|%(?![\w(]))|№ |\d \d{3}\b"
    r"|(?:\d|%\(\w+\)[sd]|\{\w+\}) "
    r"(?=(?:[ГМК]Б|к?г|м?л|[см]м|(?:рубл|секунд|минут|час|дн|знак|символ)[а-я]*)\b)"
)
# Its thousands would not be apart. Only the number of a run is one to be searched for.
JOINED_NUMBER = re.compile(r"%\((?!id\))\w+\)d|%d")
# What only operators read names their settings.
FOR_OPERATORS = "docs/operators.md"
CODE_NAME = re.compile(r"(?<![\w@./{<-])[A-Za-z]{2,}(?:_[A-Za-z0-9]+)+(?![\w@/}-]|\.\w)")
# How a run came about is said by what happened, not by our commands.
COMMAND = re.compile(r"запущен\w* командой|started by (?:the |a )?command", re.IGNORECASE)

# The name is read «вэ-ка», so it takes «в».
PREPOSITION = re.compile(r"\bво VK", re.IGNORECASE)

# Pages, emails and staff's pages say «учётная запись» and «вход в два шага».
SECOND_NAMES = re.compile(r"аккаунт|двухфактор", re.IGNORECASE)


def written() -> Iterator[str]:
    with CATALOGUE.open("rb") as file:
        for message in read_po(file):
            for part in (message.id, message.string):
                yield from filter(None, [part] if isinstance(part, str) else part or [])


def texts() -> Iterator[str]:
    return (FILLED_IN.sub("", TAG.sub("", text)) for text in written())


def test_no_sentence_is_longer_than_four_lines_of_a_phone() -> None:
    long = [
        f"{len(sentence)}: {sentence}"
        for text in texts()
        for sentence in SENTENCE_END.split(text)
        if len(sentence) > LONGEST_SENTENCE
    ]
    assert long == []


def test_no_text_of_the_merchants_is_longer_than_four_lines_of_a_phone() -> None:
    with CATALOGUE.open("rb") as file:
        long = [
            f"{len(read)}: {read}"
            for message in read_po(file)
            if not all(map(STAFFS_PLACE.search, (place for place, _line in message.locations)))
            for part in (message.id, message.string)
            for text in ([part] if isinstance(part, str) else part or [])
            if len(read := FILLED_IN.sub("12 345", TAG.sub("", text))) > LONGEST_TEXT
        ]
    assert long == []


def test_every_number_in_a_text_comes_with_its_thousands_apart() -> None:
    assert [text for text in written() if JOINED_NUMBER.search(text)] == []


def test_no_text_has_a_name_of_our_code() -> None:
    read = [text for text in texts() if FOR_OPERATORS not in text]
    found = {text: words for text in read if (words := CODE_NAME.findall(text) or COMMAND.findall(text))}
    assert found == {}


def test_vk_has_one_preposition_everywhere() -> None:
    assert [text for text in texts() if PREPOSITION.search(text)] == []


def test_an_account_and_its_second_step_have_one_name_in_russian() -> None:
    assert [text for text in texts() if SECOND_NAMES.search(text)] == []


def test_a_russian_number_stands_in_one_line_with_its_unit() -> None:
    with CATALOGUE.open("rb") as file:
        strings = [message.string for message in read_po(file) if message.id]
    read = [text for string in strings for text in ([string] if isinstance(string, str) else string or [])]
    assert [text for text in read if TORN_OFF.search(text)] == []
