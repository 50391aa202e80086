"""After each act on the catalogue the page says what happens in VK and when."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from model_bakery import baker

from syncing.models import GoodsRule, Listing, RestrictedDecision
from syncing.services.categories import KEY
from tests.web.shop import Shop

pytestmark = [pytest.mark.django_db, pytest.mark.once]
TREE = [(2, ("Продукты питания", "Бакалея")), (3, ("Продукты питания", "Хлеб и выпечка"))]
OFF = "Automatic sync is off: start a run, and VK follows."

Act = Callable[[Client, Shop], Any]


def bulk(action: str, **given: Any) -> Act:
    def press(owner: Client, shop: Shop) -> Any:
        url = reverse("catalog:bulk", query={"action": action, "pick": [shop.bread.pk]})
        return owner.post(url, {"goods": owner.get(url).context["digest"], **given}, follow=True)

    return press


def taken_back(owner: Client, shop: Shop) -> Any:
    bulk("exclude")(owner, shop)
    token = owner.get(reverse("catalog:list")).context["last_change"].token
    return owner.post(reverse("catalog:bulk_undo"), {"token": token}, follow=True)


def rule(name: str, **given: str) -> Act:
    def press(owner: Client, shop: Shop) -> Any:
        made = [baker.make(GoodsRule, user=shop.user, position=place, name="Чай") for place in (1, 2)]
        return owner.post(reverse(name, args=[made[1].pk]), given, follow=True)

    return press


def on_product(name: str, **given: str) -> Act:
    return lambda owner, shop: owner.post(reverse(name, args=[shop.bread.pk]), given, follow=True)


def decided(owner: Client, shop: Shop, choice: str) -> Any:
    doubtful = shop.product("miller", "Миллер 0,5", group="food")
    return owner.post(reverse("catalog:decide", args=[doubtful.pk]), {"choice": choice}, follow=True)


def undecided_again(owner: Client, shop: Shop) -> Any:
    decided(owner, shop, "name:allowed")
    decision = RestrictedDecision.objects.get()
    return owner.post(reverse("catalog:undo_decision"), {"decision": decision.pk}, follow=True)


def given_back(owner: Client, shop: Shop) -> Any:
    Listing.objects.update(merchant_fields=["title"])
    return owner.post(reverse("catalog:give_back", args=[shop.bread.pk]), follow=True)


ACTS: dict[str, Act] = {
    "include": lambda owner, shop: (bulk("exclude")(owner, shop), bulk("include")(owner, shop))[1],
    "exclude": bulk("exclude"),
    "category": bulk("category", category="Бакалея"),
    "album": bulk("album", text="Полка"),
    "text": bulk("text", text="Свежий хлеб каждый день"),
    "taken back": taken_back,
    "one category": on_product("catalog:category", category="Бакалея"),
    "own words": on_product("catalog:words", own_title="Хлеб с тмином"),
    "a tag": on_product("catalog:tags", tag="хит"),
    "a rule moved": rule("syncing:goods_rule_move", up="1"),
    "a rule deleted": rule("syncing:goods_rule_delete"),
    "all filters removed": lambda owner, _shop: owner.post(reverse("syncing:filters_clear"), follow=True),
    "allowed": lambda owner, shop: decided(owner, shop, "name:allowed"),
    "forbidden": lambda owner, shop: decided(owner, shop, "name:forbidden"),
    "decision taken back": undecided_again,
    "given back": given_back,
}


@pytest.mark.parametrize("is_on", [True, False])
@pytest.mark.parametrize("act", ACTS)
def test_the_page_says_what_the_next_run_does_and_how_one_begins(
    owner: Client, shop: Shop, act: str, *, is_on: bool
) -> None:
    cache.clear()
    cache.set(KEY, TREE)
    if is_on:
        shop.switch_on()
    answer = ACTS[act](owner, shop)
    assert answer.status_code == 200
    *_before, said = [str(one) for one in answer.context["messages"]]
    assert "next run" in said
    assert (OFF in said) is not is_on


def test_the_page_of_filters_says_when_vk_follows(owner: Client, shop: Shop) -> None:
    page = owner.get(reverse("syncing:filters")).content.decode()
    assert "Each press is kept at once, and VK follows with the next run." in page
