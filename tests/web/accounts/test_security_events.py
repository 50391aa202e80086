"""The merchant's own list of what touched the safety of the account, and the log of the same."""

import json
import logging
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from accounts.choices import SecurityEventKind
from accounts.models import SecurityEvent, User
from accounts.retention import KEEP_EVENTS, prune_visits
from accounts.security_events import MOST_FAILURES, record_event
from accounts.services import export_data
from accounts.support_access import start_visit
from accounts.tasks import record_failure
from tests.queues import work_off
from tests.web.accounts.test_profile import unpack
from tests.web.accounts.test_stolen_session import PASSWORD, log_in
from tests.web.accounts.test_stolen_session import user as user  # noqa: PLC0414 - a fixture

pytestmark = pytest.mark.django_db


def test_a_login_and_a_logout_stand_in_the_list_with_place_and_browser(user: User) -> None:
    client = log_in(user, "Mozilla/5.0 (Windows NT 10.0) Firefox/130.0")
    client.post(reverse("account_logout"))
    found = list(SecurityEvent.objects.for_user(user).values_list("kind", "ip"))
    assert found == [("logout", "127.0.0.1"), ("login", "127.0.0.1")]
    page = log_in(user, "Mozilla/5.0 (Windows NT 10.0) Firefox/130.0").get(reverse("accounts:security"))
    assert "Firefox, Windows" in page.content.decode()
    assert "127.0.0.1" in page.content.decode()


@pytest.mark.once
def test_the_list_is_the_owners_and_short(user: User) -> None:
    other = User.objects.create_user("other@example.com", PASSWORD)
    record_event(other, SecurityEventKind.SUPPORT_VISIT, detail="secret@example.com")
    for number in range(130):
        record_event(user, SecurityEventKind.EMAIL_ADDED, detail=f"n{number}@example.com")
    page = log_in(user).get(reverse("accounts:security")).content.decode()
    assert "secret@example.com" not in page
    assert "n129@example.com" in page
    assert "n5@example.com" not in page


def test_the_events_are_in_the_data_export(user: User) -> None:
    record_event(user, SecurityEventKind.VK_CONNECTED)
    (profile,) = json.loads(unpack(export_data(user))["profile.json"])
    assert [event["kind"] for event in profile["security_events"]] == ["vk_connected"]


def test_events_are_kept_for_a_year(user: User) -> None:
    now = timezone.now()
    for age in (KEEP_EVENTS + timedelta(days=1), KEEP_EVENTS - timedelta(days=1)):
        event = SecurityEvent.objects.create(user=user, kind=SecurityEventKind.LOGIN)
        SecurityEvent.objects.filter(pk=event.pk).update(created_at=now - age)
    assert prune_visits(now)["security_events"] == 1
    assert SecurityEvent.objects.count() == 1


@pytest.mark.once
def test_every_event_is_one_line_of_the_log_without_an_address_or_a_browser(
    user: User, caplog: pytest.LogCaptureFixture
) -> None:
    request = RequestFactory(REMOTE_ADDR="192.0.2.7", headers={"user-agent": "Browser-of-mine"}).get("/")
    with caplog.at_level(logging.INFO, "security"):
        for kind in SecurityEventKind:
            record_event(user, kind, request=request, detail="new@example.com")
    lines = [record.getMessage() for record in caplog.records if record.name == "security"]
    assert len(lines) == len(SecurityEventKind)
    assert all(f"user {user.pk}, from 192.0.2.7" in line for line in lines)
    assert "@" not in "".join(lines)
    assert "Browser-of-mine" not in "".join(lines)


def test_what_strangers_cause_fills_no_list(user: User) -> None:
    for number in range(200):
        record_failure(user.pk, "login_failed", f"192.0.2.{number}", "curl")
        record_failure(user.pk, "login_failed", "198.51.100.1", "curl")
    assert SecurityEvent.objects.count() <= MOST_FAILURES
    assert sum(SecurityEvent.objects.values_list("times", flat=True)) == 400


@pytest.mark.once
def test_a_failure_of_an_unknown_account_leaves_nothing_behind() -> None:
    record_failure(0, "login_failed", "192.0.2.1", "curl")
    assert not SecurityEvent.objects.exists()


def test_a_browser_that_calls_itself_by_control_signs_or_a_novel_does_no_harm(user: User) -> None:
    log_in(user, "Fire\tfox\x01" + "x" * 5000)
    assert SecurityEvent.objects.get().user_agent.startswith("Firefoxxx")
    assert len(SecurityEvent.objects.get().user_agent) == 200


@pytest.mark.once
def test_the_download_is_recorded_and_told(user: User, django_capture_on_commit_callbacks: Any) -> None:
    client = log_in(user)
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(reverse("accounts:download")).status_code == 200
    work_off()
    assert SecurityEvent.objects.for_user(user).filter(kind=SecurityEventKind.DATA_EXPORTED).count() == 1
    assert mail.outbox[-1].to == [user.email]


def test_the_last_e_mail_says_that_the_account_is_closed(user: User) -> None:
    client = log_in(user)
    client.post(reverse("accounts:delete"), {"password": PASSWORD, "goods": "leave"})
    assert not User.objects.exists()
    assert mail.outbox[-1].to == ["anna@example.com"]


@pytest.mark.once
def test_a_mail_server_that_is_down_closes_the_account_all_the_same(
    user: User, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    client = log_in(user)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    answer = client.post(reverse("accounts:delete"), {"password": PASSWORD, "goods": "leave"})
    assert answer["Location"] == reverse("account_login")
    assert not User.objects.exists()
    assert "was not sent: ConnectionRefusedError" in caplog.text


@pytest.mark.once
def test_a_look_of_support_and_the_consent_stand_in_the_list(user: User) -> None:
    client = log_in(user)
    client.post(reverse("accounts:support"), {"allow": "1"})
    user.refresh_from_db()
    staff = User.objects.create_user("support@example.com", PASSWORD, is_staff=True)
    start_visit(staff, merchant=user, now=timezone.now())
    client.post(reverse("accounts:support"), {"allow": "0"})
    kinds = [event.kind for event in SecurityEvent.objects.for_user(user)]
    assert kinds[:3] == ["support_forbidden", "support_visit", "support_allowed"]
    assert "support@example.com" in client.get(reverse("accounts:security")).content.decode()


@pytest.mark.once
def test_nobody_sees_the_list_without_logging_in() -> None:
    assert Client().get(reverse("accounts:security")).status_code == 302
