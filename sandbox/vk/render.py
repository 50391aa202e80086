"""Turns the VK stand-in's records into the objects of VK's answers (reference, vk.md §3.13–3.14)."""

import html
from collections.abc import Callable, Iterable
from typing import Any, Final

from sandbox.vk.categories import nested_category
from sandbox.vk.records import Album, Community, Item, Order, OrderLine, Person, Photo, Property
from sandbox.vk.state import VkState

CURRENCIES: Final = {
    643: ("RUB", "₽"),
    980: ("UAH", "₴"),
    398: ("KZT", "₸"),
    978: ("EUR", "€"),
    840: ("USD", "$"),
}
HOST: Final = "https://sun9-1.userapi.example"
ORDER_PREVIEW: Final = 5
SIZES: Final = (("s", 75), ("m", 130), ("x", 604), ("y", 807), ("z", 1080))


def item_json(state: VkState, community: Community, item: Item, *, extended: bool) -> dict[str, Any]:
    """Return an item; `extended` adds photos, albums and the counters."""
    kopecks = reshaped(state, "price_kopecks", item.price_kopecks)
    answer: dict[str, Any] = {
        "id": item.id,
        "owner_id": item.owner_id,
        "title": _shown(state, reshaped(state, "title", item.title)),
        "description": _shown(state, reshaped(state, "description", item.description)),
        "availability": item.availability,
        "date": item.date,
        "price": price_json(item, community.currency_id, kopecks),
        "category": nested_category(item.category_id),
        "thumb_photo": f"{HOST}/thumb/{item.main_photo_id}.jpg",
        "is_owner": False,
        "is_adult": False,
        "cart_quantity": 0,
        "stock_amount": reshaped(state, "stock", item.stock),
    }
    if sku := reshaped(state, "sku", item.sku):
        answer["sku"] = sku
    if item.url:
        answer["url"] = item.url
    if item.grouping_id:
        answer["variants_grouping_id"] = item.grouping_id
        answer["is_main_variant"] = item.is_main_variant
    if item.dimensions:
        width, height, length, weight = item.dimensions
        answer["dimensions"] = {"width": width, "height": height, "length": length}
        answer["weight"] = weight
    if extended:
        answer.update(_extended(state, item))
    return answer


def _extended(state: VkState, item: Item) -> dict[str, Any]:
    pictures = (item.main_photo_id, *item.photo_ids)
    return {
        "albums_ids": list(item.album_ids),
        "photos": [photo_json(state.photos[number]) for number in pictures],
        "can_comment": 1,
        "can_repost": 1,
        "likes": {"user_likes": 0, "count": 0},
        "reposts": {"count": 0},
        "views_count": 0,
        "can_edit": True,
        "can_delete": True,
    }


def reshaped(state: VkState, name: str, value: Any) -> Any:
    """Return a value as this VK gives it back: some it trims, rounds, retypes or does not keep."""
    return state.reshape[name](value) if name in state.reshape else value


def _shown(state: VkState, text: str) -> str:
    return html.escape(text) if state.limits.escape_answers else text


def price_json(item: Item, currency_id: int, kopecks: int) -> dict[str, Any]:
    """Return a price: amounts are strings in hundredths."""
    name, sign = CURRENCIES[currency_id]
    answer: dict[str, Any] = {
        "amount": str(kopecks),
        "currency": {"id": currency_id, "name": name, "title": sign},
        "text": money_text(kopecks, sign),
    }
    old = item.old_price_kopecks
    if old and old > kopecks:
        answer["old_amount"] = str(old)
        answer["old_amount_text"] = money_text(old, sign)
        answer["discount_rate"] = -round((old - kopecks) * 100 / old)
    return answer


def money_text(kopecks: int, sign: str) -> str:
    """Return a price as people read it: `890 ₽`, or `890,50 ₽`."""
    whole, rest = divmod(kopecks, 100)
    return f"{whole},{rest:02d} {sign}" if rest else f"{whole} {sign}"


