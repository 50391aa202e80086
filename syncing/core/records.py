"""What the core reads and what it answers, in the field's words. All records are immutable.

Money is in kopecks where a name says so, else in roubles as the till has it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from syncing.core.choices import (
    ActionKind,
    Albums,
    AlbumStep,
    CardStyle,
    CategorySource,
    EntityType,
    Field,
    FilterMode,
    MatchKind,
    OutOfStock,
    PriceCause,
    PriceVerdict,
    QuestionCode,
    Removal,
    Rounding,
    Stores,
)
from syncing.core.goods_rules.records import GoodsRule, TimedRule
from syncing.core.restricted_goods.decisions import Decisions

# Used in place of the content hash for a drawn picture.
PLACEHOLDER = "placeholder"
TAKEN_OVER = -1
# Recorded as sent when the further pictures are no longer ours: no picture has this hash.
UNKNOWN_PHOTOS = ("",)


class ProductKey(NamedTuple):
    """A product's identity within one merchant: Evotor's ids are unique only within a store."""

    store_id: str
    product_id: str


class GroupKey(NamedTuple):
    """A till group's identity within one merchant."""

    store_id: str
    group_id: str


@dataclass(frozen=True, slots=True)
class SourceProduct:
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
    # Fields whose values are the last known ones: the till does not tell them any more.
    kept_fields: frozenset[Field] = frozenset()
    # The names of the groups, from the root down, that it stood in when the till last told one; empty while
    # the till tells a group. "" is the name of a group that was never listed.
    left_groups: tuple[str, ...] = ()
    # The merchant's own pictures, best first, as (content hash) keys; empty means a placeholder.
    photo_keys: tuple[str, ...] = ()
    cost: Decimal | None = None
    # The merchant's own title for the channel, and template of the description; "" for the till's.
    own_title: str = ""
    own_description: str = ""
    # The merchant's own album for it, "" for that of rules and groups.
    own_album: str = ""
    # What the merchant has put on it, in EvoSync alone.
    tags: tuple[str, ...] = ()
    # Since when it is in the till, None for one that was there before this was noted, and when it was last
    # read there.
    since: datetime | None = None
    seen_at: datetime | None = None
    # When the till last took away the mark, the name or the group that had kept it out of VK.
    unmarked_at: datetime | None = None
    # The type that was this, or the field of the mark of excise or age; empty where it was something else.
    unmarked_type: str = ""


@dataclass(frozen=True, slots=True)
class SourceGroup:
    """A till group; an empty parent_id is the root.

    One that is no longer listed is as it was last known: products still name it.
    """

    key: GroupKey
    name: str
    parent_id: str = ""
    is_listed: bool = True
    since: datetime | None = None
    seen_at: datetime | None = None
    # The names of the groups above it, from the root down, when the till last told one; empty while the till
    # tells one. "" is the name of a group that was never listed.
    left_groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceStore:
    """A store; `is_listed` is False if Evotor no longer lists it."""

    store_id: str
    name: str
    is_listed: bool = True
    since: datetime | None = None
    seen_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Filter:
    """One line of the merchant's choice.

    `follows` is the id whose filter went over to this one. At `answered_at` the merchant approved a plan
    that asked whether the goods of that day are those that filters leave out.
    """

    entity_type: EntityType
    entity_id: str
    mode: FilterMode
    follows: str = ""
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """The merchant's rules."""

    markup_percent: Decimal = Decimal(0)
    rounding: Rounding = Rounding.KOPECK
    out_of_stock: OutOfStock = OutOfStock.KEEP
    sentence_case: bool = True
    write_out_shortenings: bool = False
    description_template: str = ""
    card_style: CardStyle = CardStyle.COLOUR
    default_category_id: int = 0
    # The merchant's choices, and what earlier runs guessed for groups.
    category_by_group: Mapping[str, int] = field(default_factory=dict)
    category_by_product: Mapping[str, int] = field(default_factory=dict)
    guessed_by_group: Mapping[str, int] = field(default_factory=dict)
    # By Evotor's ids of groups: templates of descriptions, and titles of albums, "" for no album.
    template_by_group: Mapping[str, str] = field(default_factory=dict)
    album_by_group: Mapping[str, str] = field(default_factory=dict)
    albums: Albums = Albums.GROUP
    # "" for the group's name alone.
    album_template: str = ""
    removal: Removal = Removal.HIDE
    stores: Stores = Stores.EACH
    store_order: tuple[str, ...] = ()
    legal_filter: bool = True
    goods_rules: tuple[GoodsRule, ...] = ()
    # In their order those of goods_rules and those that have ended.
    timed_rules: tuple[TimedRule, ...] = ()
    decisions: Decisions = field(default_factory=Decisions)
    brake_items: int = 10
    brake_percent: int = 20
    # A price that changes by more than this share is held; None holds no price.
    price_hold_percent: int | None = None
    remove_after_days: int = 30


