"""Which owner of a job counts as dead: only then may another process take the job over."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from model_bakery import baker

from accounts.models import User
from syncing.jobs import leases, lifecycle
from syncing.jobs.lifecycle import claim
from syncing.models import SyncJob

pytestmark = pytest.mark.django_db


@pytest.fixture
def child() -> Iterator[subprocess.Popen[bytes]]:
    """A process that lives until its input ends."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        yield process
        process.kill()


def job_of(pid: int, *, host: str = "") -> SyncJob:
    """Make a running job whose owner gave a sign of life just now."""
    user = baker.make(User, email=f"owner-{pid}@example.com")
    job: SyncJob = baker.make(
        SyncJob,
        user=user,
        active_key=user.pk,
        status=SyncJob.Status.RUNNING,
        lease=f"{host or leases.this_host()}:{pid}:abc",
        heartbeat_at=timezone.now(),
    )
    return job


def is_taken_over(job: SyncJob, *, after: timedelta = timedelta(0)) -> bool:
    return claim(job.user, now=timezone.now() + after) is not None


def test_a_living_owner_keeps_its_job(child: subprocess.Popen[bytes]) -> None:
    assert not is_taken_over(job_of(child.pid))


def test_a_silent_owner_loses_its_job_after_three_minutes(child: subprocess.Popen[bytes]) -> None:
    assert is_taken_over(job_of(child.pid), after=lifecycle.DEAD_AFTER + timedelta(seconds=1))


def test_a_killed_owner_loses_its_job_at_once(child: subprocess.Popen[bytes]) -> None:
    job = job_of(child.pid)
    child.kill()
    child.wait()
    assert is_taken_over(job)


def test_a_killed_owner_that_nobody_collected_loses_its_job_too(child: subprocess.Popen[bytes]) -> None:
    job = job_of(child.pid)
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    os.kill(child.pid, 0)  # The number is still taken.
    assert is_taken_over(job)


def test_the_process_id_of_another_host_is_not_looked_up_here(child: subprocess.Popen[bytes]) -> None:
    child.kill()
    child.wait()
    assert not is_taken_over(job_of(child.pid, host="elsewhere"))


def start_of(folder: Path, name: str) -> Path:
    """Return a file as the system has it, with the id of a host's start."""
    file = folder / "boot_id"
    file.write_text(name, encoding="ascii")
    return file


def link_of(folder: Path, name: str) -> Path:
    """Return a link as the system has it, to how a container's processes are numbered."""
    link = folder / "pid"
    link.symlink_to(name)
    return link


@pytest.mark.parametrize("apart", ["the end of its name", "its start", "its numbering of processes"])
@pytest.mark.parametrize("is_gone_here", [True, False])
def test_another_host_keeps_its_job_though_its_name_and_process_id_are_like_ours(
    apart: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_gone_here: bool
) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: "evosync-worker-1")
    pid = 2**22 + 1 if is_gone_here else os.getpid()
    job = job_of(pid)
    match apart:
        case "the end of its name":
            monkeypatch.setattr(socket, "gethostname", lambda: "evosync-worker-2")
        case "its start":
            monkeypatch.setattr(leases, "BOOT", start_of(tmp_path, "another"))
        case _:
            monkeypatch.setattr(leases, "PROCESS_NUMBERS", link_of(tmp_path, "pid:[1]"))
    leases._digest.cache_clear()
    assert not is_taken_over(job)
    monkeypatch.undo()
    leases._digest.cache_clear()


def test_a_lease_fits_its_column_whatever_the_host_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: "х" * 64)
    monkeypatch.setattr(os, "getpid", lambda: 2**22)
    assert len(leases.new_lease()) <= leases.LONGEST
    assert leases.new_lease() != leases.new_lease()
