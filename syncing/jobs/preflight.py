"""Carries out a rehearsal while no run of the merchant can begin, and remembers what it has made in VK."""

from typing import Any

from accounts.models import User
from evosync.common import clock
from syncing.choices import JobPhase
from syncing.core.preflight.findings import Findings
from syncing.jobs import heartbeat
from syncing.jobs.lifecycle import end_hold, hold_account
from syncing.models import SyncJob
from syncing.publishing.vk.preflight.leftovers import Made
from syncing.services.preflight.rehearsal import Options, rehearse


def run_preflight(user: User, *, options: Options) -> Findings:
    """Hold the account, rehearse, and give it back. Raises CannotSync where a run is going on."""
    job = hold_account(user, now=clock.now())
    try:
        with heartbeat.keep_beating(job):
            made = _remembered(user, job)
            findings = rehearse(user, made, options)
            if options.writes and made.is_empty:
                _earlier(user, job).delete()
    finally:
        end_hold(job)
    return findings


def _remembered(user: User, job: SyncJob) -> Made:
    """Return what rehearsals that ended badly have left; each change of it is stored at once."""

    def save(made: Made) -> None:
        left: dict[str, Any] = {"items": made.item_ids, "albums": made.album_ids, "unsure": made.is_unsure}
        requests = {} if made.is_empty else {"preflight": left}
        SyncJob.objects.filter(pk=job.pk).update(requests=requests)

    made = Made(save)
    for earlier in _earlier(user, job):
        left = earlier.requests.get("preflight") or {}
        made.item_ids += left.get("items") or []
        made.album_ids += left.get("albums") or []
    return made


def _earlier(user: User, job: SyncJob) -> Any:
    return SyncJob.objects.for_user(user).finished().filter(phase=JobPhase.PREFLIGHT).exclude(pk=job.pk)
