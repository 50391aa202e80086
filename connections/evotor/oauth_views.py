"""A login with Evotor's OAuth; both views are 404 where the operator has no OAuth client."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
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
from connections.choices import RefusalCode
from connections.errors import CannotConnect
from connections.evotor.login import finish_login, is_offered, redirect_uri
from connections.evotor.tokens import oauth_client
from connections.presenters import login_refusal_text
from evosync.common import clock

SESSION_KEY = "evotor_login"


@login_required
@require_POST
@recent_login_required()
def start(request: HttpRequest) -> HttpResponse:
    """Send the merchant to Evotor's consent page."""
    if not is_offered():
        raise Http404
    target = oauth_state.safe_next(request, request.POST.get("next", ""))
    login = oauth_state.start_login(request.session, SESSION_KEY, request.user, target=target)
    return HttpResponseRedirect(
        oauth_client().authorize_url(redirect_uri=redirect_uri(), state=login["state"])
    )


@login_required
@never_cache
@require_GET
@sensitive_variables()
def callback(request: HttpRequest) -> HttpResponse:
    """Handle the return from Evotor; an answer without our state is refused, whatever its code opens."""
    if not is_offered():
        raise Http404
    login = oauth_state.pop_login(request.session, SESSION_KEY)
    try:
        oauth_state.check_state(request, login)
        _check_consent(request)
        user = User.objects.get(pk=login["user"])
        finish_login(user, code=request.GET.get("code", ""), now=clock.now())
    except CannotConnect as refusal:
        messages.error(request, login_refusal_text(refusal))
    else:
        record_event(user_of(request), SecurityEventKind.EVOTOR_CONNECTED, request=request)
        messages.success(request, _("Evotor is connected."))
    return HttpResponseRedirect(oauth_state.return_url(login), headers={"Referrer-Policy": "no-referrer"})


def _check_consent(request: HttpRequest) -> None:
    if request.GET.get("error"):
        raise CannotConnect(
            RefusalCode.ACCESS_DENIED,
            _("The access was not allowed in Evotor."),
            _("Press the button again and allow the access, or paste a token."),
        )
