"""Photos in a ZIP: names of every system, bounds, and what is wrong with one file harms no other."""

import contextlib
import io
import struct
import unicodedata
import zipfile
import zlib
from typing import Any

import pytest

from catalog.choices import PhotoProblem
from catalog.photos.archives import PhotoArchive, is_other_archive, is_zip
from catalog.photos.errors import InvalidPhoto
from catalog.photos.limits import DIRECTORY_BYTES, MAX_UPLOAD_BYTES, UNPACKED_BYTES

PICTURE = b"\xff\xd8\xff\xe0 a picture"


class Info(zipfile.ZipInfo):
    """An entry whose name stands in the archive as the bytes that another system writes."""

    raw, marks = b"", 0

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802 - zipfile's own name
        return self.raw, self.flag_bits | self.marks


class CountedBytes(io.BytesIO):
    """A file that counts the bytes that are read of it."""

    count = 0

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        self.count += len(data)
        return data


def packed(*names: "str | Info", data: bytes = PICTURE, **more: Any) -> io.BytesIO:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", **more) as archive:
        for name in names:
            archive.writestr(name, data)
    return file


def entry(raw: bytes, *, marks: int = 0, extra: bytes = b"") -> Info:
    info = Info("x.jpg")
    info.raw, info.marks, info.extra = raw, marks, extra
    return info


def names_in(file: io.BytesIO) -> list[str]:
    return [name for _number, name in PhotoArchive(file).names_from(0)]


def refusal(file: io.BytesIO, number: int = 0) -> PhotoProblem:
    with pytest.raises(InvalidPhoto) as caught:
        PhotoArchive(file).read(number)
    return caught.value.code


def patched(file: io.BytesIO, old: bytes, new: bytes) -> io.BytesIO:
    """Return the archive with other bytes in it, as a broken or a hostile packer writes them."""
    assert old in file.getvalue()
    return io.BytesIO(file.getvalue().replace(old, new))


@pytest.mark.parametrize(
    "made",
    [
        entry("Молочка/сыр 1.jpg".encode("cp866")),
        entry("Молочка\\сыр 1.jpg".encode("cp866")),
        entry("Молочка/сыр 1.jpg".encode()),
        entry("Молочка/сыр 1.jpg".encode(), marks=0x800),
        entry("./Молочка/сыр 1.jpg".encode(), marks=0x800),
    ],
    ids=["Windows", "backslashes", "macOS", "marked as UTF-8", "from here"],
)
def test_cyrillic_names_of_every_system_are_read(made: Info) -> None:
    assert names_in(packed(made)) == ["Молочка/сыр 1.jpg"]


def test_letters_that_macos_writes_in_two_parts_are_one() -> None:
    name = unicodedata.normalize("NFD", "Йогурт ёж.jpg")
    assert names_in(packed(entry(name.encode(), marks=0x800))) == ["Йогурт ёж.jpg"]


def test_a_name_beside_the_entry_counts_where_it_is_of_this_one() -> None:
    raw, name = "сыр.jpg".encode("cp866"), "Сыр “Брест”.jpg".encode()
    for checksum, read in ((zlib.crc32(raw), "Сыр “Брест”.jpg"), (7, "сыр.jpg")):
        field = struct.pack("<BI", 1, checksum) + name
        extra = struct.pack("<HH", 0x7075, len(field)) + field
        assert names_in(packed(entry(raw, extra=extra))) == [read]


def test_what_systems_put_beside_the_photos_is_passed_over() -> None:
    file = packed("__MACOSX/._a.jpg", "._a.jpg", "Thumbs.db", "b/.DS_Store", "b/", "desktop.ini", "b/A.JPG")
    assert names_in(file) == ["b/A.JPG"]
    assert PhotoArchive(file).read(0) == PICTURE


@pytest.mark.parametrize("name", ["../../etc/passwd.jpg", "a/../../b.jpg", "/root/a.jpg", "C:\\a.jpg"])
def test_a_name_that_leads_out_is_refused_and_the_others_stay(name: str) -> None:
    file = packed(name, "b.jpg")
    assert refusal(file) == PhotoProblem.BAD_NAME
    assert PhotoArchive(file).read(1) == PICTURE


