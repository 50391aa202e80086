"""The stand-ins for Evotor and VK in a process of their own, so that their work is not counted as ours."""

import multiprocessing
import os
import time
from collections import Counter
from dataclasses import dataclass
from math import ceil
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Any, Self

REAL_SHOP = 611
# VK takes a thousand items into an album and a hundred albums; the made shops stay below both.
GROUPS, MOST_IN_GROUP = 10, 900
NAMES = ("Кружка «Тула» синяя", "ЧАШКА ФАРФОРОВАЯ 250МЛ", "Ложка деревянная 25 см", "Тарелка глубокая")


@dataclass(frozen=True, slots=True)
class MadeShop:
    """One merchant of the stand-ins. `size` counts the till's goods."""

    size: int
    store_id: str
    evotor_user_id: str
    evotor_token: str
    vk_token: str
    group_id: int


@dataclass(frozen=True, slots=True)
class Seconds:
    """What VK takes for an upload of five pictures, for a method, and for a script of 25."""

    upload: float
    method: float
    script: float


class StandIns:
    """A running process with both stand-ins, asked over a pipe. VK has no limit of requests a second."""

    def __init__(self) -> None:
        spawn = multiprocessing.get_context("spawn")
        self._pipe, theirs = spawn.Pipe()
        self._process = spawn.Process(target=_serve, args=(theirs,), daemon=True)

    def __enter__(self) -> Self:
        self._process.start()
        self.evotor_url, self.vk_url = self._pipe.recv()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pipe.close()
        self._process.join(10)
        self._process.kill()

    def make_shop(self, size: int) -> MadeShop:
        """Open a till of this many goods; one of 611 is the real shop where its file is there."""
        return MadeShop(**self._ask("make_shop", size))

    def change_price(self, shop: MadeShop, product_id: str, price: float) -> None:
        """Change the price of one product of the till."""
        self._ask("change_price", shop.store_id, product_id, price)

    def requests(self) -> tuple[int, Counter[str]]:
        """Return how many requests VK has got, and which methods they called."""
        number, methods = self._ask("requests")
        return number, Counter(methods)

    def least_requests(self, shop: MadeShop) -> int:
        """Return the bound of docs/architecture.md for making what the shop holds now."""
        found: int = self._ask("least_requests", shop.group_id)
        return found

    def items(self, shop: MadeShop) -> int:
        """Return how many items the shop has."""
        found: int = self._ask("items", shop.group_id)
        return found

    def answer_late(self, seconds: Seconds) -> None:
        """Let VK take its time from now on, and forget when requests came until now."""
        self._ask("answer_late", seconds)

    def arrivals(self) -> list[tuple[str, float]]:
        """Return which requests of its API VK has got since it takes its time, and at which seconds."""
        found: list[tuple[str, float]] = self._ask("arrivals")
        return found

    def _ask(self, name: str, *given: object) -> Any:
        self._pipe.send((name, given))
        return self._pipe.recv()


def shared_catalogue() -> Path | None:
    """Return the real shop's file, which is not part of the repository, if it is there."""
    beside = Path(__file__).resolve().parent.parent.parent / "shared"
    found = Path(os.environ.get("EVOSYNC_SHARED") or beside) / "data" / "shop-catalogue.csv"
    return found if found.exists() else None


class _Half:
    """What the process with the stand-ins does when it is asked."""

    def __init__(self, box: Any) -> None:
        self._box = box
        self._late = _Late()

    def answer_late(self, seconds: Seconds) -> None:
        self._late.take(seconds)

    def arrivals(self) -> list[tuple[str, float]]:
        return self._late.calls

    def make_shop(self, size: int) -> dict[str, Any]:
        box = self._box
        account = box.evotor.add_merchant()
        catalogue = shared_catalogue() if size == REAL_SHOP else None
        if catalogue is None:
            store = box.evotor.add_store("Лавка", user_id=account.user_id)
            self._fill(store.id, size)
        else:
            from sandbox.catalogue_csv import load_catalogue

            store = load_catalogue(box.evotor, catalogue)
            store.user_id = account.user_id
        person = box.vk.add_person("Анна", f"Лавка {size}")
        group = box.vk.add_community(f"Лавка {size}", f"shop{person.id}", {person.id: 3})
        return {
            "size": len(store.products),
            "store_id": store.id,
            "evotor_user_id": account.user_id,
            "evotor_token": account.token,
            "vk_token": box.vk.add_token(user_id=person.id).value,
            "group_id": group.id,
        }

    def _fill(self, store_id: str, size: int) -> None:
        number = max(GROUPS, ceil(size / MOST_IN_GROUP))
        groups = [self._box.evotor.add_group(store_id, f"Посуда {n}").id for n in range(number)]
        for n in range(size):
            self._box.evotor.add_product(
                store_id,
                f"{NAMES[n % len(NAMES)]} {n}",
                parent_id=groups[n % number],
                price=100 + n,
                quantity=5,
            )

    def change_price(self, store_id: str, product_id: str, price: float) -> None:
        self._box.evotor.edit_product(store_id, product_id, price=price)

    def requests(self) -> tuple[int, dict[str, int]]:
        box = self._box
        with box.vk.lock:
            return box.vk.requests, dict(Counter(call.method for call in box.vk.calls))

    def least_requests(self, group_id: int) -> int:
        shop = self._box.vk.communities[group_id]
        items = len(shop.items)
        inside = Counter(album for item in shop.items.values() for album in item.album_ids)
        additions = sum(ceil(number / 100) for number in inside.values())
        writes = items + len(inside) + additions
        return ceil(items / 1000) + 1 + ceil(items / 5) + ceil(writes / 25)

    def items(self, group_id: int) -> int:
        return len(self._box.vk.communities[group_id].items)


class _Late:
    """Makes the stand-in for VK answer late. `calls` are the requests of its API and when they came."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, float]] = []
        self._seconds: Seconds | None = None

    def take(self, seconds: Seconds) -> None:
        """Take so long for everything that comes from now on."""
        if self._seconds is None:
            self._patch()
        self._seconds, self.calls = seconds, []

    def _patch(self) -> None:
        from sandbox.vk.api import VkApi

        call, upload = VkApi.call, VkApi.upload

        def late_call(api: Any, name: str, request: Any) -> Any:
            began = time.monotonic()
            self.calls.append((name, began))
            answer = call(api, name, request)
            self._wait(began, "script" if name == "execute" else "method")
            return answer

        def late_upload(api: Any, rest: str, request: Any) -> Any:
            began = time.monotonic()
            answer = upload(api, rest, request)
            self._wait(began, "upload")
            return answer

        for name, late in (("call", late_call), ("upload", late_upload)):
            setattr(VkApi, name, late)

    def _wait(self, began: float, what: str) -> None:
        """Wait until VK would have answered; what the stand-in itself took is part of it."""
        time.sleep(max(0.0, began + getattr(self._seconds, what) - time.monotonic()))


def _serve(pipe: Connection) -> None:
    from sandbox import Sandbox

    with Sandbox(vk_rate=0) as box:
        box.evotor.rules.per_window = 0
        half = _Half(box)
        pipe.send((box.evotor_url, box.vk_url))
        while True:
            try:
                name, given = pipe.recv()
            except EOFError:
                return
            pipe.send(getattr(half, name)(*given))
