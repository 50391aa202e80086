"""What the Evotor stand-in stores: accounts, stores, groups, products, rules, calls."""

import threading
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Merchant:
    """An Evotor account. `installed=False` answers 403, `stock_right=False` leaves quantities out.

    Each of its answers comes after `answer_seconds`, and not before `held_until` is set.
    """

    user_id: str
    token: str = field(repr=False)
    installed: bool = True
    stock_right: bool = True
    answer_seconds: float = 0.0
    held_until: threading.Event | None = None


@dataclass(slots=True)
class TillProduct:
    """A product of one store with its V2 fields; times are Unix times."""

    id: str
    store_id: str
    fields: dict[str, Any]
    created_at: float
    updated_at: float


@dataclass(slots=True)
class TillGroup:
    """A group of one store. Groups nest through `parent_id`; `attributes` make a modification group."""

    id: str
    store_id: str
    name: str
    parent_id: str | None
    created_at: float
    updated_at: float
    attributes: list[dict[str, Any]] | None = None


@dataclass(slots=True)
class TillStore:
    """A store. `on_terminals=False` answers 402 for everything in it."""

    id: str
    user_id: str
    name: str
    address: str
    created_at: float
    updated_at: float
    on_terminals: bool = True
    groups: dict[str, TillGroup] = field(default_factory=dict)
    products: dict[str, TillProduct] = field(default_factory=dict)


@dataclass(slots=True)
class EvotorRules:
    """Rules of the stand-in where Evotor publishes none. Times are in seconds; `per_window=0` is no limit.

    `since` filters products, and groups, from its own moment on, unless these say otherwise.
    """

    page_size: int = 1_000
    per_window: int = 100
    window: float = 60.0
    cursor_seconds: float = 1_800
    strangers_status: int = 404
    sale_moves_updated_at: bool = False
    unknown_status: int = 401
    missing_status: int = 404
    takes_limit: bool = True
    since_of_products: bool = True
    since_of_groups: bool = True
    since_is_inclusive: bool = True
    serves_images: bool = False
    serves_version_1: bool = False


@dataclass(frozen=True, slots=True)
class EvotorCall:
    """One request as it arrived. `method` is its kind: stores, products, product, product-groups."""

    method: str
    verb: str
    path: str
    params: dict[str, str]
    at: float
    status: int
    broken: bool = False
