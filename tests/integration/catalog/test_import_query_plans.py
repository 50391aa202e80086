"""Every minute a worker looks for imports that wait for it: their many files are found by an index."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from catalog.choices import ImportedFileState, ImportState
from catalog.models import PhotoImport, PhotoImportFile
from catalog.photos.imports import work

pytestmark = pytest.mark.django_db(transaction=True)

FILES = PhotoImportFile._meta.db_table
INDEX = "import_file_by_work"
MERCHANTS, FILES_EACH = 20, 100


@pytest.fixture
def imports() -> list[PhotoImport]:
    """Return imports whose files were all opened and compared, a while ago."""
    users = User.objects.bulk_create(User(email=f"m{n}@example.com") for n in range(MERCHANTS))
    long_ago = timezone.now() - timedelta(days=1)
    found = PhotoImport.objects.bulk_create(
        PhotoImport(user=one, state=ImportState.OPEN, changed_at=long_ago) for one in users
    )
    PhotoImportFile.objects.bulk_create(
        PhotoImportFile(photo_import=one, name="1.jpg", state=ImportedFileState.READY, is_matched=True)
        for one in found
        for _ in range(FILES_EACH)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else f"ANALYZE TABLE {FILES}")
    return found


def steps_over_files() -> list[str]:
    """Look for imports that wait; return how the database finds files, a line for each of its steps."""
    with CaptureQueriesContext(connection) as captured:
        work.lost(timezone.now())
    (statement,) = [one["sql"] for one in captured if FILES in one["sql"]]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {statement}")
            steps = [str(row[3]) for row in cursor.fetchall()]
            return [step for step in steps if step.startswith(("SEARCH U", "SCAN U"))]
        cursor.execute(f"EXPLAIN {statement}")
        names = [column[0] for column in cursor.description or ()]
        found: list[dict[str, Any]] = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        return [f"{one['type']} {one['key']} {one['ref']}" for one in found if one["table"].startswith("U")]


def test_files_to_open_and_to_compare_are_each_found_by_the_index(imports: list[PhotoImport]) -> None:
    steps = steps_over_files()
    assert len(steps) == 2, steps
    for step in steps:
        assert INDEX in step, steps
        # By the import and the state, not by the import alone.
        assert step.count("?") >= 2 or step.count("const") >= 1, steps


def test_an_import_with_a_file_to_open_or_to_compare_is_found(imports: list[PhotoImport]) -> None:
    to_open, to_compare = imports[3], imports[5]
    PhotoImportFile.objects.filter(pk=to_open.files.order_by("pk")[0].pk).update(
        state=ImportedFileState.UPLOADED, is_matched=False
    )
    PhotoImportFile.objects.filter(pk=to_compare.files.order_by("pk")[7].pk).update(is_matched=False)
    assert sorted(work.lost(timezone.now())) == sorted([to_open.user_id, to_compare.user_id])
