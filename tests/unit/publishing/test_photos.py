"""Pictures go to VK before they are needed, and what VK has saved is kept."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import wait
from typing import Any, cast

import pytest

from connections.clients.error_catalog import VkError
from connections.clients.errors import AuthRevoked, ClientError, ItemRefused, Suspended, Transient
from connections.clients.service import Service
from connections.clients.vk.client import VkClient
from syncing.core.records import ProductKey
from syncing.publishing.vk.methods import Picture, VkChannel
from syncing.publishing.vk.photos import (
    ENOUGH_ON_THEIR_WAY,
    FILES_AT_ONCE,
    SAVES_IN_PARALLEL,
    UPLOADS_IN_PARALLEL,
    PhotoUploader,
)


class FakeVk:
    """A VK that takes uploads and saves them; `uploaded` and `saves` hold what came, in order.

    `broken` uploads fail once, `refused` saves fail with their error each time, `slow` ones wait.
    """

    def __init__(self) -> None:
        self.uploaded: list[list[str]] = []
        self.saves: list[list[str]] = []
        self.broken: set[str] = set()
        self.refused: dict[str, Exception] = {}
        self.slow: dict[str, threading.Event] = {}
        self.in_flight = self.most_in_flight = 0
        self.has_come = threading.Condition()
        self.takes_uploads, self.answers_saves = threading.Event(), threading.Event()
        self.takes_uploads.set()
        self.answers_saves.set()

    def upload_photos(self, _address: str, pictures: list[bytes]) -> str:
        self.takes_uploads.wait(60)
        names = [picture.decode() for picture in pictures]
        self._note(self.uploaded, names)
        if self.broken & set(names):
            self.broken -= set(names)
            raise Transient(Service.VK, VkError.NETWORK, "the upload broke off")
        return " ".join(names)

    def run(self, call: Any) -> Any:
        if call.method != "market.saveProductPhotoBulk":
            return "https://upload"
        names = str(call.params["upload_response"]).split()
        self._note(self.saves, names)
        with self.has_come:
            self.in_flight += 1
            self.most_in_flight = max(self.most_in_flight, self.in_flight)
        self.answers_saves.wait(60)
        for name in self.slow.keys() & set(names):
            self.slow[name].wait(60)
        with self.has_come:
            self.in_flight -= 1
        for name in names:
            if name in self.refused:
                raise self.refused[name]
        return [int.from_bytes(name.encode(), "big") for name in names]

    def wait_for(self, came: list[list[str]], number: int) -> bool:
        with self.has_come:
            return self.has_come.wait_for(lambda: len(came) >= number, 10)

    def _note(self, came: list[list[str]], names: list[str]) -> None:
        with self.has_come:
            came.append(names)
            self.has_come.notify_all()


def some(name: str, number: int = FILES_AT_ONCE) -> list[Picture]:
    return [Picture(ProductKey("store", f"{name}{n}"), "placeholder") for n in range(number)]


FIRST, SECOND = some("a"), some("b")


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
    with PhotoUploader(channel, lambda pairs: saved.extend(one for one, _ in pairs), nothing) as uploader:
        yield uploader


def finished(photos: PhotoUploader) -> None:
    """Wait until all that was begun has been answered."""
    for batch in photos._batches():
        wait([batch.save], 10)


def test_the_next_pictures_are_saved_before_they_are_asked_for(
    photos: PhotoUploader, vk: FakeVk, saved: list[Picture]
) -> None:
    photos.begin(FIRST)
    photos.begin(SECOND)
    photos.ensure_uploaded(FIRST)
    assert vk.wait_for(vk.saves, 2)
    finished(photos)
    photos.keep_saved()
    assert sorted(names(saved)) == names(FIRST + SECOND)
    assert sorted(vk.saves) == [names(FIRST), names(SECOND)]


def test_saves_are_sent_at_once_and_within_a_bound(
    photos: PhotoUploader, vk: FakeVk, saved: list[Picture]
) -> None:
    many = some("c", 100)
    vk.answers_saves.clear()
    answer = threading.Timer(0.2, vk.answers_saves.set)
    answer.start()
    photos.ensure_uploaded(many)
    answer.join()
    assert vk.most_in_flight == SAVES_IN_PARALLEL
    assert sorted(names(saved)) == sorted(names(many))


def test_what_is_saved_beside_an_awaited_picture_is_kept_before_it(
    photos: PhotoUploader, vk: FakeVk, saved: list[Picture]
) -> None:
    vk.slow = {"a0": threading.Event()}
    photos.begin(FIRST)
    photos.begin(SECOND)
    kept_first: list[list[Picture]] = []

    def answer() -> None:
        deadline = time.monotonic() + 10
        while not saved and time.monotonic() < deadline:
            time.sleep(0.01)
        kept_first.append(list(saved))
        vk.slow["a0"].set()

    other = threading.Thread(target=answer)
    other.start()
    assert photos.ensure_uploaded(FIRST) == {}
    other.join()
    assert kept_first == [SECOND]
    assert saved == SECOND + FIRST


def test_only_so_many_pictures_go_ahead(photos: PhotoUploader, vk: FakeVk) -> None:
    may_go_ahead = [photos.may_go_ahead]
    vk.answers_saves.clear()
    for pictures in (FIRST, some("c", ENOUGH_ON_THEIR_WAY)):
        photos.begin(pictures)
        may_go_ahead.append(photos.may_go_ahead)
    vk.answers_saves.set()
    assert may_go_ahead == [False, True, False]


def test_a_picture_that_failed_ahead_is_uploaded_alone_when_it_is_asked_for(
    photos: PhotoUploader, vk: FakeVk, saved: list[Picture]
) -> None:
    vk.broken = {"b0"}
    photos.begin(FIRST)
    photos.begin(SECOND)
    assert photos.ensure_uploaded(FIRST) == {}
    assert photos.ensure_uploaded(SECOND) == {}
    assert saved == FIRST + SECOND
    assert [len(one) for one in vk.uploaded[-FILES_AT_ONCE:]] == [1] * FILES_AT_ONCE


def test_after_a_save_that_failed_no_other_goes_ahead_until_it_was_looked_at(
    photos: PhotoUploader, vk: FakeVk, saved: list[Picture]
) -> None:
    third = some("c")
    vk.refused = {"b0": ItemRefused(Service.VK, VkError.INVALID_PARAMETER, "the picture is bad")}
    photos.begin(FIRST)
    finished(photos)
    photos.begin(SECOND)
    finished(photos)
    photos.begin(third)
    finished(photos)
    photos.keep_saved()
    assert (saved, names(third) in vk.saves) == (FIRST, False)

    assert list(photos.ensure_uploaded(SECOND)) == [SECOND[0].key]
    assert photos.ensure_uploaded(third) == {}
    assert saved == [*FIRST, *SECOND[1:], *third]


@pytest.mark.parametrize(
    "error",
    [
        AuthRevoked(Service.VK, VkError.AUTH_FAILED),
        Suspended(Service.VK, VkError.CAPTCHA_NEEDED, pause_seconds=1),
    ],
    ids=["token", "captcha"],
)
def test_what_ends_all_requests_is_told_before_the_next_one(
    photos: PhotoUploader, vk: FakeVk, error: ClientError
) -> None:
    vk.refused = {"b0": error}
    photos.begin(SECOND)
    finished(photos)
    with pytest.raises(type(error)):
        photos.keep_saved()


def test_a_limit_of_pictures_waits_for_the_turn_of_its_pictures(photos: PhotoUploader, vk: FakeVk) -> None:
    vk.refused = {"b0": Suspended(Service.VK, VkError.DAILY_LIMIT_REACHED, pause_seconds=1, only_method=True)}
    photos.begin(FIRST)
    photos.begin(SECOND)
    finished(photos)
    photos.keep_saved()
    assert photos.ensure_uploaded(FIRST) == {}
    with pytest.raises(Suspended):
        photos.ensure_uploaded(SECOND)


def test_the_end_keeps_what_vk_has_saved_and_ends_what_was_not_begun(
    photos: PhotoUploader, vk: FakeVk, saved: list[Picture]
) -> None:
    with photos:
        photos.ensure_uploaded(FIRST)
        photos.begin(SECOND)
        finished(photos)
        vk.takes_uploads.clear()
        photos.begin(some("c", FILES_AT_ONCE * 20))
        go_on = threading.Timer(0.1, vk.takes_uploads.set)
        go_on.start()
    go_on.join()
    assert len(vk.uploaded) <= 2 + UPLOADS_IN_PARALLEL
    assert saved == FIRST + SECOND


def test_a_process_that_is_killed_keeps_nothing(
    photos: PhotoUploader, vk: FakeVk, saved: list[Picture]
) -> None:
    photos.begin(SECOND)
    finished(photos)
    photos.__exit__(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert vk.saves == [names(SECOND)]
    assert saved == []


def test_after_the_end_pictures_can_be_asked_for_again(photos: PhotoUploader, saved: list[Picture]) -> None:
    with photos:
        photos.ensure_uploaded(FIRST)
        photos.begin(SECOND)
    photos.ensure_uploaded([one for one in SECOND if one not in saved])
    assert saved == FIRST + SECOND
