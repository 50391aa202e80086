"""Turns the VK stand-in's records into the objects of VK's answers (reference, vk.md §3.13–3.14)."""

import html
from typing import Any, Final

from sandbox.vk.categories import nested_category
from sandbox.vk.records import Album, Community, Item, Person, Photo
from sandbox.vk.state import VkState

CURRENCIES: Final = {
    643: ("RUB", "₽"),
    980: ("UAH", "₴"),
    398: ("KZT", "₸"),
    978: ("EUR", "€"),
    840: ("USD", "$"),
}
HOST: Final = "https://sun9-1.userapi.example"
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
        "album_id": -53,
        "owner_id": photo.owner_id,
        "user_id": photo.user_id,
        "date": photo.date,
        "text": "",
        "has_tags": False,
        "access_key": photo.sha[:18],
        "sizes": sizes,
    }


def album_json(community: Community, album: Album) -> dict[str, Any]:
    """Return a collection; `count` leaves deleted items out."""
    live = sum(community.items[item_id].deleted_at is None for item_id in album.item_ids)
    return {
        "id": album.id,
        "owner_id": album.owner_id,
        "title": album.title,
        "count": live,
        "updated_time": album.updated_time,
        "is_main": album.is_main,
        "is_hidden": album.is_hidden,
        "type": 0,
    }


def community_json(community: Community, user_id: int | None, *, with_market: bool) -> dict[str, Any]:
    """Return a community as this user sees it."""
    level = community.roles.get(user_id, 0) if user_id else 0
    answer: dict[str, Any] = {
        "id": community.id,
        "name": community.name,
        "screen_name": community.screen_name,
        "is_closed": 0,
        "type": "group",
        "is_admin": int(level > 0),
        "is_member": int(level > 0),
        "photo_100": f"{HOST}/group/{community.id}.jpg",
    }
    if level:
        answer["admin_level"] = level
    if with_market:
        answer["market"] = _market_json(community)
    return answer


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


def person_json(person: Person) -> dict[str, Any]:
    """Return a user."""
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
