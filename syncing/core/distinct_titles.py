"""Tells titles apart: two products whose names differ in a word, a digit or a unit never share one.

A title leaves out what the buyer does not need, and the end of a long name. Where only that told two
products apart, it comes back.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from syncing.core.characters import legible, unescape, vk_length, weight
from syncing.core.records import ChannelLimits, ProductKey, Rules, SourceProduct
from syncing.core.sku_stamp import stamp
from syncing.core.titles import LONGEST_READ, clean_line
from syncing.core.truncation import cut

_SAID = re.compile(r"[^\W_]+|%|(?<=\d)[\"″”'’»]+")
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
    for title, several in sorted(alike.items()):
        if len(several) > 1:
            taken.discard(title)
            several.sort(key=lambda product: product.key)
            told = _titles_of(titles, several, rules, limits.title_weight, taken)
            taken.add(title)
            titles |= told


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
    told: dict[ProductKey, str] = {}
    for place, (line, same) in enumerate(zip(lines, by_name.values(), strict=True)):
        if not place and same[0].own_title:
            taken.add(titles[same[0].key].casefold())
            told |= {product.key: titles[product.key] for product in same}
            continue
        title = next(one for one in _candidates(line, lines, same[0], longest) if one.casefold() not in taken)
        taken.add(title.casefold())
        told |= dict.fromkeys((product.key for product in same), title)
    return told


def _line(product: SourceProduct, rules: Rules) -> str:
    """Return all that the product's own title, else its name, says."""
    if product.own_title:
        return clean_line(product.own_title, sentence_case=False)
    return clean_line(product.name, sentence_case=rules.sentence_case)


def _candidates(line: str, lines: list[str], product: SourceProduct, longest: int) -> Iterator[str]:
    """Yield titles, the best first: all that the name says, what tells it from the others, its number."""
    begun = [clean_line(cut(one, longest, weight), sentence_case=False) for one in lines]
    if begun.count(begun[lines.index(line)]) == 1:
        yield begun[lines.index(line)]
    if tail := _tail(line, lines, longest):
        yield _joined(line, tail, longest)
    for number in (product.article, product.code, *product.barcodes):
        if said := clean_line(number, sentence_case=False):
            yield _joined(line, f"({cut(said, _LONGEST_TAIL, weight)})", longest)
    yield _joined(line, f"({stamp(product.key)})", longest)


def _tail(line: str, lines: list[str], longest: int) -> str:
    """Return the words from the first that not all lines share, as many as have room."""
    words = [one.split() for one in lines]
    shared = 0
    while all(len(one) > shared for one in words) and len({one[shared].casefold() for one in words}) == 1:
        shared += 1
    tail = " ".join(line.split()[shared:])
    return cut(tail, _LONGEST_TAIL, weight) if vk_length(line) > longest else ""


def _joined(line: str, tail: str, longest: int) -> str:
    """Return the beginning of the line and the tail in one title that fits."""
    room = longest - vk_length(tail) - 1
    while vk_length(title := clean_line(f"{cut(line, room, weight)} {tail}", sentence_case=False)) > longest:
        room -= 1
    return title


def _said(name: str) -> tuple[str, ...]:
    """Return the words, numbers and units of a name."""
    return tuple(_SAID.findall(f"{legible(unescape(name[:LONGEST_READ]))}{name[LONGEST_READ:]}".casefold()))
