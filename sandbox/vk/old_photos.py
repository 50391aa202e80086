"""The old picture flow and the covers of collections: `photos.*Market*` (reference, vk.md §3.7, 4.3).

`photos.getMarketUploadServer` and `saveMarketPhoto` left the public schema in 2024; older clients still use
them. Both halves need the `photos` scope.
"""

import json
from collections.abc import Callable
from typing import Any, Final

from sandbox.vk.access import Method, community_to_write
from sandbox.vk.errors import VkError, bad
from sandbox.vk.params import Param, Params
from sandbox.vk.records import COVERS, PRODUCT_PHOTOS, Token
from sandbox.vk.render import photo_json
from sandbox.vk.state import VkState
from sandbox.vk.uploads import COVER, MARKET, SERVER, Purpose, UploadServer, old_fields

CROP_MIN: Final = 400
GROUP: Final = Param("group_id", "int", required=True, low=1)
RECEIPT: Final = (
    GROUP,
    Param("photo", "text", required=True),
    Param("server", "int", required=True, low=0),
    Param("hash", "text", required=True),
)


class OldPhotos:
    """Saves pictures whose upload is told by a list of them and a hash."""

    def __init__(self, state: VkState, uploads: UploadServer) -> None:
        self._state = state
        self._uploads = uploads

    @property
    def methods(self) -> tuple[Method, ...]:
        """The API methods. Saving does not work inside `execute`."""
        crop = (
            Param("main_photo", "bool"),
            Param("crop_x", "int", low=0),
            Param("crop_y", "int", low=0),
            Param("crop_width", "int", low=CROP_MIN),
        )
        crop_receipt = (Param("crop_data", "text"), Param("crop_hash", "text"))
        return (
            Method("photos.getMarketUploadServer", (GROUP, *crop), self._address_for(MARKET), scope="photos"),
            Method(
                "photos.saveMarketPhoto",
                (*RECEIPT, *crop_receipt),
                self.save_photos,
                scope="photos",
                in_execute=False,
            ),
            Method("photos.getMarketAlbumUploadServer", (GROUP,), self._address_for(COVER), scope="photos"),
            Method("photos.saveMarketAlbumPhoto", RECEIPT, self.save_cover, scope="photos", in_execute=False),
        )

    def save_photos(self, state: VkState, token: Token, params: Params) -> list[dict[str, Any]]:
        """Save pictures of items, the main one cut as its address said. Raises VkError 100, 118, 121, 129."""
        crop = self._crop(params)
        return self._save(state, token, params, MARKET, crop)

    def save_cover(self, state: VkState, token: Token, params: Params) -> list[dict[str, Any]]:
        """Save the cover of a collection. Raises VkError 118, 121 or 129."""
        return self._save(state, token, params, COVER, None)

    def _address_for(self, purpose: Purpose) -> Callable[[VkState, Token, Params], dict[str, str]]:
        def give(state: VkState, token: Token, params: Params) -> dict[str, str]:
            community = community_to_write(state, token, params["group_id"])
            return self._uploads.give_address(
                community, token, purpose, params if purpose is MARKET else None
            )

        return give

    def _save(
        self,
        state: VkState,
        token: Token,
        params: Params,
        purpose: Purpose,
        crop: tuple[int, int, int] | None,
    ) -> list[dict[str, Any]]:
        community = community_to_write(state, token, params["group_id"])
        if params["server"] != SERVER:
            raise VkError(118)
        if params["photo"] in {"", "[]"}:
            raise VkError(129)
        fields = old_fields(purpose, community.id, token.user_id, params["photo"])
        if not self._uploads.is_signed(fields, params["hash"]):
            raise VkError(121)
        album_id = COVERS if purpose is COVER else PRODUCT_PHOTOS
        saved = []
        for one in json.loads(params["photo"]):
            width, height = _cut(one["sizes"], crop)
            photo = state.add_photo(
                community, token.user_id, width, height, sha=one["photo"], album_id=album_id
            )
            saved.append(photo_json(photo))
        return saved

    def _crop(self, params: Params) -> tuple[int, int, int] | None:
        if not params["crop_data"]:
            return None
        fields = {"crop": params["crop_data"], "photo": params["photo"]}
        if not self._uploads.is_signed(fields, params["crop_hash"] or ""):
            raise bad("invalid photo crop")
        crop = json.loads(params["crop_data"])
        return tuple(crop) if crop else None


def _cut(sizes: list[int], crop: tuple[int, int, int] | None) -> tuple[int, int]:
    """Return width and height of what is left. Raises VkError 100 where the square is outside."""
    width, height = sizes
    if crop is None:
        return width, height
    left, top, side = crop
    if left + side > width or top + side > height:
        raise bad("invalid photo crop")
    return side, side
