"""Codes that the core and VK use, in the merchant's words."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.formats import localize, number_format
from django.utils.translation import gettext, gettext_lazy, ngettext, pgettext_lazy

from connections.clients.error_catalog import OwnError, lookup
from connections.clients.error_catalog.rows import Reaction
from evosync.common.text import inner_quotes
from evosync.common.times import format_time
from syncing.choices import JobStatus, JobTrigger
from syncing.core.choices import CategorySource
from syncing.core.descriptions import unit_of
from syncing.core.drawn_pictures import style_of
from syncing.core.records import Category, CategoryChoice
from syncing.core.restricted_goods.verdicts import TELLS_NO_KIND
from syncing.models import SyncJob, SyncJobItem
from syncing.services.categories import known_categories
from syncing.services.forbidden_words import restricted_goods_label

# What stands for a field without a value.
NOTHING = "—"
FIELDS = {
    "title": gettext_lazy("name"),
    "description": gettext_lazy("description"),
    "price_kopecks": gettext_lazy("price"),
    "old_price_kopecks": gettext_lazy("old price"),
    "stock": gettext_lazy("stock"),
    "category_id": gettext_lazy("category"),
    "sku": gettext_lazy("article"),
    "hidden": gettext_lazy("visibility"),
    "album": gettext_lazy("album"),
    "photo_key": gettext_lazy("picture"),
    "more_photos": gettext_lazy("more photos"),
    # An item that a run removed, in what is put back.
    "item": gettext_lazy("item"),
}


Action, Result = SyncJobItem.Action, SyncJobItem.Result
# What a job did, will do or could not do to one product, by action and result.
_OUTCOMES: Mapping[tuple[str, str], object] = {
    (Action.CREATE, Result.DONE): pgettext_lazy("one product", "created"),
    (Action.UPDATE, Result.DONE): pgettext_lazy("one product", "changed"),
    (Action.HIDE, Result.DONE): pgettext_lazy("one product", "hidden"),
    (Action.RESTORE, Result.DONE): pgettext_lazy("one product", "shown again"),
    (Action.REMOVE, Result.DONE): pgettext_lazy("one product", "removed"),
    (Action.CREATE, Result.FAILED): pgettext_lazy("one product", "not created"),
    (Action.UPDATE, Result.FAILED): pgettext_lazy("one product", "not changed"),
    (Action.HIDE, Result.FAILED): pgettext_lazy("one product", "not hidden"),
    (Action.RESTORE, Result.FAILED): pgettext_lazy("one product", "not shown again"),
    (Action.REMOVE, Result.FAILED): pgettext_lazy("one product", "not removed"),
    (Action.CREATE, Result.PLANNED): pgettext_lazy("one product", "to be created"),
    (Action.UPDATE, Result.PLANNED): pgettext_lazy("one product", "to be changed"),
    (Action.HIDE, Result.PLANNED): pgettext_lazy("one product", "to be hidden"),
    (Action.RESTORE, Result.PLANNED): pgettext_lazy("one product", "to be shown again"),
    (Action.REMOVE, Result.PLANNED): pgettext_lazy("one product", "to be removed"),
}


# "brand:winston", or with the kind of goods before it where nothing is certain.
_EVIDENCE = re.compile(
    r"(?:(?P<goods>legal_\w+):)?(?P<basis>type|unknown_type|flag|kind|brand|sign|group|left_group|lost_mark|unreadable|barcode|decision):(?P<word>.*)",
    re.DOTALL,
)
_TIME = re.compile(r"\d{4}-\d\d-\d\dT")
_BASES = {
    "type": gettext_lazy("by its type in Evotor, where alone it can be corrected"),
    "unknown_type": gettext_lazy("EvoSync does not know the type that it has in Evotor"),
    "flag": gettext_lazy("by its mark in Evotor, where alone it can be corrected"),
    "kind": gettext_lazy("“%(word)s” in the name"),
    "brand": gettext_lazy("brand “%(word)s”"),
    "sign": gettext_lazy("“%(word)s” on the label"),
    "group": gettext_lazy("group “%(word)s”"),
    "left_group": gettext_lazy("it stood in the group “%(word)s”, and the till has named none since"),
    "lost_mark": gettext_lazy("the till may have lost the mark that kept it out of VK"),
    "unreadable": gettext_lazy("“%(word)s” cannot be read, so it may be anything"),
    "barcode": gettext_lazy("its name is only a barcode, so it may be anything"),
    "decision": "",
}
# Types of products in Evotor by how they begin, the longer before the shorter; Evotor adds new ones.
_PRODUCT_TYPES = {
    "NOT_ALCOHOL_BEER": pgettext_lazy("type in Evotor", "alcohol-free beer"),
    "ALTERNATIVE_TOBACCO": pgettext_lazy("type in Evotor", "tobacco substitutes"),
    "ALCOHOL": pgettext_lazy("type in Evotor", "alcohol"),
    "BEER": pgettext_lazy("type in Evotor", "beer"),
    "TOBACCO": pgettext_lazy("type in Evotor", "tobacco"),
    "NICOTINE": pgettext_lazy("type in Evotor", "goods with nicotine"),
    "MEDICINE": pgettext_lazy("type in Evotor", "medicine"),
    "MEDICAL": pgettext_lazy("type in Evotor", "medical goods"),
    "DIETARY_SUPPLEMENTS": pgettext_lazy("type in Evotor", "dietary supplements"),
    "SERVICE": pgettext_lazy("type in Evotor", "a service"),
    "SHOES": pgettext_lazy("type in Evotor", "shoes"),
    "PERFUME": pgettext_lazy("type in Evotor", "perfume"),
    "PHOTOS": pgettext_lazy("type in Evotor", "cameras"),
    "TYRES": pgettext_lazy("type in Evotor", "tyres"),
    "LIGHT_INDUSTRY": pgettext_lazy("type in Evotor", "clothes and linen"),
    "DAIRY": pgettext_lazy("type in Evotor", "dairy goods"),
    "WATER": pgettext_lazy("type in Evotor", "water"),
    "BIKE": pgettext_lazy("type in Evotor", "bicycles"),
    "FUR": pgettext_lazy("type in Evotor", "furs"),
    "JEWELRY": pgettext_lazy("type in Evotor", "jewelry"),
    "JUICE": pgettext_lazy("type in Evotor", "juice and drinks"),
    "CAVIAR": pgettext_lazy("type in Evotor", "caviar"),
    "GROCERIES": pgettext_lazy("type in Evotor", "groceries"),
}
# Who or what began a run, as the end of no sentence: it stands alone.
_STARTED = {
    JobTrigger.SCHEDULE: gettext_lazy("by schedule"),
    JobTrigger.MANUAL: gettext_lazy("by your button"),
    JobTrigger.WEBHOOK: gettext_lazy("after a change in the till"),
    JobTrigger.COMMAND: gettext_lazy("by the operator of EvoSync"),
    JobTrigger.ADMIN: gettext_lazy("by the operator of EvoSync"),
}


_CATEGORY_SOURCES = {
    CategorySource.PRODUCT: gettext_lazy("chosen by you for this product"),
    CategorySource.GROUP: gettext_lazy("chosen by you for the group “%(basis)s”"),
    CategorySource.RULE: gettext_lazy("by your rule “%(basis)s”"),
    CategorySource.GUESSED_BY_GROUP: gettext_lazy("by the group “%(basis)s”"),
    CategorySource.GUESSED_BY_NAME: gettext_lazy("by “%(basis)s” in the name"),
    CategorySource.DEFAULT: gettext_lazy("chosen by you for goods of unknown kind"),
    CategorySource.NEUTRAL: gettext_lazy("we do not know what it is; choose a category"),
    CategorySource.KEPT: gettext_lazy("as it is in VK; we know no better one"),
}


_NOT_CONNECTED = frozenset({OwnError.NO_VK, OwnError.NO_COMMUNITY, OwnError.NO_EVOTOR})


@dataclass(frozen=True, slots=True)
class Change:
    """One field's change in words, with its unit."""

    field: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class ErrorMessage:
    """What a code means and what to do next; whether that is done on the page of connections."""

    code: str
    text: str
    next_step: str
    is_about_connection: bool = False


