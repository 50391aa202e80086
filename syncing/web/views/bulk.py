"""Work on many goods at once: asked, confirmed, done, taken back."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import user_of
from accounts.models import User
from catalog.models import Product
from evosync.common.bodies import takes_body
from syncing.choices import BulkAction
from syncing.core.category_search import recent_first
from syncing.jobs.triggers import on_decision, on_rules_changed
from syncing.services.bulk import undo
from syncing.services.bulk.actions import URGENT, carry_out, most_goods
from syncing.services.bulk.records import CannotChange, Goods, digest_of, goods_of
from syncing.services.catalog_states import community_of
from syncing.services.categories import known_categories, product_categories
from syncing.services.settings import rules_of
from syncing.web.forms.bulk import OrderForm, SelectionForm
from syncing.web.forms.categories import DATALIST
from syncing.web.forms.goods_rule_start import asks_for_more
from syncing.web.forms.products import ProductSearchForm
from syncing.web.presenters.bulk import confirmation, done_text, reasons_found, with_search
from syncing.web.presenters.groups import groups_of
from syncing.web.presenters.product_search import found_products
from syncing.web.views.next_run import say_done
from syncing.web.views.photos import UPLOAD_BYTES


@takes_body(UPLOAD_BYTES)
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest) -> HttpResponse:
    """Say how many goods would be changed and how; with a yes, change them."""
    user = user_of(request)
    selection = SelectionForm(request.GET)
    if not selection.is_valid():
        messages.error(
            request, _("Nothing was changed. Tick the goods first, or choose all that were found.")
        )
        return redirect(back_to_list(request.GET))
    if selection.cleaned_data["all"] and ProductSearchForm(user, request.GET).asks_for_what_is_gone:
        # Without that part of the search, all found would be more than they have seen.
        messages.error(request, _("Nothing was changed: a part of your search is gone. Search again."))
        return redirect("catalog:list")
    action = BulkAction(selection.cleaned_data["action"])
    if action is BulkAction.RULE:
        return _start_rule(request, selection)
    most = most_goods(action)
    goods = goods_of(_selected(user, request.GET, selection), most)
    if not goods or len(goods) > most:
        messages.error(request, _wrong_number(action, len(goods), most))
        return redirect(back_to_list(request.GET))
    offered = recent_first(known_categories(), list(product_categories(user).values())[::-1])
    digest = digest_of(goods)
    posted = request.POST if request.method == "POST" else None
    is_filtered = rules_of(user).legal_filter
    files = request.FILES if posted is not None else None
    form = OrderForm(posted, files, action=action, categories=offered, legal_filter=is_filtered)
    if form.is_bound and form.is_valid() and form.cleaned_data["goods"] == digest:
        _carry_out(request, user, goods, form)
        return redirect(_way_back(request, goods))
    context: dict[str, Any] = {
        "page": confirmation(user, action, goods),
        "form": form,
        "is_other": request.method == "POST" and form.data.get("goods") != digest,
        "offered": offered,
        "datalist": DATALIST,
        "back": _way_back(request, goods),
        "digest": digest,
    }
    return render(request, "catalog/bulk.html", context, status=422 if form.is_bound else 200)


def _start_rule(request: HttpRequest, selection: SelectionForm) -> HttpResponse:
    """Go to a new rule whose conditions pick what was searched for, or the one product that is ticked."""
    new_rule = reverse("syncing:goods_rule_new")
    picks = selection.cleaned_data["pick"]
    if selection.cleaned_data["all"]:
        if asks_for_more(ProductSearchForm(user_of(request), request.GET).query()):
            messages.warning(request, _more_goods())
        return redirect(with_search(new_rule, request.GET))
    if len(picks) == 1:
        return redirect(f"{new_rule}?product={picks[0]}")
    messages.error(
        request,
        _("A rule picks goods by conditions. Search for them or open their group, then choose all found."),
    )
    return redirect(back_to_list(request.GET))


def _more_goods() -> str:
    return _(
        "A rule knows no state and no reason, so the one below picks more goods than you found. Add "
        "conditions, and look at how many it picks before you save it."
    )


def _selected(user: User, address: QueryDict, selection: SelectionForm) -> QuerySet[Product]:
    if not selection.cleaned_data["all"]:
        return Product.objects.for_user(user).with_ids(selection.cleaned_data["pick"])
    query = ProductSearchForm(user, address).query()
    return found_products(
        user,
        query,
        groups=groups_of(user),
        community=community_of(user),
        reasons=reasons_found(user) if query.why else None,
    )


def _carry_out(request: HttpRequest, user: User, goods: list[Goods], form: OrderForm) -> None:
    order = form.order()
    try:
        done = carry_out(user, goods, order)
    except CannotChange as error:
        messages.error(request, str(error))
        return
    (on_decision if order.action in URGENT else on_rules_changed)(user)
    if done.number:
        say_done(request, done_text(done))
    else:
        messages.info(request, done_text(done))


def _wrong_number(action: BulkAction, number: int, most: int) -> str:
    if not number:
        return _("Nothing was changed: none of these goods are there any more.")
    if action is BulkAction.INCLUDE:
        text = _(
            "Nothing was changed: at most %(most)s goods are put in at once. If a filter keeps out whole "
            "groups or stores, change it under “Choose goods”. Else narrow the search."
        )
    elif action is BulkAction.EXCLUDE:
        text = _(
            "Nothing was changed: at most %(most)s goods are chosen one by one. Choose whole groups or "
            "stores under “Choose goods”, leave them out by a rule, or narrow the search."
        )
    elif action is BulkAction.TEXT:
        text = _(
            "Nothing was changed: this works with at most %(most)s goods at once. A text for all is under "
            "“Prices and rules”, for a group under “VK categories”. Or narrow the search."
        )
    elif action is BulkAction.PHOTO:
        text = _(
            "Nothing was changed: at most %(most)s goods get one photo at once. A photo for a group or for "
            "all is on the page “Photos for many goods”. Or narrow the search."
        )
    else:
        text = _("Nothing was changed: this works with at most %(most)s goods at once. Narrow the search.")
    return text % {"most": localize(most)}


def back_to_list(address: QueryDict) -> str:
    """Return the address of the list as it was searched."""
    return with_search(reverse("catalog:list"), address)


def _way_back(request: HttpRequest, goods: list[Goods]) -> str:
    if request.GET.get("from") == "product" and len(goods) == 1:
        return reverse("catalog:product", args=[goods[0].pk])
    return back_to_list(request.GET)


@login_required
@require_POST
def take_back(request: HttpRequest) -> HttpResponse:
    """Write back what stood before the last change. A second press finds it done, and that is said."""
    user = user_of(request)
    try:
        number = undo.take_back(user, request.POST.get("token", ""))
    except CannotChange as error:
        messages.error(request, str(error))
        return redirect(back_to_list(request.GET))
    if number:
        on_decision(user)
        text = ngettext(
            "Taken back for %(n)s product. The next run brings VK in line with it.",
            "Taken back for %(n)s products. The next run brings VK in line with it.",
            number,
        )
        say_done(request, text % {"n": localize(number)})
    else:
        messages.info(request, _("There is nothing to take back any more."))
    return redirect(back_to_list(request.GET))
