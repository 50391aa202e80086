"""`manage.py sync` on SQLite, killed outright at every request: the next run finishes, nothing is twice."""

import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox import Sandbox
from tests.e2e.site import empty_database
from tests.integration.shared_start import memories_of, recall
from tests.integration.workers.killing import (
    ITEMS,
    Command,
    Killing,
    assert_every_item_once,
    fill_till,
    outside,
)

# Each command has an SQLite file of its own.
pytestmark = [pytest.mark.slow, pytest.mark.once]
EMAIL = "shop@example.com"
KILLED = -9


def manage(environment: dict[str, str], *arguments: str) -> str:
    code, out, err = Command(environment, *arguments).result()
    assert code == 0, err
    return out


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[Sandbox, tuple[bytes, ...]]]:
    """The stand-ins of all tests, and what they begin with: commands of one environment start quickly."""
    with Sandbox(vk_rate=0) as box:
        box.evotor.rules.per_window = 0
        fill_till(box)
        yield box, memories_of(box)


@pytest.fixture
def box(served: tuple[Sandbox, tuple[bytes, ...]]) -> Sandbox:
    """Return the stand-ins as they begin."""
    box, memories = served
    box.vk.faults.clear()
    recall(box, memories)
    return box


@pytest.fixture(scope="module")
def connected_database(
    served: tuple[Sandbox, tuple[bytes, ...]], tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[str, str], Path]:
    """The environment of a merchant who is connected and has never synced, and a copy of their database."""
    box, _memories = served
    folder = tmp_path_factory.mktemp("killed") / "live"
    folder.mkdir()
    path = folder / "db.sqlite3"
    path.write_bytes(empty_database())
    environment = {**outside(box, folder), "DATABASE_URL": f"sqlite:///{path}"}
    connecting = Command(
        {**environment, "EVOTOR_TOKEN": box.evotor_token, "VK_TOKEN": box.vk_token},
        *("connect_vk", EMAIL, "--group", str(box.group_id)),
        before=[
            ("create_merchant", EMAIL),
            ("connect_evotor", EMAIL),
        ],
    )
    code, _out, err = connecting.result("a-long-passphrase\n")
    assert code == 0, err
    return environment, shutil.copytree(folder, folder.with_name("connected"))


@pytest.fixture
def environment(connected_database: tuple[dict[str, str], Path]) -> dict[str, str]:
    """Return that merchant's environment, with everything in their folder as it was."""
    environment, connected = connected_database
    live = connected.with_name("live")
    shutil.rmtree(live)
    shutil.copytree(connected, live)
    return environment


def assert_next_run_finishes(box: Sandbox, environment: dict[str, str]) -> None:
    answer = json.loads(manage(environment, "sync", EMAIL, "--json"))
    assert (answer["status"], answer["errors"]) == ("success", [])
    # Of both runs: what was under way at the kill took effect, maybe a moment later.
    assert sum(call.method == "market.add" for call in box.vk.calls) == ITEMS
    assert_every_item_once(box)


@pytest.mark.parametrize(
    ("method", "nth"),
    [
        # 13 requests with the uploads: shop, address, 4 × 5 pictures, 4 saves, items, albums.
        *((None, nth) for nth in range(1, 14)),
        *(("market.add", nth) for nth in (1, 9, 20)),
        ("market.addToAlbum", 1),
    ],
)
def test_a_killed_command_is_replaced_by_the_next(
    box: Sandbox, environment: dict[str, str], method: str | None, nth: int
) -> None:
    first = Command(environment, "sync", EMAIL, "--json")
    killing = Killing(box, first.kill, nth=nth, method=method)
    code, _out, err = first.result()
    assert code == KILLED, f"the run ended before {method or 'request'} {nth}: {err}"
    assert killing.done.wait(30)
    assert_next_run_finishes(box, environment)


def test_commands_killed_again_and_again_get_there(box: Sandbox, environment: dict[str, str]) -> None:
    killed = 0
    while True:
        run = Command(environment, "sync", EMAIL, "--json")
        # Each is granted one request more than the one before it.
        killing = Killing(box, run.kill, nth=killed + 1)
        code, _out, err = run.result()
        if code != KILLED:
            break
        assert killing.done.wait(30)
        killed += 1
        assert killed <= 12, "no run ever finishes"
    box.vk.faults.clear()
    sys.stdout.write(f"finished after {killed} killed runs\n")
    assert code == 0, err
    assert killed >= 3
    assert_every_item_once(box)
