"""The sync page: switch, confirmation, run, preview."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.html import escape

from catalog.models import Product, Store
from connections.models import EvotorConnection, VkConnection
from evosync.common import clock
from sandbox.server import Sandbox
from syncing.choices import ComputationKind
from syncing.core import records
from syncing.core.choices import ActionKind
from syncing.models import Computation, RestrictedDecision, SyncConfig, SyncJob
from syncing.services.plan_summary import PlanSummary, summarize
from syncing.services.settings import set_filter
from syncing.web.presenters.computation_state import ComputationState
from syncing.web.presenters.plan_preview import FIRST, PER_PAGE, PlanQuestion, plan_preview
from tests.computing import open_computed
from tests.web.shop import Shop

SYNC, RUN, SWITCH, PREVIEW = "sync", "run", "switch", "preview"


def _url(name: str) -> str:
    return reverse(f"syncing:{name}")


@pytest.mark.once
def test_the_page_counts_what_the_filters_choose(owner: Client, shop: Shop) -> None:
    html = owner.get(_url(SYNC)).content.decode()
    assert "<strong>3</strong> of 3" in html


@pytest.mark.once
def test_a_choice_of_nothing_is_said_in_words(owner: Client, shop: Shop) -> None:
    set_filter(shop.user, mode="exclude", entity_type="store", entity_id=shop.store.evotor_id)
    assert "Your choice leaves out all goods" in owner.get(_url(SYNC)).content.decode()


@pytest.mark.once
def test_a_failed_run_is_said_where_the_next_one_is_started(owner: Client, shop: Shop) -> None:
    shop.switch_on()
    job = shop.job(SyncJob.Status.FAILED, error_code="vk.1438")
    html = owner.get(_url(SYNC)).content.decode()
    assert "The last run failed" in html
    assert reverse("syncing:job", args=[job.pk]) in html
    shop.job()
    assert "The last run failed" not in owner.get(_url(SYNC)).content.decode()


@pytest.mark.once
def test_the_first_run_needs_the_merchants_confirmation(owner: Client, shop: Shop) -> None:
    answer = owner.post(_url(RUN))
    assert answer.status_code == 422
    assert "Nothing was started" in answer.content.decode()
    assert not SyncJob.objects.exists()


def test_the_confirmed_first_run_starts_and_switches_the_sync_on(owner: Client, shop: Shop) -> None:
    answer = owner.post(_url(RUN), {"confirm": "on"})
    job = SyncJob.objects.get(user=shop.user)
    shop.config.refresh_from_db()
    assert answer["Location"] == reverse("syncing:job", args=[job.pk])
    assert shop.config.is_enabled
    assert shop.config.confirmed_at


@pytest.mark.once
def test_a_second_press_leads_to_the_same_run(owner: Client, shop: Shop) -> None:
    owner.post(_url(RUN), {"confirm": "on"})
    owner.post(_url(RUN))
    assert SyncJob.objects.count() == 1


@pytest.mark.once
def test_without_vk_nothing_starts_and_the_next_step_is_said(owner: Client, shop: Shop) -> None:
    shop.user.vk_connection.delete()
    answer = owner.post(_url(RUN), {"confirm": "on"}, follow=True)
    shop.config.refresh_from_db()
    assert "Connect VK first" in answer.content.decode()
    assert shop.config.confirmed_at is None
    assert not SyncJob.objects.exists()


@pytest.mark.once
def test_the_switch_does_not_skip_the_first_confirmation(owner: Client, shop: Shop) -> None:
    owner.post(_url(SWITCH), {"enabled": "on"})
    shop.config.refresh_from_db()
    assert not shop.config.is_enabled


@pytest.mark.parametrize("status", [SyncJob.Status.RUNNING, SyncJob.Status.PENDING])
def test_the_switch_says_that_a_run_goes_on(owner: Client, shop: Shop, status: str) -> None:
    shop.job(status, active_key=shop.user.pk)
    page = owner.post(_url(SWITCH), {"enabled": ""}, follow=True).content.decode()
    assert "goes on to its end" in page
    SyncJob.objects.update(status=SyncJob.Status.SUCCESS, active_key=None)
    page = owner.post(_url(SWITCH), {"enabled": ""}, follow=True).content.decode()
    assert "goes on to its end" not in page


@pytest.mark.once
def test_the_switch_turns_a_confirmed_sync_off_and_on(owner: Client, shop: Shop) -> None:
    shop.config.confirmed_at, shop.config.is_enabled = shop.now, True
    shop.config.save()
    for posted, expected in (({"enabled": ""}, False), ({"enabled": "on"}, True)):
        owner.post(_url(SWITCH), posted)
        shop.config.refresh_from_db()
        assert shop.config.is_enabled is expected


@pytest.fixture
def sandbox(settings: Any, shop: Shop) -> Iterator[Sandbox]:
    """Serve a VK for the shop's connection."""
    with Sandbox() as box:
        settings.VK_API_URL, settings.EVOTOR_API_URL = box.vk_url, box.evotor_url
        connection = shop.user.vk_connection
        connection.access_token, connection.group_id = box.vk_token, box.group_id
        connection.save()
        yield box


