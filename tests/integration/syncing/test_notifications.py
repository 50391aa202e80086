"""Emails about runs: one a trouble, one when it is over, none lost, none in a storm."""

import threading
from datetime import timedelta
from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
from django.core import mail
from django.db import connections
from django.utils import timezone

from accounts.models import User
from evosync.common.email import send_plain_email
from sandbox import Sandbox
from sandbox.mailbox import Mailbox
from syncing.choices import DeliveryState
from syncing.jobs.approval import approve_job, reject_job
from syncing.models import Notification, NotificationDelivery, SyncJob
from syncing.services import channels, delivery_messages, delivery_sender, notifications
from syncing.services.delivery_sender import send_due
from tests.integration.syncing.running import ITEMS, carry_on, first_run, put_goods, reprice, run

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("site")]

Status, Trouble = SyncJob.Status, Notification.Trouble
NO_MAIL_SERVER = 1


def emails() -> list[str]:
    """Send what is due and return the subjects of all emails up to now."""
    send_due(timezone.now())
    return [str(message.subject) for message in mail.outbox]


@pytest.fixture
def away(settings: Any) -> None:
    """Point the site at a port on which no mail server answers."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", NO_MAIL_SERVER


@pytest.mark.once
def test_a_run_that_asks_is_told_once_with_numbers_and_the_way_to_decide(
    user: User, box: Sandbox, site: str
) -> None:
    first_run(box, user)
    reprice(box, by=50)
    run(user)
    newest = run(user)
    assert emails() == ["EvoSync: a run waits for your answer"]
    run(user)
    assert len(emails()) == 1
    message = mail.outbox[0]
    assert message.to == [user.email]
    assert f"{ITEMS} of {ITEMS} prices would change" in message.body
    assert f"{site}/history/{newest.pk}/" in message.body
    assert "can be approved until" in message.body
    assert not getattr(message, "alternatives", [])


@pytest.mark.once
def test_an_answered_question_needs_no_second_email(user: User, box: Sandbox) -> None:
    first_run(box, user)
    reprice(box, by=50)
    job = run(user)
    emails()
    approve_job(job, by=user)
    carry_on(user)
    assert len(emails()) == 1
    assert not Notification.objects.open().exists()


@pytest.mark.once
def test_a_dropped_plan_that_comes_again_is_no_news(user: User, box: Sandbox) -> None:
    first_run(box, user)
    reprice(box, by=50)
    reject_job(run(user), by=user)
    emails()
    assert run(user).status == Status.NEEDS_APPROVAL
    assert len(emails()) == 1


@pytest.mark.once
def test_a_question_that_goes_by_itself_is_taken_back(user: User, box: Sandbox) -> None:
    first_run(box, user)
    reprice(box, by=50)
    run(user)
    emails()
    reprice(box, by=-50)
    run(user)
    assert emails() == ["EvoSync: a run waits for your answer", "EvoSync: nothing to decide any more"]


@pytest.mark.once
def test_refused_goods_are_counted_named_and_explained_then_told_to_be_right(
    user: User, box: Sandbox, site: str
) -> None:
    box.vk.fault("error", code=100, nth=7, method="market.add")
    job = run(user)
    assert job.status == Status.PARTIAL
    assert emails() == ["EvoSync: VK refused 1 item"]
    refused = job.items.failed().get()
    assert f"- {refused.product_name}" in mail.outbox[0].body
    assert "What to do?" in mail.outbox[0].body
    assert f"{site}/history/{job.pk}/" in mail.outbox[0].body
    assert run(user).status == Status.SUCCESS
    assert emails()[1:] == ["EvoSync: all goods are right again"]


def test_a_run_of_nothing_but_poison_is_one_email_and_so_are_the_runs_after_it(
    user: User, box: Sandbox
) -> None:
    put_goods(box, 30, name="Тарелка")
    box.vk.fault("error", code=100, times=0, method="market.add")
    for _hour in range(3):
        job = run(user)
        assert (job.status, job.items_created) == (Status.PARTIAL, 0)
        emails()
    assert len(mail.outbox) == 1
    assert Notification.objects.count() == 1


def test_one_failed_run_is_no_email_two_are_one_and_the_recovery_is_told(user: User, box: Sandbox) -> None:
    first_run(box, user)
    box.evotor.fault("http", status=500, times=0, method="products")
    assert run(user, trigger=SyncJob.Trigger.COMMAND).status == Status.FAILED
    assert emails() == []
    for _hour in range(3):
        run(user, trigger=SyncJob.Trigger.COMMAND)
        emails()
    assert emails() == ["EvoSync: your shop in VK is not being kept up to date"]
    box.evotor.faults.clear()
    run(user)
    assert emails()[1:] == ["EvoSync: your shop in VK is kept up to date again"]


def test_a_dead_token_is_told_by_the_connection_and_not_twice(user: User, box: Sandbox) -> None:
    box.vk.revoke_token()
    for _hour in range(3):
        assert run(user).status == Status.FAILED
    assert not Notification.objects.exists()


@pytest.mark.once
def test_a_mail_server_that_is_away_harms_no_run_and_gets_the_email_later(
    user: User, box: Sandbox, away: None, settings: Any
) -> None:
    first_run(box, user)
    reprice(box, by=50)
    assert run(user).status == Status.NEEDS_APPROVAL
    now = timezone.now()
    assert send_due(now) == 0
    assert Notification.objects.get().sent_at is None
    assert send_due(now + timedelta(minutes=1)) == 0
    assert NotificationDelivery.objects.get().tries == 1
    with Mailbox() as mailbox:
        settings.EMAIL_PORT = mailbox.smtp_port
        assert send_due(now + timedelta(minutes=6)) == 1
        assert [found.subject for found in mailbox.mails] == ["EvoSync: a run waits for your answer"]
    assert send_due(now + timedelta(days=1)) == 0


@pytest.mark.once
def test_a_trouble_that_ends_before_its_email_could_be_sent_is_never_told(
    user: User, box: Sandbox, away: None, settings: Any
) -> None:
    box.vk.fault("error", code=100, nth=7, method="market.add")
    run(user)
    send_due(timezone.now())
    run(user)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert send_due(timezone.now() + timedelta(days=1)) == 0


def test_a_trouble_that_comes_and_goes_is_told_once_in_six_hours(user: User, box: Sandbox) -> None:
    for _hour in range(3):
        box.vk.fault("error", code=100, nth=1, method="market.add")
        box.evotor.add_product(next(iter(box.evotor.stores)), f"Чашка {_hour}", price=10, quantity=1)
        assert run(user).status == Status.PARTIAL
        emails()
        assert run(user).status == Status.SUCCESS
        emails()
    assert len(mail.outbox) == 2


@pytest.mark.once
def test_a_mail_server_that_is_away_is_not_asked_for_every_merchant(
    user: User, away: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(10):
        other = User.objects.create_user(f"m{number}@example.com")
        Notification.objects.create(user=other, trouble=Trouble.FAILED, open_key=f"{other.pk}:failed")
    asked = []

    def gone(to: str, subject: str, body: str) -> None:
        asked.append(to)
        raise SMTPServerDisconnected("away")

    monkeypatch.setattr(channels, "send_plain_email", gone)
    assert send_due(timezone.now()) == 0
    assert len(asked) == delivery_sender.MOST_FAILURES


@pytest.mark.once
def test_an_email_that_cannot_be_written_does_not_hold_up_the_others(
    user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        other = User.objects.create_user(f"m{number}@example.com")
        Notification.objects.create(user=other, trouble=Trouble.FAILED, open_key=f"{other.pk}:failed")
    write = notifications.message_of

    def spoilt(notification: Notification, kind: str) -> notifications.Message:
        if notification.user.email == "m0@example.com":
            raise ValueError("spoilt")
        return write(notification, kind)

    monkeypatch.setattr(delivery_messages, "message_of", spoilt)
    assert send_due(timezone.now()) == 2
    assert {message.to[0] for message in mail.outbox} == {"m1@example.com", "m2@example.com"}


@pytest.mark.mariadb
def test_many_workers_send_one_email(user: User) -> None:
    Notification.objects.create(user=user, trouble=Trouble.FAILED, open_key=f"{user.pk}:failed")
    now, start = timezone.now(), threading.Barrier(8)

    def work() -> None:
        start.wait()
        send_due(now)
        connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("arrived", [True, False])
def test_a_worker_that_is_killed_while_it_sends_leaves_no_second_email(
    user: User, monkeypatch: pytest.MonkeyPatch, *, arrived: bool
) -> None:
    Notification.objects.create(user=user, trouble=Trouble.FAILED, open_key=f"{user.pk}:failed")
    now = timezone.now()
    send = send_plain_email

    def killed(to: str, subject: str, body: str) -> None:
        if arrived:
            send(to, subject, body)
        raise SystemExit

    monkeypatch.setattr(channels, "send_plain_email", killed)
    with pytest.raises(SystemExit):
        send_due(now)
    monkeypatch.undo()
    assert send_due(now + timedelta(minutes=9)) == 0
    assert NotificationDelivery.objects.get().state == DeliveryState.SENDING
    assert send_due(now + timedelta(minutes=11)) == 0
    assert send_due(now + timedelta(days=1)) == 0
    assert NotificationDelivery.objects.get().state == DeliveryState.UNSURE
    assert len(mail.outbox) == int(arrived)


def test_who_wants_no_emails_gets_none(user: User, box: Sandbox) -> None:
    User.objects.filter(pk=user.pk).update(wants_notifications=False)
    box.vk.fault("error", code=100, nth=7, method="market.add")
    run(user)
    assert emails() == []
    assert Notification.objects.open().exists()


def test_the_email_is_in_the_merchants_language(user: User, box: Sandbox) -> None:
    User.objects.filter(pk=user.pk).update(language="ru")
    box.vk.fault("error", code=100, nth=7, method="market.add")
    run(user)
    send_due(timezone.now())
    assert "Кружка" in mail.outbox[0].body
    assert "vk.100" not in mail.outbox[0].body


@pytest.mark.once
def test_a_failure_to_record_notifications_leaves_the_run_as_it_ended(
    user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(job: SyncJob) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(notifications, "record_outcome", broken)
    assert run(user).status == Status.SUCCESS
