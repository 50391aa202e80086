"""The catalogue: search, filters, pages, one product."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from catalog.models import ProductPhoto, Store
from catalog.photos.services import add_photo
from connections.models import EvotorConnection, VkConnection
from syncing.models import Listing, SyncFilter, SyncJobItem
from syncing.web.presenters.products import PAGE_SIZE
from tests.computing import compute_asked, open_computed
from tests.web.shop import Shop

LIST = "catalog:list"


def _names(owner: Client, **question: Any) -> list[str]:
    answer = owner.get(reverse(LIST), question)
    return [row.product.name for row in answer.context["page"].rows]


@pytest.mark.once
def test_products_are_listed_by_name_with_their_state(owner: Client, shop: Shop) -> None:
    rows = owner.get(reverse(LIST)).context["page"].rows
    assert [(row.product.evotor_id, row.status) for row in rows] == [
        ("milk", "waiting"),
        ("beer", "excluded"),
        ("bread", "live"),
    ]
    assert rows[1].exclusion.reason.startswith("legal_")


@pytest.mark.once
@pytest.mark.parametrize("page", ["list", "product", "why"])
def test_weight_is_shown_in_the_unit_of_the_description(owner: Client, shop: Shop, page: str) -> None:
    shop.milk.measure_name, shop.milk.quantity = "дроб", Decimal(7)
    shop.milk.save()
    html = owner.get(
        reverse(f"catalog:{page}", args=[] if page == "list" else [shop.milk.pk])
    ).content.decode()
    assert "7 кг" in html
    assert "дроб" not in html


@pytest.mark.once
def test_only_ones_own_products_are_listed(owner: Client, shop: Shop, other_shop: Shop) -> None:
    other_shop.product("alien", "Чужой товар")
    assert "Чужой товар" not in _names(owner)


@pytest.mark.parametrize(
    ("show", "expected"),
    [
        ("in_vk", ["bread"]),
        ("not_in_vk", ["milk", "beer"]),
        ("hidden", []),
        ("errors", []),
        ("no_photo", ["milk", "beer", "bread"]),
        ("bare_in_vk", ["bread"]),
        ("gone", []),
        ("nonsense", ["milk", "beer", "bread"]),
    ],
)
def test_a_filter_shows_what_it_says(owner: Client, shop: Shop, show: str, expected: list[str]) -> None:
    rows = owner.get(reverse(LIST), {"show": show}).context["page"].rows
    assert [row.product.evotor_id for row in rows] == expected


@pytest.mark.once
def test_goods_with_errors_say_what_the_error_means(owner: Client, shop: Shop) -> None:
    shop.list(shop.milk, state=Listing.State.FAILED, last_error="vk.1405")
    answer = owner.get(reverse(LIST), {"show": "errors"})
    row = answer.context["page"].rows[0]
    assert (row.product, row.status) == (shop.milk, "error")
    assert row.error_sentence


@pytest.mark.once
def test_goods_are_found_by_the_reason_for_which_they_are_out(owner: Client, shop: Shop) -> None:
    owner.get(reverse(LIST), {"why": "legal_alcohol"})
    compute_asked()
    assert _names(owner, why="legal_alcohol") == [shop.beer.name]
    assert _names(owner, why="no_price") == []


def test_search_does_not_mind_the_case(owner: Client, shop: Shop) -> None:
    assert _names(owner, q="хЛЕб") == [shop.bread.name]


@pytest.mark.once
def test_a_group_shows_its_subgroups_too(owner: Client, shop: Shop) -> None:
    shop.product("loose", "Без группы")
    assert len(_names(owner, group=shop.food.pk)) == 3
    assert _names(owner, group=shop.bakery.pk) == [shop.bread.name]


def test_pages_lead_forward_and_back_without_gap_or_repeat(owner: Client, shop: Shop) -> None:
    shop.fill(2 * PAGE_SIZE + 10)
    page = owner.get(reverse(LIST)).context["page"]
    first = [row.product.pk for row in page.rows]
    assert page.before is None
    seen = [*first]
    while page.after:
        page = owner.get(reverse(LIST), {"after": page.after}).context["page"]
        seen += [row.product.pk for row in page.rows]
    assert len(seen) == len(set(seen)) == 2 * PAGE_SIZE + 13
    while page.before:
        page = owner.get(reverse(LIST), {"before": page.before}).context["page"]
    assert [row.product.pk for row in page.rows] == first


@pytest.mark.once
def test_htmx_gets_the_rows_alone(owner: Client, shop: Shop) -> None:
    html = owner.get(reverse(LIST), headers={"HX-Request": "true", "HX-Target": "results"}).content.decode()
    assert shop.bread.name in html
    assert "<html" not in html


@pytest.mark.once
def test_a_product_shows_till_vk_and_past(owner: Client, shop: Shop) -> None:
    shop.item(shop.job(), shop.bread, changes={"price_kopecks": [9_000, 10_000]})
    html = owner.get(reverse("catalog:product", args=[shop.bread.pk])).content.decode()
    assert shop.listing.vk_url.replace("&", "&amp;") in html
    assert "Лавка" in html
    assert "90\N{NO-BREAK SPACE}₽" in html


@pytest.mark.once
def test_the_steps_say_why_a_product_is_out(owner: Client, shop: Shop) -> None:
    html = owner.get(reverse("catalog:why", args=[shop.beer.pk])).content.decode()
    assert "VK forbids alcohol" in html


@pytest.mark.once
def test_a_product_that_is_rightly_not_in_vk_has_no_tick_for_it(owner: Client, shop: Shop) -> None:
    html = owner.get(reverse("catalog:why", args=[shop.beer.pk])).content.decode()
    last = html[html.rindex("<li>", 0, html.index("Not in VK.")) :]
    assert 'class="es-mark"' in last
    assert "Done:" not in last[: last.index("Not in VK.")]


@pytest.mark.once
def test_the_steps_are_a_part_for_htmx_and_a_whole_page_without_a_script(owner: Client, shop: Shop) -> None:
    address = reverse("catalog:why", args=[shop.beer.pk])
    part = owner.get(address, headers={"HX-Request": "true"}).content.decode()
    page = owner.get(address).content.decode()
    assert "<html" not in part
    assert "<html" in page
    assert reverse("catalog:product", args=[shop.beer.pk]) in page
    assert "VK forbids alcohol" in part
    assert "VK forbids alcohol" in page


def test_the_steps_speak_the_readers_language_time_and_money(shop: Shop) -> None:
    shop.item(shop.job(), shop.bread, result="failed", error_code="vk.1405")
    SyncJobItem.objects.update(updated_at=datetime(2026, 3, 1, 21, 30, tzinfo=UTC))
    client = Client(headers={"accept-language": "ru"})
    client.force_login(shop.user)
    answer = client.get(reverse("catalog:why", args=[shop.bread.pk]))
    text = answer.content.decode()
    assert "100\N{NO-BREAK SPACE}₽" in text
    assert "NORMAL" not in text
    assert "vk.1405" not in text
    # Half past nine in London is past midnight in Moscow.
    assert "2 марта 2026, 00:30" in text
    assert f'href="{shop.listing.vk_url}"' in text.replace("&amp;", "&")


def _jpeg() -> bytes:
    file = BytesIO()
    Image.new("RGB", (600, 600), "red").save(file, "JPEG")
    return file.getvalue()


@pytest.fixture
def media(settings: Any, tmp_path: Path) -> None:
    """Keep uploads in a folder of this test's own."""
    settings.MEDIA_ROOT = tmp_path


