"""Makes a till's name fit for VK: tidy, 4 to 100 characters by VK's own count, meaning kept."""

import re
from collections.abc import Collection
from functools import lru_cache

from syncing.core.amounts import write_units
from syncing.core.characters import IN_CP1251, LONGEST_READ, legible, to_cp1251, unescape, vk_length, weight
from syncing.core.quotes import pair_quotes
from syncing.core.records import ChannelLimits, Rules, SourceProduct
from syncing.core.sentence_case import to_sentence_case
from syncing.core.shop_numbers import without_pack_count, without_shop_numbers
from syncing.core.shortenings import write_out
from syncing.core.truncation import cut

SHORTEST = 4
_PAD = " (товар)"
# In a name also what costs more than its like, and quotes of every kind as one.
_CHEAPER = str.maketrans(
    {
        "¶": " ",
        "¤": " ",
        "`": "'",
        "´": "'",
        "‘": "'",
        "“": '"',
        "”": '"',
        "„": '"',
        "<": "‹",
        ">": "›",
        "\\": "/",
    }
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_TO_CHANGE = re.compile(rf"[{re.escape(''.join(map(chr, _CHEAPER)))}\x00-\x1f\x7f-\x9f]")
# A name of nothing else is plain: it has no entity, nothing unseen and nothing to change.
_PLAIN = "".join(char for char in IN_CP1251 if char not in "&\xad" and not _TO_CHANGE.match(char))
_NOT_PLAIN = re.compile(f"[^{re.escape(_PLAIN)}]")
_SPACES = re.compile(r"\s+")
# Wherever one of the four below finds something, and seldom elsewhere: most names need none of them.
_UNTIDY = re.compile(r"\s[,;:)\].]|[(\[«][\s)\]»]|[,;:][,;:]")
_MARKED = re.compile(r"[,;:.()\[\]«»\"'’‘`´]")
_REPEATED = re.compile(r"([,;:])(?:\s*[,;:])+")
_BEFORE_STOP = re.compile(r"\s+([,;:)\]])|\s+(\.)(?=\s|$)")
_AFTER_OPENING = re.compile(r"([(\[])\s+")
# «/Славянка/» says as much as «(Славянка)», and no half of it is taken for an edge.
_IN_SLASHES = re.compile(r"(?<!\S)/\s?([^/]{3,}?)\s?/(?=\s|$|\*)")
_EMPTY = re.compile(r"\(\s*\)|\[\s*\]|«\s*»")
_EDGES = " \t,;:-–—/_|=*~"


def product_title(product: SourceProduct, rules: Rules, limits: ChannelLimits) -> str | None:
    """Return the product's name as VK takes it by the merchant's rules, or None if nothing is left of it.

    The merchant's own title stands as they wrote it, as far as VK takes it.
    """
    if product.own_title and (
        own := tidy_title(product.own_title, sentence_case=False, longest=limits.title_weight)
    ):
        return own
    return tidy_title(
        product.name,
        sentence_case=rules.sentence_case,
        longest=limits.title_weight,
        own_numbers=(product.code, product.article, *product.barcodes),
        written_out=rules.write_out_shortenings,
    )


# A product's name is asked for more than once while it is planned, seldom later.
@lru_cache(maxsize=256)
def tidy_title(
    raw: str,
    *,
    sentence_case: bool,
    longest: int,
    own_numbers: tuple[str, ...] = (),
    written_out: bool = False,
) -> str | None:
    """Return a name that VK takes, or None if no letter or digit is left.

    `longest` is by VK's count. `sentence_case` turns a name typed in capitals to ordinary case and writes
    units after numbers; Latin words, abbreviations and codes stay. `own_numbers` are the product's code,
    article and barcodes, which tell the buyer nothing. With `written_out` usual shortenings are written
    out, if there is room. A tidy name comes back as it is.
    """
    if raw.endswith(_PAD) and len(raw) < SHORTEST + len(_PAD) and _says_something(raw.removesuffix(_PAD)):
        raw = raw.removesuffix(_PAD)
    line = clean_line(raw, sentence_case=sentence_case, own_numbers=own_numbers)
    if not _says_something(line):
        return None
    if written_out and vk_length(full := write_out(line)) <= longest:
        line = full
    title = _shorten(line, longest, sentence_case=sentence_case, own_numbers=own_numbers)
    return title + _PAD if len(title) < SHORTEST else title


@lru_cache(maxsize=1024)
def tidy_name(raw: str, *, sentence_case: bool, longest: int) -> str:
    """Return a tidy name for other uses, "" if nothing is left; `longest` is by VK's count."""
    line = clean_line(raw, sentence_case=sentence_case)
    return _shorten(line, longest, sentence_case=sentence_case) if _says_something(line) else ""


def clean_line(raw: str, *, sentence_case: bool, own_numbers: Collection[str] | None = None) -> str:
    """Return one tidy line; without `own_numbers` the shop's numbers stay."""
    # Each step may lay bare work for another ("«,»", "&g\x07t;"); none adds what another takes away.
    text = raw[:LONGEST_READ]
    while (tidied := _tidied(text, sentence_case=sentence_case, own_numbers=own_numbers)) != text:
        text = tidied
    return text


def _tidied(text: str, *, sentence_case: bool, own_numbers: Collection[str] | None) -> str:
    text = _plain(text)
    # No white space but the space itself is printable.
    if "  " in text or not text.isprintable():
        text = _SPACES.sub(" ", text)
    if "/" in text:
        text = _IN_SLASHES.sub(r"(\1)", text)
    if own_numbers is not None:
        text = without_shop_numbers(text, own_numbers)
    text = _punctuate(text)
    if own_numbers is not None:
        text = without_pack_count(text)
    return write_units(to_sentence_case(text)) if sentence_case else text


def _shorten(
    line: str, longest: int, *, sentence_case: bool, own_numbers: Collection[str] | None = None
) -> str:
    """Cut by VK's count, and again where what is left of a pair of quotes has to go."""
    allowed = longest
    while vk_length(line) > longest:
        line = clean_line(cut(line, allowed, weight), sentence_case=sentence_case, own_numbers=own_numbers)
        allowed -= 1
    return line


def _plain(text: str) -> str:
    if not _NOT_PLAIN.search(text):
        return text
    plain = legible(unescape(text))
    return _CONTROL.sub(" ", plain.translate(_CHEAPER)) if _TO_CHANGE.search(plain) else plain


def _punctuate(text: str) -> str:
    text = text.rstrip(_EDGES + "([").lstrip(_EDGES + ")]")
    if not _MARKED.search(text):
        return text
    text = pair_quotes(text)
    if not _UNTIDY.search(text):
        return text
    text = _BEFORE_STOP.sub(r"\1\2", _EMPTY.sub(" ", text))
    return _REPEATED.sub(r"\1", _AFTER_OPENING.sub(r"\1", text))


def _says_something(text: str) -> bool:
    return text[:1].isalnum() or any(char.isalnum() for char in text)


__all__ = [
    "LONGEST_READ",
    "clean_line",
    "legible",
    "product_title",
    "tidy_name",
    "tidy_title",
    "to_cp1251",
    "unescape",
    "vk_length",
]