@dataclass(frozen=True, slots=True)
class Category:
    """A category that an item may have, with its names from the channel's section down."""

    id: int
    path: tuple[str, ...]

    def __str__(self) -> str:
        return " → ".join(self.path)


@dataclass(frozen=True, slots=True)
class CategoryChoice:
    """A product's category and who gave it. `basis` is the group or the word that decided."""

    category_id: int
    source: CategorySource
    basis: str = ""


@dataclass(frozen=True, slots=True)
class DesiredItem:
    """A VK item as it should be. `stock` -1 is unlimited. `photo_key` names the picture's source.

    `hidden` is None only in what was sent: a change of ours has begun, and VK has not confirmed it.

    `photo_key` is the content hash of the merchant's own picture, or the style of a drawn one: that is
    not drawn again because a name changed. `more_photos` are the content hashes of the pictures behind it,
    in their order.
    """

    title: str
    description: str
    price_kopecks: int
    stock: int
    category_id: int
    sku: str
    hidden: bool | None = False
    album: str = ""
    photo_key: str = PLACEHOLDER
    # The price that is crossed out beside the price, 0 for none.
    old_price_kopecks: int = 0
    # The till's price and purchase price that the price was made from, to the kopeck. None where that was
    # not noted, TAKEN_OVER where the price is not ours but that of an item made by hand.
    till_kopecks: int | None = None
    cost_kopecks: int | None = None
    more_photos: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RemovedItem:
    """An item that a run removed, as it was then. `sent` is None where VK had confirmed nothing of it."""

    item_id: int
    sent: DesiredItem | None = None
    photo_id: int | None = None
    photo_key: str = ""
    saved_photos: Mapping[str, int] = field(default_factory=dict)
    merchant_fields: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Undone:
    """By field of an item: the value that VK keeps, and the one of till and rules that it replaces.

    `removed` is an item of this shop whose removal is undone.
    """

    kept: Mapping[str, object]
    instead_of: Mapping[str, object]
    removed: RemovedItem | None = None


@dataclass(frozen=True, slots=True)
class AlbumRefusal:
    """The channel refused an item its album. `held` is how many items a full album held, else None."""

    album_key: str
    refused_at: datetime
    held: int | None = None


@dataclass(frozen=True, slots=True)
class ShopRefusal:
    """The channel permanently refused to create, rename or remove an album.

    It counts as long as the requested `title` stays the same.
    """

    step: AlbumStep
    # The album's key for one to be made, else its id.
    subject: str
    title: str
    refused_at: datetime
    code: str


@dataclass(frozen=True, slots=True)
class KeptForm:
    """What the channel shows in place of a value that it took from us, and how often it has done so.

    `shown` is None until the item is read for the first time after the value was written.
    """

    sent: object
    shown: object = None
    times: int = 0


@dataclass(frozen=True, slots=True)
class SentPrice:
    """A price that the channel confirmed, the one crossed out beside it, and what it was made from."""

    price_kopecks: int
    old_price_kopecks: int = 0
    till_kopecks: int | None = None
    cost_kopecks: int | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """What we know of a product's VK item. `sent` is what VK last confirmed, None before that."""

    key: ProductKey
    stamp: str
    item_id: int | None
    sent: DesiredItem | None
    sent_photo_id: int | None = None
    merchant_fields: frozenset[str] = frozenset()
    hidden_since: datetime | None = None
    # Values that we recently replaced or were about to write: VK's list may show either.
    own_values: tuple[Mapping[str, object], ...] = ()
    album_refusal: AlbumRefusal | None = None
    # The album that the channel refused to remove the item from.
    stay_refusal: AlbumRefusal | None = None
    # A picture saved in VK for this item, whether the item shows it or not.
    photo_id: int | None = None
    # The channel's ids of the further pictures that were sent; None where one of them is not known.
    sent_more_ids: tuple[int, ...] | None = None
    # The merchant's pictures saved in VK for this item: ids by content hash.
    saved_photos: Mapping[str, int] = field(default_factory=dict)
    # What VK made of fields that it does not give back as they were sent.
    kept_forms: Mapping[str, KeptForm] = field(default_factory=dict)
    # The till's record when it was last there, for products that have left it.
    last_known: SourceProduct | None = None
    # When VK last confirmed an action of ours.
    written_at: datetime | None = None
    # The last price of an item that disappeared from VK without our removing it.
    lost_price: SentPrice | None = None


