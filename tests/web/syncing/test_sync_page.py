"""The sync page: switch, confirmation, run, preview."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from sandbox.server import Sandbox
from syncing.core import records
from syncing.core.choices import ActionKind
from syncing.models import SyncJob
from syncing.services.plan_summary import SHOWN, summarize
from syncing.web.presenters.computation_state import ComputationState
from syncing.web.presenters.plan_preview import plan_preview
from tests.computing import open_computed
from tests.web.shop import Shop

SYNC, RUN, SWITCH, PREVIEW = "sync", "run", "switch", "preview"


def _url(name: str) -> str:
    return reverse(f"syncing:{name}")


def test_the_page_counts_what_the_filters_choose(owner: Client, shop: Shop) -> None:
    html = owner.get(_url(SYNC)).content.decode()
    assert "<strong>3</strong> of 3" in html


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


def test_a_second_press_leads_to_the_same_run(owner: Client, shop: Shop) -> None:
    owner.post(_url(RUN), {"confirm": "on"})
    owner.post(_url(RUN))
    assert SyncJob.objects.count() == 1


def test_without_vk_nothing_starts_and_the_next_step_is_said(owner: Client, shop: Shop) -> None:
    shop.user.vk_connection.delete()
    answer = owner.post(_url(RUN), {"confirm": "on"}, follow=True)
    shop.config.refresh_from_db()
    assert "Connect VK first" in answer.content.decode()
    assert shop.config.confirmed_at is None
    assert not SyncJob.objects.exists()


def test_the_switch_does_not_skip_the_first_confirmation(owner: Client, shop: Shop) -> None:
    owner.post(_url(SWITCH), {"enabled": "on"})
    shop.config.refresh_from_db()
    assert not shop.config.is_enabled


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


def test_the_preview_names_what_would_happen_and_writes_nothing(
    owner: Client, shop: Shop, sandbox: Sandbox
) -> None:
    html = open_computed(owner, _url(PREVIEW), headers={"HX-Request": "true"}).content.decode()
    assert "create 2" in html
    assert "left out 1" in html
    assert shop.milk.name in html
    assert not SyncJob.objects.exists()
    assert "<html" not in html


def test_the_preview_is_a_page_of_its_own_without_htmx(owner: Client, sandbox: Sandbox) -> None:
    assert "<html" in owner.get(_url(PREVIEW)).content.decode()


def test_a_plan_that_changed_since_it_was_stopped_says_so(owner: Client, sandbox: Sandbox) -> None:
    html = open_computed(owner, _url(PREVIEW), {"expected": "another"}).content.decode()
    assert "changed since the run stopped" in html


@pytest.mark.usefixtures("no_waiting")
def test_a_preview_that_cannot_be_made_says_why(owner: Client, shop: Shop) -> None:
    html = open_computed(owner, _url(PREVIEW), headers={"HX-Request": "true"}).content.decode()
    assert "There is no preview now" in html


def test_a_long_plan_shows_its_beginning_and_counts_the_rest(shop: Shop) -> None:
    actions = tuple(
        records.Action(
            ActionKind.UPDATE,
            records.ProductKey("store-1", f"p{n}"),
            f"Товар {n}",
            changes={"price_kopecks": (100, 200)},
        )
        for n in range(SHOWN + 5)
    )
    plan = records.SyncResult(actions, (), (), (), unchanged=0, desired={})
    part = plan_preview(shop.user, summarize(plan)).parts[0]
    assert (part.code, part.number, len(part.lines), part.more) == ("price", SHOWN + 5, SHOWN, 5)
    assert (part.lines[0].changes[0].old, part.lines[0].changes[0].new) == ("1 ₽", "2 ₽")


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
        html = render_to_string("syncing/_preview.html", {"plan": preview, "state": state, "expected": ""})
    assert "hidden by you in VK 1" in html
    assert reverse("catalog:product", args=[shop.bread.pk]) in html
