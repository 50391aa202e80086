"""Which wheel of the lock each Python and processor gets: nobody who installs EvoSync compiles anything.

`.ci/lock` asks pip for every Python and processor that we promise and writes `requirements/wheels.txt`:
one line a file, its hash and its name. The tests hold that table to the lock without the net, and
`.ci/run` asks again, so that a wheel that was withdrawn is noticed.

    python -m tests.install.wheels write                     write the table
    python -m tests.install.wheels ask                       ask the index, compare with the table
    python -m tests.install.wheels changes OLD_DIR           what differs from an older lock
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.tags import Tag, compatible_tags, cpython_tags
from packaging.utils import canonicalize_name, parse_wheel_filename

ROOT = Path(__file__).resolve().parents[2]
REQUIREMENTS = ROOT / "requirements"
LOCK = REQUIREMENTS / "base.txt"
TABLE = REQUIREMENTS / "wheels.txt"
LOCKS = ("base", "build", "production", "dev")

PYTHONS = ("3.11", "3.12", "3.13", "3.14")
MACHINES = ("x86_64", "aarch64")
# Debian 10 and RHEL 8 have this C library; whatever has Python 3.11 has one as new.
GLIBC = 28
PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==(\S+)")
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


class NoWheel(Exception):
    """The index gave no wheel, or no answer; the message holds pip's own words."""


@dataclass(frozen=True, slots=True)
class Pin:
    """One package of a lock."""

    name: str
    version: str
    hashes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Target:
    """A Python and a processor on Linux."""

    python: str
    machine: str

    def __str__(self) -> str:
        return f"Python {self.python} on {self.machine}"

    @property
    def platforms(self) -> list[str]:
        """The platform tags that this target takes, the newest C library first."""
        names = [f"manylinux_2_{minor}_{self.machine}" for minor in range(GLIBC, 4, -1)]
        return [*names, f"manylinux2014_{self.machine}", f"linux_{self.machine}"]

    @property
    def environment(self) -> dict[str, str]:
        """What the markers of a requirement are compared with."""
        return {
            "implementation_name": "cpython",
            "implementation_version": f"{self.python}.0",
            "os_name": "posix",
            "platform_machine": self.machine,
            "platform_python_implementation": "CPython",
            "platform_system": "Linux",
            "python_full_version": f"{self.python}.0",
            "python_version": self.python,
            "sys_platform": "linux",
        }


TARGETS = tuple(Target(python, machine) for python in PYTHONS for machine in MACHINES)


@dataclass(frozen=True, slots=True)
class Found:
    """The file that pip would install, and what the package says of itself."""

    sha256: str
    filename: str
    version: str
    requires: tuple[str, ...]
    requires_python: str


def read_lock(text: str) -> dict[str, Pin]:
    """Return the pins of a lock by their canonical names."""
    pins: dict[str, Pin] = {}
    name = version = ""
    hashes: list[str] = []
    for line in [*text.splitlines(), "end==0"]:
        if match := PIN.match(line):
            if name:
                pins[name] = Pin(name, version, frozenset(hashes))
            name, version, hashes = canonicalize_name(match[1]), match[2], []
        hashes += HASH.findall(line)
    return pins


def read_table(text: str) -> dict[str, str]:
    """Return the table's hashes by file name."""
    rows = (line.split() for line in text.splitlines() if line and not line.startswith("#"))
    return {filename: sha256 for sha256, filename in rows}


@cache
def tags_of(target: Target) -> frozenset[Tag]:
    """Return the wheel tags that a target takes."""
    major, minor = (int(number) for number in target.python.split("."))
    interpreter = f"cp{major}{minor}"
    return frozenset(
        [
            *cpython_tags((major, minor), abis=[interpreter], platforms=target.platforms),
            *compatible_tags((major, minor), interpreter, target.platforms),
        ]
    )


def gaps(pins: Mapping[str, Pin], table: Mapping[str, str]) -> Iterator[str]:
    """Yield a line for each pin and target without a wheel of that version whose hash the lock has."""
    wheels: dict[tuple[str, str], list[tuple[str, frozenset[Tag]]]] = {}
    for filename, sha256 in table.items():
        name, version, _build, tags = parse_wheel_filename(filename)
        wheels.setdefault((name, str(version)), []).append((sha256, tags))
    for pin in pins.values():
        known = [tags for sha256, tags in wheels.get((pin.name, pin.version), []) if sha256 in pin.hashes]
        for target in TARGETS:
            if not any(tags & tags_of(target) for tags in known):
                yield f"{pin.name}=={pin.version} has no locked wheel for {target}"


def leftovers(pins: Mapping[str, Pin], table: Mapping[str, str]) -> Iterator[str]:
    """Yield a line for each row of the table that the lock does not know."""
    for filename, sha256 in table.items():
        pin = pins.get(parse_wheel_filename(filename)[0])
        if pin is None or sha256 not in pin.hashes:
            yield f"{filename} is not in the lock"


