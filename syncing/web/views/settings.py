"""The sync rules page."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import user_of
from accounts.impersonation import viewable_by_support
from catalog.photos.placeholders import placeholder
from connections.clients.errors import ClientError
from syncing.core.choices import CardStyle
from syncing.jobs.triggers import on_rules_changed
from syncing.services.categories import known_categories
from syncing.services.errors import CannotSync
from syncing.services.labels import error_message
from syncing.services.settings import config_for
from syncing.web.forms.settings import SyncRulesForm
from syncing.web.presenters.card_styles import sample_goods
from syncing.web.presenters.vk_categories import category_choices, read_categories


@viewable_by_support
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """Show and keep the rules."""
    user = user_of(request)
    form = SyncRulesForm(
        request.POST or None,
        instance=config_for(user),
        user=user,
        categories=category_choices(known_categories()),
    )
    if request.method == "POST" and form.is_valid():
        form.save()
        on_rules_changed(user)
        messages.success(request, _("The rules are saved. The next run brings VK in line with them."))
        return redirect("syncing:rules")
    context = {"form": form, "ask_vk": not known_categories() and not form.is_bound}
    return render(request, "syncing/rules.html", context, status=422 if form.is_bound else 200)


@viewable_by_support
@login_required
@require_safe
@cache_control(private=True, max_age=300)
def show_card(request: HttpRequest, style: str) -> HttpResponse:
    """Answer with one of the merchant's goods as a drawn picture in this style."""
    if style not in set(CardStyle):
        raise Http404
    name, group = sample_goods(user_of(request))
    return HttpResponse(placeholder(name, group, CardStyle(style)), content_type="image/jpeg")


@login_required
@require_safe
def show_categories(request: HttpRequest) -> HttpResponse:
    """Answer with the fields about VK categories as lists, once VK has named them."""
    user = user_of(request)
    context: dict[str, object] = {}
    try:
        known = read_categories(user)
    except CannotSync:
        known = []
    except ClientError as error:
        known, context["problem"] = [], error_message(error.code, error.text)
    context["form"] = SyncRulesForm(instance=config_for(user), user=user, categories=category_choices(known))
    return render(request, "syncing/_categories.html", context)