@pytest.mark.once
def test_the_preview_names_what_would_happen_and_writes_nothing(
    owner: Client, shop: Shop, sandbox: Sandbox
) -> None:
    html = open_computed(owner, _url(PREVIEW), headers={"HX-Request": "true"}).content.decode()
    assert "create 2" in html
    assert "left out 1" in html
    assert shop.milk.name in html
    assert not SyncJob.objects.exists()
    assert "<html" not in html


@pytest.mark.once
def test_the_preview_is_a_page_of_its_own_without_htmx(owner: Client, sandbox: Sandbox) -> None:
    assert "<html" in owner.get(_url(PREVIEW)).content.decode()


@pytest.mark.once
def test_a_plan_that_changed_since_it_was_stopped_says_so(owner: Client, sandbox: Sandbox) -> None:
    html = open_computed(owner, _url(PREVIEW), {"expected": "another"}).content.decode()
    assert "changed since the run stopped" in html


@pytest.mark.usefixtures("no_waiting")
def test_a_preview_that_cannot_be_made_says_why(owner: Client, shop: Shop) -> None:
    html = open_computed(owner, _url(PREVIEW), headers={"HX-Request": "true"}).content.decode()
    assert "There is no preview now" in html


def long_plan(number: int) -> PlanSummary:
    """Return a plan with so many new prices, and one item that is hidden, as it is read from its row."""
    actions = [
        records.Action(
            ActionKind.UPDATE,
            records.ProductKey("store-1", f"p{n}"),
            f"Товар {n}",
            changes={"price_kopecks": (100, 200)},
        )
        for n in range(number)
    ]
    hidden = records.Action(ActionKind.HIDE, records.ProductKey("store-1", "bread"), "Хлеб ржаной")
    plan = records.SyncResult((*actions, hidden), (), (), (), unchanged=0, desired={})
    return PlanSummary.from_json(summarize(plan).to_json())


@pytest.mark.once
def test_a_long_plan_shows_its_beginning_and_leads_to_the_rest(shop: Shop) -> None:
    part = plan_preview(shop.user, long_plan(FIRST + 5)).parts[0]
    assert (part.code, part.number, len(part.lines), part.more) == ("price", FIRST + 5, FIRST, 5)
    assert (part.lines[0].changes[0].old, part.lines[0].changes[0].new) == (
        "1\N{NO-BREAK SPACE}₽",
        "2\N{NO-BREAK SPACE}₽",
    )


@pytest.mark.once
def test_every_line_of_a_long_plan_is_on_one_of_its_pages(shop: Shop) -> None:
    summary, seen = long_plan(3 * PER_PAGE + 1), []
    for page in (1, 2, 3, 4):
        found = plan_preview(shop.user, summary, PlanQuestion(part="price", page=page))
        assert found.pages is not None
        assert (found.pages.found, found.pages.last) == (3 * PER_PAGE + 1, 4)
        seen += [line.name for part in found.parts for line in part.lines]
    assert seen == [f"Товар {n}" for n in range(3 * PER_PAGE + 1)]