def test_a_locked_file_is_refused() -> None:
    file = packed("a.jpg")
    data = bytearray(file.getvalue())
    for start, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(start) + place] |= 1
    assert refusal(io.BytesIO(bytes(data))) == PhotoProblem.LOCKED


@pytest.mark.parametrize("packing", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_ways_of_packing_are_refused_unread(packing: int) -> None:
    assert refusal(packed("a.jpg", compression=packing)) == PhotoProblem.UNPACKABLE


@pytest.mark.parametrize(
    "inner",
    [packed("a.jpg").getvalue(), b"Rar!\x1a\x07\x00 more", b"7z\xbc\xaf\x27\x1c more", b"\x1f\x8b\x08 more"],
)
def test_an_archive_within_is_refused_by_its_bytes(inner: bytes) -> None:
    assert refusal(packed("a.jpg", data=inner)) == PhotoProblem.NESTED
    assert is_zip(inner) != is_other_archive(inner)


def test_an_archive_within_is_refused_by_its_name() -> None:
    assert refusal(packed("More.ZIP")) == PhotoProblem.NESTED


def test_a_file_that_unpacks_to_far_more_is_refused_unread() -> None:
    file = packed("a.bmp", data=b"\0" * (20 * 1024 * 1024), compression=zipfile.ZIP_DEFLATED)
    assert len(file.getvalue()) < 100_000
    assert refusal(file) == PhotoProblem.BOMB


def test_a_file_that_lies_about_its_size_gives_no_more_than_it_says() -> None:
    file = packed("a.bmp", data=b"\0" * 50_000_000, compression=zipfile.ZIP_DEFLATED)
    small = patched(file, struct.pack("<I", 50_000_000), struct.pack("<I", 1000))
    assert refusal(small) == PhotoProblem.BROKEN


def test_a_photo_above_the_bound_is_refused() -> None:
    assert refusal(packed("a.jpg", data=b"\1" * (MAX_UPLOAD_BYTES + 1))) == PhotoProblem.TOO_BIG


def test_all_files_together_unpack_to_no_more_than_the_bound() -> None:
    file = packed(*(f"{number}.jpg" for number in range(80)))
    archive = PhotoArchive(file)
    for _name, info in archive._entries:
        # As an archive whose entries all point to the same bytes has it.
        info.file_size = info.compress_size = MAX_UPLOAD_BYTES
    with pytest.raises(InvalidPhoto) as caught:
        archive.read(UNPACKED_BYTES // MAX_UPLOAD_BYTES + 1)
    assert caught.value.code == PhotoProblem.BOMB


def test_a_damaged_file_is_refused_and_the_others_stay() -> None:
    file = packed("a.jpg", "b.jpg")
    data = bytearray(file.getvalue())
    data[data.index(PICTURE)] ^= 0xFF
    damaged = io.BytesIO(bytes(data))
    assert refusal(damaged) == PhotoProblem.BROKEN
    assert PhotoArchive(damaged).read(1) == PICTURE


@pytest.mark.parametrize("cut", [1, 30, 60, 100])
def test_a_broken_archive_is_refused(cut: int) -> None:
    whole = packed("a.jpg", "b.jpg").getvalue()
    with pytest.raises(InvalidPhoto) as caught:
        PhotoArchive(io.BytesIO(whole[:-cut]))
    assert caught.value.code == PhotoProblem.BROKEN_ARCHIVE


def test_an_archive_with_wrong_bytes_anywhere_is_read_or_refused() -> None:
    whole = packed("a.jpg", entry("сыр.jpg".encode("cp866")), compression=zipfile.ZIP_DEFLATED).getvalue()
    for place in range(len(whole)):
        data = bytearray(whole)
        data[place] ^= 0xFF
        with contextlib.suppress(InvalidPhoto):
            archive = PhotoArchive(io.BytesIO(bytes(data)))
            for number, _name in archive.names_from(0):
                # Another name may come of it, never other bytes.
                assert archive.read(number) == PICTURE


def test_a_list_of_files_without_end_is_not_read() -> None:
    whole = CountedBytes(packed(*(f"{number:0100}.jpg" for number in range(8000)), data=b"").getvalue())
    with pytest.raises(InvalidPhoto) as caught:
        PhotoArchive(whole)
    assert caught.value.code == PhotoProblem.TOO_MANY_FILES
    assert whole.count < DIRECTORY_BYTES / 4
