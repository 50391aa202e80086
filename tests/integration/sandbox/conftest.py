"""A running sandbox and the short way to call it."""

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from PIL import Image

from sandbox import Sandbox


class Vk:
    """Calls the VK stand-in as a client would, and keeps its answers raw."""

    def __init__(self, box: Sandbox) -> None:
        self.box = box
        self.session = requests.Session()
        self.owner = -box.group_id

    def raw(self, method: str, token: str | None = None, **params: Any) -> dict[str, Any]:
        """Return the whole answer of a call."""
        fields = {"v": "5.199", "access_token": token or self.box.vk_token, **params}
        answer = self.session.post(f"{self.box.vk_url}/method/{method}", data=fields, timeout=10)
        assert answer.status_code == 200
        body: dict[str, Any] = answer.json()
        return body

    def __call__(self, method: str, **params: Any) -> Any:
        answer = self.raw(method, **params)
        assert "error" not in answer, answer
        return answer["response"]

    def error(self, method: str, token: str | None = None, **params: Any) -> tuple[int, str]:
        """Return code and tail of a call that must fail."""
        error = self.raw(method, token, **params)["error"]
        return error["error_code"], error["error_msg"].partition(": ")[2]

    def upload(self, *pictures: bytes, bulk: bool = True, kind: str = "image/jpeg") -> requests.Response:
        """Upload pictures to a fresh address and return the answer."""
        address = self("market.getProductPhotoUploadServer", group_id=self.box.group_id, bulk=int(bulk))
        names = [f"file{number}" for number in range(1, len(pictures) + 1)] if bulk else ["file"]
        files = [(name, ("picture.jpg", data, kind)) for name, data in zip(names, pictures, strict=True)]
        return self.session.post(address["upload_url"], files=files, timeout=10)

    def upload_to(self, method: str, data: bytes, **params: Any) -> dict[str, Any]:
        """Upload a picture to the address that a method gives; return the answer as a client reads it."""
        address = self(method, group_id=self.box.group_id, **params)["upload_url"]
        files = {"file": ("picture.jpg", data, "image/jpeg")}
        answer: dict[str, Any] = self.session.post(address, files=files, timeout=10).json()
        return answer

    def photo(self) -> int:
        """Return the id of a new photo."""
        raw = self.upload(picture(), bulk=False).text
        photo_id: int = self("market.saveProductPhoto", upload_response=raw)["photo_id"]
        return photo_id

    def wanted(self, **changes: Any) -> dict[str, Any]:
        """Return parameters of a good item; None leaves one out."""
        params: dict[str, Any] = {
            "owner_id": self.owner,
            "name": "Чай «Таёжный» 50 г",
            "description": "Чай чёрный с чабрецом",
            "category_id": 50102,
            "price": "130.73",
            "sku": "TEA-50",
            "stock_amount": 12,
        }
        if "main_photo_id" not in changes:
            params["main_photo_id"] = self.photo()
        return {name: value for name, value in (params | changes).items() if value is not None}

    def add(self, **changes: Any) -> int:
        """Add a good item and return its id."""
        item_id: int = self("market.add", **self.wanted(**changes))["market_item_id"]
        return item_id

    def listed(self, **params: Any) -> list[int]:
        """Return the ids of a listing."""
        return [item["id"] for item in self("market.get", owner_id=self.owner, **params)["items"]]

    def item(self, item_id: int) -> dict[str, Any]:
        """Return one item in full."""
        items = self("market.getById", item_ids=f"{self.owner}_{item_id}", extended=1)["items"]
        found: dict[str, Any] = items[0]
        return found


def picture(width: int = 800, height: int = 800, kind: str = "JPEG") -> bytes:
    """Return a plain picture's bytes."""
    target = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(target, kind)
    return target.getvalue()


def script(*calls: tuple[str, dict[str, Any]]) -> str:
    """Return the code of a batch."""
    parts = [f"API.{name}({json.dumps(params, ensure_ascii=False)})" for name, params in calls]
    return f"return [{','.join(parts)}];"


class Till:
    """Calls the Evotor stand-in as a client would."""

    def __init__(self, box: Sandbox) -> None:
        self.box = box
        self.session = requests.Session()

    def get(self, path: str, *, headers: dict[str, str] | None = None, **params: Any) -> requests.Response:
        """Return the answer to a GET."""
        chosen = {"Authorization": f"Bearer {self.box.evotor_token}"} if headers is None else headers
        return self.session.get(f"{self.box.evotor_url}{path}", headers=chosen, params=params, timeout=10)

    def walk(self, path: str, **params: Any) -> list[list[dict[str, Any]]]:
        """Return all pages of a list, following the cursor alone."""
        pages = []
        while True:
            body = self.get(path, **params).json()
            pages.append(body["items"])
            if "next_cursor" not in body["paging"]:
                return pages
            params = {"cursor": body["paging"]["next_cursor"]}


@pytest.fixture
def box() -> Iterator[Sandbox]:
    """Serve both stand-ins without VK's rate limit, with short pages."""
    with Sandbox(vk_rate=0, page_size=3) as sandbox:
        yield sandbox


@pytest.fixture
def vk(box: Sandbox) -> Iterator[Vk]:
    """Give a caller of the VK stand-in."""
    caller = Vk(box)
    yield caller
    caller.session.close()


@pytest.fixture
def till(box: Sandbox) -> Iterator[Till]:
    """Give a caller of the Evotor stand-in."""
    caller = Till(box)
    yield caller
    caller.session.close()
