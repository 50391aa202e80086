"""Whatever is uploaded, it takes little memory and time of the host and ends in a photo or one sentence."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pillow_heif
import pytest
from django.conf import settings
from django.utils import translation
from PIL import Image

from catalog.choices import PhotoProblem
from catalog.photos import isolation
from catalog.photos.errors import InvalidPhoto
from catalog.photos.isolation import normalize_isolated
from catalog.photos.limits import MAX_UPLOAD_BYTES
from catalog.photos.messages import SENTENCES, sentence
from tests.unit.catalog.pictures import (
    encoded,
    gif,
    jpeg_with_scans,
    opened,
    packed_zeros,
    png,
    png_chunk,
    png_of_zeros,
)

# It can write the format; the child reads it by the product's own decoder.
pillow_heif.register_heif_opener()

MOST_MEGABYTES, MOST_SECONDS = 300, 3
# Prints of each file what came of it and the resources of the process that opened it. That is forked for each
# file alone, so that none counts for the next.
MEASURE = """
import json, os, resource, sys
import django
django.setup()
from catalog.photos.errors import InvalidPhoto
from catalog.photos.isolation import normalize_isolated

def measured(path):
    data = open(path, "rb").read()
    try:
        found = f"photo of {len(normalize_isolated(data))}"
    except InvalidPhoto as refusal:
        found = refusal.code
    child = resource.getrusage(resource.RUSAGE_CHILDREN)
    # Of this process's own figure the kernel counts the test's, which it was forked from.
    own = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))
    return [found, max(child.ru_maxrss, own) / 2**10, child.ru_utime + child.ru_stime]

for path in sys.stdin:
    opener = os.fork()
    if not opener:
        try:
            print(json.dumps(measured(path.rstrip())), flush=True)
        finally:
            os._exit(0)
    os.waitpid(opener, 0)
    # A line of its own, so that an opener that failed is no wait without an end.
    print("done", flush=True)
"""
Measure = Callable[[bytes], tuple[str, float, float]]


@pytest.fixture(scope="module")
def measuring() -> Iterator["subprocess.Popen[str]"]:
    """Start the process that opens files as the site does; Django takes longer to start than most files."""
    with subprocess.Popen(
        [sys.executable, "-c", MEASURE],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"},
        cwd=settings.BASE_DIR,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield process


@pytest.fixture
def measured(measuring: "subprocess.Popen[str]", tmp_path: Path) -> Measure:
    """Open a file; return what came of it, the peak in megabytes and processor seconds."""

    def measure(data: bytes) -> tuple[str, float, float]:
        assert measuring.stdin is not None
        assert measuring.stdout is not None
        path = tmp_path / "upload"
        path.write_bytes(data)
        measuring.stdin.write(f"{path}\n")
        measuring.stdin.flush()
        answer = measuring.stdout.readline()
        assert answer not in {"", "done\n"}, "the process that opens files failed; stderr says why"
        assert measuring.stdout.readline() == "done\n"
        found, megabytes, seconds = json.loads(answer)
        return found, megabytes, seconds

    return measure


def _photo(kind: str, size: tuple[int, int], **options: Any) -> bytes:
    grain = Image.effect_noise((size[0] // 8, size[1] // 8), 60).resize(size)
    return encoded(Image.merge("RGB", (grain, grain, grain)), kind, **options)


def _tiff(size: tuple[int, int]) -> bytes:
    return encoded(Image.new("CMYK", size), "TIFF", compression="tiff_adobe_deflate")


HUGE_CHUNK = png_chunk(b"zTXt", b"x\0\0" + b"\0" * 20_000_000)
HOSTILE = {
    "an eighty-byte PNG": lambda: png(1, 79_999_999),
    "a PNG of forty million pixels": lambda: png_of_zeros(8000, 5000),
    "a transparent PNG of forty million pixels": lambda: png_of_zeros(8000, 5000, channels=4),
    "a PNG with twenty megabytes of text": lambda: png(500, 500, HUGE_CHUNK),
    "a PNG with a profile that unpacks to a gigabyte": lambda: png(
        500, 500, png_chunk(b"iCCP", b"x\0\0" + packed_zeros(1000 * 2**20))
    ),
    "a GIF of forty million pixels": lambda: gif(8000, 5000),
    "a GIF of a hundred thousand frames": lambda: gif(6000, 6000, frames=100_000),
    "a JPEG of forty million pixels": lambda: _photo("JPEG", (8000, 5000), quality=50),
    "a progressive JPEG of forty million pixels": lambda: _photo(
        "JPEG", (8000, 5000), quality=50, progressive=True
    ),
    "a progressive JPEG without subsampling": lambda: _photo(
        "JPEG", (8000, 5000), quality=50, progressive=True, subsampling=0
    ),
    "a JPEG of a hundred thousand scans": lambda: jpeg_with_scans(8000, 5000, 100_000),
    "a JPEG with a profile of many megabytes": lambda: _photo(
        "JPEG", (500, 500), icc_profile=b"\0" * 10_000_000
    ),
    "a WebP of fifteen million pixels": lambda: _photo("WEBP", (4000, 3750), quality=50, method=0),
    "a TIFF of forty million pixels": lambda: _tiff((8000, 5000)),
    "an AVIF of a telephone": lambda: _photo("AVIF", (4000, 3000), quality=40, speed=10),
    "a HEIC of a telephone": lambda: _photo(
        "HEIF", (4000, 3000), quality=20, enc_params={"preset": "ultrafast"}
    ),
}


@pytest.mark.slow
@pytest.mark.once
@pytest.mark.skipif(sys.platform != "linux", reason="the limits and figures are Linux's")
@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_that_is_uploaded_takes_the_host(name: str, measured: Measure) -> None:
    data = HOSTILE[name]()
    assert len(data) <= MAX_UPLOAD_BYTES
    found, megabytes, seconds = measured(data)
    assert megabytes <= MOST_MEGABYTES, f"{found}: {megabytes:.0f} MB"
    # The kernel ends the child a moment after its three seconds.
    assert seconds <= MOST_SECONDS + 0.5, f"{found}: {seconds:.1f} s"
    assert found.startswith("photo of ") or found in list(PhotoProblem)
    if "telephone" in name or name == "a JPEG of forty million pixels":
        assert found.startswith("photo of ")


def _child(program: str) -> tuple[str, ...]:
    return (sys.executable, "-c", program)


@pytest.mark.parametrize(
    ("program", "problem"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", PhotoProblem.TOO_COSTLY),
        ("import os, signal; os.kill(os.getpid(), signal.SIGXCPU)", PhotoProblem.TOO_COSTLY),
        ("import time; time.sleep(60)", PhotoProblem.TOO_COSTLY),
        ("raise SystemExit(1)", PhotoProblem.BROKEN),
        ("pass", PhotoProblem.BROKEN),
    ],
    ids=["crash", "processor time", "no end", "error", "no answer"],
)
def test_however_the_child_ends_the_merchant_gets_a_sentence(
    monkeypatch: pytest.MonkeyPatch, program: str, problem: PhotoProblem
) -> None:
    monkeypatch.setattr(isolation, "COMMAND", _child(program))
    monkeypatch.setattr(isolation, "LONGEST_RUN", 0.5)
    with pytest.raises(InvalidPhoto) as refused:
        normalize_isolated(b"a photo")
    assert refused.value.code is problem


def test_the_child_knows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "never tell")
    monkeypatch.setattr(isolation, "COMMAND", _child("import os; print(sorted(os.environ))"))
    assert b"SECRET_KEY" not in normalize_isolated(b"a photo")


def test_photos_that_come_together_are_opened_one_after_the_other(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = f"""
import pathlib, sys, time
mark = pathlib.Path({str(tmp_path)!r}) / "open"
together = mark.exists()
mark.touch()
time.sleep(0.1)
mark.unlink(missing_ok=True)
print(together)
"""
    monkeypatch.setattr(isolation, "COMMAND", _child(program))
    found: list[bytes] = []
    threads = [
        threading.Thread(target=lambda: found.append(normalize_isolated(b"x")))
        for _ in range(isolation.MOST_TOGETHER)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [one.strip() for one in found] == [b"False"] * isolation.MOST_TOGETHER


def test_more_than_one_who_waits_is_asked_to_come_back_at_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    go = tmp_path / "go"
    program = f"""
