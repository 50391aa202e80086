"""The YML feed: what importers read at secret addresses, and the merchant's page about the feed."""

from collections.abc import Iterable
from datetime import datetime
from http import HTTPStatus
from typing import IO

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.access import user_of
from accounts.choices import SecurityEventKind
from accounts.recent_login import recent_login_required
from accounts.security_events import record_event
from evosync.common import clock
from syncing.choices import ComputationKind
from syncing.feed import editions, pictures, secret_urls
from syncing.jobs import computations
from syncing.models import Computation, Feed, ReaderFeed
from syncing.web.presenters.computation_state import computation_state
from syncing.web.presenters.feed_page import feed_goods
from syncing.web.presenters.reader_feeds import reader_cards
from syncing.web.views import computed

CONTENT_TYPE = "application/xml; charset=utf-8"
# Once a minute is served; an importer that asks without pause gets 429.
READS, READS_SECONDS = 30, 600
# Every picture may have to be drawn, which costs a twentieth of a second.
PICTURES, PICTURES_SECONDS = 900, 60
HELD_SECONDS = 3600
# A worker builds it at once.
UNBUILT_SECONDS = 60
DAY = 86_400


@require_safe
@sensitive_variables()
def send(request: HttpRequest, token: str) -> HttpResponseBase:
    """Send the feed at this address as a worker built it, or say that it is unchanged or not built yet."""
    feed = secret_urls.feed_at(token)
    if feed is None:
        raise Http404
    if is_rate_limited(f"feed:{feed.pk}", READS, READS_SECONDS):
        return retry_after(HTTPStatus.TOO_MANY_REQUESTS, READS_SECONDS)
    secret_urls.note_read(feed)
    return send_file(request, feed)


def send_file(request: HttpRequest, feed: Feed | ReaderFeed) -> HttpResponseBase:
    """Send the file of a feed, or say that it is withheld, unchanged or not built yet."""
    if feed.withheld_offers is not None:
        return retry_after(HTTPStatus.SERVICE_UNAVAILABLE, HELD_SECONDS)
    file = editions.open_file(feed)
    if file is None or feed.changed_at is None:
        computations.ask(feed.user, ComputationKind.FEED)
        return retry_after(HTTPStatus.SERVICE_UNAVAILABLE, UNBUILT_SECONDS)
    response = _file(request, feed, file, feed.changed_at)
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Robots-Tag"] = "noindex"
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


def _file(
    request: HttpRequest, feed: Feed | ReaderFeed, file: IO[bytes], changed_at: datetime
) -> HttpResponseBase:
    """Return the file as it was built, unpacked where the reader cannot do it, or that it is unchanged."""
    etag, changed = editions.etag_of(feed), int(changed_at.timestamp())
    headers = {"ETag": etag, "Last-Modified": http_date(changed)}
    unchanged = get_conditional_response(request, etag=etag, last_modified=changed)
    if unchanged is not None or request.method != "GET":
        file.close()
    if unchanged is not None:
        for name, value in headers.items():
            unchanged.headers[name] = value
        return unchanged
    if _accepts_gzip(request):
        headers |= {"Content-Encoding": "gzip", "Content-Length": str(editions.size_of(feed))}
    pieces: Iterable[bytes] = ()
    if request.method == "GET":
        pieces = editions.FilePieces(file, unpacked=not _accepts_gzip(request))
    return StreamingHttpResponse(pieces, content_type=CONTENT_TYPE, headers=headers)


def _accepts_gzip(request: HttpRequest) -> bool:
    for part in request.headers.get("Accept-Encoding", "").lower().split(","):
        name, _semicolon, quality = part.strip().partition(";")
        if name.strip() in ("gzip", "*"):
            return quality.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False


def retry_after(status: int, seconds: int) -> HttpResponse:
    """Return an answer that says when to come again."""
    return HttpResponse(status=status, headers={"Retry-After": str(seconds), "Cache-Control": "no-store"})


