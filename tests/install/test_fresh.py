"""What `make fresh` and `make image` stand on: the newcomer's figures, what a host lends, what is missing."""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.install.wheels import ROOT

NOBODY = 65534
GIT = ["git", "-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "init.defaultBranch=main"]
DEMO = """import pathlib, sqlite3, sys, time
folder = pathlib.Path("var/demo")
folder.mkdir(parents=True)
with sqlite3.connect(folder / "db.sqlite3") as connection:
    connection.execute("CREATE TABLE syncing_listing (vk_item_id)")
    connection.execute("INSERT INTO syncing_listing VALUES (?)", [{item}])
time.sleep(1)
sys.exit({code})
"""


def newcomer(folder: Path, demo: str) -> subprocess.CompletedProcess[str]:
    """Let the newcomer try a repository whose demo is this program."""
    source = folder / "source"
    source.mkdir()
    (source / "demo.py").write_text(demo)
    (source / "Makefile").write_text(f"demo:\n\t@'{sys.executable}' demo.py\n")
    for words in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "--message", "Begin"]):
        subprocess.run([*GIT, *words], cwd=source, check=True)
    return subprocess.run(
        [sys.executable, ROOT / ".ci" / "first_use.py", source, folder / "a new clone"],
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_newcomers_figures_end_at_the_first_item_in_vk(tmp_path: Path) -> None:
    done = newcomer(tmp_path, DEMO.format(item=7, code=0))
    assert done.returncode == 0, done.stderr
    figures = re.search(
        r"first item in the sandbox's VK: (\d+) s, (\d+) MB fetched .* (\d+) MB on the", done.stdout
    )
    assert figures
    assert int(figures[1]) <= 60


def test_a_demo_that_brings_nothing_to_vk_fails(tmp_path: Path) -> None:
    done = newcomer(tmp_path, DEMO.format(item="None", code=0))
    assert done.returncode == 1
    assert "without an item in VK" in done.stdout


def test_a_demo_that_fails_fails(tmp_path: Path) -> None:
    done = newcomer(tmp_path, DEMO.format(item=7, code=3))
    assert done.returncode != 0
    assert "make demo ONCE=1 ended with" in done.stdout


def test_a_host_lends_its_index_and_nothing_that_lies_on_its_disk(tmp_path: Path) -> None:
    python = tmp_path / "python"
    settings = [
        ":env:.default-timeout='90'",
        ":env:.index-url='https://index.example/simple'",
        "global.extra-index-url='file:///opt/wheels'",
        "global.find-links='/opt/wheels'",
        "global.index-url='https://other.example/simple'",
        "global.timeout='15'",
        "user.proxy='http://proxy.example:3128'",
    ]
    python.write_text("#!/bin/sh\ncat <<END\n" + "\n".join(settings) + "\nEND\n")
    python.chmod(0o755)
    lent = subprocess.run(
        [ROOT / ".ci" / "pip-config"],
        env={**os.environ, "PYTHON": str(python)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    assert lent[:4] == [
        "[global]",
        "timeout = 90",
        "index-url = https://index.example/simple",
        "proxy = http://proxy.example:3128",
    ]
    assert all(line.startswith("cert = ") for line in lent[4:])


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_without_root_a_bare_debian_is_not_tried_and_the_package_is_named() -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        script = Path(folder) / ".ci" / "fresh"
        script.parent.mkdir()
        script.write_bytes((ROOT / ".ci" / "fresh").read_bytes())
        script.chmod(0o755)
        done = subprocess.run(
            [script], user=NOBODY, group=NOBODY, extra_groups=[], capture_output=True, text=True, check=False
        )
    assert done.returncode != 0
    assert "sudo make fresh" in done.stderr
    assert "apt-get install mmdebstrap" in done.stderr
