"""The sync page and its buttons: switch, preview, run."""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.access import limited, user_of
from accounts.impersonation import viewable_by_support
from accounts.models import User
from catalog.models import Product
from catalog.tasks import refresh_catalog_for_user
from connections.models import VkConnection
from connections.presenters import vk_login
from evosync.common import clock
from syncing.choices import ComputationKind, JobStatus
from syncing.jobs import computations
from syncing.jobs.lifecycle import request_sync
from syncing.models import Computation, HeldPrice, SyncJob, UndoneChange
from syncing.services.errors import CannotSync
from syncing.services.inputs import choices_of, rule_inputs
from syncing.services.plan_summary import PlanSummary
from syncing.services.settings import config_for, set_enabled, text_of_off
from syncing.web.forms.plan import PlanSearchForm
from syncing.web.forms.sync import ConfirmFirstRunForm, EnableSyncForm
from syncing.web.presenters.computation_state import computation_state
from syncing.web.presenters.dashboard import connection_states
from syncing.web.presenters.filters_page import count_selected
from syncing.web.presenters.history import job_error
from syncing.web.presenters.plan_preview import PlanPreview, plan_preview
from syncing.web.views import computed


@viewable_by_support
@login_required
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Show the switch, what is chosen, the preview and the run button."""
    return _page(request, ConfirmFirstRunForm())


def _page(request: HttpRequest, form: ConfirmFirstRunForm, status: int = 200) -> HttpResponse:
    user = user_of(request)
    config = config_for(user)
    jobs = SyncJob.objects.for_user(user)
    last = jobs.finished().newest().first()
    context = {
        "config": config,
        "form": form,
        "connections": connection_states(user, now=clock.now()),
        "count": count_selected(user, config),
        "active": jobs.active().first(),
        "failed": last if last and last.status == JobStatus.FAILED else None,
        "last_error": job_error(last) if last else None,
        "undone": UndoneChange.objects.for_user(user).count(),
        "held_prices": HeldPrice.objects.for_user(user).waiting().count(),
        "asking": jobs.awaiting_approval().newest().first(),
    }
    return render(request, "syncing/sync.html", context, status=status)


@login_required
@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Turn the automatic sync on or off. Before the first confirmed run it cannot be turned on."""
    config = config_for(user_of(request))
    form = EnableSyncForm(request.POST)
    enabled = form.is_valid() and form.cleaned_data["enabled"]
    if enabled and config.confirmed_at is None:
        messages.warning(
            request,
            _("Nothing was switched on. Look at the preview and confirm the first run below."),
        )
    else:
        set_enabled(user_of(request), enabled=enabled)
        done = (
            _("Sync is on. VK is compared with the till %(often)s.")
            % {"often": config.get_compare_every_hours_display()}
            if enabled
            else text_of_off(user_of(request))
        )
        messages.success(request, done)
    return redirect("syncing:sync")


@vary_on_headers("HX-Request", "HX-Target")
@login_required
@require_safe
def show_preview(request: HttpRequest) -> HttpResponse:
    """Show what a run would do, as a worker planned it last; an older plan is made again meanwhile."""
    user = user_of(request)
    if computed.has_nothing_new(request, user, ComputationKind.PREVIEW):
        return computed.nothing_new()
    return _preview(request, computations.current(user, ComputationKind.PREVIEW))


@vary_on_headers("HX-Request", "HX-Target")
@login_required
@require_POST
def plan_again(request: HttpRequest) -> HttpResponse:
    """Have the preview planned again."""
    row = computations.ask(user_of(request), ComputationKind.PREVIEW)
    if request.headers.get("HX-Request"):
        return _preview(request, row)
    return redirect("syncing:preview")


def _preview(request: HttpRequest, row: Computation) -> HttpResponse:
    user = user_of(request)
    connection = VkConnection.objects.for_user(user).first() if row.error_code else None
    form = PlanSearchForm(request.GET)
    question = form.chosen()
    kept = form.kept()
    plan = plan_preview(user, PlanSummary.from_json(row.result), question) if row.result else None
    context = {
        "form": form,
        "is_searchable": _is_searchable(user, row, plan),
        "kept": urlencode(kept),
        "kept_page": urlencode(kept | {"page": str(question.page)}),
        "vk_login": vk_login(connection, row.error_code, is_old=False) if row.error_code else None,
        "state": computation_state(row, now=clock.now()),
        "is_unconnected": not row.result and not connection_states(user, now=clock.now()).are_there,
        "plan": plan,
        "expected": request.GET.get("expected", ""),
    }
    template = "syncing/_preview.html" if request.headers.get("HX-Request") else "syncing/preview.html"
    return render(request, template, context)


def _is_searchable(user: User, row: Computation, plan: PlanPreview | None) -> bool:
    """Return True if the plan names goods, or will where it is still being made."""
    if row.error_code:
        return False
    if plan is None:
        return Product.objects.for_user(user).exists()
    return bool(plan.parts or plan.pages)


@login_required
@require_POST
def run(request: HttpRequest) -> HttpResponse:
    """Start a run, the first one only with the merchant's confirmation."""
    user = user_of(request)
    is_first = config_for(user).confirmed_at is None
    form = ConfirmFirstRunForm(request.POST)
    if is_first and not Product.objects.for_user(user).present().exists():
        messages.warning(
            request,
            _(
                "Nothing was started: the till has no goods yet, so there is no plan to agree to. Add goods "
                "in Evotor and look at the plan first."
            ),
        )
        return redirect("syncing:sync")
    if is_first and not form.is_valid():
        return _page(request, form, status=422)
    if refusal := _unseen(request, is_first=is_first):
        messages.warning(request, refusal)
        return redirect("syncing:sync")
    try:
        job = request_sync(user, trigger=SyncJob.Trigger.MANUAL)
    except CannotSync as error:
        messages.error(request, error.text)
        return redirect("syncing:sync")
    if is_first:
        set_enabled(user, enabled=True)
    return redirect("syncing:job", pk=job.pk)


@login_required
@require_POST
@limited("read_till")
def read_till(request: HttpRequest) -> HttpResponse:
    """Have the till read again; nothing goes to VK."""
    refresh_catalog_for_user.send(user_of(request).pk)
    messages.success(
        request,
        _("The till is being read. Look here again in a minute: its goods are there then, and the plan."),
    )
    return redirect("syncing:sync")


def _unseen(request: HttpRequest, *, is_first: bool) -> str:
    """Return why no run begins where the merchant has not seen the plan that it would carry out, else ""."""
    user, seen = user_of(request), request.POST.get("seen", "")
    if seen:
        if seen == choices_of(rule_inputs(user)):
            return ""
        return _(
            "Nothing was started: rules or the choice of goods were changed after the plan that you looked "
            "at, perhaps on another page. Look at the new plan, then press again."
        )
    row = computations.find(user, ComputationKind.PREVIEW) if is_first else None
    if row is None or not row.is_asked or row.result is not None or row.error_code:
        return ""
    return _(
        "Nothing was started: the plan is still being made. Look at it when it is here, then press again."
    )
