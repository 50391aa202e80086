"""Asks whether a locked package has a known vulnerability: `make audit`. It needs the net, and says so.

`requirements/advisories.txt` holds what was reviewed: an advisory's identifier, the package as it is locked,
and why it does no harm here. That part needs no net: a review is good for the version that it was made of.
"""

import argparse
import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.install.wheels import REQUIREMENTS, read_lock, say

REVIEWED = REQUIREMENTS / "advisories.txt"
AUDITED = ("production", "build")
LINE = re.compile(
    r"(?P<id>[A-Z]+(?:-[\w.]+)+)\s+(?P<name>[a-z0-9-]+)==(?P<version>\S+)\s+(?P<reason>\S.{19,})"
)
NEEDS_THE_NET = (
    "The audit needs the net, and no database of advisories answered: {} of {} packages were not audited. "
    "Run `make audit` where there is one, at least once a month and before every release."
)


class BadLine(Exception):
    """A line of the list of reviews cannot be read; the message holds it."""


@dataclass(frozen=True, slots=True)
class Review:
    """An advisory that does no harm here, for one version of one package."""

    advisory: str
    name: str
    version: str
    reason: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What is known of a locked package. An advisory has several identifiers."""

    name: str
    version: str
    advisories: frozenset[str]
    fixed_in: tuple[str, ...] = ()


def read_reviews(text: str) -> list[Review]:
    """Return the reviews. Raises BadLine."""
    found = []
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        match = LINE.fullmatch(line.strip())
        if match is None:
            raise BadLine(line)
        found.append(Review(match["id"], match["name"], match["version"], match["reason"]))
    return found


def out_of_date(reviews: Sequence[Review], locked: Mapping[str, str]) -> Iterator[str]:
    """Yield a line for each review of a version that is not the locked one."""
    for review in reviews:
        version = locked.get(review.name)
        if version != review.version:
            yield f"{review.advisory} was reviewed for {review.name} {review.version}; locked is {version}"


def read_report(report: Mapping[str, Any]) -> tuple[int, list[str], list[Finding]]:
    """Return how many packages a report of pip-audit is about, which of them it skipped, and its findings."""
    packages = report["dependencies"]
    skipped = [package["name"] for package in packages if "skip_reason" in package]
    findings = [
        Finding(
            package["name"],
            package["version"],
            frozenset([found["id"], *found.get("aliases", ())]),
            tuple(found.get("fix_versions", ())),
        )
        for package in packages
        for found in package.get("vulns", ())
    ]
    return len(packages), skipped, findings


def unreviewed(findings: Sequence[Finding], reviews: Sequence[Review]) -> Iterator[str]:
    """Yield a line for each finding that nobody has reviewed for this version."""
    known = {(review.name, review.version, review.advisory) for review in reviews}
    for found in findings:
        if not any((found.name, found.version, advisory) in known for advisory in found.advisories):
            fixed = ", ".join(found.fixed_in) or "no version yet"
            names = ", ".join(sorted(found.advisories))
            yield f"{found.name} {found.version}: {names}; fixed in {fixed}"


def locked_versions() -> dict[str, str]:
    """Return what every lock that runs somewhere holds."""
    return {
        name: pin.version
        for lock in AUDITED
        for name, pin in read_lock((REQUIREMENTS / f"{lock}.txt").read_text()).items()
    }


def ask() -> Mapping[str, Any] | None:
    """Return pip-audit's report about all locks; None where it could not ask."""
    command = [sys.executable, "-m", "pip_audit", "--require-hashes", "--disable-pip", "--format", "json"]
    command += ["--progress-spinner", "off"]
    for lock in AUDITED:
        command += ["--requirement", str(REQUIREMENTS / f"{lock}.txt")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        report = json.loads(done.stdout)
    except ValueError:
        say(done.stderr.strip().rpartition("\n")[2][:300])
        return None
    return report if isinstance(report, dict) else None


def main() -> int:
    """Print what is wrong; 1 where a finding or a review is not right, or where nothing was audited."""
    parser = argparse.ArgumentParser(prog="tests.install.audit", description=__doc__)
    parser.add_argument("--offline-is-fine", action="store_true", help="0 where no database answers")
    options = parser.parse_args()
    reviews, locked = read_reviews(REVIEWED.read_text()), locked_versions()
    wrong = list(out_of_date(reviews, locked))
    report = ask()
    total, skipped, findings = read_report(report) if report else (len(locked), sorted(locked), [])
    wrong += unreviewed(findings, reviews)
    say(
        "\n".join(wrong)
        or f"{total - len(skipped)} of {total} packages audited, {len(reviews)} reviews in force"
    )
    if skipped:
        say(NEEDS_THE_NET.format(len(skipped), total))
    return 1 if wrong or (skipped and not options.offline_is_fine) else 0


if __name__ == "__main__":
    sys.exit(main())
