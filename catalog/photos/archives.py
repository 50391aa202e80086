"""Reads photos out of a ZIP archive in bounded memory and time.

Each file is one entry; one that cannot be read says why, and the others go on. Nothing is unpacked to the
disk. No Django here.
"""

import re
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO

from catalog.choices import PhotoProblem
from catalog.photos.errors import InvalidPhoto
from catalog.photos.limits import (
    DIRECTORY_BYTES,
    MAX_UPLOAD_BYTES,
    PACKED_RATIO,
    RATIO_FROM_BYTES,
    UNPACKED_BYTES,
)

ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06")
OTHER_STARTS = (b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00")
START_BYTES = 8
PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
IS_LOCKED, IS_UTF8 = 0x1, 0x800
# Info-ZIP's field with the name in UTF-8 and the checksum of the other one.
UNICODE_NAME, UNICODE_HEADER = 0x7075, struct.Struct("<BI")
FIELD_HEADER = struct.Struct("<HH")
DRIVE = re.compile(r"[A-Za-z]:")
# What systems put beside the files.
HIDDEN_FOLDERS = {"__macosx", "@eadir"}
HIDDEN_FILES = {"thumbs.db", "desktop.ini", "ehthumbs.db"}


def is_zip(start: bytes) -> bool:
    """Return True if a file that begins so is a ZIP archive."""
    return start.startswith(ZIP_STARTS)


def is_other_archive(start: bytes) -> bool:
    """Return True if a file that begins so is an archive that we do not open."""
    return start.startswith(OTHER_STARTS)


class PhotoArchive:
    """The files of a ZIP archive, in its order. Raises InvalidPhoto where it cannot be opened."""

    def __init__(self, file: IO[bytes]) -> None:
        guarded = _Guarded(file)
        try:
            self._zip = zipfile.ZipFile(guarded)
        except _TooLongList:
            raise InvalidPhoto(PhotoProblem.TOO_MANY_FILES) from None
        except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError, struct.error, EOFError):
            raise InvalidPhoto(PhotoProblem.BROKEN_ARCHIVE) from None
        guarded.is_open = True
        self._entries = [(_name(info), info) for info in self._zip.infolist() if not info.is_dir()]
        self._entries = [(name, info) for name, info in self._entries if not _is_hidden(name)]

    def __len__(self) -> int:
        """Return how many files there are, without what systems put beside them."""
        return len(self._entries)

    def names_from(self, start: int) -> Iterator[tuple[int, str]]:
        """Yield (number, name with its folders) of the files from this one on."""
        for number in range(start, len(self._entries)):
            yield number, self._entries[number][0]

    def read(self, number: int) -> bytes:
        """Return a file's bytes. Raises InvalidPhoto."""
        name, info = self._entries[number]
        _check(name, info)
        if sum(entry.file_size for _name, entry in self._entries[: number + 1]) > UNPACKED_BYTES:
            raise InvalidPhoto(PhotoProblem.BOMB)
        try:
            with self._zip.open(info) as file:
                data = file.read(MAX_UPLOAD_BYTES + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, struct.error):
            raise InvalidPhoto(PhotoProblem.BROKEN) from None
        except (RuntimeError, NotImplementedError):
            raise InvalidPhoto(PhotoProblem.UNPACKABLE) from None
        if len(data) > MAX_UPLOAD_BYTES:
            raise InvalidPhoto(PhotoProblem.TOO_BIG)
        if is_zip(data[:START_BYTES]) or is_other_archive(data[:START_BYTES]):
            raise InvalidPhoto(PhotoProblem.NESTED)
        return data


def _check(name: str, info: zipfile.ZipInfo) -> None:
    """Refuse a file by what the archive says of it, before anything of it is read."""
    if DRIVE.match(name) or name.startswith("/") or ".." in name.split("/"):
        raise InvalidPhoto(PhotoProblem.BAD_NAME)
    if info.flag_bits & IS_LOCKED:
        raise InvalidPhoto(PhotoProblem.LOCKED)
    if info.compress_type not in PACKINGS:
        raise InvalidPhoto(PhotoProblem.UNPACKABLE)
    if info.file_size > RATIO_FROM_BYTES and info.file_size > PACKED_RATIO * info.compress_size:
        raise InvalidPhoto(PhotoProblem.BOMB)
    if info.file_size > MAX_UPLOAD_BYTES:
        raise InvalidPhoto(PhotoProblem.TOO_BIG)
    if name.lower().endswith((".zip", ".rar", ".7z")):
        raise InvalidPhoto(PhotoProblem.NESTED)


class _TooLongList(Exception):
    """The archive's own list of its files is longer than we read."""


class _Guarded:
    """A file of which no large piece is read before the archive is open: its list would be taken whole."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.is_open = False

    def read(self, size: int = -1) -> bytes:
        if not self.is_open and size > DIRECTORY_BYTES:
            raise _TooLongList
        return self._file.read(size)

    def seek(self, place: int, whence: int = 0) -> int:
        return self._file.seek(place, whence)

    def tell(self) -> int:
        return self._file.tell()

    def seekable(self) -> bool:
        return True

    def close(self) -> None:
        """Leave the file open: it is its opener's."""


def _name(info: zipfile.ZipInfo) -> str:
    """Return an entry's name with slashes between its folders, its letters composed."""
    name = unicodedata.normalize("NFC", _decoded(info)).replace("\\", "/")
    return "".join(letter for letter in name if letter.isprintable()).removeprefix("./")


def _decoded(info: zipfile.ZipInfo) -> str:
    """Return the name in the letters in which it was packed.

    An entry that does not say UTF-8 was read as code page 437. Its bytes are UTF-8 all the same where macOS
    has packed it, else those of a Russian Windows.
    """
    if info.flag_bits & IS_UTF8:
        return info.orig_filename
    try:
        raw = info.orig_filename.encode("cp437")
    except UnicodeEncodeError:
        # Python has decoded it itself.
        return info.orig_filename
    if name := _unicode_name(info.extra, raw):
        return name
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp866")


def _unicode_name(extra: bytes, raw: bytes) -> str:
    """Return the name that stands beside the entry in UTF-8, "" where it is missing or of another name."""
    while len(extra) >= FIELD_HEADER.size:
        kind, size = FIELD_HEADER.unpack_from(extra)
        body, extra = extra[4 : 4 + size], extra[4 + size :]
        if kind == UNICODE_NAME and len(body) > UNICODE_HEADER.size:
            version, checksum = UNICODE_HEADER.unpack_from(body)
            if version == 1 and checksum == zlib.crc32(raw):
                return body[UNICODE_HEADER.size :].decode("utf-8", "replace")
    return ""


def _is_hidden(name: str) -> bool:
    *folders, file = name.lower().split("/")
    is_beside = any(folder in HIDDEN_FOLDERS for folder in folders)
    # Two dots are no hidden folder: such a name is refused aloud.
    return is_beside or file in HIDDEN_FILES or (file.startswith(".") and file != "..")
