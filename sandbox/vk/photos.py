"""The new picture flow: `market.getProductPhotoUploadServer`, `saveProductPhoto`, `saveProductPhotoBulk`."""

import json
from typing import Any, Final

from sandbox.vk.access import Method, community_to_write
from sandbox.vk.errors import VkError, bad
from sandbox.vk.params import Param, Params
from sandbox.vk.pictures import Picture
from sandbox.vk.records import Community, Token
from sandbox.vk.render import photo_json
from sandbox.vk.state import VkState
from sandbox.vk.uploads import PRODUCT, PRODUCTS, Purpose, UploadServer

GROUP: Final = Param("group_id", "int", required=True, low=1)


class ProductPhotos:
    """Saves pictures whose upload is told by its whole answer."""

    def __init__(self, state: VkState, uploads: UploadServer) -> None:
        self._state = state
        self._uploads = uploads

    @property
    def methods(self) -> tuple[Method, ...]:
        """The API methods. Saving does not work inside `execute`."""
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
        """Return an address for one picture or for five."""
        community = community_to_write(state, token, params["group_id"])
        return self._uploads.give_address(community, token, PRODUCTS if params["bulk"] else PRODUCT)

    def save_one(self, _state: VkState, token: Token, params: Params) -> dict[str, Any]:
        """Save the picture of an upload to `file`."""
        community, pictures = self._read(token, params["upload_response"], PRODUCT)
        return self._save(community, token, pictures[0])

    def save_many(self, _state: VkState, token: Token, params: Params) -> list[dict[str, Any]]:
        """Save the pictures of an upload to `file1` … `file5`, in order; refused ones are left out."""
        community, pictures = self._read(token, params["upload_response"], PRODUCTS)
        return [self._save(community, token, picture) for picture in pictures]

    def _save(self, community: Community, token: Token, picture: Picture) -> dict[str, Any]:
        photo = self._state.add_photo(
            community, token.user_id, picture.width, picture.height, sha=picture.sha
        )
        return {"photo_id": photo.id, "photo": photo_json(photo)}

    def _read(self, token: Token, text: str, purpose: Purpose) -> tuple[Community, list[Picture]]:
        try:
            fields = json.loads(text)
            signature = fields.pop("hash")
            shas, sizes = fields["sha"].split(","), fields["meta"]["kid"].split(",")
        except (ValueError, KeyError, TypeError, AttributeError):
            raise bad("upload_response is invalid") from None
        if not self._uploads.is_signed(fields, signature):
            raise VkError(121)
        if fields["user_id"] != token.user_id or fields["request_id"] != purpose.name:
            raise VkError(129)
        pictures = [
            Picture(sha, *(int(side) for side in size.split("x", 1)))
            for sha, size in zip(shas, sizes, strict=True)
        ]
        return community_to_write(self._state, token, fields["group_id"]), pictures
