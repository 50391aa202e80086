"""Approve or reject a held plan. Only the listed actions are executed."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from evosync.common import clock
from evosync.common.kept_statements import rows_of
from syncing import queue
from syncing.choices import WRITING_PHASES, JobCode
from syncing.core.choices import ActionKind, QuestionCode
from syncing.core.planner import renames_the_same
from syncing.core.records import Action, ProductKey, SyncResult
from syncing.core.safety import ABOUT_GAPS, RAISED_BY_PARTS, SafetyCheck
from syncing.jobs import lifecycle
from syncing.models import SyncJob, SyncJobItem
from syncing.publishing.job_items import planned_changes, writes_the_same
from syncing.publishing.journal import Journal
from syncing.services.errors import CannotSync
from syncing.services.planning import Planned

Status, Decision, Trigger = SyncJob.Status, SyncJob.Decision, SyncJob.Trigger

Seen = Mapping[tuple[ProductKey, str], Mapping[str, Any]]


def hold_plan(job: SyncJob, plan: SyncResult, *, vk_group_id: int) -> None:
    """Write down every action of a held plan, and close older held plans."""
    Journal(job, vk_group_id, clock.now).start(plan, phase=job.phase)
    supersede_held(job.user, by=job)


def approve_job(job: SyncJob, *, by: User) -> SyncJob:
    """Ask for a run that carries out exactly the plan that `job` stopped at.

    Where a newer run has stopped at the same plan, that one is approved. A plan that is older than a
    day is refused, and a new run is asked for; if till or VK have changed since, the run asks again.
    """
    job = _same_question(job)
    if job.is_expired:
        lifecycle.request_sync(job.user, trigger=Trigger.MANUAL)
        raise CannotSync(
            JobCode.PLAN_EXPIRED,
            _(
                "This plan is more than a day old, so it was not carried out and VK was not changed. A new "
                "run looks at till and VK now; where it is in doubt, it asks again."
            ),
        )
    now = clock.now()
    with transaction.atomic():
        taken = SyncJob.objects.awaiting_approval().filter(pk=job.pk)
        if not taken.update(
            status=Status.CANCELLED, decision=Decision.APPROVED, approved_by=by, approved_at=now
        ):
            raise _not_asking(job)
        new, created = lifecycle.get_or_create_active(job.user, Trigger.MANUAL)
        if not created and new.status == Status.RUNNING:
            raise CannotSync(JobCode.RUNNING, _("A run is going on. Approve again when it has ended."))
        new.approved_plan, new.approved_by, new.approved_at, new.approves = job.plan_hash, by, now, job
        new.save(update_fields=["approved_plan", "approved_by", "approved_at", "approves"])
        transaction.on_commit(partial(queue.enqueue, job.user_id))
    return new


def _same_question(job: SyncJob) -> SyncJob:
    """Return the job itself, or the newer one that asks about the same plan. Raises CannotSync."""
    if job.status == Status.NEEDS_APPROVAL:
        return job
    asking = SyncJob.objects.awaiting_approval().for_user(job.user).newest().first()
    if asking is None or job.decision != Decision.REPLACED or asking.plan_hash != job.plan_hash:
        raise _not_asking(job)
    return asking


def _not_asking(job: SyncJob) -> CannotSync:
    """Return what somebody hears whose answer comes too late: what was decided, and what they can do."""
    match SyncJob.objects.filter(pk=job.pk).values_list("decision", flat=True).first():
        case Decision.APPROVED:
            text = _(
                "This plan was approved already. Nothing more was done; the newest run shows how it goes."
            )
        case Decision.REJECTED:
            text = _("This plan was dropped already. Nothing was changed; the next run looks again.")
        case Decision.REPLACED:
            text = _(
                "A newer run has looked again since. Nothing was changed; its plan is the one to decide."
            )
        case _:
            text = _("This run does not wait for an answer any more.")
    return CannotSync(JobCode.NOT_ASKING, text)


def reject_job(job: SyncJob, *, by: User) -> None:
    """Drop a stopped plan; nothing was changed and nothing will be until the next run asks again.

    Where a newer run has stopped at the same plan, that one is dropped. Raises CannotSync where the plan
    is decided already.
    """
    asking = _same_question(job)
    dropped = (
        SyncJob.objects.awaiting_approval()
        .filter(pk=asking.pk)
        .update(status=Status.CANCELLED, decision=Decision.REJECTED, approved_by=by, approved_at=clock.now())
    )
    if not dropped:
        raise _not_asking(asking)


def supersede_held(user: User, *, by: SyncJob) -> None:
    """Close older stopped plans: a newer run has looked again. Their lists would only fill the table."""
    ids = [pk for (pk,) in rows_of(_older_held, user.pk, by.pk)]
    if not ids:
        return
    with transaction.atomic():
        replaced = SyncJob.objects.awaiting_approval().filter(pk__in=ids)
        replaced.update(status=Status.CANCELLED, decision=Decision.REPLACED)
        SyncJobItem.objects.of_replaced(ids).delete()


def _older_held(user_id: int, job_id: int) -> QuerySet[Any]:
    return SyncJob.objects.awaiting_approval().filter(user=user_id).exclude(pk=job_id).values_list("pk")


def close_held(user_id: int) -> None:
    """Close stopped plans that are about a till or a community which the merchant has just given up.

    The same goods may be in their next community too, and a yes to this list is none to that one.
    """
    SyncJob.objects.awaiting_approval().filter(user_id=user_id).update(status=Status.CANCELLED)


def permitted_plan(job: SyncJob, planned: Planned, *, approve: bool) -> SyncResult | None:
    """Return what of a plan may be carried out now; None where the merchant must be asked first.

    `approve` passes the safety check for the whole plan.
    """
    if approve or not planned.plan.questions:
        return planned.plan
    if job.approved_plan:
        return approved_subset(job, planned)
    return planned.plan if job.phase in WRITING_PHASES and _may_be_the_rest(planned.plan) else None


def _may_be_the_rest(plan: SyncResult) -> bool:
    """Return True if a plan may be what is left of the one that passed the safety check for the whole run.

    What it asks about besides comes of rules, filters or a till that are others than they were then.
    """
    return all(question.code in RAISED_BY_PARTS for question in plan.questions)


def approved_subset(job: SyncJob, planned: Planned) -> SyncResult | None:
    """Return what of this plan the merchant has seen and approved; None where that is not enough.

    A shop goes on selling while its owner reads. What is not on their list is left to the next run, as
    long as it would raise no question by itself; else the whole plan is held again.
    """
    plan = planned.plan
    answered = _answered(job, plan)
    if any(one.code in ABOUT_GAPS and one.code not in answered for one in plan.questions):
        return None
    if plan.plan_hash == job.approved_plan:
        return plan
    if job.approves is None:
        return None
    seen = _seen(job.approves)
    known = tuple(action for action in plan.actions if _is_seen(action, seen))
    if not known and not answered:
        return None
    keys = {action.key for action in known}
    rest = [action for action in plan.actions if action.key not in keys]
    matches = [match for match in plan.matches if match.key not in keys]
    if SafetyCheck(planned.context).questions(rest, matches, answered=answered):
        return None
    return replace(plan, actions=known)


def _answered(job: SyncJob, plan: SyncResult) -> set[str]:
    """Return the questions that no action raises and that are still as the merchant has answered them."""
    asked = {code: count for code, count, _total in job.approves.questions} if job.approves else {}
    return {
        one.code
        for one in plan.questions
        if one.code in asked
        if (one.code in ABOUT_GAPS and one.count <= asked[one.code])
        or (one.code == QuestionCode.MANY_GROUPS and renames_the_same(plan.plan_hash, job.approved_plan))
    }


def _seen(job: SyncJob) -> Seen:
    rows = SyncJobItem.objects.of_job(job).values_list(
        "store_evotor_id", "product_evotor_id", "action", "changes"
    )
    return {(ProductKey(store, product), action): changes for store, product, action, changes in rows}


def _is_seen(action: Action, seen: Seen) -> bool:
    """Return True if every value that this step writes was on the list; a part of a step was, too."""
    listed = seen.get((action.key, action.kind.value))
    if listed is None:
        return False
    changes = planned_changes(action)
    if action.kind is ActionKind.CREATE and changes.keys() != listed.keys():
        return False
    return all(
        name in listed and writes_the_same(listed[name][1], new) for name, (_old, new) in changes.items()
    )
