"""The old picture flow of the VK stand-in, and the covers of collections."""

import json
from typing import Any

import pytest

from sandbox import Sandbox
from sandbox.vk.records import EDITOR
from tests.integration.sandbox.conftest import Vk, picture

SERVER = "photos.getMarketUploadServer"
SAVE = "photos.saveMarketPhoto"


def test_a_picture_of_an_item_goes_the_old_way(vk: Vk) -> None:
    receipt = vk.upload_to(SERVER, picture(900, 700))
    assert set(receipt) == {"server", "photo", "hash", "group_id"}
    (photo,) = vk(SAVE, **receipt)
    assert photo["album_id"] == -53
    item_id = vk.add(main_photo_id=photo["id"])
    assert [one["id"] for one in vk.item(item_id)["photos"]] == [photo["id"]]


def test_a_main_picture_is_cut_as_its_address_says(vk: Vk) -> None:
    crop = {"main_photo": 1, "crop_x": 100, "crop_y": 50, "crop_width": 500}
    receipt = vk.upload_to(SERVER, picture(900, 700), **crop)
    (photo,) = vk(SAVE, **receipt)
    saved = vk.box.vk.photos[photo["id"]]
    assert (saved.width, saved.height) == (500, 500)
    whole = vk.upload_to(SERVER, picture(900, 700), main_photo=1)
    saved = vk.box.vk.photos[vk(SAVE, **whole)[0]["id"]]
    assert (saved.width, saved.height) == (900, 700)


@pytest.mark.parametrize(
    ("crop", "tail"),
    [
        ({"crop_x": 500, "crop_y": 0, "crop_width": 500}, "invalid photo crop"),
        ({"crop_x": 0, "crop_y": 300, "crop_width": 401}, "invalid photo crop"),
    ],
)
def test_a_cut_outside_of_the_picture_is_refused(vk: Vk, crop: dict[str, int], tail: str) -> None:
    receipt = vk.upload_to(SERVER, picture(900, 700), main_photo=1, **crop)
    assert vk.error(SAVE, **receipt) == (100, tail)
    assert vk.error(SERVER, group_id=vk.box.group_id, main_photo=1, crop_width=399)[0] == 100


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"hash": "0"}, 121),
        ({"server": 1}, 118),
        ({"photo": "[]"}, 129),
        ({"photo": json.dumps([{"photo": "0" * 64, "sizes": [800, 800]}])}, 121),
        ({"crop_data": "[0,0,400]", "crop_hash": "0"}, 100),
    ],
)
def test_a_receipt_must_come_back_as_it_was(vk: Vk, change: dict[str, Any], code: int) -> None:
    receipt = vk.upload_to(SERVER, picture())
    assert vk.error(SAVE, **(receipt | change))[0] == code


def test_a_receipt_is_good_for_its_own_purpose_user_and_community(box: Sandbox, vk: Vk) -> None:
    receipt = vk.upload_to(SERVER, picture(1280, 720))
    assert vk.error("photos.saveMarketAlbumPhoto", **receipt)[0] == 121
    stranger = box.vk.add_person("Пётр", "Чужой")
    box.vk.set_role(EDITOR, user_id=stranger.id)
    assert vk.error(SAVE, box.vk.add_token(user_id=stranger.id).value, **receipt)[0] == 121
    other = box.vk.add_community("Другая", "other", {box.vk.user_id: EDITOR})
    assert vk.error(SAVE, **(receipt | {"group_id": other.id}))[0] == 121
    assert vk.error("market.saveProductPhoto", upload_response=json.dumps(receipt))[0] == 100


def test_the_photos_right_is_asked_for(box: Sandbox, vk: Vk) -> None:
    receipt = vk.upload_to(SERVER, picture())
    token = box.vk.add_token(scope={"market"}).value
    assert vk.error(SERVER, token, group_id=box.group_id)[0] == 15
    assert vk.error(SAVE, token, **receipt)[0] == 15


def test_a_small_picture_is_refused_by_the_upload(vk: Vk) -> None:
    assert vk.upload_to(SERVER, picture(399, 400))["error"].startswith("ERR_UPLOAD_BAD_IMAGE_SIZE")
    cover = vk.upload_to("photos.getMarketAlbumUploadServer", picture(1279, 720))
    assert cover["error"].startswith("ERR_UPLOAD_BAD_IMAGE_SIZE")


def test_a_collection_gets_its_cover(vk: Vk) -> None:
    receipt = vk.upload_to("photos.getMarketAlbumUploadServer", picture(1280, 720))
    (photo,) = vk("photos.saveMarketAlbumPhoto", **receipt)
    album = {"owner_id": vk.owner, "title": "Чаи"}
    number = vk("market.addAlbum", photo_id=photo["id"], **album)["market_album_id"]
    (shown,) = vk("market.getAlbums", owner_id=vk.owner)["items"]
    assert shown["photo"]["id"] == photo["id"]
    edit = {"album_id": number, **album}
    assert vk.error("market.editAlbum", photo_id=vk.photo(), **edit) == (100, "photo_id is invalid")
    assert vk.error("market.editAlbum", photo_id=5, **edit)[0] == 100


def test_a_cover_is_no_picture_of_an_item(vk: Vk) -> None:
    receipt = vk.upload_to("photos.getMarketAlbumUploadServer", picture(1280, 720))
    (photo,) = vk("photos.saveMarketAlbumPhoto", **receipt)
    wanted = vk.wanted(main_photo_id=photo["id"])
    assert vk.error("market.add", **wanted) == (100, "photo not found or already assigned to another item")


def test_the_bulk_address_takes_a_field_called_file(vk: Vk) -> None:
    address = vk("market.getProductPhotoUploadServer", group_id=vk.box.group_id, bulk=1)["upload_url"]
    files = {"file": ("picture.jpg", picture(), "image/jpeg")}
    raw = vk.session.post(address, files=files, timeout=10).text
    assert len(vk("market.saveProductPhotoBulk", upload_response=raw)) == 1
