"""The servers that tests start keep their data over a kill, do not meet, and leave nothing behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import redis

from tests.servers import MariaDb, NotInstalled, Redis, find_program


def value(server: Redis, key: str) -> object:
    with redis.Redis.from_url(server.url) as client:
        return client.get(key)


def store(server: Redis, key: str, text: str) -> None:
    with redis.Redis.from_url(server.url) as client:
        client.set(key, text)


def test_two_servers_do_not_meet(redis_server: Redis) -> None:
    with Redis() as other:
        store(redis_server, "owner", "first")
        assert value(other, "owner") is None


def test_a_killed_durable_redis_comes_back_with_its_data(redis_server: Redis) -> None:
    store(redis_server, "kept", "yes")
    redis_server.kill()
    assert not redis_server.answers()
    redis_server.start()
    assert value(redis_server, "kept") == b"yes"


@pytest.mark.once
def test_a_killed_mariadb_comes_back_on_the_same_address(mariadb_server: MariaDb) -> None:
    address = mariadb_server.url
    mariadb_server.kill()
    assert not mariadb_server.answers()
    mariadb_server.start()
    assert mariadb_server.answers()
    assert mariadb_server.url == address


def test_nothing_is_left_of_a_server(redis_server: Redis) -> None:
    with Redis() as server:
        assert server.folder.is_dir()
    assert not server.folder.exists()
    assert not server.answers()


@pytest.mark.once
def test_the_command_runs_beside_both_and_its_exit_code_comes_back(
    mariadb_server: MariaDb, redis_server: Redis
) -> None:
    code = "import os, sys; sys.exit(7 if os.environ['DATABASE_URL'] and os.environ['REDIS_URL'] else 1)"
    done = subprocess.run(
        [sys.executable, "-m", "tests.servers", "run", sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 7
    assert "DATABASE_URL=mysql://" in done.stdout


def test_servers_die_with_a_parent_that_is_killed(redis_server: Redis, tmp_path: Path) -> None:
    program = (
        "from tests.servers import Redis; r = Redis().start(); print(r.process.pid, flush=True); input()"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    parent.send_signal(signal.SIGKILL)
    parent.communicate()
    deadline = time.monotonic() + 60
    while _runs(child) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _runs(child)


def test_a_program_that_is_missing_is_named_with_the_remedy() -> None:
    with pytest.raises(NotInstalled, match=r"no-such-server is not installed: run `make install-dev`"):
        find_program("no-such-server")


def _runs(process: int) -> bool:
    """Return True if the process still works; one that has ended and waits to be collected does not."""
    try:
        os.kill(process, 0)
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False
