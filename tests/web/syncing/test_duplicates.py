"""The page that offers to take hand-made items over."""

from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sandbox import Sandbox
from syncing.jobs.lifecycle import claim, request_sync
from syncing.models import Listing, SyncJob
from tests.computing import open_computed
from tests.web.shop import Shop

PAGE, TAKE_OVER = reverse("syncing:lookalikes"), reverse("syncing:take_over")


@pytest.fixture
def box(shop: Shop, settings: Any) -> Iterator[Sandbox]:
    """A VK with nothing of ours, where the merchant has typed in milk by hand."""
    shop.listing.delete()
    with Sandbox(vk_rate=0) as box:
        settings.VK_API_URL, settings.EVOTOR_API_URL = box.vk_url, box.evotor_url
        connection = shop.user.vk_connection
        connection.access_token, connection.group_id = box.vk_token, box.group_id
        connection.save()
        yield box


@pytest.fixture
def milk(box: Sandbox) -> Any:
    return box.vk.create_item("молоко 1 л", price_kopecks=9_900)


def text_of(answer: Any) -> str:
    text: str = answer.content.decode()
    return text


@pytest.mark.once
def test_the_preview_says_what_would_stand_in_vk_twice_and_leads_there(owner: Client, milk: Any) -> None:
    html = text_of(open_computed(owner, reverse("syncing:preview"), headers={"HX-Request": "true"}))
    assert "1 item in VK that you made by hand looks like one of your till" in html
    assert f'href="{PAGE}"' in html


@pytest.mark.once
def test_the_page_shows_both_sides_and_why(owner: Client, shop: Shop, milk: Any) -> None:
    html = text_of(open_computed(owner, PAGE))
    assert f'value="{milk.id}"' in html
    assert reverse("catalog:product", args=[shop.milk.pk]) in html
    for words in ("молоко 1 л", "99 ₽", "Молоко 1 л", "100 ₽", "the same name"):
        assert words in html.replace("\xa0", " ")


def test_what_is_ticked_is_taken_over_and_leaves_the_plan(owner: Client, shop: Shop, milk: Any) -> None:
    owner.post(TAKE_OVER, {"items": [str(milk.id)]})
    answer = open_computed(owner, reverse("syncing:preview"))
    assert "1 item was taken over" in text_of(answer)
    listing = Listing.objects.get(user=shop.user)
    assert (listing.vk_item_id, listing.product) == (milk.id, shop.milk)
    assert "made by hand" not in text_of(answer)
    assert "Nothing made by hand" in text_of(open_computed(owner, PAGE))


@pytest.mark.once
@pytest.mark.parametrize("items", [[], ["x"], ["-1"], ["9" * 40], ["1", "²"]])
def test_bad_input_takes_nothing_over_and_says_what_to_do(owner: Client, milk: Any, items: list[str]) -> None:
    answer = owner.post(TAKE_OVER, {"items": items}, follow=True)
    assert "Nothing was taken over. Tick the goods first" in text_of(answer)
    assert not Listing.objects.exists()


def test_while_a_run_writes_nothing_is_taken_over(owner: Client, shop: Shop, milk: Any) -> None:
    request_sync(shop.user, trigger=SyncJob.Trigger.MANUAL)
    assert claim(shop.user, now=timezone.now())
    owner.post(TAKE_OVER, {"items": [str(milk.id)]})
    answer = open_computed(owner, reverse("syncing:preview"))
    assert "A run is going on, so nothing was taken over" in text_of(answer)
    assert not Listing.objects.exists()


@pytest.mark.once
def test_a_vk_that_does_not_answer_is_named(owner: Client, box: Sandbox, milk: Any, no_waiting: None) -> None:
    box.vk.fault("http", status=502, times=1_000)
    assert "could not be read now" in text_of(open_computed(owner, PAGE))
    owner.post(TAKE_OVER, {"items": [str(milk.id)]})
    assert "There is no preview now" in text_of(open_computed(owner, reverse("syncing:preview")))
    assert not Listing.objects.exists()


@pytest.mark.once
def test_without_vk_the_page_says_so(owner: Client, shop: Shop) -> None:
    shop.user.vk_connection.delete()
    assert "First connect Evotor and VK" in text_of(open_computed(owner, PAGE))


def test_operators_list_them_and_take_them_over(shop: Shop, milk: Any) -> None:
    out = StringIO()
    call_command("adopt", shop.user.email, stdout=out)
    assert f"{milk.id}\tмолоко 1 л\tname\tmilk Молоко 1 л" in out.getvalue()
    assert "show goods: 1. Nothing was changed." in out.getvalue()
    assert not Listing.objects.exists()
    call_command("adopt", shop.user.email, "--yes", stdout=out)
    assert "Taken over: 1." in out.getvalue()
    assert Listing.objects.get().vk_item_id == milk.id