@pytest.mark.once
def test_a_photo_is_added_once_shown_and_removed(owner: Client, shop: Shop, media: None) -> None:
    add = reverse("catalog:add_photo", args=[shop.bread.pk])
    for _ in range(2):
        owner.post(add, {"photo": SimpleUploadedFile("bread.jpg", _jpeg())})
    photo = ProductPhoto.objects.get()
    shown = owner.get(reverse("catalog:photo", args=[photo.pk]))
    assert b"".join(shown.streaming_content)[:2] == b"\xff\xd8"  # type: ignore[attr-defined]
    assert _names(owner, show="no_photo") == [shop.milk.name, shop.beer.name]
    owner.post(reverse("catalog:remove_photo", args=[photo.pk]))
    assert not ProductPhoto.objects.exists()


@pytest.mark.once
def test_a_file_that_is_no_picture_is_refused_in_words(owner: Client, shop: Shop, media: None) -> None:
    add = reverse("catalog:add_photo", args=[shop.bread.pk])
    answer = owner.post(add, {"photo": SimpleUploadedFile("bread.jpg", b"no picture")}, follow=True)
    assert "es-note-bad" in answer.content.decode()
    assert not ProductPhoto.objects.exists()


@pytest.mark.once
def test_anothers_photo_is_not_served(owner: Client, other_shop: Shop, media: None) -> None:
    photo = add_photo(other_shop.bread, jpeg=_jpeg())
    assert owner.get(reverse("catalog:photo", args=[photo.pk])).status_code == 404


