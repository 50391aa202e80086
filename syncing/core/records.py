"""What the core reads and what it answers, in the field's words. All records are immutable.

Money is in kopecks where a name says so, else in roubles as the till has it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple


class ProductKey(NamedTuple):
    """A product's identity within one merchant: Evotor's ids are unique only within a store."""

    store_id: str
    product_id: str


class GroupKey(NamedTuple):
    """A till group's identity within one merchant."""

    store_id: str
    group_id: str


@dataclass(frozen=True, slots=True)
class Product:
    """A product as the till has it. None means that the till did not say."""

    key: ProductKey
    name: str
    price: Decimal | None = None
    quantity: Decimal | None = None
    measure: str = ""
    article: str = ""
    code: str = ""
    barcodes: tuple[str, ...] = ()
    description: str = ""
    allow_to_sell: bool = True
    type: str = "NORMAL"
    is_excisable: bool = False
    is_age_limited: bool = False
    group_id: str = ""
    # The merchant's own pictures, best first, as (content hash) keys; empty means a placeholder.
    photo_keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """A till group; an empty parent_id is the root."""

    key: GroupKey
    name: str
    parent_id: str = ""


class EntityType(StrEnum):
    """What a filter can name."""

    STORE = "store"
    GROUP = "group"
    PRODUCT = "product"


class FilterMode(StrEnum):
    """Whether a filter names what goes to VK or what stays out."""

    INCLUDE = "include"
    EXCLUDE = "exclude"


@dataclass(frozen=True, slots=True)
class Filter:
    """One line of the merchant's choice."""

    entity_type: EntityType
    entity_id: str
    mode: FilterMode


@dataclass(frozen=True, slots=True)
class Rules:
    """The merchant's rules; the text values are those of SyncConfig's choices."""

    markup_percent: Decimal = Decimal(0)
    rounding: str = "kopeck"
    out_of_stock: str = "keep"
    sentence_case: bool = True
    description_template: str = ""
    default_category_id: int = 0
    category_by_group: Mapping[str, int] = field(default_factory=dict)
    albums: str = "group"
    removal: str = "hide"
    stores: str = "each"
    store_order: tuple[str, ...] = ()
    legal_filter: bool = True
    brake_items: int = 10
    brake_percent: int = 20
    remove_after_days: int = 30


@dataclass(frozen=True, slots=True)
class Wanted:
    """A VK item as it ought to be. `stock` -1 is unlimited. `photo_key` names the picture's source.

    `photo_key` is "placeholder" or the content hash of the merchant's own picture: a placeholder
    is not drawn again because a name changed.
    """

    title: str
    description: str
    price_kopecks: int
    stock: int
    category_id: int
    sku: str
    hidden: bool = False
    album: str = ""
    photo_key: str = "placeholder"


@dataclass(frozen=True, slots=True)
class Listing:
    """What we know of a product's VK item. `sent` is what VK last confirmed, None before that."""

    key: ProductKey
    stamp: str
    item_id: int | None
    sent: Wanted | None
    sent_photo_id: int | None = None
    merchant_fields: frozenset[str] = frozenset()
    hidden_since: datetime | None = None
    # What we replaced or meant to write of late: VK's list may still, or already, show it.
    own_values: tuple[Mapping[str, object], ...] = ()
    # The till's record when it was last there, for products that have left it.
    last_known: Product | None = None


@dataclass(frozen=True, slots=True)
class VkItem:
    """An item as VK shows it now. None means that VK did not say."""

    item_id: int
    title: str
    description: str
    price_kopecks: int | None
    stock: int | None
    sku: str
    # None where a sold-out item cannot be told from a hidden one.
    hidden: bool | None
    category_id: int | None = None
    photo_ids: tuple[int, ...] | None = None
    album_ids: tuple[int, ...] | None = None
    created_at: int = 0


class ActionKind(StrEnum):
    """What is to be done about one product, in the words of SyncJobItem.Action."""

    CREATE = "create"
    UPDATE = "update"
    HIDE = "hide"
    RESTORE = "restore"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class Action:
    """One step of the plan.

    `changes` maps a field of Wanted to (now, wanted); for CREATE it is empty and `wanted` says it
    all. `album` and `photo_key` may be among the changes; they are carried out by calls of their own.
    """

    kind: ActionKind
    key: ProductKey
    name: str
    item_id: int | None = None
    wanted: Wanted | None = None
    changes: Mapping[str, tuple[object, object]] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Skip:
    """A product that is not in VK, and why. `detail` is the word or the limit that decided."""

    key: ProductKey
    name: str
    reason: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """A listing that was tied to another VK item or to another product than before.

    kind: "adopted" (a create whose answer was lost), "relinked" (new id, same goods),
    "lost" (VK no longer has the item).
    """

    kind: str
    key: ProductKey
    item_id: int | None
    old_key: ProductKey | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """Why the plan was not started. `code` names the danger; `count` of `total` items are concerned."""

    code: str
    count: int
    total: int


@dataclass(frozen=True, slots=True)
class SourceState:
    """What the last reading of the till was worth.

    `complete_stores` were walked to the end; only there does absence prove a removal.
    `vanished_stores` are no longer listed by Evotor; what they sold may be hidden, but only after
    asking. `previous_size` counts the products before that reading, for the brake.
    """

    complete_stores: frozenset[str]
    vanished_stores: frozenset[str] = frozenset()
    previous_size: int = 0


@dataclass(frozen=True, slots=True)
class SyncContext:
    """All that a plan depends on."""

    now: datetime
    rules: Rules
    products: tuple[Product, ...]
    groups: tuple[Group, ...]
    filters: tuple[Filter, ...]
    listings: tuple[Listing, ...]
    vk_items: tuple[VkItem, ...]
    source: SourceState
    # Album title key → VK album id, for albums that exist.
    albums: Mapping[str, int] = field(default_factory=dict)
    max_items: int = 15_000


@dataclass(frozen=True, slots=True)
class SyncResult:
    """The plan. `wanted` holds every eligible product's item, also the unchanged ones."""

    actions: tuple[Action, ...]
    skipped: tuple[Skip, ...]
    matches: tuple[Match, ...]
    questions: tuple[Question, ...]
    unchanged: int
    wanted: Mapping[ProductKey, Wanted]
    # Fields that the merchant has taken over in VK, by product.
    merchant_fields: Mapping[ProductKey, frozenset[str]] = field(default_factory=dict)
    # What VK turned out to have taken although its answer never reached us: the fields as it shows them.
    confirmed: Mapping[ProductKey, Wanted] = field(default_factory=dict)
    # Items of departed products that are hidden already.
    departed: tuple[ProductKey, ...] = ()
    # Second items of products to be hidden: ours too, but no longer on our map.
    twins: tuple[Action, ...] = ()
    plan_hash: str = ""
