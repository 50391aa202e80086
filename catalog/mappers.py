"""Between Evotor's records and our rows. Nothing else knows both.

Evotor may send anything, so every value is made to fit its column: text is cut, a number that no
till can mean counts as not told and is reported. What was not told keeps its last known value, as
syncing.core.last_known decides.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any

from django.db import models

from catalog.models import Product, ProductGroup, Store
from connections.clients.evotor.records import EvotorGroup, EvotorProduct, EvotorStore
from evosync.common.text import normalize_for_search
from syncing.core.choices import Field, Gap
from syncing.core.last_known import NOTHING_VANISHED, Knowledge, PathOf, Told, Vanished, recall
from syncing.core.restricted_goods.classifier import is_marked, is_restricted_type
from syncing.core.restricted_goods.name_classifier import classify_name

MOST_BARCODES = 50
LONGEST_DESCRIPTION = 20_000
PRICES = ("price", "cost_price")
NUMBERS = (*PRICES, "quantity")
# The columns whose last known values stand where the till does not tell them.
REMEMBERED_COLUMNS: Mapping[str, Field] = {
    "name": Field.NAME,
    "group_evotor_id": Field.GROUP,
    "price": Field.PRICE,
    "quantity": Field.QUANTITY,
    "measure_name": Field.MEASURE,
    "article_number": Field.ARTICLE,
    "code": Field.CODE,
    "barcodes": Field.BARCODES,
    "description": Field.DESCRIPTION,
    "allow_to_sell": Field.ALLOW_TO_SELL,
    "product_type": Field.TYPE,
    "is_excisable": Field.IS_EXCISABLE,
    "is_age_limited": Field.IS_AGE_LIMITED,
}
# What Evotor calls the fields that may be empty.
FIELD_OF: Mapping[str, Field] = {
    "parent_id": Field.GROUP,
    "measure_name": Field.MEASURE,
    "article_number": Field.ARTICLE,
    "code": Field.CODE,
    "barcodes": Field.BARCODES,
    "description": Field.DESCRIPTION,
}
# What Evotor calls the marks that keep goods out of VK.
MARK_OF: Mapping[str, Field] = {
    "allow_to_sell": Field.ALLOW_TO_SELL,
    "is_excisable": Field.IS_EXCISABLE,
    "is_age_limited": Field.IS_AGE_LIMITED,
    "type": Field.TYPE,
}
# The columns of a product that come from the till.
PRODUCT_COLUMNS = (
    *REMEMBERED_COLUMNS,
    "cost_price",
    "left_groups",
    "untold_fields",
    "search_text",
    "content_hash",
)
GROUP_COLUMNS = ("name", "parent_evotor_id", "left_groups", "untold_fields")


@dataclass(frozen=True, slots=True)
class ProductValues:
    """A product's column values, with the fields that Evotor sent in a form that means nothing."""

    columns: dict[str, Any]
    unreadable: tuple[str, ...]

    @property
    def content_hash(self) -> str:
        """Return what tells a changed product from an unchanged one."""
        found: str = self.columns["content_hash"]
        return found

    @property
    def is_marked(self) -> bool:
        """Return True if a type or mark of the till keeps the product out of VK."""
        return is_marked(
            self.columns["product_type"],
            is_excisable=self.columns["is_excisable"],
            is_age_limited=self.columns["is_age_limited"],
            allow_to_sell=self.columns["allow_to_sell"],
        )

    @property
    def quantity(self) -> Decimal | None:
        """Return the stock, None where it is unknown."""
        found: Decimal | None = self.columns["quantity"]
        return found


def storable_id(evotor_id: str) -> bool:
    """Return True if an id fits its column; a cut one would be another product's."""
    return 0 < len(evotor_id) <= _length(Product, "evotor_id") and _clean(evotor_id) == evotor_id


def store_values(store: EvotorStore) -> dict[str, Any]:
    """Return the column values of a store that Evotor tells; what it leaves out stays as it was."""
    told = {"name": _text(Store, "name", store.name), "address": _text(Store, "address", store.address)}
    return {column: value for column, value in told.items() if value}


