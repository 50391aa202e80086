"""VK that does not give back what it was sent: no item is edited again and again, no edit is mistaken."""

from dataclasses import replace
from typing import Any

import pytest

from syncing.core.kept_forms import MOST_TIMES, is_same, noted_writes, read_back
from syncing.core.planner import sync_user
from syncing.core.records import ChannelItem, DesiredItem, KeptForm
from tests.unit.core.shop import PretendShop, product

LONG = "Большая синяя чашка из толстого фарфора, " * 5


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Чай «Майский»", 'Чай "Майский"'),
        ("Чай «Майский»", "Чай &quot;Майский&quot;"),
        ("Чай &amp; кофе", "Чай &amp;amp; кофе"),
        ("Чай — кофе", "Чай - кофе"),
        ("Чай\n\nкофе", "Чай кофе"),
        ("Чай\u00a0кофе", " Чай кофе "),
        ("Чай…", "Чай..."),
        ("Ёлка й", "Е\u0308лка и\u0306"),
    ],
)
def test_another_spelling_of_the_same_text_is_the_same(one: str, other: str) -> None:
    assert is_same(one, other)


@pytest.mark.parametrize(("one", "other"), [("Чай", "чай"), ("Чай 50 г", "Чай 100 г"), ("Чай", ""), (1, "1")])
def test_another_text_is_another(one: object, other: object) -> None:
    assert not is_same(one, other)


@pytest.mark.parametrize("now", ["tea-50 es0123456789abcd", "", " ", "Tea-50  ES0123456789ABCD"])
def test_an_sku_in_another_case_or_lost_is_no_change(now: str) -> None:
    assert read_back("sku", "TEA-50 ES0123456789ABCD", now, None) == ("TEA-50 ES0123456789ABCD", None)


@pytest.mark.parametrize("now", [LONG[:100], LONG[:100] + "…", LONG[:100].strip() + "..."])
def test_a_description_that_vk_has_trimmed_is_ours(now: str) -> None:
    assert read_back("description", LONG, now, None) == (LONG, None)


@pytest.mark.parametrize("now", ["Моя чашка", LONG[:20], LONG[:60] + " и моё", ""])
def test_a_description_that_the_merchant_wrote_is_theirs(now: str) -> None:
    assert read_back("description", LONG, now, None) == (now, None)


def test_a_price_that_vk_rounded_is_ours_from_the_first_reading_on() -> None:
    assert read_back("price_kopecks", 19990, 20000, KeptForm(19990)) == (
        19990,
        form := KeptForm(19990, 20000, MOST_TIMES),
    )
    assert read_back("price_kopecks", 19990, 20000, form) == (19990, form)


@pytest.mark.parametrize("now", [100, 19900, 25000, 19950])
def test_a_price_that_the_merchant_changed_is_put_right(now: int) -> None:
    assert read_back("price_kopecks", 19990, now, None) == (now, KeptForm(19990, now, 1))


def test_a_value_that_stays_another_is_sent_a_few_times_and_then_left() -> None:
    form: KeptForm | None = None
    seen = []
    for _ in range(5):
        value, form = read_back("stock", 5, 3, form)
        seen.append(value)
    assert seen == [3, 3, 5, 5, 5]
    assert read_back("stock", 7, 3, form) == (3, KeptForm(7, 3, 1))
    assert read_back("stock", 5, 4, form) == (4, KeptForm(5, 4, 1))
    assert read_back("stock", 5, 5, form) == (5, None)


def test_a_value_that_vk_does_not_tell_is_unknown() -> None:
    assert read_back("stock", 5, None, None) == (None, None)


@pytest.mark.parametrize("untold", ["", "DELETED"])
def test_what_vk_makes_of_a_title_is_remembered_while_it_does_not_tell_the_title(untold: str) -> None:
    goods = [product(number) for number in range(20)]
    shop = PretendShop()
    shop.apply(sync_user(shop.context(goods)))
    for key, listing in shop.listings.items():
        sent = listing.sent.title if listing.sent else ""
        kept = {"title": KeptForm(sent, sent[:-2], MOST_TIMES)}
        shop.listings[key] = replace(listing, kept_forms=kept)
    shop.items = {item_id: replace(item, title=untold) for item_id, item in shop.items.items()}

    plan = sync_user(shop.context(goods))

    assert (plan.actions, plan.merchant_fields, plan.kept_forms) == ((), {}, {})


FORMS: list[dict[str, Any]] = [
    {"sku": ""},
    {"sku": "es"},
    {"title": "Чашка &quot;синяя&quot;"},
    {"description": LONG[:80]},
]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: next(iter(form)))
def test_an_unchanged_run_edits_nothing_and_the_merchant_owns_nothing(form: dict[str, Any]) -> None:
    one = product(1, name="Чашка «синяя»", description=LONG)
    shop = PretendShop()
    shop.apply(sync_user(shop.context([one])))
    ((item_id, item),) = shop.items.items()
    form = {"sku": item.sku.lower()} if form == {"sku": "es"} else form
    shop.items[item_id] = replace(item, **form)
    plan = sync_user(shop.context([one]))
    assert (plan.actions, plan.unchanged, plan.merchant_fields, plan.kept_forms) == ((), 1, {}, {})