def photo_json(photo: Photo) -> dict[str, Any]:
    """Return a photo with its sizes."""
    larger = max(photo.width, photo.height)
    sizes = []
    for kind, side in SIZES:
        share = min(1.0, side / larger)
        width, height = round(photo.width * share), round(photo.height * share)
        address = (
            f"{HOST}/impg/{photo.sha[:32]}/{photo.id}_{kind}.jpg?size={width}x{height}&quality=95&type=album"
        )
        sizes.append({"type": kind, "width": width, "height": height, "url": address})
    return {
        "id": photo.id,
        "album_id": photo.album_id,
        "owner_id": photo.owner_id,
        "user_id": photo.user_id,
        "date": photo.date,
        "text": "",
        "has_tags": False,
        "access_key": photo.sha[:18],
        "sizes": sizes,
    }


def album_json(state: VkState, community: Community, album: Album) -> dict[str, Any]:
    """Return a collection; `count` leaves deleted items out."""
    live = sum(community.items[item_id].deleted_at is None for item_id in album.item_ids)
    cover = {"photo": photo_json(state.photos[album.photo_id])} if album.photo_id else {}
    return cover | {
        "id": album.id,
        "owner_id": album.owner_id,
        "title": album.title,
        "count": live,
        "updated_time": album.updated_time,
        "is_main": album.is_main,
        "is_hidden": album.is_hidden,
        "type": 0,
    }


def community_json(community: Community, user_id: int | None, fields: Iterable[str] = ()) -> dict[str, Any]:
    """Return a community as this user sees it, with the fields that were asked for and that it has."""
    level = community.roles.get(user_id, 0) if user_id else 0
    answer: dict[str, Any] = {
        "id": community.id,
        "name": community.name,
        "screen_name": community.screen_name,
        "is_closed": 0,
        "type": "group",
        "is_admin": int(level > 0),
        "is_member": int(level > 0),
        **{f"photo_{side}": f"{HOST}/group/{side}/{community.id}.jpg" for side in (50, 100, 200)},
    }
    if level:
        answer["admin_level"] = level
    more = {name: COMMUNITY_FIELDS[name](community) for name in fields if name in COMMUNITY_FIELDS}
    return answer | {name: value for name, value in more.items() if value is not None}


def _market_json(community: Community) -> dict[str, Any]:
    if not community.market_enabled:
        return {"enabled": 0}
    name, sign = CURRENCIES[community.currency_id]
    prices = [community.items[item_id].price_kopecks for item_id in community.order] or [0]
    return {
        "enabled": 1,
        "type": community.market_type,
        "currency": {"id": community.currency_id, "name": name, "title": sign},
        "currency_text": sign,
        "main_album_id": next((album.id for album in community.albums.values() if album.is_main), 0),
        "price_min": str(min(prices)),
        "price_max": str(max(prices)),
    }


def order_json(state: VkState, order: Order) -> dict[str, Any]:
    """Return an order with a preview of its items."""
    community = state.communities[order.group_id]
    total = sum(line.price_kopecks * line.quantity for line in order.lines)
    items = [order_line_json(state, community, line) for line in order.lines]
    answer: dict[str, Any] = {
        "id": order.id,
        "group_id": order.group_id,
        "user_id": order.user_id,
        "display_order_id": f"{order.user_id}-{order.id}",
        "date": order.date,
        "status": order.status,
        "items_count": len(order.lines),
        "comment": order.comment,
        "address": order.address,
        "merchant_comment": order.merchant_comment,
        "comment_for_user": order.comment_for_user,
        "total_price": money_json(total + order.delivery_price, community.currency_id),
        "preview_order_items": items[:ORDER_PREVIEW],
        "is_viewed_by_admin": True,
    }
    if order.track_number:
        answer["track_number"] = order.track_number
    if order.dimensions:
        answer["weight"] = order.dimensions[3]
    return answer


def order_line_json(state: VkState, community: Community, line: OrderLine) -> dict[str, Any]:
    """Return one line of an order; its item is shown even where it was deleted since."""
    item = community.items[line.item_id]
    return {
        "owner_id": item.owner_id,
        "item_id": item.id,
        "price": money_json(line.price_kopecks, community.currency_id),
        "quantity": line.quantity,
        "item": item_json(state, community, item, extended=False),
        "title": item.title,
        "photo": photo_json(state.photos[item.main_photo_id]),
    }