def group_told(group: EvotorGroup) -> Told:
    """Return what Evotor says of a group, made to fit our columns."""
    values: dict[Field, object | None] = {
        Field.NAME: _told_text(ProductGroup, "name", group.name) or None,
        Field.GROUP: _told_text(ProductGroup, "parent_evotor_id", group.parent_id),
    }
    return Told(values, _nulls(group.nulls))


def group_values(known: Knowledge) -> dict[str, Any]:
    """Return the column values of a group."""
    return {
        "name": known.values[Field.NAME],
        "parent_evotor_id": known.values[Field.GROUP],
        "left_groups": list(known.left_groups) or None,
        "untold_fields": _gaps_json(known),
    }


def known_group(row: Mapping[str, Any]) -> Knowledge:
    """Return what a group's columns hold as knowledge."""
    values: dict[Field, object] = {Field.NAME: row["name"], Field.GROUP: row["parent_evotor_id"]}
    return Knowledge(values, _gaps(row), tuple(row["left_groups"] or ()))


@dataclass(frozen=True, slots=True)
class ProductTold:
    """What Evotor says of a product, made to fit our columns. `unreadable` are fields of no meaning."""

    told: Told
    cost_price: Decimal | None
    unreadable: tuple[str, ...]


def product_told(product: EvotorProduct) -> ProductTold:
    """Return what Evotor says of a product; None where it does not say, or says what no till can mean."""
    numbers = {name: _number(name, getattr(product, name)) for name in NUMBERS}
    unusable = [name for name in NUMBERS if numbers[name] is None and getattr(product, name) is not None]
    told: dict[Field, object | None] = {
        Field.NAME: _told_text(Product, "name", product.name) or None,
        Field.GROUP: _told_text(Product, "group_evotor_id", product.parent_id),
        Field.PRICE: numbers["price"],
        Field.QUANTITY: numbers["quantity"],
        Field.MEASURE: _told_text(Product, "measure_name", product.measure_name),
        Field.ARTICLE: _told_text(Product, "article_number", product.article_number),
        Field.CODE: _told_text(Product, "code", product.code),
        Field.BARCODES: None if product.barcodes is None else _barcodes(product.barcodes),
        Field.DESCRIPTION: _told_text(None, "", product.description),
        Field.ALLOW_TO_SELL: product.allow_to_sell,
        Field.TYPE: _told_text(Product, "product_type", product.type) or None,
        Field.IS_EXCISABLE: product.is_excisable,
        Field.IS_AGE_LIMITED: product.is_age_limited,
    }
    unreadable = tuple(dict.fromkeys((*product.unreadable, *unusable)))
    marks = frozenset(MARK_OF[name] for name in unreadable if name in MARK_OF)
    return ProductTold(Told(told, _nulls(product.nulls), marks), numbers["cost_price"], unreadable)


def product_values(
    told: ProductTold,
    known: Knowledge | None = None,
    *,
    is_complete: bool = True,
    vanished: Vanished = NOTHING_VANISHED,
    path_of: PathOf = lambda _group: (),
) -> ProductValues:
    """Return the column values of a product: what was told, and the last known of the rest."""
    found = recall(told.told, known, is_complete=is_complete, vanished=vanished, path_of=path_of)
    columns: dict[str, Any] = {name: found.values[field] for name, field in REMEMBERED_COLUMNS.items()}
    columns["barcodes"] = list(columns["barcodes"])
    columns["cost_price"] = told.cost_price
    columns["untold_fields"] = _gaps_json(found)
    columns["search_text"] = _search_text(columns)
    left = {"left_groups": list(found.left_groups)} if found.left_groups else {}
    # Rows of before this column keep their hash, so that they are not all written again.
    columns["content_hash"] = hashlib.sha256(repr(sorted((columns | left).items())).encode()).hexdigest()
    return ProductValues({"left_groups": None} | columns | left, told.unreadable)


def known_product(row: Mapping[str, Any]) -> Knowledge:
    """Return what a product's columns hold as knowledge."""
    values: dict[Field, object] = {field: row[name] for name, field in REMEMBERED_COLUMNS.items()}
    values[Field.BARCODES] = tuple(row["barcodes"])
    return Knowledge(values, _gaps(row), tuple(row["left_groups"] or ()))


