"""VK categories: by group on a page of their own, by product on the product's page."""

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import user_of
from accounts.impersonation import viewable_by_support
from accounts.models import User
from connections.clients.errors import ClientError
from syncing.core.category_search import LONGEST_READ, recent_first
from syncing.core.records import Category
from syncing.jobs.triggers import on_rules_changed
from syncing.services.categories import (
    choose_for_group,
    choose_for_groups,
    choose_for_product,
    known_categories,
    product_categories,
    used_categories,
)
from syncing.services.errors import CannotSync
from syncing.services.labels import ErrorMessage, error_message
from syncing.services.settings import rules_of
from syncing.web.forms.categories import (
    DATALIST,
    CategoryForm,
    CategorySearchForm,
    GroupCategoriesForm,
    PageForm,
)
from syncing.web.presenters.categories_page import CategoryLabels, categories_page
from syncing.web.presenters.category_options import category_options
from syncing.web.presenters.groups import groups_of
from syncing.web.presenters.till_state import till_state
from syncing.web.presenters.vk_categories import read_categories, sections_of
from syncing.web.views.access import group_of, product_of
from syncing.web.views.next_run import say_done


@viewable_by_support
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """Show each group's VK category and why, and keep what was chosen for all groups of the page."""
    user = user_of(request)
    categories, problem = _categories(user)
    asked = PageForm(request.GET).question()
    page = categories_page(user, categories, number=asked.page, only_unsure=asked.only_unsure)
    form = GroupCategoriesForm(request.POST or None, rows=page.rows, categories=page.offered)
    if form.is_bound and form.is_valid():
        choices = form.choices()
        choose_for_groups(user, choices)
        on_rules_changed(user)
        say_done(request, saved_text(len(choices)))
        return redirect(request.get_full_path())
    context = {
        "page": page,
        "form": form,
        "problem": problem,
        "is_known": bool(categories),
        "only_unsure": asked.only_unsure,
        "datalist": DATALIST,
        "till": "" if page.rows else till_state(user),
    }
    return render(request, "syncing/categories.html", context, status=422 if form.is_bound else 200)


def saved_text(number: int) -> str:
    """Return what is said when the categories of so many groups were kept."""
    if not number:
        return _("Nothing was changed.")
    return ngettext(
        "The category of %(n)s group is saved. The next run writes it to VK.",
        "The categories of %(n)s groups are saved. The next run writes them to VK.",
        number,
    ) % {"n": localize(number)}


@viewable_by_support
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def choose_group(request: HttpRequest, pk: int) -> HttpResponse:
    """Show and keep the VK category of one group."""
    user, group = user_of(request), group_of(request, pk)
    categories, problem = _categories(user)
    label = CategoryLabels(user, groups_of(user).rows, categories).of_group(group)
    chosen_id = label.chosen_id if label else None
    concerns = {"group": group.pk}
    form = CategoryForm(request.POST or None, categories=categories, chosen_id=chosen_id, concerns=concerns)
    if request.method == "POST" and form.is_valid():
        choose_for_group(group, form.cleaned_data["category"])
        on_rules_changed(user)
        say_done(request, _("The category is saved. The next run writes it to VK."))
        return redirect("syncing:categories")
    context = {
        "group": group,
        "label": label,
        "form": form,
        "problem": problem,
        "datalist": DATALIST,
        "offered": recent_first(categories, used_categories(rules_of(user))),
        "sections": sections_of(categories),
        "chosen_id": chosen_id,
    }
    return render(request, "syncing/category.html", context, status=422 if form.is_bound else 200)


@viewable_by_support
@login_required
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Answer with the categories that fit what is being typed; before a letter, with the likely ones."""
    asked = CategorySearchForm(request.GET)
    product = product_of(request, asked.product_pk) if asked.product_pk else None
    group = group_of(request, asked.group_pk) if asked.group_pk else None
    found = category_options(user_of(request), asked.text, product=product, group=group)
    return render(request, "syncing/_category_options.html", {"found": found})


@login_required
@require_POST
def choose_product(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the VK category of one product."""
    product = product_of(request, pk)
    page = reverse("catalog:product", args=[product.pk])
    chosen_id = product_categories(product.user).get(product.evotor_id)
    form = CategoryForm(request.POST, categories=known_categories(), chosen_id=chosen_id)
    if form.is_valid():
        choose_for_product(product, form.cleaned_data["category"])
        on_rules_changed(product.user)
        say_done(request, _("The category is saved. The next run writes it to VK."))
        return redirect(page)
    # The page checks it once more and says what is wrong beside the field.
    return redirect(
        f"{page}?{urlencode({'category': request.POST.get('category', '')[:LONGEST_READ]})}#category"
    )


def _categories(user: User) -> tuple[list[Category], ErrorMessage | None]:
    """Return VK's categories, or why they could not be read."""
    try:
        return read_categories(user), None
    except CannotSync as error:
        return [], ErrorMessage(error.code, error.text, "")
    except ClientError as error:
        return [], error_message(error.code, error.text)
