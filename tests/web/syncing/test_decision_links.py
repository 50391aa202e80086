"""The link in a message: shows one held plan, decides about it once, and opens nothing else."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import SecurityEvent
from accounts.session_ending import end_sessions
from syncing.choices import ChannelKind
from syncing.core.choices import QuestionCode
from syncing.jobs.approval import reject_job
from syncing.models import PLAN_LASTS, Notification, NotificationChannel, SyncJob
from syncing.services import decision_links
from syncing.services.delivery_sender import send_due
from tests.web.shop import Shop

Status, Decision = SyncJob.Status, SyncJob.Decision
HASH = "a" * 64


def held(shop: Shop, plan_hash: str = HASH) -> SyncJob:
    """Return a run that has stopped at a plan with two prices."""
    job = shop.job(Status.NEEDS_APPROVAL, plan_hash=plan_hash, questions=[[QuestionCode.MANY_PRICES, 2, 2]])
    for product in (shop.bread, shop.milk):
        shop.item(job, product, action="update", result="planned", changes={"price_kopecks": [100, 900]})
    return job


def replaced(job: SyncJob, shop: Shop, plan_hash: str = HASH) -> SyncJob:
    """Let a newer run have stopped at a plan, and return it."""
    SyncJob.objects.filter(pk=job.pk).update(status=Status.CANCELLED, decision=Decision.REPLACED)
    return held(shop, plan_hash)


def path_of(job: SyncJob) -> str:
    job = SyncJob.objects.select_related("user").get(pk=job.pk)
    return "/decide/" + decision_links.address_of(job, ChannelKind.TELEGRAM).partition("/decide/")[2]


def test_the_email_about_a_held_plan_has_a_link_that_decides(shop: Shop, settings: Any) -> None:
    settings.SITE_URL = "https://evosync.example"
    job = held(shop)
    key = f"{shop.user.pk}:{Notification.Trouble.HELD_PLAN}"
    Notification.objects.create(user=shop.user, trouble=Notification.Trouble.HELD_PLAN, job=job, open_key=key)
    assert send_due(timezone.now()) == 1
    (link,) = [word for word in mail.outbox[0].body.split() if "/decide/" in word]
    page = Client().get(link.removeprefix("https://evosync.example"))
    assert page.status_code == 200
    assert shop.bread.name in page.content.decode()


@pytest.mark.once
def test_opening_the_link_shows_exactly_that_list_and_decides_nothing(shop: Shop) -> None:
    job = held(shop)
    for _preview in range(3):
        assert Client().get(path_of(job)).status_code == 200
        assert Client().head(path_of(job)).status_code == 200
    page = Client().get(path_of(job))
    text = page.content.decode()
    assert shop.bread.name in text
    assert shop.milk.name in text
    assert shop.beer.name not in text
    assert shop.user.email not in text
    assert page["Referrer-Policy"] == "same-origin"
    assert page["Cache-Control"] == "no-store"
    job.refresh_from_db()
    assert job.status == Status.NEEDS_APPROVAL


@pytest.mark.parametrize("answer", ["approved", "rejected"])
def test_the_button_decides_once_and_the_merchants_list_says_so(shop: Shop, answer: str) -> None:
    job = held(shop)
    path = path_of(job)
    assert Client().post(path, {"decision": answer}).status_code == 200
    job.refresh_from_db()
    assert (job.status, job.decision, job.approved_by) == (Status.CANCELLED, answer, shop.user)
    started = SyncJob.objects.active().for_user(shop.user)
    assert [each.approved_plan for each in started] == ([HASH] if answer == "approved" else [])
    event = SecurityEvent.objects.get()
    assert (event.user, event.detail) == (shop.user, f"Telegram #{job.pk}")
    for method in ("get", "post"):
        assert getattr(Client(), method)(path, {"decision": "approved"}).status_code == 410
    assert SecurityEvent.objects.count() == 1


@pytest.mark.once
def test_a_press_from_a_foreign_page_is_refused(shop: Shop) -> None:
    job = held(shop)
    client = Client(enforce_csrf_checks=True)
    assert client.post(path_of(job), {"decision": "approved"}).status_code == 403
    job.refresh_from_db()
    assert job.status == Status.NEEDS_APPROVAL


@pytest.mark.once
def test_an_answer_that_is_none_decides_nothing(shop: Shop) -> None:
    job = held(shop)
    for answer in ({}, {"decision": "replaced"}, {"decision": "yes"}):
        assert Client().post(path_of(job), answer).status_code == 400
    job.refresh_from_db()
    assert job.status == Status.NEEDS_APPROVAL


def test_the_same_plan_of_a_newer_run_is_what_the_link_decides_about(shop: Shop) -> None:
    old = held(shop)
    path = path_of(old)
    new = replaced(old, shop)
    assert Client().post(path, {"decision": "approved"}).status_code == 200
    new.refresh_from_db()
    assert new.decision == Decision.APPROVED


@pytest.mark.once
def test_another_plan_is_not_opened_by_the_link_of_the_one_before(shop: Shop) -> None:
    old = held(shop)
    path = path_of(old)
    new = replaced(old, shop, plan_hash="b" * 64)
    for method in ("get", "post"):
        assert getattr(Client(), method)(path, {"decision": "approved"}).status_code == 410
    new.refresh_from_db()
    assert new.status == Status.NEEDS_APPROVAL


@pytest.mark.once
def test_a_plan_that_was_dropped_and_comes_again_needs_a_new_link(shop: Shop) -> None:
    first = held(shop)
    oldest = path_of(first)
    second = replaced(first, shop)
    path = path_of(second)
    reject_job(second, by=shop.user)
    again = held(shop)
    for used in (oldest, path):
        assert Client().post(used, {"decision": "approved"}).status_code == 410
    again.refresh_from_db()
    assert again.status == Status.NEEDS_APPROVAL
    assert Client().post(path_of(again), {"decision": "approved"}).status_code == 200


def _ends_by_password(shop: Shop) -> None:
    shop.user.set_password("another long password")
    shop.user.save()


def _ends_by_logging_out_everywhere(shop: Shop) -> None:
    end_sessions(shop.user)


def _ends_by_closure(shop: Shop) -> None:
    shop.user.is_active = False
    shop.user.save()


def _ends_by_another_email(shop: Shop) -> None:
    shop.user.email = "another@example.com"
    shop.user.save()


def _ends_by_unlinking_the_chat(shop: Shop) -> None:
    NotificationChannel.objects.for_user(shop.user).delete()


@pytest.mark.parametrize(
    "end",
    [
        _ends_by_password,
        _ends_by_logging_out_everywhere,
        _ends_by_closure,
        _ends_by_another_email,
        _ends_by_unlinking_the_chat,
    ],
)
def test_the_link_ends_with_the_login_the_account_and_the_chat(shop: Shop, end: Any) -> None:
    NotificationChannel.objects.create(user=shop.user, kind=ChannelKind.TELEGRAM, key="telegram:1")
    job = held(shop)
    path = path_of(job)
    end(shop)
    assert Client().get(path).status_code == 410
    assert Client().post(path, {"decision": "approved"}).status_code == 410
    job.refresh_from_db()
    assert job.status == Status.NEEDS_APPROVAL


def test_a_link_ends_after_a_day_and_with_its_plan(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    job = held(shop)
    token = path_of(job).split("/")[2]
    now = timezone.now()
    assert decision_links.find(token, now=now + PLAN_LASTS - timedelta(minutes=1)) is not None
    assert decision_links.find(token, now=now + PLAN_LASTS) is None
    assert decision_links.find(token, now=now - timedelta(minutes=2)) is None
    SyncJob.objects.filter(pk=job.pk).update(finished_at=now - PLAN_LASTS)
    before = SyncJob.objects.count()
    assert Client().post(path_of(job), {"decision": "approved"}).status_code == 410
    assert SyncJob.objects.count() == before


def test_no_part_of_a_link_can_be_exchanged(shop: Shop, other_shop: Shop) -> None:
    mine, theirs = held(shop), held(other_shop)
    run, second, channel, signature = path_of(mine).split("/")[2].split("-")
    forged = [
        f"{theirs.pk}-{second}-{channel}-{signature}",
        f"{run}-{int(second) + 1}-{channel}-{signature}",
        f"{run}-{second}-email-{signature}",
        f"{run}-{second}-{channel}-{'0' * 64}",
        f"{run}-{second}-{channel}",
        f"{run}-{second}-{channel}-{signature}0",
        f"{'9' * 18}-{second}-{channel}-{signature}",
        f"{run}-999999999999-{channel}-{signature}",
        "x",
    ]
    for token in forged:
        answer = Client().post(reverse("syncing:decide", args=[token]), {"decision": "approved"})
        assert answer.status_code == 410, token
    for job in (mine, theirs):
        job.refresh_from_db()
        assert job.status == Status.NEEDS_APPROVAL
    assert not SecurityEvent.objects.exists()
