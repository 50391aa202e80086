"""The first page: accuracy, runs, what needs a hand."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.timezone import localtime

from connections.models import EvotorConnection, VkConnection
from evosync.common.times import format_time
from syncing.jobs.schedule import next_scheduled_run, second_of_hour
from syncing.models import Listing, SyncJob, SyncJobItem
from syncing.web.presenters.dashboard import Accuracy, dashboard
from tests.web.shop import Shop


def _page(owner: Client) -> str:
    """Return the first page with every space, no-break ones too, as one plain space."""
    html = owner.get(reverse("syncing:dashboard")).content.decode()
    return " ".join(html.replace("&nbsp;", " ").split())


@pytest.mark.once
def test_accuracy_counts_goods_that_agree(owner: Client, shop: Shop) -> None:
    shop.list(shop.milk, vk_item_id=502, last_error="vk.100")
    html = _page(owner)
    assert "50.0 %" in html
    assert "1 of 2 items in VK agree with the till" in html


@pytest.mark.once
def test_accuracy_is_never_rounded_up_to_all() -> None:
    with translation.override("ru"):
        assert Accuracy(9_999, 10_000, None).percent == "99,9"
    with translation.override("en"):
        assert Accuracy(9_999, 10_000, None).percent == "99.9"
        assert Accuracy(10_000, 10_000, None).percent == "100"
        assert Accuracy(0, 0, None).percent == ""


@pytest.mark.once
def test_goods_that_the_run_has_still_to_make_count_as_not_there_yet(owner: Client, shop: Shop) -> None:
    """The map has rows for the goods that are being made now, and none for those that come later."""
    job = shop.job(SyncJob.Status.RUNNING, total=5, done=1)
    shop.item(job, shop.bread, action="create", result="done")
    shop.list(shop.milk, state=Listing.State.CREATING)
    for _number in range(3):
        shop.item(job, shop.milk, action="create", result="planned")
    shop.item(job, shop.bread, action="update", result="planned")
    html = _page(owner)
    assert "1 of 4 items in VK agree with the till" in html
    assert "25.0 %" in html


def test_goods_that_wait_for_an_answer_do_not_agree(owner: Client, shop: Shop) -> None:
    """A run has just found that they differ, and nothing is written before the merchant's yes."""
    shop.list(shop.milk, vk_item_id=502)
    job = shop.job(SyncJob.Status.NEEDS_APPROVAL)
    shop.item(job, shop.milk, action="update", result="planned")
    gone = shop.item(job, shop.milk, action="hide", result="planned")
    SyncJobItem.objects.filter(pk=gone.pk).update(product=None)
    assert "1 of 2 items in VK agree with the till" in _page(owner)

    SyncJob.objects.filter(pk=job.pk).update(status=SyncJob.Status.CANCELLED)
    assert "2 of 2 items in VK agree with the till" in _page(owner)


@pytest.mark.once
def test_goods_that_a_stopped_first_run_began_are_not_said_to_be_in_vk(owner: Client, shop: Shop) -> None:
    Listing.objects.all().delete()
    shop.job(SyncJob.Status.CANCELLED, stop_requested=True)
    shop.list(shop.milk, state=Listing.State.CREATING)
    assert "No goods in VK yet" in _page(owner)


@pytest.mark.parametrize("ended", [SyncJob.Status.CANCELLED, SyncJob.Status.FAILED])
def test_a_first_run_that_ended_early_goes_on_by_the_one_button_that_stands_out(
    owner: Client, shop: Shop, ended: str
) -> None:
    shop.switch_on()
    Listing.objects.all().delete()
    stopped = shop.job(ended)
    html = _page(owner)
    assert "Everything runs by itself" not in html
    assert "The first run is not finished" in html
    assert html.count("btn-primary") == 1
    run = reverse("syncing:run")
    assert re.search(
        rf'<form method="post" action="{run}".{{0,400}}btn-primary">Go on with the first run<', html
    )

    owner.post(run)
    assert SyncJob.objects.active().exclude(pk=stopped.pk).exists()
    assert "The first run is not finished" not in _page(owner)


@pytest.mark.once
def test_a_stopped_run_of_a_shop_with_goods_needs_nothing(owner: Client, shop: Shop) -> None:
    shop.switch_on()
    shop.job(SyncJob.Status.CANCELLED)
    assert "Everything runs by itself" in _page(owner)


