"""Items in the VK stand-in: what is accepted, what is refused and how, what is listed."""

from typing import Any

import pytest

from sandbox import Sandbox
from sandbox.vk.names import weighted_length
from tests.integration.sandbox.conftest import Vk


@pytest.mark.parametrize(
    ("changes", "code", "tail"),
    [
        ({"name": None}, 100, "name is undefined"),
        ({"name": "Чай"}, 100, "name should be at least 4 letters length"),
        ({"name": "  Чай  "}, 100, "name should be at least 4 letters length"),
        ({"name": "я" * 101}, 100, "name should be at most 100 letters length"),
        ({"name": '"' * 21}, 100, "name should be at most 100 letters length"),
        ({"name": "😀" * 12}, 100, "name should be at most 100 letters length"),
        ({"description": "коротко"}, 100, "description should be at least 10 letters length"),
        ({"category_id": None}, 100, "category_id is undefined"),
        ({"category_id": 77777}, 100, "category_id is invalid"),
        ({"category_id": "чай"}, 100, "category_id not integer"),
        ({"main_photo_id": None}, 100, "photo is undefined"),
        ({"main_photo_id": 1}, 100, "photo not found or already assigned to another item"),
        ({"price": -1}, 100, "price should be greater or equal to 0"),
        ({"price": "1e13"}, 100, "price should be less or equal to 999999999999"),
        ({"price": "дорого"}, 100, "price should be number"),
        ({"price": "NaN"}, 100, "price should be number"),
        ({"sku": "я" * 51}, 100, "sku should be at most 50 letters length"),
        ({"url": "h" * 321}, 100, "url should be at most 320 letters length"),
        ({"stock_amount": -2}, 100, "stock_amount should be greater or equal to -1"),
        ({"stock_amount": 1_000_000}, 100, "stock_amount should be less or equal to 999999"),
        ({"stock_amount": "1.5"}, 100, "stock_amount not integer"),
        ({"deleted": "maybe"}, 100, "deleted should be boolean"),
        ({"photo_ids": "1,2,3,4,5"}, 100, "photo_ids should have at most 4 elements"),
        ({"photo_ids": "1,x"}, 100, "photo_ids should be a list of positive integers"),
        ({"weight": 5}, 1429, ""),
        ({"variant_ids": "3"}, 1416, ""),
        ({"description": "Смотрите https://lavka.example"}, 1408, ""),
        ({"description": "Наш сайт лавка.рф всегда открыт"}, 1408, ""),
        ({"owner_id": 5}, 100, "only groups supported"),
        ({"owner_id": -5}, 15, ""),
    ],
)
def test_a_bad_parameter_is_refused_by_its_name(
    vk: Vk, changes: dict[str, Any], code: int, tail: str
) -> None:
    assert vk.error("market.add", **vk.wanted(**changes)) == (code, tail)
    assert vk.box.vk.live_items() == []


def test_a_name_of_weighted_length_100_is_accepted(vk: Vk) -> None:
    name = '"' * 15 + "я" * 25
    assert weighted_length(name) == 100
    assert vk.item(vk.add(name=name))["title"] == name


@pytest.mark.parametrize(
    ("text", "length"),
    [("Чай", 3), ('"', 5), ("&", 5), ("<>", 8), ("!", 5), ("$", 6), ("\\", 6), ("ё", 1), ("😀", 9)],
)
def test_letters_weigh_as_vk_counts_them(text: str, length: int) -> None:
    assert weighted_length(text) == length


def test_links_into_vk_are_no_bad_links(vk: Vk) -> None:
    assert vk.add(description="Подробности: https://vk.com/tea_shop, 0.5 л, т.е. много") > 0


def test_prices_are_whole_kopecks_told_as_text(vk: Vk) -> None:
    price = vk.item(vk.add(price="199.9", old_price="250"))["price"]
    assert price["amount"] == "19990"
    assert price["text"] == "199,90 ₽"
    assert (price["old_amount"], price["discount_rate"]) == ("25000", -20)
    assert vk.item(vk.add(price=890))["price"]["text"] == "890 ₽"


@pytest.mark.parametrize("old", ["199.9", "100", "0.01"])
def test_an_old_price_must_exceed_the_price(vk: Vk, old: str) -> None:
    low = (100, "old_price should be greater than price")
    assert vk.error("market.add", **vk.wanted(price="199.9", old_price=old)) == low
    item = vk.add(price="199.9")
    assert vk.error("market.edit", owner_id=-vk.box.group_id, item_id=item, old_price=old) == low
    assert "old_amount" not in vk.item(item)["price"]


