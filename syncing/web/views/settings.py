"""The sync rules page."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import user_of
from accounts.impersonation import viewable_by_support
from catalog.photos.placeholders import placeholder
from connections.clients.errors import ClientError
from syncing.core.category_search import recent_first
from syncing.core.choices import CardStyle
from syncing.core.records import Category
from syncing.jobs.triggers import on_rules_changed
from syncing.models import SyncConfig
from syncing.services.categories import known_categories, used_categories
from syncing.services.errors import CannotSync
from syncing.services.labels import error_message
from syncing.services.settings import config_for
from syncing.web.forms.categories import DATALIST
from syncing.web.forms.settings import AlbumTitlesForm, SyncRulesForm
from syncing.web.presenters.album_titles import album_titles
from syncing.web.presenters.card_styles import sample_goods
from syncing.web.presenters.vk_categories import read_categories
from syncing.web.views.next_run import say_done


@viewable_by_support
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """Show and keep the rules."""
    user, config = user_of(request), config_for(user_of(request))
    offered = _offered(config, known_categories())
    form = SyncRulesForm(request.POST or None, instance=config, user=user, categories=offered)
    if request.method == "POST" and form.is_valid():
        form.save()
        on_rules_changed(user)
        say_done(request, _("The rules are saved. The next run brings VK in line with them."))
        return redirect("syncing:rules")
    context = {
        "form": form,
        "offered": offered,
        "datalist": DATALIST,
        "ask_vk": not offered and not form.is_bound,
    }
    return render(request, "syncing/rules.html", context, status=422 if form.is_bound else 200)


@login_required
@require_POST
def show_album_titles(request: HttpRequest) -> HttpResponse:
    """Answer with the albums of the merchant's groups under the rules in the form; nothing is kept."""
    user = user_of(request)
    form = AlbumTitlesForm(request.POST)
    titles = album_titles(user, form.cleaned_data) if form.is_valid() else None
    return render(request, "syncing/_album_titles.html", {"titles": titles, "form": form})


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
    """Answer with the fields about VK categories with VK's list, once VK has named them."""
    user, config = user_of(request), config_for(user_of(request))
    context: dict[str, object] = {"datalist": DATALIST}
    try:
        known = read_categories(user)
    except CannotSync:
        known = []
    except ClientError as error:
        known, context["problem"] = [], error_message(error.code, error.text)
    context["offered"] = offered = _offered(config, known)
    context["form"] = SyncRulesForm(instance=config, user=user, categories=offered)
    return render(request, "syncing/_categories.html", context)


def _offered(config: SyncConfig, categories: list[Category]) -> list[Category]:
    return recent_first(categories, used_categories(config))