def outcome_label(item: SyncJobItem) -> str:
    """Return what became of one product, such as "created" or "not hidden"."""
    result = Result.FAILED if item.result == Result.PLANNED and _is_given_up(item.job) else item.result
    otherwise = f"{item.get_action_display()}: {item.get_result_display()}"
    return str(_OUTCOMES.get((item.action, result), otherwise))


def _is_given_up(job: SyncJob) -> bool:
    """Return True if a job will do no more of what it planned: only a held plan may still be approved."""
    return job.is_finished and job.status != JobStatus.NEEDS_APPROVAL


def describe_changes(changes: Mapping[str, Iterable[Any]]) -> list[Change]:
    """Return {field: (old, new)} as lines to be read; an unknown field keeps its name."""
    lines = []
    for name, pair in changes.items():
        old, new = (format_value(name, value) for value in pair)
        # An album that was deleted in VK is made again under its name: that is no change of the name.
        lines.append(Change(str(FIELDS.get(name, name)), old if old != new else NOTHING, new))
    return lines


def describe_detail(detail: str) -> str:
    """Return what decided about a product: its type in Evotor, a word of its name, or nothing."""
    if not detail:
        return ""
    if until := _as_time(detail):
        return gettext("not before %(time)s") % {"time": format_time(until)}
    if found := _EVIDENCE.fullmatch(detail):
        return _describe_evidence(found["goods"], found["basis"], found["word"])
    return gettext("because of “%(word)s”") % {"word": inner_quotes(detail)}


def _as_time(detail: str) -> datetime | None:
    """Return the time that a detail names; none is a number or a word."""
    if not _TIME.match(detail):
        return None
    try:
        return datetime.fromisoformat(detail)
    except ValueError:
        return None