def test_an_old_price_is_taken_away_by_0_and_hidden_beside_a_higher_price(vk: Vk) -> None:
    item = vk.add(price="100", old_price="150")
    vk("market.edit", owner_id=-vk.box.group_id, item_id=item, price="200")
    assert "old_amount" not in vk.item(item)["price"]
    vk("market.edit", owner_id=-vk.box.group_id, item_id=item, price="100")
    assert vk.item(item)["price"]["old_amount"] == "15000"
    vk("market.edit", owner_id=-vk.box.group_id, item_id=item, old_price="0")
    assert "old_amount" not in vk.item(item)["price"]


def test_a_price_of_three_decimals_is_rounded_and_noted(vk: Vk) -> None:
    assert vk.item(vk.add(price="130.727272727"))["price"]["amount"] == "13073"
    assert vk.box.vk.warnings == ["price 130.727272727 has more than two decimals"]


def test_unknown_parameters_are_ignored_and_noted(vk: Vk) -> None:
    vk("users.get", format="json")
    assert vk.box.vk.warnings == ["users.get: unknown parameter format"]


def test_an_edit_changes_only_what_was_sent(vk: Vk) -> None:
    item_id = vk.add()
    before = vk.item(item_id)
    assert vk("market.edit", owner_id=-vk.box.group_id, item_id=item_id, price="99.50", stock_amount=0) == 1
    after = vk.item(item_id)
    assert after["price"]["amount"] == "9950"
    assert (after["stock_amount"], after["availability"]) == (0, 2)
    same = ("title", "description", "sku", "photos", "category", "albums_ids", "date")
    assert [after[name] for name in same] == [before[name] for name in same]


@pytest.mark.parametrize(
    "changes", [{}, {"price": "130.73"}, {"name": "Чай «Таёжный» 50 г", "stock_amount": 12}]
)
def test_an_edit_without_a_change_says_so(vk: Vk, changes: dict[str, Any]) -> None:
    item_id = vk.add()
    assert vk.error("market.edit", owner_id=-vk.box.group_id, item_id=item_id, **changes) == (
        100,
        "nothing to change",
    )


def test_an_edit_obeys_the_same_rules_as_an_addition(vk: Vk) -> None:
    item_id = vk.add()
    assert vk.error("market.edit", owner_id=-vk.box.group_id, item_id=item_id, name="Я")[0] == 100
    assert vk.error("market.edit", owner_id=-vk.box.group_id, item_id=item_id, sku="я" * 51)[0] == 100
    assert vk.error("market.edit", owner_id=vk.owner, item_id=404, price=5)[0] == 1403


def test_vk_refuses_no_duplicates(vk: Vk) -> None:
    first, second = vk.add(), vk.add()
    assert first != second
    assert vk.listed() == [second, first]


def test_a_photo_belongs_to_one_item_for_ever(vk: Vk) -> None:
    photo_id = vk.photo()
    item_id = vk.add(main_photo_id=photo_id)
    refusal = (100, "photo not found or already assigned to another item")
    assert vk.error("market.add", **vk.wanted(main_photo_id=photo_id)) == refusal
    vk("market.delete", owner_id=-vk.box.group_id, item_id=item_id)
    assert vk.error("market.add", **vk.wanted(main_photo_id=photo_id)) == refusal


def test_an_items_own_photo_may_be_sent_again(vk: Vk) -> None:
    photo_id = vk.photo()
    item_id = vk.add(main_photo_id=photo_id)
    assert vk("market.edit", owner_id=-vk.box.group_id, item_id=item_id, main_photo_id=photo_id, price=7) == 1
    assert vk("market.edit", owner_id=-vk.box.group_id, item_id=item_id, main_photo_id=vk.photo()) == 1
    assert vk.item(item_id)["photos"][0]["id"] != photo_id


def test_the_newest_items_come_first(vk: Vk) -> None:
    items = [vk.add() for _ in range(3)]
    assert vk.listed() == items[::-1]
    vk("market.reorderItems", owner_id=-vk.box.group_id, item_id=items[0], before=items[2])
    assert vk.listed() == [items[0], items[2], items[1]]


def test_hidden_items_are_listed_only_when_asked_for(vk: Vk) -> None:
    shown, hidden, empty = vk.add(), vk.add(deleted=1), vk.add(stock_amount=0)
    assert vk.listed() == [empty, shown]
    assert vk.listed(with_disabled=1) == [empty, hidden, shown]
    assert vk.item(hidden)["availability"] == 2
    assert vk.item(empty)["availability"] == 2
    assert vk.item(shown)["availability"] == 0


def test_paging_counts_the_whole_shop(vk: Vk) -> None:
    items = [vk.box.vk.create_item(f"Открытка {number}").id for number in range(5)][::-1]
    page = vk("market.get", owner_id=vk.owner, count=2, offset=2)
    assert (page["count"], [item["id"] for item in page["items"]]) == (5, items[2:4])
    assert vk("market.get", owner_id=vk.owner, count=0)["items"] == []
    assert vk("market.get", owner_id=vk.owner, offset=99) == {"count": 5, "items": []}
    assert vk.error("market.get", owner_id=vk.owner, count=201)[0] == 100
    assert vk.error("market.get", owner_id=vk.owner, offset=-1)[0] == 100


