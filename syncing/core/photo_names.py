"""Finds which product a photo shows by its file's name: by barcode, article, code or words of its name.

`4600123456789-2.jpg` is the second photo of the product with that barcode; so is `4600123456789/2.jpg`, which
lies in a folder. A name that fits two products means neither: a wrong photo is worse than none.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from syncing.core.choices import PhotoMark, PhotoMiss

# As long as a name in a database of ours; of a longer one the end says which photo it is.
LONGEST_NAME = 255
# A photo's number has two digits at most: more are a code or a camera's counter.
NUMBER = re.compile(r"\d{1,2}")
WORDS = re.compile(r"[^\W_]+")
# Digits that stand beside letters, such as those of IMG4600123456789.
DIGITS = re.compile(r"\d{8,14}")
BARCODE_DIGITS = 8
# What is shorter, or has no digit, says nothing inside of a longer name.
TELLING_LENGTH = 5
LONGEST_MARK = 8
SHORTEST_WORD = 3
# What cameras count by, and what people write beside a name.
CAMERAS = frozenset(("img", "image", "dsc", "dscn", "dscf", "pic", "pxl", "vid", "whatsapp", "screenshot"))
NOISE = CAMERAS | {"photo", "picture", "copy", "фото", "картинка", "копия", "снимок"}

Words = tuple[str, ...]
Hits = Mapping[int, PhotoMark]
NOTHING: Hits = {}


@dataclass(frozen=True, slots=True)
class MarkedGoods:
    """What of one product may stand in a file's name."""

    pk: int
    name: str
    article: str = ""
    code: str = ""
    barcodes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PhotoMatch:
    """What a file's name says: a product and by which mark, or why none.

    `number` is the photo's place as the name tells it, 0 where it tells none. `goods` are all products that
    the name fits; one is matched where there is exactly one.
    """

    goods: tuple[int, ...] = ()
    mark: PhotoMark | None = None
    number: int = 0

    @property
    def product(self) -> int | None:
        """The matched product."""
        return self.goods[0] if len(self.goods) == 1 else None

    @property
    def miss(self) -> PhotoMiss | None:
        """Why none is matched."""
        if len(self.goods) == 1:
            return None
        return PhotoMiss.SEVERAL if self.goods else PhotoMiss.NOTHING


