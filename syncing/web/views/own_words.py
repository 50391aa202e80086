"""The merchant's own words for a product, and the text and album of a group."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from accounts.access import user_of
from syncing.jobs.triggers import on_decision
from syncing.services.own_words import FIELDS, choice_for, choose_for_group, set_words
from syncing.services.restricted_decisions import allow_words
from syncing.services.settings import rules_of
from syncing.web.forms.own_words import GroupTextForm, OwnWordsForm
from syncing.web.presenters.group_texts import text_samples
from syncing.web.views.access import group_of, product_of
from syncing.web.views.next_run import say_done


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_product(request: HttpRequest, pk: int) -> HttpResponse:
    """Show and keep the merchant's own title, text and album of a product."""
    user, product = user_of(request), product_of(request, pk)
    form = OwnWordsForm(request.POST or None, product=product, legal_filter=rules_of(user).legal_filter)
    if form.is_bound and form.is_valid():
        if form.title_to_allow:
            allow_words(user, form.title_to_allow)
        if set_words(product, {name: form.cleaned_data[name] for name in FIELDS}) or form.title_to_allow:
            on_decision(user)
            say_done(request, _("Kept. The next run writes your words to VK."))
        else:
            messages.info(request, _("Nothing was changed."))
        return redirect("catalog:product", pk=product.pk)
    context = {"product": product, "form": form}
    return render(request, "catalog/own_words.html", context, status=422 if form.is_bound else 200)


@login_required
@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the till's name and description, and the group's album, go to VK again."""
    product = product_of(request, pk)
    if set_words(product, dict.fromkeys(FIELDS, "")):
        on_decision(user_of(request))
        say_done(request, _("Taken back: VK gets the till's words with the next run."))
    else:
        messages.info(request, _("This product has no words of your own."))
    return redirect("catalog:product", pk=product.pk)


@vary_on_headers("HX-Request")
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_group(request: HttpRequest, pk: int) -> HttpResponse:
    """Show and keep the text and the album of a group; "preview" shows three goods and keeps nothing."""
    user, group = user_of(request), group_of(request, pk)
    kept = choice_for(group)
    form = GroupTextForm(request.POST or None, chosen=kept, legal_filter=rules_of(user).legal_filter)
    is_valid = form.is_bound and form.is_valid()
    if is_valid and "preview" not in request.POST:
        choose_for_group(group, form.choice())
        on_decision(user)
        say_done(request, _("Kept. The next run writes the texts and albums to VK."))
        return redirect("syncing:categories")
    is_wrong = form.is_bound and not is_valid
    samples = [] if is_wrong else text_samples(user, group, form.choice() if is_valid else kept)
    context = {"group": group, "form": form, "samples": samples, "is_wrong": is_wrong}
    if request.headers.get("HX-Request"):
        return render(request, "syncing/_group_samples.html", context)
    return render(request, "syncing/group_text.html", context, status=422 if is_wrong else 200)