def test_photos_and_albums_come_only_with_extended(vk: Vk) -> None:
    vk.add()
    plain = vk("market.get", owner_id=vk.owner)["items"][0]
    full = vk("market.get", owner_id=vk.owner, extended=1)["items"][0]
    assert set(full) - set(plain) >= {"photos", "albums_ids"}
    assert "photos" not in plain


def test_items_are_found_by_their_address(vk: Vk) -> None:
    first, second = vk.add(), vk.add()
    vk("market.delete", owner_id=vk.owner, item_id=second)
    asked = ",".join(f"{vk.owner}_{number}" for number in (first, second, 404))
    assert [item["id"] for item in vk("market.getById", item_ids=asked)["items"]] == [first]
    assert vk.error("market.getById", item_ids="чай") == (100, "item_ids is invalid")
    many = ",".join(f"{vk.owner}_{number}" for number in range(101))
    assert vk.error("market.getById", item_ids=many)[0] == 100


def test_a_deleted_item_can_be_restored_for_a_while(box: Sandbox, vk: Vk) -> None:
    older, item_id, newer = vk.add(), vk.add(), vk.add()
    assert vk.error("market.restore", owner_id=-vk.box.group_id, item_id=item_id)[0] == 1518
    assert vk("market.delete", owner_id=-vk.box.group_id, item_id=item_id) == 1
    assert vk.listed(with_disabled=1) == [newer, older]
    assert vk.error("market.delete", owner_id=-vk.box.group_id, item_id=item_id)[0] == 1403
    assert vk.error("market.edit", owner_id=-vk.box.group_id, item_id=item_id, price=1)[0] == 1403
    assert vk("market.restore", owner_id=-vk.box.group_id, item_id=item_id) == 1
    assert vk.listed() == [newer, item_id, older]
    vk("market.delete", owner_id=-vk.box.group_id, item_id=item_id)
    box.vk.limits.restore_seconds = -1
    assert vk.error("market.restore", owner_id=-vk.box.group_id, item_id=item_id)[0] == 1400
    assert vk.error("market.restore", owner_id=vk.owner, item_id=404)[0] == 1403


def test_a_full_shop_takes_no_more_items(box: Sandbox, vk: Vk) -> None:
    box.vk.limits.items = 1
    item_id = vk.add(deleted=1)
    assert vk.error("market.add", **vk.wanted())[0] == 1405
    assert vk("market.edit", owner_id=-vk.box.group_id, item_id=item_id, price=5) == 1


def test_a_section_instead_of_a_category_is_noted(vk: Vk) -> None:
    vk.add(category_id=10016)
    assert vk.box.vk.warnings == ["category_id 10016 is a section, not a category"]


def test_search_looks_into_texts_and_prices_but_not_into_sku(vk: Vk) -> None:
    cheap, dear = vk.add(price=10, name="Чай дешёвый"), vk.add(price=500, name="Чай дорогой")
    found = vk("market.search", owner_id=vk.owner, q="чай", price_from=100_00)
    assert [item["id"] for item in found["items"]] == [dear]
    assert vk("market.search", owner_id=vk.owner, q="TEA-50")["count"] == 0
    by_price = vk("market.search", owner_id=vk.owner, sort=2, rev=0)
    assert [item["id"] for item in by_price["items"]] == [cheap, dear]


def test_texts_can_come_back_escaped(box: Sandbox, vk: Vk) -> None:
    item_id = vk.add(name='Чай "Ночь" & день')
    box.vk.limits.escape_answers = True
    assert vk.item(item_id)["title"] == "Чай &quot;Ночь&quot; &amp; день"


def test_the_merchant_changes_items_behind_our_back(box: Sandbox, vk: Vk) -> None:
    item_id, gone = vk.add(), vk.add()
    hand = box.vk.merchant
    hand.rename_item(item_id, "Чай моей бабушки")
    hand.change_price(item_id, 55_00)
    hand.describe_item(item_id, "Совсем другие слова")
    hand.change_stock(item_id, 3)
    hand.hide_item(item_id)
    hand.delete_item(gone)
    made = hand.create_item("Открытка ручной работы")
    item = vk.item(item_id)
    assert (item["title"], item["price"]["amount"], item["stock_amount"]) == ("Чай моей бабушки", "5500", 3)
    assert vk.listed() == [made.id]
    hand.show_item(item_id)
    assert vk.listed() == [made.id, item_id]
    assert box.vk.items[made.id].hand_made
