"""The page "Notifications": channels, kinds, quiet hours, digest, and a test."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import limited, user_of
from accounts.recent_login import recent_login_required
from accounts.services import set_wants_notifications
from accounts.templatetags.ui import device
from connections.client_factory import push_client, push_key
from connections.clients.web_push.client import Subscription
from evosync.common import clock
from syncing.choices import ChannelKind
from syncing.services import browsers, chat_links, deliveries
from syncing.services.channels import MESSENGERS
from syncing.web.forms.notifications import NotificationsForm
from syncing.web.presenters import notifications
from syncing.web.views.access import channel_of


@login_required
@require_http_methods(["GET", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """Show and save what the merchant wants to be told, where and when."""
    user = user_of(request)
    rules = deliveries.settings_of(user)
    form = NotificationsForm(request.POST or None, rules=rules, wants_email=user.wants_notifications)
    if request.method == "POST" and form.is_valid():
        form.rules().save()
        set_wants_notifications(user, wants=form.cleaned_data["email"])
        messages.success(request, _("Saved."))
        return redirect("syncing:notifications")
    context = {
        "form": form,
        "messengers": notifications.messengers(user),
        "browsers": notifications.browsers(user),
        "deliveries": notifications.last_deliveries(user),
    }
    return render(request, "syncing/notifications.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
@recent_login_required(back="syncing:notifications")
def link_chat(request: HttpRequest) -> HttpResponse:
    """Show the link that opens a chat with our bot and links it, once and for 15 minutes."""
    kind = request.POST.get("kind", "")
    if kind not in MESSENGERS or not MESSENGERS[ChannelKind(kind)].is_offered():
        raise Http404
    messenger = ChannelKind(kind)
    code = chat_links.issue_code(user_of(request), messenger, now=clock.now())
    context = {"label": messenger.label, "url": MESSENGERS[messenger].link(code), "command": f"/start {code}"}
    return render(request, "syncing/link_chat.html", context)


@login_required
@require_POST
@recent_login_required(back="syncing:notifications")
@limited("add_browser")
def add_browser(request: HttpRequest) -> HttpResponse:
    """Send to the browser that this comes from, by what it has told the page's script."""
    client = push_key() and push_client()
    if not client:
        raise Http404
    given = {name: request.POST.get(name, "") for name in ("endpoint", "p256dh", "auth", "before")}
    try:
        subscription = Subscription.checked(
            address=given["endpoint"], browser_key=given["p256dh"], auth=given["auth"], sender=client.sender
        )
    except ValueError:
        messages.error(request, _("The browser did not say where to send to. Press the button once more."))
        return redirect("syncing:notifications")
    if not client.may_send_to(subscription.address):
        messages.error(request, _("EvoSync does not know this browser's service, so nothing is sent there."))
        return redirect("syncing:notifications")
    name = device(request.headers.get("User-Agent", ""))
    _say_added(request, subscription, name=name, before=given["before"])
    return redirect("syncing:notifications")


def _say_added(request: HttpRequest, subscription: Subscription, *, name: str, before: str) -> None:
    """Add the browser, and say what came of it."""
    try:
        browsers.add_browser(user_of(request), subscription, name=name, before=before, request=request)
    except browsers.TooManyBrowsers:
        messages.error(request, _("You have as many browsers as EvoSync sends to. Remove one first."))
    except chat_links.LinkedElsewhere:
        messages.error(
            request, _("This browser belongs to another account of EvoSync. Remove it there first.")
        )
    else:
        messages.success(request, _("Messages come in this browser now. Send a test to see one."))


@login_required
@require_POST
def unlink_chat(request: HttpRequest, pk: int) -> HttpResponse:
    """Unlink a chat, or remove a browser."""
    channel = channel_of(request, pk)
    chat_links.unlink(channel)
    if channel.kind == ChannelKind.PUSH:
        messages.success(request, _("The browser is removed. Nothing is sent there any more."))
    else:
        messages.success(request, _("The chat is unlinked. Nothing is sent there any more."))
    return redirect("syncing:notifications")


@login_required
@require_POST
@limited("send_test")
def send_test(request: HttpRequest) -> HttpResponse:
    """Send a test by one channel, or by every one that is on."""
    user, only = user_of(request), request.POST.get("channel", "")
    number = deliveries.send_test(user, now=clock.now(), only=only)
    if number:
        messages.success(request, _("A test is on its way. Below you see whether it was sent."))
    else:
        messages.warning(request, _("Nothing was sent: every channel is off."))
    return redirect("syncing:notifications")
