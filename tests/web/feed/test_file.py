"""What an importer gets: a valid file with the goods of the runs, packed, and no file where none is new."""

import gzip
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from model_bakery import baker

from catalog.models import Product
from connections.models import VkConnection
from syncing.core.choices import QuestionCode, Reason
from syncing.core.evaluation import evaluate_all
from syncing.core.planner import sync_user
from syncing.core.records import DesiredItem
from syncing.core.sku_stamp import stamp
from syncing.feed import feed_url
from syncing.feed.products import FeedProducts
from syncing.mappers import product_record
from syncing.models import Feed, GoodsRule, Listing, SyncConfig, SyncFilter, UndoneChange
from syncing.services.bulk.decisions import decide_all
from syncing.services.bulk.records import Goods
from syncing.services.context import local_context
from syncing.services.undo import release
from syncing.shop_mappers import VK_LIMITS, desired_to_json
from tests.computing import open_computed
from tests.web.feed.conftest import body
from tests.web.feed.yml_rules import problems
from tests.web.shop import Shop

Read = Callable[..., Any]
WILD = 'Сыр "Российский" & <b>сливочный</b> \' \x0b\x01 \ufffe 😀 ₽'


def offers_of(response: Any) -> dict[str, ET.Element]:
    root = ET.fromstring(body(response))  # noqa: S314 - our own file
    return {offer.findtext("name") or "": offer for offer in root.iter("offer")}


@pytest.mark.once
def test_the_file_keeps_every_rule_of_the_format(shop: Shop, read: Read) -> None:
    shop.product(
        "wild",
        WILD,
        group="bakery",
        description=f"{WILD} ]]> <script>alert(1)</script> " * 200,
        article_number="А-7 <&>",
        barcodes=["4601234567893", "2000000000017", "abc", "12"],
        price=Decimal("130.727272727"),
        quantity=Decimal(-3),
    )
    shop.product("root", "Чай без группы", quantity=None)
    response = read()
    assert response.status_code == 200
    assert response["Content-Type"] == "application/xml; charset=utf-8"
    data = body(response)
    assert problems(data) == []
    offers = {one.findtext("name"): one for one in ET.fromstring(data).iter("offer")}  # noqa: S314
    assert len(offers) == 4


@pytest.mark.once
def test_a_promotion_tells_the_price_before_it(shop: Shop, read: Read) -> None:
    GoodsRule.objects.create(
        user=shop.user,
        position=1,
        name="Чай дешевле",
        actions=[{"kind": "percent", "value": "-20"}],
        starts_at=timezone.now() - timedelta(days=1),
        ends_at=timezone.now() + timedelta(days=1),
    )
    cup = shop.product("cup", "Кружка", price=Decimal(200), quantity=5)
    data = body(read())
    assert problems(data) == []
    offer = offers_of(read())[cup.name]
    assert (offer.findtext("price"), offer.findtext("oldprice")) == ("160", "200")


@pytest.mark.once
def test_an_offer_says_what_the_item_in_vk_would_say(shop: Shop, read: Read) -> None:
    shop.product(
        "cup",
        "Кружка",
        group="food",
        price=Decimal("199.5"),
        quantity=Decimal("2.7"),
        article_number="K-1",
        barcodes=["4601234567893"],
    )
    offer = offers_of(read())["Кружка"]
    desired = evaluate_all(local_context(shop.user)).desired
    item = next(one for one in desired.values() if one.title == "Кружка")
    assert offer.get("id") == stamp(next(key for key, one in desired.items() if one is item))
    assert offer.findtext("price") == "199.50"
    assert offer.findtext("description") == item.description
    assert offer.findtext("count") == "2"
    assert offer.findtext("vendorCode") == "K-1"
    assert offer.findtext("barcode") == "4601234567893"
    assert offer.get("available") == "true"


@pytest.mark.once
def test_sold_out_is_not_available_and_uncounted_is(shop: Shop, read: Read) -> None:
    shop.product("none", "Чашка", quantity=Decimal(0))
    shop.product("unknown", "Блюдце", quantity=None)
    offers = offers_of(read())
    assert (offers["Чашка"].get("available"), offers["Чашка"].findtext("count")) == ("false", "0")
    assert (offers["Блюдце"].get("available"), offers["Блюдце"].findtext("count")) == ("true", None)