@dataclass(frozen=True, slots=True)
class ChannelItem:
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
    # 0 for none.
    old_price_kopecks: int | None = None


@dataclass(frozen=True, slots=True)
class Action:
    """One step of the plan.

    `changes` maps a field of DesiredItem to (now, desired); for CREATE it is empty and `desired` says it
    all. A CREATE with an `item_id` brings that removed item back, if the channel still can. `album`,
    `photo_key` and `more_photos` may be among the changes; they take calls of their own.
    """

    kind: ActionKind
    key: ProductKey
    name: str
    item_id: int | None = None
    desired: DesiredItem | None = None
    changes: Mapping[str, tuple[object, object]] = field(default_factory=dict)
    reason: str = ""
    # A removal that goes before the new items: the channel has no room for them, or its item is still shown.
    goes_first: bool = False


@dataclass(frozen=True, slots=True)
class Skip:
    """A product that is not in VK, and why. `detail` is the word or the limit that decided."""

    key: ProductKey
    name: str
    reason: str
    detail: str = ""
    # The product whose card it is on, for one that is merged.
    card: ProductKey | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """A listing that was tied to another VK item or to another product than before."""

    kind: MatchKind
    key: ProductKey
    item_id: int | None
    old_key: ProductKey | None = None
    # What to note as sent where the item goes to goods of another name: nothing of the merchant's edits
    # goes with it, and the picture is made again.
    reset_to: DesiredItem | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """Why the plan was not started. `code` names the danger; `count` of `total` items are concerned."""

    code: QuestionCode
    count: int
    total: int


@dataclass(frozen=True, slots=True)
class PriceDecision:
    """The decision about a held price: the price in VK, the new one, and what it was computed from."""

    verdict: PriceVerdict
    old_kopecks: int
    new_kopecks: int
    till_kopecks: int | None = None
    cost_kopecks: int | None = None


@dataclass(frozen=True, slots=True)
class HeldPrice:
    """A new price that is not written, and why. `rule` is the rule for goods that decided it, if one did."""

    key: ProductKey
    name: str
    old_kopecks: int
    new_kopecks: int
    cause: PriceCause
    till_kopecks: int | None = None
    cost_kopecks: int | None = None
    rule: str = ""
    is_refused: bool = False


@dataclass(frozen=True, slots=True)
class SourceState:
    """How far the last reading of the till can be trusted.

    `complete_stores` were walked to the end; only there does absence prove a removal.
    `vanished_stores` are no longer listed by Evotor; what they sold may be hidden, but only after
    asking. `previous_size` counts the products before that reading, for the safety check.
    """

    complete_stores: frozenset[str]
    vanished_stores: frozenset[str] = frozenset()
    previous_size: int = 0
    # How many products kept each field, and under "groups" how many groups were not listed, when VK was
    # last made equal to the till: that much has been answered for.
    accepted_gaps: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ChannelLimits:
    """What the channel can hold. Weights count characters as the channel does."""

    items: int
    albums: int
    items_per_album: int
    title_weight: int
    album_title_weight: int
    sku_length: int
    # The largest stock that can be shown.
    stock: int
    description_length: int = 3_000
    # Pictures of one item, the main one among them.
    photos: int = 5


@dataclass(frozen=True, slots=True)
class SyncContext:
    """Everything that a plan depends on."""

    now: datetime
    rules: Rules
    products: tuple[SourceProduct, ...]
    groups: tuple[SourceGroup, ...]
    filters: tuple[Filter, ...]
    listings: tuple[Listing, ...]
    channel_items: tuple[ChannelItem, ...]
    source: SourceState
    limits: ChannelLimits
    # What was in the till once and is not any more, as it was last known, and all stores.
    gone_products: tuple[SourceProduct, ...] = ()
    gone_groups: tuple[SourceGroup, ...] = ()
    stores: tuple[SourceStore, ...] = ()
    # Before this time the channel takes no new items, or no new pictures.
    creates_suspended_until: datetime | None = None
    photos_suspended_until: datetime | None = None
    # Album key → VK album id, for albums that exist: by the title, or by the id of one that we made.
    albums: Mapping[str, int] = field(default_factory=dict)
    # What the channel offers; empty where it was not asked.
    categories: tuple[Category, ...] = ()
    # Those of them that we made and that still have our title.
    own_albums: Mapping[str, int] = field(default_factory=dict)
    # How many items each existing album holds, by its id.
    album_counts: Mapping[int, int] = field(default_factory=dict)
    shop_refusals: tuple[ShopRefusal, ...] = ()
    # Decisions about prices that earlier runs have held.
    price_decisions: Mapping[ProductKey, PriceDecision] = field(default_factory=dict)
    # What the merchant has undone of earlier runs.
    undone: Mapping[ProductKey, Undone] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AlbumRename:
    """An album of ours whose group has another name now."""

    album_id: int
    old_key: str
    title: str


