"""The audit of packages: what it finds, what was reviewed, and that it is none without the net."""

import pytest

from tests.install import audit
from tests.install.audit import (
    REVIEWED,
    BadLine,
    Finding,
    Review,
    locked_versions,
    out_of_date,
    read_report,
    read_reviews,
    unreviewed,
)

VULNERABLE = {
    "name": "django",
    "version": "5.2.1",
    "vulns": [{"id": "PYSEC-2026-1", "aliases": ["CVE-2026-1", "GHSA-x"], "fix_versions": ["5.2.2"]}],
}
REPORT = {
    "dependencies": [
        VULNERABLE,
        {"name": "requests", "version": "2.32.0", "vulns": []},
        {"name": "babel", "skip_reason": "Dependency not found"},
    ]
}
REVIEW = Review("CVE-2026-1", "django", "5.2.1", "needs a setting that nobody here has")


def test_every_review_is_of_a_locked_version() -> None:
    assert len(locked_versions()) > 30
    assert list(out_of_date(read_reviews(REVIEWED.read_text()), locked_versions())) == []


def test_a_review_ends_with_its_version() -> None:
    assert list(out_of_date([REVIEW], {"django": "5.2.1"})) == []
    assert "locked is 5.2.2" in next(out_of_date([REVIEW], {"django": "5.2.2"}))
    assert "locked is None" in next(out_of_date([REVIEW], {}))


@pytest.mark.parametrize(
    "line",
    [
        "CVE-2026-1",
        "CVE-2026-1 django",
        "CVE-2026-1 django==1",
        "CVE-2026-1 django==1 short",
        "django==1 CVE-2026-1 " + "x" * 30,
    ],
)
def test_a_review_without_a_version_or_a_reason_is_refused(line: str) -> None:
    with pytest.raises(BadLine):
        read_reviews(line)


def test_reviews_are_read_among_comments() -> None:
    text = "# A comment\n\nGHSA-ab12-cd34 django==5.2.1  needs a setting that nobody here has\n"
    assert read_reviews(text) == [
        Review("GHSA-ab12-cd34", "django", "5.2.1", "needs a setting that nobody here has")
    ]


def test_a_finding_is_named_with_the_version_that_fixes_it() -> None:
    total, skipped, findings = read_report(REPORT)
    assert (total, skipped) == (3, ["babel"])
    assert findings == [
        Finding("django", "5.2.1", frozenset({"PYSEC-2026-1", "CVE-2026-1", "GHSA-x"}), ("5.2.2",))
    ]
    assert list(unreviewed(findings, [])) == [
        "django 5.2.1: CVE-2026-1, GHSA-x, PYSEC-2026-1; fixed in 5.2.2"
    ]


def test_a_finding_that_was_reviewed_by_any_of_its_names_is_no_more_told() -> None:
    findings = read_report(REPORT)[2]
    assert list(unreviewed(findings, [REVIEW])) == []
    assert len(list(unreviewed(findings, [Review("CVE-2026-1", "django", "5.2.0", "x" * 20)]))) == 1


@pytest.mark.parametrize(
    ("report", "strict", "lenient"),
    [
        (None, 1, 0),
        ({"dependencies": [{"name": "babel", "skip_reason": "no answer"}]}, 1, 0),
        ({"dependencies": [{"name": "requests", "version": "2.32.0", "vulns": []}]}, 0, 0),
        ({"dependencies": [VULNERABLE]}, 1, 1),
    ],
)
def test_without_the_net_the_audit_says_that_it_was_none(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    report: object,
    strict: int,
    lenient: int,
) -> None:
    monkeypatch.setattr(audit, "ask", lambda: report)
    for options, code in (([], strict), (["--offline-is-fine"], lenient)):
        monkeypatch.setattr("sys.argv", ["audit", *options])
        assert audit.main() == code
        told = capsys.readouterr().out
        assert ("needs the net" in told) == (strict != lenient)