def _describe_evidence(goods: str | None, basis: str, word: str) -> str:
    """Return what told restricted goods, such as "perhaps beer: brand “miller”"."""
    evidence = str(_BASES[basis]) % {"word": word}
    if goods is None or not evidence or basis in TELLS_NO_KIND:
        return evidence
    return gettext("perhaps %(goods)s: %(evidence)s") % {
        "goods": restricted_goods_label(goods),
        "evidence": evidence,
    }


def product_type_label(product_type: str) -> str:
    """Return what Evotor takes a product for; types that we do not know are labelled or special goods."""
    known = (words for start, words in _PRODUCT_TYPES.items() if product_type.upper().startswith(start))
    if found := next(known, None):
        return str(found)
    return gettext("labelled goods") if product_type.upper().endswith("_MARKED") else gettext("special goods")


def started_by(trigger: str) -> str:
    """Return who or what began a run, as its merchant knows it."""
    return str(_STARTED.get(JobTrigger(trigger), "")) if trigger in JobTrigger.values else ""


def first_sentence(text: str) -> str:
    """Return a text's first sentence: a list has room for what is so, not for what to do about it."""
    return text.partition(". ")[0].removesuffix(".") + "."


def format_value(name: str, value: object) -> str:
    """Return a field's value as the merchant knows it; None is a dash."""
    if value is None or value == "":
        return gettext("removed from VK") if name == "item" else NOTHING
    return _FORMATS.get(name, str)(value)


def _stock(value: object) -> str:
    return gettext("unlimited") if value == -1 else number_format(str(value))


def _visibility(value: object) -> str:
    return gettext("hidden") if value else gettext("shown")


def _picture(value: object) -> str:
    return gettext("drawn by EvoSync") if style_of(str(value)) else gettext("your photo")


def _more_photos(value: object) -> str:
    number = sum(map(bool, value)) if isinstance(value, list | tuple) else 0
    return ngettext("%(number)s photo", "%(number)s photos", number) % {"number": localize(number)}


def _item(value: object) -> str:
    is_hidden = isinstance(value, Mapping) and value.get("hidden")
    return gettext("in VK again, hidden") if is_hidden else gettext("in VK again")


def _category(value: object) -> str:
    """Return a category's path, with the reason where a run has written it down."""
    if not isinstance(value, Mapping):
        return category_name(int(str(value)))
    choice = CategoryChoice(value["id"], CategorySource(value["source"]), value["basis"])
    return f"{category_name(choice.category_id)} ({category_reason(choice)})"


def category_name(category_id: int) -> str:
    """Return a VK category's path, or its number while VK's tree is not known."""
    return name_category(category_id, {category.id: category for category in known_categories()})


def name_category(category_id: int, known: Mapping[int, Category]) -> str:
    """Return a category's path among the `known` ones of VK, or its number with why it has no name."""
    if category_id in known or not known:
        return str(known.get(category_id, category_id))
    return gettext("category No. %(number)s, which VK no longer lists") % {"number": category_id}


def category_reason(choice: CategoryChoice) -> str:
    """Return why a product has its VK category."""
    return str(_CATEGORY_SOURCES[choice.source]) % {"basis": inner_quotes(choice.basis)}


def format_share(part: int, total: int) -> str:
    """Return a share in per cent with one digit, rounded down: 99.96 % is not yet all, and all is 100."""
    if not total:
        return ""
    share = Decimal(1000 * part // total) / 10
    return number_format(share, 0 if part == total else 1)


def with_sign(amount: Decimal) -> str:
    """Return an amount to be added or taken off, with its sign."""
    return f"{'−' if amount < 0 else '+'}{number_format(f'{abs(amount).normalize():f}')}"


def unit(measure: str) -> str:
    """Return the till's unit as the description has it, empty where the till has told none."""
    return unit_of(measure) if measure else ""


def roubles(kopecks: int) -> str:
    """Return an amount with its sign, without kopecks where there are none; no line ends between."""
    amount = Decimal(kopecks) / 100
    number = number_format(amount, 0 if kopecks % 100 == 0 else 2)
    return f"{number}\N{NO-BREAK SPACE}₽"


_FORMATS: Mapping[str, Callable[[object], str]] = {
    "category_id": _category,
    "price_kopecks": lambda value: roubles(int(str(value))),
    "old_price_kopecks": lambda value: roubles(int(str(value))) if value else "—",
    "stock": _stock,
    "hidden": _visibility,
    "photo_key": _picture,
    "item": _item,
    "more_photos": _more_photos,
}


def error_message(code: str, said: str = "") -> ErrorMessage | None:
    """Return what an error code means, or None for no code. `said` fills in where we have no sentence."""
    if not code:
        return None
    row = lookup(code)
    return ErrorMessage(
        code,
        gettext(str(row.text)) or said,
        gettext(str(row.next_step)),
        is_about_connection=row.reaction == Reaction.OFFLINE or code in _NOT_CONNECTED,
    )
