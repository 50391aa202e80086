"""The merchant's rules for goods: the list, the editor, and what a rule would change."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import user_of
from accounts.impersonation import viewable_by_support
from evosync.common import clock
from evosync.common.text import whole_number
from syncing.choices import ComputationKind
from syncing.jobs import computations
from syncing.jobs.triggers import on_decision
from syncing.models import Computation, GoodsRule, SyncFilter
from syncing.services.goods_rules import (
    TooManyRules,
    mark_of,
    move_rule,
    preview_of,
    save_rule,
    trial_of,
)
from syncing.services.labels import error_message
from syncing.services.settings import rules_of
from syncing.services.shop_time import zone_of
from syncing.web.forms.goods_rule_start import condition_for, conditions_for
from syncing.web.forms.goods_rules import RuleEditor
from syncing.web.forms.products import ProductSearchForm
from syncing.web.presenters.computation_state import computation_state
from syncing.web.presenters.goods_rules import (
    describe_rules,
    preview_warnings,
    sample_rows,
    settings_after,
    settings_before,
    suggestions,
)
from syncing.web.views import computed
from syncing.web.views.access import goods_rule_of, product_of
from syncing.web.views.next_run import say_done

View = Callable[..., HttpResponse]


def in_shop_time(view: View) -> View:
    """Have a view read and show times in the shop's zone: a promotion begins and ends by its clock."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with timezone.override(zone_of(user_of(request))):
            return view(request, *args, **kwargs)

    return wrapped


@viewable_by_support
@login_required
@require_safe
@in_shop_time
def show_list(request: HttpRequest) -> HttpResponse:
    """Show the rules in their order, above them the settings that come first."""
    user = user_of(request)
    rows = GoodsRule.objects.for_user(user).in_order()
    config = rules_of(user)
    context = {
        "rules": describe_rules(user, rows),
        "before": settings_before(config, filters=SyncFilter.objects.filter(sync_config__user=user).count()),
        "after": settings_after(config),
    }
    return render(request, "syncing/goods_rules.html", context)


def _start(request: HttpRequest) -> list[dict[str, str]]:
    """Return the conditions of a new rule for what the catalogue has shown."""
    user = user_of(request)
    pk = whole_number(request.GET.get("product", ""))
    if pk is not None:
        return condition_for(product_of(request, pk))
    return conditions_for(ProductSearchForm(user, request.GET).query())


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@in_shop_time
def edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Show the editor of a rule or of a new one, and keep what was given."""
    user = user_of(request)
    rule = goods_rule_of(request, pk) if pk else None
    start = [] if rule else _start(request)
    editor = RuleEditor(request.POST or None, user=user, rule=rule, start=start)
    if request.method == "POST" and editor.is_valid():
        try:
            save_rule(user, editor.values(), rule=rule)
        except TooManyRules as error:
            editor.problem = str(error)
        else:
            on_decision(user)
            say_done(request, _("The rule is kept. The next run brings VK in line with it."))
            return redirect("syncing:goods_rules")
    context = {"editor": editor, "rule": rule, "suggestions": suggestions(user)}
    return render(request, "syncing/goods_rule.html", context, status=422 if request.POST else 200)


@login_required
@require_POST
@in_shop_time
def preview(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Have a worker try the rule in the form; answer with a part of the editor's page that waits for it."""
    user = user_of(request)
    rule = goods_rule_of(request, pk) if pk else None
    editor = RuleEditor(request.POST, user=user, rule=rule)
    if not editor.is_valid():
        return render(request, "syncing/_goods_rule_preview.html", {"preview": None})
    trial = trial_of(editor.values(), rule)
    row = computations.ask(user, ComputationKind.RULE, choice=trial)
    return _trial(request, row, mark_of(trial))


@login_required
@require_safe
def show_trial(request: HttpRequest) -> HttpResponse:
    """Answer with what the tried rule would change, once a worker has found it."""
    row = computations.find(user_of(request), ComputationKind.RULE)
    if computed.is_answered(request, row):
        return computed.nothing_new()
    return _trial(request, row, request.GET.get("of", ""))


def _trial(request: HttpRequest, row: Computation | None, mark: str) -> HttpResponse:
    is_asked = row is not None and row.is_asked
    preview = preview_of(row.result, mark) if row is not None and not is_asked else None
    context = {
        "preview": preview,
        "warnings": preview_warnings(preview) if preview else [],
        "samples": sample_rows(user_of(request), preview) if preview else [],
        "mark": mark if is_asked else "",
        "state": computation_state(row, now=clock.now()) if row is not None else None,
        "error": error_message(row.error_code, row.error_text) if row is not None and not is_asked else None,
        # A merchant has one trial at a time, and another window may have asked for its own.
        "is_other": preview is None and not is_asked,
    }
    return render(request, "syncing/_goods_rule_preview.html", context)


@login_required
@require_POST
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a rule one place up or down."""
    rule = goods_rule_of(request, pk)
    move_rule(rule, up=request.POST.get("up") == "1")
    on_decision(user_of(request))
    say_done(request, _("The new order of the rules is kept. The next run follows it."))
    return redirect("syncing:goods_rules")


@login_required
@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a rule."""
    rule = goods_rule_of(request, pk)
    rule.delete()
    on_decision(user_of(request))
    say_done(request, _("The rule is deleted. The next run takes its changes back."))
    return redirect("syncing:goods_rules")
