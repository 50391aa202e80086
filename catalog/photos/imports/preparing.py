"""Opens what was sent, file by file: pictures in the bounded child process, archives entry by entry."""

import hashlib
import io
import time
from functools import partial
from typing import IO

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction

from catalog.choices import ImportedFileState, PhotoProblem
from catalog.models import PhotoImport, PhotoImportFile, ProductPhoto
from catalog.photos.archives import START_BYTES, PhotoArchive, is_other_archive, is_zip
from catalog.photos.errors import InvalidPhoto
from catalog.photos.imports.receiving import lock, short_name, store
from catalog.photos.isolation import normalize_isolated
from catalog.photos.limits import IMPORT_FILES, MAX_UPLOAD_BYTES
from catalog.photos.parts import Parts


def prepare(found: PhotoImport, *, until: float) -> bool:
    """Open what waits, until this moment of the monotonic clock; return True if nothing waits any more.

    Raises InvalidPhoto with BUSY where other photos are being opened just now, and PhotoImport.DoesNotExist
    where the merchant has thrown everything away meanwhile.
    """
    while (row := found.files.uploaded().first()) is not None:
        if time.monotonic() >= until:
            return False
        try:
            with _opened(found, row) as file:
                if not _open_one(found, row, file, until=until):
                    return False
        except InvalidPhoto as error:
            if error.code == PhotoProblem.BUSY:
                raise
            _refuse(row, error.code)
        except FileNotFoundError:
            _refuse(row, PhotoProblem.INCOMPLETE)
        _delete_pieces(found, row)
    return True


def _open_one(found: PhotoImport, row: PhotoImportFile, file: IO[bytes], *, until: float) -> bool:
    """Open one file; return False where it is an archive that is not read to its end. Raises InvalidPhoto."""
    start = file.read(START_BYTES)
    file.seek(0)
    if is_other_archive(start):
        raise InvalidPhoto(PhotoProblem.NOT_ZIP)
    if is_zip(start):
        return _unpack(found, row, file, until=until)
    _keep_picture(row, _normalized(found, file.read(MAX_UPLOAD_BYTES + 1)))
    return True


def _opened(found: PhotoImport, row: PhotoImportFile) -> IO[bytes]:
    """Return a file that was sent, whole, as one that can be read and sought."""
    pieces = found.files.of_upload(row.upload) if row.upload else [row]
    return io.BufferedReader(
        Parts([(partial(one.file.storage.open, one.file.name or "", "rb"), one.size_bytes) for one in pieces])
    )


def _unpack(found: PhotoImport, row: PhotoImportFile, file: IO[bytes], *, until: float) -> bool:
    """Make a picture of each file of an archive; return False where the time was too short for all.

    Raises InvalidPhoto for the archive itself: its files that are pictures already stay.
    """
    archive = PhotoArchive(file)
    if not len(archive):
        raise InvalidPhoto(PhotoProblem.NO_PICTURES)
    for number, name in archive.names_from(row.next_entry):
        if time.monotonic() >= until:
            return False
        # The archive's own row goes when it is read.
        if found.files.count() > IMPORT_FILES:
            raise InvalidPhoto(PhotoProblem.TOO_MANY_FILES)
        _unpack_one(found, row, archive, number, name)
    row.delete()
    return True


def _unpack_one(
    found: PhotoImport, row: PhotoImportFile, archive: PhotoArchive, number: int, name: str
) -> None:
    one = PhotoImportFile(photo_import=found, name=short_name(name))
    try:
        jpeg = _normalized(found, archive.read(number))
    except InvalidPhoto as error:
        if error.code == PhotoProblem.BUSY:
            raise
        one.state, one.problem, one.is_matched = ImportedFileState.REFUSED, error.code, True
        jpeg = None
    with transaction.atomic():
        lock(found)
        if jpeg is None:
            one.save()
        else:
            _make_ready(one, jpeg)
        row.next_entry = number + 1
        row.save(update_fields=["next_entry"])


def _normalized(found: PhotoImport, data: bytes) -> bytes:
    """Return a picture for VK. Raises InvalidPhoto, before it is opened where there is no room for it."""
    own, own_bytes = ProductPhoto.objects.for_user(found.user_id).usage()
    pictures = found.files.pictures()
    if own + pictures.count() >= settings.PHOTOS_PER_MERCHANT:
        raise InvalidPhoto(PhotoProblem.TOO_MANY)
    if own_bytes + pictures.size() >= settings.PHOTO_BYTES_PER_MERCHANT:
        raise InvalidPhoto(PhotoProblem.TOO_MANY)
    return normalize_isolated(data)


def _make_ready(row: PhotoImportFile, jpeg: bytes) -> None:
    row.state, row.size_bytes = ImportedFileState.READY, len(jpeg)
    row.content_hash = hashlib.sha256(jpeg).hexdigest()
    store(row, ContentFile(jpeg))


def _keep_picture(row: PhotoImportFile, jpeg: bytes) -> None:
    """Let a picture take the place of the file that it was made of."""
    sent, storage = row.file.name or "", row.file.storage
    with transaction.atomic():
        lock(row.photo_import)
        _make_ready(row, jpeg)
        transaction.on_commit(partial(storage.delete, sent), robust=True)


def _refuse(row: PhotoImportFile, problem: PhotoProblem) -> None:
    """Keep why a file is no picture, and not the file."""
    sent, storage = row.file.name or "", row.file.storage
    row.state, row.problem, row.is_matched = ImportedFileState.REFUSED, problem, True
    row.file, row.size_bytes = "", 0
    with transaction.atomic():
        lock(row.photo_import)
        row.save()
        transaction.on_commit(partial(storage.delete, sent), robust=True)


def _delete_pieces(found: PhotoImport, row: PhotoImportFile) -> None:
    """Delete the other pieces of a file that was opened."""
    if row.upload:
        for piece in found.files.of_upload(row.upload).in_state(ImportedFileState.PIECE):
            piece.delete()