@pytest.mark.once
def test_a_page_may_end_one_part_and_begin_the_next(shop: Shop) -> None:
    for number, page, expected in (
        (PER_PAGE - 1, 1, [("price", PER_PAGE - 1), ("hide", 1)]),
        (PER_PAGE, 1, [("price", PER_PAGE)]),
        (PER_PAGE, 2, [("hide", 1)]),
        (PER_PAGE + 1, 2, [("price", 1), ("hide", 1)]),
    ):
        found = plan_preview(shop.user, long_plan(number), PlanQuestion(text="р", page=page))
        assert [(part.code, len(part.lines)) for part in found.parts] == expected


@pytest.mark.parametrize("text", ["ЛЕБ рЖ", "4600000000017", "АРТ-7", "77012"])
def test_a_plan_is_searched_by_name_article_code_and_barcode(shop: Shop, text: str) -> None:
    words = "хлеб ржаной арт-7 77012 4600000000017"
    Product.objects.filter(pk=shop.bread.pk).update(search_text=words)
    found = plan_preview(shop.user, long_plan(30), PlanQuestion(text=text))
    assert [line.name for part in found.parts for line in part.lines] == ["Хлеб ржаной"]


def test_what_has_left_the_catalogue_is_found_by_its_name(shop: Shop) -> None:
    found = plan_preview(shop.user, long_plan(30), PlanQuestion(text="товар 17"))
    assert [(line.pk, line.name) for part in found.parts for line in part.lines] == [(None, "Товар 17")]


def test_a_search_in_the_plan_is_kept_in_its_pages_addresses(
    owner: Client, shop: Shop, sandbox: Sandbox
) -> None:
    for number in range(PER_PAGE + 1):
        shop.product(f"new-{number}", f"Чай & мёд {number}")
    asked = {"q": "чай & мёд", "part": "create"}
    html = open_computed(owner, _url(PREVIEW), asked).content.decode()
    assert "51 products found" in html
    assert f"?{escape(urlencode(asked))}&amp;page=2" in html
    assert shop.milk.name not in html
    second = owner.get(_url(PREVIEW), asked | {"page": "2"}).content.decode()
    assert "Page 2 of 2" in second


@pytest.mark.once
@pytest.mark.parametrize("asked", [{"page": "0"}, {"page": "x"}, {"part": "none"}, {"page": "999"}])
def test_a_question_to_the_plan_that_makes_no_sense_is_as_not_asked(
    owner: Client, sandbox: Sandbox, asked: dict[str, str]
) -> None:
    assert "create 2" in open_computed(owner, _url(PREVIEW), asked).content.decode()


@pytest.mark.once
def test_the_plan_names_what_the_merchant_has_hidden_and_leads_to_its_page(shop: Shop) -> None:
    key = records.ProductKey("store-1", "bread")
    desired = records.DesiredItem("Хлеб ржаной", "", 10_000, 5, 1, "")
    plan = records.SyncResult((), (), (), (), unchanged=1, desired={key: desired}, kept_hidden=(key,))
    preview = plan_preview(shop.user, summarize(plan))
    [part] = preview.parts
    assert preview.is_empty
    assert [(line.pk, line.name) for line in part.lines] == [(shop.bread.pk, "Хлеб ржаной")]
    with translation.override("en"):
        state = ComputationState(timezone.now(), is_computing=False, is_late=False, stamp="1", error=None)
        html = render_to_string(
            "syncing/_preview.html", {"plan": preview, "state": state, "expected": "", "kept_page": ""}
        )
    assert "hidden by you in VK 1" in html
    assert reverse("catalog:product", args=[shop.bread.pk]) in html


def seen_plan(owner: Client) -> str:
    """Return what a page with a plan sends along when the run is started."""
    html: str = open_computed(owner, _url(PREVIEW), headers={"HX-Request": "true"}).content.decode()
    found = re.search(r'name="seen" value="(\w+)" form="run"', html)
    assert found
    return found[1]


