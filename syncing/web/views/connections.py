"""The merchant's pages about both connections: first steps, states, connecting and disconnecting."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRefresh

from accounts.access import limited, user_of
from accounts.choices import SecurityEventKind
from accounts.impersonation import viewable_by_support
from accounts.recent_login import recent_login_required
from accounts.security_events import record_event
from connections.clients.service import Service
from connections.errors import CannotConnect, Check
from connections.evotor import login
from connections.evotor.account_linking import issue_link_code
from connections.evotor.connect import connect_evotor, disconnect_evotor
from connections.models import EvotorConnection, VkConnection
from connections.models.evotor import CODE_LIFE
from connections.permission_checks import check_now, communities_of
from connections.presenters import (
    State,
    evotor_state,
    health_history,
    refusal_state,
    refusal_text,
    refused_field,
    scope_labels,
    vk_login,
    vk_requirements,
    vk_state,
)
from connections.vk.connect import connect_vk, disconnect_vk
from connections.vk.login import choose_community, redirect_uri
from evosync.common import clock
from syncing.services.settings import rules_of
from syncing.web.forms.connections import CommunityForm, EvotorTokenForm, VkTokenForm
from syncing.web.presenters.history import shop_refusal
from syncing.web.presenters.onboarding import onboarding_steps

PAGES = {
    "index": "connections/index.html",
    "onboarding": "connections/onboarding.html",
    "other_ways": "connections/other_ways.html",
}


def _page_name(request: HttpRequest) -> str:
    name = request.POST.get("page", "index")
    return name if name in PAGES else "index"


def _show(request: HttpRequest, *, page: str, status: int = 200, **extra: Any) -> HttpResponse:
    """Answer with one of the three pages; `extra` replaces a form or adds what has just been learnt."""
    user, now = user_of(request), clock.now()
    evotor = EvotorConnection.objects.for_user(user).first()
    vk = VkConnection.objects.for_user(user).first()
    context = {
        "page": page,
        "evotor": evotor,
        "evotor_state": evotor_state(evotor, now),
        "evotor_form": EvotorTokenForm(),
        "has_evotor_login": login.is_offered(),
        "needs_evotor_token": not (login.is_offered() or settings.EVOTOR_WEBHOOK_TOKEN),
        "vk": vk,
        "vk_state": vk_state(vk, now),
        "vk_login": vk_login(vk),
        "vk_rights": scope_labels(vk.scope) if vk else [],
        "vk_form": VkTokenForm(),
        "vk_requirements": vk_requirements(),
        "has_vk_app": bool(settings.VK_CLIENT_ID),
        "vk_redirect_uri": redirect_uri(),
        "community_form": CommunityForm(),
    } | extra
    if page == "onboarding":
        context["steps"] = onboarding_steps(user, evotor, vk)
    elif page == "index":
        context["history"] = health_history(user)
        context["vk_refusal"] = shop_refusal(user)
    return render(request, PAGES[page], context, status=status)


def _submit(
    request: HttpRequest,
    form: forms.Form,
    key: str,
    *,
    act: Callable[[dict[str, Any]], object],
    done: str,
    event: SecurityEventKind,
) -> HttpResponse:
    """Act on a valid form and confirm it; else show the form again with what to do.

    `act` gets the cleaned data and raises CannotConnect, with nothing changed. `key` names the form.
    """
    extra: dict[str, Any] = {key: form}
    was_confirmed = rules_of(user_of(request)).confirmed_at is not None
    if form.is_valid():
        try:
            act(form.cleaned_data)
        except CannotConnect as refusal:
            field = refused_field(refusal, form.fields)
            form.add_error(field, refusal_text(refusal))
            # What was right is shown too, so that the merchant sees how far they have come.
            right = [check for check in refusal.checks if check.ok]
            extra["evotor_checks" if key == "evotor_form" else "vk_checks"] = refusal.checks if right else []
        else:
            record_event(user_of(request), event, request=request)
            messages.success(request, done)
            if was_confirmed and rules_of(user_of(request)).confirmed_at is None:
                messages.warning(request, _other_community())
            page = _page_name(request)
            return redirect("connections:index" if page == "other_ways" else f"connections:{page}")
    # The browser opens the page where the wrong field stands; where it does not, app.js scrolls there.
    wrong = next((name for name in form.fields if name in form.errors), next(iter(form.fields)))
    form.fields[wrong].widget.attrs["autofocus"] = True
    return _show(request, page=_page_name(request), status=422, **extra)


def _other_community() -> str:
    return _(
        "EvoSync has no goods in this community yet, so automatic sync is off. Look at the preview and "
        "confirm the first run on the page “Sync”."
    )


@viewable_by_support
@login_required
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Show both connections, their health and how to repair them."""
    return _show(request, page="index")


