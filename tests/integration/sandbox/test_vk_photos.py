"""Photos in the VK stand-in: what an upload may be, how it is saved."""

import json

import pytest
import requests

from sandbox import Sandbox
from sandbox.multipart import parse_multipart
from sandbox.vk.records import EDITOR
from tests.integration.sandbox.conftest import Vk, picture


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (picture(399, 800), "ERR_UPLOAD_BAD_IMAGE_SIZE"),
        (picture(800, 399), "ERR_UPLOAD_BAD_IMAGE_SIZE"),
        (picture(13_601, 400), "ERR_UPLOAD_BAD_IMAGE_SIZE"),
        (picture(8_400, 400), "ERR_UPLOAD_BAD_IMAGE_SIZE"),
        (picture()[:2_000], "ERR_UPLOAD_BAD_IMAGE"),
        (b"not a picture", "ERR_UPLOAD_BAD_IMAGE"),
        (b"", "ERR_UPLOAD_BAD_IMAGE"),
        (picture(kind="WEBP"), "ERR_UPLOAD_FILE_TYPE"),
    ],
)
def test_a_bad_picture_is_refused_with_status_200(vk: Vk, data: bytes, word: str) -> None:
    answer = vk.upload(data, bulk=False)
    assert answer.status_code == 200
    assert answer.json()["error"].startswith(word)


@pytest.mark.parametrize(
    ("width", "height", "kind"),
    [(400, 400, "JPEG"), (8_000, 400, "JPEG"), (500, 640, "PNG"), (640, 500, "GIF")],
)
def test_a_good_picture_is_saved_with_its_real_size(vk: Vk, width: int, height: int, kind: str) -> None:
    raw = vk.upload(picture(width, height, kind), bulk=False).text
    saved = vk("market.saveProductPhoto", upload_response=raw)
    photo = vk.box.vk.photos[saved["photo_id"]]
    assert (photo.width, photo.height, photo.item_id) == (width, height, None)
    assert saved["photo"]["album_id"] == -53


def test_five_pictures_are_saved_in_their_order(vk: Vk) -> None:
    raw = vk.upload(*(picture(400 + number, 500) for number in range(5))).text
    saved = vk("market.saveProductPhotoBulk", upload_response=raw)
    assert [vk.box.vk.photos[one["photo_id"]].width for one in saved] == [400, 401, 402, 403, 404]
    assert vk.box.vk.uploads == 5


def test_refused_pictures_are_missing_from_a_bulk_answer(vk: Vk) -> None:
    raw = vk.upload(picture(), b"broken", picture(900, 900)).text
    saved = vk("market.saveProductPhotoBulk", upload_response=raw)
    assert [vk.box.vk.photos[one["photo_id"]].width for one in saved] == [800, 900]


def test_the_fields_are_those_of_the_address(vk: Vk) -> None:
    single = vk("market.getProductPhotoUploadServer", group_id=vk.box.group_id)["upload_url"]
    bulk = vk("market.getProductPhotoUploadServer", group_id=vk.box.group_id, bulk=1)["upload_url"]
    for address, name in ((single, "file1"), (bulk, "photo"), (bulk, "file6")):
        files = {name: ("picture.jpg", picture(), "image/jpeg")}
        assert "ERR_UPLOAD_NO_FILE" in vk.session.post(address, files=files, timeout=10).json()["error"]


def test_a_file_has_the_type_or_the_name_of_an_image(vk: Vk) -> None:
    answer = vk.upload(picture(), bulk=False, kind="application/octet-stream").json()
    assert answer["error"].startswith("ERR_UPLOAD_FILE_TYPE")
    address = vk("market.getProductPhotoUploadServer", group_id=vk.box.group_id)["upload_url"]

    def send(name: str) -> dict[str, str]:
        found: dict[str, str] = vk.session.post(address, files={"file": (name, picture())}, timeout=10).json()
        return found

    assert send("picture")["error"].startswith("ERR_UPLOAD_FILE_TYPE")
    assert "hash" in send("PICTURE.JPG")


def test_an_upload_answer_must_come_back_untouched(vk: Vk) -> None:
    raw = vk.upload(picture(), bulk=False).text
    answer = json.loads(raw)
    again = json.dumps(answer, ensure_ascii=True, indent=1)
    forged = json.dumps(answer | {"sha": "0" * 64})
    assert vk.error("market.saveProductPhoto", upload_response=forged)[0] == 121
    assert vk.error("market.saveProductPhoto", upload_response="{}") == (100, "upload_response is invalid")
    assert vk.error("market.saveProductPhoto", upload_response='{"error":"x"}')[0] == 100
    assert vk.error("market.saveProductPhoto", upload_response="чай")[0] == 100
    assert vk.error("market.saveProductPhotoBulk", upload_response=raw)[0] == 129
    assert vk("market.saveProductPhoto", upload_response=again)["photo_id"] > 0


def test_an_upload_belongs_to_the_user_who_asked(box: Sandbox, vk: Vk) -> None:
    stranger = box.vk.add_person("Пётр", "Чужой")
    box.vk.set_role(EDITOR, user_id=stranger.id)
    token = box.vk.add_token(user_id=stranger.id).value
    raw = vk.upload(picture(), bulk=False).text
    assert vk.error("market.saveProductPhoto", token, upload_response=raw)[0] == 129


def test_an_address_takes_several_uploads_until_it_expires(box: Sandbox, vk: Vk) -> None:
    address = vk("market.getProductPhotoUploadServer", group_id=box.group_id)["upload_url"]

    def send() -> dict[str, str]:
        files = {"file": ("picture.jpg", picture(), "image/jpeg")}
        answer: dict[str, str] = vk.session.post(address, files=files, timeout=10).json()
        return answer

    assert "hash" in send()
    assert "hash" in send()
    start = box.vk.clock()
    box.vk.clock = lambda: start + 1_801
    assert send()["error"].startswith("ERR_UPLOAD_TOKEN_EXPIRED")


def test_an_unknown_upload_address_takes_nothing(box: Sandbox) -> None:
    files = {"file": ("picture.jpg", picture(), "image/jpeg")}
    answer = requests.post(f"{box.vk_url}/upload/none", files=files, timeout=10)
    assert "error" in answer.json()


def test_a_photo_of_one_community_is_no_photo_of_another(box: Sandbox, vk: Vk) -> None:
    other = box.vk.add_community("Другая", "other", {box.vk.user_id: EDITOR})
    wanted = vk.wanted() | {"owner_id": -other.id}
    assert vk.error("market.add", **wanted) == (100, "photo not found or already assigned to another item")


def test_multipart_bodies_are_read() -> None:
    kind = 'multipart/form-data; boundary="b"'
    body = (
        b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n2\r\n'
        b'--b\r\nContent-Disposition: form-data; name="f"; filename="x.jpg"\r\n'
        b"Content-Type: image/jpeg\r\n\r\n\x00\r\n--\r\n"
        b"--b--\r\n"
    )
    texts, files = parse_multipart(body, kind)
    assert texts == {"a": "1\r\n2"}
    assert [(part.field, part.name, part.content_type, part.data) for part in files] == [
        ("f", "x.jpg", "image/jpeg", b"\x00\r\n--")
    ]
    assert parse_multipart(body, "multipart/form-data") == ({}, [])
