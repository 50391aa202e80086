"""How busy VK's requests a second are while a first sync makes its items, at a VK that takes its time.

`python -m bench.upload [GOODS]` draws and uploads real pictures; the stand-in, a process of its own, answers
as late as VK may: all of LATENCIES are measured up to A_FEW goods, the first of them beyond. Of a few goods
the share is judged while items are made: their first pictures and their albums are too much of the whole.
Seconds pass for real, so a loaded machine shows a smaller share than a quiet one. Memory is that of a
worker: SQLite is a file, and `MALLOC_ARENA_MAX=2`, as in the image, has to be set for it.
"""

import sys
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path

from bench.refresh import throw_away_database
from bench.standins import Seconds, StandIns
from bench.table import NO_BUDGET, Row, at_most, measured_apart, printed, write_rows

GOODS, A_FEW = 600, 1_000
# So many are measured in `make bench`, beside what else waits there.
GOODS_OF_BENCH = 300
PER_SECOND = 3
LATENCIES = (
    Seconds(upload=0.8, method=0.15, script=0.5),
    Seconds(upload=0.8, method=0.3, script=1.0),
    Seconds(upload=1.5, method=0.6, script=1.5),
    Seconds(upload=1.5, method=1.0, script=2.0),
)
# Our own pace uses 97 %: it stays three hundredths below VK's, since requests may arrive closer together.
LEAST_SHARE = 0.95
# Scripts go one after the other: beyond this they take longer than VK allows the six requests of 25 goods.
LONGEST_SCRIPT = 1.6
GOODS_A_SCRIPT = 25
MOST_MEGABYTES = 300
FIRST = "market.getProductPhotoUploadServer"


@dataclass(frozen=True, slots=True)
class Upload:
    """A first sync. `times` are the seconds at which VK got its requests, from the first picture on.

    Those from `first` to `last` are of the time when items are made: without first pictures and albums.
    """

    times: Sequence[float]
    first: int
    last: int
    processor: float
    megabytes: float
    megabytes_after: float

    @property
    def span(self) -> float:
        """The seconds from the first request to the last."""
        return self.times[-1] - self.times[0]

    @property
    def share(self) -> float:
        """Which part of VK's requests a second was used."""
        return _share(self.times)

    @property
    def share_while_made(self) -> float:
        """Which part of them was used while items were made."""
        return _share(self.times[self.first : self.last + 1])

    @property
    def too_close(self) -> int:
        """How many requests came within a second of the third one before them: VK refuses those."""
        return sum(late - early < 1 for early, late in zip(self.times, self.times[PER_SECOND:], strict=False))


def _share(times: Sequence[float]) -> float:
    return (len(times) - 1) / PER_SECOND / (times[-1] - times[0])


def rows_of() -> list[Row]:
    """Measure some goods in a process of its own; return the table's rows."""
    return measured_apart("upload", "bench.upload", str(GOODS_OF_BENCH))


def measure(goods: int) -> tuple[list[str], list[Row]]:
    """Print the share of VK's requests a second that the creation of items uses.

    Return what is broken, and the rows for the table of `make bench`, which judges no share of a second.
    """
    from django.conf import settings

    settings.VK_REQUESTS_PER_SECOND = PER_SECOND
    found: list[str] = []
    rows: list[Row] = []
    with StandIns() as standins:
        settings.EVOTOR_API_URL, settings.VK_API_URL = standins.evotor_url, standins.vk_url
        for seconds in LATENCIES if goods <= A_FEW else LATENCIES[:1]:
            upload = _first_sync(standins, goods, seconds)
            if isinstance(upload, str):
                found.append(upload)
                rows.append(Row("upload", upload, f"= {goods}", "see above", holds=False))
                continue
            found += _judged(upload, goods, seconds)
            rows += rows_of_upload(upload, goods, seconds)
    return found, rows