@viewable_by_support
@login_required
@require_GET
def onboarding(request: HttpRequest) -> HttpResponse:
    """Show the four steps from sign-up to the first preview."""
    return _show(request, page="onboarding")


@viewable_by_support
@login_required
@require_GET
def other_ways(request: HttpRequest) -> HttpResponse:
    """Show the ways to connect for those whom the usual one does not fit."""
    return _show(request, page="other_ways")


@login_required
@require_POST
@recent_login_required()
@limited("connect_token")
def evotor_connect(request: HttpRequest) -> HttpResponse:
    """Connect the till by a pasted token."""
    user, now = user_of(request), clock.now()
    return _submit(
        request,
        EvotorTokenForm(request.POST),
        "evotor_form",
        act=lambda data: connect_evotor(user, token=data["token"], now=now),
        done=_("Evotor is connected."),
        event=SecurityEventKind.EVOTOR_CONNECTED,
    )


@login_required
@require_POST
@recent_login_required()
@never_cache
def evotor_code(request: HttpRequest) -> HttpResponse:
    """Show a new link code once: only its hash is stored, so it is in this response alone."""
    now = clock.now()
    extra: dict[str, Any]
    try:
        extra = {"link_code": issue_link_code(user_of(request), now=now), "link_code_until": now + CODE_LIFE}
    except CannotConnect as refusal:
        extra = {"link_code_error": refusal}
    else:
        record_event(user_of(request), SecurityEventKind.EVOTOR_CODE, request=request)
    if request.headers.get("HX-Request"):
        return render(request, "connections/_link_code.html", extra | {"page": _page_name(request)})
    return _show(request, page=_page_name(request), **extra)


@login_required
@require_POST
@recent_login_required()
def evotor_disconnect(request: HttpRequest) -> HttpResponse:
    """Forget the till and its tokens."""
    if disconnect_evotor(user_of(request)):
        record_event(user_of(request), SecurityEventKind.EVOTOR_DISCONNECTED, request=request)
        messages.success(request, _("Evotor is disconnected. Your goods in VK stay as they are."))
    return redirect("connections:index")


@login_required
@require_POST
@recent_login_required()
@limited("connect_token")
def vk_connect(request: HttpRequest) -> HttpResponse:
    """Connect a community by a pasted token."""
    user, now = user_of(request), clock.now()
    return _submit(
        request,
        VkTokenForm(request.POST),
        "vk_form",
        act=lambda data: connect_vk(user, token=data["token"], group=data["community"], now=now),
        done=_("VK is connected."),
        event=SecurityEventKind.VK_CONNECTED,
    )


@login_required
@require_POST
@limited("connect_token")
def vk_communities(request: HttpRequest) -> HttpResponse:
    """List the communities that a typed token, or the stored one, manages; the typed one is not stored."""
    token = request.POST.get("vk-token", "")
    field = "vk-community" if token else "group-community"
    context: dict[str, Any] = {"field": field}
    try:
        context["communities"] = communities_of(user_of(request), token=token)
    except CannotConnect as refusal:
        context["error"] = refusal_text(refusal)
    return render(request, "connections/_communities.html", context)


@login_required
@require_POST
@recent_login_required()
@limited("connect_token")
def vk_community(request: HttpRequest) -> HttpResponse:
    """Choose another community for the stored token."""
    user, now = user_of(request), clock.now()
    return _submit(
        request,
        CommunityForm(request.POST),
        "community_form",
        act=lambda data: choose_community(user, group=data["community"], now=now),
        done=_("The community is chosen."),
        event=SecurityEventKind.VK_CONNECTED,
    )


@login_required
@require_POST
@recent_login_required()
def vk_disconnect(request: HttpRequest) -> HttpResponse:
    """Forget the community and its tokens."""
    if disconnect_vk(user_of(request)):
        record_event(user_of(request), SecurityEventKind.VK_DISCONNECTED, request=request)
        messages.success(request, _("VK is disconnected. Your goods in VK stay as they are."))
    return redirect("connections:index")


@login_required
@require_POST
def check(request: HttpRequest, service: str) -> HttpResponse:
    """Try every right at the service now and show the results."""
    checks: list[Check] = []
    error: State | None = None
    try:
        checks = check_now(user_of(request), service=Service(service), now=clock.now())
    except CannotConnect as refusal:
        error = refusal_state(refusal)
    page = _page_name(request)
    extra: dict[str, Any] = {f"{service}_checks": checks, f"{service}_error": error}
    if not checks and error is None and request.headers.get("HX-Request"):
        # Only the connection's state was looked at; the page shows it.
        return HttpResponseClientRefresh()
    if request.headers.get("HX-Request"):
        context = extra | {"page": page, "vk_requirements": vk_requirements()}
        return render(request, f"connections/_{service}_checks.html", context)
    return _show(request, page=page, **extra)
