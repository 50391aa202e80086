"""No request plans, reads the shop in VK, evaluates the catalogue or builds a feed: workers do."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from syncing.feed import feed_url, issue_feed
from syncing.models import Computation
from tests.computing import compute_asked
from tests.web.addresses import pages
from tests.web.shop import Shop
from tests.web.test_every_address import url_of

# What makes a plan, a feed or the reasons of a whole catalogue.
WORK = (
    "syncing.services.planning.sync_user",
    "syncing.services.planning.read_shop",
    "syncing.services.catalog_reasons.Evaluator",
    "syncing.feed.products.Evaluator",
    "syncing.services.goods_rules.local_context",
)
ASKING = ("syncing:preview", "syncing:lookalikes", "feed:goods", "catalog:check")
BUTTONS = ("syncing:plan_again", "syncing:find_again", "feed:count", "catalog:check_again")


@pytest.fixture
def forbidden(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Let everything fail that only a worker may do."""

    def fail(*_args: object, **_kwargs: object) -> None:
        raise AssertionError("A request does a worker's work.")

    for name in WORK:
        monkeypatch.setattr(name, fail)
    return monkeypatch


def test_no_page_plans_or_evaluates_all_goods(
    shop: Shop, owner: Client, forbidden: pytest.MonkeyPatch
) -> None:
    issue_feed(shop.user)
    shop.job()
    urls = [url_of(name, shop) for name in pages() | set(ASKING)] + ["/catalogue/?why=no_price"]
    for headers in ({}, {"HX-Request": "true"}):
        statuses = {url: owner.get(url, headers=headers).status_code for url in urls}
        assert {url: status for url, status in statuses.items() if status >= 500} == {}
    assert Computation.objects.asked().count() == 3


@pytest.mark.once
def test_no_button_and_no_importer_does_either(
    shop: Shop, owner: Client, forbidden: pytest.MonkeyPatch
) -> None:
    feed = issue_feed(shop.user)
    for name in BUTTONS:
        assert owner.post(reverse(name)).status_code == 302, name
        assert (
            "Being computed now"
            in owner.post(reverse(name), headers={"HX-Request": "true"}, follow=True).content.decode()
        )
    assert owner.post(reverse("syncing:take_over"), {"items": ["501"]}).status_code == 302
    rule = {"name": "Чай", "conditions-0-subject": "name"}
    assert owner.post(reverse("syncing:goods_rule_try_new"), rule).status_code == 200
    assert Client().get(feed_url(feed)).status_code == 503
    for name in ("feed:accept", "feed:new", "feed:end"):
        assert owner.post(reverse(name)).status_code == 302, name


def test_a_result_is_shown_while_the_next_one_is_computed(shop: Shop, owner: Client) -> None:
    url = reverse("catalog:check")
    shop.product("miller", "Миллер 0,44", group="food")
    owner.get(url)
    assert compute_asked() == 1
    first = owner.get(url).content.decode()
    assert "Миллер 0,44" in first
    assert "Computed" in first
    owner.post(reverse("catalog:check_again"))
    meanwhile = owner.get(url).content.decode()
    assert "Миллер 0,44" in meanwhile
    assert "being computed again now" in meanwhile


def test_support_who_look_ask_for_nothing(shop: Shop, owner: Client, rf: Any) -> None:
    from syncing.choices import ComputationKind
    from syncing.web.views import computed

    request = rf.get(reverse("catalog:check"))
    request.support_visit = object()
    assert computed.last_result(request, shop.user, ComputationKind.CATALOG).result is None
    assert not Computation.objects.exists()
