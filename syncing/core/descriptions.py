"""Writes an item's description: the merchant's template, or the till's own words with the unit."""

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache

from syncing.core.eligibility import gettext_noop
from syncing.core.records import Rules, SourceProduct
from syncing.core.template_faults import TemplateFault, lone_brace, unknown_words
from syncing.core.titles import legible, tidy_name, unescape
from syncing.core.truncation import cut

SHORTEST = 10
LONGEST = 3000
LONGEST_TEMPLATE = 2000
LONGEST_UNIT = 20
# So much of a text with its HTML is read: four times what VK shows of a description.
LONGEST_READ = 12_000
LONGEST_UNIT_READ = 200
PLACEHOLDERS = ("name", "price", "unit", "group", "article", "description")
# Sold by measure: a price means nothing without the unit, and stock may be a part of one.
_MEASURED = frozenset({"кг", "г", "гр", "л", "мл", "м", "см", "км", "м2", "м3", "т"})
_SAME_UNIT = {"дроб": "кг", "кг.": "кг", "": "шт", "ед": "шт", "шт.": "шт", "л.": "л", "литр": "л", "гр": "г"}
_PLACEHOLDER = re.compile(r"\{\s*(\w+)\s*\}")
# What `describe` adds to the text: "Цена за 1 кг." and what is left of it.
_LAST_LINES = re.compile(r"(?:\nЦена за 1 [^\n]{1,20}\.)?(?:\nОсталось меньше 1 [^\n]{1,20}\.)?\Z")
_UNIT_SAID = re.compile(r"(?:^|\n)Цена за 1 ([^\n]{1,20})\.(?:\n|$)")
_TAG = re.compile(r"<(?:/?[a-zA-Z]|!--)[^<>]*>")
_BREAK = re.compile(r"<\s*(?:br|/p|/div|/li|/h\d)\b[^<>]*>", re.IGNORECASE)
_TOP = "ru|рф|рус|com|net|org|su|me|io|shop|store|online|site|info|biz|by|kz|ua|pro|app|dev|link|club|tv|xyz"
# An address or a host begins where nothing of it stands before, so no text is read twice.
_LINK = re.compile(
    "|".join(
        (
            r"(?:https?|ftp)\s{0,3}:\s{0,3}//\S*",
            r"\bwww\.\S+",
            r"(?<![\w.+-])[\w.+-]++@[\w.-]++",
            r"(?<![\w-])(?<![\w-]\.)[\w-]++(?:\.[\w-]++)*\.(?:" + _TOP + r")\b(?:/\S*)?",
        )
    ),
    re.IGNORECASE,
)


def describe(
    product: SourceProduct,
    *,
    title: str,
    price: int,
    group_path: tuple[str, ...],
    rules: Rules,
    template: str | None = None,
    longest: int = LONGEST,
) -> str:
    """Return a text of 10 to `longest` characters without links and HTML; `price` is in kopecks.

    `template` is that of the rules if not given.

    The unit of goods sold by measure is always said. A sale changes no description, except where the
    rest falls below one unit: VK then shows none left, and the text says that there is some.
    """
    if template is None:
        template = rules.description_template
    unit = unit_of(product.measure)
    own = text = plain_text(product.description)
    if template.strip():
        group = group_path[-1] if group_path else ""
        values = {
            "name": title,
            "price": format_price(price),
            "unit": unit,
            "group": tidy_name(group, sentence_case=rules.sentence_case, longest=100),
            "article": product.article.strip() or product.code.strip() or next(iter(product.barcodes), ""),
            "description": own,
        }
        text = plain_text(fill(template, values))
    # A name may be a link itself; VK takes it as a name and refuses it in a description.
    lines = [text or plain_text(title)]
    basis = f"Цена за 1 {unit}."
    is_measured = unit in _MEASURED
    if (
        len(lines[0]) < SHORTEST
        or (not own and not template.strip())
        or (is_measured and basis[:-1] not in text)
    ):
        lines.append(basis)
    if is_measured and _is_part(product.quantity):
        lines.append(f"Осталось меньше 1 {unit}.")
    return shorten("\n".join(lines), longest)


