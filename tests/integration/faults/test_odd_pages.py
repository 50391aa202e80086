"""Lists of VK that lie about their length, repeat or break off: all is read, nothing is made twice."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from accounts.models import User
from connections.client_factory import vk_client
from connections.models import VkConnection
from sandbox import Sandbox
from sandbox.vk.api import VkApi
from syncing.models import SyncJob
from syncing.services.planning import read_vk
from tests.integration.faults.shop import ITEMS, first_run, run, store_of

pytestmark = [pytest.mark.django_db, pytest.mark.same_statements, pytest.mark.once]

# More than one request reads, and no multiple of it.
HAND_MADE = 1_050
# What a run costs at most whose lists are read three times. One that never ended would cost any number.
MOST_CALLS = 60
Distort = Callable[[Any], Any]


def once(value: Any) -> Distort:
    """Return what answers so at the first time alone."""
    first = iter([value])
    return lambda page: next(first, page)


def again_and_again(count: int) -> Distort:
    """Return what answers every page with the first one, counting so many."""
    first: list[dict[str, Any]] = []

    def distort(page: dict[str, Any]) -> dict[str, Any]:
        first.append(page)
        return first[0] | {"count": count}

    return distort


def hundred_albums(_page: Any) -> dict[str, Any]:
    """Return a hundred albums, whatever page is asked for."""
    albums = [{"id": 1_000 + n, "owner_id": -1, "title": f"Альбом {n}", "count": 0} for n in range(100)]
    return {"count": 100, "items": albums}


LISTS: dict[str, Callable[[], tuple[str, Distort]]] = {
    "count of one": lambda: ("market.get", lambda page: page | {"count": 1}),
    "count below zero": lambda: ("market.get", lambda page: page | {"count": -5}),
    "count without bounds": lambda: ("market.get", lambda page: page | {"count": 10**9}),
    "count of each page alone": lambda: ("market.get", lambda page: page | {"count": len(page["items"])}),
    "an empty page": lambda: ("market.get", once({"count": 10, "items": []})),
    "one page without end": lambda: ("market.get", again_and_again(10**9)),
    "no albums": lambda: ("market.getAlbums", lambda _page: {"count": 0, "items": []}),
    "no albums once": lambda: ("market.getAlbums", once({"count": 0, "items": []})),
    "albums without end": lambda: ("market.getAlbums", hundred_albums),
}


@pytest.fixture
def odd(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Distort]]:
    """Return what is done to each method's answer; a run that asks without end is cut off."""
    distorted: dict[str, Distort] = {}
    carry_out, asked = VkApi._run, iter(range(MOST_CALLS))

    def answer(api: VkApi, name: str, *args: Any, **options: Any) -> Any:
        value = carry_out(api, name, *args, **options)
        if name not in distorted:
            return value
        assert next(asked, None) is not None, f"{name} is asked for without end"
        return distorted[name](value)

    monkeypatch.setattr(VkApi, "_run", answer)
    yield distorted
    distorted.clear()


def shop(box: Sandbox) -> dict[int, tuple[Any, ...]]:
    """Return what shoppers see of each item, but for the one whose price changes."""
    return {one.id: (one.title, one.stock, tuple(one.album_ids)) for one in box.vk.live_items()}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_that_tells_no_truth_of_itself_makes_nothing_twice(
    box: Sandbox, user: User, odd: dict[str, Distort], name: str
) -> None:
    first_run(box, user)
    for number in range(HAND_MADE):
        box.vk.create_item(f"Варежки {number}")
    before = shop(box)
    box.evotor.edit_product(store_of(box).id, next(iter(store_of(box).products)), price=555)
    odd.update([LISTS[name]()])
    job = run(user)
    assert (job.status, job.items_created, job.items_updated) == (SyncJob.Status.SUCCESS, 0, 1)
    odd.clear()
    assert run(user).items_updated == 0
    assert shop(box) == before
    assert len(before) == ITEMS + HAND_MADE
    assert [album.title for album in box.vk.communities[box.group_id].albums.values()] == ["Посуда"]


@pytest.mark.parametrize("code", [3, 100, 1402])
def test_an_album_that_is_neither_listed_nor_told_by_its_id_ends_no_run(
    box: Sandbox, user: User, odd: dict[str, Distort], code: int
) -> None:
    first_run(box, user)
    odd["market.getAlbums"] = lambda _page: {"count": 0, "items": []}
    box.vk.fault("error", method="market.getAlbumById", code=code, times=99)
    box.evotor.edit_product(store_of(box).id, next(iter(store_of(box).products)), price=555)
    job = run(user)
    assert (job.status, job.items_created, job.items_updated) == (SyncJob.Status.SUCCESS, 0, ITEMS)
    assert len(box.vk.live_items()) == ITEMS


@pytest.mark.parametrize("count", [-5, 1, 200])
def test_a_count_that_is_too_small_hides_nothing_of_a_shop(
    box: Sandbox, user: User, odd: dict[str, Distort], count: int
) -> None:
    made = {box.vk.create_item(f"Варежки {number}").id for number in range(HAND_MADE)}
    odd["market.get"] = lambda page: page | {"count": count}
    client = vk_client(VkConnection.objects.get(user=user))
    assert read_vk(user, client=client, group_id=box.group_id).items.keys() == made
