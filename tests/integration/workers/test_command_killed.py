"""`manage.py sync` on SQLite, killed outright at every request: the next run finishes, nothing is twice."""

import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox import Sandbox
from tests.e2e.site import empty_database
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
def connected_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file of a merchant who is connected to both services and has never synced.

    Each test copies it: the tokens and numbers of one sandbox are those of every other.
    """
    path = tmp_path_factory.mktemp("killed") / "db.sqlite3"
    path.write_bytes(empty_database())
    with Sandbox(vk_rate=0) as box:
        fill_till(box)
        tokens = {"EVOTOR_TOKEN": box.evotor_token, "VK_TOKEN": box.vk_token}
        connecting = Command(
            {**outside(box, path.parent), **tokens, "DATABASE_URL": f"sqlite:///{path}"},
            *("connect_vk", EMAIL, "--group", str(box.group_id)),
            before=[
                ("create_merchant", EMAIL),
                ("connect_evotor", EMAIL),
            ],
        )
        code, _out, err = connecting.result("a-long-passphrase\n")
        assert code == 0, err
    return path


@pytest.fixture
def box() -> Iterator[Sandbox]:
    with Sandbox(vk_rate=0) as sandbox:
        fill_till(sandbox)
        yield sandbox


@pytest.fixture
def environment(box: Sandbox, connected_database: Path, tmp_path: Path) -> dict[str, str]:
    """The environment of that merchant on this test's sandbox and copy."""
    for part in connected_database.parent.glob("db.sqlite3*"):
        shutil.copy(part, tmp_path / part.name)
    return {**outside(box, tmp_path), "DATABASE_URL": f"sqlite:///{tmp_path / 'db.sqlite3'}"}


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
