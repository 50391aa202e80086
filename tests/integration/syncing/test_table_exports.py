"""The files of written tables: none is left behind by a killed worker, a newer table or a closed account."""

import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from accounts.models import User
from accounts.services import delete_account, export_data
from syncing.choices import ComputationKind, TableExportState, TableFormat
from syncing.jobs import computations
from syncing.models import Computation, TableExport
from syncing.services.retention import prune
from syncing.services.tables import exports
from syncing.tasks import sweep_computations
from tests.queues import waiting, work_off

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def files(media: Path) -> list[Path]:
    return [path for path in media.rglob("*") if path.is_file()]


def ask(user: User) -> TableExport:
    row = exports.ask(user, TableFormat.CSV)
    computations.ask(user, ComputationKind.EXPORT)
    return row


def written(user: User) -> TableExport:
    ask(user)
    work_off()
    row = TableExport.objects.get()
    assert row.state == TableExportState.READY
    return row


def test_a_newer_table_takes_the_place_of_the_last_one(user: User, media: Path) -> None:
    first = written(user)
    second = written(user)

    assert first.file.name != second.file.name
    assert [str(path.relative_to(media)) for path in files(media)] == [second.file.name]


def test_what_a_killed_worker_leaves_is_deleted_by_the_next_one(
    user: User, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(user)
    keep = exports._keep

    def killed(row: TableExport, name: str, **_more: Any) -> None:
        raise SystemExit(137)

    monkeypatch.setattr(exports, "_keep", killed)
    waiting()
    with pytest.raises(SystemExit):
        computations.compute(user.pk, ComputationKind.EXPORT)
    monkeypatch.setattr(exports, "_keep", keep)
    assert len(files(media)) == 1
    assert TableExport.objects.get().state == TableExportState.ASKED
    # Its lease is not given back by a worker that was killed.
    gone = timezone.now() - computations.WAKE_AGAIN_AFTER
    Computation.objects.update(not_before=None, lease="other-host:1:abc", heartbeat_at=gone, woken_at=gone)

    sweep_computations()
    work_off()

    row = TableExport.objects.get()
    assert (row.state, row.draft) == (TableExportState.READY, "")
    assert [str(path.relative_to(media)) for path in files(media)] == [row.file.name]


def test_a_table_whose_merchant_leaves_while_it_is_written_leaves_no_file(
    user: User, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save = default_storage.save

    def left(name: str, content: Any, **more: Any) -> str:
        delete_account(user)
        return str(save(name, content, **more))

    monkeypatch.setattr(default_storage, "save", left)
    ask(user)
    work_off()

    assert not TableExport.objects.exists()
    assert files(media) == []


def test_tables_go_after_a_day_and_with_the_account(user: User, media: Path) -> None:
    row = written(user)
    draft = default_storage.save(f"exports/{user.pk}/draft.csv", ContentFile(b"half"))
    TableExport.objects.update(draft=draft)
    prune(timezone.now())
    assert len(files(media)) == 2
    prune(row.asked_at + exports.KEEP + timedelta(seconds=1))
    assert (files(media), TableExport.objects.count()) == ([], 0)

    written(user)
    delete_account(user)
    assert files(media) == []


def test_the_data_export_tells_of_written_tables(user: User) -> None:
    written(user)

    with zipfile.ZipFile(io.BytesIO(export_data(user))) as archive:
        (told,) = json.loads(archive.read("tables_written.json"))

    assert (told["format"], told["state"]) == ("csv", "ready")
    assert "file" not in told
