"""Goods as a table: downloaded, uploaded, looked at, imported, taken back."""

from collections.abc import Iterable
from io import BytesIO
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.access import limited, user_of
from accounts.choices import SecurityEventKind
from accounts.security_events import record_event
from evosync.common.bodies import MEGABYTE, takes_body
from evosync.common.text import whole_number
from syncing.choices import ComputationKind, TableLineKind
from syncing.core.tables.columns import SETTABLE
from syncing.core.tables.writing import csv_pieces
from syncing.jobs import computations
from syncing.jobs.triggers import on_decision, on_rules_changed
from syncing.services.bulk.records import CannotChange
from syncing.services.tables import imports, taking_back
from syncing.services.tables.goods import rows_of_export, table_language
from syncing.services.tables.limits import MOST_BYTES
from syncing.services.tables.workbook import write_workbook
from syncing.web.forms.tables import LinesForm, TableUploadForm
from syncing.web.presenters.tables import done_text, headers, import_page, recent_imports
from syncing.web.presenters.till_state import till_state
from syncing.web.views import computed
from syncing.web.views.access import table_import_of

# A file that is a little too big gets the form's own advice.
UPLOAD_BYTES = MOST_BYTES + MEGABYTE
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@login_required
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Show how goods become a table and come back, and the last imports."""
    return _page(request, TableUploadForm())


def _page(request: HttpRequest, form: TableUploadForm) -> HttpResponse:
    context = {
        "form": form,
        "columns": headers(SETTABLE),
        "imports": recent_imports(user_of(request)),
        "till": till_state(user_of(request)),
    }
    return render(request, "catalog/table.html", context, status=422 if form.is_bound else 200)


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
@require_safe
@limited("table_download")
def download_csv(request: HttpRequest) -> HttpResponse:
    """Answer with the goods as a CSV file that Excel opens as it is."""
    pieces = csv_pieces(rows_of_export(user_of(request)))
    return _file(request, (piece.encode() for piece in pieces), "csv", "text/csv; charset=utf-8")


@login_required
@require_safe
@limited("table_download")
def download_workbook(request: HttpRequest) -> HttpResponse:
    """Answer with the goods as an XLSX workbook."""
    file = BytesIO()
    rows = rows_of_export(user_of(request))
    write_workbook(rows, file, title=_("Goods"), language=table_language())
    return _file(request, [file.getvalue()], "xlsx", XLSX)


def _file(request: HttpRequest, content: Iterable[bytes], ending: str, content_type: str) -> HttpResponse:
    record_event(user_of(request), SecurityEventKind.GOODS_EXPORTED, request=request)
    response = HttpResponse(content, content_type=content_type)
    name = f"evosync-{timezone.localdate():%Y-%m-%d}.{ending}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@vary_on_headers("HX-Request")
@login_required
@require_safe
def show_import(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what an uploaded table would change, or has changed; while it is read, wait for that."""
    # Looked at before the table: the worker that ends the reading in between has kept what it read.
    reading = computations.find(user_of(request), ComputationKind.TABLE)
    table, form = table_import_of(request, pk), LinesForm(request.GET)
    page = import_page(table, form.query())
    if page.is_reading and computed.is_waiting(request):
        return computed.nothing_new()
    context: dict[str, Any] = {
        "page": page,
        "table": table,
        "form": form,
        "query": form.query(),
        "is_lost": page.is_reading and not (reading and reading.is_asked),
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
    user, table = user_of(request), table_import_of(request, pk)
    try:
        done = imports.carry_out(table, bad_lines=whole_number(request.POST.get("without", "")) or 0)
    except CannotChange as error:
        messages.error(request, str(error))
        return redirect("catalog:table_import", pk=pk)
    if done.number:
        record_event(user, SecurityEventKind.TABLE_IMPORTED, request=request)
        (on_decision if done.has_decisions else on_rules_changed)(user)
        messages.success(request, done_text(done.number))
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
        messages.success(request, _("The import is taken back. What you have changed since then stays."))
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