def test_a_text_in_vks_form_still_follows_the_till() -> None:
    one = product(1, name="Чашка «синяя»", description=LONG)
    shop = PretendShop()
    shop.apply(sync_user(shop.context([one])))
    ((item_id, item),) = shop.items.items()
    shop.items[item_id] = replace(item, description=LONG[:80], sku="")
    (action,) = sync_user(shop.context([replace(one, description="Чашка для чая")])).actions
    assert action.changes.keys() == {"description"}


def test_an_item_whose_create_went_unanswered_is_known_by_its_picture_where_vk_keeps_no_sku() -> None:
    one = product(1)
    shop = PretendShop()
    shop.apply(sync_user(shop.context([one])))
    ((item_id, item),) = shop.items.items()
    shop.items[item_id] = replace(item, sku="", photo_ids=(77,))
    shop.items[5] = ChannelItem(5, "Чужая", "Сделана руками", 100, 1, "", hidden=False, photo_ids=(78,))
    shop.listings[one.key] = replace(shop.listings[one.key], item_id=None, sent=None, photo_id=77)
    plan = sync_user(shop.context([one]))
    assert [(match.kind.value, match.item_id) for match in plan.matches] == [("found", item_id)]
    assert [set(action.changes) for action in plan.actions] == [{"sku"}]


SKU = "AB-17 ES0123456789ABCD"


@pytest.mark.parametrize(
    ("name", "sent", "now"),
    [
        ("sku", SKU, SKU[:10]),
        ("sku", SKU, SKU[-10:]),
        ("sku", SKU, SKU.replace("-", "").replace(" ", "")),
        ("title", "Чашка синяя большая", "Чашка синяя бо"),
        ("description", "Чашка для чая и кофе", "Чашка для чая..."),
    ],
)
def test_a_part_of_a_text_is_vks_form_where_the_first_reading_shows_it(
    name: str, sent: str, now: str
) -> None:
    kept = KeptForm(sent, now, MOST_TIMES)
    assert read_back(name, sent, now, KeptForm(sent)) == (sent, kept)
    assert read_back(name, sent, now, kept) == (sent, kept)
    # Somebody has cut it later.
    assert read_back(name, sent, now, None)[0] == now
    assert read_back(name, sent, "Кружка", kept)[0] == "Кружка"


def test_what_was_just_written_is_noted_until_it_is_read() -> None:
    before = DesiredItem("Чашка", "Для чая", 10_000, 5, 1, "ES1")
    assert noted_writes({}, before, before) == {}
    written = replace(before, title="Чашка белая", price_kopecks=10_050)
    noted = noted_writes({"title": KeptForm("Чашка", "Чаш", 3)}, before, written)
    assert noted == {"title": KeptForm("Чашка белая"), "price_kopecks": KeptForm(10_050)}
    assert noted_writes({}, None, before).keys() == {"title", "description", "sku"}


def test_a_title_of_less_than_half_is_the_merchants() -> None:
    sent = "Чашка синяя большая"
    for now, form in (("Чашка с", None), ("Чашка синяя", KeptForm(sent, "Чашка синяя", MOST_TIMES))):
        shown = now if form is None else sent
        assert read_back("title", sent, now, KeptForm(sent)) == (shown, form)


def test_a_stock_that_vk_shows_otherwise_is_counted_from_one() -> None:
    assert read_back("stock", 5, 7, KeptForm(5)) == (7, KeptForm(5, 7, 1))


def test_what_vk_makes_of_an_old_price_is_told_by_the_first_reading() -> None:
    form = KeptForm(19_990, 19_900, MOST_TIMES)
    assert read_back("old_price_kopecks", 19_990, 19_900, KeptForm(19_990)) == (19_990, form)
    assert read_back("old_price_kopecks", 19_990, 19_900, form) == (19_990, form)
    assert read_back("old_price_kopecks", 19_990, 15_000, form) == (15_000, None)
    assert read_back("old_price_kopecks", 19_990, 19_900, None) == (19_900, None)


def test_an_old_price_that_is_taken_away_has_no_form() -> None:
    before = DesiredItem("Чашка", "Для чая", 10_000, 5, 1, "ES1", old_price_kopecks=19_990)
    forms = {"old_price_kopecks": KeptForm(19_990, 19_900, MOST_TIMES)}
    assert noted_writes(forms, before, before) == forms
    assert noted_writes(forms, before, replace(before, old_price_kopecks=0)) == {}
