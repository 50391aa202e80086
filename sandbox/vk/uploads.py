"""Upload addresses and what comes to them (reference, vk.md §4).

Each address is of one user, one community and one purpose. What it answers is opaque to clients and signed,
so that a saving method takes only what was really uploaded.
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sandbox.multipart import FilePart
from sandbox.vk.params import Params
from sandbox.vk.pictures import BadPictureError, Picture, check_picture
from sandbox.vk.records import Community, Token
from sandbox.vk.state import VkState

SERVER: Final = 879_220
FILES_MAX: Final = 5
NUMBERED: Final = tuple(f"file{number}" for number in range(FILES_MAX + 1))


@dataclass(frozen=True, slots=True)
class Purpose:
    """What an address is for: the names that its files may have, and the least width and height."""

    name: str
    fields: tuple[str, ...]
    least: tuple[int, int] = (400, 400)


PRODUCT: Final = Purpose("product", ("file",))
PRODUCTS: Final = Purpose("products", ("file", *NUMBERED[1:]))
MARKET: Final = Purpose("market", ("file", "photo", *NUMBERED))
COVER: Final = Purpose("cover", ("file", "photo", *NUMBERED), (1280, 720))


@dataclass(frozen=True, slots=True)
class UploadUrl:
    """An address that one user was given for one community. `until` is a Unix time.

    `crop` is (left, top, side) of the square that the old flow cuts out, or None.
    """

    community_id: int
    user_id: int
    purpose: Purpose
    until: float
    is_main: bool = False
    crop: tuple[int, int, int] | None = None


class UploadServer:
    """Gives out upload addresses, takes pictures in and knows its own receipts again."""

    def __init__(self, state: VkState) -> None:
        self._state = state
        self._urls: dict[str, UploadUrl] = {}
        self._count = 0
        self._key = secrets.token_bytes(16)

    def give_address(
        self, community: Community, token: Token, purpose: Purpose, params: Params | None = None
    ) -> dict[str, str]:
        """Return an upload address; it may take several files until it expires."""
        self._count += 1
        name = hashlib.sha256(f"{community.id}/{token.user_id}/{self._count}".encode()).hexdigest()[:40]
        until = self._state.clock() + self._state.limits.upload_url_seconds
        is_main = bool(params and params["main_photo"])
        crop = None
        if params and is_main and params["crop_width"]:
            crop = (params["crop_x"] or 0, params["crop_y"] or 0, params["crop_width"])
        self._urls[name] = UploadUrl(community.id, token.user_id, purpose, until, is_main, crop)
        return {"upload_url": f"{self._state.address}/upload/{name}"}

    def upload(self, name: str, files: list[FilePart]) -> dict[str, Any]:
        """Check the pictures and return the upload server's answer, which names a fault itself."""
        with self._state.lock:
            url = self._urls.get(name)
        if url is None or url.until < self._state.clock():
            return {"error": "ERR_UPLOAD_TOKEN_EXPIRED: ask for a new upload address"}
        given = [part for part in files if part.field in url.purpose.fields]
        if not given or len(given) != len(files):
            return {"error": f"ERR_UPLOAD_NO_FILE: expected {', '.join(url.purpose.fields)}"}
        pictures = []
        fault = ""
        for part in given:
            try:
                pictures.append(check_picture(part, least=url.purpose.least))
            except BadPictureError as error:
                fault = str(error)
        with self._state.lock:
            self._state.uploads += len(given)
        if not pictures:
            return {"error": fault}
        if url.purpose in (PRODUCT, PRODUCTS):
            return self._new_receipt(url, pictures)
        return self._old_receipt(url, pictures)

    def is_signed(self, fields: Mapping[str, Any], signature: object) -> bool:
        """Return True if these fields are those of a receipt."""
        return hmac.compare_digest(str(signature).encode(), self.sign(fields).encode())

    def sign(self, fields: Mapping[str, Any]) -> str:
        """Return the signature of a receipt's fields."""
        text = json.dumps(fields, sort_keys=True).encode()
        return hmac.new(self._key, text, "sha256").hexdigest()

    def _new_receipt(self, url: UploadUrl, pictures: list[Picture]) -> dict[str, Any]:
        shas = ",".join(picture.sha for picture in pictures)
        sizes = ",".join(f"{picture.width}x{picture.height}" for picture in pictures)
        fields = {
            "sha": shas,
            "secret": hashlib.sha256(shas.encode()).hexdigest()[:16],
            "meta": {"height": str(pictures[0].height), "kid": sizes, "width": str(pictures[0].width)},
            "server": str(SERVER),
            "user_id": url.user_id,
            "group_id": url.community_id,
            "request_id": url.purpose.name,
            "album_id": -53,
            "app_id": 1,
        }
        return fields | {"hash": self.sign(fields)}

    def _old_receipt(self, url: UploadUrl, pictures: list[Picture]) -> dict[str, Any]:
        photo = json.dumps(
            [{"photo": picture.sha, "sizes": [picture.width, picture.height]} for picture in pictures],
            separators=(",", ":"),
        )
        crop = json.dumps(url.crop) if url.is_main else ""
        receipt: dict[str, Any] = {
            "server": SERVER,
            "photo": photo,
            "hash": self.sign(old_fields(url.purpose, url.community_id, url.user_id, photo)),
            "group_id": url.community_id,
        }
        if url.is_main:
            receipt |= {"crop_data": crop, "crop_hash": self.sign({"crop": crop, "photo": photo})}
        return receipt


def old_fields(purpose: Purpose, community_id: int, user_id: int, photo: str) -> dict[str, Any]:
    """Return what the hash of an old receipt is made of."""
    return {"purpose": purpose.name, "group": community_id, "user": user_id, "photo": photo}
