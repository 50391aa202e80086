"""Product photos: the upload address, the upload itself, saving one or five (reference, vk.md §4).

A picture is really opened: VK's limits on pixels and bytes hold for what was sent, not for what a
client says about it. The answer of an upload is opaque to clients and signed for us.
"""

import hashlib
import hmac
import io
import json
import secrets
from dataclasses import dataclass
from typing import Any, Final

from PIL import Image, UnidentifiedImageError

from sandbox.multipart import FilePart
from sandbox.vk.access import Method, community_to_write
from sandbox.vk.errors import VkError, bad
from sandbox.vk.params import Param, Params
from sandbox.vk.records import Community, Token
from sandbox.vk.render import photo_json
from sandbox.vk.state import VkState

SIDE_MIN: Final = 400
SIDES_MAX: Final = 14_000
RATIO_MAX: Final = 20
BYTES_MAX: Final = 50 * 1024 * 1024
FILES_MAX: Final = 5
FORMATS: Final = frozenset({"JPEG", "PNG", "GIF", "BMP", "TIFF"})
GROUP: Final = Param("group_id", "int", required=True, low=1)


@dataclass(frozen=True, slots=True)
class UploadUrl:
    """An address that one user was given for one community. `until` is a Unix time."""

    community_id: int
    user_id: int
    bulk: bool
    until: float


@dataclass(frozen=True, slots=True)
class Picture:
    """What an accepted picture was found to be."""

    sha: str
    width: int
    height: int


class BadPictureError(Exception):
    """A picture that VK's upload server refuses, with its words."""