def rows_of_upload(upload: Upload, goods: int, seconds: Seconds) -> list[Row]:
    """Return the table's rows of a first sync of so many goods at a VK that takes so long."""
    what = f"first sync of {goods:,}, a script takes {seconds.script} s"
    share, budget = f"{upload.share_while_made:.1%}", f"≥ {LEAST_SHARE:.0%}"
    return [
        printed(
            "upload",
            f"{what}: VK's three requests a second that are used while items are made",
            share,
            budget if seconds.script <= LONGEST_SCRIPT else NO_BUDGET,
        ),
        at_most("upload", f"{what}: memory, pictures drawn", round(upload.megabytes), MOST_MEGABYTES, " MB"),
    ]


def _judged(upload: Upload, goods: int, seconds: Seconds) -> list[str]:
    """Print an upload; return what of it is broken."""
    named = f"an upload takes {seconds.upload} s, a method {seconds.method} s, a script {seconds.script} s"
    sys.stdout.write(
        f"first sync of {goods} where {named}: {len(upload.times)} requests in {upload.span:.1f} s from the "
        f"first picture on, {upload.share:.1%} of {PER_SECOND} a second, {upload.share_while_made:.1%} while "
        f"items were made; {upload.too_close} came too close together; "
        f"{upload.processor:.0f} s of a processor, {upload.megabytes:.0f} MB above the start, "
        f"{upload.megabytes_after:.0f} MB when it was over\n"
    )
    sys.stdout.flush()
    share = upload.share_while_made if goods <= A_FEW else upload.share
    found = []
    if share < LEAST_SHARE and seconds.script <= LONGEST_SCRIPT:
        found.append(f"VK's requests a second are {share:.1%} used where {named}")
    if upload.megabytes > MOST_MEGABYTES:
        found.append(f"a first sync of {goods} takes {upload.megabytes:.0f} MB")
    return found


def _first_sync(standins: StandIns, goods: int, seconds: Seconds) -> "Upload | str":
    from django.utils import timezone

    from accounts.models import User
    from connections.evotor.connect import connect_evotor
    from connections.vk.connect import connect_vk
    from syncing.jobs.lifecycle import request_sync
    from syncing.jobs.runner import run_to_end
    from syncing.models import SyncJob

    shop = standins.make_shop(goods)
    user = User.objects.create_user(f"upload-{shop.group_id}@example.com")
    connect_evotor(user, token=shop.evotor_token, now=timezone.now())
    connect_vk(user, token=shop.vk_token, group=shop.group_id, now=timezone.now())
    # To connect a community asks where pictures are sent, too, and is no part of the run.
    standins.answer_late(seconds)
    before, began = _megabytes(), time.process_time()
    job = run_to_end(request_sync(user, trigger=SyncJob.Trigger.COMMAND))
    processor, megabytes, after = time.process_time() - began, _most_megabytes(), _megabytes()
    user.delete()
    if job.items_created != goods:
        return f"a first sync of {goods} made {job.items_created}: {job.error_code} {job.error_detail}"
    calls = standins.arrivals()
    making = calls[[name for name, _ in calls].index(FIRST) :]
    scripts = [number for number, (name, _) in enumerate(making) if name == "execute"]
    first, last = scripts[0], scripts[ceil(goods / GOODS_A_SCRIPT) - 1]
    times = [at for _, at in making]
    return Upload(times, first, last, processor, megabytes - before, after - before)


def _megabytes() -> float:
    """Return what the process holds now, and count the most from here on."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    return _status("VmRSS")


def _most_megabytes() -> float:
    # `getrusage` would tell the most of the process that has started this one, too.
    return _status("VmHWM")


def _status(name: str) -> float:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return int(next(line for line in lines if line.startswith(name)).split()[1]) / 1e3


def main(arguments: Sequence[str]) -> int:
    """Measure on a database of its own; return 1 where something is broken."""
    parser = ArgumentParser(prog="bench.upload", description=__doc__)
    parser.add_argument("goods", nargs="?", type=int, default=GOODS)
    parser.add_argument("--write", type=Path, help="rows of `make bench`")
    given = parser.parse_args(arguments)
    with (
        tempfile.TemporaryDirectory() as folder,
        throw_away_database(in_file=Path(folder) / "upload.sqlite3"),
    ):
        found, rows = measure(given.goods)
    write_rows(rows, given.write)
    for line in found:
        sys.stdout.write(f"BROKEN: {line}\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
