"""Many goods at once: selected, asked, changed, taken back."""

import re
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from catalog.models import Product
from catalog.photos.services import add_photo, replace_file
from evosync.common import clock
from syncing.choices import BulkAction
from syncing.models import Listing, RestrictedDecision, SyncFilter, SyncJob
from syncing.services.bulk import actions, filters, photos, words
from syncing.services.bulk.undo import FRESH_SECONDS, KEEP_SECONDS, MOST_KEPT
from syncing.services.categories import KEY
from tests.computing import compute_asked
from tests.web.shop import Shop

BULK, LIST = "catalog:bulk", "catalog:list"
TREE = [(2, ("Продукты питания", "Бакалея")), (3, ("Продукты питания", "Хлеб и выпечка"))]


@pytest.fixture(autouse=True)
def tree() -> None:
    cache.clear()
    cache.set(KEY, TREE)


# These lead elsewhere: to a new rule, and to the page of the table.
NOT_ASKED_ABOUT = (BulkAction.RULE, BulkAction.TABLE)


def address(action: str, **question: Any) -> str:
    return reverse(BULK, query={"action": action, **question})


def confirm(owner: Client, url: str, **given: Any) -> str:
    """Confirm what the page asks and return what is said then."""
    return owner.post(url, {"goods": shown(owner, url), **given}, follow=True).content.decode()


def rename(product: Product, name: str) -> None:
    Product.objects.filter(pk=product.pk).update(name=name, search_text=name.lower())


def shown(owner: Client, url: str) -> str:
    """Return what stands in the form of exactly the goods that the page shows."""
    digest: str = owner.get(url).context["digest"]
    return digest


def modes(shop: Shop) -> dict[str, str]:
    return dict(SyncFilter.objects.filter(sync_config=shop.config).values_list("entity_id", "filter_mode"))


def take_back(owner: Client) -> str:
    last = owner.get(reverse(LIST)).context["last_change"]
    return owner.post(reverse("catalog:bulk_undo"), {"token": last.token}, follow=True).content.decode()


@pytest.mark.once
def test_it_says_how_many_goods_and_what_becomes_of_them_first(owner: Client, shop: Shop) -> None:
    answer = owner.get(address("exclude", pick=[shop.bread.pk, shop.milk.pk]))

    html = answer.content.decode()
    assert "2 products are concerned." in html
    assert "What you leave out does not go to VK" in html
    assert shop.bread.name in html
    assert shop.milk.name in html
    assert modes(shop) == {}


@pytest.mark.once
def test_goods_are_left_out_and_taken_in_again(owner: Client, shop: Shop) -> None:
    picks = [shop.bread.pk, shop.milk.pk]
    assert "2 products are changed" in confirm(owner, address("exclude", pick=picks))
    assert modes(shop) == {"bread": "exclude", "milk": "exclude"}

    assert "1 product is changed" in confirm(owner, address("include", pick=[shop.bread.pk]))
    assert modes(shop) == {"milk": "exclude"}


def test_who_lists_what_goes_to_vk_gets_goods_into_the_list(owner: Client, shop: Shop) -> None:
    confirm(owner, address("exclude", pick=[shop.milk.pk]))
    SyncFilter.objects.create(
        sync_config=shop.config, entity_type="product", entity_id="beer", filter_mode="include"
    )

    confirm(owner, address("include", pick=[shop.bread.pk, shop.milk.pk]))

    assert modes(shop) == {"beer": "include", "bread": "include", "milk": "include"}
    line = SyncFilter.objects.get(entity_id="bread")
    assert (line.entity_name, line.parent_entity_id) == ("Хлеб ржаной", "bakery")


