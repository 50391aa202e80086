"""What goes to VK and how: the merchant's choice and rules."""

from decimal import Decimal

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from model_bakery import baker

from catalog.models import Store
from syncing.models import SyncFilter
from syncing.services.categories import KEY
from syncing.services.settings import WrongRule, configure
from tests.web.shop import Shop

FRAGMENT = {"HX-Request": "true"}
RULES = {
    "compare_every_hours": "1",
    "markup_percent": "10",
    "rounding": "rouble",
    "out_of_stock": "hide",
    "description_template": "{name}",
    "card_style": "label",
    "albums": "none",
    "removal": "delete",
    "stores": "each",
    "brake_items": "5",
    "brake_percent": "30",
    "default_category_id": "4",
}


def _choose(owner: Client, kind: str, entity_id: str, mode: str) -> str:
    posted = {"entity_type": kind, "entity_id": entity_id, "mode": mode}
    return owner.post(reverse("syncing:filters"), posted, headers=FRAGMENT).content.decode()


def test_a_choice_changes_the_count_at_once(owner: Client, shop: Shop) -> None:
    assert "<strong>1</strong> of 3" in _choose(owner, "group", "bakery", "include")
    assert "<strong>3</strong> of 3" in _choose(owner, "group", "bakery", "")
    assert "<strong>0</strong> of 3" in _choose(owner, "group", "food", "exclude")
    assert SyncFilter.objects.get().entity_name == "Еда"


@pytest.mark.once
def test_a_choice_works_without_htmx(owner: Client, shop: Shop) -> None:
    posted = {"entity_type": "product", "entity_id": "milk", "mode": "exclude"}
    answer = owner.post(reverse("syncing:filters") + "?q=мол", posted)
    assert answer.status_code == 302
    assert SyncFilter.objects.get().entity_id == "milk"


def test_somebody_elses_group_cannot_be_chosen(owner: Client, shop: Shop, other_shop: Shop) -> None:
    other_shop.group("secret", "Чужая")
    html = _choose(owner, "group", "secret", "exclude")
    assert "There is no group" in html
    assert not SyncFilter.objects.exists()


@pytest.mark.once
def test_a_choice_that_makes_no_sense_is_refused(owner: Client, shop: Shop) -> None:
    answer = owner.post(
        reverse("syncing:filters"), {"entity_type": "planet", "entity_id": "x", "mode": "include"}
    )
    assert answer.status_code == 422
    assert not SyncFilter.objects.exists()


def test_a_product_is_found_to_be_chosen(owner: Client, shop: Shop) -> None:
    html = owner.get(reverse("syncing:filters"), {"q": "МОЛОКО"}).content.decode()
    assert shop.milk.name in html
    assert shop.bread.name not in html


def test_a_group_is_found_by_its_name_to_be_chosen(owner: Client, shop: Shop) -> None:
    page = owner.get(reverse("syncing:filters"), {"q": "выПЕЧ"}).context["page"]
    assert [(row.entity_type, row.entity_id) for row in page.found] == [("group", "bakery")]


def test_what_is_chosen_stands_on_top_to_be_taken_back(owner: Client, shop: Shop) -> None:
    _choose(owner, "product", "milk", "exclude")
    _choose(owner, "group", "food", "include")
    answer = owner.get(reverse("syncing:filters"))
    assert [(row.name, row.mode) for row in answer.context["page"].chosen] == [
        ("Еда", "include"),
        (shop.milk.name, "exclude"),
    ]
    assert "Your choice so far" in answer.content.decode()


@pytest.mark.once
def test_searching_answers_with_the_list_alone_and_going_back_with_the_page(
    owner: Client, shop: Shop
) -> None:
    url = reverse("syncing:filters")
    live = owner.get(url, {"q": "хлеб"}, headers=FRAGMENT).content.decode()
    assert shop.bread.name in live
    assert "<html" not in live
    back = owner.get(url, headers=FRAGMENT | {"HX-History-Restore-Request": "true"}).content.decode()
    assert "<html" in back


def test_all_choices_are_taken_back_at_once(owner: Client, shop: Shop) -> None:
    _choose(owner, "group", "food", "exclude")
    owner.post(reverse("syncing:filters_clear"))
    assert not SyncFilter.objects.exists()


@pytest.mark.once
def test_every_rule_is_kept(owner: Client, shop: Shop) -> None:
    posted = RULES | {"new_group": "bakery", "new_category": "77"}
    assert owner.post(reverse("syncing:rules"), posted).status_code == 302
    config = shop.config
    config.refresh_from_db()
    assert (config.markup_percent, config.rounding, config.out_of_stock) == (Decimal(10), "rouble", "hide")
    assert (config.albums, config.removal, config.brake_items, config.brake_percent) == (
        "none",
        "delete",
        5,
        30,
    )
    assert not config.legal_filter
    assert (config.default_category_id, config.category_by_group) == (4, {"bakery": 77})


