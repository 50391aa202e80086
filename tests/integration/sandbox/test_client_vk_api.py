"""`vk_api`, a client that was written for VK itself, finds nothing amiss in the stand-in."""

import io
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
import vk_api
from jconfig import MemoryConfig
from requests.adapters import HTTPAdapter

from sandbox import Sandbox
from tests.integration.sandbox.conftest import picture

HOST = "https://api.vk.ru/"


class ToTheSandbox(HTTPAdapter):
    """Sends what is meant for VK to the stand-in."""

    def __init__(self, address: str) -> None:
        self.address = address
        super().__init__()

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        assert request.url
        request.url = self.address + request.url.removeprefix(HOST.rstrip("/"))
        request.headers["Host"] = urlsplit(self.address).netloc
        return super().send(request, *args, **kwargs)


@pytest.fixture
def session(box: Sandbox) -> Iterator[Any]:
    """Give vk_api's session, as its own examples make it."""
    with requests.Session() as http:
        http.mount(HOST, ToTheSandbox(box.vk_url))
        yield open_session(http, box.vk_token)


def open_session(http: requests.Session, token: str) -> Any:
    """Return a session of vk_api that does not wait between its calls."""
    session = vk_api.VkApi(token=token, session=http, api_version="5.199", config=MemoryConfig)
    session.RPS_DELAY = 0
    return session


@pytest.fixture
def api(session: Any) -> Any:
    """Give vk_api's way to call methods by their names."""
    return session.get_api()


@pytest.fixture
def goods(box: Sandbox) -> list[int]:
    """Give the ids of 57 items, the newest first."""
    made = [box.vk.create_item(f"Открытка {number}", sku=f"CARD-{number}") for number in range(57)]
    return [item.id for item in reversed(made)]


def named(data: bytes, name: str = "picture.jpg") -> io.BytesIO:
    """Return a picture as a file with a name, by which clients choose the content type."""
    file = io.BytesIO(data)
    file.name = name
    return file


def new_photo(session: Any, api: Any, group_id: int) -> int:
    """Upload a picture of an item by the new flow; return its id."""
    url = api.market.getProductPhotoUploadServer(group_id=group_id)["upload_url"]
    raw = session.http.post(url, files={"file": named(picture())}).text
    photo_id: int = api.market.saveProductPhoto(upload_response=raw)["photo_id"]
    return photo_id


def test_an_item_is_added_found_changed_deleted_and_restored(box: Sandbox, session: Any, api: Any) -> None:
    owner = -box.group_id
    wanted = {
        "owner_id": owner,
        "name": "Чай «Таёжный» 50 г",
        "description": "Чай чёрный с чабрецом",
        "category_id": 50102,
        "price": 130.5,
        "sku": "TEA-50",
        "stock_amount": 3,
        "main_photo_id": new_photo(session, api, box.group_id),
        "photo_ids": [new_photo(session, api, box.group_id) for _ in range(2)],
    }
    number = api.market.add(**wanted)["market_item_id"]
    address = f"{owner}_{number}"
    (item,) = api.market.getById(item_ids=[address], extended=True)["items"]
    assert (item["price"]["amount"], item["sku"], len(item["photos"])) == ("13050", "TEA-50", 3)
    assert [one["id"] for one in api.market.search(owner_id=owner, q="таёжный")["items"]] == [number]
    assert api.market.edit(owner_id=owner, item_id=number, name="Чай «Степной»", price=99) == 1
    (item,) = api.market.get(owner_id=owner, count=200)["items"]
    assert (item["title"], item["price"]["text"], item["stock_amount"]) == ("Чай «Степной»", "99 ₽", 3)
    assert api.market.delete(owner_id=owner, item_id=number) == 1
    assert api.market.getById(item_ids=[address]) == {"count": 0, "items": []}
    assert api.market.restore(owner_id=owner, item_id=number) == 1
    assert api.market.get(owner_id=owner)["count"] == 1


def test_collections_are_made_filled_moved_and_deleted(box: Sandbox, api: Any, goods: list[int]) -> None:
    owner = -box.group_id
    first, second = (
        api.market.addAlbum(owner_id=owner, title=title)["market_album_id"] for title in ("Чаи", "Кофе")
    )
    api.market.addToAlbum(owner_id=owner, item_ids=goods[:3], album_ids=[first, second])
    assert [one["count"] for one in api.market.getAlbums(owner_id=owner)["items"]] == [3, 3]
    assert [one["id"] for one in api.market.get(owner_id=owner, album_id=first)["items"]] == goods[2::-1]
    api.market.removeFromAlbum(owner_id=owner, item_id=goods[0], album_ids=[second])
    api.market.editAlbum(owner_id=owner, album_id=second, title="Кофе в зёрнах", main_album=True)
    (shown,) = api.market.getAlbumById(owner_id=owner, album_ids=[second])["items"]
    assert (shown["title"], shown["count"], shown["is_main"]) == ("Кофе в зёрнах", 2, True)
    api.market.reorderAlbums(owner_id=owner, album_id=first, before=second)
    api.market.reorderItems(owner_id=owner, album_id=first, item_id=goods[0], before=goods[2])
    assert [one["id"] for one in api.market.getAlbums(owner_id=owner)["items"]] == [first, second]
    assert api.market.get(owner_id=owner, album_id=first)["items"][0]["id"] == goods[0]
    api.market.deleteAlbum(owner_id=owner, album_id=first)
    assert api.market.getAlbums(owner_id=owner)["count"] == 1


