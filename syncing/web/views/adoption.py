"""Hand-made items that show goods of the till: the list, and the button that takes them over."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.access import user_of
from connections.clients.error_catalog import lookup
from connections.clients.errors import ClientError
from syncing.services.adoption import adopt, find_duplicates
from syncing.services.errors import CannotSync
from syncing.services.labels import error_message
from syncing.web.forms.sync import AdoptItemsForm
from syncing.web.presenters.duplicates import offers

# Fewer than the fields that one form may have.
SHOWN = 300


@login_required
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Show the pairs. Reads VK, so it may take seconds."""
    user = user_of(request)
    context: dict[str, object] = {}
    try:
        found = find_duplicates(user)
        context |= {"offers": offers(user, found[:SHOWN]), "more": max(0, len(found) - SHOWN)}
    except CannotSync as error:
        context["problem"] = {"text": error.text, "next_step": ""}
    except ClientError as error:
        context["problem"] = error_message(error.code, error.text)
    return render(request, "syncing/duplicates.html", context)


@login_required
@require_POST
def take_over(request: HttpRequest) -> HttpResponse:
    """Link the chosen items to their products; the next run writes prices and stocks."""
    user = user_of(request)
    form = AdoptItemsForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Nothing was taken over. Tick the goods first, then press the button."))
        return redirect("syncing:lookalikes")
    try:
        number = adopt(user, form.cleaned_data["items"])
    except CannotSync as error:
        messages.error(request, error.text)
        return redirect("syncing:lookalikes")
    except ClientError as error:
        row = lookup(error.code)
        messages.error(request, f"{_('Nothing was taken over.')} {_(row.text)} {_(row.next_step)}")
        return redirect("syncing:lookalikes")
    text = ngettext(
        "%(n)s item was taken over. The next run sets its price and stock.",
        "%(n)s goods were taken over. The next run sets their prices and stocks.",
        number,
    )
    messages.success(request, text % {"n": number})
    return redirect("syncing:preview")
