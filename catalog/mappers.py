"""Between Evotor's records and our rows. Nothing else knows both.

Evotor may send anything, so every value is made to fit its column: text is cut, a number that no
till can mean becomes unknown and is reported.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any

from django.db import models

from catalog.models import Product, ProductGroup, Store
from connections.clients.evotor.records import EvotorGroup, EvotorProduct, EvotorStore
from evosync.common.text import normalize_for_search

MOST_BARCODES = 50
LONGEST_DESCRIPTION = 20_000
# The columns of a product that come from the till.
PRODUCT_COLUMNS = (
    "name",
    "group_evotor_id",
    "price",
    "cost_price",
    "quantity",
    "measure_name",
    "article_number",
    "code",
    "barcodes",
    "description",
    "allow_to_sell",
    "product_type",
    "is_excisable",
    "is_age_limited",
    "search_text",
    "content_hash",
)


@dataclass(frozen=True, slots=True)
class ProductValues:
    """A product's column values, with the columns whose numbers were unusable."""

    columns: dict[str, Any]
    unusable: tuple[str, ...]

    @property
    def content_hash(self) -> str:
        """Return what tells a changed product from an unchanged one."""
        found: str = self.columns["content_hash"]
        return found

    @property
    def quantity(self) -> Decimal | None:
        """Return the stock, None where it is unknown."""
        found: Decimal | None = self.columns["quantity"]
        return found


def storable_id(evotor_id: str) -> bool:
    """Return True if an id fits its column; a cut one would be another product's."""
    return 0 < len(evotor_id) <= _length(Product, "evotor_id") and _clean(evotor_id) == evotor_id


def store_values(store: EvotorStore) -> dict[str, Any]:
    """Return the column values of a store."""
    return {"name": _text(Store, "name", store.name), "address": _text(Store, "address", store.address)}


def group_values(group: EvotorGroup) -> dict[str, Any]:
    """Return the column values of a group."""
    return {
        "name": _text(ProductGroup, "name", group.name),
        "parent_evotor_id": _text(ProductGroup, "parent_evotor_id", group.parent_id),
    }


def product_values(product: EvotorProduct) -> ProductValues:
    """Return the column values of a product."""
    columns: dict[str, Any] = {
        "name": _text(Product, "name", product.name),
        "group_evotor_id": _text(Product, "group_evotor_id", product.parent_id),
        "measure_name": _text(Product, "measure_name", product.measure_name),
        "article_number": _text(Product, "article_number", product.article_number),
        "code": _text(Product, "code", product.code),
        "barcodes": _barcodes(product.barcodes),
        "description": _clean(product.description)[:LONGEST_DESCRIPTION],
        "allow_to_sell": product.allow_to_sell,
        "product_type": _text(Product, "product_type", product.type) or "NORMAL",
        "is_excisable": product.is_excisable,
        "is_age_limited": product.is_age_limited,
    }
    unusable = []
    for name in ("price", "cost_price", "quantity"):
        value: Decimal | None = getattr(product, name)
        columns[name] = _number(name, value)
        if value is not None and columns[name] is None:
            unusable.append(name)
    columns["search_text"] = _search_text(columns)
    columns["content_hash"] = hashlib.sha256(repr(sorted(columns.items())).encode()).hexdigest()
    return ProductValues(columns, tuple(unusable))


def _search_text(columns: dict[str, Any]) -> str:
    words = [columns["name"], columns["article_number"], columns["code"], *columns["barcodes"]]
    return normalize_for_search(" ".join(word for word in words if word))


def _barcodes(barcodes: Sequence[str]) -> list[str]:
    cleaned = (_clean(code).strip()[:64] for code in barcodes)
    return list(dict.fromkeys(code for code in cleaned if code))[:MOST_BARCODES]


def _clean(text: str) -> str:
    """Return the text without what no database keeps: NUL and halves of surrogate pairs."""
    return text.replace("\0", "").encode("utf-8", "ignore").decode()


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
    """Return the number in the column's precision, or None where the column cannot hold it."""
    if value is None or not value.is_finite():
        return None
    step, limit = _limits(column)
    if abs(value) >= limit:
        return None
    rounded = value.quantize(step, ROUND_HALF_UP)
    # Rounding may carry over the limit; and -0 is the same stock as 0.
    return None if abs(rounded) >= limit else rounded + 0
