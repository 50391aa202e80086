"""A merchant who closes the account has the goods hidden or removed first, whatever fails on the way."""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.core.mail import EmailMessage
from django.utils import timezone, translation

from accounts.choices import ItemsAfterClosure
from accounts.models import User
from accounts.services import close_account
from accounts.signals import ClosingRefused
from connections.models import VkConnection
from sandbox import Sandbox
from syncing import queue
from syncing.jobs import account_closure
from syncing.jobs import lifecycle as jobs
from syncing.jobs.account_closure import advance_closure
from syncing.jobs.lifecycle import claim, request_sync
from syncing.models import AccountClosure, Listing, SyncConfig, SyncJob
from syncing.services.errors import CannotSync
from syncing.tasks import advance_closures, run_sync_for_user, send_closure_email
from tests.integration.syncing.running import ITEMS, carry_on, first_run

pytestmark = pytest.mark.django_db(transaction=True)

Status = SyncJob.Status


@pytest.fixture
def shop(user: User, box: Sandbox, emails: None) -> User:
    """Return the merchant with thirty mugs in VK beside one item made there by hand."""
    first_run(box, user)
    box.vk.merchant.create_item("Шарф ручной работы")
    assert len(box.vk.live_items()) == ITEMS + 1
    return user


@pytest.fixture
def emails(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the last email be written at once, not by a worker."""
    monkeypatch.setattr(queue, "enqueue_closure_email", send_closure_email.fn)


def shown(box: Sandbox) -> list[str]:
    """Return the names that buyers see."""
    return sorted(item.title for item in box.vk.live_items() if not item.hidden)


def is_gone(user: User) -> bool:
    return not User.objects.filter(pk=user.pk).exists()


def later(minutes: int) -> None:
    """Let so much time pass for the merchant's job."""
    past = timezone.now() - timedelta(minutes=minutes)
    SyncJob.objects.active().update(not_before=past, heartbeat_at=past)
    AccountClosure.objects.update(asked_at=past)


@pytest.mark.once
def test_hidden_goods_stay_in_vk_unseen_and_the_account_goes(
    shop: User, box: Sandbox, mailoutbox: list[EmailMessage]
) -> None:
    assert close_account(shop, goods=ItemsAfterClosure.HIDE) is False
    shop.refresh_from_db()
    assert not shop.is_active
    assert not SyncConfig.objects.get(user=shop).is_enabled
    run_sync_for_user(shop.pk)
    assert is_gone(shop)
    assert shown(box) == ["Шарф ручной работы"]
    assert len(box.vk.items) == ITEMS + 1
    assert [message.to for message in mailoutbox] == [["shop@example.com"]]
    assert mailoutbox[0].subject == "EvoSync: your account is deleted"
    assert f"{ITEMS} items were hidden in VK before" in mailoutbox[0].body


@pytest.mark.once
def test_removed_goods_are_gone_and_handmade_ones_untouched(
    shop: User, box: Sandbox, mailoutbox: list[EmailMessage]
) -> None:
    handmade = next(item for item in box.vk.live_items() if item.hand_made)
    before = vars(handmade).copy() if hasattr(handmade, "__dict__") else handmade.title
    close_account(shop, goods=ItemsAfterClosure.REMOVE)
    run_sync_for_user(shop.pk)
    assert is_gone(shop)
    assert [item.title for item in box.vk.live_items()] == ["Шарф ручной работы"]
    assert (vars(handmade) if hasattr(handmade, "__dict__") else handmade.title) == before
    assert f"{ITEMS} items were removed from VK before" in mailoutbox[0].body


@pytest.mark.once
def test_goods_that_are_left_stay_as_they_are(shop: User, box: Sandbox) -> None:
    box.vk.forget_calls()
    assert close_account(shop, goods=ItemsAfterClosure.LEAVE) is True
    assert is_gone(shop)
    assert box.vk.calls == []
    assert len(shown(box)) == ITEMS + 1


def test_who_has_nothing_in_vk_goes_at_once(user: User) -> None:
    assert close_account(user, goods=ItemsAfterClosure.REMOVE) is True
    assert is_gone(user)


def test_nothing_is_hidden_by_hand_or_by_us_twice(shop: User, box: Sandbox) -> None:
    first = min(box.vk.live_items(), key=lambda item: item.id)
    box.vk.merchant.hide_item(first.id)
    Listing.objects.filter(vk_item_id=first.id).update(
        state=Listing.State.HIDDEN, hidden_since=timezone.now() - timedelta(days=90)
    )
    close_account(shop, goods=ItemsAfterClosure.HIDE)
    job = carry_on(shop)
    assert (job.items_hidden, job.items_deleted) == (ITEMS - 1, 0)
    assert first.id in box.vk.items


def test_a_run_of_the_till_is_stopped_first_and_none_begins_after_it(shop: User, box: Sandbox) -> None:
    request_sync(shop, trigger=SyncJob.Trigger.MANUAL)
    running = claim(shop, now=timezone.now())
    assert running is not None
    close_account(shop, goods=ItemsAfterClosure.HIDE)
    assert AccountClosure.objects.get().job is None
    running.refresh_from_db()
    assert running.stop_requested
    with translation.override("en"), pytest.raises(CannotSync, match="being closed"):
        request_sync(shop, trigger=SyncJob.Trigger.SCHEDULE)
    advance_closures()
    assert AccountClosure.objects.get().job is None
    jobs.finish(running, status=Status.CANCELLED, code="stopped")
    advance_closures()
    job = AccountClosure.objects.select_related("job").get().job
    assert job is not None
    assert job.pk != running.pk
    run_sync_for_user(shop.pk)
    assert is_gone(shop)
    assert len(shown(box)) == 1


@pytest.mark.once
def test_a_waiting_run_gives_way_at_once(shop: User) -> None:
    waiting = request_sync(shop, trigger=SyncJob.Trigger.WEBHOOK, delay=timedelta(minutes=5))
    close_account(shop, goods=ItemsAfterClosure.REMOVE)
    waiting.refresh_from_db()
    assert waiting.status == Status.CANCELLED
    assert AccountClosure.objects.get().job is not None


def test_a_lost_answer_a_reset_and_a_dead_worker_lose_nothing(shop: User, box: Sandbox) -> None:
    box.vk.fault("reset_after", method="execute", nth=2)
    box.vk.fault("http", status=502, method="execute", nth=4)
    close_account(shop, goods=ItemsAfterClosure.REMOVE)
    for _slice in range(8):
        if is_gone(shop):
            break
        later(5)
        run_sync_for_user(shop.pk)
    assert is_gone(shop)
    assert len(shown(box)) == 1


def test_an_account_whose_worker_died_after_the_last_item_goes_by_the_sweeper(
    shop: User, mailoutbox: list[EmailMessage]
) -> None:
    close_account(shop, goods=ItemsAfterClosure.HIDE)
    assert carry_on(shop).status == Status.SUCCESS
    assert not is_gone(shop)
    advance_closures()
    assert is_gone(shop)
    advance_closures()
    assert not advance_closure(shop.pk, now=timezone.now())
    assert len(mailoutbox) == 1


def test_an_item_that_vk_refuses_is_named_in_the_email(
    shop: User, box: Sandbox, mailoutbox: list[EmailMessage]
) -> None:
    first = min(box.vk.live_items(), key=lambda item: item.id)
    box.vk.fault("error", code=100, method="market.delete", nth=1)
    close_account(shop, goods=ItemsAfterClosure.REMOVE)
    run_sync_for_user(shop.pk)
    assert is_gone(shop)
    body = mailoutbox[0].body
    assert f"{ITEMS - 1} items were removed" in body
    assert "VK refused 1 item" in body
    assert "- Кружка синяя" in body
    assert len(box.vk.live_items()) == 2
    assert first.title.startswith("Кружка")


def test_vk_that_shuts_us_out_gives_the_account_back_and_says_what_to_do(
    shop: User, box: Sandbox, mailoutbox: list[EmailMessage]
) -> None:
    close_account(shop, goods=ItemsAfterClosure.HIDE)
    box.vk.merchant.revoke_token()
    run_sync_for_user(shop.pk)
    shop.refresh_from_db()
    assert shop.is_active
    assert not AccountClosure.objects.exists()
    assert not SyncConfig.objects.get(user=shop).is_enabled
    message = next(message for message in mailoutbox if "could not be closed" in message.subject)
    assert "log in, connect VK again" in message.body
    with translation.override("en"), pytest.raises(ClosingRefused, match="Connect VK again"):
        close_account(shop, goods=ItemsAfterClosure.HIDE)
    shop.refresh_from_db()
    assert shop.is_active


@pytest.mark.once
def test_vk_that_is_away_is_asked_every_quarter_of_an_hour_and_not_for_ever(
    shop: User, box: Sandbox, mailoutbox: list[EmailMessage]
) -> None:
    box.vk.fault("http", status=502, times=10_000)
    close_account(shop, goods=ItemsAfterClosure.HIDE)
    jobs = []
    for _hour in range(2):
        carry_on(shop)
        advance_closure(shop.pk, now=timezone.now())
        job = AccountClosure.objects.select_related("job").get().job
        assert job is not None
        assert job.not_before is not None
        assert job.not_before > timezone.now() + timedelta(minutes=14)
        jobs.append(job.pk)
    assert all(one < other for one, other in pairwise(jobs))
    carry_on(shop)
    advance_closure(shop.pk, now=timezone.now() + account_closure.GIVE_UP_AFTER)
    shop.refresh_from_db()
    assert shop.is_active
    assert len(shown(box)) == ITEMS + 1
    assert [message.subject for message in mailoutbox] == ["EvoSync: your account could not be closed"]


def test_without_vk_the_account_stays_and_the_merchant_is_told_why(shop: User) -> None:
    VkConnection.objects.all().delete()
    with translation.override("en"), pytest.raises(ClosingRefused, match="leave the goods as they are"):
        close_account(shop, goods=ItemsAfterClosure.REMOVE)
    shop.refresh_from_db()
    assert shop.is_active
    assert not AccountClosure.objects.exists()


@pytest.mark.once
def test_another_merchants_goods_stay(shop: User, box: Sandbox) -> None:
    other = User.objects.create_user("other@example.com", "a-long-password")
    close_account(shop, goods=ItemsAfterClosure.REMOVE)
    run_sync_for_user(shop.pk)
    assert is_gone(shop)
    assert not is_gone(other)
