"""Before the demo works: its port is free, and no other demo uses its folder."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.demo.lock import AlreadyRunning, Running, find_running, lock_folder
from sandbox.demo.ports import FIRST, PortTaken, port_of, reserve_port

ROOT = Path(__file__).resolve().parents[3]
HOLD = """
import sys, time
from pathlib import Path
from sandbox.demo.lock import Running, lock_folder
with lock_folder(Path(sys.argv[1])) as lock:
    lock.write(Running(pid=7, site="http://127.0.0.1:8123/"))
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def taken() -> Iterator[int]:
    """Listen on a port as another program."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_port_that_another_program_has_is_refused(taken: int) -> None:
    with pytest.raises(PortTaken, match=str(taken)):
        reserve_port(taken)


def test_without_a_port_option_the_next_free_port_is_taken() -> None:
    with reserve_port() as first, reserve_port() as second:
        assert FIRST <= port_of(first) < port_of(second)


def test_a_reserved_port_stays_reserved_until_it_is_closed() -> None:
    with reserve_port() as held:
        with pytest.raises(PortTaken):
            reserve_port(port_of(held))
        number = port_of(held)
    with reserve_port(number) as again:
        assert port_of(again) == number


@pytest.mark.parametrize("number", [-1, 70_000])
def test_a_number_that_is_no_port_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="is not a port"):
        reserve_port(number)


def test_the_demo_ends_at_once_where_its_port_is_taken(taken: int, tmp_path: Path) -> None:
    environment = {**os.environ, "ENV_FILE": os.devnull, "DEMO_DIR": str(tmp_path)}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    done = subprocess.run(
        [sys.executable, "manage.py", "demo", "--port", str(taken)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 1
    assert f"Port {taken} is used by another program. Nothing was started." in done.stderr
    assert not done.stdout
    assert not (tmp_path / "db.sqlite3").exists()


def test_a_second_demo_is_refused_until_the_first_is_killed(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as first:
        assert first.stdout
        assert first.stdout.readline() == "held\n"
        with pytest.raises(AlreadyRunning) as refused, lock_folder(tmp_path):
            pass
        assert refused.value.running.site == "http://127.0.0.1:8123/"
        assert find_running(tmp_path) == Running(pid=7, site="http://127.0.0.1:8123/")
        first.send_signal(signal.SIGKILL)
        first.wait(60)
    assert find_running(tmp_path) is None
    with lock_folder(tmp_path):
        assert find_running(tmp_path) == Running(pid=os.getpid())


def test_a_folder_without_a_lock_has_no_running_demo(tmp_path: Path) -> None:
    assert find_running(tmp_path) is None