class PhotoIndex:
    """Knows all marks and names of a merchant's products."""

    def __init__(self, goods: Iterable[MarkedGoods]) -> None:
        self._marks: dict[Words, dict[int, PhotoMark]] = defaultdict(dict)
        self._names: dict[str, set[int]] = defaultdict(set)
        self._whole: dict[Words, set[int]] = defaultdict(set)
        for one in goods:
            self._add(one)

    def _add(self, one: MarkedGoods) -> None:
        marks = [(code, PhotoMark.BARCODE) for code in one.barcodes]
        marks += [(one.article, PhotoMark.ARTICLE), (one.code, PhotoMark.CODE)]
        for text, mark in marks:
            if words := _words(text):
                self._marks[words].setdefault(one.pk, mark)
        name = _words(one.name)
        self._whole[name].add(one.pk)
        for word in name:
            self._names[word].add(one.pk)

    def find(self, path: str) -> PhotoMatch:
        """Return which product a file is of, given its name with the folders that it lies in."""
        *folders, file = [part for part in path[-LONGEST_NAME:].split("/") if part] or [""]
        stem = _words(file.rpartition(".")[0] or file)
        above = [_words(folder) for folder in reversed(folders)]
        is_number = len(stem) == 1 and NUMBER.fullmatch(stem[0]) is not None
        return (
            (self._by_folders(above, stem) if is_number else None)
            or self._by_marks(stem)
            or self._by_folders(above, stem)
            or self._by_name(stem)
            or next((found for words in above if (found := self._by_name(words, stem))), PhotoMatch())
        )

    def _by_folders(self, above: list[Words], stem: Words) -> PhotoMatch | None:
        for words in above:
            if found := self._by_marks(words):
                return PhotoMatch(found.goods, found.mark, _number(stem))
        return None

    def _by_marks(self, words: Words) -> PhotoMatch | None:
        """Return what a whole name means, else what a mark inside of it means."""
        hits = dict(self._marks.get(words, NOTHING))
        numbered = self._marks.get(words[:-1], NOTHING) if _number(words) else NOTHING
        if hits or numbered:
            return _match({**numbered, **hits}, _number(words) if not hits else 0)
        return self._by_parts(words) or self._by_spaced_barcode(words)

    def _by_parts(self, words: Words) -> PhotoMatch | None:
        hits: dict[int, PhotoMark] = {}
        taken = 0
        is_counted = any(word in CAMERAS for word in words)
        for start in range(len(words)):
            for end in range(min(len(words), start + LONGEST_MARK), max(start, taken), -1):
                part = words[start:end]
                if _is_telling(part, is_counted=is_counted) and part in self._marks:
                    hits.update(self._marks[part])
                    taken = end
                    break
        for word in words:
            if not word.isdecimal():
                for digits in DIGITS.findall(word):
                    hits.update(self._marks.get(_words(digits), NOTHING))
        return _match(hits, _number(words) if taken < len(words) else 0) if hits else None

    def _by_spaced_barcode(self, words: Words) -> PhotoMatch | None:
        """Return what a barcode means that is typed as it is printed, such as 4 600000 000223."""
        for start in range(len(words)):
            for end in range(min(len(words), start + LONGEST_MARK), start + 1, -1):
                part = words[start:end]
                if not all(word.isdecimal() for word in part) or not DIGITS.fullmatch("".join(part)):
                    continue
                marks = self._marks.get(_words("".join(part)), NOTHING)
                if hits := {pk: mark for pk, mark in marks.items() if mark is PhotoMark.BARCODE}:
                    return _match(hits, _number(words) if end < len(words) else 0)
        return None

    def _by_name(self, words: Words, stem: Words | None = None) -> PhotoMatch | None:
        """Return the products in whose names all words stand; one whose whole name they are is meant."""
        words = tuple(word for word in words if word not in NOISE)
        number = _number(words if stem is None else stem)
        variants = [(words, 0 if stem is None else number)]
        if stem is None and number:
            variants.append((words[:-1], number))
        for variant, place in variants:
            if variant and (whole := self._whole.get(variant)):
                return PhotoMatch(tuple(sorted(whole)), PhotoMark.NAME, place)
        found = [(self._with_words(variant), place) for variant, place in variants]
        alone = [one for one in found if len(one[0]) == 1]
        goods = set[int]().union(*(pks for pks, _place in alone or found))
        if not goods:
            return None
        return PhotoMatch(tuple(sorted(goods)), PhotoMark.NAME, alone[0][1] if len(goods) == 1 else 0)

    def _with_words(self, words: Words) -> set[int]:
        if not any(len(word) >= SHORTEST_WORD and not word.isdecimal() for word in words):
            return set()
        fitting = sorted((self._names.get(word, set()) for word in words), key=len)
        return set.intersection(*fitting)


def _match(hits: Hits, number: int) -> PhotoMatch:
    goods = tuple(sorted(hits))
    return PhotoMatch(goods, hits[goods[0]] if len(goods) == 1 else None, number)


def _words(text: str) -> Words:
    """Return the words and numbers of a text; of a barcode without the zeros that some write before it."""
    plain = unicodedata.normalize("NFKC", text[:LONGEST_NAME]).casefold().replace("ё", "е")
    found = WORDS.findall(plain)
    return tuple(
        word.lstrip("0") or word if word.isdecimal() and len(word) >= BARCODE_DIGITS else word
        for word in found
    )


def _number(words: Words) -> int:
    return int(words[-1]) if words and NUMBER.fullmatch(words[-1]) else 0


def _is_telling(words: Words, *, is_counted: bool) -> bool:
    """Return True if these words inside of a longer name can be a mark; a camera's counter is none."""
    text = "".join(words)
    if is_counted and text.isdecimal() and len(text) < BARCODE_DIGITS:
        return False
    return len(text) >= TELLING_LENGTH and any(letter.isdecimal() for letter in text)
