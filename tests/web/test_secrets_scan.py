"""A merchant with a secret in every place: none of them comes out anywhere."""

import io
import json
import logging
import sys
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
import sentry_sdk
from django.core import mail
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import URLResolver, get_resolver, path, reverse
from pytest_django import Settings
from sentry_sdk.envelope import Envelope
from sentry_sdk.transport import Transport

from accounts.models import User
from connections.choices import NotificationKind
from connections.clients.service import Service
from connections.health_checks import check_health
from connections.models import EvotorConnection, VkConnection, WebhookEvent
from connections.notifications import send_notification
from evosync.common.telemetry import sentry
from evosync.common.telemetry.logging import json_formatter, line_formatter
from evosync.urls import urlpatterns as real_urls
from sandbox import Sandbox
from syncing.feed import feed_url
from syncing.feed.reader_addresses import reader_feed_url
from syncing.jobs.lifecycle import claim, request_sync
from syncing.jobs.runner import run_slice
from syncing.models import Feed, ReaderFeed, SyncJob
from tests.secrets import found_in, plant
from tests.web.shop import Shop, a_merchant

pytestmark = pytest.mark.django_db
# The page that shows a secret, to its owner: the address of their own feed.
SHOWN_ON = "feed:index"


def breaks(_request: HttpRequest) -> HttpResponse:
    """Fail as a bug would, with every secret in reach of the traceback."""
    held = [*VkConnection.objects.all(), *EvotorConnection.objects.all(), *Feed.objects.all()]
    tokens = [getattr(row, "access_token", "") or getattr(row, "token", "") for row in held]
    body = WebhookEvent.objects.get().body
    raise RuntimeError(f"{held} broke with {len(tokens)} tokens and {len(body)} letters")


urlpatterns = [path("breaks/", breaks), *real_urls]


@pytest.fixture
def shop() -> Shop:
    return Shop(a_merchant("owner@example.com"))


@pytest.fixture
def secrets(shop: Shop) -> list[str]:
    return plant(shop.user)