import pathlib, time
while not pathlib.Path({str(go)!r}).exists():
    time.sleep(0.02)
print("a photo")
"""
    monkeypatch.setattr(isolation, "COMMAND", _child(program))
    found: list[str] = []

    def upload() -> None:
        try:
            found.append(normalize_isolated(b"x").decode().strip())
        except InvalidPhoto as refused:
            found.append(refused.code)

    threads = [threading.Thread(target=upload) for _ in range(6)]
    for thread in threads:
        thread.start()
    end = time.monotonic() + 60
    while len(found) < 4 and time.monotonic() < end:
        time.sleep(0.02)
    # No photo has been opened yet, however slow the machine: these four did not wait.
    go.touch()
    for thread in threads:
        thread.join()
    assert found[:4] == [PhotoProblem.BUSY] * 4
    assert found[4:] == ["a photo"] * isolation.MOST_TOGETHER


def test_who_would_wait_too_long_is_asked_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolation, "LONGEST_WAIT", 0.01)
    with isolation._ONE_AT_A_TIME, pytest.raises(InvalidPhoto) as refused:
        normalize_isolated(b"a photo")
    assert refused.value.code is PhotoProblem.BUSY


def test_a_refusal_of_the_child_keeps_its_reason() -> None:
    for data, problem in (
        (b"", PhotoProblem.EMPTY),
        (b"no photo", PhotoProblem.UNSUPPORTED),
        (encoded(Image.new("RGB", (399, 399))), PhotoProblem.TOO_SMALL),
        (b"\0" * (MAX_UPLOAD_BYTES + 1), PhotoProblem.TOO_BIG),
    ):
        with pytest.raises(InvalidPhoto) as refused:
            normalize_isolated(data)
        assert refused.value.code is problem


def test_a_photo_comes_back_from_the_child() -> None:
    done = opened(normalize_isolated(encoded(Image.new("RGB", (1200, 900), "red"))))
    assert (done.format, done.size) == ("JPEG", (1200, 900))


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_refusal_is_one_clear_message(language: str) -> None:
    with translation.override(language):
        said = {problem: sentence(problem) for problem in PhotoProblem}
    assert set(SENTENCES) == set(PhotoProblem)
    assert len(set(said.values())) == len(said)
    assert all(text.endswith(".") and "%" not in text for text in said.values())