def test_a_groups_category_is_changed_and_taken_back(owner: Client, shop: Shop) -> None:
    shop.config.category_by_group = {"bakery": 77, "food": 5}
    shop.config.save()
    owner.post(reverse("syncing:rules"), RULES | {"category_bakery": "", "category_food": "6"})
    shop.config.refresh_from_db()
    assert shop.config.category_by_group == {"food": 6}


@pytest.mark.once
def test_wrong_rules_keep_what_was_typed_and_change_nothing(owner: Client, shop: Shop) -> None:
    answer = owner.post(reverse("syncing:rules"), RULES | {"markup_percent": "много", "brake_percent": "900"})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="много"' in html
    assert 'value="900"' in html
    assert "The rules were not saved" in html
    shop.config.refresh_from_db()
    assert shop.config.markup_percent == 0


@pytest.mark.once
def test_a_markup_is_shown_and_taken_with_a_comma_in_russian(shop: Shop) -> None:
    shop.config.markup_percent = Decimal("10.50")
    shop.config.save()
    client = Client(headers={"accept-language": "ru"})
    client.force_login(shop.user)
    assert 'value="10,5"' in client.get(reverse("syncing:rules")).content.decode()
    assert client.post(reverse("syncing:rules"), RULES | {"markup_percent": "7,25"}).status_code == 302
    shop.config.refresh_from_db()
    assert shop.config.markup_percent == Decimal("7.25")


@pytest.mark.once
@pytest.mark.parametrize(
    ("language", "typed", "kept"),
    [
        ("en", "1,5", Decimal("1.5")),
        ("en", "1.5", Decimal("1.5")),
        ("ru", "1.5", Decimal("1.5")),
        ("ru", "\N{MINUS SIGN}5", Decimal(-5)),
        ("ru", "1 000", Decimal(1000)),
    ],
)
def test_a_markup_means_the_same_in_both_languages(
    shop: Shop, language: str, typed: str, kept: Decimal
) -> None:
    client = Client(headers={"accept-language": language})
    client.force_login(shop.user)
    assert client.post(reverse("syncing:rules"), RULES | {"markup_percent": typed}).status_code == 302
    shop.config.refresh_from_db()
    assert shop.config.markup_percent == kept
    # What the field shows, it takes.
    shown = client.get(reverse("syncing:rules")).context["form"]["markup_percent"].value()
    assert client.post(reverse("syncing:rules"), RULES | {"markup_percent": shown}).status_code == 302
    shop.config.refresh_from_db()
    assert shop.config.markup_percent == kept


@pytest.mark.once
def test_every_rule_has_its_place_on_the_page(owner: Client, shop: Shop) -> None:
    form = owner.get(reverse("syncing:rules")).context["form"]
    placed = [field.name for _title, fields in form.parts() for field in fields]
    assert sorted([*placed, "default_category_id"]) == sorted(form.Meta.fields)


@pytest.mark.once
def test_half_a_groups_category_is_asked_for_whole(owner: Client, shop: Shop) -> None:
    answer = owner.post(reverse("syncing:rules"), RULES | {"new_group": "bakery"})
    assert "Choose both" in answer.content.decode()


@pytest.mark.once
def test_known_categories_are_offered_as_a_list(owner: Client, shop: Shop) -> None:
    cache.set(KEY, [(4, ("Еда", "Хлеб")), (5, ("Еда", "Молоко"))])
    html = owner.get(reverse("syncing:rules")).content.decode()
    assert "Еда → Хлеб" in html
    assert owner.post(reverse("syncing:rules"), RULES | {"default_category_id": "999"}).status_code == 422


TREE = [(4, ("Продукты питания", "Хлеб и выпечка")), (5, ("Продукты питания", "Молочные продукты"))]


@pytest.mark.once
@pytest.mark.parametrize("typed", ["Продукты питания → Молочные продукты", "молоко", "vjkjxyst", "5"])
def test_a_category_of_the_rules_is_found_by_what_is_typed(owner: Client, shop: Shop, typed: str) -> None:
    cache.set(KEY, TREE)
    posted = RULES | {"default_category_id": typed, "new_group": "bakery", "new_category": typed}

    assert owner.post(reverse("syncing:rules"), posted).status_code == 302

    shop.config.refresh_from_db()
    assert (shop.config.default_category_id, shop.config.category_by_group) == (5, {"bakery": 5})