@pytest.fixture
def owner(shop: Shop) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(shop.user)
    return client


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Collect every line of every logger, down to DEBUG, as both of our formatters write it."""
    stream = io.StringIO()
    handlers = [logging.StreamHandler(stream), logging.StreamHandler(stream)]
    handlers[0].setFormatter(json_formatter())
    handlers[1].setFormatter(line_formatter())
    root = logging.getLogger()
    level = root.level
    root.setLevel(logging.DEBUG)
    for handler in handlers:
        root.addHandler(handler)
    yield stream
    for handler in handlers:
        root.removeHandler(handler)
    root.setLevel(level)


def merchant_pages() -> list[str]:
    """Return the names of all addresses without an id that are not staff's, but the one that may show."""

    def walk(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
        for entry in resolver.url_patterns:
            if isinstance(entry, URLResolver):
                yield from walk(entry, f"{prefix}{entry.namespace}:" if entry.namespace else prefix)
            elif entry.name and not entry.pattern.regex.groups:
                yield f"{prefix}{entry.name}"

    names = {name for name in walk(get_resolver()) if not name.startswith(("admin:", "webhooks:"))}
    return sorted(names - {SHOWN_ON, "account_logout"})


def whole(response: Any) -> str:
    """Return an answer's headers and body, unpacked where it is an archive."""
    data = b"".join(response.streaming_content) if response.streaming else response.content
    if response.get("Content-Type") == "application/zip":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            data = b"\n".join(archive.read(name) for name in archive.namelist())
    return f"{dict(response.items())}\n{data.decode(errors='replace')}"


@pytest.mark.once
def test_the_planted_secrets_are_all_there(shop: Shop, secrets: list[str]) -> None:
    assert len(set(secrets)) == len(secrets) == 11
    vk = VkConnection.objects.get(user=shop.user)
    assert {vk.access_token, vk.refresh_token, vk.app_secret, vk.device_id} <= set(secrets)
    assert found_in(f"… {secrets[0]} …", secrets) == [secrets[0]]


def test_no_page_of_the_merchant_shows_one(shop: Shop, owner: Client, secrets: list[str]) -> None:
    names = merchant_pages()
    assert len(names) > 20
    for name in names:
        for headers in ({}, {"HX-Request": "true"}):
            response = owner.get(reverse(name), headers=headers)
            assert found_in(whole(response), secrets) == [], name


def test_no_page_about_a_thing_and_no_csv_shows_one(shop: Shop, owner: Client, secrets: list[str]) -> None:
    job = shop.job(SyncJob.Status.PARTIAL, error_code="vk.5", error_detail="The token is dead.")
    shop.item(job, shop.bread, result="failed", error_code="vk.5", error_text="User authorization failed")
    for name, pk in (
        ("syncing:job", job.pk),
        ("syncing:job_csv", job.pk),
        ("catalog:product", shop.bread.pk),
        ("catalog:why", shop.bread.pk),
    ):
        response = owner.get(reverse(name, args=[pk]))
        assert response.status_code == 200
        assert found_in(whole(response), secrets) == [], name


def test_only_the_owner_sees_the_address_of_their_feed(shop: Shop, owner: Client, secrets: list[str]) -> None:
    feed = Feed.objects.get()
    assert found_in(whole(owner.get(reverse(SHOWN_ON))), secrets) == [feed.token]


@pytest.mark.once
def test_each_reader_s_page_shows_its_own_address_alone(
    shop: Shop, owner: Client, secrets: list[str]
) -> None:
    ads = ReaderFeed.objects.get()
    page = whole(owner.get(reverse("feed:reader", args=[ads.reader])))
    assert found_in(page, secrets) == [ads.token]
    for name, reader in (("feed:reader", "vk-ads"), ("feed:reader_refusals", ads.reader)):
        assert found_in(whole(owner.get(reverse(name, args=[reader]))), secrets) == []


def test_the_export_of_own_data_holds_none(shop: Shop, owner: Client, secrets: list[str]) -> None:
    text = whole(owner.post(reverse("accounts:download")))
    assert "owner@example.com" in text
    assert found_in(text, secrets) == []


@pytest.mark.once
def test_the_feed_itself_holds_none(shop: Shop, secrets: list[str]) -> None:
    assert found_in(whole(Client().get(feed_url(Feed.objects.get()))), secrets) == []


@pytest.mark.once
def test_a_page_that_breaks_shows_and_logs_none(
    shop: Shop, owner: Client, secrets: list[str], settings: Settings, log: io.StringIO
) -> None:
    settings.ROOT_URLCONF = __name__
    settings.DEBUG = False
    response = owner.get("/breaks/")
    assert response.status_code == 500
    assert found_in(whole(response), secrets) == []
    assert "RuntimeError" in log.getvalue()
    assert found_in(log.getvalue(), secrets) == []


@pytest.mark.once
def test_addresses_that_hold_secrets_are_logged_without_them(
    shop: Shop, owner: Client, secrets: list[str], log: io.StringIO
) -> None:
    feed = Feed.objects.get()
    owner.get(feed_url(feed))
    owner.get(reader_feed_url(ReaderFeed.objects.get()))
    feed.delete()
    assert owner.get(feed_url(feed)).status_code == 404
    owner.get(f"/vk-id/callback/?code={secrets[2]}&device_id={secrets[5]}&state=x")
    logging.getLogger("django.server").info('"GET /feed/%s/goods.yml?code=%s" 200', feed.token, secrets[0])
    assert "/feed/***/goods.yml" in log.getvalue()
    assert found_in(log.getvalue(), secrets) == []


class Postbox(Transport):
    """Stands for Sentry: keeps the reports."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def capture_envelope(self, envelope: Envelope) -> None:
        """Keep a report as text."""
        self.texts.append(envelope.serialize().decode(errors="replace"))


def test_a_report_to_sentry_holds_none(shop: Shop, secrets: list[str]) -> None:
    box = Postbox()
    client = sentry_sdk.Client(
        dsn="http://key@127.0.0.1:9/1", transport=box, default_integrations=False, **sentry.options()
    )
    try:
        breaks(HttpRequest())
    except RuntimeError:
        with sentry_sdk.new_scope() as scope:
            scope.set_client(client)
            scope.capture_exception(sys.exc_info())
    assert len(box.texts) == 1
    assert "RuntimeError" in box.texts[0]
    assert found_in(box.texts[0], secrets) == []


@pytest.mark.once
def test_no_email_holds_one(shop: Shop, secrets: list[str]) -> None:
    codes = ("evotor.401", "vk.5", "vk_id.invalid_grant", "evotor.uninstalled", "")
    for kind in NotificationKind:
        for code in codes:
            send_notification(shop.user, service=Service.VK, kind=kind, code=code)
    assert len(mail.outbox) == len(NotificationKind) * len(codes)
    for message in mail.outbox:
        assert found_in(f"{message.subject}\n{message.body}\n{message.message()}", secrets) == []


def test_runs_and_checks_that_fail_log_and_keep_none(
    shop: Shop, secrets: list[str], settings: Settings, log: io.StringIO
) -> None:
    """Every call is refused, since the planted tokens are unknown to the sandbox."""
    with Sandbox(vk_rate=0) as box:
        settings.EVOTOR_API_URL, settings.VK_API_URL, settings.VK_ID_URL = (
            box.evotor_url,
            box.vk_url,
            box.vk_id_url,
        )
        user = User.objects.get(pk=shop.user.pk)
        request_sync(user, trigger=SyncJob.Trigger.COMMAND)
        job = claim(user, now=shop.now)
        assert job is not None
        job = run_slice(job)
        for row in (EvotorConnection.objects.get(user=user), VkConnection.objects.get(user=user)):
            assert check_health(row, now=shop.now) is False
    kept = json.dumps([list(SyncJob.objects.values()), list(user.health_checks.values())], default=str)
    assert job.status == SyncJob.Status.FAILED
    assert found_in(kept + log.getvalue(), secrets) == []