def test_five_pictures_are_saved_at_once(box: Sandbox, session: Any, api: Any) -> None:
    url = api.market.getProductPhotoUploadServer(group_id=box.group_id, bulk=1)["upload_url"]
    files = {f"file{number}": named(picture()) for number in range(1, 6)}
    saved = api.market.saveProductPhotoBulk(upload_response=session.http.post(url, files=files).text)
    assert len({one["photo_id"] for one in saved}) == 5


def test_its_uploader_goes_the_old_way(box: Sandbox, session: Any, api: Any) -> None:
    upload = vk_api.VkUpload(session)
    (main,) = upload.photo_market(
        named(picture(900, 700)), box.group_id, main_photo=True, crop_x=10, crop_y=20, crop_width=600
    )
    extra = upload.photo_market([named(picture()), named(picture())], box.group_id)
    assert (box.vk.photos[main["id"]].width, len(extra)) == (600, 2)
    (cover,) = upload.photo_market_album(named(picture(1280, 720)), box.group_id)
    wanted = {"owner_id": -box.group_id, "name": "Открытка", "description": "Сделано руками"}
    api.market.add(
        **wanted,
        category_id=60002,
        price=10,
        main_photo_id=main["id"],
        photo_ids=[one["id"] for one in extra],
    )
    api.market.addAlbum(owner_id=-box.group_id, title="Открытки", photo_id=cover["id"])
    assert box.vk.albums[1].photo_id == cover["id"]


@pytest.mark.parametrize("page", [2, 200])
def test_get_all_reads_the_whole_shop(box: Sandbox, session: Any, goods: list[int], page: int) -> None:
    tools = vk_api.VkTools(session)
    asked = {"owner_id": -box.group_id}
    box.vk.forget_calls()
    found = tools.get_all("market.get", page, asked)
    assert [item["id"] for item in found["items"]] == goods
    # 25 pages of two are fifty items a script.
    assert box.vk.requests == {2: 2, 200: 1}[page]
    assert found == tools.get_all_slow("market.get", page, asked)


def test_get_all_iter_stops_where_it_is_told(box: Sandbox, session: Any, goods: list[int]) -> None:
    tools = vk_api.VkTools(session)
    found = list(tools.get_all_iter("market.get", 1, {"owner_id": -box.group_id}, limit=25))
    assert [item["id"] for item in found] == goods[:25]
    assert box.vk.requests == 1


def test_get_all_says_why_it_could_not(session: Any) -> None:
    with pytest.raises(vk_api.VkToolsException, match="only groups supported"):
        vk_api.VkTools(session).get_all("market.get", 200, {"owner_id": 1})


def test_a_pool_of_one_method_is_one_request(box: Sandbox, session: Any, goods: list[int]) -> None:
    wanted = [{"owner_id": -box.group_id, "item_id": number, "price": 77} for number in goods[:24]]
    box.vk.forget_calls()
    with vk_api.VkRequestsPool(session) as pool:
        results = [pool.method("market.edit", values) for values in wanted]
        broken = pool.method("market.edit", {"owner_id": -box.group_id, "item_id": 1, "price": 1})
    assert [one.result for one in results] == [1] * 24
    assert (broken.ok, broken.error["error_code"], box.vk.requests) == (False, 1403, 1)
    assert {box.vk.items[number].price_kopecks for number in goods[:24]} == {7700}


def test_a_pool_of_many_methods_is_one_request(box: Sandbox, session: Any) -> None:
    box.vk.forget_calls()
    with vk_api.VkRequestsPool(session) as pool:
        people = pool.method("users.get")
        nothing = pool.method("market.noSuchMethod")
        shop = pool.method("market.get", {"owner_id": -box.group_id})
    assert people.result[0]["id"] == box.vk.user_id
    assert (nothing.error["error_code"], shop.result["count"], box.vk.requests) == (3, 0, 1)


def test_a_pool_of_one_changing_parameter(box: Sandbox, session: Any, goods: list[int]) -> None:
    result, errors = vk_api.vk_request_one_param_pool(
        session,
        "market.delete",
        key="item_id",
        values=[*goods[:30], 1],
        default_values={"owner_id": -box.group_id},
    )
    assert result == dict.fromkeys(goods[:30], 1)
    assert errors[1]["error_code"] == 1403
    assert len(box.vk.live_items()) == 27


