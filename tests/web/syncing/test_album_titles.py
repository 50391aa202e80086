"""The titles of albums on the rules page, while their template is being written."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from catalog.models import Product
from syncing.models import SyncConfig
from tests.web.shop import Shop

pytestmark = pytest.mark.django_db


def shown(owner: Client, template: str = "", albums: str = "group") -> str:
    """Return what the rules page shows of albums for this template."""
    answer = owner.post(
        reverse("syncing:rules_albums"),
        {"sentence_case": "on", "albums": albums, "album_template": template},
    )
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


@pytest.mark.once
def test_the_rules_page_asks_for_the_titles_of_what_is_typed(owner: Client, shop: Shop) -> None:
    page = owner.get(reverse("syncing:rules")).content.decode()
    assert f'hx-post="{reverse("syncing:rules_albums")}"' in page


@pytest.mark.once
def test_a_template_that_was_refused_is_not_told_of_twice(owner: Client, shop: Shop) -> None:
    page = owner.post(reverse("syncing:rules"), {"album_template": "{shop}"}).content.decode()
    assert page.count("EvoSync does not know {shop}.") == 1
    assert 'hx-trigger="load, input from:#id_album_template' not in page
    page = owner.get(reverse("syncing:rules")).content.decode()
    assert 'hx-trigger="load, input from:#id_album_template' in page


@pytest.mark.once
def test_the_albums_of_the_groups_are_called_as_a_run_calls_them(owner: Client, shop: Shop) -> None:
    page = shown(owner, "{top_group}: {group}")
    assert "This is how 2 albums would be called" in page
    assert "<strong>Еда: Выпечка</strong>" in page
    # Milk and beer are in the top group itself.
    assert '<strong>Еда</strong> <span class="es-muted">2 products' in page
    assert "<strong>Выпечка</strong>" in shown(owner)
    assert "This is how 1 album would be called" in shown(owner, albums="top_group")
    assert "No group gets an album" in shown(owner, albums="none")
    assert SyncConfig.objects.get(pk=shop.config.pk).album_template == ""


def test_groups_that_a_cut_would_put_together_are_warned_of(owner: Client, shop: Shop) -> None:
    long = "Выпечка и хлеб " * 9
    for name in ("ржаной", "белый"):
        shop.group(name, long + name)
        shop.product(f"loaf-{name}", f"Батон {name}", group=name)
    warned = "Several groups would share the album"
    assert warned in shown(owner, "{group}")
    assert f"{long}ржаной" in shown(owner, "{group}")

    # A title that was chosen for groups, and one name in two stores, are meant so.
    SyncConfig.objects.filter(pk=shop.config.pk).update(
        album_by_group={"ржаной": "Хлеб", "белый": "Хлеб", "food": "Всё", "bakery": "Выпечка"}
    )
    page = shown(owner, "{group}")
    assert warned not in page
    assert "<strong>Хлеб</strong>" in page


@pytest.mark.once
def test_top_groups_and_case_share_albums_without_a_warning(owner: Client, shop: Shop) -> None:
    shop.group("again", "ВЫПЕЧКА", parent="food")
    shop.product("bun", "Булка", group="again")
    page = shown(owner)
    assert "share the album" not in page
    assert "This is how 2 albums" in page


@pytest.mark.once
def test_more_albums_than_vk_holds_are_told_with_their_number(owner: Client, shop: Shop) -> None:
    for number in range(101):
        shop.group(f"group-{number}", f"Группа {number}")
        shop.product(f"product-{number}", f"Товар {number}", group=f"group-{number}")
    page = shown(owner)
    assert "This is how 103 albums" in page
    assert "VK has no room for 3 of these albums" in page
    assert "and 97 more albums with fewer goods" in page


@pytest.mark.once
def test_a_wrong_template_says_what_is_wrong(owner: Client, shop: Shop) -> None:
    assert "EvoSync does not know {gruppe}." in shown(owner, "{gruppe}")
    assert "All goods would share one album" in shown(owner, "Товары")


def test_a_shop_without_groups_has_no_albums(owner: Client, shop: Shop) -> None:
    Product.objects.update(group_evotor_id="")
    assert "No group gets an album" in shown(owner)


@pytest.mark.once
def test_many_groups_cost_as_many_questions_as_few(owner: Client, shop: Shop) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            shown(owner)
        return len(asked)

    few = queries()
    for number in range(30):
        shop.group(f"group-{number}", f"Группа {number}")
        shop.product(f"product-{number}", f"Товар {number}", group=f"group-{number}")
    assert queries() == few