def is_rate_limited(key: str, most: int, seconds: int) -> bool:
    """Count a request under a key; return True if it is one too many within the seconds."""
    cache.add(key, 0, seconds)
    try:
        return cache.incr(key) > most
    except ValueError:  # It ended between the two calls.
        return False


@require_safe
def send_picture(request: HttpRequest, pk: int, key: str, version: str) -> HttpResponse:
    """Send the picture of a product in a feed to anyone who knows its URL."""
    product = pictures.find_picture(pk, version, key)
    if product is None:
        raise Http404
    if is_rate_limited(f"feed-pictures:{product.user_id}", PICTURES, PICTURES_SECONDS):
        return retry_after(HTTPStatus.TOO_MANY_REQUESTS, PICTURES_SECONDS)
    headers = {
        "Cache-Control": f"public, max-age={DAY}",
        "X-Content-Type-Options": "nosniff",
        "X-Robots-Tag": "noindex",
    }
    return HttpResponse(pictures.draw(product, version), content_type="image/jpeg", headers=headers)


@login_required
@require_safe
@never_cache
def show(request: HttpRequest) -> HttpResponse:
    """Show the merchant the URL of the feed and what can be done with it."""
    feed = Feed.objects.for_user(user_of(request)).first()
    context = {
        "feed": feed,
        "url": secret_urls.feed_url(feed) if feed else "",
        "readers": reader_cards(ReaderFeed.objects.for_user(user_of(request))),
    }
    return render(request, "syncing/feed.html", context)


@vary_on_headers("HX-Request")
@login_required
@require_safe
@never_cache
def show_goods(request: HttpRequest) -> HttpResponse:
    """Show what is in the feed, and why the rest is out, as a worker counted it last."""
    user = user_of(request)
    if computed.has_nothing_new(request, user, ComputationKind.FEED):
        return computed.nothing_new()
    return _goods(request, computations.current(user, ComputationKind.FEED))


@vary_on_headers("HX-Request")
@login_required
@require_POST
def count_again(request: HttpRequest) -> HttpResponse:
    """Have the goods counted and the file built again."""
    row = computations.ask(user_of(request), ComputationKind.FEED)
    if request.headers.get("HX-Request"):
        return _goods(request, row)
    return redirect("feed:goods")


def _goods(request: HttpRequest, row: Computation) -> HttpResponse:
    feed = Feed.objects.for_user(user_of(request)).first()
    context = {
        "feed": feed,
        "state": computation_state(row, now=clock.now()),
        "goods": feed_goods(row.result, feed) if row.result else None,
    }
    template = "syncing/_feed_goods.html" if request.headers.get("HX-Request") else "syncing/feed_goods.html"
    return render(request, template, context)


@login_required
@require_POST
@recent_login_required(back="feed:index")
def renew(request: HttpRequest) -> HttpResponse:
    """Issue a new URL; the previous one stops working at once."""
    had_one = secret_urls.revoke_feed(user_of(request))
    secret_urls.issue_feed(user_of(request))
    record_event(user_of(request), SecurityEventKind.FEED_ADDRESS, request=request)
    computations.ask(user_of(request), ComputationKind.FEED)
    messages.success(
        request,
        _("The feed has a new address. Give it to the importer: the old one is dead.")
        if had_one
        else _("The feed has an address. Copy it into the importer."),
    )
    return redirect("feed:index")


@login_required
@require_POST
def revoke(request: HttpRequest) -> HttpResponse:
    """Revoke the feed's URL."""
    if secret_urls.revoke_feed(user_of(request)):
        messages.success(request, _("The feed is off. Its address no longer shows anything to anybody."))
    return redirect("feed:index")


@login_required
@require_POST
def accept(request: HttpRequest) -> HttpResponse:
    """Publish a feed that has lost more than half of its products."""
    feed = get_object_or_404(Feed.objects.for_user(user_of(request)))
    editions.accept_shrunk(feed)
    computations.ask(user_of(request), ComputationKind.FEED)
    messages.success(request, _("The feed is handed out again, with the goods that it has now."))
    return redirect("feed:index")