@pytest.mark.once
def test_groups_become_categories_below_their_parents_and_empty_ones_are_left_out(
    shop: Shop, read: Read
) -> None:
    shop.group("empty", "Пустая")
    root = ET.fromstring(body(read()))  # noqa: S314 - our own file
    rows = {one.text: one for one in root.iter("category")}
    assert set(rows) == {"Товары", "Еда", "Выпечка"}
    assert rows["Выпечка"].get("parentId") == rows["Еда"].get("id")
    bread = next(one for one in root.iter("offer") if "Хлеб" in (one.findtext("name") or ""))
    assert bread.findtext("categoryId") == rows["Выпечка"].get("id")


@pytest.mark.parametrize("stores", ["each", "merge"])
def test_the_feed_holds_exactly_what_a_run_would_want(shop: Shop, read: Read, stores: str) -> None:
    SyncConfig.objects.filter(user=shop.user).update(stores=stores, out_of_stock="hide")
    second = Product.objects.create(
        **{**{f.name: getattr(shop.milk, f.name) for f in shop.milk._meta.fields if f.name != "id"}}
        | {"evotor_id": "milk-2", "barcodes": ["4601234567893"]}
    )
    shop.product("sold-out", "Сахар", quantity=Decimal(0))
    shop.product("no-price", "Соль", price=None)
    shop.product("left", "Ушедший", missing_since=timezone.now())
    choice = evaluate_all(local_context(shop.user))
    expected = sorted(item.title for item in choice.desired.values() if not item.hidden)
    data = body(read())
    names = [one.findtext("name") for one in ET.fromstring(data).iter("offer")]  # noqa: S314
    assert sorted(filter(None, names)) == expected
    assert second.name in expected
    assert problems(data) == []


@pytest.mark.once
def test_goods_that_the_till_has_twice_are_in_the_feed_once(shop: Shop, read: Read) -> None:
    fields = {field.name: getattr(shop.milk, field.name) for field in shop.milk._meta.fields}
    codes = ["4600000000015"], ["4600000000015"], ["4600000000022"]
    for number, barcodes in enumerate(codes, 2):
        Product.objects.create(**fields | {"id": None, "evotor_id": f"milk-{number}", "barcodes": barcodes})
    root = ET.fromstring(body(read()))  # noqa: S314 - our own file
    names = [offer.findtext("name") for offer in root.iter("offer")]
    assert names.count(shop.milk.name) == 1 + 2


@pytest.mark.once
def test_goods_that_an_undone_run_put_in_vk_are_out_of_the_feed_until_they_are_let_in(
    shop: Shop, read: Read
) -> None:
    first = read()["ETag"]
    baker.make(
        UndoneChange,
        user=shop.user,
        product=shop.milk,
        kept={"hidden": True, "title": "Молоко"},
        instead_of={"hidden": False, "title": "Молоко 1 л"},
    )
    # What was undone in their texts alone takes nothing out.
    baker.make(
        UndoneChange, user=shop.user, product=shop.bread, kept={"title": "Хлеб"}, instead_of={"title": ""}
    )
    answer = read()
    assert answer["ETag"] != first
    assert list(offers_of(answer)) == ["Хлеб ржаной"]
    assert FeedProducts(shop.user).summary().reasons[Reason.KEPT_OUT] == 1
    assert release(shop.user, shop.milk) == 1
    assert "Молоко 1 л" in offers_of(read())


def test_the_feed_shows_the_values_that_an_undone_run_keeps(shop: Shop, read: Read) -> None:
    SyncConfig.objects.filter(user=shop.user).update(description_template="Цена {price} за штуку")
    product = shop.product("jam", "Варенье", price=Decimal(100))
    before = read()
    row = baker.make(
        UndoneChange,
        user=shop.user,
        product=product,
        kept={"price_kopecks": 9000, "title": "Варенье вишнёвое"},
        instead_of={"price_kopecks": 10000, "title": "Варенье"},
    )
    answer = read()
    assert answer["ETag"] != before["ETag"]
    jam = offers_of(answer)["Варенье вишнёвое"]
    assert jam.findtext("price") == "90"
    assert "90" in (jam.findtext("description") or "")
    # The till has another price since: it is newer than the merchant's word, and the title still stands.
    Product.objects.filter(pk=product.pk).update(price=Decimal(120), content_hash="other")
    assert offers_of(read())["Варенье вишнёвое"].findtext("price") == "120"
    row.delete()
    assert offers_of(read())["Варенье"].findtext("price") == "120"