@pytest.mark.once
def test_the_line_that_another_follows_goes_with_it(owner: Client, shop: Shop) -> None:
    for key, follows in (("old-bread", ""), ("bread", "old-bread")):
        SyncFilter.objects.create(
            sync_config=shop.config,
            entity_type="product",
            entity_id=key,
            filter_mode="exclude",
            follows=follows,
        )

    confirm(owner, address("include", pick=[shop.bread.pk]))

    assert modes(shop) == {}


@pytest.mark.once
def test_a_change_is_taken_back_with_what_stood_before(owner: Client, shop: Shop) -> None:
    confirm(owner, address("exclude", pick=[shop.milk.pk]))
    confirm(owner, address("exclude", pick=[shop.bread.pk, shop.milk.pk, shop.beer.pk]))

    assert "Taken back for 2 products" in take_back(owner)

    assert modes(shop) == {"milk": "exclude"}


def test_what_was_changed_since_is_not_overwritten_by_taking_back(owner: Client, shop: Shop) -> None:
    confirm(owner, address("exclude", pick=[shop.bread.pk, shop.milk.pk]))
    SyncFilter.objects.filter(entity_id="milk").update(filter_mode="include")

    assert "Taken back for 1 product" in take_back(owner)

    assert modes(shop) == {"milk": "include"}


