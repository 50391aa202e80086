"""Takes files in as they are sent. Nothing is opened here: a worker does that."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.core.files import File
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.models import User
from catalog.choices import ImportedFileState, ImportState, PhotoProblem
from catalog.models import PhotoImport, PhotoImportFile
from catalog.models.photo_imports import NEEDS_WORK
from catalog.photos.errors import InvalidPhoto
from catalog.photos.limits import IMPORT_BYTES, IMPORT_FILES
from evosync.common import clock

KEEP = timedelta(hours=24)
LONGEST_NAME = 255
# The parts of the largest file that is taken, each as small as a mobile net likes them.
MOST_PARTS = 1_000
# Those that were taken, and as many that were not.
MOST_ROWS = 2 * IMPORT_FILES


class Occupied(Exception):
    """Photos are being saved or taken back just now; nothing can be added or changed."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Which part of a larger file this is: `upload` names the file, `part` counts from 0."""

    upload: str
    part: int
    parts: int


def begin(user: User, now: datetime) -> PhotoImport:
    """Return the merchant's open import; what was saved before can no longer be taken back then.

    Raises Occupied.
    """
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        found = PhotoImport.objects.for_user(user).first()
        if found is not None and found.state in NEEDS_WORK:
            raise Occupied
        if found is not None and found.state == ImportState.SAVED:
            found.delete()
            found = None
        if found is None:
            return PhotoImport.objects.create(user=user, state=ImportState.OPEN, changed_at=now)
        found.changed_at = now
        found.save(update_fields=["changed_at"])
        return found


def receive(
    user: User, upload: "UploadedFile[Any]", *, path: str = "", piece: Piece | None = None
) -> PhotoImportFile:
    """Keep one file that was sent, or a piece of it, for a worker to open. Raises InvalidPhoto, Occupied.

    `path` is its name with the folders in which it lay, where those are known.
    """
    if not upload.size:
        raise InvalidPhoto(PhotoProblem.EMPTY)
    found = begin(user, clock.now())
    row = PhotoImportFile(
        photo_import=found,
        name=short_name(path or upload.name or ""),
        state=ImportedFileState.UPLOADED,
        size_bytes=upload.size,
    )
    if piece is not None:
        _make_piece(row, piece)
    if found.files.count() >= IMPORT_FILES:
        raise InvalidPhoto(PhotoProblem.TOO_MANY_FILES)
    # The last piece may be a small one.
    coming = upload.size * (max(1, piece.parts - piece.part - 1) if piece else 1)
    if found.files.waiting().size() + coming > IMPORT_BYTES:
        raise InvalidPhoto(PhotoProblem.NO_ROOM)
    store(row, upload)
    if piece is not None:
        _join(found, piece)
    return row


def _make_piece(row: PhotoImportFile, piece: Piece) -> None:
    """Mark a row as a piece; what came of an earlier try with this file is deleted."""
    if not 0 <= piece.part < piece.parts <= MOST_PARTS:
        raise InvalidPhoto(PhotoProblem.INCOMPLETE)
    row.state, row.upload, row.part, row.parts = (
        ImportedFileState.PIECE,
        piece.upload,
        piece.part,
        piece.parts,
    )
    former = row.photo_import.files.unfinished_of_name(row.name)
    for old in [
        *former.exclude(upload=piece.upload),
        *former.of_upload(piece.upload).filter(part=piece.part),
    ]:
        old.delete()


def _join(found: PhotoImport, piece: Piece) -> None:
    """Let a worker open a file whose pieces are all there."""
    pieces = found.files.of_upload(piece.upload)
    if [one.part for one in pieces] == list(range(piece.parts)):
        pieces.filter(part=0).update(state=ImportedFileState.UPLOADED)


def store(row: PhotoImportFile, content: "File[Any]") -> None:
    """Write a file and its row."""
    # A name that no lost file had: no row may come to lead to another merchant's picture.
    row.file.save(uuid4().hex, content, save=False)
    try:
        row.save()
    except BaseException:
        # No row will ever lead to this file.
        row.file.storage.delete(row.file.name or "")
        raise


def refuse(user: User, name: str, problem: PhotoProblem) -> None:
    """Note a file that was not taken, so that the page says so. Raises Occupied."""
    found = begin(user, clock.now())
    name = short_name(name)
    for piece in found.files.unfinished_of_name(name):
        piece.delete()
    is_new = not found.files.refused_as(name, problem).exists()
    if is_new and found.files.count() < MOST_ROWS:
        found.files.create(name=name, state=ImportedFileState.REFUSED, problem=problem, is_matched=True)


def lock(found: PhotoImport) -> None:
    """Let nobody throw an import away before this transaction ends. Raises PhotoImport.DoesNotExist."""
    PhotoImport.objects.select_for_update().get(pk=found.pk)


def short_name(name: str) -> str:
    """Return the end of a file's name, which says more than its folders, without what no page shows."""
    return "".join(letter for letter in name if letter.isprintable())[-LONGEST_NAME:] or "?"


def prune(now: datetime) -> int:
    """Delete imports that nobody has touched for a day, with their files; return how many."""
    old = list(PhotoImport.objects.unchanged_since(now - KEEP).unattended(now)[:1000])
    for one in old:
        one.delete()
    return len(old)
