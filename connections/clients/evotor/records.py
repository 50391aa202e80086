"""Stores, groups and products as Evotor's answers read. Absent, null and "" mean the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any


@dataclass(frozen=True, slots=True)
class EvotorStore:
    """A shop. The id's case matters."""

    id: str
    name: str
    address: str
    user_id: str


@dataclass(frozen=True, slots=True)
class EvotorGroup:
    """A folder; an empty parent_id is the root."""

    id: str
    name: str
    parent_id: str


@dataclass(frozen=True, slots=True)
class EvotorProduct:
    """A product or a modification of one. None means that Evotor did not say."""

    id: str
    name: str
    parent_id: str
    price: Decimal | None
    cost_price: Decimal | None
    quantity: Decimal | None
    measure_name: str
    article_number: str
    code: str
    barcodes: tuple[str, ...]
    description: str
    allow_to_sell: bool
    type: str
    is_excisable: bool
    is_age_limited: bool
    is_removed: bool


def read_store(item: Mapping[str, Any]) -> EvotorStore:
    """Read a store. Raises KeyError without an id."""
    return EvotorStore(
        str(item["id"]),
        _text(item, "name"),
        _text(item, "address"),
        _text(item, "user_id"),
    )


def read_group(item: Mapping[str, Any]) -> EvotorGroup:
    """Read a group. Raises KeyError without an id."""
    return EvotorGroup(str(item["id"]), _text(item, "name"), _text(item, "parent_id"))


def read_product(item: Mapping[str, Any]) -> EvotorProduct:
    """Read a product; flags that are absent mean an ordinary one. Raises KeyError without an id."""
    return EvotorProduct(
        id=str(item["id"]),
        name=_text(item, "name"),
        parent_id=_text(item, "parent_id"),
        price=_decimal(item.get("price")),
        cost_price=_decimal(item.get("cost_price")),
        quantity=_decimal(item.get("quantity")),
        measure_name=_text(item, "measure_name"),
        article_number=_text(item, "article_number"),
        code=_text(item, "code"),
        barcodes=tuple(str(code) for code in item.get("barcodes") or () if code),
        description=_text(item, "description"),
        allow_to_sell=item.get("allow_to_sell") is not False,
        type=_text(item, "type") or "NORMAL",
        is_excisable=bool(item.get("is_excisable")),
        is_age_limited=bool(item.get("is_age_limited")),
        is_removed=bool(item.get("is_removed")),
    )


def _text(item: Mapping[str, Any], name: str) -> str:
    value = item.get(name)
    return "" if value is None else str(value)


def _decimal(value: Any) -> Decimal | None:
    """Read a number, which Evotor sometimes writes as text; a broken one is unknown."""
    if value is None or value == "" or isinstance(value, bool):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