def test_goods_that_an_undone_run_keeps_shown_are_in_the_feed(shop: Shop, read: Read) -> None:
    SyncConfig.objects.filter(user=shop.user).update(out_of_stock="hide")
    product = shop.product("sold-out", "Сахар", quantity=Decimal(0))
    assert "Сахар" not in offers_of(read())
    baker.make(
        UndoneChange, user=shop.user, product=product, kept={"hidden": False}, instead_of={"hidden": True}
    )
    assert "Сахар" in offers_of(read())
    assert FeedProducts(shop.user).summary().reasons[Reason.OUT_OF_STOCK] == 0


@pytest.mark.parametrize("by", ["filter", "rule"])
def test_goods_that_are_left_out_and_that_an_undone_run_keeps_are_in_the_feed_as_vk_has_them(
    shop: Shop, read: Read, by: str
) -> None:
    product = shop.product("jam", "Варенье", price=Decimal(100))
    item = FeedProducts(shop.user).evaluator.evaluate(product_record(product, shop.store.evotor_id))
    assert isinstance(item, DesiredItem)
    sent = replace(item, title="Варенье вишнёвое", price_kopecks=9000, hidden=True)
    shop.list(product, vk_item_id=777, sent=desired_to_json(sent), state=Listing.State.HIDDEN)
    if by == "filter":
        shop.config.filters.create(entity_type="product", entity_id="jam", filter_mode="exclude")
    else:
        jam = {"subject": "name", "comparison": "contains", "value": "варенье"}
        out = {"kind": "exclude", "value": ""}
        baker.make(GoodsRule, user=shop.user, position=1, conditions=[jam], actions=[out])
    assert list(offers_of(read())) == ["Хлеб ржаной", "Молоко 1 л"]
    row = baker.make(
        UndoneChange, user=shop.user, product=product, kept={"hidden": False}, instead_of={"hidden": True}
    )
    assert offers_of(read())["Варенье вишнёвое"].findtext("price") == "90"
    summary = FeedProducts(shop.user).summary()
    left_out = {Reason.FILTER_PRODUCT, Reason.RULE, Reason.MAY_BE_LEFT_OUT}
    assert (summary.offers, left_out & summary.reasons.keys()) == (3, set())
    # What VK forbids leaves all the same.
    Product.objects.filter(pk=product.pk).update(is_excisable=True, content_hash="excisable")
    assert list(offers_of(read())) == ["Хлеб ржаной", "Молоко 1 л"]
    Product.objects.filter(pk=product.pk).update(is_excisable=False, content_hash="ordinary")
    row.delete()
    assert list(offers_of(read())) == ["Хлеб ржаной", "Молоко 1 л"]


def test_of_equal_goods_the_feed_has_the_one_that_is_not_kept_out(shop: Shop, read: Read) -> None:
    codes: dict[str, Any] = {"barcodes": ["4600000000015"], "article_number": "М-1"}
    first, second = (shop.product(f"cream-{number}", "Сливки 10 %", **codes) for number in range(2))
    for kept in (first, second):
        baker.make(
            UndoneChange, user=shop.user, product=kept, kept={"hidden": True}, instead_of={"hidden": False}
        )
        assert ("Сливки 10 %" in offers_of(read())) is (kept is first)


@pytest.mark.once
def test_goods_that_a_filter_may_have_left_out_under_another_number_are_counted_as_such(
    shop: Shop, read: Read
) -> None:
    shop.config.filters.create(entity_type="product", entity_id="old", filter_mode="exclude")
    left = shop.now - timedelta(days=2)
    old = shop.product("old", "Кефир", missing_since=left + timedelta(hours=1))
    Product.objects.filter(pk=old.pk).update(fetched_at=left)
    shop.product("new", "Кефир", present_since=shop.now - timedelta(days=1))
    assert "Кефир" not in offers_of(read())
    reasons = FeedProducts(shop.user).summary().reasons
    assert (reasons[Reason.MAY_BE_LEFT_OUT], reasons[Reason.FILTER_PRODUCT]) == (1, 0)


def loaded_again_without_marks(shop: Shop) -> Product:
    """Have half of the till leave, cigarettes among it, and a pack come whose name says nothing."""
    left = shop.now - timedelta(days=2)
    for name, kind in (("Пачка красная", "TOBACCO_MARKED"), ("Вещь старая", "NORMAL"), ("Вещь давняя", "")):
        gone = shop.product(name, name, missing_since=left + timedelta(hours=1), product_type=kind)
        Product.objects.filter(pk=gone.pk).update(fetched_at=left)
    return shop.product("new", "Позиция 7", present_since=shop.now - timedelta(days=1))


