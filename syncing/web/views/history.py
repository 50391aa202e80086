"""Runs: the list, one run with its progress and items, and what can be decided about it."""

import csv
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from accounts.access import user_of
from accounts.impersonation import viewable_by_support
from connections.models import VkConnection
from connections.presenters import operator_trouble, vk_login
from evosync.common import clock
from syncing.choices import JobStatus
from syncing.jobs.approval import approve_job, reject_job
from syncing.jobs.lifecycle import stop_job
from syncing.models import SyncJob
from syncing.services.errors import CannotSync
from syncing.services.undo import undoable_items
from syncing.web.forms.history import HistoryPageForm, JobItemsForm
from syncing.web.presenters import history
from syncing.web.presenters.exclusion_reasons import reason_lines
from syncing.web.views.access import job_of


@viewable_by_support
@login_required
@require_safe
def show_list(request: HttpRequest) -> HttpResponse:
    """Show the merchant's runs from the newest."""
    user = user_of(request)
    start = HistoryPageForm(request.GET).start()
    page = history.job_page(user, before=start)
    return render(request, "syncing/history.html", {"page": page, "start": start})


@viewable_by_support
@login_required
@require_safe
def show_job(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one run: its progress or its result, and what it did to each product."""
    job = job_of(request, pk)
    form = JobItemsForm(request.GET)
    connection = VkConnection.objects.for_user(job.user).first()
    context = _progress(job) | {
        "form": form,
        "can_undo": job.is_finished and undoable_items(job).exists(),
        "undone": job.items.undone().count() if job.is_finished else 0,
        "page": history.item_page(job, **form.chosen()),
        "skipped": reason_lines(job.skipped_by_reason),
        "questions": history.questions(job),
        "planned": history.planned_numbers(job) if job.status == JobStatus.NEEDS_APPROVAL else [],
        "held": history.held_prices(job),
        "error": history.job_error(job),
        "shop_id": connection.group_id if connection else None,
        "vk_login": vk_login(connection, job.error_code),
    }
    return render(request, "syncing/job.html", context)


@viewable_by_support
@login_required
@require_safe
def show_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer the poll of a run's page; when the run has ended, the page loads itself again."""
    job = job_of(request, pk)
    if job.is_finished:
        return HttpResponseClientRefresh()
    return render(request, "syncing/_progress.html", _progress(job) | {"is_answer": True})


def _progress(job: SyncJob) -> dict[str, Any]:
    return {
        "job": job,
        "progress": history.progress(job, now=clock.now()),
        "operator_trouble": None if job.is_finished else operator_trouble(),
    }


class _Line:
    """A file for the csv writer that gives each line back instead of keeping it."""

    def write(self, line: str) -> str:
        """Return the line."""
        return line


@login_required
@require_safe
def download(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """Send a run's items as CSV, line by line. The mark in front lets Excel read Cyrillic letters."""
    job = job_of(request, pk)
    writer = csv.writer(_Line(), delimiter=";")

    def lines() -> Iterator[str]:
        yield "\ufeff"
        for row in history.csv_rows(job):
            yield writer.writerow(row)

    headers = {"Content-Disposition": f'attachment; filename="evosync-{job.pk}.csv"'}
    return StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8", headers=headers)


@login_required
@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask a run to end after the request that is under way."""
    job = job_of(request, pk)
    match stop_job(job):
        case JobStatus.RUNNING:
            done = _("The run stops after the request under way. What is done stays done.")
            messages.success(request, done)
        case JobStatus.CANCELLED:
            messages.success(request, _("The run is stopped. What is done stays done."))
        case _:
            messages.info(request, _("This run had already ended."))
    return redirect("syncing:job", pk=job.pk)


@login_required
@require_POST
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Start a run that carries out exactly the plan that was stopped."""
    job = job_of(request, pk)
    try:
        started = approve_job(job, by=user_of(request))
    except CannotSync as error:
        return _refuse(request, job, error)
    return redirect("syncing:job", pk=started.pk)


@login_required
@require_POST
def reject(request: HttpRequest, pk: int) -> HttpResponse:
    """Drop a stopped plan."""
    job = job_of(request, pk)
    try:
        reject_job(job, by=user_of(request))
    except CannotSync as error:
        return _refuse(request, job, error)
    messages.success(
        request,
        _("The plan is dropped and VK was not changed. The next run looks again."),
    )
    return redirect("syncing:job", pk=job.pk)


def _refuse(request: HttpRequest, job: SyncJob, error: CannotSync) -> HttpResponse:
    """Say why nothing was decided, on the page of the run that asks now, if there is one."""
    messages.error(request, error.text)
    asking = SyncJob.objects.awaiting_approval().for_user(job.user).newest().first()
    return redirect("syncing:job", pk=(asking or job).pk)
