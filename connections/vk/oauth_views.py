"""A login with VK ID: sends the browser there, and handles its return."""

import re

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_POST

from accounts.access import user_of
from accounts.choices import SecurityEventKind
from accounts.models import User
from accounts.recent_login import recent_login_required
from accounts.security_events import record_event
from connections import oauth_state
from connections.clients.error_catalog import lookup
from connections.clients.vk.vk_id import error_of, new_verifier
from connections.errors import CannotConnect, refusal_of
from connections.health_checks import check_health
from connections.models import VkConnection
from connections.presenters import login_refusal_text
from connections.vk.login import finish_login, redirect_uri
from connections.vk.tokens import vk_id_client
from evosync.common import clock

SESSION_KEY = "vk_id_login"
APP_ID = re.compile(r"[0-9]{1,19}")


@login_required
@require_POST
@recent_login_required()
def start(request: HttpRequest) -> HttpResponse:
    """Send the merchant to VK ID, for the operator's app or their own by `app_id`."""
    app_id = request.POST.get("app_id", "").strip()
    target = oauth_state.safe_next(request, request.POST.get("next", ""))
    if not (app_id or settings.VK_CLIENT_ID) or (app_id and not APP_ID.fullmatch(app_id)):
        messages.error(
            request, _("The VK app id is missing or wrong. It is a number; VK shows it in the app.")
        )
        return HttpResponseRedirect(target)
    verifier = new_verifier()
    login = oauth_state.start_login(
        request.session, SESSION_KEY, request.user, target=target, verifier=verifier, app_id=app_id
    )
    url = vk_id_client(app_id).authorize_url(
        redirect_uri=redirect_uri(),
        state=login["state"],
        verifier=verifier,
        lang=get_language() or settings.LANGUAGE_CODE,
    )
    return HttpResponseRedirect(url)


def say_logged_in(request: HttpRequest, connection: VkConnection) -> None:
    """Tell what follows from a login; a community that was chosen before is looked at now."""
    if connection.group_id and not connection.last_error:
        check_health(connection, now=clock.now())
    if connection.last_error:
        # What is wrong or waited for stands further down the page too.
        row = lookup(connection.last_error)
        done = _("You are logged in to VK.")
        messages.info(request, f"{done} {_(row.text)}")
    elif connection.group_id:
        messages.success(request, _("VK is connected again. Your goods go on following the till."))
    else:
        messages.success(request, _("You are logged in to VK. Now choose the community."))


@login_required
@never_cache
@require_GET
@sensitive_variables()
def callback(request: HttpRequest) -> HttpResponse:
    """Handle the return from VK ID. The state works once and only in the session it was made for."""
    login = oauth_state.pop_login(request.session, SESSION_KEY)
    try:
        oauth_state.check_state(request, login)
        if error := request.GET.get("error", ""):
            raise refusal_of(error_of(error))
        connection = finish_login(
            User.objects.get(pk=login["user"]),
            app_id=login["app_id"],
            code=request.GET.get("code", ""),
            verifier=login["verifier"],
            device_id=request.GET.get("device_id", ""),
            state=login["state"],
            now=clock.now(),
        )
    except CannotConnect as refusal:
        messages.error(request, login_refusal_text(refusal))
    else:
        record_event(user_of(request), SecurityEventKind.VK_CONNECTED, request=request)
        say_logged_in(request, connection)
    # A clean address: the code must not stay in the browser's history or leak by its referrer.
    return HttpResponseRedirect(oauth_state.return_url(login), headers={"Referrer-Policy": "no-referrer"})