@dataclass(frozen=True, slots=True)
class EmptiedAlbum:
    """An album of ours that no product needs and that all of its items, ours, leave in this run."""

    key: str
    album_id: int
    leaving: frozenset[ProductKey]


@dataclass(frozen=True, slots=True)
class AlbumPlan:
    """`known` maps album keys to ids, as they are once the renames are done."""

    known: Mapping[str, int] = field(default_factory=dict)
    renames: tuple[AlbumRename, ...] = ()
    # Empty albums of ours that no product needs: key and id.
    removals: tuple[tuple[str, int], ...] = ()
    # Those to be removed once everything has left them.
    emptied: tuple[EmptiedAlbum, ...] = ()
    # How many products each desired album is for, by key.
    sizes: Mapping[str, int] = field(default_factory=dict)
    # How many items the existing ones hold, by key.
    held: Mapping[str, int] = field(default_factory=dict)
    # Titles of albums that the channel has no room for, each with the number of its products.
    left_out: Mapping[str, int] = field(default_factory=dict)
    # Earlier refusals, not asked for again. Goods whose album cannot be created have none.
    refused: tuple[ShopRefusal, ...] = ()
    # Albums that keep another title than their group's, by the group's key.
    under_other_titles: Mapping[str, int] = field(default_factory=dict)
    # Hidden goods to be taken out of full albums, each with the album's id.
    evictions: tuple[tuple[ProductKey, int], ...] = ()
    # Products whose items are in their albums already.
    inside: frozenset[ProductKey] = frozenset()


@dataclass(frozen=True, slots=True)
class SyncResult:
    """The plan. `desired` holds every eligible product's item, also the unchanged ones."""

    actions: tuple[Action, ...]
    skipped: tuple[Skip, ...]
    matches: tuple[Match, ...]
    questions: tuple[Question, ...]
    unchanged: int
    desired: Mapping[ProductKey, DesiredItem]
    # Fields that the merchant has taken over in VK, by product.
    merchant_fields: Mapping[ProductKey, frozenset[str]] = field(default_factory=dict)
    # What VK turned out to have taken although its answer never reached us: the fields as it shows them.
    confirmed: Mapping[ProductKey, DesiredItem] = field(default_factory=dict)
    # What VK makes of values that it took from us, where that has changed.
    kept_forms: Mapping[ProductKey, Mapping[str, KeptForm]] = field(default_factory=dict)
    # Items of departed products that are hidden already.
    departed: tuple[ProductKey, ...] = ()
    # Products for sale that stay hidden, since the merchant has hidden their items in VK.
    kept_hidden: tuple[ProductKey, ...] = ()
    # To be hidden: items of products that have another one; we made them too, but no listing points to them.
    second_items: tuple[Action, ...] = ()
    albums: AlbumPlan = field(default_factory=AlbumPlan)
    # Items to restore instead of creating new ones, by product: their removal is undone.
    returning: Mapping[ProductKey, RemovedItem] = field(default_factory=dict)
    # Removals of long hidden items, the oldest first, used if the channel turns out to be full.
    spare: tuple[Action, ...] = ()
    plan_hash: str = ""
    categories: Mapping[ProductKey, CategoryChoice] = field(default_factory=dict)
    # New prices that wait for the merchant or were refused: their items keep the old ones.
    held_prices: tuple[HeldPrice, ...] = ()
    # Prices that would be held if they were fewer: the safety check asks about them together.
    large_prices: tuple[HeldPrice, ...] = ()
    # Products for which the merchant's decision about the price still counts.
    decided_prices: frozenset[ProductKey] = frozenset()
    # By product and field, the name of the merchant's rule that decided.
    rule_names: Mapping[ProductKey, Mapping[str, str]] = field(default_factory=dict)
    # Fields that no longer keep an old value after an undo: till or rules ask for a new one.
    ended_undone: Mapping[ProductKey, frozenset[str]] = field(default_factory=dict)
