"""How many goods there are beside each choice of the catalogue: counted by a worker, shown with its age."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from syncing.choices import ComputationKind
from syncing.models import Computation, Listing
from syncing.services.catalog_states import Show, count_states
from tests.computing import compute_asked
from tests.web.shop import Shop

COUNTS = "catalog:counts"
HTMX = {"HX-Request": "true"}


def fragment(owner: Client, **question: Any) -> str:
    """Ask for the numbers, let a worker count, and return them."""
    owner.get(reverse(COUNTS), headers=HTMX)
    compute_asked()
    return owner.get(reverse(COUNTS), question, headers=HTMX).content.decode()


def test_each_number_is_that_of_the_list_behind_it(owner: Client, shop: Shop) -> None:
    shop.list(shop.milk, vk_item_id=502, state=Listing.State.HIDDEN, last_error="vk.100")
    shop.product("gone", "Старый", missing_since=shop.now)
    shop.product("sold", "Закончился", quantity=0)
    counts = count_states(shop.user)["states"]
    for show in Show:
        rows = owner.get(reverse("catalog:list"), {"show": show.value}).context["page"].rows
        assert counts[show.value] == len(rows), show
    assert (counts[Show.IN_VK], counts[Show.ERRORS], counts[Show.GONE], counts[Show.ALL]) == (1, 1, 1, 4)


@pytest.mark.once
def test_the_page_counts_nothing_itself_and_shows_what_is_kept(owner: Client, shop: Shop) -> None:
    from django.db import connection

    page = owner.get(reverse("catalog:list")).content.decode()
    assert "Counting…" in page
    assert not Computation.objects.exists()
    fragment(owner)
    with CaptureQueriesContext(connection) as queries:
        page = owner.get(reverse("catalog:list")).content.decode()
    assert len(queries) <= 15
    assert 'value="in_vk">In VK (1)</option>' in page
    assert 'value="hidden" class="es-none">Hidden in VK (0)</option>' in page
    assert "Numbers in brackets: counted" in page


@pytest.mark.once
def test_a_group_counts_what_is_below_it(owner: Client, shop: Shop) -> None:
    text = " ".join(fragment(owner).split())
    assert re.search(r'Еда <span class="es-num">\(3\)</span>', text)
    assert re.search(r'Выпечка <span class="es-num">\(1\)</span>', text)


@pytest.mark.once
def test_the_numbers_keep_what_is_chosen_in_the_form(owner: Client, shop: Shop) -> None:
    text = fragment(owner, show="no_photo", q="хлеб")
    assert 'value="no_photo" selected>Without a photo of yours (3)</option>' in text
    assert "q=%D1%85%D0%BB%D0%B5%D0%B1" in text


def test_numbers_are_counted_again_after_two_minutes_and_not_before(owner: Client, shop: Shop) -> None:
    fragment(owner)
    owner.get(reverse(COUNTS), headers=HTMX)
    row = Computation.objects.get(kind=ComputationKind.COUNTS)
    assert not row.is_asked
    row.computed_at = shop.now - timedelta(minutes=3)
    row.save()
    assert "Counting…" in owner.get(reverse(COUNTS), headers=HTMX).content.decode()
    row.refresh_from_db()
    assert row.is_asked


@pytest.mark.once
def test_another_merchants_goods_are_not_counted(owner: Client, shop: Shop, other_shop: Shop) -> None:
    other_shop.product("alien", "Чужой товар")
    assert count_states(shop.user)["states"][Show.ALL] == 3