def test_goods_that_a_load_may_have_robbed_of_their_marks_are_held_back_as_in_vk(
    shop: Shop, read: Read
) -> None:
    Product.objects.filter(pk__in=[shop.milk.pk, shop.beer.pk]).delete()
    before = set(offers_of(read()))
    new = loaded_again_without_marks(shop)
    context = local_context(shop.user, with_gone=True)
    assert [one.code for one in sync_user(context).questions] == [QuestionCode.MARKS_LOST]
    assert set(offers_of(read())) == before
    assert FeedProducts(shop.user).summary().reasons[Reason.MAY_BE_KEPT_OUT] == 1
    # By a yes to the run's question it is in VK, so the feed has it too.
    listing = shop.list(new, vk_item_id=900)
    assert set(offers_of(read())) == {*before, "Позиция 7"}
    listing.delete()
    # What came a month after the goods had left is something else.
    Product.objects.missing().update(
        fetched_at=shop.now - timedelta(days=41), missing_since=shop.now - timedelta(days=40)
    )
    assert set(offers_of(read())) == {*before, "Позиция 7"}


@pytest.fixture
def fed_alone(shop: Shop) -> Shop:
    """A merchant without a shop in VK, whose till was loaded again without marks."""
    VkConnection.objects.all().delete()
    Product.objects.filter(pk__in=[shop.milk.pk, shop.beer.pk]).delete()
    return shop


@pytest.mark.once
@pytest.mark.parametrize("verdict", ["allowed", "forbidden"])
def test_who_only_has_feeds_decides_about_goods_that_may_have_lost_their_marks(
    fed_alone: Shop, owner: Client, read: Read, verdict: str
) -> None:
    before = set(offers_of(read()))
    new = loaded_again_without_marks(fed_alone)
    page = open_computed(owner, reverse("catalog:check")).content.decode()
    assert "1 product waits for your decision" in page
    assert "the till may have lost the mark that kept it out of VK" in page
    product = owner.get(reverse("catalog:product", args=[new.pk])).content.decode()
    assert "perhaps goods that VK forbids" in product
    assert set(offers_of(read())) == before
    owner.post(reverse("catalog:decide", args=[new.pk]), {"choice": f"name:{verdict}"})
    assert ("Позиция 7" in offers_of(read())) is (verdict == "allowed")
    page = open_computed(owner, reverse("catalog:check")).content.decode()
    assert "Nothing waits for your decision" in page


def test_who_only_has_feeds_decides_about_many_such_goods_at_once(
    fed_alone: Shop, owner: Client, read: Read
) -> None:
    new = loaded_again_without_marks(fed_alone)
    listed = f"{reverse('catalog:list')}?why={Reason.MAY_BE_KEPT_OUT}"
    assert new.name in open_computed(owner, listed).content.decode()
    goods = [Goods(one.pk, one.evotor_id, one.name, "") for one in (new, fed_alone.bread)]
    assert decide_all(fed_alone.user, goods, verdict="allowed").number == 1
    assert new.name in offers_of(read())


@pytest.mark.once
def test_who_has_a_shop_in_vk_is_asked_by_a_run_alone(shop: Shop, owner: Client) -> None:
    Product.objects.filter(pk__in=[shop.milk.pk, shop.beer.pk]).delete()
    loaded_again_without_marks(shop)
    page = open_computed(owner, reverse("catalog:check")).content.decode()
    assert "Nothing waits for your decision" in page


@pytest.mark.once
def test_filters_decide_about_the_feed_too(shop: Shop, read: Read) -> None:
    SyncFilter.objects.create(
        sync_config=shop.config, entity_type="group", entity_id="bakery", filter_mode="exclude"
    )
    assert list(offers_of(read())) == ["Молоко 1 л"]


@pytest.mark.once
def test_the_feed_needs_no_vk(shop: Shop, read: Read) -> None:
    VkConnection.objects.all().delete()
    assert len(offers_of(read())) == 2


@pytest.mark.once
def test_an_unchanged_feed_is_told_by_its_tag_and_by_its_time(shop: Shop, read: Read) -> None:
    first = read()
    body(first)
    again = read(if_none_match=first["ETag"])
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert read(if_modified_since=first["Last-Modified"]).status_code == 304
    assert read(if_none_match='"another"').status_code == 200


