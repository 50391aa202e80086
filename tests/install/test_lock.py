"""The locks install from wheels, everywhere that README promises, and say nothing of who made them."""

import os
import re
from pathlib import Path

import pytest

from tests.install.wheels import (
    LOCK,
    LOCKS,
    REQUIREMENTS,
    ROOT,
    TABLE,
    Found,
    NoWheel,
    Pin,
    Target,
    ask,
    changes,
    gaps,
    leftovers,
    read_lock,
    read_table,
    unmet,
)

NEW_ARM = Target("3.14", "aarch64")
FILES = [
    ROOT / "Makefile",
    ROOT / "Dockerfile",
    *sorted(path for path in ROOT.glob(".ci/*") if path.is_file()),
]


def lock(name: str) -> dict[str, Pin]:
    return read_lock((REQUIREMENTS / f"{name}.txt").read_text())


def found(version: str = "1.0", requires: tuple[str, ...] = (), requires_python: str = "") -> Found:
    return Found("0" * 64, "x.whl", version, requires, requires_python)


def test_every_package_has_a_locked_wheel_for_every_python_and_processor() -> None:
    pins = read_lock(LOCK.read_text())
    assert len(pins) > 30
    assert list(gaps(pins, read_table(TABLE.read_text()))) == []


def test_the_table_of_wheels_belongs_to_this_lock() -> None:
    assert list(leftovers(read_lock(LOCK.read_text()), read_table(TABLE.read_text()))) == []


def test_a_package_without_a_wheel_for_one_processor_is_named() -> None:
    table = {
        f"thing-2.0-cp3{minor}-cp3{minor}-manylinux_2_17_{machine}.whl": f"{minor}{machine}"
        for minor in (11, 12, 13, 14)
        for machine in ("x86_64", "aarch64")
        if (minor, machine) != (14, "aarch64")
    }
    pins = {"thing": Pin("thing", "2.0", frozenset(table.values()))}
    assert list(gaps(pins, table)) == ["thing==2.0 has no locked wheel for Python 3.14 on aarch64"]


@pytest.mark.parametrize(
    ("filename", "wanted"),
    [
        ("thing-2.0-py3-none-any.whl", 0),
        ("thing-2.0-cp311-abi3-manylinux_2_28_x86_64.whl", 4),
        ("thing-2.0-cp311-cp311-manylinux2014_x86_64.whl", 7),
        ("thing-2.0-cp312-abi3-manylinux_2_28_x86_64.manylinux_2_28_aarch64.whl", 2),
        ("thing-2.0-cp311-abi3-manylinux_2_39_x86_64.whl", 8),
        ("thing-2.0-cp311-abi3-musllinux_1_2_x86_64.whl", 8),
        ("thing-1.9-py3-none-any.whl", 8),
        ("other-2.0-py3-none-any.whl", 8),
    ],
)
def test_a_wheel_serves_the_targets_that_its_name_says(filename: str, wanted: int) -> None:
    pins = {"thing": Pin("thing", "2.0", frozenset({"a"}))}
    assert len(list(gaps(pins, {filename: "a"}))) == wanted


def test_a_wheel_whose_hash_is_not_locked_does_not_count() -> None:
    pins = {"thing": Pin("thing", "2.0", frozenset({"a"}))}
    table = {"thing-2.0-py3-none-any.whl": "b"}
    assert len(list(gaps(pins, table))) == 8
    assert list(leftovers(pins, table)) == ["thing-2.0-py3-none-any.whl is not in the lock"]


def test_a_source_archive_in_the_lock_is_no_wheel() -> None:
    pins = read_lock("thing==2.0 \\\n    --hash=sha256:" + "a" * 64 + "\n    # via evosync\n")
    assert pins == {"thing": Pin("thing", "2.0", frozenset({"a" * 64}))}
    assert len(list(gaps(pins, {}))) == 8


def test_what_only_a_newer_python_needs_is_missed_there() -> None:
    packages = {
        "thing": found(requires=('more>=1; python_version >= "3.14"', 'win; sys_platform == "win32"'))
    }
    assert list(unmet(["thing"], packages, Target("3.13", "x86_64"))) == []
    assert [line.partition(" for ")[0] for line in unmet(["thing"], packages, NEW_ARM)] == [
        'thing needs more>=1; python_version >= "3.14"'
    ]


def test_what_an_extra_needs_is_missed_only_where_the_extra_is_asked_for() -> None:
    packages = {"thing": found(requires=('redis>=5; extra == "redis"',)), "redis": found("4.0")}
    assert list(unmet(["thing"], packages, NEW_ARM)) == []
    assert len(list(unmet(["thing[redis]"], packages, NEW_ARM))) == 1
    packages["redis"] = found("5.1")
    assert list(unmet(["thing[redis]"], packages, NEW_ARM)) == []


def test_a_package_that_refuses_a_python_is_named() -> None:
    packages = {"thing": found(requires_python="<3.14")}
    assert list(unmet(["thing"], packages, NEW_ARM)) == ["thing==1.0 refuses Python 3.14 on aarch64"]


def test_an_index_without_the_wheel_is_told_in_pips_words(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    pins = {"thing": Pin("thing", "2.0", frozenset())}
    with pytest.raises(NoWheel, match=r"Python 3\.14 on aarch64: ERROR: .*thing==2\.0"):
        ask(NEW_ARM, pins, str(tmp_path))


def test_the_changes_between_two_locks_name_old_and_new() -> None:
    old = {name: Pin(name, version, frozenset()) for name, version in [("a", "1"), ("b", "1"), ("c", "1")]}
    new = {name: Pin(name, version, frozenset()) for name, version in [("a", "1"), ("b", "2"), ("d", "1")]}
    assert list(changes(old, new)) == ["b: 1 → 2", "c: 1 → –", "d: – → 1"]


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_no_index_and_no_other_address(name: str) -> None:
    text = (REQUIREMENTS / f"{name}.txt").read_text() + TABLE.read_text()
    assert "://" not in text
    assert not re.search(r"^\s*-(?!-hash)", text, re.MULTILINE)


@pytest.mark.parametrize("name", LOCKS)
def test_every_package_of_a_lock_has_a_hash(name: str) -> None:
    assert [pin.name for pin in lock(name).values() if not pin.hashes] == []


@pytest.mark.parametrize(
    ("smaller", "larger"), [("base", "production"), ("production", "dev"), ("build", "dev")]
)
def test_each_installation_has_the_same_versions(smaller: str, larger: str) -> None:
    for name, pin in lock(smaller).items():
        assert lock(larger)[name].version == pin.version, name


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_everything_that_installs_takes_locked_wheels(path: Path) -> None:
    text = path.read_text().replace("\\\n", " ")
    for line in text.splitlines():
        if "pip install" in line and not line.lstrip().startswith("#"):
            assert "--require-hashes" in line, line
            assert "--only-binary :all:" in line, line
            for name in re.findall(r"--no-binary (\S+)", line):
                assert name == "mysqlclient"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_nothing_starts_a_program_that_names_the_folder_of_its_environment(path: Path) -> None:
    programs = re.findall(r"(?:\.venv|\$\(VENV\))/bin/(\w+)", path.read_text())
    # djade is one binary; the others are scripts.
    assert set(programs) <= {"python", "djade"}