def unmet(roots: Iterable[str], found: Mapping[str, Found], target: Target) -> Iterator[str]:
    """Yield a line for each requirement that holds on the target and that the lock does not satisfy.

    The lock is made on one Python; a package may need another one only on a newer Python.
    """
    waiting = [("EvoSync", Requirement(text), "") for text in roots]
    seen: set[tuple[str, str]] = set()
    while waiting:
        asker, wanted, extra = waiting.pop()
        if wanted.marker and not wanted.marker.evaluate({**target.environment, "extra": extra}):
            continue
        name = canonicalize_name(wanted.name)
        package = found.get(name)
        if package is None or not wanted.specifier.contains(package.version, prereleases=True):
            yield f"{asker} needs {wanted} for {target}, and the lock has it not"
            continue
        if not SpecifierSet(package.requires_python).contains(f"{target.python}.0"):
            yield f"{name}=={package.version} refuses {target}"
        for own in sorted({"", *wanted.extras}):
            if (name, own) not in seen:
                seen.add((name, own))
                waiting += [(name, Requirement(text), own) for text in package.requires]


def ask(target: Target, pins: Mapping[str, Pin], cache_dir: str) -> dict[str, Found]:
    """Return what pip would install on the target, by name; raise `NoWheel` where it finds no wheel.

    Installs nothing. Without hashes, since pip then reads only a file's metadata where the index has it.
    """
    command = [sys.executable, "-m", "pip", "install", "--dry-run", "--ignore-installed", "--no-deps"]
    command += ["--quiet", "--disable-pip-version-check", "--no-input", "--cache-dir", cache_dir]
    command += ["--target", str(Path(cache_dir) / "nothing"), "--report", "-"]
    command += ["--only-binary", ":all:", "--implementation", "cp", "--python-version", target.python]
    for platform in target.platforms:
        command += ["--platform", platform]
    command += [f"{pin.name}=={pin.version}" for pin in pins.values()]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        reason = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
        raise NoWheel(f"{target}: " + "\n".join(reason or [done.stderr[-500:]]))
    return dict(_rows(json.loads(done.stdout)["install"]))


def _rows(report: Iterable[Mapping[str, object]]) -> Iterator[tuple[str, Found]]:
    for row in report:
        info, metadata = row["download_info"], row["metadata"]
        assert isinstance(info, dict)
        assert isinstance(metadata, dict)
        yield (
            canonicalize_name(metadata["name"]),
            Found(
                sha256=info["archive_info"]["hashes"]["sha256"],
                filename=info["url"].rpartition("/")[2],
                version=metadata["version"],
                requires=tuple(metadata.get("requires_dist") or ()),
                requires_python=metadata.get("requires_python") or "",
            ),
        )


def ask_all(pins: Mapping[str, Pin]) -> dict[Target, dict[str, Found]]:
    """Ask for every target; files that serve several are fetched once."""
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(2) as pool:
        return dict(zip(TARGETS, pool.map(lambda target: ask(target, pins, folder), TARGETS), strict=True))


def table_of(answers: Iterable[Mapping[str, Found]]) -> dict[str, str]:
    """Return the table that the answers make, sorted by file name."""
    rows = {found.filename: found.sha256 for answer in answers for found in answer.values()}
    return dict(sorted(rows.items(), key=lambda row: row[0].lower()))


def changes(old: Mapping[str, Pin], new: Mapping[str, Pin]) -> Iterator[str]:
    """Yield a line for each package that came, went or has another version."""
    for name in sorted({*old, *new}):
        before, after = old.get(name), new.get(name)
        if before is None or after is None or before.version != after.version:
            yield f"{name}: {before.version if before else '–'} → {after.version if after else '–'}"


def _roots() -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return list(project["dependencies"])


def _check(pins: Mapping[str, Pin], answers: Mapping[Target, Mapping[str, Found]]) -> list[str]:
    wrong = [line for target, found in answers.items() for line in unmet(_roots(), found, target)]
    return [*wrong, *gaps(pins, table_of(answers.values()))]


def _write(pins: Mapping[str, Pin]) -> list[str]:
    answers = ask_all(pins)
    head = (
        "# The wheels of base.txt that pip takes on Linux with glibc 2.28 or newer, "
        f"for Python {PYTHONS[0]} to {PYTHONS[-1]}\n# on {' and '.join(MACHINES)}. Written by .ci/lock.\n"
    )
    rows = (f"{sha256}  {filename}\n" for filename, sha256 in table_of(answers.values()).items())
    TABLE.write_text(head + "".join(rows))
    return _check(pins, answers)


def _changes(old: Path) -> None:
    for name in LOCKS:
        before, after = (
            read_lock(path.read_text()) if path.exists() else {}
            for path in (old / f"{name}.txt", REQUIREMENTS / f"{name}.txt")
        )
        lines = list(changes(before, after))
        say(f"{name}.txt: {len(after)} packages, " + ("no change" if not lines else "old → new:"))
        for line in lines:
            say(f"  {line}")


def say(text: str) -> None:
    """Print one line or more."""
    sys.stdout.write(text + "\n")


def main() -> int:
    """Do what the first argument says; 1 where the lock cannot be installed somewhere."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=["write", "ask", "changes"])
    parser.add_argument("old", nargs="?", type=Path)
    options = parser.parse_args()
    if options.what == "changes":
        _changes(options.old)
        return 0
    pins = read_lock(LOCK.read_text())
    try:
        wrong = _write(pins) if options.what == "write" else _check(pins, ask_all(pins))
    except NoWheel as error:
        wrong = [f"The package index gives no wheel, or cannot be asked. {error}"]
    targets = f"Python {', '.join(PYTHONS)} on {' and '.join(MACHINES)}"
    say("\n".join(wrong) if wrong else f"{len(pins)} packages install from wheels for {targets}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