def money_json(kopecks: int, currency_id: int) -> dict[str, Any]:
    """Return an amount as orders have it."""
    name, sign = CURRENCIES[currency_id]
    return {
        "amount": str(kopecks),
        "currency": {"id": currency_id, "name": name, "title": sign},
        "text": money_text(kopecks, sign),
    }


def property_json(one: Property) -> dict[str, Any]:
    """Return a property with its values."""
    variants = [{"id": number, "title": title} for number, title in one.variants.items()]
    return {"id": one.id, "title": one.title, "type": "text", "variants": variants}


def person_json(person: Person, fields: Iterable[str] = ()) -> dict[str, Any]:
    """Return a user with the fields that were asked for and that they have.

    Names in other cases come in the nominative: the stand-in does not decline.
    """
    answer: dict[str, Any] = {
        "id": person.id,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "can_access_closed": True,
        "is_closed": False,
    }
    if person.deactivated:
        answer["deactivated"] = person.deactivated
        return answer
    more = {name: PERSON_FIELDS[name](person) for name in fields if name in PERSON_FIELDS}
    return answer | {name: value for name, value in more.items() if value is not None}


def short_name(person: Person) -> str:
    """Return a user's short name; everybody has one from their number."""
    return person.screen_name or f"id{person.id}"


def _named_cases() -> dict[str, Callable[[Person], Any]]:
    found: dict[str, Callable[[Person], Any]] = {}
    for case in CASES:
        found[f"first_name_{case}"] = lambda person: person.first_name
        found[f"last_name_{case}"] = lambda person: person.last_name
    return found


def _pictures(kind: str, names: Iterable[str]) -> dict[str, Callable[[Any], Any]]:
    def address(name: str) -> Callable[[Any], Any]:
        return lambda owner: f"{HOST}/{kind}/{name.removeprefix('photo_')}/{owner.id}.jpg"

    return {name: address(name) for name in names}


CASES: Final = ("nom", "gen", "dat", "acc", "ins", "abl")
PICTURES: Final = (
    "photo_50",
    "photo_100",
    "photo_200",
    "photo_200_orig",
    "photo_400",
    "photo_400_orig",
    "photo_max",
    "photo_max_orig",
)
# Fields of a person and of a community that the stand-in knows; others are left out, as unset ones are.
PERSON_FIELDS: Final[dict[str, Callable[[Person], Any]]] = {
    **_named_cases(),
    **_pictures("user", PICTURES),
    "domain": short_name,
    "screen_name": short_name,
    "sex": lambda person: person.sex,
    "bdate": lambda person: person.birth_date or None,
    "city": lambda person: {"id": 1, "title": person.city} if person.city else None,
    "has_photo": lambda _person: 1,
    "has_mobile": lambda _person: 1,
    "online": lambda _person: 0,
    "verified": lambda _person: 0,
    "nickname": lambda _person: "",
    "site": lambda _person: "",
    "status": lambda _person: "",
    "timezone": lambda _person: 3,
    "is_friend": lambda _person: 0,
    "can_post": lambda _person: 0,
    "can_see_all_posts": lambda _person: 0,
    "can_write_private_message": lambda _person: 1,
}
COMMUNITY_FIELDS: Final[dict[str, Callable[[Community], Any]]] = {
    **_pictures("group", PICTURES),
    "market": _market_json,
    "description": lambda community: community.description,
    "status": lambda community: community.status,
    "site": lambda community: community.site,
    "members_count": lambda community: community.members_count,
    "activity": lambda _community: "Открытая группа",
    "verified": lambda _community: 0,
    "has_photo": lambda _community: 1,
    "can_post": lambda _community: 0,
    "can_message": lambda _community: 0,
    "can_see_all_posts": lambda _community: 1,
    "is_favorite": lambda _community: 0,
    "trending": lambda _community: 0,
    "wall": lambda _community: 1,
}