@pytest.mark.once
def test_nobody_is_asked_to_log_in(client: Client, shop: Shop) -> None:
    for url in (reverse(LIST), reverse("catalog:product", args=[shop.bread.pk])):
        assert client.get(url)["Location"].startswith(reverse("account_login"))


def test_a_search_by_reason_waits_for_the_worker_and_leads_forth_and_back(owner: Client, shop: Shop) -> None:
    for number in range(60):
        shop.product(f"free{number}", f"Без цены {number:02}", price=None)
    html = owner.get(reverse(LIST), {"why": "no_price"}).content.decode()
    assert "Being computed now" in html
    assert "Nothing found" not in html
    page = open_computed(owner, reverse(LIST), {"why": "no_price"}).context["page"]
    found = [row.product.name for row in page.rows]
    page = owner.get(reverse(LIST), {"why": "no_price", "after": page.after}).context["page"]
    assert found + [row.product.name for row in page.rows] == [f"Без цены {n:02}" for n in range(60)]
    assert page.before
    assert page.after is None


def test_what_left_the_till_is_found_among_the_hidden_and_says_when_vk_still_shows_it(
    owner: Client, shop: Shop
) -> None:
    shop.list(shop.milk, vk_item_id=502, state=Listing.State.HIDDEN)
    for product in (shop.milk, shop.bread):
        product.missing_since = shop.now
        product.save()
    assert _names(owner, show="hidden") == [shop.milk.name]
    answer = owner.get(reverse(LIST), {"show": "gone"})
    states = {row.product.evotor_id: row.status for row in answer.context["page"].rows}
    assert states == {"milk": "hidden", "bread": "gone"}
    assert "VK still shows it; the next run hides it." in answer.content.decode()


@pytest.mark.once
def test_a_list_says_why_a_product_is_out_without_the_advice(owner: Client, shop: Shop) -> None:
    html = owner.get(reverse(LIST)).content.decode()
    assert "VK forbids beer, also without alcohol." in html
    assert "switch off the legal filter" not in html.split('id="results"')[1]


@pytest.mark.once
@pytest.mark.parametrize(
    ("entity", "mode", "offered"),
    [
        (None, "", "exclude"),
        ("product", "exclude", "include"),
        ("group", "exclude", ""),
        ("store", "exclude", ""),
    ],
)
def test_a_product_offers_the_choice_that_changes_something(
    owner: Client, shop: Shop, entity: str | None, mode: str, offered: str
) -> None:
    ids = {"product": "bread", "group": shop.bakery.evotor_id, "store": "store-1"}
    if entity:
        SyncFilter.objects.create(
            sync_config=shop.config, entity_type=entity, entity_id=ids[entity], filter_mode=mode
        )

    html = owner.get(reverse("catalog:product", args=[shop.bread.pk])).content.decode()

    for action in ("exclude", "include"):
        assert (f"?action={action}&amp;from=product" in html) is (action == offered)
    assert (f'<a class="btn btn-secondary" href="{reverse("syncing:filters")}">' in html) is (not offered)


@pytest.mark.parametrize(
    ("minutes", "said"), [(1, "The till has not been read yet"), (30, "Evotor has told of no store yet")]
)
def test_a_till_without_a_store_is_not_promised_for_ever(
    owner: Client, shop: Shop, minutes: int, said: str
) -> None:
    Store.objects.all().delete()
    EvotorConnection.objects.update(connected_at=shop.now - timedelta(minutes=minutes))

    assert said in owner.get(reverse(LIST)).content.decode()


@pytest.mark.once
def test_without_vk_nothing_is_said_of_what_vk_shows(owner: Client, shop: Shop) -> None:
    pages = [reverse("catalog:list"), reverse("catalog:product", args=[shop.bread.pk])]
    assert all("VK is not connected" not in owner.get(page).content.decode() for page in pages)
    VkConnection.objects.all().delete()
    for page in pages:
        html = owner.get(page).content.decode()
        assert "VK is not connected" in html
        assert ">next run<" not in html
