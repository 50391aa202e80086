"""The YML feed: what importers read at secret addresses, and the merchant's page about the feed."""

from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import http_date
from django.utils.text import compress_sequence
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from accounts.access import user_of
from accounts.choices import SecurityEventKind
from accounts.recent_login import recent_login_required
from accounts.security_events import record_event
from syncing.feed import editions, pictures, secret_urls
from syncing.feed.products import FeedProducts
from syncing.models import Feed
from syncing.services.labels import first_sentence
from syncing.web.presenters.exclusion_reasons import reason_sentence

CONTENT_TYPE = "application/xml; charset=utf-8"
# Once a minute is served; an importer that asks without pause gets 429.
READS, READS_SECONDS = 30, 600
# Every picture may have to be drawn, which costs a twentieth of a second.
PICTURES, PICTURES_SECONDS = 900, 60
HELD_SECONDS = 3600
DAY = 86_400


@require_safe
@sensitive_variables()
def send(request: HttpRequest, token: str) -> HttpResponseBase:
    """Send the feed at this address, packed where the reader can unpack it, or say that it is unchanged."""
    feed = secret_urls.feed_at(token)
    if feed is None:
        raise Http404
    if _is_rate_limited(f"feed:{feed.pk}", READS, READS_SECONDS):
        return _retry_after(HTTPStatus.TOO_MANY_REQUESTS, READS_SECONDS)
    secret_urls.note_read(feed)
    try:
        edition = editions.edition_of(feed, now=timezone.now())
    except editions.FeedWithheld:
        return _retry_after(HTTPStatus.SERVICE_UNAVAILABLE, HELD_SECONDS)
    response = _file(request, edition)
    response.headers["ETag"] = edition.etag
    response.headers["Last-Modified"] = http_date(edition.changed_at.timestamp())
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Robots-Tag"] = "noindex"
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


def _file(request: HttpRequest, edition: editions.Edition) -> HttpResponseBase:
    changed = int(edition.changed_at.timestamp())
    unchanged = get_conditional_response(request, etag=edition.etag, last_modified=changed)
    if unchanged is not None:
        return unchanged
    pieces = editions.encoded_chunks(edition.pieces()) if request.method == "GET" else iter(())
    if not _accepts_gzip(request):
        return StreamingHttpResponse(pieces, content_type=CONTENT_TYPE)
    packed = compress_sequence(pieces) if request.method == "GET" else iter(())
    return StreamingHttpResponse(packed, content_type=CONTENT_TYPE, headers={"Content-Encoding": "gzip"})


def _accepts_gzip(request: HttpRequest) -> bool:
    for part in request.headers.get("Accept-Encoding", "").lower().split(","):
        name, _semicolon, quality = part.strip().partition(";")
        if name.strip() in ("gzip", "*"):
            return quality.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False


def _retry_after(status: int, seconds: int) -> HttpResponse:
    return HttpResponse(status=status, headers={"Retry-After": str(seconds), "Cache-Control": "no-store"})


def _is_rate_limited(key: str, most: int, seconds: int) -> bool:
    cache.add(key, 0, seconds)
    try:
        return cache.incr(key) > most
    except ValueError:  # It ended between the two calls.
        return False


@require_safe
def send_picture(request: HttpRequest, pk: int, key: str, version: str) -> HttpResponse:
    """Send the picture of a product in a feed to anyone who knows its URL."""
    found = pictures.find_picture(pk, version, key)
    if found is None:
        raise Http404
    feed, product = found
    if _is_rate_limited(f"feed-pictures:{feed.pk}", PICTURES, PICTURES_SECONDS):
        return _retry_after(HTTPStatus.TOO_MANY_REQUESTS, PICTURES_SECONDS)
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
    context = {"feed": feed, "url": secret_urls.feed_url(feed) if feed else ""}
    return render(request, "syncing/feed.html", context)


@login_required
@require_safe
@never_cache
def show_goods(request: HttpRequest) -> HttpResponse:
    """Count what is in the feed now, and why the rest is out. It takes a second or two for a big shop."""
    user = user_of(request)
    feed = Feed.objects.for_user(user).first()
    summary = FeedProducts(user).summary()
    context = {
        "feed": feed,
        "offers": summary.offers,
        "reasons": [
            (first_sentence(reason_sentence(code)), count) for code, count in summary.reasons.most_common()
        ],
        "held": feed is not None and editions.has_shrunk(feed, summary),
    }
    if request.headers.get("HX-Request"):
        return render(request, "syncing/_feed_goods.html", context)
    return render(request, "syncing/feed_goods.html", context)


@login_required
@require_POST
@recent_login_required(back="feed:index")
def renew(request: HttpRequest) -> HttpResponse:
    """Issue a new URL; the previous one stops working at once."""
    had_one = secret_urls.revoke_feed(user_of(request))
    secret_urls.issue_feed(user_of(request))
    record_event(user_of(request), SecurityEventKind.FEED_ADDRESS, request=request)
    messages.success(
        request,
        _("The feed has a new address. Give it to the importer: the old one is dead.")
        if had_one
        else _("The feed is ready. Copy its address into the importer."),
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
    messages.success(request, _("The feed is handed out again, with the goods that it has now."))
    return redirect("feed:index")
