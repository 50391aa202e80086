"""`vkbottle`, whose models come from a newer schema of VK's than ours, reads what the stand-in answers."""

import asyncio
import io
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import vkbottle
from vkbottle.http import AiohttpClient
from vkbottle.tools import PhotoMarketUploader
from vkbottle.tools.vkscript_converter import vkscript

from sandbox import Sandbox
from tests.integration.sandbox.conftest import picture

Story = Callable[[Any], Awaitable[None]]


@pytest.fixture
def tell(box: Sandbox) -> Callable[..., None]:
    """Give a runner of stories: each gets vkbottle's API, aimed at the stand-in."""

    async def open_and_run(story: Story, token: str) -> None:
        client = AiohttpClient()
        api = vkbottle.API(token, http_client=client)
        api.API_URL = f"{box.vk_url}/method/"
        try:
            await story(api)
        finally:
            await client.close()

    def run(story: Story, token: str = "") -> None:
        asyncio.run(open_and_run(story, token or box.vk_token))

    return run


async def new_photo(api: Any, group_id: int) -> int:
    """Upload a picture of an item by the new flow; return its id."""
    server = await api.market.get_product_photo_upload_server(group_id=group_id)
    raw = await api.http_client.request_text(
        server.upload_url, method="POST", data={"file": named(picture())}
    )
    saved = await api.market.save_product_photo(upload_response=raw)
    photo_id: int = saved.photo_id
    return photo_id


def named(data: bytes) -> io.BytesIO:
    """Return a picture as a file with a name, by which clients choose the content type."""
    file = io.BytesIO(data)
    file.name = "picture.jpg"
    return file


def test_an_item_is_added_found_changed_deleted_and_restored(box: Sandbox, tell: Callable[..., None]) -> None:
    owner = -box.group_id

    async def story(api: Any) -> None:
        made = await api.market.add(
            owner_id=owner,
            name="Чай «Таёжный» 50 г",
            description="Чай чёрный с чабрецом",
            category_id=50102,
            price=130.5,
            old_price=200,
            sku="TEA-50",
            stock_amount=3,
            main_photo_id=await new_photo(api, box.group_id),
        )
        number = made.market_item_id
        found = await api.market.get_by_id(item_ids=[f"{owner}_{number}"])
        item = found.items[0]
        assert (item.price.amount, item.price.old_amount, item.sku) == ("13050", "20000", "TEA-50")
        # Its own model of a full item wants one photo where VK's schema has a list.
        asked = {"item_ids": f"{owner}_{number}", "extended": 1}
        (full,) = (await api.request("market.getById", asked))["response"]["items"]
        assert (len(full["photos"]), full["stock_amount"]) == (1, 3)
        assert (await api.market.search(owner_id=owner, q="таёжный")).items[0].id == number
        await api.market.edit(owner_id=owner, item_id=number, name="Чай «Степной»")
        page = await api.market.get(owner_id=owner, with_disabled=True, need_variants=True)
        assert (page.count, page.items[0].title, page.variants) == (1, "Чай «Степной»", [])
        await api.market.delete(owner_id=owner, item_id=number)
        assert (await api.market.get(owner_id=owner)).count == 0
        await api.market.restore(owner_id=owner, item_id=number)
        assert (await api.market.get(owner_id=owner)).count == 1
        tree = await api.market.get_categories()
        assert tree.items[0].children

    tell(story)


def test_collections_are_made_filled_moved_and_deleted(box: Sandbox, tell: Callable[..., None]) -> None:
    owner = -box.group_id
    items = [box.vk.create_item(f"Открытка {number}").id for number in range(3)]

    async def story(api: Any) -> None:
        first = (await api.market.add_album(owner_id=owner, title="Чаи")).market_album_id
        second = (await api.market.add_album(owner_id=owner, title="Кофе")).market_album_id
        await api.market.add_to_album(owner_id=owner, item_ids=items, album_ids=[first])
        await api.market.remove_from_album(owner_id=owner, item_id=items[0], album_ids=[first])
        await api.market.edit_album(owner_id=owner, album_id=first, title="Чаи и сборы")
        await api.market.reorder_albums(owner_id=owner, album_id=first, before=second)
        await api.market.reorder_items(owner_id=owner, album_id=0, item_id=items[0], before=items[2])
        albums = await api.market.get_albums(owner_id=owner)
        assert [(one.id, one.title, one.count) for one in albums.items] == [
            (first, "Чаи и сборы", 2),
            (second, "Кофе", 0),
        ]
        await api.market.delete_album(owner_id=owner, album_id=second)
        assert (await api.market.get_album_by_id(owner_id=owner, album_ids=[first, second])).count == 1

    tell(story)


def test_its_uploader_goes_the_old_way(box: Sandbox, tell: Callable[..., None]) -> None:
    async def story(api: Any) -> None:
        uploader = PhotoMarketUploader(api)
        answer = await uploader.raw_upload(picture(900, 700), box.group_id, main_photo=1)
        photo = box.vk.photos[answer["response"][0]["id"]]
        assert (photo.owner_id, photo.width) == (-box.group_id, 900)

    tell(story)


def test_five_pictures_are_saved_at_once(box: Sandbox, tell: Callable[..., None]) -> None:
    async def story(api: Any) -> None:
        server = await api.market.get_product_photo_upload_server(group_id=box.group_id, bulk=True)
        files = {f"file{number}": named(picture()) for number in range(1, 6)}
        raw = await api.http_client.request_text(server.upload_url, method="POST", data=files)
        saved = await api.market.save_product_photo_bulk(upload_response=raw)
        assert len({one.photo_id for one in saved}) == 5

    tell(story)


