"""The merchant's own pages: profile, language, own data, closing the account."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import user_of
from accounts.allauth_adapter import remember_language
from accounts.choices import ItemsAfterClosure, SecurityEventKind
from accounts.forms import ClosingForm, ProfileForm
from accounts.impersonation import stop_impersonation
from accounts.models import SecurityEvent, SupportVisit, User
from accounts.recent_login import recent_login_required
from accounts.security_events import record_event, tell_of_closing
from accounts.services import close_account, export_data
from accounts.signals import ClosingRefused
from accounts.support_access import allow_support, forbid_support, is_support_allowed
from accounts.visitors import visitor_of
from evosync.common import clock

# The list of events shows so many; the data export has them all.
MOST_EVENTS = 100


@login_required
@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Show and change name, phone and language."""
    user = user_of(request)
    # A fresh row: a form with errors must not change the name that the page's frame shows.
    form = ProfileForm(request.POST or None, instance=User.objects.get(pk=user.pk))
    if request.method == "POST" and form.is_valid():
        saved = form.save()
        with translation.override(saved.language):
            messages.success(request, _("Your profile is saved."))
        response = redirect("accounts:profile")
        remember_language(response, saved.language)
        return response
    context = {
        "form": form,
        "support_until": user.support_until if is_support_allowed(user, now=clock.now()) else None,
        "visits": SupportVisit.objects.for_merchant(user)[:5],
    }
    return render(request, "accounts/profile.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def support(request: HttpRequest) -> HttpResponse:
    """Allow support to visit one's pages for a day, or withdraw that."""
    user, now = user_of(request), clock.now()
    if request.POST.get("allow") == "1":
        record_event(user, SecurityEventKind.SUPPORT_ALLOWED, request=request)
        until = date_format(timezone.localtime(allow_support(user, now=now)), "j E, H:i")
        messages.success(request, _("Support may look at your pages until %(until)s.") % {"until": until})
    else:
        forbid_support(user, now=now)
        record_event(user, SecurityEventKind.SUPPORT_FORBIDDEN, request=request)
        messages.success(request, _("Support may not look at your pages any more."))
    return redirect("accounts:profile")


@login_required
@require_POST
def end_visit(request: HttpRequest) -> HttpResponse:
    """End the visit to a merchant's pages."""
    stop_impersonation(request)
    messages.success(request, _("The look at the merchant's pages has ended."))
    return redirect("admin:index" if user_of(request).is_staff else "accounts:profile")


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Change the language and go back to the page it was changed on."""
    to = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(to, {request.get_host()}, require_https=request.is_secure()):
        to = "/"
    response = redirect(to)
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES):
        remember_language(response, chosen)
        if request.user.is_authenticated:
            user = user_of(request)
            user.language = chosen
            user.save(update_fields=["language", "updated_at"])
    return response


@login_required
@require_GET
def security(request: HttpRequest) -> HttpResponse:
    """Show what touched the safety of the account, newest first."""
    events = SecurityEvent.objects.for_user(user_of(request))[:MOST_EVENTS]
    return render(request, "accounts/security.html", {"events": events, "most": MOST_EVENTS})


@login_required
@require_POST
@recent_login_required(back="accounts:profile")
def download(request: HttpRequest) -> HttpResponse:
    """Send what we store about the user, as a ZIP of JSON files."""
    record_event(user_of(request), SecurityEventKind.DATA_EXPORTED, request=request)
    name = f"evosync-{timezone.localdate():%Y-%m-%d}.zip"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
    }
    return HttpResponse(export_data(user_of(request)), content_type="application/zip", headers=headers)


@login_required
@require_http_methods(["GET", "POST"])
def delete(request: HttpRequest) -> HttpResponse:
    """Ask for the password and what happens to the goods, then close the account."""
    user = user_of(request)
    form = ClosingForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        to, language = user.email, user.language
        try:
            is_gone = close_account(user, goods=ItemsAfterClosure(form.cleaned_data["goods"]))
        except ClosingRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            tell_of_closing(user, to=to, language=language, visitor=visitor_of(request))
            logout(request)
            messages.success(request, _closed_message(is_gone=is_gone))
            return redirect("account_login")
    status = 422 if form.errors else 200
    return render(request, "accounts/delete.html", {"form": form}, status=status)


def _closed_message(*, is_gone: bool) -> str:
    if is_gone:
        return _("Your account is deleted.")
    return _(
        "Your account is closed. It is deleted once your goods in VK are dealt with; then you get an email."
    )
