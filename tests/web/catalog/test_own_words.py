"""The merchant's own title, text and album for a product, and the text and album of a group."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from catalog.models import Product
from syncing.choices import RestrictedScope, RestrictedVerdict
from syncing.models import RestrictedDecision, SyncConfig
from syncing.services.explain import explain, verdict
from syncing.services.own_words import FIELDS, GroupChoice
from syncing.services.reimport import follow_reimport
from syncing.web.presenters.group_texts import text_samples
from syncing.web.presenters.restricted_goods import decision_offer
from tests.web.shop import Shop


def save(owner: Client, product: Product, **given: str) -> Any:
    posted = dict.fromkeys(FIELDS, "") | given
    return owner.post(reverse("catalog:words", args=[product.pk]), posted, follow=True)


@pytest.mark.once
def test_own_words_go_to_vk_and_the_page_names_who_decided(owner: Client, shop: Shop) -> None:
    answer = save(
        owner,
        shop.bread,
        own_title="Ржаной хлеб деда Ивана",
        own_description="Печём с утра, {price}",
        own_album="Утро",
    )

    assert "Kept. The next run writes your words to VK." in answer.content.decode()
    item = next(iter(verdict(shop.user, Product.objects.get(pk=shop.bread.pk)).desired.values()))
    assert (item.title, item.album) == ("Ржаной хлеб деда Ивана", "Утро")
    assert item.description.startswith("Печём с утра, 100 руб.")
    steps = {step.title: step.text for step in explain(shop.user, Product.objects.get(pk=shop.bread.pk))}
    assert steps["Your own title"] == "“Ржаной хлеб деда Ивана”."
    html = owner.get(reverse("catalog:product", args=[shop.bread.pk])).content.decode()
    assert "your own" in html


@pytest.mark.once
def test_a_title_in_quotes_with_a_brand_in_quotes_has_two_kinds_of_them(shop: Shop) -> None:
    Product.objects.filter(pk=shop.bread.pk).update(name='Хлеб "Ржаной" «Колос»')
    with translation.override("ru"):
        steps = {step.title: step.text for step in explain(shop.user, Product.objects.get(pk=shop.bread.pk))}

    assert steps["В VK должно быть"].startswith("«Хлеб „Ржаной“ „Колос“», ")


@pytest.mark.once
def test_own_words_are_taken_back(owner: Client, shop: Shop) -> None:
    save(owner, shop.bread, own_title="Ржаной хлеб деда Ивана")

    for said in ("Taken back", "has no words of your own"):
        url = reverse("catalog:words_back", args=[shop.bread.pk])
        assert said in owner.post(url, follow=True).content.decode()

    shop.bread.refresh_from_db()
    assert shop.bread.own_title == ""


@pytest.mark.once
@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"own_title": "Чай"}, "VK takes titles from 4 characters on"),
        ({"own_title": "!!!!!"}, "VK takes titles from 4 characters on"),
        ({"own_title": "о" * 150}, "VK takes titles of at most 100 characters"),
        ({"own_title": "Водка Столичная 0,5 л"}, "VK may take it for forbidden goods"),
        ({"own_description": "Заказ на www.shop.example"}, "VK refuses links"),
        ({"own_description": "{цена}"}, "EvoSync does not know {цена}."),
        ({"own_description": "Блок. Сигареты Kent"}, "this text for forbidden goods: tobacco (сигареты)"),
        ({"own_album": "о" * 101}, "at most 100 characters"),
        ({"own_album": "🎁 ***"}, "with a letter or a digit"),
    ],
)
def test_what_vk_would_refuse_is_not_kept(
    owner: Client, shop: Shop, given: dict[str, str], said: str
) -> None:
    answer = save(owner, shop.bread, **given)

    assert answer.status_code == 422
    assert said in answer.content.decode()
    shop.bread.refresh_from_db()
    assert [getattr(shop.bread, name) for name in FIELDS] == ["", "", ""]


@pytest.mark.once
def test_a_doubtful_title_waits_for_the_merchants_word(owner: Client, shop: Shop) -> None:
    answer = save(owner, shop.bread, own_title="Максим")

    html = answer.content.decode()
    assert answer.status_code == 422
    assert "VK may not take this title: it may name tobacco (максим)." in html
    assert "VK goes on showing the title it has." in html
    assert 'name="title_is_allowed"' in html
    shop.bread.refresh_from_db()
    assert shop.bread.own_title == ""

    save(owner, shop.bread, own_title="Максим", title_is_allowed="on")
    shop.bread.refresh_from_db()
    item = next(iter(verdict(shop.user, shop.bread).desired.values()))
    assert item.title == "Максим"
    assert "title_is_allowed" not in save(owner, shop.bread, own_title="Максим").content.decode()


def test_no_word_of_the_merchants_lets_a_surely_forbidden_title_in(owner: Client, shop: Shop) -> None:
    html = save(owner, shop.bread, own_title="Водка Столичная 0,5 л", title_is_allowed="on").content.decode()

    assert "VK may take it for forbidden goods: alcohol" in html
    assert 'name="title_is_allowed"' not in html
    assert not RestrictedDecision.objects.for_user(shop.user).exists()


@pytest.mark.once
def test_a_kept_title_that_became_doubtful_is_decided_on_the_products_page(owner: Client, shop: Shop) -> None:
    shop.bread.own_title = "Максим"
    shop.bread.save()
    offer = decision_offer(shop.bread, ())
    assert offer is not None
    assert (RestrictedScope.NAME, "Максим") in offer.choices

    choice = f"{RestrictedScope.NAME}:{RestrictedVerdict.ALLOWED}"
    owner.post(reverse("catalog:decide", args=[shop.bread.pk]), {"choice": choice})

    assert next(iter(verdict(shop.user, shop.bread).desired.values())).title == "Максим"


def test_goods_with_own_words_are_found(owner: Client, shop: Shop) -> None:
    save(owner, shop.milk, own_title="Молоко от коровы Зорьки")

    page = owner.get(reverse("catalog:list"), {"show": "own_words"}).context["page"]

    assert [row.product for row in page.rows] == [shop.milk]


@pytest.mark.once
def test_a_change_of_words_makes_what_was_computed_old(owner: Client, shop: Shop) -> None:
    save(owner, shop.milk, own_title="Молоко от коровы Зорьки")
    shop.store.refresh_from_db()
    first = shop.store.changed_at
    assert first is not None

    save(owner, shop.milk, own_title="Молоко от коровы Зорьки")
    shop.store.refresh_from_db()
    assert shop.store.changed_at == first


def group_choice(owner: Client, shop: Shop, **given: str) -> Any:
    posted = {"template": "", "album_mode": "rules", "album": ""} | given
    return owner.post(reverse("syncing:group_text", args=[shop.food.pk]), posted)


@pytest.mark.once
def test_a_groups_text_and_album_hold_for_its_goods(owner: Client, shop: Shop) -> None:
    answer = group_choice(owner, shop, template="{name} из {group}", album_mode="named", album="Наша  кухня")

    assert answer.status_code == 302
    item = next(iter(verdict(shop.user, shop.bread).desired.values()))
    assert item.description.startswith("Хлеб ржаной из Выпечка")
    assert item.album == "Наша кухня"

    group_choice(owner, shop, album_mode="none")
    assert next(iter(verdict(shop.user, shop.bread).desired.values())).album == ""

    group_choice(owner, shop)
    shop.config.refresh_from_db()
    assert (shop.config.template_by_group, shop.config.album_by_group) == ({}, {})


@pytest.mark.parametrize(
    "template", ["{name} из {group}: {price}", "🔥 Свежее <b>{description}</b>", "", "Да"]
)
def test_a_preview_says_what_vk_gets(owner: Client, shop: Shop, template: str) -> None:
    samples = text_samples(shop.user, shop.food, GroupChoice(template or None, "Наша кухня"))

    group_choice(owner, shop, template=template, album_mode="named", album="Наша кухня")

    goods = Product.objects.filter(pk__in=[shop.bread.pk, shop.milk.pk]).order_by("name", "pk")
    found = [next(iter(verdict(shop.user, one).desired.values())) for one in goods]
    assert [(one.title, one.description, one.album) for one in samples] == [
        (item.title, item.description, item.album) for item in found
    ]
    assert samples


@pytest.mark.once
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_a_preview_shows_real_goods_and_keeps_nothing(
    owner: Client, shop: Shop, headers: dict[str, str]
) -> None:
    for number in range(4):
        shop.product(f"bun{number}", f"Булка {number}", group="bakery")
    url = reverse("syncing:group_text", args=[shop.food.pk])

    answer = owner.post(
        url, {"preview": "1", "template": "Свежее: {name}", "album_mode": "rules"}, headers=headers
    )

    html = answer.content.decode()
    assert html.count("Свежее: ") == 3 + (not headers)
    assert ("<html" in html) is not bool(headers)
    # Beer is forbidden, so it is not shown.
    assert "Пиво" not in html
    shop.config.refresh_from_db()
    assert not shop.config.template_by_group


def test_words_for_forbidden_goods_are_kept_out_of_a_groups_text(owner: Client, shop: Shop) -> None:
    answer = group_choice(owner, shop, template="{name}. Виски в наличии")

    assert answer.status_code == 422
    [fault] = answer.context["form"].errors["template"]
    assert fault.startswith("VK may take this text for forbidden goods: alcohol (виски)")
    SyncConfig.objects.update(legal_filter=False)
    assert group_choice(owner, shop, template="{name}. Виски в наличии").status_code == 302


@pytest.mark.once
def test_a_text_may_name_what_the_product_itself_is(owner: Client, shop: Shop) -> None:
    kent = shop.product("kent", "Сигареты Kent")

    save(owner, kent, own_description="Сигареты Kent, пачка")

    kent.refresh_from_db()
    assert kent.own_description == "Сигареты Kent, пачка"


@pytest.mark.once
def test_a_groups_album_has_a_title_that_vk_can_show(owner: Client, shop: Shop) -> None:
    answer = group_choice(owner, shop, album_mode="named", album="★ ★ ★")

    assert answer.status_code == 422
    assert "with a letter or a digit" in answer.content.decode()
    assert group_choice(owner, shop, album_mode="none", album="★ ★ ★").status_code == 302


def test_a_preview_finds_the_goods_that_go_to_vk_among_many_that_do_not(owner: Client, shop: Shop) -> None:
    for number in range(120):
        shop.product(f"a{number}", f"Аперитив {number:03}", group="food", product_type="ALCOHOL_NOT_MARKED")

    html = owner.get(reverse("syncing:group_text", args=[shop.food.pk])).content.decode()

    assert "Молоко 1 л" in html
    assert "no goods that go to VK" not in html


@pytest.mark.once
def test_a_faulty_group_text_is_told_of_and_not_kept(owner: Client, shop: Shop) -> None:
    answer = group_choice(owner, shop, template="{nonsense}", album_mode="named")

    assert answer.status_code == 422
    html = answer.content.decode()
    assert html.count("EvoSync does not know {nonsense}.") == 1
    assert html.count("Nothing was saved yet") == 1
    assert "Write the album" in html
    shop.config.refresh_from_db()
    assert not shop.config.template_by_group


def test_own_words_follow_goods_that_come_back_under_another_id(shop: Shop) -> None:
    fields: dict[str, Any] = {"group": "bakery", "article_number": "Х-1", "barcodes": ["4601234567893"]}
    old = shop.product("old", "Батон нарезной", missing_since=shop.now, own_title="Батон утренний", **fields)
    new = shop.product("new", "Батон нарезной", present_since=shop.now, **fields)
    Product.objects.with_ids([old.pk]).update(fetched_at=shop.now - timedelta(hours=1))
    shop.config.template_by_group = {"food": "{name}"}
    shop.config.save()

    follow_reimport(shop.user.pk)

    new.refresh_from_db()
    old.refresh_from_db()
    assert (new.own_title, old.own_title) == ("Батон утренний", "")
    shop.config.refresh_from_db()
    assert shop.config.template_by_group == {"food": "{name}"}
