"""What tells that two products are the same goods: barcodes of the makers, codes of the shop, names."""

import re
from collections.abc import Collection, Iterable
from difflib import SequenceMatcher

from syncing.core.records import SourceProduct

_GTIN_LENGTHS = frozenset({8, 12, 13, 14})
# Number ranges that GS1 leaves to each shop: 02, 04 and 2 of thirteen digits, 0 and 2 of eight.
_SHOPS_OWN = ("02", "04", "2")
_SHOPS_OWN_SHORT = ("0", "2")
_EAN_8 = 8
# «1», «0», «-», «000»: typed to fill a field, not to tell goods apart.
_SHORTEST_CODE = 2
_WORD = re.compile(r"\d+(?:[.,]\d+)?|[^\W\d_]+")
_SHORTEST_STEM = 3
# Of a till's name; words are compared with each other, so what is beyond would cost its square.
LONGEST_NAME = 255
_SAME_WORD = 0.8
# The part of the longer name that the shorter one must contain.
_SHARED = 0.6


def is_global(barcode: str) -> bool:
    """Return True for a maker's barcode, which means the same goods everywhere.

    Codes that a shop gives out itself are reused, and two tills use the same one for different goods.
    """
    if not (barcode.isascii() and barcode.isdecimal() and len(barcode) in _GTIN_LENGTHS):
        return False
    if len(set(barcode)) == 1:
        return False
    if len(barcode) == _EAN_8:
        return not barcode.startswith(_SHOPS_OWN_SHORT)
    return not barcode.zfill(14)[1:].startswith(_SHOPS_OWN)


def global_barcodes(product: SourceProduct) -> tuple[str, ...]:
    """Return the makers' barcodes of a product, fourteen digits each."""
    return tuple(barcode.zfill(14) for barcode in product.barcodes if is_global(barcode))


def shop_codes(product: SourceProduct) -> tuple[str, ...]:
    """Return the article and the barcodes that mean something in this shop only, if they mean anything."""
    return _telling((product.article, *(one for one in product.barcodes if not is_global(one))))


def till_codes(product: SourceProduct) -> tuple[str, ...]:
    """Return the code that the till gave the product, if it means anything; a till counts its codes up."""
    return _telling((product.code,))


def _telling(codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(code for code in (" ".join(one.casefold().split()) for one in codes) if _is_telling(code))


def _is_telling(code: str) -> bool:
    signs = [sign for sign in code if sign.isalnum()]
    return len(signs) >= _SHORTEST_CODE and len(set(signs)) > 1


def plain_name(name: str) -> str:
    """Return a name without case and superfluous spaces, with е for ё."""
    return " ".join(name.casefold().replace("ё", "е").split())


def name_stems(name: str) -> set[str]:
    """Return the beginnings of a name's words: like names share one."""
    words = (word for word in plain_name(name).split() if len(word) >= _SHORTEST_STEM)
    return {f"stem {word[:_SHORTEST_STEM]}" for word in words if word[:_SHORTEST_STEM].isalpha()}


def are_alike(one: str, other: str) -> bool:
    """Return True for two spellings of one name; another number or another word makes another name."""
    first, second = _words(one), _words(other)
    if not first or not second:
        return False
    if _numbers(first) != _numbers(second):
        return False
    shorter, longer = sorted((_letters(first), _letters(second)), key=len)
    if not shorter:
        return not longer
    shared = _shared(shorter, longer)
    return shared == len(shorter) and shared >= _SHARED * len(longer)


def _words(text: str) -> list[str]:
    return _WORD.findall(text[:LONGEST_NAME].casefold().replace("ё", "е"))


def _numbers(words: Collection[str]) -> list[str]:
    return sorted(word.replace(",", ".") for word in words if word[0].isdigit())


def _letters(words: Collection[str]) -> list[str]:
    return [word for word in words if not word[0].isdigit()]


def _shared(shorter: Collection[str], longer: Collection[str]) -> int:
    """Return how many words of the shorter name have one of their own in the longer name."""
    left, shared = list(longer), 0
    for word in shorter:
        if (found := next((other for other in left if _is_same_word(word, other)), None)) is not None:
            left.remove(found)
            shared += 1
    return shared


def _is_same_word(one: str, other: str) -> bool:
    """Return True for a word and its shortening, its other ending or its misspelling."""
    shorter, longer = sorted((one, other), key=len)
    if shorter == longer:
        return True
    if len(shorter) < _SHORTEST_STEM:
        return False
    return longer.startswith(shorter) or SequenceMatcher(None, one, other).ratio() >= _SAME_WORD
