"""`make install` where something is missing: one sentence says what, and nothing half-made stays."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.install.wheels import ROOT

NOBODY = 65534


class Checkout:
    """A copy of what `make install` reads, in a folder whose name has a space."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.copytree(ROOT / ".ci", folder / ".ci")
        shutil.copytree(ROOT / "requirements", folder / "requirements")
        shutil.copy(ROOT / "Makefile", folder)
        self.venv = folder / ".venv"

    def program(self, path: str, text: str) -> Path:
        """Write a program of ours and return its path."""
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"#!/bin/sh\n{text}\n")
        file.chmod(0o755)
        return file

    def run(self, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run a command in the copy."""
        # Nothing of a surrounding `make` comes along.
        kept = {name: text for name, text in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
        kept.pop("PYTHON", None)
        return subprocess.run(
            words, cwd=self.folder, env={**kept, **variables}, capture_output=True, text=True, check=False
        )


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path / "evo sync")


def sentence(done: subprocess.CompletedProcess[str]) -> str:
    """Return what EvoSync says where it cannot install; fail where it says nothing or too much."""
    assert done.returncode != 0
    assert "Traceback" not in done.stdout + done.stderr
    [line] = [line for line in done.stderr.splitlines() if line.startswith("EvoSync: ")]
    return line


def test_an_old_python_is_told_what_is_needed(checkout: Checkout) -> None:
    old = checkout.program("old-python", "exit 1")
    said = sentence(checkout.run("make", "install", "PYTHON=./old-python"))
    assert "Python 3.11 or newer is needed" in said
    assert old.name in said
    assert not checkout.venv.exists()


def test_a_python_that_is_not_there_is_told_so(checkout: Checkout) -> None:
    assert "Python 3.11 or newer is needed" in sentence(checkout.run("make", "install", "PYTHON=python3.99"))


def test_of_several_pythons_one_that_is_new_enough_is_taken(checkout: Checkout) -> None:
    checkout.program("bin/python3", "exit 1")
    checkout.program("bin/python3.14", "exit 1")
    checkout.program("bin/python3.13", 'case "$1" in -c) exit 0;; *) echo "made by 3.13" >&2; exit 1;; esac')
    path = f"{checkout.folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
    done = checkout.run("make", "install", PATH=path)
    assert "made by 3.13" in done.stderr
    assert "python3.13 -m venv" in sentence(done)


def test_a_python_without_its_venv_module_is_told_the_package(checkout: Checkout) -> None:
    checkout.program("python3", 'case "$2" in *ensurepip*) exit 1;; esac')
    said = sentence(checkout.run("make", "install", "PYTHON=./python3"))
    assert "apt-get install python3-venv" in said
    assert not checkout.venv.exists()


def test_an_environment_that_fails_halfway_leaves_nothing(checkout: Checkout) -> None:
    checkout.program("python3", 'case "$1" in -m) mkdir -p .venv/bin; touch .venv/bin/python; exit 1;; esac')
    assert "did not make" in sentence(checkout.run("make", "install", "PYTHON=./python3"))
    assert not checkout.venv.exists()


@pytest.fixture
def foreign_checkout() -> Iterator[Checkout]:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Checkout(Path(folder) / "evo sync")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_a_folder_of_somebody_else_is_told_so(foreign_checkout: Checkout) -> None:
    done = subprocess.run(
        [foreign_checkout.folder / ".ci" / "install", "venv"],
        user=NOBODY,
        group=NOBODY,
        extra_groups=[],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "may not write into" in sentence(done)


def test_without_the_index_a_sentence_follows_pips_reason_and_the_next_run_tries_again(
    checkout: Checkout,
) -> None:
    away = {"PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_RETRIES": "0", "PIP_NO_CACHE_DIR": "1"}
    done = checkout.run("make", "install", f"PYTHON={sys.executable}", **away)
    assert "registry" in sentence(done)
    assert "ERROR: " in done.stderr
    assert (checkout.venv / "bin" / "python").exists()
    assert checkout.run("make", "--question", "install").returncode == 1


def test_without_a_compiler_the_packages_to_install_are_named(checkout: Checkout) -> None:
    checkout.program(".venv/bin/python", "echo /nowhere/include")
    assert "apt-get install gcc pkg-config libmariadb-dev python3-dev" in sentence(
        checkout.run(".ci/install", "dev")
    )


def test_an_installation_is_not_touched_again(checkout: Checkout) -> None:
    checkout.program(".venv/bin/python", "exit 1")
    stamps = checkout.venv / ".stamps"
    stamps.mkdir()
    (stamps / "install").touch()
    assert checkout.run("make", "--question", "install").returncode == 0
    lock = checkout.folder / "requirements" / "base.txt"
    later = (stamps / "install").stat().st_mtime + 10
    os.utime(lock, (later, later))
    assert checkout.run("make", "--question", "install").returncode == 1