@vkscript  # type: ignore[untyped-decorator]
def cheap_items(api: Any, owner_id: int, most: int) -> Any:
    offset = 0
    found = []
    while offset < 100:
        page = api.market.get(owner_id=owner_id, offset=offset, count=20)
        for item in page.items:
            if item.price.amount / 100 <= most:
                found.append({"id": item.id, "title": "Всего за " + item.price.text})  # noqa: PERF401
        offset = offset + 20
        if offset >= page.count:
            offset = 100
    return found


def test_its_scripts_made_from_python_run(box: Sandbox, tell: Callable[..., None]) -> None:
    items = [box.vk.create_item(f"Открытка {n}", price_kopecks=n * 1000).id for n in range(1, 31)]

    async def story(api: Any) -> None:
        box.vk.forget_calls()
        answer = await api.execute(code=cheap_items(-box.group_id, 20))
        assert answer.response["response"] == [
            {"id": items[1], "title": "Всего за 20 ₽"},
            {"id": items[0], "title": "Всего за 10 ₽"},
        ]
        assert (box.vk.requests, box.vk.counts()["market.get"]) == (1, 2)

    tell(story)


def test_errors_are_its_exceptions(box: Sandbox, tell: Callable[..., None]) -> None:
    async def story(api: Any) -> None:
        with pytest.raises(vkbottle.VKAPIError[15]) as denied:
            await api.market.get(owner_id=-box.group_id)
        assert denied.value.kwargs["error_subcode"] == 1133
        box.vk.fault("captcha", method="users.get")
        with pytest.raises(vkbottle.CaptchaError) as captcha:
            await api.users.get()
        assert captcha.value.captcha_sid
        box.vk.fault("captcha", code=3300, method="users.get")
        with pytest.raises(vkbottle.VKAPIError[3300]) as recaptcha:
            await api.users.get()
        assert recaptcha.value.kwargs["redirect_uri"].startswith(box.vk_url)

    tell(story, box.vk.add_token(scope={"groups"}).value)


def test_a_captcha_is_answered_by_its_handler(box: Sandbox, tell: Callable[..., None]) -> None:
    async def answer(error: Any) -> str:
        return f"key for {error.captcha_sid}"

    async def story(api: Any) -> None:
        api.add_captcha_handler(answer)
        box.vk.fault("captcha", method="users.get")
        assert (await api.users.get())[0].id == box.vk.user_id
        assert box.vk.calls[-1].params["captcha_key"].startswith("key for ")

    tell(story)


def test_people_and_communities_have_fields(box: Sandbox, tell: Callable[..., None]) -> None:
    box.vk.people[box.vk.user_id].city = "Томск"

    async def story(api: Any) -> None:
        fields = ["sex", "city", "domain", "photo_200", "first_name_gen"]
        (person,) = await api.users.get(fields=fields, name_case="gen")
        assert (person.city.title, person.domain) == ("Томск", f"id{box.vk.user_id}")
        found = await api.groups.get_by_id(group_id=box.group_id, fields=["market", "members_count"])
        assert (found.groups[0].market.currency.id, found.groups[0].members_count) == (643, 1)
        managed = await api.groups.get(extended=True, filter=["editor"])
        assert [one.id for one in managed.items] == [box.group_id]

    tell(story)


def test_a_community_works_through_its_orders(box: Sandbox, tell: Callable[..., None]) -> None:
    box.vk.set_market_type("advanced")
    item = box.vk.create_item("Открытка", price_kopecks=5050)
    order = box.vk.place_order({item.id: 2}, comment="Позвоните")

    async def story(api: Any) -> None:
        listed = await api.market.get_group_orders(group_id=box.group_id)
        assert (listed.count, listed.items[0].total_price.text) == (1, "101 ₽")
        await api.market.edit_order(user_id=order.user_id, order_id=order.id, status=3, track_number="RA1")
        shown = (await api.market.get_order_by_id(user_id=order.user_id, order_id=order.id)).order
        assert (shown.status, shown.track_number, shown.comment) == (3, "RA1", "Позвоните")
        lines = await api.market.get_order_items(user_id=order.user_id, order_id=order.id)
        assert (lines.items[0].item.id, lines.items[0].quantity) == (item.id, 2)

    tell(story, box.vk.add_token(kind="group").value)

    async def buyer(api: Any) -> None:
        own = await api.market.get_orders(extended=True)
        assert (own.count, own.groups[0].id) == (1, box.group_id)

    tell(buyer)


def test_variants_are_made_and_grouped(box: Sandbox, tell: Callable[..., None]) -> None:
    box.vk.set_market_type("advanced")
    items = [box.vk.create_item(f"Футболка {number}").id for number in range(2)]

    async def story(api: Any) -> None:
        group_id = box.group_id
        size = (await api.market.add_property(group_id=group_id, title="Размер")).property_id
        for item_id, title in zip(items, ("M", "L"), strict=True):
            made = await api.market.add_property_variant(group_id=group_id, property_id=size, title=title)
            await api.market.edit(owner_id=-group_id, item_id=item_id, variant_ids=[made.variant_id])
        number = (await api.market.group_items(group_id=group_id, item_ids=items)).item_group_id
        shown = await api.market.get(owner_id=-group_id, need_variants=True)
        assert {item.variants_grouping_id for item in shown.variants} == {number}
        listed = await api.market.get_properties(group_id=group_id)
        assert [one.title for one in listed.items[0].variants] == ["M", "L"]
        await api.market.ungroup_items(group_id=group_id, item_group_id=number)

    tell(story)
