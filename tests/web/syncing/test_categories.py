"""VK categories by group and by product: shown with the reason, changed by the owner alone."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import translation

from catalog.models import ProductGroup
from connections.clients.errors import Transient
from connections.clients.vk.client import VkClient
from syncing.core.choices import CategorySource
from syncing.core.records import CategoryChoice
from syncing.services.categories import FRESH_KEY, KEY, are_categories_due
from syncing.services.labels import category_reason
from syncing.web.presenters.category_options import MOST_SHOWN
from tests.web.shop import Shop

TREE = [
    (1, ("Гардероб", "Ювелирные украшения")),
    (2, ("Продукты питания", "Бакалея")),
    (3, ("Продукты питания", "Хлеб и выпечка")),
    (4, ("Продукты питания", "Молочные продукты")),
]


@pytest.fixture(autouse=True)
def tree() -> None:
    cache.set(KEY, TREE)


@pytest.mark.once
def test_each_group_shows_its_category_and_why(owner: Client, shop: Shop) -> None:
    shop.group("misc", "Разное")
    html = owner.get(reverse("syncing:categories")).content.decode()
    said, _, _ = html.partition("<datalist")

    assert "Продукты питания → Хлеб и выпечка" in said
    assert "by the group “Выпечка”" in said
    assert "The group does not tell" in said
    assert "Ювелирные" not in said


@pytest.mark.once
def test_a_category_that_vk_no_longer_lists_is_to_be_chosen_again(owner: Client, shop: Shop) -> None:
    shop.config.category_by_group = {shop.bakery.evotor_id: 31_337}
    shop.config.save()
    pages = [
        reverse("syncing:categories"),
        reverse("syncing:categories") + "?show=unsure",
        reverse("syncing:category", args=[shop.bakery.pk]),
        reverse("catalog:product", args=[shop.bread.pk]),
    ]
    for page in pages:
        assert "category No. 31337, which VK no longer lists" in owner.get(page).content.decode()


@pytest.mark.once
def test_a_groups_category_is_chosen_and_taken_back(owner: Client, shop: Shop) -> None:
    url = reverse("syncing:category", args=[shop.bakery.pk])
    assert "Хлеб и выпечка" in owner.get(url).content.decode()

    assert owner.post(url, {"category": "2"}).status_code == 302
    shop.config.refresh_from_db()
    assert shop.config.category_by_group == {"bakery": 2}
    assert (
        "chosen by you for the group “Выпечка”" in owner.get(reverse("syncing:categories")).content.decode()
    )

    owner.post(url, {"category": ""})
    shop.config.refresh_from_db()
    assert shop.config.category_by_group == {}


@pytest.mark.once
def test_a_groups_category_is_found_by_words_or_picked_from_vks_sections(owner: Client, shop: Shop) -> None:
    url = reverse("syncing:category", args=[shop.bakery.pk])
    owner.post(url, {"category": "молоко"})
    shop.config.refresh_from_db()
    assert shop.config.category_by_group == {"bakery": 4}

    page = owner.get(url)
    assert page.context["form"]["category"].value() == "Продукты питания → Молочные продукты"
    assert page.context["sections"] == [
        ("Гардероб", [(1, "Ювелирные украшения")]),
        ("Продукты питания", [(2, "Бакалея"), (3, "Хлеб и выпечка"), (4, "Молочные продукты")]),
    ]
    assert 'value="4" aria-current="true"' in page.content.decode()


@pytest.mark.once
def test_a_category_that_vk_has_not_is_refused(owner: Client, shop: Shop) -> None:
    answer = owner.post(reverse("syncing:category", args=[shop.bakery.pk]), {"category": "999"})

    assert answer.status_code == 422
    shop.config.refresh_from_db()
    assert shop.config.category_by_group == {}


@pytest.mark.once
def test_a_product_shows_its_category_and_lets_it_be_changed(owner: Client, shop: Shop) -> None:
    page = reverse("catalog:product", args=[shop.bread.pk])
    html = owner.get(page).content.decode()
    assert "Продукты питания → Хлеб и выпечка" in html
    assert "by the group “Выпечка”" in html

    owner.post(reverse("catalog:category", args=[shop.bread.pk]), {"category": "молоко"})
    shop.config.refresh_from_db()
    assert shop.config.category_by_product == {"bread": 4}
    assert "chosen by you for this product" in owner.get(page).content.decode()

    owner.post(reverse("catalog:category", args=[shop.bread.pk]), {"category": "мебель"})
    shop.config.refresh_from_db()
    assert shop.config.category_by_product == {"bread": 4}


@pytest.mark.once
def test_a_misspelt_category_of_a_product_is_proposed_and_saved_by_a_second_tap(
    owner: Client, shop: Shop
) -> None:
    url = reverse("catalog:category", args=[shop.bread.pk])

    said = owner.post(url, {"category": "бокалея"}, follow=True)

    section = said.content.decode().partition('id="category"')[2].partition("</section>")[0]
    assert "VK has no category “бокалея”" in section
    proposed = said.context["category_form"]["category"].value()
    assert proposed == "Продукты питания → Бакалея"
    shop.config.refresh_from_db()
    assert not shop.config.category_by_product
    owner.post(url, {"category": proposed})
    shop.config.refresh_from_db()
    assert shop.config.category_by_product == {"bread": 2}


@pytest.mark.once
def test_a_product_offers_the_categories_in_use_first(owner: Client, shop: Shop) -> None:
    shop.config.category_by_group = {"food": 4}
    shop.config.save()

    html = owner.get(reverse("catalog:product", args=[shop.bread.pk])).content.decode()

    assert html.index('<option value="Продукты питания → Молочные') < html.index('<option value="Гардероб')


@pytest.mark.once
def test_somebody_elses_groups_and_products_are_not_found(
    owner: Client, shop: Shop, other_shop: Shop
) -> None:
    for url in (
        reverse("syncing:category", args=[other_shop.bakery.pk]),
        reverse("catalog:category", args=[other_shop.bread.pk]),
    ):
        assert owner.post(url, {"category": "2"}).status_code == 404
    other_shop.config.refresh_from_db()
    assert other_shop.config.category_by_group == {}
    assert not other_shop.config.category_by_product


@pytest.mark.once
def test_nobody_is_asked_to_log_in(client: Client, shop: Shop) -> None:
    for url in (
        reverse("syncing:categories"),
        reverse("syncing:category", args=[shop.bakery.pk]),
        reverse("catalog:category", args=[shop.bread.pk]),
    ):
        answer = client.post(url, {"category": "2"})
        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse("account_login"))


@pytest.mark.once
def test_the_page_says_why_vk_has_named_no_categories(owner: Client, shop: Shop) -> None:
    cache.delete(KEY)
    shop.user.vk_connection.delete()

    html = owner.get(reverse("syncing:categories")).content.decode()

    assert "VK is not connected" in html
    assert "Выпечка" in html


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let VK be away; return what it was asked."""
    methods: list[str] = []

    def fail(_client: VkClient, method: str, _params: object) -> None:
        methods.append(method)
        raise Transient("VK", method, "no answer")

    monkeypatch.setattr(VkClient, "_request", fail)
    return methods


