"""What is kept for one program is not taken for another one's."""

from pathlib import Path

import pytest
from django.conf import settings

from evosync.common.program import program_digest
from syncing.services import unchanged_runs


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of a program of one file."""
    (tmp_path / "core").mkdir()
    (tmp_path / "core" / "plan.py").write_text("LIMIT = 1")
    monkeypatch.setattr(settings, "BASE_DIR", tmp_path)
    return tmp_path / "core"


def test_a_changed_line_and_a_new_file_make_another_program(program: Path) -> None:
    digests = {program_digest.__wrapped__("core")}
    (program / "plan.py").write_text("LIMIT = 2")
    digests.add(program_digest.__wrapped__("core"))
    (program / "more.py").write_text("")
    digests.add(program_digest.__wrapped__("core"))
    assert len(digests) == 3


def test_the_whole_program_decides_whether_a_run_is_known_again() -> None:
    apps = {path.parent.name for path in Path(settings.BASE_DIR).glob("*/apps.py")}
    assert apps | {"evosync"} <= set(unchanged_runs.CODE) | {"sandbox"}
