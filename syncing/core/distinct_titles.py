"""Tells titles apart: two products whose names differ in a word, a digit or a unit never share one.

A title leaves out what the buyer does not need, and the end of a long name. Where only that told two
products apart, it comes back.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import takewhile

from syncing.core.characters import legible, unescape, vk_length, weight
from syncing.core.records import ChannelLimits, ProductKey, Rules, SourceProduct
from syncing.core.sku_stamp import stamp
from syncing.core.titles import LONGEST_READ, clean_line
from syncing.core.truncation import cut

_SAID = re.compile(r"[^\W_]+|%|(?<=\d)[\"″”'’»]+")
_WORD = re.compile(r"[^\W\d_]+|\d+")
# So much of a title is left to what tells it apart.
_LONGEST_TAIL = 45


def tell_apart(
    products: Iterable[SourceProduct], titles: dict[ProductKey, str], rules: Rules, limits: ChannelLimits
) -> None:
    """Change the titles that products share whose names do not say the same."""
    alike: dict[str, list[SourceProduct]] = defaultdict(list)
    for product in products:
        alike[titles[product.key].casefold()].append(product)
    taken = set(alike)
    for title in sorted(title for title, several in alike.items() if len(several) > 1):
        taken.discard(title)
        several = sorted(alike[title], key=lambda product: product.key)
        told = _titles_of(titles, several, rules, limits.title_weight, taken)
        taken.add(title)
        titles |= told


def tell_from(title: str, product: SourceProduct, is_taken: Callable[[str], bool], longest: int) -> str:
    """Return the title, with the product's number behind it where another product has it."""
    if not is_taken(title):
        return title
    return next(one for one in _numbered(title, product, longest) if not is_taken(one))


def is_other_name(before: str, after: str, *, name: str) -> bool:
    """Return True if a title becomes that of other goods: words go, and words of the till's `name` come.

    Words that are only added or left out name the same goods, and so do a rule's words in place of another's,
    and another case.
    """
    old, new, told = (set(_WORD.findall(text.casefold())) for text in (before, after, name))
    return bool(old - new and (new - old) & told)


def _titles_of(
    titles: Mapping[ProductKey, str],
    several: list[SourceProduct],
    rules: Rules,
    longest: int,
    taken: set[str],
) -> dict[ProductKey, str]:
    """Return titles for products that share one, none if their names say the same.

    Of several with the merchant's own title the first keeps it.
    """
    by_name: dict[tuple[tuple[str, ...], ...], list[SourceProduct]] = defaultdict(list)
    for product in sorted(several, key=lambda one: not one.own_title):
        by_name[_said(product.own_title), _said(product.name)].append(product)
    if len(by_name) == 1:
        return {}
    lines = [_line(same[0], rules) for same in by_name.values()]
    begun = Counter(_beginning(line, longest) for line in lines)
    shared = _shared_words(lines)
    told: dict[ProductKey, str] = {}
    for place, (line, same) in enumerate(zip(lines, by_name.values(), strict=True)):
        if not place and same[0].own_title:
            taken.add(titles[same[0].key].casefold())
            told |= {product.key: titles[product.key] for product in same}
            continue
        candidates = _candidates(line, begun, shared, same[0], longest)
        title = next(one for one in candidates if one.casefold() not in taken)
        taken.add(title.casefold())
        told |= dict.fromkeys((product.key for product in same), title)
    return told


def _line(product: SourceProduct, rules: Rules) -> str:
    """Return all that the product's own title, else its name, says."""
    if product.own_title:
        return clean_line(product.own_title, sentence_case=False)
    return clean_line(product.name, sentence_case=rules.sentence_case)


def _beginning(line: str, longest: int) -> str:
    return clean_line(cut(line, longest, weight), sentence_case=False)


def _candidates(
    line: str, begun: Counter[str], shared: int, product: SourceProduct, longest: int
) -> Iterator[str]:
    """Yield titles, the best first: all that the name says, what tells it from the others, its number.

    `begun` are the beginnings of all lines, which share so many words.
    """
    beginning = _beginning(line, longest)
    if begun[beginning] == 1:
        yield beginning
    if tail := _tail(line, shared, longest):
        yield _joined(line, tail, longest)
    yield from _numbered(line, product, longest)


def _numbered(line: str, product: SourceProduct, longest: int) -> Iterator[str]:
    """Yield titles with what numbers the product behind them; its stamp is no other product's."""
    for number in (product.article, product.code, *product.barcodes):
        if said := clean_line(number, sentence_case=False):
            yield _joined(line, f"({cut(said, _LONGEST_TAIL, weight)})", longest)
    yield _joined(line, f"({stamp(product.key)})", longest)


def _shared_words(lines: list[str]) -> int:
    """Return how many words all lines begin with."""
    words = [one.casefold().split() for one in lines]
    # What the first and the last in order share, all between them share.
    pairs = zip(min(words), max(words), strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _tail(line: str, shared: int, longest: int) -> str:
    """Return the words from the first that not all lines share, as many as have room."""
    if vk_length(line) <= longest:
        return ""
    return cut(" ".join(line.split()[shared:]), _LONGEST_TAIL, weight)


def _joined(line: str, tail: str, longest: int) -> str:
    """Return the beginning of the line and the tail in one title that fits."""
    room = longest - vk_length(tail) - 1
    while vk_length(title := clean_line(f"{cut(line, room, weight)} {tail}", sentence_case=False)) > longest:
        room -= 1
    return title


def _said(name: str) -> tuple[str, ...]:
    """Return the words, numbers and units of a name."""
    return tuple(_SAID.findall(f"{legible(unescape(name[:LONGEST_READ]))}{name[LONGEST_READ:]}".casefold()))
