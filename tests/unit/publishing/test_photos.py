"""Pictures go to VK before they are needed, and nothing of one that nobody asks for stays."""

import threading
from collections.abc import Callable, Iterator
from typing import Any, cast

import pytest

from connections.clients.error_catalog import VkError
from connections.clients.errors import Transient
from connections.clients.service import Service
from connections.clients.vk.client import VkClient
from syncing.core.records import ProductKey
from syncing.publishing.vk.methods import Picture, VkChannel
from syncing.publishing.vk.photos import FILES_AT_ONCE, UPLOADS_IN_PARALLEL, PhotoUploader

FIRST = [Picture(ProductKey("store", f"a{number}"), "placeholder") for number in range(FILES_AT_ONCE)]
SECOND = [Picture(ProductKey("store", f"b{number}"), "placeholder") for number in range(FILES_AT_ONCE)]


class FakeVk:
    """A VK that takes uploads and saves them; `uploaded` holds what came, in order."""

    def __init__(self) -> None:
        self.uploaded: list[list[str]] = []
        self.broken: set[str] = set()
        self.has_come = threading.Condition()
        self.is_open = threading.Event()
        self.is_open.set()

    def upload_photos(self, _address: str, pictures: list[bytes]) -> str:
        self.is_open.wait(10)
        names = [picture.decode() for picture in pictures]
        with self.has_come:
            self.uploaded.append(names)
            self.has_come.notify_all()
        if self.broken & set(names):
            self.broken -= set(names)
            raise Transient(Service.VK, VkError.NETWORK, "the upload broke off")
        return " ".join(names)

    def run(self, call: Any) -> Any:
        if call.method == "market.saveProductPhotoBulk":
            names = str(call.params["upload_response"]).split()
            return [int.from_bytes(name.encode(), "big") for name in names]
        return "https://upload"

    def wait_for(self, names: list[str]) -> bool:
        with self.has_come:
            return self.has_come.wait_for(lambda: names in self.uploaded, 10)


def names(pictures: list[Picture]) -> list[str]:
    return [one.key.product_id for one in pictures]


@pytest.fixture
def vk() -> FakeVk:
    return FakeVk()


@pytest.fixture
def saved() -> list[Picture]:
    return []


@pytest.fixture
def photos(vk: FakeVk, saved: list[Picture]) -> Iterator[PhotoUploader]:
    channel = VkChannel(
        client=cast("VkClient", vk),
        group_id=1,
        picture=lambda one: one.key.product_id.encode(),
        sleep=lambda _seconds: None,
        settle_seconds=0,
    )
    nothing: Callable[[], None] = lambda: None  # noqa: E731
    uploader = PhotoUploader(channel, lambda pairs: saved.extend(one for one, _ in pairs), nothing)
    yield uploader
    uploader.close()


def test_the_next_pictures_are_on_their_way_before_they_are_asked_for(
    photos: PhotoUploader, vk: FakeVk, saved: list[Picture]
) -> None:
    photos.ensure_uploaded(FIRST, following=SECOND)
    assert saved == FIRST
    assert vk.wait_for(names(SECOND))

    photos.ensure_uploaded(SECOND)
    assert saved == FIRST + SECOND
    assert sorted(vk.uploaded) == [names(FIRST), names(SECOND)]


def test_a_picture_that_failed_ahead_is_uploaded_alone_when_it_is_asked_for(
    photos: PhotoUploader, vk: FakeVk, saved: list[Picture]
) -> None:
    vk.broken = {"b0"}
    photos.ensure_uploaded(FIRST, following=SECOND)
    assert photos.ensure_uploaded(SECOND) == {}
    assert saved == FIRST + SECOND
    assert [len(one) for one in vk.uploaded[-FILES_AT_ONCE:]] == [1] * FILES_AT_ONCE


def test_closing_ends_what_was_not_begun(photos: PhotoUploader, vk: FakeVk, saved: list[Picture]) -> None:
    many = [Picture(ProductKey("store", f"c{number}"), "placeholder") for number in range(FILES_AT_ONCE * 20)]
    photos.ensure_uploaded(FIRST)
    vk.is_open.clear()
    begin = threading.Timer(0.1, vk.is_open.set)
    photos.ensure_uploaded([], following=many)
    begin.start()
    photos.close()
    assert len(vk.uploaded) <= 1 + UPLOADS_IN_PARALLEL
    assert saved == FIRST


def test_after_closing_pictures_can_be_asked_for_again(photos: PhotoUploader, saved: list[Picture]) -> None:
    photos.ensure_uploaded(FIRST, following=SECOND)
    photos.close()
    photos.ensure_uploaded(SECOND)
    assert saved == FIRST + SECOND