@pytest.mark.once
@pytest.mark.usefixtures("sandbox")
@pytest.mark.parametrize("run", ["first", "later"])
def test_a_plan_from_before_another_choice_starts_nothing(owner: Client, shop: Shop, run: str) -> None:
    """Two tabs: one changes a rule, the other still shows the plan from before."""
    shop.config.confirmed_at = shop.now if run == "later" else None
    shop.config.save()
    seen = seen_plan(owner)
    SyncConfig.objects.filter(pk=shop.config.pk).update(markup_percent=50)
    html = owner.post(_url(RUN), {"confirm": "on", "seen": seen}, follow=True).content.decode()
    assert "Look at the new plan" in html
    assert not SyncJob.objects.exists()
    owner.post(_url(RUN), {"confirm": "on", "seen": seen_plan(owner)})
    assert SyncJob.objects.get().user == shop.user


@pytest.mark.once
@pytest.mark.usefixtures("sandbox")
@pytest.mark.parametrize("kind", ["filter", "decision"])
def test_a_plan_from_before_a_filter_or_a_decision_starts_nothing(
    owner: Client, shop: Shop, kind: str
) -> None:
    seen = seen_plan(owner)
    if kind == "filter":
        chosen = {"entity_type": "product", "entity_id": "milk", "mode": "exclude"}
        owner.post(reverse("syncing:filters"), chosen)
    else:
        made = {"scope": "name", "key": "пиво светлое", "label": "Пиво светлое", "verdict": "allowed"}
        RestrictedDecision.objects.create(user=shop.user, **made)
    owner.post(_url(RUN), {"confirm": "on", "seen": seen})
    assert not SyncJob.objects.exists()


@pytest.mark.usefixtures("sandbox")
def test_what_the_till_changes_does_not_make_a_seen_plan_old(owner: Client, shop: Shop) -> None:
    """A busy till would else never let a run begin; what is in doubt the run itself asks about."""
    seen = seen_plan(owner)
    Product.objects.filter(pk=shop.milk.pk).update(price=Decimal("99.00"))
    Store.objects.filter(pk=shop.store.pk).update(changed_at=timezone.now())
    owner.post(_url(RUN), {"confirm": "on", "seen": seen})
    assert SyncJob.objects.count() == 1


@pytest.mark.once
def test_the_first_run_does_not_begin_before_its_plan_is_there(owner: Client, shop: Shop) -> None:
    owner.get(_url(PREVIEW), headers={"HX-Request": "true"})
    html = owner.post(_url(RUN), {"confirm": "on"}, follow=True).content.decode()
    assert "still being made" in html
    assert not SyncJob.objects.exists()
    shop.config.refresh_from_db()
    assert shop.config.confirmed_at is None


@pytest.mark.once
@pytest.mark.parametrize(
    ("service", "code"), [("evotor_connection", "evotor.401"), ("vk_connection", "vk.5")]
)
def test_a_lost_connection_is_told_where_a_run_is_started(
    owner: Client, shop: Shop, service: str, code: str
) -> None:
    connections = reverse("connections:index")
    shop.switch_on()
    html = owner.get(_url(SYNC)).content.decode()
    assert f'<a href="{connections}">To the connections</a>' not in html
    assert '<button type="submit" class="btn btn-primary">Run now' in html
    connection = getattr(shop.user, service)
    connection.is_online, connection.last_error = False, code
    connection.save()
    html = owner.get(_url(SYNC)).content.decode()
    assert html.count(f'<a href="{connections}">To the connections</a>') == 1
    assert html.index("To the connections") < html.index("Run now")
    assert "A run can begin once the connections work again." in html
    assert re.search(r'<button type="submit" class="btn btn-primary" disabled>\s*Run now', html)


def _buttons(html: str, tone: str) -> list[str]:
    """Return what the page's buttons of one tone say."""
    main = html.split("<main", 1)[1]
    return [text.strip() for text in re.findall(rf'<button[^>]*class="btn {tone}"[^>]*>([^<]*)<', main)]


@pytest.mark.once
def test_while_the_sync_is_off_switching_it_on_is_the_one_button_that_stands_out(
    owner: Client, shop: Shop
) -> None:
    shop.switch_on()
    assert _buttons(owner.get(_url(SYNC)).content.decode(), "btn-primary") == ["Run now"]

    SyncConfig.objects.update(is_enabled=False)

    html = owner.get(_url(SYNC)).content.decode()
    assert _buttons(html, "btn-primary") == ["Switch on"]
    assert "Run now" in _buttons(html, "btn-secondary")


