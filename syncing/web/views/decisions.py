"""The pages behind links in messages: one held plan, or one list of prices, and the answer, without a login.

GET only shows: messengers and mail programs open links to draw previews of them.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from accounts.choices import SecurityEventKind
from accounts.security_events import record_event
from evosync.common import clock
from syncing.choices import JobDecision
from syncing.choices import PriceVerdictChoices as Verdict
from syncing.jobs.approval import approve_job, reject_job
from syncing.jobs.triggers import on_decision
from syncing.services import decision_links, price_links
from syncing.services.decision_links import Decision
from syncing.services.errors import CannotSync
from syncing.services.price_links import PriceDecision
from syncing.web.forms.history import JobItemsForm
from syncing.web.presenters import history
from syncing.web.presenters.held_prices import held_prices_page


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("token")
def decide(request: HttpRequest, token: str) -> HttpResponse:
    """Show exactly the plan that the link is for; a POST approves or drops it."""
    decision = decision_links.find(token, now=clock.now())
    if decision is None:
        return _answer(request, "syncing/decision_gone.html", {}, status=410)
    with translation.override(decision.job.user.language):
        if request.method == "POST":
            return _decide(request, decision)
        after = JobItemsForm(request.GET).chosen()["after"]
        context = {
            "job": decision.job,
            "questions": history.questions(decision.job),
            "page": history.item_page(decision.job, after=after),
            "is_first": after is None,
        }
        return _answer(request, "syncing/decision.html", context)


def _decide(request: HttpRequest, decision: Decision) -> HttpResponse:
    job = decision.job
    is_approved = request.POST.get("decision") == JobDecision.APPROVED
    if not is_approved and request.POST.get("decision") != JobDecision.REJECTED:
        return _answer(request, "syncing/decision_gone.html", {}, status=400)
    try:
        if is_approved:
            approve_job(job, by=job.user)
        else:
            reject_job(job, by=job.user)
    except CannotSync as error:
        return _answer(request, "syncing/decision_gone.html", {"text": error.text}, status=409)
    kind = SecurityEventKind.PLAN_APPROVED_BY_LINK if is_approved else SecurityEventKind.PLAN_DROPPED_BY_LINK
    record_event(job.user, kind, request=request, detail=f"{decision.channel.label} #{job.pk}")
    return _answer(request, "syncing/decision_done.html", {"is_approved": is_approved})


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("token")
def decide_prices(request: HttpRequest, token: str) -> HttpResponse:
    """Show exactly the held prices that the link is for; a POST says yes or no to all of them."""
    decision = price_links.find(token, now=clock.now())
    if decision is None:
        return _gone(request, status=410)
    with translation.override(decision.user.language):
        if request.method == "POST":
            return _decide_prices(request, decision)
        page = held_prices_page(decision.user, decision.rows)
        return _answer(request, "syncing/decision_prices.html", {"page": page})


def _decide_prices(request: HttpRequest, decision: PriceDecision) -> HttpResponse:
    is_approved = request.POST.get("verdict") == Verdict.APPROVED
    if not is_approved and request.POST.get("verdict") != Verdict.REFUSED:
        return _gone(request, status=400)
    number = price_links.answer(decision, request.POST["verdict"])
    if not number:
        return _gone(request, status=409)
    on_decision(decision.user)
    kind = (
        SecurityEventKind.PRICES_APPROVED_BY_LINK if is_approved else SecurityEventKind.PRICES_REFUSED_BY_LINK
    )
    record_event(decision.user, kind, request=request, detail=f"{decision.channel.label}: {number}")
    text = (
        _("The prices are approved: the next run writes them.")
        if is_approved
        else _("VK keeps the old prices until the till's change again.")
    )
    return _answer(request, "syncing/decision_done.html", {"text": text})


def _gone(request: HttpRequest, *, status: int) -> HttpResponse:
    text = _("It was used already, is too old, or these prices have changed since. Nothing was decided.")
    return _answer(request, "syncing/decision_gone.html", {"text": text}, status=status)


def _answer(
    request: HttpRequest, template: str, context: dict[str, object], status: int = 200
) -> HttpResponse:
    # The address is the right to decide: it is found by no search and, as all of ours, told to no other site.
    # It is told to ourselves: a browser that tells nobody where a form was calls that place "null", which the
    # check against forged forms refuses.
    response = render(request, template, context, status=status)
    response.headers["X-Robots-Tag"] = "noindex"
    return response
