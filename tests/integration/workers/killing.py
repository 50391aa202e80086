"""A shop in the sandbox, processes that are killed while they fill it, and what must be true afterwards."""

import contextlib
import os
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import MySQLdb  # type: ignore[import-untyped]
from django.conf import settings
from django.db import connection

from sandbox import Sandbox
from tests.commands import Commands
from tests.migrated import url_of

ROOT = Path(settings.BASE_DIR)
ITEMS = 20
GROUP = "Посуда"
PATIENCE_SECONDS = 120.0


def fill_till(box: Sandbox) -> None:
    """Put twenty mugs of one group on the till's shelves."""
    store = box.evotor.add_store("Лавка")
    group = box.evotor.add_group(store.id, GROUP)
    for number in range(ITEMS):
        box.evotor.add_product(
            store.id, f"Кружка синяя {number}", parent_id=group.id, price=100 + number, quantity=5
        )


def outside(box: Sandbox, folder: Path) -> dict[str, str]:
    """Return the environment in which a process of EvoSync meets the sandbox and nothing else."""
    return {
        "EVOTOR_API_URL": box.evotor_url,
        "EVOTOR_OAUTH_URL": box.evotor_url,
        "VK_API_URL": box.vk_url,
        "VK_ID_URL": box.vk_id_url,
        "VK_REQUESTS_PER_SECOND": "0",
        "VK_SETTLE_SECONDS": "0",
        "SECRET_KEY": settings.SECRET_KEY,
        "FIELD_ENCRYPTION_KEYS": ",".join(settings.FIELD_ENCRYPTION_KEYS),
        "MEDIA_ROOT": str(folder / "media"),
        "EMAIL_URL": "dummymail://",
        "ENV_FILE": os.devnull,
    }


def url_of_test_database() -> str:
    """Return DATABASE_URL of the database that this test's rows are in."""
    return url_of(connection)


def ask(url: str, question: str) -> Sequence[Sequence[Any]]:
    """Return what another server's database answers over a connection of its own: a process takes longer."""
    at = urlsplit(url)
    login: dict[str, Any] = {"host": at.hostname, "port": at.port, "user": at.username}
    name = at.path.removeprefix("/")
    with contextlib.closing(MySQLdb.connect(**login, password=at.password or "", database=name)) as link:
        cursor = link.cursor()
        cursor.execute(question)
        found: Sequence[Sequence[Any]] = cursor.fetchall()
    return found


class Command:
    """`manage.py` with these arguments as a process of its own; its group can be killed."""

    def __init__(
        self, environment: Mapping[str, str], *arguments: str, before: Sequence[Sequence[str]] = ()
    ) -> None:
        """Start it; the commands `before` run in the same process."""
        self.process = Commands(
            *before,
            arguments,
            environment={"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "DEBUG": "1", **environment},
        )

    def kill(self) -> None:
        """End it as the kernel would that needs the memory."""
        self.process.kill()

    def result(self, given: str = "") -> tuple[int, str, str]:
        """Wait for its end and return the exit code and both outputs."""
        out, err = self.process.communicate(given, timeout=PATIENCE_SECONDS)
        assert self.process.returncode is not None
        return self.process.returncode, out, err


class Killing:
    """Kills a process while VK works on one request: the request takes effect, nobody gets its answer.

    Without a method every HTTP request counts; with one, its calls inside `execute` count too.
    """

    def __init__(
        self, box: Sandbox, kill: Callable[[], object], *, nth: int, method: str | None = None
    ) -> None:
        self.done = threading.Event()
        self._kill = kill
        box.vk.fault("action", nth=nth, method=method, do=self._strike)

    def _strike(self) -> None:
        self._kill()
        self.done.set()


def wait_until(
    condition: Callable[[], object],
    what: Callable[[], str],
    *,
    seconds: float = PATIENCE_SECONDS,
    pause: float = 0.05,
) -> None:
    """Return once the condition is true; fail with the explanation where it takes too long."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, what()
        time.sleep(pause)


def live_items(box: Sandbox) -> list[Any]:
    """Return VK's items that were not removed."""
    return [item for item in box.vk.communities[box.group_id].items.values() if item.deleted_at is None]


def assert_every_item_once(box: Sandbox) -> None:
    """Check VK itself: no product twice, none missing, all on sale in one album with own pictures."""
    community = box.vk.communities[box.group_id]
    live = live_items(box)
    assert sorted(item.title for item in live) == sorted(f"Кружка синяя {n}" for n in range(ITEMS))
    assert len({item.sku for item in live}) == len({item.main_photo_id for item in live}) == ITEMS
    assert {item.availability for item in live} == {0}
    ours = [album for album in community.albums.values() if not album.is_main]
    assert [album.title for album in ours] == [GROUP]
    assert sorted(ours[0].item_ids) == sorted(item.id for item in live)
    assert len(community.items) == ITEMS, "an item was made and removed again"
