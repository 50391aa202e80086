"""What the VK stand-in stores: people, tokens, communities, items, albums, photos, calls."""

from dataclasses import dataclass, field
from typing import Final, Literal

from sandbox.vk.names import NAME_MAX

MODERATOR: Final = 1
EDITOR: Final = 2
ADMINISTRATOR: Final = 3
TokenKind = Literal["user", "group", "service"]
# VK's own albums: the pictures of items, and (a guess) those of collections.
PRODUCT_PHOTOS: Final = -53
COVERS: Final = -54


@dataclass(slots=True)
class Person:
    """A VK user. `deactivated` is "deleted" or "banned", or empty; `sex` is 1 for a woman, 2 for a man."""

    id: int
    first_name: str
    last_name: str
    deactivated: str = ""
    screen_name: str = ""
    sex: int = 0
    birth_date: str = ""
    city: str = ""


@dataclass(slots=True)
class Token:
    """An access token. `expires_at` is a Unix time; None never expires. A "group" one is of `group_id`."""

    value: str = field(repr=False)
    kind: TokenKind
    user_id: int
    scope: frozenset[str]
    expires_at: float | None = None
    revoked: bool = False
    group_id: int = 0


@dataclass(slots=True)
class Photo:
    """A saved picture. `item_id` is the only item that may ever show it; covers are of `COVERS`."""

    id: int
    owner_id: int
    user_id: int
    width: int
    height: int
    sha: str
    date: int
    item_id: int | None = None
    album_id: int = PRODUCT_PHOTOS


@dataclass(slots=True)
class Item:
    """A market item. Prices are in kopecks; `stock` is -1 for unlimited; times are Unix times."""

    id: int
    owner_id: int
    title: str
    description: str
    category_id: int
    price_kopecks: int
    main_photo_id: int
    old_price_kopecks: int | None = None
    photo_ids: list[int] = field(default_factory=list)
    sku: str = ""
    stock: int = -1
    url: str = ""
    hidden: bool = False
    dimensions: tuple[int, int, int, int] | None = None
    album_ids: list[int] = field(default_factory=list)
    variant_ids: list[int] = field(default_factory=list)
    is_main_variant: bool = False
    grouping_id: int = 0
    date: int = 0
    updated: int = 0
    deleted_at: float | None = None
    hand_made: bool = False

    @property
    def availability(self) -> int:
        """0 on sale, 1 deleted, 2 hidden or out of stock."""
        if self.deleted_at is not None:
            return 1
        return 2 if self.hidden or self.stock == 0 else 0


@dataclass(slots=True)
class Album:
    """A collection of items, newest addition first."""

    id: int
    owner_id: int
    title: str
    item_ids: list[int] = field(default_factory=list)
    updated_time: int = 0
    is_main: bool = False
    is_hidden: bool = False
    photo_id: int = 0


@dataclass(slots=True)
class Property:
    """A property of goods (a colour, a size) with the titles of its values by their ids."""

    id: int
    title: str
    variants: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OrderLine:
    """So many pieces of an item at a price in kopecks."""

    item_id: int
    quantity: int
    price_kopecks: int


@dataclass(slots=True)
class Order:
    """A buyer's order.

    `status` is 0 new, 1 agreed, 2 assembling, 3 delivering, 4 done, 5 cancelled, 6 returned.
    `by_vk_pay` says that VK takes the money, so that the merchant cannot say whether it came.
    """

    id: int
    group_id: int
    user_id: int
    date: int
    lines: list[OrderLine]
    status: int = 0
    comment: str = ""
    address: str = ""
    by_vk_pay: bool = False
    merchant_comment: str = ""
    comment_for_user: str = ""
    track_number: str = ""
    payment_status: str = "not_paid"
    delivery_price: int = 0
    receipt_link: str = ""
    dimensions: tuple[int, int, int, int] | None = None


@dataclass(slots=True)
class Community:
    """A community with its shop. `order` holds the ids of items that are not deleted, as listed.

    `albums` stand as listed, the last first. `market_type` is "basic" or "advanced": orders and variants are
    of the latter only.
    """

    id: int
    name: str
    screen_name: str
    roles: dict[int, int] = field(default_factory=dict)
    market_enabled: bool = True
    market_type: str = "basic"
    currency_id: int = 643
    items: dict[int, Item] = field(default_factory=dict)
    order: list[int] = field(default_factory=list)
    albums: dict[int, Album] = field(default_factory=dict)
    album_count: int = 0
    properties: dict[int, Property] = field(default_factory=dict)
    orders: dict[int, Order] = field(default_factory=dict)
    description: str = ""
    status: str = ""
    site: str = ""
    members_count: int = 1


@dataclass(slots=True)
class Limits:
    """Limits of the stand-in. `per_second=0` switches the rate limit off; times are in seconds.

    `market.get` shows a shop as it was `list_lag` seconds ago, `getById` as it was `by_id_lag` seconds ago.
    `answer_bytes` bounds what `execute` answers, `direct_answer_bytes` what other calls do (0: not at all).
    `daily` maps a method to its calls a day and token; beyond them it answers 29. `description_length=0`
    is no limit.
    """

    per_second: int = 3
    items: int = 15_000
    albums: int = 100
    items_in_album: int = 1_000
    properties: int = 10
    variants: int = 30
    answer_bytes: int = 5_000_000
    direct_answer_bytes: int = 0
    script_bytes: int = 65_536
    name_weight: int = NAME_MAX
    long_name_code: int = 100
    description_length: int = 0
    daily: dict[str, int] = field(default_factory=dict)
    list_lag: float = 0
    by_id_lag: float = 0
    restore_seconds: float = 1_800
    upload_url_seconds: float = 1_800
    refuse_links: bool = True
    # An old price must exceed the price; else it is ignored, and shown nowhere.
    refuse_low_old_price: bool = True
    escape_answers: bool = False


@dataclass(slots=True)
class Doubts:
    """What this VK does otherwise than the references guess; `sandbox.vk.doubts` carries it out.

    Each name says what it does then, after "VK".
    """

    lists_hidden_always: bool = False
    unlists_hidden: bool = False
    unlists_hidden_with_variants: bool = False
    lists_main_variants_alone: bool = False
    hides_as_removed: bool = False
    lists_oldest_first: bool = False
    lists_deleted: bool = False
    finds_deleted: bool = False
    tells_sku_if_extended: bool = False
    keeps_albums_to_itself: bool = False
    changes_category: bool = False
    shows_new_items: bool = False
    shares_photos: bool = False
    refuses_own_photo: bool = False
    refuses_links_in_titles: bool = False
    refuses_sections: bool = False
    refuses_unknown_parameters: bool = False
    edits_show: bool = False
    edits_without_change: bool = False
    edits_deleted: bool = False
    answers_edits_in_objects: bool = False
    keeps_empty_sku: bool = False
    adds_to_album_twice: bool = False
    albums_take_items_along: bool = False
    saves_one_of_many: bool = False
    hides_permissions: bool = False
    flattens_categories: bool = False
    keeps_errors_of_scripts: bool = False


@dataclass(frozen=True, slots=True)
class CallRecord:
    """One call as it arrived. `error` is the code it was answered with, or None.

    `inner` says that it ran inside `execute`. `params` come without the token. `broken` says that
    the connection broke instead of an answer.
    """

    method: str
    params: dict[str, str]
    inner: bool
    at: float
    error: int | None = None
    broken: bool = False