@pytest.mark.parametrize("change", ["product", "rules", "filter", "group", "photo", "missing"])
def test_every_change_of_what_it_says_is_a_new_edition(shop: Shop, read: Read, change: str) -> None:
    tag = read()["ETag"]
    match change:
        case "product":
            Product.objects.filter(pk=shop.milk.pk).update(content_hash="other", name="Кефир")
        case "rules":
            SyncConfig.objects.update(markup_percent=10)
        case "filter":
            shop.config.filters.create(entity_type="product", entity_id="milk", filter_mode="exclude")
        case "group":
            shop.bakery.name = "Хлеб и булки"
            shop.bakery.save()
        case "photo":
            shop.milk.photos.create(user=shop.user, file="x.jpg", content_hash="a" * 64)
        case _:
            Product.objects.filter(pk=shop.milk.pk).update(missing_since=timezone.now())
    answer = read(if_none_match=tag)
    assert answer.status_code == 200
    assert answer["ETag"] != tag


@pytest.mark.parametrize("change", ["name", "group", "style"])
def test_a_drawn_picture_that_shows_something_else_has_another_address(
    shop: Shop, read: Read, change: str
) -> None:
    before = offers_of(read())["Хлеб ржаной"].findtext("picture")
    Product.objects.filter(pk=shop.bread.pk).update(price=Decimal(77), content_hash="price")
    assert offers_of(read())["Хлеб ржаной"].findtext("picture") == before
    match change:
        case "name":
            Product.objects.filter(pk=shop.bread.pk).update(name="Хлеб белый", content_hash="name")
        case "group":
            shop.bakery.name = "Хлеб и булки"
            shop.bakery.save()
        case _:
            SyncConfig.objects.update(card_style="light")
    pictures = [one.findtext("picture") for one in offers_of(read()).values()]
    assert before not in pictures
    assert Client().get(str(before)).status_code == 200


@pytest.mark.once
def test_reading_the_till_again_without_a_change_is_the_same_edition(shop: Shop, read: Read) -> None:
    tag = read()["ETag"]
    later = timezone.now() + timedelta(hours=1)
    Product.objects.update(fetched_at=later)
    shop.store.complete_walk_at = later
    shop.store.save()
    assert read(if_none_match=tag).status_code == 304


@pytest.mark.once
def test_the_file_is_compressed_for_readers_that_accept_gzip(shop: Shop, read: Read) -> None:
    shop.fill(300)
    plain = body(read())
    packed = read(accept_encoding="br, gzip;q=0.8")
    assert packed["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed["Vary"]
    data = body(packed)
    assert gzip.decompress(data) == plain
    assert len(data) * 4 < len(plain)
    for refused in ("identity", "gzip;q=0", ""):
        assert "Content-Encoding" not in read(accept_encoding=refused)


@pytest.mark.once
def test_a_head_says_the_same_without_the_file(feed: Feed, read: Read) -> None:
    whole = read()
    answer = Client().head(feed_url(feed))
    assert answer.status_code == 200
    assert answer["ETag"] == whole["ETag"]


@pytest.mark.once
def test_an_importer_gets_no_cookie_and_leaves_no_session(read: Read) -> None:
    response = read()
    assert not response.cookies
    assert response["X-Robots-Tag"] == "noindex"
    assert "private" in response["Cache-Control"]


@pytest.mark.once
def test_the_time_of_reading_is_kept(feed: Feed, read: Read) -> None:
    read()
    feed.refresh_from_db()
    assert feed.read_at is not None


@pytest.mark.once
def test_the_limit_of_vk_is_the_feeds_too(shop: Shop, read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("syncing.feed.products.VK_LIMITS", replace(VK_LIMITS, items=1))
    assert len(offers_of(read())) == 1


def test_a_feed_that_lost_half_of_its_goods_is_held_until_the_merchant_accepts(
    shop: Shop, feed: Feed, read: Read, owner: Client
) -> None:
    shop.fill(40)
    assert len(offers_of(read())) == 42
    Product.objects.filter(evotor_id__startswith="p").update(missing_since=timezone.now())
    held = read()
    assert (held.status_code, bool(held["Retry-After"])) == (503, True)
    assert "held back" in owner.get("/feed/goods/").content.decode()
    assert owner.post("/feed/accept/").status_code == 302
    assert len(offers_of(read())) == 2
    assert "held back" not in owner.get("/feed/goods/").content.decode()
