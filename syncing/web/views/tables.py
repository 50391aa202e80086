"""Goods as a table: downloaded, uploaded, looked at, imported, taken back."""

import logging
from datetime import datetime
from io import BytesIO
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.access import limited, user_of
from accounts.choices import SecurityEventKind
from accounts.security_events import record_event
from evosync.common import clock
from evosync.common.bodies import MEGABYTE, takes_body
from evosync.common.text import whole_number
from syncing.choices import ComputationKind, TableFormat, TableLineKind
from syncing.core.tables.columns import SETTABLE
from syncing.jobs import computations
from syncing.jobs.triggers import on_decision, on_rules_changed
from syncing.services.bulk.records import CannotChange
from syncing.services.tables import exports, imports, taking_back
from syncing.services.tables.limits import MOST_BYTES
from syncing.web.forms.tables import LinesForm, TableFormatForm, TableUploadForm
from syncing.web.presenters.computation_state import computation_state
from syncing.web.presenters.table_downloads import table_downloads
from syncing.web.presenters.tables import done_text, headers, import_page, recent_imports
from syncing.web.presenters.till_state import till_state
from syncing.web.views import computed
from syncing.web.views.access import table_import_of
from syncing.web.views.next_run import say_done

# A file that is a little too big gets the form's own advice.
UPLOAD_BYTES = MOST_BYTES + MEGABYTE
CONTENT_TYPES = {
    TableFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    TableFormat.CSV: "text/csv; charset=utf-8",
}
ARCHIVE_TYPE = "application/zip"
logger = logging.getLogger(__name__)


@vary_on_headers("HX-Request")
@login_required
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Show how goods become a table and come back, and the last imports."""
    if computed.is_waiting(request):
        downloads = table_downloads(user_of(request))
        if downloads.is_waiting and downloads.stamp == request.GET[computed.SINCE]:
            return computed.nothing_new()
        return render(request, "catalog/_table_download.html", {"downloads": downloads})
    return _page(request, TableUploadForm())


def _page(request: HttpRequest, form: TableUploadForm, *, missing: bool = False) -> HttpResponse:
    """Show the page of tables; with `missing` in place of a table that is not kept any more."""
    if missing:
        messages.error(
            request,
            _(
                "Nothing was imported: this table is not kept any more. Another one was uploaded since, or "
                "it was dropped. Upload it again."
            ),
        )
    context = {
        "form": form,
        "downloads": table_downloads(user_of(request)),
        "columns": headers(SETTABLE),
        "imports": recent_imports(user_of(request)),
        "till": till_state(user_of(request)),
    }
    return render(
        request, "catalog/table.html", context, status=404 if missing else 422 if form.is_bound else 200
    )


@takes_body(UPLOAD_BYTES)
@login_required
@require_POST
@limited("table_upload")
def upload(request: HttpRequest) -> HttpResponse:
    """Keep the file and have a worker read it."""
    user = user_of(request)
    form = TableUploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form)
    file = form.cleaned_data["file"]
    table = imports.keep_upload(user, file.name, file)
    computations.ask(user, ComputationKind.TABLE)
    return redirect("catalog:table_import", pk=table.pk)


@login_required
@require_POST
@limited("table_download")
def write(request: HttpRequest) -> HttpResponse:
    """Have a worker write the table of many goods."""
    form = TableFormatForm(request.POST)
    if form.is_valid():
        exports.ask(user_of(request), TableFormat(form.cleaned_data["format"]))
        computations.ask(user_of(request), ComputationKind.EXPORT)
    return redirect(f"{reverse('catalog:table')}#download")


@login_required
@require_safe
@limited("table_download")
def download_csv(request: HttpRequest) -> HttpResponseBase:
    """Answer with the goods as a CSV file that Excel opens as it is."""
    return _download(request, TableFormat.CSV)


@login_required
@require_safe
@limited("table_download")
def download_workbook(request: HttpRequest) -> HttpResponseBase:
    """Answer with the goods as an XLSX workbook."""
    return _download(request, TableFormat.XLSX)


def _download(request: HttpRequest, table_format: TableFormat) -> HttpResponseBase:
    """Answer with the table of a few goods as it is now, with that of many as a worker wrote it last."""
    user = user_of(request)
    if exports.is_written_at_once(user):
        buffer = BytesIO()
        written = exports.write(user, table_format, buffer)
        buffer.seek(0)
        return _file(request, FileResponse(buffer), table_format, clock.now(), is_divided=written.is_divided)
    try:
        kept = exports.open_kept(user, table_format)
    except OSError:
        logger.exception("the table of merchant %d cannot be read", user.pk)
        messages.error(request, _("The file cannot be read just now. Try again in some minutes."))
        return redirect("catalog:table")
    if kept is None:
        messages.info(request, _("So many goods are written to a file first: press the button here."))
        return redirect("catalog:table")
    row, file = kept
    is_divided = exports.is_divided(row)
    return _file(
        request, FileResponse(file), table_format, row.made_at or row.asked_at, is_divided=is_divided
    )


def _file(
    request: HttpRequest,
    response: FileResponse,
    table_format: TableFormat,
    moment: datetime,
    *,
    is_divided: bool,
) -> FileResponse:
    record_event(user_of(request), SecurityEventKind.GOODS_EXPORTED, request=request)
    suffix = f"-{table_format}{exports.ARCHIVE}" if is_divided else f".{table_format}"
    name = f"evosync-{timezone.localdate(moment):%Y-%m-%d}{suffix}"
    response.headers["Content-Type"] = ARCHIVE_TYPE if is_divided else CONTENT_TYPES[table_format]
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


@vary_on_headers("HX-Request")
@login_required
@require_safe
def show_import(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what an uploaded table would change, or has changed; while it is read, wait for that."""
    # Looked at before the table: the worker that ends the reading in between has kept what it read.
    reading = computations.find(user_of(request), ComputationKind.TABLE)
    try:
        table = table_import_of(request, pk)
    except Http404:
        # A window that was left open, or the back button, after another upload.
        return _page(request, TableUploadForm(), missing=True)
    form = LinesForm(request.GET)
    page = import_page(table, form.query())
    if page.is_reading and computed.is_waiting(request) and computed.is_answered(request, reading):
        return computed.nothing_new()
    context: dict[str, Any] = {
        "page": page,
        "table": table,
        "form": form,
        "query": form.query(),
        "state": computation_state(reading, now=clock.now()) if reading and reading.is_asked else None,
        "kinds": [
            (TableLineKind.CHANGED, _("Changes"), page.waiting + page.applied),
            (TableLineKind.BAD, _("Bad lines"), page.bad),
        ],
    }
    is_fragment = computed.is_waiting(request)
    template = "catalog/_table_import.html" if is_fragment else "catalog/table_import.html"
    return render(request, template, context)