@pytest.mark.once
def test_a_misspelt_category_of_the_rules_is_saved_by_a_second_tap(owner: Client, shop: Shop) -> None:
    cache.set(KEY, TREE)
    said = owner.post(reverse("syncing:rules"), RULES | {"default_category_id": "малочные"})

    assert said.status_code == 422
    proposed = said.context["form"]["default_category_id"].value()
    assert proposed == "Продукты питания → Молочные продукты"
    owner.post(reverse("syncing:rules"), RULES | {"default_category_id": proposed})
    shop.config.refresh_from_db()
    assert shop.config.default_category_id == 5


@pytest.mark.once
def test_an_unclear_category_of_the_rules_names_those_that_fit_and_saves_nothing(
    owner: Client, shop: Shop
) -> None:
    cache.set(KEY, TREE)
    answer = owner.post(reverse("syncing:rules"), RULES | {"default_category_id": "продукты"})

    assert answer.status_code == 422
    assert "Several fit: Продукты питания → Хлеб" in answer.content.decode()
    shop.config.refresh_from_db()
    assert (shop.config.default_category_id, shop.config.markup_percent) == (None, Decimal(0))


def test_a_category_that_vk_no_longer_lists_stays_when_other_rules_are_saved(
    owner: Client, shop: Shop
) -> None:
    cache.set(KEY, TREE)
    configure(shop.user, values={"default_category_id": "999"})
    shop.config.category_by_group = {"bakery": 888}
    shop.config.save(update_fields=["category_by_group"])
    form = owner.get(reverse("syncing:rules")).context["form"]
    shown = {name: form[name].value() for name in ("default_category_id", "category_bakery")}

    assert owner.post(reverse("syncing:rules"), RULES | shown).status_code == 302

    shop.config.refresh_from_db()
    assert (shop.config.default_category_id, shop.config.category_by_group) == (999, {"bakery": 888})


@pytest.mark.once
def test_many_groups_with_categories_share_one_list_of_them(owner: Client, shop: Shop) -> None:
    cache.set(KEY, TREE)
    shop.config.category_by_group = {f"g{number}": 5 for number in range(20)}
    shop.config.save()

    html = owner.get(reverse("syncing:rules")).content.decode()

    assert html.count('list="vk-categories"') == 22
    assert html.count('<option value="Продукты питания → Молочные продукты">') == 1
    # Those in use come first.
    assert html.index('<option value="Продукты питания → Мол') < html.index(
        '<option value="Продукты питания → Хл'
    )


def test_the_order_of_stores_is_asked_where_there_are_several(owner: Client, shop: Shop) -> None:
    baker.make(Store, user=shop.user, evotor_id="store-2", name="Склад", missing_since=None)
    posted = RULES | {"place_store-1": "2", "place_store-2": "1"}
    owner.post(reverse("syncing:rules"), posted)
    shop.config.refresh_from_db()
    assert shop.config.store_order == ["store-2", "store-1"]


@pytest.mark.once
@pytest.mark.parametrize(
    "template",
    ["{foo} цена", "Чай {name", "Смотрите на https://shop.example", "а" * 2001, "{name}. Виски и джин"],
)
def test_a_template_that_vk_or_nobody_could_fill_in_is_refused(
    owner: Client, shop: Shop, template: str
) -> None:
    posted = RULES | {"description_template": template, "legal_filter": "on"}
    answer = owner.post(reverse("syncing:rules"), posted)

    assert answer.status_code == 422
    assert answer.context["form"].errors["description_template"]
    shop.config.refresh_from_db()
    assert shop.config.description_template == ""


@pytest.mark.once
def test_configure_names_what_is_wrong_with_a_template(shop: Shop) -> None:
    with pytest.raises(WrongRule, match=r"description_template: EvoSync не знает \{foo\}\."):
        configure(shop.user, values={"description_template": "{foo} цена"})


def test_configure_takes_no_template_that_names_forbidden_goods_and_sets_other_rules(shop: Shop) -> None:
    words = {"description_template": "{name}. Виски и джин"}
    with pytest.raises(WrongRule, match=r"description_template: По этому тексту .* алкоголь"):
        configure(shop.user, values=words)
    configure(shop.user, values=words | {"legal_filter": "off"})
    assert configure(shop.user, values={"markup_percent": "5"}).markup_percent == 5
    with pytest.raises(WrongRule, match="виски"):
        configure(shop.user, values={"legal_filter": "on"})


@pytest.mark.once
def test_shortenings_are_written_out_by_choice(owner: Client, shop: Shop) -> None:
    owner.post(reverse("syncing:rules"), RULES | {"write_out_shortenings": "on"})

    shop.config.refresh_from_db()
    assert shop.config.write_out_shortenings
