"""A program of ours and a child that opens files start without work that nobody needs."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


def said(code: str) -> str:
    """Return what a fresh Python prints that runs this."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


@pytest.mark.once
def test_garbage_is_collected_after_the_start_and_what_stays_is_passed_over() -> None:
    code = (
        "import gc, django; from django.conf import settings; settings.DEBUG; before = gc.isenabled();"
        "django.setup(); print(before, gc.isenabled(), gc.get_freeze_count() > 100_000)"
    )
    assert said(code) == "False True True"


@pytest.mark.once
def test_what_reads_workbooks_is_loaded_for_them_alone() -> None:
    code = (
        "import sys; from syncing.services.tables import child;"
        "print(len(child.read(b'Name;Price\\nTea;1')), 'openpyxl' in sys.modules)"
    )
    assert said(code) == "2 False"
