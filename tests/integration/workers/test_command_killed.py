"""`manage.py sync` on SQLite, killed outright at every request: the next run finishes, nothing is twice."""

import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox import Sandbox
from tests.integration.workers.killing import (
    ITEMS,
    Command,
    Killing,
    assert_every_item_once,
    fill_till,
    live_items,
    outside,
)

# Each command has an SQLite file of its own.
pytestmark = [pytest.mark.slow, pytest.mark.once]
EMAIL = "shop@example.com"
KILLED = -9


def manage(environment: dict[str, str], *arguments: str, given: str = "") -> str:
    code, out, err = Command(environment, *arguments).result(given)
    assert code == 0, err
    return out


@pytest.fixture(scope="module")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database file with one merchant, for each test to copy."""
    path = tmp_path_factory.mktemp("killed") / "db.sqlite3"
    with Sandbox(vk_rate=0) as box:
        environment = {**outside(box, path.parent), "DATABASE_URL": f"sqlite:///{path}"}
        manage(environment, "migrate", "--verbosity=0")
        manage(environment, "create_merchant", EMAIL, given="a-long-passphrase\n")
    return path


@pytest.fixture
def box() -> Iterator[Sandbox]:
    with Sandbox(vk_rate=0) as sandbox:
        fill_till(sandbox)
        yield sandbox


@pytest.fixture
def environment(box: Sandbox, empty_database: Path, tmp_path: Path) -> dict[str, str]:
    """The environment of a merchant who is connected to both services and has never synced."""
    path = tmp_path / "db.sqlite3"
    for part in empty_database.parent.glob("db.sqlite3*"):
        shutil.copy(part, tmp_path / part.name)
    found = {**outside(box, tmp_path), "DATABASE_URL": f"sqlite:///{path}"}
    manage(found | {"EVOTOR_TOKEN": box.evotor_token}, "connect_evotor", EMAIL)
    manage(found | {"VK_TOKEN": box.vk_token}, "connect_vk", EMAIL, "--group", str(box.group_id))
    box.vk.forget_calls()
    return found


def assert_next_run_finishes(box: Sandbox, environment: dict[str, str]) -> None:
    made_before = len(live_items(box))
    answer = json.loads(manage(environment, "sync", EMAIL, "--json"))
    assert (answer["status"], answer["errors"]) == ("success", [])
    assert made_before + answer["requests"]["vk_calls"].get("market.add", 0) == ITEMS
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
    assert killing.done.wait(5)
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
        assert killing.done.wait(5)
        killed += 1
        assert killed <= 12, "no run ever finishes"
    box.vk.faults.clear()
    sys.stdout.write(f"finished after {killed} killed runs\n")
    assert code == 0, err
    assert killed >= 3
    assert_every_item_once(box)