def is_marked_product(known: Knowledge) -> bool:
    """Return True if a type or mark of the till keeps a product out of VK, by what is known of it."""
    values = known.values
    return is_marked(
        str(values[Field.TYPE]),
        is_excisable=bool(values[Field.IS_EXCISABLE]),
        is_age_limited=bool(values[Field.IS_AGE_LIMITED]),
        allow_to_sell=bool(values[Field.ALLOW_TO_SELL]),
    )


def kept_out_by(known: Knowledge) -> str:
    """Return the type or the mark in the till by which VK takes no such goods, empty where it has neither."""
    kind = str(known.values[Field.TYPE])
    if is_restricted_type(kind):
        return kind
    marks = (Field.IS_EXCISABLE, Field.IS_AGE_LIMITED)
    return next((mark.value for mark in marks if known.values[mark]), "")


def loses_its_name(known: Knowledge, values: ProductValues) -> bool:
    """Return True if the name before kept the product out of VK, or had it wait, and this one does not."""
    before, now = str(known.values[Field.NAME]), str(values.columns["name"])
    return before != now and not classify_name(before).is_allowed and classify_name(now).is_allowed


def _nulls(names: Iterable[str]) -> frozenset[Field]:
    return frozenset(FIELD_OF[name] for name in names if name in FIELD_OF)


def _gaps(row: Mapping[str, Any]) -> dict[Field, Gap] | None:
    noted = row["untold_fields"]
    return None if noted is None else {Field(name): Gap(gap) for name, gap in noted.items()}


def _gaps_json(known: Knowledge) -> dict[str, str]:
    return {name.value: gap.value for name, gap in sorted((known.gaps or {}).items())}


def _search_text(columns: dict[str, Any]) -> str:
    words = [columns["name"], columns["article_number"], columns["code"], *columns["barcodes"]]
    return normalize_for_search(" ".join(word for word in words if word))


def _barcodes(barcodes: Sequence[str]) -> tuple[str, ...]:
    cleaned = (_clean(code).strip()[:64] for code in barcodes)
    return tuple(dict.fromkeys(code for code in cleaned if code))[:MOST_BARCODES]


def _clean(text: str) -> str:
    """Return the text without what no database keeps: NUL and halves of surrogate pairs."""
    return text.replace("\0", "").encode("utf-8", "ignore").decode()


def _told_text(model: type[models.Model] | None, column: str, value: str | None) -> str | None:
    """Return a text as its column holds it, None where there was none; without a model, a description."""
    if value is None:
        return None
    return _text(model, column, value) if model else _clean(value)[:LONGEST_DESCRIPTION]


def _text(model: type[models.Model], column: str, value: str) -> str:
    return _clean(value)[: _length(model, column)]


@lru_cache(maxsize=32)
def _length(model: type[models.Model], column: str) -> int:
    return int(_field(model, column).max_length)


@lru_cache(maxsize=8)
def _limits(column: str) -> tuple[Decimal, Decimal]:
    """Return the smallest step of a product's column and the first value that is too large for it."""
    field = _field(Product, column)
    places, digits = field.decimal_places, field.max_digits
    return Decimal(1).scaleb(-places), Decimal(1).scaleb(digits - places)


def _field(model: type[models.Model], column: str) -> Any:
    return model._meta.get_field(column)  # noqa: SLF001 - documented in spite of its name


def _number(column: str, value: Decimal | None) -> Decimal | None:
    """Return the number in the column's precision, or None where it fits neither the column nor a till."""
    if value is None or not value.is_finite() or (value < 0 and column in PRICES):
        return None
    step, limit = _limits(column)
    # `abs` itself overflows with a number of a billion digits.
    if value.copy_abs() >= limit:
        return None
    rounded = value.quantize(step, ROUND_HALF_UP)
    # Rounding may carry over the limit; and -0 is the same stock as 0.
    return None if abs(rounded) >= limit else rounded + 0