class PhotoDesk:
    """Gives out upload addresses, takes pictures in and saves them as photos."""

    def __init__(self, state: VkState) -> None:
        self._state = state
        self._urls: dict[str, UploadUrl] = {}
        self._count = 0
        self._key = secrets.token_bytes(16)

    @property
    def methods(self) -> tuple[Method, ...]:
        """The API methods of this desk. Saving does not work inside `execute`."""
        answer = (Param("upload_response", "text", required=True),)
        return (
            Method(
                "market.getProductPhotoUploadServer",
                (GROUP, Param("bulk", "bool", default=False)),
                self.give_address,
                scope="market",
            ),
            Method("market.saveProductPhoto", answer, self.save_one, scope="market", in_execute=False),
            Method("market.saveProductPhotoBulk", answer, self.save_many, scope="market", in_execute=False),
        )

    def give_address(self, state: VkState, token: Token, params: Params) -> dict[str, str]:
        """Return an upload address; it may take several files until it expires."""
        community = community_to_write(state, token, params["group_id"])
        self._count += 1
        name = hashlib.sha256(f"{community.id}/{token.user_id}/{self._count}".encode()).hexdigest()[:40]
        until = state.clock() + state.limits.upload_url_seconds
        self._urls[name] = UploadUrl(community.id, token.user_id, bool(params["bulk"]), until)
        return {"upload_url": f"{state.address}/upload/{name}"}

    def upload(self, name: str, files: list[FilePart]) -> dict[str, Any]:
        """Check the pictures and return the upload server's answer, which names a fault itself."""
        with self._state.lock:
            url = self._urls.get(name)
        if url is None or url.until < self._state.clock():
            return {"error": "ERR_UPLOAD_TOKEN_EXPIRED: ask for a new upload address"}
        wanted = [f"file{number}" for number in range(1, FILES_MAX + 1)] if url.bulk else ["file"]
        given = [part for part in files if part.field in wanted]
        if not given or len(given) != len(files):
            return {"error": f"ERR_UPLOAD_NO_FILE: expected {', '.join(wanted)}"}
        pictures = []
        fault = ""
        for part in given:
            try:
                pictures.append(check_picture(part))
            except BadPictureError as error:
                fault = str(error)
        with self._state.lock:
            self._state.uploads += len(given)
        if not pictures:
            return {"error": fault}
        return self._receipt(url, pictures)

    def save_one(self, _state: VkState, token: Token, params: Params) -> dict[str, Any]:
        """Save the picture of an upload to `file`."""
        community, pictures = self._read(token, params["upload_response"], bulk=False)
        return self._save(community, token, pictures[0])

    def save_many(self, _state: VkState, token: Token, params: Params) -> list[dict[str, Any]]:
        """Save the pictures of an upload to `file1` … `file5`, in order; refused ones are left out."""
        community, pictures = self._read(token, params["upload_response"], bulk=True)
        return [self._save(community, token, picture) for picture in pictures]

    def _save(self, community: Community, token: Token, picture: Picture) -> dict[str, Any]:
        photo = self._state.add_photo(community, token.user_id, picture.width, picture.height, picture.sha)
        return {"photo_id": photo.id, "photo": photo_json(photo)}

    def _receipt(self, url: UploadUrl, pictures: list[Picture]) -> dict[str, Any]:
        shas = ",".join(picture.sha for picture in pictures)
        sizes = ",".join(f"{picture.width}x{picture.height}" for picture in pictures)
        fields = {
            "sha": shas,
            "secret": hashlib.sha256(shas.encode()).hexdigest()[:16],
            "meta": {"height": str(pictures[0].height), "kid": sizes, "width": str(pictures[0].width)},
            "server": "879220",
            "user_id": url.user_id,
            "group_id": url.community_id,
            "request_id": f"bulk{int(url.bulk)}",
            "album_id": -53,
            "app_id": 1,
        }
        return fields | {"hash": self._sign(fields)}

    def _sign(self, fields: dict[str, Any]) -> str:
        text = json.dumps(fields, sort_keys=True).encode()
        return hmac.new(self._key, text, "sha256").hexdigest()

    def _read(self, token: Token, text: str, *, bulk: bool) -> tuple[Community, list[Picture]]:
        try:
            fields = json.loads(text)
            signature = fields.pop("hash")
            shas, sizes = fields["sha"].split(","), fields["meta"]["kid"].split(",")
        except (ValueError, KeyError, TypeError, AttributeError):
            raise bad("upload_response is invalid") from None
        if not hmac.compare_digest(str(signature), self._sign(fields)):
            raise VkError(121)
        if fields["user_id"] != token.user_id or fields["request_id"] != f"bulk{int(bulk)}":
            raise VkError(129)
        pictures = [
            Picture(sha, *(int(side) for side in size.split("x", 1)))
            for sha, size in zip(shas, sizes, strict=True)
        ]
        return community_to_write(self._state, token, fields["group_id"]), pictures


def check_picture(part: FilePart) -> Picture:
    """Open a picture and measure it. Raises BadPictureError with the upload server's words."""
    if len(part.data) > BYTES_MAX:
        raise BadPictureError("ERR_UPLOAD_FILE_SIZE: file is larger than 50 MB")
    if not part.content_type.startswith("image/"):
        raise BadPictureError("ERR_UPLOAD_FILE_TYPE: an image is expected")
    try:
        with Image.open(io.BytesIO(part.data)) as picture:
            kind, (width, height) = picture.format, picture.size
            if width + height <= SIDES_MAX:
                # Decoding at an eighth still reads every byte, and is many times faster.
                picture.draft("RGB", (width // 8, height // 8))
                picture.load()
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise BadPictureError("ERR_UPLOAD_BAD_IMAGE: the image cannot be read") from None
    if kind not in FORMATS:
        raise BadPictureError(f"ERR_UPLOAD_FILE_TYPE: {kind} is not supported")
    too_small = min(width, height) < SIDE_MIN
    if too_small or width + height > SIDES_MAX or max(width, height) > RATIO_MAX * min(width, height):
        raise BadPictureError(f"ERR_UPLOAD_BAD_IMAGE_SIZE: market photo of {width}x{height}")
    return Picture(hashlib.sha256(part.data).hexdigest(), width, height)
