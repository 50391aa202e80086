"""Rehearses with a merchant's real accounts: `manage.py preflight EMAIL [--read-only] [--json]`."""

import json
import signal
import sys
from dataclasses import replace
from types import FrameType
from typing import Any

from django.core.management import BaseCommand, CommandParser
from django.core.management.base import no_translations

from evosync.common import clock
from syncing.core.preflight.findings import EVOTOR, VK, Answer, Finding, Findings
from syncing.jobs.preflight import run_preflight
from syncing.management.commands._merchant import DONE, FAILED, find_merchant
from syncing.services.errors import CannotSync
from syncing.services.preflight.rehearsal import Options

INTERRUPTED = 130
TITLES = {EVOTOR: "Evotor", VK: "VK"}
MARKS = {Answer.YES: "yes", Answer.NO: "no", Answer.UNCLEAR: "unclear", Answer.NOT_ASKED: "not asked"}


class Command(BaseCommand):
    help = (
        "Ask Evotor and VK, harmlessly, what EvoSync relies on. In VK one hidden test item is made, edited "
        "and removed; --read-only makes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", metavar="EMAIL")
        parser.add_argument("--read-only", action="store_true", help="make no test item in VK")
        parser.add_argument("--json", action="store_true", help="print one JSON object on stdout")

    @no_translations
    def handle(self, *args: Any, **options: Any) -> None:
        user = find_merchant(options["email"])
        started = clock.now()
        # A service manager's stop must clean up too; a shell's background job would ignore Ctrl-C's.
        for stop in (signal.SIGINT, signal.SIGTERM):
            signal.signal(stop, _interrupt)
        try:
            findings = run_preflight(
                user, options=replace(Options(), writes=not options["read_only"], progress=self._say)
            )
        except CannotSync as error:
            self.stderr.write(f"{error.text} Nothing was asked.")
            raise SystemExit(FAILED) from None
        except KeyboardInterrupt:
            self.stderr.write("Stopped. What had been made in VK was taken away.")
            raise SystemExit(INTERRUPTED) from None
        seconds = (clock.now() - started).total_seconds()
        if options["json"]:
            self.stdout.write(json.dumps(_as_json(findings, user.email, seconds), ensure_ascii=False))
        else:
            self._write(findings, user.email, seconds)
        raise SystemExit(DONE if findings.is_ok else FAILED)

    def _say(self, part: str) -> None:
        sys.stderr.write(f"{part} …\n")
        sys.stderr.flush()

    def _write(self, findings: Findings, email: str, seconds: float) -> None:
        self.stdout.write(f"Preflight for {email}: {'ok' if findings.is_ok else 'FAILED'}, {seconds:.0f} s")
        for trouble in findings.troubles:
            self.stdout.write(f"  ! {trouble}")
        for service, title in TITLES.items():
            self.stdout.write(f"\n{title}")
            for finding in findings.all():
                if finding.fact.service == service:
                    self.stdout.write(_line(finding))


def _line(finding: Finding) -> str:
    mark = "!" if finding.is_failure else " "
    seen = f" ({finding.seen})" if finding.seen else ""
    means = f"\n{'':14}{finding.means}" if finding.answer is Answer.NO and finding.means else ""
    return f"{mark} {MARKS[finding.answer]:<10}{finding.fact.statement}: {finding.fact.name}{seen}{means}"


def _as_json(findings: Findings, email: str, seconds: float) -> dict[str, Any]:
    return {
        "merchant": email,
        "status": "ok" if findings.is_ok else "failed",
        "seconds": round(seconds, 1),
        "troubles": findings.troubles,
        "facts": [
            {
                "name": finding.fact.name,
                "statement": finding.fact.statement,
                "answer": finding.answer.value,
                "seen": finding.seen,
                "means": finding.means,
                "vital": finding.fact.is_vital,
                "failed": finding.is_failure,
            }
            for finding in findings.all()
        ],
    }


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
