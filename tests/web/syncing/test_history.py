"""Runs, their items, progress and decisions."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from syncing.choices import ChannelKind
from syncing.core.choices import QuestionCode
from syncing.jobs.lifecycle import stop_job
from syncing.models import SyncJob, SyncJobItem
from syncing.services import decision_links
from syncing.web.presenters import history
from syncing.web.templatetags.shop import quantity
from tests.web.shop import Shop


def _url(name: str, job: SyncJob) -> str:
    return reverse(f"syncing:{name}", args=[job.pk])


@pytest.mark.once
def test_only_ones_own_runs_are_listed(owner: Client, shop: Shop, other_shop: Shop) -> None:
    mine, theirs = shop.job(), other_shop.job()
    html = owner.get(reverse("syncing:history")).content.decode()
    assert _url("job", mine) in html
    assert _url("job", theirs) not in html


def test_older_runs_are_on_the_next_page(owner: Client, shop: Shop) -> None:
    jobs = [shop.job() for _ in range(history.RUNS_PER_PAGE + 1)]
    first = owner.get(reverse("syncing:history")).content.decode()
    second = owner.get(reverse("syncing:history"), {"before": jobs[1].pk}).content.decode()
    assert f"?before={jobs[1].pk}" in first
    assert _url("job", jobs[0]) in second
    assert _url("job", jobs[0]) not in first


def test_an_item_tells_old_and_new_and_what_to_do(owner: Client, shop: Shop) -> None:
    job = shop.job(SyncJob.Status.PARTIAL)
    shop.item(job, shop.bread, changes={"price_kopecks": [10_000, 12_050]})
    shop.item(job, shop.milk, action="create", result="failed", error_code="vk.1405")
    html = owner.get(_url("job", job)).content.decode()
    assert "100\N{NO-BREAK SPACE}₽" in html
    assert "120.50\N{NO-BREAK SPACE}₽" in html
    line = history.item_page(job, result="failed").lines[0]
    assert line.error is not None
    assert line.error.next_step


@pytest.mark.once
def test_items_can_be_narrowed_to_a_result(owner: Client, shop: Shop) -> None:
    job = shop.job()
    shop.item(job, shop.bread)
    shop.item(job, shop.milk, result="failed", error_code="vk.100")
    html = owner.get(_url("job", job), {"result": "failed"}).content.decode()
    assert shop.milk.name in html
    assert shop.bread.name not in html


def test_a_running_job_is_polled_and_may_be_left(owner: Client, shop: Shop) -> None:
    started = timezone.now() - timedelta(seconds=60)
    job = shop.job(SyncJob.Status.RUNNING, phase="publish", total=100, done=25, started_at=started)
    publish(shop, job, planned_ago=60, done_ago=[30 - number for number in range(25)])
    page = owner.get(_url("job", job)).content.decode()
    fragment = owner.get(_url("job_progress", job)).content.decode()
    assert "You may close this page" in page
    assert 'hx-trigger="poll" data-poll' in fragment
    assert "25 of 100" in fragment
    assert "about 2 minutes left" in fragment


def test_the_rate_and_the_rest_come_from_what_vk_confirmed(shop: Shop) -> None:
    now = timezone.now()
    job = shop.job(SyncJob.Status.RUNNING, total=400, done=100, started_at=now - timedelta(seconds=50))
    publish(shop, job, planned_ago=20, done_ago=[0.2 * number for number in range(100)], now=now)
    progress = history.progress(job, now=now)
    assert (progress.percent, progress.per_minute) == (25, 300)
    assert progress.left == timedelta(seconds=60)


def test_the_time_before_the_first_item_does_not_lengthen_the_estimate(shop: Shop) -> None:
    now = timezone.now()
    job = shop.job(SyncJob.Status.RUNNING, total=439, done=50, started_at=now - timedelta(seconds=35))
    publish(shop, job, planned_ago=6, done_ago=[1] * 50, now=now)
    progress = history.progress(job, now=now)
    assert progress.left is not None
    assert progress.left < timedelta(seconds=60)


def test_the_pace_is_that_of_the_last_half_minute(shop: Shop) -> None:
    now = timezone.now()
    job = shop.job(SyncJob.Status.RUNNING, total=1000, done=230, started_at=now - timedelta(minutes=5))
    publish(shop, job, planned_ago=280, done_ago=[200] * 200 + [10] * 30, now=now)
    assert history.progress(job, now=now).per_minute == 60


@pytest.mark.once
def test_a_run_that_has_ended_has_no_pace(shop: Shop) -> None:
    now = timezone.now()
    job = shop.job(total=400, done=100, started_at=now - timedelta(seconds=50))
    publish(shop, job, planned_ago=20, done_ago=[0.2 * number for number in range(100)], now=now)
    assert history.progress(job, now=now).per_minute is None


def publish(
    shop: Shop, job: SyncJob, *, planned_ago: float, done_ago: Sequence[float], now: datetime | None = None
) -> None:
    """Plan one more item than VK has answered, each of those so many seconds ago."""
    now = now or timezone.now()
    shop.item(job, shop.bread, result="planned")
    job.items.update(updated_at=now - timedelta(seconds=planned_ago))
    rows = [SyncJobItem(job=job, action="create", result="done") for _ago in done_ago]
    SyncJobItem.objects.bulk_create(rows)
    for row, ago in zip(rows, done_ago, strict=True):
        row.updated_at = now - timedelta(seconds=ago)
    SyncJobItem.objects.bulk_update(rows, ["updated_at"])


@pytest.mark.once
def test_nothing_is_foretold_before_anything_is_done(shop: Shop) -> None:
    job = shop.job(SyncJob.Status.RUNNING, total=400, done=0)
    progress = history.progress(job, now=timezone.now())
    assert (progress.per_minute, progress.left) == (None, None)


@pytest.mark.once
def test_a_finished_run_makes_the_page_load_itself_again(owner: Client, shop: Shop) -> None:
    assert owner.get(_url("job_progress", shop.job()))["HX-Refresh"] == "true"


def test_stop_asks_the_run_to_end(owner: Client, shop: Shop) -> None:
    job = shop.job(SyncJob.Status.RUNNING)
    answer = owner.post(_url("stop", job))
    job.refresh_from_db()
    assert answer["Location"] == _url("job", job)
    assert job.stop_requested


def test_approval_starts_a_run_with_exactly_that_plan(owner: Client, shop: Shop) -> None:
    job = shop.job(SyncJob.Status.NEEDS_APPROVAL, plan_hash="abc", questions=[["many_hidden", 40, 50]])
    assert "40" in owner.get(_url("job", job)).content.decode()
    answer = owner.post(_url("approve", job))
    started = SyncJob.objects.active().get(user=shop.user)
    assert answer["Location"] == _url("job", started)
    assert (started.approved_plan, started.approved_by) == ("abc", shop.user)


@pytest.mark.once
def test_a_held_plan_without_a_list_does_not_ask_to_look_at_it(owner: Client, shop: Shop) -> None:
    job = shop.job(
        SyncJob.Status.NEEDS_APPROVAL, plan_hash="abc", questions=[[QuestionCode.GROUPS_UNKNOWN, 3, 3]]
    )
    job = SyncJob.objects.select_related("user").get(pk=job.pk)
    link = decision_links.address_of(job, ChannelKind.TELEGRAM)
    html = owner.get(_url("job", job)).content.decode()
    assert ("only your answer is needed" in html, "Look at the list" in html) == (True, False)
    # This page speaks the merchant's own language.
    html = owner.get(f"/decide/{link.partition('/decide/')[2]}").content.decode()
    assert ("нужен только ваш ответ" in html, "Посмотрите список" in html) == (True, False)
    shop.item(job, shop.bread, action="update", result="planned", changes={"price_kopecks": [100, 900]})
    assert "Look at the list" in owner.get(_url("job", job)).content.decode()


def test_approving_twice_says_so_and_starts_nothing_more(owner: Client, shop: Shop) -> None:
    job = shop.job(SyncJob.Status.CANCELLED, plan_hash="abc")
    answer = owner.post(_url("approve", job), follow=True)
    assert "does not wait" in answer.content.decode()
    assert not SyncJob.objects.active().exists()


@pytest.mark.once
def test_a_rejected_plan_is_cancelled(owner: Client, shop: Shop) -> None:
    job = shop.job(SyncJob.Status.NEEDS_APPROVAL)
    owner.post(_url("reject", job))
    job.refresh_from_db()
    assert job.status == SyncJob.Status.CANCELLED


def test_the_csv_has_every_item_and_no_formula(owner: Client, shop: Shop) -> None:
    job = shop.job()
    shop.item(job, shop.bread, changes={"title": ["Хлеб", "Хлеб ржаной"]})
    evil = shop.item(job, shop.milk)
    evil.product_name = "=HYPERLINK(1)"
    evil.save()
    answer = owner.get(_url("job_csv", job))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    lines = text.splitlines()
    assert len(lines) == 3
    assert "Хлеб → Хлеб ржаной" in lines[1]
    assert lines[2].startswith("'=HYPERLINK(1);")


@pytest.mark.once
def test_no_cell_can_be_taken_for_a_formula() -> None:
    for start in "=+-@\t\r":
        assert history.escape_formula(f"{start}1") == f"'{start}1"
    assert history.escape_formula("Хлеб") == "Хлеб"


@pytest.mark.once
def test_a_run_that_gives_no_sign_of_life_says_so_and_what_comes_next(owner: Client, shop: Shop) -> None:
    silent = timezone.now() - history.SILENT_AFTER - timedelta(seconds=1)
    job = shop.job(SyncJob.Status.RUNNING, phase="publish", total=9, heartbeat_at=silent, stop_requested=True)
    answer = owner.get(_url("job_progress", job)).content.decode()
    assert "stood still" in answer
    assert "takes it up again by itself" in answer
    assert "when it is taken up again, it ends" in answer


@pytest.mark.once
def test_a_beating_run_is_not_called_silent(owner: Client, shop: Shop) -> None:
    job = shop.job(SyncJob.Status.RUNNING, phase="publish", total=9, heartbeat_at=timezone.now())
    assert "stood still" not in owner.get(_url("job_progress", job)).content.decode()


@pytest.mark.once
def test_a_run_that_no_worker_takes_says_that_nobody_need_wait(shop: Shop) -> None:
    now = timezone.now()
    long_ago = now - history.WAITS_LONG_AFTER - timedelta(seconds=1)
    job = shop.job(SyncJob.Status.PENDING, created_at=long_ago, started_at=None)
    assert history.progress(job, now=now).waits_long
    # It waits on purpose, or for its next slice.
    job.not_before = now + timedelta(minutes=1)
    assert not history.progress(job, now=now).waits_long
    job.not_before, job.started_at = None, long_ago
    assert not history.progress(job, now=now).waits_long


@pytest.mark.once
def test_an_answer_to_the_poll_brings_the_runs_state(owner: Client, shop: Shop) -> None:
    """Beside the title stood "pending" while the bar was running."""
    job = shop.job(SyncJob.Status.RUNNING, heartbeat_at=timezone.now())
    answer = owner.get(_url("job_progress", job)).content.decode()
    assert 'id="job-state" hx-swap-oob="true"' in answer
    assert "running" in answer
    page = owner.get(_url("job", job)).content.decode()
    assert page.count('id="job-state"') == 1
    assert "hx-swap-oob" not in page


def test_a_waiting_run_is_stopped_at_once_and_one_that_has_ended_says_so(owner: Client, shop: Shop) -> None:
    job = shop.job(SyncJob.Status.PENDING)
    assert "is stopped" in owner.post(_url("stop", job), follow=True).content.decode()
    assert "already ended" in owner.post(_url("stop", job), follow=True).content.decode()


@pytest.mark.once
def test_a_stopped_run_says_what_became_of_the_goods(owner: Client, shop: Shop) -> None:
    job = shop.job(SyncJob.Status.CANCELLED, stop_requested=True)
    shop.item(job, shop.milk, action="create", result="planned")
    html = owner.get(_url("job", job)).content.decode()
    assert "The next run does the rest" in html
    assert "not created" in html
    assert "to be created" not in html
    for page in ("product", "product_history"):
        assert "not created" in owner.get(reverse(f"catalog:{page}", args=[shop.milk.pk])).content.decode()


@pytest.mark.once
def test_a_held_plan_tells_what_is_to_be_done(owner: Client, shop: Shop) -> None:
    job = shop.job(SyncJob.Status.NEEDS_APPROVAL)
    shop.item(job, shop.milk, action="create", result="planned")
    assert "to be created" in owner.get(_url("job", job)).content.decode()


@pytest.mark.once
def test_an_album_that_is_made_again_is_shown_once(owner: Client, shop: Shop) -> None:
    job = shop.job()
    shop.item(job, shop.milk, changes={"album": ["Milk", "Milk"]})
    html = owner.get(_url("job", job)).content.decode()
    assert "<ins>Milk</ins>" in html
    assert "<del>" not in html


def test_stopping_what_ends_meanwhile_is_not_said_to_be_done(shop: Shop) -> None:
    job = shop.job(SyncJob.Status.RUNNING)
    SyncJob.objects.filter(pk=job.pk).update(status=SyncJob.Status.SUCCESS, active_key=None)
    assert stop_job(job) is None


@pytest.mark.once
@pytest.mark.parametrize("press", ["approve", "reject"])
@pytest.mark.parametrize(
    ("decision", "said"),
    [("approved", "approved already"), ("rejected", "dropped already"), ("replaced", "newer run")],
)
def test_an_answer_that_comes_too_late_hears_what_was_decided(
    owner: Client, shop: Shop, press: str, decision: str, said: str
) -> None:
    job = shop.job(SyncJob.Status.CANCELLED, plan_hash="abc", decision=decision)
    html = owner.post(_url(press, job), follow=True).content.decode()
    assert said in html
    assert "plan is dropped and VK" not in html
    job.refresh_from_db()
    assert job.decision == decision
    assert not SyncJob.objects.active().exists()


def test_an_answer_to_a_replaced_plan_leads_to_the_one_that_asks_now(owner: Client, shop: Shop) -> None:
    old = shop.job(SyncJob.Status.CANCELLED, plan_hash="abc", decision="replaced")
    asking = shop.job(SyncJob.Status.NEEDS_APPROVAL, plan_hash="def", questions=[["many_hidden", 40, 50]])
    answer = owner.post(_url("approve", old))
    assert answer["Location"] == _url("job", asking)
    asking.refresh_from_db()
    assert asking.status == SyncJob.Status.NEEDS_APPROVAL


@pytest.mark.once
def test_dropping_the_same_plan_of_an_older_run_drops_the_newer(owner: Client, shop: Shop) -> None:
    old = shop.job(SyncJob.Status.CANCELLED, plan_hash="abc", decision="replaced")
    asking = shop.job(SyncJob.Status.NEEDS_APPROVAL, plan_hash="abc", questions=[["many_hidden", 40, 50]])
    owner.post(_url("reject", old))
    asking.refresh_from_db()
    assert asking.decision == SyncJob.Decision.REJECTED


@pytest.mark.once
@pytest.mark.parametrize(
    ("code", "leads_there"), [("vk.5", True), ("evotor.401", True), ("no_vk", True), ("vk.10", False)]
)
def test_a_failed_run_leads_to_the_connections_where_they_are_its_cause(
    owner: Client, shop: Shop, code: str, *, leads_there: bool
) -> None:
    job = shop.job(SyncJob.Status.FAILED, error_code=code)
    html = owner.get(_url("job", job)).content.decode()
    assert (f'<a href="{reverse("connections:index")}">To the connections</a>' in html) is leads_there


@pytest.mark.once
@pytest.mark.parametrize(
    ("status", "look"),
    [("success", "primary"), ("partial", "primary"), ("failed", "secondary"), ("cancelled", "secondary")],
)
def test_the_shop_in_vk_comes_first_only_where_a_run_has_brought_something(
    owner: Client, shop: Shop, status: str, look: str
) -> None:
    html = owner.get(_url("job", shop.job(status))).content.decode()
    assert f'<a class="btn btn-{look}" href="https://vk.com/market-77"' in html


@pytest.mark.once
def test_a_stock_of_thousands_is_grouped(owner: Client, shop: Shop) -> None:
    job = shop.job()
    shop.item(job, shop.milk, changes={"stock": [None, 999_999]})
    with translation.override("ru"):
        assert history.item_page(job).lines[0].changes[0].new == "999\N{NO-BREAK SPACE}999"
        assert quantity(Decimal("12345.500")) == "12\N{NO-BREAK SPACE}345,5"


PRICE, TEXT = {"price_kopecks": [10_000, 12_000]}, {"title": ["Молоко", "Молоко 1 л"]}


def held(shop: Shop) -> SyncJob:
    """Return a held plan of one new price, one other change and one item to hide."""
    job = shop.job(SyncJob.Status.NEEDS_APPROVAL, plan_hash="abc", questions=[["many_hidden", 40, 50]])
    shop.item(job, shop.beer, action="hide", result="planned", changes={})
    shop.item(job, shop.bread, action="update", result="planned", changes={**PRICE, **TEXT})
    shop.item(job, shop.milk, action="update", result="planned", changes=TEXT)
    return job


@pytest.mark.once
def test_a_held_plan_shows_the_very_list_that_is_decided_about(owner: Client, shop: Shop) -> None:
    job = held(shop)
    answer = owner.get(reverse("syncing:job", args=[job.pk]))
    page = answer.content.decode()
    assert [line.item.product for line in answer.context["page"].lines] == [shop.beer, shop.bread, shop.milk]
    assert "120" in page
    # VK is not read for it: the plan of now is another one, and a press away.
    assert f'hx-get="{reverse("syncing:preview")}' not in page
    assert f"{reverse('syncing:preview')}?expected=abc" in page
    assert "The plan can be approved until" in page


def test_the_numbers_of_a_held_plan_lead_to_just_those_goods(owner: Client, shop: Shop) -> None:
    job = held(shop)
    url = reverse("syncing:job", args=[job.pk])
    assert owner.get(url).context["planned"] == [("hide", 1), ("price", 1), ("update", 1)]
    for part, product in (("hide", shop.beer), ("price", shop.bread), ("update", shop.milk)):
        answer = owner.get(url, {"part": part})
        assert [line.item.product for line in answer.context["page"].lines] == [product]
        assert f'href="?part={part}' not in answer.content.decode()
        assert f'href="?part={part}' in owner.get(url).content.decode()
    assert len(owner.get(url, {"part": "nonsense"}).context["page"].lines) == 3
    assert "Show all of the run" in owner.get(url, {"part": "remove"}).content.decode()


@pytest.mark.once
def test_a_held_plan_that_only_asks_says_so(owner: Client, shop: Shop) -> None:
    job = shop.job(SyncJob.Status.NEEDS_APPROVAL, plan_hash="abc", questions=[["groups_vanished", 4, 5]])
    page = owner.get(reverse("syncing:job", args=[job.pk])).content.decode()
    assert "only the question above is to be answered" in page
    assert reverse("syncing:job_csv", args=[job.pk]) not in page
