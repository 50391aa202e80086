"""What the VK stand-in stores: people, tokens, communities, items, albums, photos, calls."""

from dataclasses import dataclass, field
from typing import Final, Literal

from sandbox.vk.names import NAME_MAX

MODERATOR: Final = 1
EDITOR: Final = 2
ADMINISTRATOR: Final = 3
TokenKind = Literal["user", "group", "service"]


@dataclass(slots=True)
class Person:
    """A VK user. `deactivated` is "deleted" or "banned", or empty."""

    id: int
    first_name: str
    last_name: str
    deactivated: str = ""


@dataclass(slots=True)
class Token:
    """An access token. `expires_at` is a Unix time; None never expires."""

    value: str = field(repr=False)
    kind: TokenKind
    user_id: int
    scope: frozenset[str]
    expires_at: float | None = None
    revoked: bool = False


@dataclass(slots=True)
class Photo:
    """A saved picture. `item_id` is the only item that may ever show it."""

    id: int
    owner_id: int
    user_id: int
    width: int
    height: int
    sha: str
    date: int
    item_id: int | None = None


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


@dataclass(slots=True)
class Community:
    """A community with its shop. `order` holds the ids of items that are not deleted, as listed."""

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
    escape_answers: bool = False


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
