"""Codes that the core and VK use, in the merchant's words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext, gettext_lazy, ngettext

from connections.clients.codes import describe

FIELDS = {
    "title": gettext_lazy("name"),
    "description": gettext_lazy("description"),
    "price_kopecks": gettext_lazy("price"),
    "stock": gettext_lazy("stock"),
    "category_id": gettext_lazy("VK category"),
    "sku": gettext_lazy("article"),
    "hidden": gettext_lazy("visibility"),
    "album": gettext_lazy("album"),
    "photo_key": gettext_lazy("picture"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """One field's change in words, with its unit."""

    field: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """What a code means and what to do next."""

    code: str
    text: str
    next_step: str


def changes_in_words(changes: Mapping[str, Iterable[Any]]) -> list[Change]:
    """Return {field: (old, new)} as lines to be read; an unknown field keeps its name."""
    lines = []
    for name, pair in changes.items():
        old, new = pair
        lines.append(
            Change(
                str(FIELDS.get(name, name)),
                value_in_words(name, old),
                value_in_words(name, new),
            )
        )
    return lines


def value_in_words(name: str, value: object) -> str:
    """Return a field's value as the merchant knows it; None is a dash."""
    if value is None or value == "":
        return "—"
    match name:
        case "price_kopecks":
            return roubles(int(str(value)))
        case "stock":
            return gettext("unlimited") if value == -1 else str(value)
        case "hidden":
            return gettext("hidden") if value else gettext("shown")
        case "photo_key":
            return gettext("drawn by EvoSync") if value == "placeholder" else gettext("your photo")
    return str(value)


def roubles(kopecks: int) -> str:
    """Return an amount with its sign, without kopecks where there are none."""
    amount = Decimal(kopecks) / 100
    return f"{number_format(amount, 0 if kopecks % 100 == 0 else 2, use_l10n=True, force_grouping=True)} ₽"


def trouble(code: str, said: str = "") -> Trouble | None:
    """Return what an error code means, or None for no code. `said` fills in where we have no sentence."""
    if not code:
        return None
    row = describe(code)
    return Trouble(code, gettext(str(row.text)) or said, gettext(str(row.next_step)))


def question_sentence(code: str, count: int, total: int) -> str:
    """Return why a plan was stopped, with its numbers."""
    numbers = {"count": count, "total": total}
    match code:
        case "many_hidden":
            text = ngettext(
                "%(count)d item of %(total)d would disappear from the shop.",
                "%(count)d items of %(total)d would disappear from the shop.",
                count,
            )
        case "many_prices":
            text = ngettext(
                "%(count)d price of %(total)d would change.",
                "%(count)d prices of %(total)d would change.",
                count,
            )
        case "many_zero_stocks":
            text = ngettext(
                "%(count)d item of %(total)d would become sold out.",
                "%(count)d items of %(total)d would become sold out.",
                count,
            )
        case "many_lost_in_vk":
            text = ngettext(
                "%(count)d item of %(total)d is no longer in VK and would be made again.",
                "%(count)d items of %(total)d are no longer in VK and would be made again.",
                count,
            )
        case "store_vanished":
            text = ngettext(
                "A store has left the Evotor account; %(count)d of its items would disappear.",
                "A store has left the Evotor account; %(count)d of its items would disappear.",
                count,
            )
        case "empty_source":
            text = gettext("The till gave an empty catalogue, while it had %(total)d products before.")
        case "shrunken_source":
            text = gettext("The till lost %(count)d of its %(total)d products since the last reading.")
        case _:
            text = code
    return text % numbers