@login_required
@require_POST
def carry_out(request: HttpRequest, pk: int) -> HttpResponse:
    """Import what the merchant has seen; with bad lines, only where they said so."""
    user = user_of(request)
    try:
        table = table_import_of(request, pk)
        done = imports.carry_out(table, bad_lines=whole_number(request.POST.get("without", "")) or 0)
    except (Http404, imports.TableGone):
        return _page(request, TableUploadForm(), missing=True)
    except CannotChange as error:
        messages.error(request, str(error))
        return redirect("catalog:table_import", pk=pk)
    if done.number:
        record_event(user, SecurityEventKind.TABLE_IMPORTED, request=request)
        (on_decision if done.has_decisions else on_rules_changed)(user)
        say_done(request, done_text(done.number))
    elif done.is_late:
        messages.info(request, _("The table was imported already, and is not imported twice."))
    else:
        messages.info(request, _("Nothing was changed."))
    return redirect("catalog:table_import", pk=pk)


@login_required
@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Write back what stood before the import. A second press finds it done, and that is said."""
    table = table_import_of(request, pk)
    try:
        number = taking_back.take_back(table)
    except CannotChange as error:
        messages.error(request, str(error))
        return redirect("catalog:table_import", pk=pk)
    if number:
        on_decision(user_of(request))
        say_done(
            request,
            _(
                "The import is taken back, and the next run brings VK in line with it. What you have changed "
                "since then stays."
            ),
        )
    else:
        messages.info(request, _("There is nothing to take back any more."))
    return redirect("catalog:table_import", pk=pk)


@login_required
@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget what was not imported."""
    imports.drop(table_import_of(request, pk))
    messages.info(request, _("The table is dropped. Nothing more of it is imported."))
    return redirect("catalog:table")