@pytest.mark.once
def test_categories_that_were_read_long_ago_are_shown_without_asking_vk(
    owner: Client, shop: Shop, asked: list[str]
) -> None:
    cache.delete(FRESH_KEY)
    assert are_categories_due()
    assert "Хлеб и выпечка" in owner.get(reverse("syncing:categories")).content.decode()
    assert asked == []


@pytest.mark.once
def test_while_vk_is_away_the_page_asks_once_and_says_so(owner: Client, shop: Shop, asked: list[str]) -> None:
    cache.delete(KEY)
    answer = owner.get(reverse("syncing:categories"))
    assert (answer.status_code, asked) == (200, ["market.getCategories"])
    assert "Выпечка" in answer.content.decode()


@pytest.mark.once
def test_a_page_of_many_groups_asks_no_more_questions(
    owner: Client,
    shop: Shop,
    django_assert_max_num_queries: object,
) -> None:
    for number in range(40):
        shop.group(f"g{number}", f"Группа {number}")

    with django_assert_max_num_queries(15):  # type: ignore[operator]
        assert owner.get(reverse("syncing:categories")).status_code == 200


def field_of(group: ProductGroup) -> str:
    return f"group_{group.pk}"


def test_the_categories_of_many_groups_are_saved_at_once(owner: Client, shop: Shop) -> None:
    groups = [shop.group(f"g{number}", f"Полка {number}") for number in range(25)]
    typed = {field_of(group): "Бакалея" for group in groups}

    answer = owner.post(reverse("syncing:categories"), typed, follow=True)

    shop.config.refresh_from_db()
    assert shop.config.category_by_group == {group.evotor_id: 2 for group in groups}
    assert "The categories of 25 groups are saved" in answer.content.decode()


