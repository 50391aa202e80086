"""The mark in an item's sku by which we know our own goods in VK when our database does not.

A stamp is `ES`, twelve characters of a hash of the product's identity, and two check characters: 16
capital letters and digits, which survive every way that VK may store or show a sku.
"""

import re
from collections.abc import Collection, Iterable
from functools import lru_cache
from hashlib import blake2b

from syncing.core.records import ProductKey

PREFIX = "ES"
# Crockford's alphabet has no letter that can be misread as a digit.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
# By ten bits of the hash, of which the first letter has the lower five.
_PAIRS = [first + second for second in _ALPHABET for first in _ALPHABET]
_MISREAD = str.maketrans("OIL", "011")
_SHAPE = re.compile(rf"(?<![0-9A-Z]){PREFIX}([0-9A-Z]{{12}})([0-9A-Z]{{2}})(?![0-9A-Z])")


@lru_cache(maxsize=16384)
def stamp(key: ProductKey) -> str:
    """Return the product's stamp, the same for ever for the same store id and product id."""
    body = _encode("\0".join(key).encode(), 12)
    return PREFIX + body + _check(body)


def find_stamp(sku: str, *, typed: Collection[str] = ()) -> str | None:
    """Return the stamp within a sku, whatever stands around it and however it was retyped, or None.

    Of several the last is ours: we append it to the article, which may hold another product's. The check
    characters keep a merchant's own article numbers from being taken for a stamp. A sku that is nothing
    but an article of `typed` (from `typed_stamps`) was typed by the merchant and proves nothing.
    """
    last = None
    if typed and _normal(sku) in typed:
        return None
    for found in _SHAPE.finditer(sku.upper()):
        body, check = found[1].translate(_MISREAD), found[2].translate(_MISREAD)
        if _check(body) == check:
            last = PREFIX + body + check
    return last


def typed_stamps(articles: Iterable[str]) -> frozenset[str]:
    """Return the articles of the till that hold a stamp themselves, as `find_stamp` compares them."""
    return frozenset(_normal(article) for article in articles if find_stamp(article))


def _normal(text: str) -> str:
    return " ".join(text.upper().split())


def _check(body: str) -> str:
    return _encode(f"check {body}".encode(), 2)


def _encode(source: bytes, length: int) -> str:
    number = int.from_bytes(blake2b(source, digest_size=8).digest(), "big")
    return "".join([_PAIRS[number >> 5 * place & 1023] for place in range(0, length, 2)])
