"""Which owner of a job counts as dead: only then may another process take the job over."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from model_bakery import baker

from accounts.models import User
from syncing.jobs import lifecycle
from syncing.jobs.lifecycle import claim
from syncing.models import SyncJob

pytestmark = pytest.mark.django_db
HOST = socket.gethostname()[:12]


@pytest.fixture
def child() -> Iterator[subprocess.Popen[bytes]]:
    """A process that lives until its input ends."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        yield process
        process.kill()


def job_of(pid: int, *, host: str = HOST) -> SyncJob:
    """Make a running job whose owner gave a sign of life just now."""
    user = baker.make(User, email=f"owner-{pid}@example.com")
    job: SyncJob = baker.make(
        SyncJob,
        user=user,
        active_key=user.pk,
        status=SyncJob.Status.RUNNING,
        lease=f"{host}:{pid}:abc",
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
