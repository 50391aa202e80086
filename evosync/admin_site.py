"""The admin's site: entered through the common login with a second factor, opened with what matters."""

from typing import Any
from urllib.parse import urlencode

from allauth.account.decorators import secure_admin_login
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.recent_login import has_shown_factor
from evosync.common import clock
from evosync.ops.admin_dashboard import build_dashboard

# Recovery codes alone are no factor of their own.
FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


class StaffSite(admin.AdminSite):
    """Django's admin with allauth's login: its rate limits, its second factor."""

    site_header = gettext_lazy("EvoSync: staff")
    site_title = "EvoSync"
    index_title = gettext_lazy("How things are")
    index_template = "admin/dashboard.html"
    enable_nav_sidebar = True

    def has_permission(self, request: HttpRequest) -> bool:
        """Let active staff in whose session has shown the second factor of their account."""
        return (
            super().has_permission(request)
            and not is_missing_second_factor(request)
            and not must_show_second_factor(request)
        )

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Send people to the common login, staff without a second factor to setting one up.

        Staff whose session has not shown the factor, such as one from before it was set up, are asked for it.
        """
        if request.user.is_authenticated and request.user.is_staff:
            if is_missing_second_factor(request):
                messages.warning(
                    request, _("Staff need two-factor login. Set it up here, then open the admin again.")
                )
                return redirect("mfa_activate_totp")
            if must_show_second_factor(request):
                return redirect(f"{reverse('mfa_reauthenticate')}?{urlencode({'next': _way_back(request)})}")
        answer: HttpResponse = secure_admin_login(super().login)(request, extra_context)
        return answer

    def password_change(  # type: ignore[override]  # Django names the answer of its own page
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Send staff to the common page, where tries are limited and other sessions end."""
        return redirect("account_change_password")

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """Show how things are, above the tables."""
        context = {"dashboard": build_dashboard(now=clock.now()), **(extra_context or {})}
        return super().index(request, context)


def _way_back(request: HttpRequest) -> str:
    address = request.GET.get("next", "")
    if url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure()):
        return address
    return reverse("admin:index")


def must_show_second_factor(request: HttpRequest) -> bool:
    """Return True if a second factor is required and this session has not shown one."""
    return settings.ADMIN_REQUIRES_MFA and not has_shown_factor(request)


def is_missing_second_factor(request: HttpRequest) -> bool:
    """Return True if a second factor is required and this account has none."""
    return settings.ADMIN_REQUIRES_MFA and not is_mfa_enabled(request.user, FACTORS)