@pytest.mark.parametrize("is_enabled", [True, False])
def test_while_a_run_asks_its_answer_comes_before_a_new_run(
    owner: Client, shop: Shop, *, is_enabled: bool
) -> None:
    shop.switch_on()
    SyncConfig.objects.update(is_enabled=is_enabled)
    job = shop.job(SyncJob.Status.NEEDS_APPROVAL)

    html = owner.get(_url(SYNC)).content.decode()

    assert _buttons(html, "btn-primary") == []
    assert f'<a href="{reverse("syncing:job", args=[job.pk])}">Look and decide</a>' in html


def test_an_empty_till_is_read_again_instead_of_run(owner: Client, shop: Shop) -> None:
    shop.switch_on()
    Product.objects.all().delete()

    html = owner.get(_url(SYNC)).content.decode()

    assert "Run now" not in html
    assert "Read the till again" in _buttons(html, "btn-secondary")
    assert "There are no goods in the till yet, so nothing goes to VK." in html


@pytest.mark.once
def test_before_the_first_run_an_empty_till_is_only_read_again(
    owner: Client, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    monkeypatch.setattr("syncing.web.views.sync.refresh_catalog_for_user.send", asked.append)
    Product.objects.all().delete()
    html = owner.get(_url(SYNC)).content.decode()
    form = re.search(r'<form method="post" action="([^"]*)" id="run".*?</form>', html, re.DOTALL)
    assert form
    assert "Read the till again" in form[0]
    assert 'type="checkbox"' not in form[0]

    answer = owner.post(form[1], follow=True).content.decode()

    assert "The till is being read." in answer
    assert asked == [shop.user.pk]
    assert not SyncJob.objects.exists()
    assert not SyncConfig.objects.enabled().exists()


@pytest.mark.once
def test_no_first_run_is_confirmed_while_the_till_has_no_goods(owner: Client, shop: Shop) -> None:
    Product.objects.all().delete()
    html = owner.post(_url(RUN), {"confirm": "on"}, follow=True).content.decode()
    assert "Nothing was started: the till has no goods yet" in html
    assert not SyncJob.objects.exists()
    assert not SyncConfig.objects.enabled().exists()


@pytest.mark.once
def test_a_plan_of_an_empty_till_names_the_till_and_no_choice_of_goods(shop: Shop) -> None:
    preview = plan_preview(shop.user, summarize(records.SyncResult((), (), (), (), unchanged=0, desired={})))
    state = ComputationState(timezone.now(), is_computing=False, is_late=False, stamp="1", error=None)
    with translation.override("en"):
        html = render_to_string("syncing/_preview.html", {"plan": preview, "state": state, "kept_page": ""})
    assert "The till has no goods" in html
    assert _url("filters") not in html


def test_a_preview_that_names_no_goods_offers_no_search(owner: Client, shop: Shop) -> None:
    def has_search() -> bool:
        return 'role="search"' in owner.get(reverse("syncing:preview")).content.decode()

    assert has_search()
    Product.objects.all().delete()
    assert not has_search()
    row = Computation.objects.get(kind=ComputationKind.PREVIEW)
    empty = summarize(records.SyncResult((), (), (), (), unchanged=0, desired={}))
    Computation.objects.filter(pk=row.pk).update(result=empty.to_json(), computed_at=clock.now())
    assert not has_search()


@pytest.mark.once
@pytest.mark.parametrize("connection", [EvotorConnection, VkConnection])
def test_no_run_is_offered_while_an_end_is_not_connected(
    owner: Client, shop: Shop, connection: type[EvotorConnection | VkConnection]
) -> None:
    shop.switch_on()
    assert not re.search(r"disabled>\s*Run now", owner.get(_url(SYNC)).content.decode())
    connection.objects.all().delete()
    html = owner.get(_url(SYNC)).content.decode()
    assert re.search(r"disabled>\s*Run now", html)
    assert "A run can begin once the connections work again." in html