@pytest.mark.once
def test_only_fields_that_changed_are_written(owner: Client, shop: Shop) -> None:
    shop.config.category_by_group = {"food": 2, "elsewhere": 3}
    shop.config.save()

    owner.post(
        reverse("syncing:categories"),
        {field_of(shop.food): "Продукты питания → Бакалея", field_of(shop.bakery): "хлеб"},
    )
    shop.config.refresh_from_db()
    assert shop.config.category_by_group == {"food": 2, "elsewhere": 3, "bakery": 3}

    owner.post(reverse("syncing:categories"), {field_of(shop.food): "", field_of(shop.bakery): "хлеб"})
    shop.config.refresh_from_db()
    assert shop.config.category_by_group == {"elsewhere": 3, "bakery": 3}


@pytest.mark.once
def test_one_unclear_category_saves_none_and_says_which_fit(owner: Client, shop: Shop) -> None:
    answer = owner.post(
        reverse("syncing:categories"),
        {field_of(shop.food): "Продукты", field_of(shop.bakery): "Хлеб и выпечка"},
    )

    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Several fit: Продукты питания → Бакалея; Продукты питания → Хлеб и выпечка" in html
    assert 'value="Хлеб и выпечка"' in html
    shop.config.refresh_from_db()
    assert shop.config.category_by_group == {}


@pytest.mark.once
def test_what_is_proposed_for_a_group_is_saved_by_a_second_tap(owner: Client, shop: Shop) -> None:
    url, other = reverse("syncing:categories"), field_of(shop.bakery)

    said = owner.post(url, {field_of(shop.food): "крупа", other: "[kt,"})

    assert said.status_code == 422
    form = said.context["form"]
    again = {name: form[name].value() for name in (field_of(shop.food), other)}
    assert again == {field_of(shop.food): "Продукты питания → Бакалея", other: "[kt,"}
    owner.post(url, again)
    shop.config.refresh_from_db()
    assert shop.config.category_by_group == {"food": 2, "bakery": 3}


@pytest.mark.once
def test_the_categories_in_use_are_offered_first(owner: Client, shop: Shop) -> None:
    shop.config.category_by_group = {"food": 4}
    shop.config.save()

    html = owner.get(reverse("syncing:categories")).content.decode()

    assert html.index("питания → Молочные продукты") < html.index('<option value="Гардероб')
    assert html.index('<option value="Продукты питания → Молочные') < html.index('<option value="Гардероб')


@pytest.mark.once
def test_the_groups_without_a_category_are_shown_alone(owner: Client, shop: Shop) -> None:
    misc = shop.group("misc", "Разное")

    page = owner.get(reverse("syncing:categories") + "?show=unsure").context["page"]

    assert [row.node.group for row in page.rows] == [shop.food, misc]
    assert page.unsure == 2