def test_an_endless_script_is_an_error_of_the_api(box: Sandbox, api: Any) -> None:
    with pytest.raises(vk_api.ApiError) as caught:
        api.execute(code="var a = []; while (true) { a.push(API.utils.getServerTime()); } return a;")
    assert (caught.value.code, len(box.vk.calls)) == (13, 26)
    with pytest.raises(vk_api.ApiError) as caught:
        api.execute(code="while (true) {} return 1;")
    assert caught.value.code == 13
    with pytest.raises(vk_api.ApiError) as caught:
        api.execute(code="for (;;) {}")
    assert caught.value.code == 12


def test_a_missing_right_has_its_subcode(box: Sandbox, session: Any) -> None:
    poor = open_session(session.http, box.vk.add_token(scope={"groups"}).value).get_api()
    with pytest.raises(vk_api.ApiError) as caught:
        poor.market.get(owner_id=-box.group_id)
    assert (caught.value.code, caught.value.error["error_subcode"]) == (15, 1133)


def test_a_captcha_is_known_and_answered(box: Sandbox, api: Any) -> None:
    box.vk.fault("captcha", method="users.get")
    with pytest.raises(vk_api.Captcha) as caught:
        api.users.get()
    assert caught.value.sid
    assert caught.value.redirect_uri.startswith(box.vk_url)
    assert caught.value.try_again(success_token="proof")[0]["id"] == box.vk.user_id
    assert box.vk.calls[-1].params["success_token"] == "proof"
    box.vk.fault("captcha", code=3300, method="users.get")
    with pytest.raises(vk_api.ApiError) as recaptcha:
        api.users.get()
    assert (recaptcha.value.code, "redirect_uri" in recaptcha.value.error) == (3300, True)


def test_it_waits_when_it_was_too_fast(box: Sandbox, api: Any) -> None:
    box.vk.fault("error", code=6, method="users.get")
    assert api.users.get()[0]["id"] == box.vk.user_id
    assert [call.error for call in box.vk.calls] == [6, None]


def test_a_gateways_page_is_an_http_error(box: Sandbox, api: Any) -> None:
    box.vk.fault("http", status=502, method="users.get")
    with pytest.raises(vk_api.ApiHttpError):
        api.users.get()


def test_people_and_communities_have_fields(box: Sandbox, api: Any) -> None:
    (person,) = api.users.get(fields=["sex", "domain", "photo_200"])
    assert {"sex", "domain", "photo_200"} <= set(person)
    (group,) = api.groups.getById(group_id=box.group_id, fields=["market", "members_count"])["groups"]
    assert (group["market"]["enabled"], group["members_count"]) == (1, 1)
    managed = api.groups.get(extended=1, filter="editor", fields=["market"])["items"]
    assert [one["id"] for one in managed] == [box.group_id]


def test_a_community_works_through_its_orders(box: Sandbox, session: Any, goods: list[int]) -> None:
    box.vk.set_market_type("advanced")
    orders = [box.vk.place_order({goods[0]: number}) for number in (1, 2)]
    own = open_session(session.http, box.vk.add_token(kind="group").value)
    api = own.get_api()
    found = vk_api.VkTools(own).get_all("market.getGroupOrders", 1, {"group_id": box.group_id})
    assert {one["id"] for one in found["items"]} == {one.id for one in orders}
    user_id, order_id = orders[0].user_id, orders[0].id
    assert api.market.editOrder(user_id=user_id, order_id=order_id, status=2, track_number="RA1") == 1
    shown = api.market.getOrderById(user_id=user_id, order_id=order_id)["order"]
    assert (shown["status"], shown["track_number"]) == (2, "RA1")
    assert api.market.getOrderItems(user_id=user_id, order_id=order_id)["items"][0]["item_id"] == goods[0]
    with pytest.raises(vk_api.ApiError) as caught:
        api.market.get(owner_id=-box.group_id)
    assert caught.value.code == 27


def test_variants_are_made_and_grouped(box: Sandbox, api: Any, goods: list[int]) -> None:
    box.vk.set_market_type("advanced")
    group = {"group_id": box.group_id}
    colour = api.market.addProperty(title="Цвет", **group)["property_id"]
    values = [
        api.market.addPropertyVariant(property_id=colour, title=title, **group)["variant_id"]
        for title in ("Красный", "Синий")
    ]
    for item_id, value in zip(goods, values, strict=False):
        api.market.edit(owner_id=-box.group_id, item_id=item_id, variant_ids=[value])
    number = api.market.groupItems(item_ids=goods[:2], **group)["item_group_id"]
    shown = api.market.get(owner_id=-box.group_id, need_variants=1)
    assert {item["variants_grouping_id"] for item in shown["variants"]} == {number}
    assert api.market.getProperties(**group)["items"][0]["variants"][1]["title"] == "Синий"
    assert api.market.ungroupItems(item_group_id=number, **group) == 1
