"""Feeds for one reader each: the file at its secret address, and the merchant's page about it."""

from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.access import user_of
from accounts.choices import SecurityEventKind
from accounts.recent_login import recent_login_required
from accounts.security_events import record_event
from evosync.common import clock
from syncing.choices import ComputationKind, FeedReader
from syncing.core.feed.readers import READERS, ReaderKey
from syncing.feed import reader_addresses, reader_editions, secret_urls
from syncing.jobs import computations
from syncing.models import ReaderFeed
from syncing.web.forms.reader_feeds import ReaderFeedForm
from syncing.web.presenters.computation_state import computation_state
from syncing.web.presenters.reader_feeds import ABOUT, refusals
from syncing.web.views import computed
from syncing.web.views import feed as common


@require_safe
@sensitive_variables()
def send(request: HttpRequest, token: str, reader: str) -> HttpResponseBase:
    """Send the feed at this address as a worker built it, or say that it is unchanged or not built yet."""
    feed = reader_addresses.reader_feed_at(token, reader)
    if feed is None:
        raise Http404
    if common.is_rate_limited(f"reader-feed:{feed.pk}", common.READS, common.READS_SECONDS):
        return common.retry_after(HTTPStatus.TOO_MANY_REQUESTS, common.READS_SECONDS)
    secret_urls.note_read(feed)
    return common.send_file(request, feed)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def show(request: HttpRequest, reader: str) -> HttpResponse:
    """Show the merchant the address and the choices for a reader, and what it would refuse; save choices."""
    feed = reader_addresses.reader_feed(user_of(request), _key(reader))
    form = ReaderFeedForm(request.POST if request.method == "POST" else None, instance=feed)
    if request.method == "POST" and form.is_valid():
        return _save(request, form)
    context = {
        "feed": feed,
        "form": form,
        "name": FeedReader(reader).label,
        "about": ABOUT[reader],
        "url": reader_addresses.reader_feed_url(feed) if feed.pk else "",
    }
    return render(request, "syncing/reader_feed.html", context)


def _save(request: HttpRequest, form: ReaderFeedForm) -> HttpResponse:
    feed = form.save(commit=False)
    is_new = feed.pk is None
    if is_new:
        reader_addresses.renew_address(feed)
        record_event(user_of(request), SecurityEventKind.FEED_ADDRESS, request=request)
    else:
        feed.save()
    computations.ask(user_of(request), ComputationKind.FEED)
    messages.success(
        request,
        _("The feed has an address. Copy it into the reader's cabinet.") if is_new else _("Saved."),
    )
    return redirect("feed:reader", reader=feed.reader)


@vary_on_headers("HX-Request")
@login_required
@require_safe
@never_cache
def show_refusals(request: HttpRequest, reader: str) -> HttpResponse:
    """Show what the reader would refuse and why, as a worker counted it last."""
    user = user_of(request)
    if computed.has_nothing_new(request, user, ComputationKind.FEED):
        return computed.nothing_new()
    feed = get_object_or_404(ReaderFeed.objects.for_user(user).for_reader(_key(reader)))
    row = computations.current(user, ComputationKind.FEED)
    context = {
        "feed": feed,
        "name": FeedReader(reader).label,
        "state": computation_state(row, now=clock.now()),
        "refusals": refusals(feed),
    }
    is_part = bool(request.headers.get("HX-Request"))
    template = "syncing/_reader_refusals.html" if is_part else "syncing/reader_refusals.html"
    return render(request, template, context)


@login_required
@require_POST
@recent_login_required()
def renew(request: HttpRequest, reader: str) -> HttpResponse:
    """Give the feed a new address; the previous one stops working at once."""
    feed = get_object_or_404(ReaderFeed.objects.for_user(user_of(request)).for_reader(_key(reader)))
    reader_addresses.renew_address(feed)
    record_event(user_of(request), SecurityEventKind.FEED_ADDRESS, request=request)
    computations.ask(user_of(request), ComputationKind.FEED)
    messages.success(request, _("The feed has a new address. Give it to the reader: the old one is dead."))
    return redirect("feed:reader", reader=reader)


@login_required
@require_POST
def end(request: HttpRequest, reader: str) -> HttpResponse:
    """Delete the feed for a reader with its address."""
    if reader_addresses.end_reader_feed(user_of(request), _key(reader)):
        messages.success(request, _("The feed is off. Its address no longer shows anything to anybody."))
    return redirect(f"{reverse('feed:index')}#feed-readers")


@login_required
@require_POST
def accept(request: HttpRequest, reader: str) -> HttpResponse:
    """Publish a feed that has lost more than half of its products."""
    feed = get_object_or_404(ReaderFeed.objects.for_user(user_of(request)).for_reader(_key(reader)))
    reader_editions.accept_shrunk(feed)
    computations.ask(user_of(request), ComputationKind.FEED)
    messages.success(request, _("The feed is handed out again, with the goods that it has now."))
    return redirect("feed:reader", reader=reader)


def _key(reader: str) -> ReaderKey:
    """Return the reader of an address. Raises Http404."""
    if reader not in READERS:
        raise Http404
    return ReaderKey(reader)