@pytest.mark.once
def test_many_groups_come_in_pages(owner: Client, shop: Shop) -> None:
    for number in range(60):
        shop.group(f"g{number:02}", f"Я {number:02}")

    first = owner.get(reverse("syncing:categories"))
    second = owner.get(reverse("syncing:categories") + "?page=2").context["page"]

    assert "page=2" in first.content.decode()
    shown = [row.node.group.pk for page in (first.context["page"], second) for row in page.rows]
    assert len(shown) == len(set(shown)) == 62


def offered(client: Client, **query: object) -> tuple[list[tuple[str, str]], str]:
    """Return what the search offers, path and note, and what it says."""
    answer = client.get(reverse("syncing:category_search", query=query))
    assert "no-store" in answer["Cache-Control"]
    found = answer.context["found"]
    html = answer.content.decode()
    assert html.count('role="option"') == len(found.options)
    assert f"<template>{found.says}</template>" in html
    return [(option.path, option.note) for option in found.options], found.says


@pytest.mark.once
@pytest.mark.parametrize("text", ["бакал", ",frfk", "бокалея", "бакалеи", "2"])
def test_the_search_understands_while_it_is_typed_what_saving_understands(
    owner: Client, shop: Shop, text: str
) -> None:
    assert offered(owner, q=text) == ([("Продукты питания → Бакалея", "")], "1 found")


@pytest.mark.once
def test_the_search_offers_what_was_chosen_lately_first_and_says_so(owner: Client, shop: Shop) -> None:
    shop.config.category_by_product = {"milk": 4}
    shop.config.save()

    found, says = offered(owner, q="продукты")

    assert found[0] == ("Продукты питания → Молочные продукты", "chosen lately")
    assert [note for _, note in found[1:]] == ["", ""]
    assert says == "3 found"
    assert offered(owner, q="стол") == ([], "Nothing found. Type another word, or a part of it.")


@pytest.mark.once
def test_before_a_letter_the_search_proposes_with_a_reason_what_evosync_would_take(
    owner: Client, shop: Shop
) -> None:
    shop.config.category_by_product = {"bread": 1}
    shop.config.category_by_group = {"bakery": 1}
    shop.config.save()

    for_group, _ = offered(owner, group=shop.bakery.pk)
    for_product, _ = offered(owner, product=shop.bread.pk)

    assert for_group[0] == ("Продукты питания → Хлеб и выпечка", "by the group “Выпечка”")
    assert for_group[1] == ("Гардероб → Ювелирные украшения", "chosen lately")
    assert for_product[0] == ("Гардероб → Ювелирные украшения", "chosen by you for the group “Выпечка”")
    assert len(for_product) == len(for_group) == len(TREE)


@pytest.mark.once
def test_the_search_shows_so_many_and_asks_for_another_word(owner: Client, shop: Shop) -> None:
    cache.set(KEY, [(number, ("Товары", f"Вид {number}")) for number in range(1, MOST_SHOWN + 3)])

    found, says = offered(owner, q="вид", product="x", group=-1)

    assert len(found) == MOST_SHOWN
    assert (
        says == f"{MOST_SHOWN + 2} found, the first {MOST_SHOWN} are shown. One more word narrows them down."
    )


@pytest.mark.once
def test_the_search_proposes_nothing_for_somebody_elses_goods(owner: Client, other_shop: Shop) -> None:
    for query in ({"product": other_shop.bread.pk}, {"group": other_shop.bakery.pk}):
        assert owner.get(reverse("syncing:category_search", query=query)).status_code == 404


@pytest.mark.once
@pytest.mark.parametrize("source", [CategorySource.GROUP, CategorySource.GUESSED_BY_NAME])
def test_a_name_with_quotes_stands_in_quotes_of_another_kind(source: CategorySource) -> None:
    with translation.override("ru"):
        said = category_reason(CategoryChoice(2, source, "Футболка «Лавка»"))
    assert "«Футболка „Лавка“»" in said
