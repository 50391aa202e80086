"""The first page's charts: goods in VK, changes sent, accuracy, by day, out of what the runs keep."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from syncing.choices import JobPhase
from syncing.models import SyncJob
from syncing.web.presenters.shop_days import DAYS, ShopDays, shop_days
from tests.web.shop import Shop

Status = SyncJob.Status


def run(shop: Shop, *, back: int = 0, **fields: Any) -> SyncJob:
    """Add a run that ended some days ago."""
    status = fields.pop("status", Status.SUCCESS)
    noon = timezone.localtime(shop.now).replace(hour=12)
    return shop.job(status, finished_at=noon - timedelta(days=back), **fields)


def days_of(shop: Shop) -> ShopDays:
    with translation.override("en"):
        return shop_days(shop.user, now=timezone.localtime(shop.now).replace(hour=23))


@pytest.mark.once
def test_a_day_has_what_its_last_run_left_and_what_all_its_runs_sent(shop: Shop) -> None:
    run(shop, items_unchanged=90, items_created=10, done=10)
    run(shop, items_unchanged=97, items_updated=1, items_hidden=2, done=4, error_count=1)
    today = days_of(shop).days[-1]
    assert (today.in_vk, today.changes) == (98, 13)
    assert (today.agreed, today.compared) == (200, 201)
    with translation.override("en"):
        assert today.share == "99.5"


@pytest.mark.once
def test_a_run_that_failed_tells_what_it_sent_and_nothing_else(shop: Shop) -> None:
    run(shop, items_unchanged=50)
    run(shop, status=Status.FAILED, items_unchanged=0, done=3, items_created=3)
    today = days_of(shop).days[-1]
    assert (today.in_vk, today.changes, today.agreed, today.compared) == (50, 3, 50, 50)


@pytest.mark.once
def test_goods_of_a_long_upload_are_counted_once(shop: Shop) -> None:
    """Its later slices find unchanged what the earlier ones have made."""
    run(shop, phase=JobPhase.BULK, items_unchanged=400, items_created=430, done=430)
    assert days_of(shop).days[-1].in_vk == 430
    run(shop, items_unchanged=430)
    run(shop, phase=JobPhase.BULK, items_unchanged=440, items_created=26, done=26)
    assert days_of(shop).days[-1].in_vk == 430


@pytest.mark.once
def test_days_are_local_and_end_after_thirty(shop: Shop) -> None:
    run(shop, back=DAYS, items_unchanged=1)
    run(shop, back=DAYS - 1, items_unchanged=2)
    midnight = timezone.localtime(shop.now).replace(hour=0, minute=0, second=0, microsecond=0)
    shop.job(Status.SUCCESS, finished_at=midnight - timedelta(seconds=1), items_unchanged=3)
    shop.job(Status.SUCCESS, finished_at=midnight, items_unchanged=4)
    days = days_of(shop).days
    assert [day.in_vk for day in days if day.in_vk] == [2, 3, 4]
    assert [days[0].in_vk, days[-2].in_vk, days[-1].in_vk] == [2, 3, 4]
    assert days[-1].date == timezone.localtime(shop.now).date()


def test_lines_break_where_no_run_says_and_stand_within_the_picture(shop: Shop) -> None:
    for back, count in ((5, 10), (4, 30), (1, 20), (0, 20)):
        run(shop, back=back, items_unchanged=count, done=count)
    goods, changes, accuracy = days_of(shop).charts
    assert len(goods.lines) == 2
    assert (goods.now, goods.lowest, goods.highest) == ("20", "10", "30")
    assert goods.told == "Goods in VK: 20 now, from 10 to 30 in 30 days"
    points = [tuple(map(float, point.split(","))) for line in goods.lines for point in line.split()]
    assert all(0 <= x <= 300 and 0 < y < 60 for x, y in points)
    assert [bar.height for bar in changes.bars] == [18, 54, 36, 36]
    assert accuracy.now == "100 %"


@pytest.mark.once
def test_one_day_is_told_in_numbers_and_drawn_from_the_second_on(owner: Client, shop: Shop) -> None:
    shop.config.confirmed_at = shop.now
    shop.config.save()
    run(shop, back=0, items_unchanged=363)
    first = owner.get(reverse("syncing:dashboard")).content.decode()
    days = first.partition("The last 30 days")[2].partition("</section>")[0]
    assert "363" in days
    assert "once there are syncs of two days" in days
    assert "<svg class=" not in days

    run(shop, back=1, items_unchanged=360)
    second = owner.get(reverse("syncing:dashboard")).content.decode()
    days = second.partition("The last 30 days")[2].partition("</section>")[0]
    assert days.count("<svg class=") == 3
    assert "once there are syncs of two days" not in days


@pytest.mark.once
def test_a_shop_without_a_run_reads_what_will_be_here(owner: Client, shop: Shop) -> None:
    assert days_of(shop).charts == []
    shop.config.confirmed_at = shop.now
    shop.config.save()
    page = owner.get(reverse("syncing:dashboard")).content.decode()
    assert "From the first run on you see here" in page
    assert "<svg class=" not in page.partition("The last 30 days")[2].partition("</section>")[0]


@pytest.mark.once
def test_the_page_tells_each_day_in_a_table_too(owner: Client, shop: Shop) -> None:
    run(shop, back=1, items_unchanged=1)
    run(shop, items_unchanged=1200, items_updated=34, done=34)
    page = owner.get(reverse("syncing:dashboard")).content.decode()
    cells = re.findall(r"<t[hd][^>]*>([^<]*)</t[hd]>", page.partition("The same as a table")[2])
    assert cells[:4] == ["Day", "Goods in VK", "Changes sent", "Agreed with the till in a day"]
    assert cells[5:8] == ["1,234", "34", "100 %"]


@pytest.mark.once
def test_thousands_of_runs_are_one_question(shop: Shop) -> None:
    from django.db import connection

    SyncJob.objects.bulk_create(
        SyncJob(
            user=shop.user,
            status=Status.SUCCESS,
            triggered_by="webhook",
            finished_at=shop.now - timedelta(minutes=number),
            items_unchanged=10,
        )
        for number in range(3000)
    )
    with CaptureQueriesContext(connection) as queries:
        assert days_of(shop).days[-1].in_vk == 10
    assert len(queries) == 1