@pytest.mark.once
def test_what_was_just_done_is_taken_back_above_the_search_and_later_above_the_list(
    owner: Client, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    html = confirm(owner, address("exclude", pick=[shop.bread.pk]))
    offers = [found.start() for found in re.finditer(reverse("catalog:bulk_undo"), html)]
    assert len(offers) == 1
    assert offers[0] < html.index('id="search"')

    later = clock.time() + FRESH_SECONDS
    monkeypatch.setattr(clock, "time", lambda: later)
    html = owner.get(reverse(LIST)).content.decode()
    offers = [found.start() for found in re.finditer(reverse("catalog:bulk_undo"), html)]
    assert len(offers) == 1
    assert offers[0] > html.index('id="results"')


@pytest.mark.once
def test_a_second_press_of_take_back_is_told_of(owner: Client, shop: Shop) -> None:
    confirm(owner, address("exclude", pick=[shop.bread.pk]))
    token = owner.get(reverse(LIST)).context["last_change"].token
    for said in ("Taken back for 1 product", "There is nothing to take back any more."):
        html = owner.post(reverse("catalog:bulk_undo"), {"token": token}, follow=True).content.decode()
        assert said in html


def press_take_back(owner: Client, token: str) -> str:
    return owner.post(reverse("catalog:bulk_undo"), {"token": token}, follow=True).content.decode()


@pytest.mark.once
def test_changes_are_taken_back_in_turn_from_the_latest(owner: Client, shop: Shop) -> None:
    confirm(owner, address("exclude", pick=[shop.bread.pk]))
    confirm(owner, address("album", pick=[shop.bread.pk]), text="К чаю")

    assert "Taken back for 1 product" in take_back(owner)
    shop.bread.refresh_from_db()
    assert (shop.bread.own_album, modes(shop)) == ("", {"bread": "exclude"})

    assert "Taken back for 1 product" in take_back(owner)
    assert modes(shop) == {}
    assert owner.get(reverse(LIST)).context["last_change"] is None


@pytest.mark.once
def test_an_earlier_change_waits_until_the_later_one_is_taken_back(owner: Client, shop: Shop) -> None:
    confirm(owner, address("exclude", pick=[shop.bread.pk]))
    earlier = owner.get(reverse(LIST)).context["last_change"].token
    confirm(owner, address("exclude", pick=[shop.milk.pk]))

    assert "Take the later change back first." in press_take_back(owner, earlier)

    assert modes(shop) == {"bread": "exclude", "milk": "exclude"}
    take_back(owner)
    assert "Taken back for 1 product" in press_take_back(owner, earlier)
    assert modes(shop) == {}


@pytest.mark.once
def test_changes_are_offered_for_an_hour(owner: Client, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    confirm(owner, address("exclude", pick=[shop.bread.pk]))
    token = owner.get(reverse(LIST)).context["last_change"].token
    later = clock.time() + KEEP_SECONDS
    monkeypatch.setattr(clock, "time", lambda: later)

    assert owner.get(reverse(LIST)).context["last_change"] is None
    assert "There is nothing to take back any more." in press_take_back(owner, token)
    assert modes(shop) == {"bread": "exclude"}


@pytest.mark.once
def test_only_the_latest_changes_are_kept(owner: Client, shop: Shop) -> None:
    for number in range(MOST_KEPT + 1):
        confirm(owner, address("album", pick=[shop.bread.pk]), text=f"Полка {number}")

    for _number in range(MOST_KEPT):
        take_back(owner)

    shop.bread.refresh_from_db()
    assert shop.bread.own_album == "Полка 0"
    assert owner.get(reverse(LIST)).context["last_change"] is None


@pytest.mark.once
def test_a_change_whose_values_are_gone_is_not_offered_again(owner: Client, shop: Shop) -> None:
    confirm(owner, address("exclude", pick=[shop.bread.pk]))
    token = owner.get(reverse(LIST)).context["last_change"].token
    cache.delete(f"bulk-changes-{shop.user.pk}-{token}")

    assert "There is nothing to take back any more." in take_back(owner)

    assert owner.get(reverse(LIST)).context["last_change"] is None
    assert modes(shop) == {"bread": "exclude"}


def test_all_that_were_found_get_a_category_that_is_typed(owner: Client, shop: Shop) -> None:
    shop.fill(120)
    shop.config.category_by_product = {"p3": 3}
    shop.config.save()
    url = address("category", all=1, q="товар")
    assert owner.get(url).context["page"].number == 120

    assert "120 products are changed" in confirm(owner, url, category="бакалея")

    shop.config.refresh_from_db()
    assert shop.config.category_by_product == {f"p{number}": 2 for number in range(120)}
    take_back(owner)
    shop.config.refresh_from_db()
    assert shop.config.category_by_product == {"p3": 3}


@pytest.mark.once
def test_an_unclear_category_changes_nothing(owner: Client, shop: Shop) -> None:
    url = address("category", pick=[shop.bread.pk])

    html = confirm(owner, url, category="продукты")

    assert "Several fit" in html
    shop.config.refresh_from_db()
    assert not shop.config.category_by_product


@pytest.mark.once
def test_when_more_goods_fit_meanwhile_it_asks_again(owner: Client, shop: Shop) -> None:
    url = address("exclude", all=1, q="хлеб")
    seen = shown(owner, url)
    shop.product("bun", "Хлеб белый")

    answer = owner.post(url, {"goods": seen})

    assert answer.status_code == 422
    assert "Nothing was changed: these are no longer exactly the goods" in answer.content.decode()
    assert modes(shop) == {}
    assert "2 products are changed" in confirm(owner, url)


def test_as_many_other_goods_are_not_changed_by_a_confirmation_of_those_before(
    owner: Client, shop: Shop
) -> None:
    url = address("exclude", all=1, q="хлеб")
    seen = shown(owner, url)
    shop.product("bun", "Хлеб белый")
    rename(shop.bread, "Батон ржаной")

    answer = owner.post(url, {"goods": seen})

    assert answer.status_code == 422
    assert "no longer exactly the goods" in answer.content.decode()
    assert modes(shop) == {}


@pytest.mark.once
def test_goods_with_other_names_by_now_are_shown_again_first(owner: Client, shop: Shop) -> None:
    url = address("exclude", pick=[shop.bread.pk])
    seen = shown(owner, url)
    rename(shop.bread, "Торт")

    assert "no longer exactly the goods" in owner.post(url, {"goods": seen}).content.decode()
    assert modes(shop) == {}


@pytest.mark.once
def test_a_form_that_names_no_goods_changes_nothing(owner: Client, shop: Shop) -> None:
    answer = owner.post(address("exclude", pick=[shop.bread.pk]), {})

    assert (answer.status_code, modes(shop)) == (422, {})
    assert "no longer exactly the goods" in answer.content.decode()


@pytest.mark.parametrize("part", ["group", "store", "q", "show", "price_from"])
@pytest.mark.parametrize("action", ["exclude", "rule"])
def test_all_found_never_becomes_all_there_are_where_a_part_of_the_search_is_gone(
    owner: Client, shop: Shop, action: str, part: str
) -> None:
    gone = {"group": 10**6, "store": 10**6, "q": "а" * 101, "show": "x", "price_from": "x"}[part]

    answer = owner.get(address(action, all=1, **{part: gone}), follow=True)

    assert "a part of your search is gone" in answer.content.decode()
    assert answer.redirect_chain == [(reverse(LIST), 302)]


def test_unsure_goods_are_decided_and_forbidden_ones_never_allowed(owner: Client, shop: Shop) -> None:
    maxim = shop.product("maxim", "Максим")
    vodka = shop.product("vodka", "Водка Столичная 0,5 л")
    url = address("allow", pick=[maxim.pk, vodka.pk, shop.beer.pk, shop.bread.pk])

    confirm(owner, url)

    assert [(row.label, row.verdict) for row in RestrictedDecision.objects.all()] == [("Максим", "allowed")]
    confirm(owner, address("forbid", pick=[maxim.pk]))
    assert [(row.label, row.verdict) for row in RestrictedDecision.objects.all()] == [("Максим", "forbidden")]
    take_back(owner)
    assert [row.verdict for row in RestrictedDecision.objects.all()] == ["allowed"]


@pytest.mark.once
def test_the_question_names_the_goods_that_are_decided(owner: Client, shop: Shop) -> None:
    maxim = shop.product("maxim", "Максим")
    vodka = shop.product("vodka", "Водка Столичная 0,5 л")

    page = owner.get(address("allow", pick=[maxim.pk, vodka.pk, shop.bread.pk])).content.decode()
    nothing = owner.get(address("allow", pick=[vodka.pk, shop.bread.pk])).content.decode()

    assert "1 product is concerned. 3 were chosen." in page
    assert "Do it for 1 product" in page
    assert ("Максим" in page, "Водка" in page) == (True, False)
    assert "EvoSync is sure about all of this" in nothing
    assert ("Do it for" in nothing, "concerned" in nothing) == (False, False)


@pytest.mark.once
@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("action", [one for one in BulkAction if one not in NOT_ASKED_ABOUT])
def test_the_question_about_one_product_does_not_speak_of_many(
    owner: Client, shop: Shop, action: BulkAction, language: str
) -> None:
    owner.cookies["django_language"] = language
    maxim = shop.product("maxim", "Максим")
    Listing.objects.filter(product=shop.bread).update(merchant_fields=["title"])

    chosen = maxim if action in (BulkAction.ALLOW, BulkAction.FORBID) else shop.bread
    page = owner.get(address(action, pick=[chosen.pk])).content.decode()

    main = re.sub(r"<[^>]+>", " ", page[page.index("<main") :])
    assert re.search(r"Do it for 1 product\b|Применить к 1 товару", main)
    assert not re.search(r"\b(they|them|those|these|each|они|их|те|эти|каждый|всех)\b", main, re.IGNORECASE)


def test_only_goods_that_were_changed_in_vk_can_be_given_back(owner: Client, shop: Shop) -> None:
    url = address("give_back", pick=[shop.bread.pk, shop.milk.pk])

    html = owner.get(url).content.decode()
    assert "You have not changed any of this in VK" in html
    assert "Do it for" not in html

    Listing.objects.filter(product=shop.bread).update(merchant_fields=["title"])

    page = owner.get(url).context["page"]
    assert (page.chosen, page.number, [one.pk for one in page.goods]) == (2, 1, [shop.bread.pk])


def test_what_was_changed_in_vk_is_given_back(owner: Client, shop: Shop) -> None:
    Listing.objects.filter(pk=shop.listing.pk).update(merchant_fields=["title", "photo_key"], photo_id=5)

    assert "1 product is changed" in confirm(owner, address("give_back", pick=[shop.bread.pk, shop.milk.pk]))

    shop.listing.refresh_from_db()
    assert shop.listing.merchant_fields == []
    assert shop.listing.sent["title"] is None
    assert shop.listing.photo_id is None


@pytest.mark.once
def test_while_a_run_writes_nothing_is_given_back(owner: Client, shop: Shop) -> None:
    Listing.objects.filter(pk=shop.listing.pk).update(merchant_fields=["title"])
    shop.job(SyncJob.Status.RUNNING)

    assert "A run is going on" in confirm(owner, address("give_back", pick=[shop.bread.pk]))

    shop.listing.refresh_from_db()
    assert shop.listing.merchant_fields == ["title"]


def test_goods_of_somebody_else_are_never_changed(owner: Client, shop: Shop, other_shop: Shop) -> None:
    url = address("exclude", pick=[other_shop.bread.pk])

    assert "none of these goods are there" in owner.get(url, follow=True).content.decode()
    assert (
        "none of these goods are there" in owner.post(url, {"goods": "0" * 64}, follow=True).content.decode()
    )
    assert not SyncFilter.objects.exists()


@pytest.mark.once
@pytest.mark.parametrize(
    "question",
    [
        {"action": "exclude"},
        {"action": "nonsense", "all": 1},
        {"action": "exclude", "pick": "x"},
        {"action": "exclude", "pick": "9" * 30},
        {"action": "exclude", "pick": "9" * 5000},
    ],
)
def test_without_goods_or_action_nothing_is_done(owner: Client, shop: Shop, question: dict[str, Any]) -> None:
    html = owner.get(reverse(BULK, query=question), follow=True).content.decode()

    assert "Tick the goods first" in html


@pytest.mark.once
def test_more_than_can_be_listed_singly_is_refused(
    owner: Client, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filters, "MOST_LINES", 2)
    said = owner.get(address("exclude", all=1), follow=True).content.decode()
    assert "at most 2 goods" in said
    assert "whole groups or stores under “Choose goods”, leave them out by a rule" in said

    confirm(owner, address("exclude", pick=[shop.bread.pk, shop.milk.pk]))
    assert "At most 2 goods can be chosen" in confirm(owner, address("exclude", pick=[shop.beer.pk]))
    assert len(modes(shop)) == 2


@pytest.mark.once
def test_who_puts_too_many_goods_in_is_not_told_how_to_leave_them_out(
    owner: Client, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = owner.get(address("include", all=1)).content.decode()
    assert "VK gets it with the next run, unless a filter" in question
    assert "What you leave out" not in question

    monkeypatch.setattr(actions, "MOST_GOODS", 2)
    said = owner.get(address("include", all=1), follow=True).content.decode()
    assert "at most 2 goods are put in at once" in said
    assert "leave them out" not in said
    assert modes(shop) == {}


def test_a_text_for_too_many_goods_is_refused_with_the_pages_where_one_is_for_all(
    owner: Client, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(words, "MOST_TEXTS", 2)
    said = owner.get(address("text", all=1), follow=True).content.decode()
    assert "at most 2 goods" in said
    assert "A text for all is under “Prices and rules”" in said


@pytest.mark.once
def test_a_rule_begins_with_what_was_searched_for(owner: Client, shop: Shop) -> None:
    url = address("rule", all=1, q="хлеб", group=shop.bakery.pk, price_from="50", price_to="99,90")

    editor = owner.get(url, follow=True).context["editor"]

    lines = [(line["subject"], line["comparison"], line["value"]) for line in editor.conditions.initial]
    assert lines == [
        ("name", "contains", "хлеб"),
        ("group", "is", "Выпечка"),
        ("price", "above", "49.99"),
        ("price", "below", "99.91"),
    ]


@pytest.mark.once
def test_a_rule_asks_for_every_word_and_for_what_is_sold_out(owner: Client, shop: Shop) -> None:
    answer = owner.get(address("rule", all=1, q="ржаной хлеб", show="sold_out"), follow=True)
    start = [form.initial for form in answer.context["editor"].conditions.initial_forms]
    assert [(one["subject"], one["comparison"], one["value"]) for one in start] == [
        ("name", "contains", "ржаной"),
        ("name", "contains", "хлеб"),
        ("stock", "below", "0.001"),
    ]
    assert "more goods than you found" not in answer.content.decode()
    long = owner.get(address("rule", all=1, q="а б в г д е ё", group=shop.bakery.pk), follow=True)
    assert len(long.context["editor"].conditions.initial_forms) == 2


@pytest.mark.once
@pytest.mark.parametrize("filtered", [{"show": "in_vk"}, {"show": "errors"}, {"why": "legal_beer"}])
def test_a_rule_that_cannot_ask_for_what_was_filtered_says_so(
    owner: Client, shop: Shop, filtered: dict[str, str]
) -> None:
    answer = owner.get(address("rule", all=1, **filtered), follow=True)
    assert "more goods than you found" in answer.content.decode()


@pytest.mark.once
def test_a_rule_for_one_product_begins_with_its_name(owner: Client, shop: Shop) -> None:
    editor = owner.get(address("rule", pick=[shop.bread.pk]), follow=True).context["editor"]

    assert [line["value"] for line in editor.conditions.initial] == ["Хлеб ржаной"]
    html = owner.get(address("rule", pick=[shop.bread.pk, shop.milk.pk]), follow=True).content.decode()
    assert "A rule picks goods by conditions" in html


def test_after_the_change_the_search_is_as_it_was(owner: Client, shop: Shop) -> None:
    url = address("exclude", all=1, q="хлеб", show="in_vk")

    answer = owner.post(url, {"goods": shown(owner, url)})

    assert answer["Location"] == reverse(LIST, query={"q": "хлеб", "show": "in_vk"})


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ({"price_from": "100,50"}, ["dear"]),
        ({"price_to": "100"}, ["beer", "bread", "milk"]),
        ({"price_from": "100", "price_to": "100"}, ["beer", "bread", "milk"]),
        ({"show": "sold_out"}, ["dear"]),
        ({"show": "changed"}, ["bread"]),
        ({"show": "own_photo"}, []),
        ({"price_from": "nonsense"}, ["beer", "bread", "dear", "milk"]),
    ],
)
def test_goods_are_found_by_price_and_state(
    owner: Client, shop: Shop, question: dict[str, str], expected: list[str]
) -> None:
    shop.product("dear", "Трюфель", price=5000, quantity=0)
    Listing.objects.filter(pk=shop.listing.pk).update(merchant_fields=["title"])

    page = owner.get(reverse(LIST), question).context["page"]

    assert sorted(row.product.evotor_id for row in page.rows) == expected
    assert (page.found.number, page.found.is_more) == (len(expected), False)


@pytest.mark.once
def test_the_goods_for_a_reason_are_counted_and_solved_first(owner: Client, shop: Shop) -> None:
    shop.product("maxim", "Максим")
    owner.get(reverse(LIST), {"why": "legal_unsure"})
    compute_asked()

    answer = owner.get(reverse(LIST), {"why": "legal_unsure"})
    assert answer.context["first_action"] == "allow"
    assert [row.product.name for row in answer.context["page"].rows] == ["Максим"]
    assert "VK may forbid it, and EvoSync is not sure. (1)" in answer.content.decode()
    ready = owner.get(reverse(LIST), {"why": "ready"}).context["page"]
    assert [row.product.evotor_id for row in ready.rows] == ["milk", "bread"]


@pytest.mark.once
def test_goods_without_a_category_are_found(owner: Client, shop: Shop) -> None:
    pan = shop.product("pan", "Сковорода чугунная")
    owner.get(reverse(LIST), {"why": "no_category"})
    compute_asked()

    answer = owner.get(reverse(LIST), {"why": "no_category"})

    assert pan.name in [row.product.name for row in answer.context["page"].rows]
    assert answer.context["first_action"] == "category"


@pytest.mark.slow
def test_fifteen_thousand_goods_are_changed_in_few_statements(owner: Client, shop: Shop) -> None:
    from django.db import connection

    shop.fill(15_000 - 3)
    url = address("category", all=1)
    with CaptureQueriesContext(connection) as asked:
        context = owner.get(url).context
    assert (context["page"].number, len(asked) <= 15) == (15_000, True)

    with CaptureQueriesContext(connection) as asked:
        owner.post(url, {"goods": context["digest"], "category": "бакалея"})
    assert len(asked) <= 30
    shop.config.refresh_from_db()
    assert len(shop.config.category_by_product or {}) == 15_000

    with CaptureQueriesContext(connection) as asked:
        confirm(owner, address("exclude", all=1, q="00"))
    assert len(modes(shop)) == 1356
    assert len(asked) <= 60


@pytest.mark.once
@pytest.mark.parametrize(("action", "field"), [("text", "own_description"), ("album", "own_album")])
def test_many_goods_get_a_text_or_an_album_and_lose_it_again(
    owner: Client, shop: Shop, action: str, field: str
) -> None:
    setattr(shop.milk, field, "Прежнее")
    shop.milk.save()

    confirm(owner, address(action, pick=[shop.bread.pk, shop.milk.pk]), text="Свежее каждый день")
    for product in (shop.bread, shop.milk):
        product.refresh_from_db()
    assert [getattr(one, field) for one in (shop.bread, shop.milk)] == ["Свежее каждый день"] * 2

    take_back(owner)
    for product in (shop.bread, shop.milk):
        product.refresh_from_db()
    assert [getattr(one, field) for one in (shop.bread, shop.milk)] == ["", "Прежнее"]


@pytest.mark.once
def test_an_album_has_a_title_that_vk_can_show(owner: Client, shop: Shop) -> None:
    assert "with a letter or a digit" in confirm(owner, address("album", pick=[shop.bread.pk]), text="🎁")
    shop.bread.refresh_from_db()
    assert shop.bread.own_album == ""


@pytest.mark.once
def test_a_text_with_a_fault_changes_nothing(owner: Client, shop: Shop) -> None:
    url = address("text", pick=[shop.bread.pk])
    assert "EvoSync does not know {nonsense}." in confirm(
        owner, url, text="Смотрите www.shop.example {nonsense}"
    )
    assert "this text for forbidden goods: alcohol (виски)" in confirm(owner, url, text="{name} и виски")
    shop.bread.refresh_from_db()
    assert shop.bread.own_description == ""


@pytest.mark.once
def test_who_leaves_out_all_that_they_have_listed_does_not_send_all_others_to_vk(
    owner: Client, shop: Shop
) -> None:
    for key in ("bread", "milk"):
        SyncFilter.objects.create(
            sync_config=shop.config, entity_type="product", entity_id=key, filter_mode="include"
        )

    html = confirm(owner, address("exclude", pick=[shop.bread.pk, shop.milk.pk]))

    assert "all other goods would go to VK" in html
    assert modes(shop) == {"bread": "include", "milk": "include"}
    confirm(owner, address("exclude", pick=[shop.bread.pk]))
    assert modes(shop) == {"bread": "exclude", "milk": "include"}


def test_taking_back_does_not_send_all_others_to_vk(owner: Client, shop: Shop) -> None:
    SyncFilter.objects.create(
        sync_config=shop.config, entity_type="product", entity_id="milk", filter_mode="include"
    )
    confirm(owner, address("include", pick=[shop.bread.pk]))
    SyncFilter.objects.filter(entity_id="milk").delete()

    assert "all other goods would go to VK" in take_back(owner)

    assert modes(shop) == {"bread": "include"}


def jpeg(side: int = 600) -> SimpleUploadedFile:
    file = BytesIO()
    Image.new("RGB", (side, side), "red").save(file, "JPEG")
    return SimpleUploadedFile("photo.jpg", file.getvalue())


@pytest.fixture
def media(settings: Any, tmp_path: Path) -> None:
    """Keep photos in a folder of this test's own."""
    settings.MEDIA_ROOT = tmp_path


def photos_of(product: Product) -> int:
    return product.photos.count()


@pytest.mark.usefixtures("media")
def test_many_goods_get_one_photo_and_lose_it_again(owner: Client, shop: Shop, settings: Any) -> None:
    settings.PHOTOS_PER_PRODUCT = 2
    add_photo(shop.milk, jpeg=b"first of milk")
    for content in (b"first of bread", b"second of bread"):
        add_photo(shop.bread, jpeg=content)
    url = address("photo", pick=[shop.bread.pk, shop.milk.pk])

    assert "1 product is changed" in confirm(owner, url, photo=jpeg())
    assert (photos_of(shop.bread), photos_of(shop.milk)) == (2, 2)
    assert "Nothing was changed" in confirm(owner, url, photo=jpeg())

    assert "Taken back for 1 product" in take_back(owner)
    assert [photo.content_hash for photo in shop.milk.photos.all()] == [sha256(b"first of milk").hexdigest()]
    assert photos_of(shop.bread) == 2


@pytest.mark.once
@pytest.mark.usefixtures("media")
def test_a_given_photo_that_was_turned_since_stays(owner: Client, shop: Shop) -> None:
    confirm(owner, address("photo", pick=[shop.bread.pk, shop.milk.pk]), photo=jpeg())
    replace_file(shop.bread.photos.get(), jpeg=b"turned")

    assert "Taken back for 1 product" in take_back(owner)
    assert (photos_of(shop.bread), photos_of(shop.milk)) == (1, 0)


@pytest.mark.once
@pytest.mark.usefixtures("media")
@pytest.mark.parametrize("given", [{}, {"photo": jpeg(10)}], ids=["none", "small"])
def test_without_a_fit_photo_no_goods_are_changed(owner: Client, shop: Shop, given: dict[str, Any]) -> None:
    url = address("photo", pick=[shop.bread.pk])
    answer = owner.post(url, {"goods": shown(owner, url), **given})

    assert answer.status_code == 422
    assert answer.context["form"].errors["photo"]
    assert photos_of(shop.bread) == 0


@pytest.mark.usefixtures("media")
def test_a_photo_for_which_there_is_no_room_is_kept_for_none(
    owner: Client, shop: Shop, settings: Any
) -> None:
    settings.PHOTOS_PER_MERCHANT = 1
    said = confirm(owner, address("photo", pick=[shop.bread.pk, shop.milk.pk]), photo=jpeg())

    assert "The photo was not kept" in said
    assert (photos_of(shop.bread), photos_of(shop.milk)) == (0, 0)
    assert owner.get(reverse(LIST)).context["last_change"] is None


@pytest.mark.once
@pytest.mark.usefixtures("media")
def test_a_photo_for_too_many_goods_is_refused_with_the_page_of_one_for_all(
    owner: Client, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(photos, "MOST_PHOTOGRAPHED", 1)
    answer = owner.get(address("photo", pick=[shop.bread.pk, shop.milk.pk]), follow=True)

    assert "is on the page “Photos for many goods”" in answer.content.decode()