@pytest.mark.once
def test_a_held_plan_is_what_the_page_leads_to(owner: Client, shop: Shop) -> None:
    shop.switch_on()
    job = shop.job(SyncJob.Status.NEEDS_APPROVAL)
    link = f'<a class="btn btn-primary" href="{reverse("syncing:job", args=[job.pk])}">Look and decide</a>'
    assert link in _page(owner)


@pytest.mark.once
def test_hidden_goods_do_not_spoil_the_accuracy(owner: Client, shop: Shop) -> None:
    shop.list(shop.milk, vk_item_id=502, state=Listing.State.HIDDEN)
    assert "100 %" in _page(owner)


@pytest.mark.once
def test_goods_on_sale_that_have_left_the_till_do_not_agree(owner: Client, shop: Shop) -> None:
    shop.list(shop.milk, vk_item_id=502)
    shop.milk.missing_since = shop.now
    shop.milk.save()
    assert "50.0 %" in _page(owner)


@pytest.mark.once
def test_a_newcomer_is_led_to_the_first_steps(owner: Client, shop: Shop) -> None:
    start = reverse("connections:onboarding")
    shop.config.confirmed_at = None
    shop.config.save()
    assert start in _page(owner)
    shop.config.confirmed_at = shop.now
    shop.config.save()
    assert start not in _page(owner)


@pytest.mark.once
def test_a_calm_shop_needs_nothing(owner: Client, shop: Shop) -> None:
    shop.config.is_enabled, shop.config.confirmed_at = True, shop.now
    shop.config.save()
    html = _page(owner)
    assert "Everything runs by itself" in html
    begins = localtime(next_scheduled_run(shop.user.pk, now=timezone.now()))
    assert f'<span class="es-tile-value">{begins:%H:%M}</span>' in html


@pytest.mark.once
def test_the_next_run_keeps_the_merchants_own_minute_of_the_hour() -> None:
    now = datetime(2026, 3, 1, 12, 10, tzinfo=UTC)
    for user_id in range(1, 200):
        moment = next_scheduled_run(user_id, now=now)
        assert now < moment <= now + timedelta(hours=1)
        assert moment.minute * 60 + moment.second == second_of_hour(user_id)
        assert next_scheduled_run(user_id, now=moment) == moment + timedelta(hours=1)


def test_the_next_run_comes_as_late_as_the_merchant_chose(owner: Client, shop: Shop) -> None:
    shop.config.compare_every_hours, shop.config.is_enabled, shop.config.confirmed_at = 24, True, shop.now
    shop.config.save()
    job = shop.job(triggered_by=SyncJob.Trigger.SCHEDULE)
    begins = next_scheduled_run(shop.user.pk, now=timezone.now(), every_hours=24, last=job.created_at)
    assert begins - job.created_at >= timedelta(hours=23, minutes=30)
    with translation.override("en"):
        told = date_format(localtime(begins), "j E, H:i")
    assert f"{told}</span>" in _page(owner)
    assert "once a day" in owner.get(reverse("syncing:sync")).content.decode()


@pytest.mark.once
def test_no_next_run_is_shown_while_a_connection_is_offline(owner: Client, shop: Shop) -> None:
    shop.config.is_enabled, shop.config.confirmed_at = True, shop.now
    shop.config.save()
    shop.user.vk_connection.is_online = False
    shop.user.vk_connection.save()
    html = _page(owner)
    assert "until both connections are online" in html
    assert "or at once" not in html


@pytest.mark.once
def test_what_needs_a_hand_is_named_with_its_link(owner: Client, shop: Shop) -> None:
    shop.user.vk_connection.is_online = False
    shop.user.vk_connection.last_error = "vk.5"
    shop.user.vk_connection.save()
    asking = shop.job(SyncJob.Status.NEEDS_APPROVAL)
    shop.list(shop.milk, last_error="vk.100", state=Listing.State.FAILED)
    html = _page(owner)
    assert "VK is offline" in html
    assert reverse("syncing:job", args=[asking.pk]) in html
    assert "VK refused 1 item" in html


@pytest.mark.once
def test_another_shop_changes_nothing_here(owner: Client, other_shop: Shop) -> None:
    other_shop.job(SyncJob.Status.FAILED, error_code="vk.5")
    html = _page(owner)
    assert "The last run failed" not in html
    assert "100 %" in html


