"""What goes to VK and what comes back: calls, and the records that their answers read as."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

from connections.clients.error_catalog import VkError

T_co = TypeVar("T_co", covariant=True)


class ToleratedError(NamedTuple):
    """A refusal that says that what was asked for is so already; `words` stand in VK's text."""

    code: VkError
    words: str = ""


@dataclass(frozen=True, slots=True)
class Call(Generic[T_co]):
    """One method call, ready to be sent alone or inside `execute`. `parse` reads its answer.

    `parse_text` reads the same from the text, and raises MsgspecError where only `parse` can.
    """

    method: str
    params: Mapping[str, Any]
    parse: Callable[[Any], T_co]
    is_read: bool = False
    tolerated_errors: tuple[ToleratedError, ...] = ()
    parse_text: Callable[[bytes], T_co] | None = None


@dataclass(frozen=True, slots=True)
class VkMarketItem:
    """A market item. Price in kopecks; None means that VK did not say.

    `availability` is 0 on sale, 1 removed, 2 not available, None where VK did not say.
    `date` is the creation time in seconds.
    """

    id: int
    title: str
    description: str
    price_kopecks: int | None
    # 0 for none; VK shows no old price that does not exceed the price.
    old_price_kopecks: int | None
    stock: int | None
    sku: str
    availability: int | None
    category_id: int | None
    photo_ids: tuple[int, ...] | None
    album_ids: tuple[int, ...] | None
    date: int


@dataclass(frozen=True, slots=True)
class VkItemPage:
    """A page of items; `count` is how many there are in all."""

    count: int
    items: tuple[VkMarketItem, ...]


@dataclass(frozen=True, slots=True)
class VkAlbum:
    """A collection of items. `count` is None where VK did not say how many it holds."""

    id: int
    title: str
    count: int | None


@dataclass(frozen=True, slots=True)
class VkCategory:
    """A node of VK's category tree."""

    id: int
    name: str
    children: tuple["VkCategory", ...] = ()


@dataclass(frozen=True, slots=True)
class VkCommunity:
    """A community as the token's owner sees it.

    admin_level: 0 none, 1 moderator, 2 editor, 3 administrator.
    """

    id: int
    name: str
    screen_name: str
    admin_level: int
    market_enabled: bool
    currency_id: int | None


@dataclass(frozen=True, slots=True)
class VkUser:
    """The owner of a token; id 0 where that is no person."""

    id: int
    first_name: str
    last_name: str
