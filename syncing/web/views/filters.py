"""The filters page: which stores, groups and products go to VK."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from accounts.access import user_of
from accounts.impersonation import viewable_by_support
from syncing.jobs.triggers import on_rules_changed
from syncing.services.settings import clear_filters
from syncing.web.forms.filters import FilterChoiceForm
from syncing.web.presenters.filters_page import filters_page
from syncing.web.presenters.till_state import till_state
from syncing.web.views.next_run import say_done


@viewable_by_support
@vary_on_headers("HX-Request", "HX-Target")
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """Show what goes to VK with its live count; a POST says one thing about one entity."""
    user = user_of(request)
    text = request.GET.get("q", "").strip()[:100]
    form = FilterChoiceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.save(user)
        on_rules_changed(user)
    wrong = form.errors if request.method == "POST" else None
    htmx = request.headers.get("HX-Request") == "true"
    # Going back with the browser's button asks for the whole page again.
    is_fragment = htmx and "HX-History-Restore-Request" not in request.headers
    if request.method == "POST" and not wrong and not is_fragment:
        return redirect(request.get_full_path())
    template = "syncing/_filters.html" if is_fragment else "syncing/filters.html"
    page = filters_page(user, text=text)
    till = "" if page.count.total else till_state(user)
    context = {"page": page, "q": text, "wrong": wrong, "till": till}
    return render(request, template, context, status=422 if wrong and not is_fragment else 200)


@login_required
@require_POST
def clear(request: HttpRequest) -> HttpResponse:
    """Take all filters back, so that everything is chosen."""
    clear_filters(user_of(request))
    on_rules_changed(user_of(request))
    say_done(request, _("All filters are removed: everything that VK allows goes there with the next run."))
    return redirect("syncing:filters")