@pytest.mark.once
def test_the_page_carries_no_inline_style_or_script(owner: Client, shop: Shop) -> None:
    shop.job(items_updated=1, done=1, finished_at=shop.now - timedelta(days=1))
    shop.job(items_updated=1, done=1)
    html = _page(owner)
    assert "<rect" in html
    assert "style=" not in html
    assert "onclick" not in html


@pytest.mark.once
def test_what_is_neither_in_the_till_nor_in_vk_is_not_shown_as_a_problem(owner: Client, shop: Shop) -> None:
    shop.list(shop.milk, vk_item_id=None, last_error="vk.100", state=Listing.State.FAILED)
    shop.milk.missing_since = shop.now
    shop.milk.save()
    html = _page(owner)
    assert "VK refused" not in html
    assert "1 of 1 item in VK agrees with the till" in html


def test_a_store_that_was_not_read_to_the_end_is_named(owner: Client, shop: Shop) -> None:
    store = shop.milk.store
    store.problem = "evotor.http_502"
    store.save()
    html = _page(owner)
    assert f"The store “{store.name}” was not read to the end" in html
    assert "Nothing. Everything runs by itself." not in html


@pytest.mark.once
def test_the_first_page_asks_few_questions_while_a_run_is_at_work(
    owner: Client, shop: Shop, django_assert_max_num_queries: Any
) -> None:
    shop.switch_on()
    shop.job()
    shop.job(SyncJob.Status.RUNNING)
    with django_assert_max_num_queries(15):
        assert owner.get("/").status_code == 200


@pytest.mark.parametrize("hours", [5, 23])
def test_a_pause_that_vk_asks_for_is_told_with_its_end(owner: Client, shop: Shop, hours: int) -> None:
    shop.switch_on()
    until = shop.now + timedelta(hours=hours)
    VkConnection.objects.filter(user=shop.user).update(paused_until=until)
    for page in ("syncing:dashboard", "syncing:sync", "connections:index"):
        html = owner.get(reverse(page)).content.decode()
        assert f"VK asked us to wait until {format_time(until)}." in html
    assert dashboard(shop.user, now=shop.now).next_run == until
    VkConnection.objects.filter(user=shop.user).update(paused_until=shop.now - timedelta(minutes=1))
    for page in ("syncing:dashboard", "syncing:sync"):
        assert "asked us to wait" not in owner.get(reverse(page)).content.decode()
    EvotorConnection.objects.filter(user=shop.user).update(paused_until=until)
    for page in ("syncing:dashboard", "syncing:sync"):
        html = owner.get(reverse(page)).content.decode()
        assert f"Evotor asked us to wait until {format_time(until)}." in html


LOST: dict[str, Callable[[Shop], object]] = {
    "vk's token refused": lambda shop: VkConnection.objects.update(is_online=False, last_error="vk.5"),
    "till's token refused": lambda shop: EvotorConnection.objects.update(
        is_online=False, last_error="evotor.401"
    ),
    "rights missing": lambda shop: VkConnection.objects.update(
        is_online=False, last_error="vk_id.no_market_right"
    ),
    "community gone": lambda shop: VkConnection.objects.update(is_online=False, last_error="vk.203"),
    "no vk": lambda shop: VkConnection.objects.all().delete(),
    "no till": lambda shop: EvotorConnection.objects.all().delete(),
    "neither": lambda shop: (EvotorConnection.objects.all().delete(), VkConnection.objects.all().delete()),
}


@pytest.mark.once
@pytest.mark.parametrize("lost", LOST)
def test_no_share_is_shown_while_vk_cannot_follow_the_till(owner: Client, shop: Shop, lost: str) -> None:
    shop.switch_on()
    shop.job()
    assert "100 %" in _page(owner)
    LOST[lost](shop)

    html = _page(owner)

    assert "100 %" not in html
    assert "VK does not follow the till now" in html
    assert "Your goods in VK stay as they are." in html
    assert ("1 of 1 item agreed with the till" in html) is VkConnection.objects.exists()
    assert f'<a class="btn btn-primary" href="{reverse("connections:index")}">' in html
    assert "Go to sync" not in html
    assert ("goods are ready" in html) is (
        VkConnection.objects.exists() and EvotorConnection.objects.exists()
    )