def shorten(text: str, longest: int) -> str:
    """Return a description cut to this many characters; the unit at its end stays where there is room."""
    if len(text) <= longest:
        return text.strip()
    found = _LAST_LINES.search(text)
    rest = found[0] if found and len(found[0]) <= longest // 2 else ""
    kept = cut(text.removesuffix(rest), longest - len(rest), _one)
    return f"{kept}{rest}".strip()


# A till has a few units and hundreds of goods of each.
@lru_cache(maxsize=256)
def unit_of(measure: str) -> str:
    """Return the unit to show for the till's measure name; `дроб` is how Evotor writes weight."""
    unit = " ".join(plain_text(measure[:LONGEST_UNIT_READ]).casefold().split())[:LONGEST_UNIT]
    return _SAME_UNIT.get(unit, unit)


def says_other_unit(before: str, after: str) -> bool:
    """Return True if a description that `describe` wrote gives the price for another unit than before.

    One that names none is of goods sold by the piece, or in another unit that is not measured.
    """
    old, new = (found[1] if (found := _UNIT_SAID.search(text)) else "" for text in (before, after))
    return old != new and (bool(old and new) or (old or new) in _MEASURED)


def without_last_lines(text: str) -> str:
    """Return a description without the unit and the rest that `describe` adds at its end."""
    return _LAST_LINES.sub("", text)


def format_price(kopecks: int) -> str:
    """Return a price as a price tag shows it: "199,90 руб.", "200 руб."."""
    roubles, rest = divmod(kopecks, 100)
    return f"{roubles},{rest:02} руб." if rest else f"{roubles} руб."


def fill(template: str, values: Mapping[str, str]) -> str:
    """Return the template with its placeholders filled; what is no placeholder stays as typed."""
    return _PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), template)


def validate_template(text: str) -> list[TemplateFault]:
    """Return what is wrong with a description template; [] if nothing."""
    faults = []
    if len(text) > LONGEST_TEMPLATE:
        faults.append(
            TemplateFault(gettext_noop("The template is too long. Keep it under 2,000 characters."))
        )
        text = text[:LONGEST_TEMPLATE]
    if unknown := unknown_words(text, PLACEHOLDERS):
        sentence = gettext_noop(
            "EvoSync does not know %(word)s. Use {name}, {price}, {unit}, {group}, {article} or "
            "{description}."
        )
        faults.append(TemplateFault(sentence, unknown))
    if lone := lone_brace(text):
        faults.append(lone)
    if _LINK.search(text):
        faults.append(
            TemplateFault(
                gettext_noop("VK refuses links in descriptions. Take the link out of the template.")
            )
        )
    elif text.strip() and not plain_text(_PLACEHOLDER.sub("a", text)):
        faults.append(
            TemplateFault(gettext_noop("VK shows neither emoji nor HTML. Write words or a word in braces."))
        )
    return faults


def plain_text(text: str) -> str:
    """Return the text without HTML, links, pictures and control characters; lines stay, spaces are folded.

    What stands behind LONGEST_READ characters is left out.
    """
    if not text:
        return ""
    text = text[:LONGEST_READ]
    text = _without_links(legible(_without_tags(unescape(_without_tags(text)))))
    if text.isprintable():
        # One line, for what ends a line is not printable.
        return " ".join(text.split())
    text = "\n".join(" ".join(_printable(line).split()) for line in text.splitlines())
    return (re.sub(r"\n{3,}", "\n\n", text) if "\n\n\n" in text else text).strip()


def _is_part(quantity: Decimal | None) -> bool:
    return quantity is not None and quantity.is_finite() and 0 < quantity < 1


def _without_links(text: str) -> str:
    """Return the text without addresses; there is none without one of these signs."""
    return _LINK.sub(" ", text) if "." in text or "@" in text or ":" in text else text


def _without_tags(text: str) -> str:
    return _TAG.sub(" ", _BREAK.sub("\n", text)) if "<" in text else text


def _printable(line: str) -> str:
    return line if line.isprintable() else "".join(char if char.isprintable() else " " for char in line)


def _one(_char: str) -> int:
    return 1
