"""What goes to VK and how: the filters and the rules."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from connections.clients.errors import ClientError
from syncing.services.errors import CannotSync
from syncing.services.settings import clear_filters, config_for
from syncing.web.forms.sync import ChoiceForm, RulesForm
from syncing.web.presenters.filters_page import board
from syncing.web.presenters.labels import trouble
from syncing.web.presenters.vk_categories import known_categories, read_categories
from syncing.web.views.access import merchant


@vary_on_headers("HX-Request", "HX-Target")
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def filters(request: HttpRequest) -> HttpResponse:
    """Show what goes to VK with its live count; a POST says one thing about one entity."""
    user = merchant(request)
    text = request.GET.get("q", "").strip()[:100]
    form = ChoiceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.save(user)
    wrong = form.errors if request.method == "POST" else None
    htmx = request.headers.get("HX-Request") == "true"
    # Going back with the browser's button asks for the whole page again.
    is_fragment = htmx and "HX-History-Restore-Request" not in request.headers
    if request.method == "POST" and not wrong and not is_fragment:
        return redirect(request.get_full_path())
    template = "syncing/_filters.html" if is_fragment else "syncing/filters.html"
    context = {"board": board(user, text=text), "q": text, "wrong": wrong}
    return render(request, template, context, status=422 if wrong and not is_fragment else 200)


@login_required
@require_POST
def clear(request: HttpRequest) -> HttpResponse:
    """Take all filters back, so that everything is chosen."""
    clear_filters(merchant(request))
    messages.success(request, _("All filters are removed: everything that VK allows is chosen."))
    return redirect("syncing:filters")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def rules(request: HttpRequest) -> HttpResponse:
    """Show and keep the rules."""
    user = merchant(request)
    form = RulesForm(
        request.POST or None,
        instance=config_for(user),
        user=user,
        categories=known_categories(),
    )
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("The rules are saved. The next run brings VK in line with them."))
        return redirect("syncing:rules")
    context = {"form": form, "ask_vk": not known_categories() and not form.is_bound}
    return render(request, "syncing/rules.html", context, status=422 if form.is_bound else 200)


@login_required
@require_safe
def categories(request: HttpRequest) -> HttpResponse:
    """Answer with the fields about VK categories as lists, once VK has named them."""
    user = merchant(request)
    context: dict[str, object] = {}
    try:
        known = read_categories(user)
    except CannotSync:
        known = []
    except ClientError as error:
        known, context["problem"] = [], trouble(error.code, error.text)
    context["form"] = RulesForm(instance=config_for(user), user=user, categories=known)
    return render(request, "syncing/_categories.html", context)
