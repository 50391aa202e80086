"""The planner: what it decides, and that it settles."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from syncing.core.choices import ActionKind, EntityType, FilterMode, OutOfStock
from syncing.core.planner import sync_user
from syncing.core.records import (
    ChannelItem,
    Filter,
    GroupKey,
    Listing,
    ProductKey,
    Rules,
    SourceGroup,
    SourceProduct,
    SyncResult,
)
from syncing.core.sku_stamp import stamp
from tests.unit.core.shop import LIMITS, NOW, STORE, PretendShop, product

GROUP = SourceGroup(GroupKey(STORE, "g1"), "Посуда")


def kinds(plan: SyncResult) -> list[str]:
    return [action.kind.value for action in plan.actions]


def filled(*products: SourceProduct, **context: object) -> PretendShop:
    shop = PretendShop()
    shop.apply(sync_user(shop.context(products, **context)))  # type: ignore[arg-type]
    return shop


def test_new_products_are_created_once() -> None:
    shop = filled(product(1), product(2))
    assert len(shop.items) == 2
    again = sync_user(shop.context([product(1), product(2)]))
    assert (kinds(again), again.unchanged) == ([], 2)


def test_one_price_change_is_one_edit_of_one_field() -> None:
    shop = filled(product(1), product(2))
    plan = sync_user(shop.context([product(1, price=Decimal("130.727272727")), product(2)]))
    assert [dict(action.changes) for action in plan.actions] == [{"price_kopecks": (10100, 13073)}]


def test_a_product_that_left_the_till_is_hidden_once_and_removed_after_thirty_days() -> None:
    shop = filled(product(1), product(2))
    plan = sync_user(shop.context([product(1)]))
    assert [(action.kind, action.reason) for action in plan.actions] == [(ActionKind.HIDE, "gone")]
    shop.apply(plan)
    waiting = shop.context([product(1)])
    assert kinds(sync_user(waiting)) == []
    later = replace(waiting, now=NOW + timedelta(days=30))
    assert kinds(sync_user(later)) == ["remove"]


def test_a_product_that_comes_back_is_shown_again() -> None:
    shop = filled(product(1), product(2))
    shop.apply(sync_user(shop.context([product(1)])))
    assert kinds(sync_user(shop.context([product(1), product(2)]))) == ["restore"]


def test_absence_from_a_store_that_was_not_fully_read_proves_nothing() -> None:
    shop = filled(product(1), product(2))
    plan = sync_user(shop.context([product(1)], complete_stores=frozenset()))
    assert kinds(plan) == []


def test_a_hand_made_item_is_left_alone() -> None:
    shop = filled(product(1))
    shop.items[5] = ChannelItem(5, "Моя открытка", "Сделана руками", 100, 1, "MY-1", hidden=False)
    plan = sync_user(shop.context([]))
    assert {action.item_id for action in plan.actions} == {1001}


def test_a_create_whose_answer_was_lost_is_found_by_its_stamp() -> None:
    shop = filled(product(1))
    key = product(1).key
    shop.listings[key] = Listing(key, stamp(key), item_id=None, sent=None)
    plan = sync_user(shop.context([product(1)]))
    assert [(match.kind, match.item_id) for match in plan.matches] == [("found", 1001)]
    assert kinds(plan) == []


def test_an_item_that_vk_lost_is_made_again() -> None:
    shop = filled(product(1))
    shop.items.clear()
    plan = sync_user(shop.context([product(1)]))
    assert [match.kind for match in plan.matches] == ["lost"]
    assert kinds(plan) == ["create"]


def test_the_merchants_own_title_wins_and_the_tills_price_wins() -> None:
    shop = filled(product(1))
    shop.items[1001] = replace(shop.items[1001], title="Чашка от бабушки", price_kopecks=1)
    plan = sync_user(shop.context([product(1)]))
    assert [set(action.changes) for action in plan.actions] == [{"price_kopecks"}]
    assert plan.merchant_fields == {product(1).key: frozenset({"title"})}
    shop.apply(plan)
    renamed = sync_user(shop.context([product(1, article="A1")]))
    assert "title" not in renamed.actions[0].changes


def test_an_edit_whose_answer_was_lost_is_not_taken_for_the_merchants_own() -> None:
    shop = filled(product(1))
    renamed = replace(product(1), name="Чашка красная 1")
    # VK took the new title; the process died before it could write that down.
    taken = sync_user(shop.context([renamed])).desired[renamed.key]
    shop.items[1001] = replace(shop.items[1001], title=taken.title, description=taken.description)
    plan = sync_user(shop.context([renamed]))
    assert (kinds(plan), plan.merchant_fields) == ([], {})
    assert plan.confirmed[renamed.key].title == "Чашка красная 1"
    shop.apply(plan)
    again = sync_user(shop.context([replace(product(1), name="Чашка белая 1")]))
    assert again.actions[0].changes["title"] == ("Чашка красная 1", "Чашка белая 1")


def test_a_hiding_whose_answer_was_lost_counts_its_days_from_now() -> None:
    shop = filled(product(1), product(2))
    shop.items[1001] = replace(shop.items[1001], hidden=True)
    plan = sync_user(shop.context([product(2)]))
    assert (kinds(plan), plan.departed) == ([], (product(1).key,))


def test_a_showing_whose_answer_was_lost_forgets_when_the_item_was_hidden() -> None:
    shop = filled(product(1))
    listing = shop.listings[product(1).key]
    shop.listings[listing.key] = replace(listing, hidden_since=NOW - timedelta(days=40))
    plan = sync_user(shop.context([product(1)]))
    assert (kinds(plan), set(plan.confirmed)) == ([], {listing.key})


def test_html_escapes_in_vks_answer_are_not_an_edit() -> None:
    shop = filled(replace(product(1), name="Чай & кофе 50 г"))
    item = shop.items[1001]
    shop.items[1001] = replace(item, title=item.title.replace("&", "&amp;"))
    assert kinds(sync_user(shop.context([replace(product(1), name="Чай & кофе 50 г")]))) == []


def test_a_reimport_with_new_ids_relinks_by_barcode_and_creates_nothing() -> None:
    old = [product(n, barcodes=(f"460000000{n}",)) for n in range(3)]
    shop = filled(*old)
    new = [replace(p, key=ProductKey(STORE, f"new-{n}")) for n, p in enumerate(old)]
    for p in old:
        shop.listings[p.key] = replace(shop.listings[p.key], last_known=p)
    plan = sync_user(shop.context(new))
    assert {match.kind for match in plan.matches} == {"relinked"}
    assert kinds(plan) == ["update"] * 3
    assert all(set(action.changes) == {"sku"} for action in plan.actions)


def test_sold_out_goods_are_hidden_only_by_choice() -> None:
    shop = filled(product(1))
    sold_out = product(1, quantity=Decimal(0))
    kept = sync_user(shop.context([sold_out]))
    assert [dict(action.changes) for action in kept.actions] == [{"stock": (5, 0)}]
    rules = Rules(out_of_stock=OutOfStock.HIDE, default_category_id=1)
    hidden = sync_user(shop.context([sold_out], rules=rules))
    assert [(action.kind, action.reason) for action in hidden.actions] == [(ActionKind.HIDE, "out_of_stock")]


def test_a_vk_that_keeps_the_stock_to_itself_is_not_written_to_again() -> None:
    sold_out, plenty = product(1, quantity=Decimal(0)), product(2)
    shop = filled(sold_out, plenty)
    # A basic market says nothing of stock, and of what is sold out only that it is not available.
    shop.items[1001] = replace(shop.items[1001], stock=None, hidden=True)
    shop.items[1002] = replace(shop.items[1002], stock=None)
    assert kinds(sync_user(shop.context([sold_out, plenty]))) == []
    back = sync_user(shop.context([product(1), plenty]))
    assert [dict(action.changes) for action in back.actions] == [{"stock": (0, 5)}]


def test_a_group_becomes_an_album_and_moving_groups_moves_the_item() -> None:
    grouped = product(1, group_id="g1")
    shop = filled(grouped, groups=[GROUP])
    assert shop.items[1001].album_ids == (1,)
    other = SourceGroup(GroupKey(STORE, "g2"), "Кухня")
    plan = sync_user(shop.context([replace(grouped, group_id="g2")], groups=[GROUP, other]))
    assert [dict(action.changes) for action in plan.actions] == [{"album": ("Посуда", "Кухня")}]


def test_products_beyond_vks_limit_are_skipped_with_the_reason() -> None:
    context = replace(PretendShop().context([product(n) for n in range(5)]), limits=replace(LIMITS, items=3))
    plan = sync_user(context)
    assert kinds(plan) == ["create"] * 3
    assert [skip.reason for skip in plan.skipped] == ["limit", "limit"]


def test_a_filtered_out_product_is_hidden_with_the_filters_reason() -> None:
    shop = filled(product(1), product(2))
    chosen = [Filter(EntityType.PRODUCT, "product-1", FilterMode.EXCLUDE)]
    plan = sync_user(shop.context([product(1), product(2)], filters=chosen))
    assert [(action.kind, action.reason) for action in plan.actions] == [(ActionKind.HIDE, "filter_product")]


def test_the_safety_check_asks_about_an_empty_source_and_hides_nothing_by_itself() -> None:
    products = [product(n) for n in range(30)]
    shop = filled(*products)
    plan = sync_user(shop.context([], rules=Rules(default_category_id=1), previous_size=30))
    assert {question.code for question in plan.questions} >= {"empty_source", "many_hidden"}


def test_the_safety_check_asks_about_a_vanished_store() -> None:
    shop = filled(product(1))
    plan = sync_user(
        shop.context([], complete_stores=frozenset(), vanished_stores=frozenset({STORE}), previous_size=1)
    )
    assert "store_vanished" in {question.code for question in plan.questions}


def test_the_safety_check_lets_ten_small_changes_pass_and_asks_about_eleven() -> None:
    products = [product(n) for n in range(30)]
    shop = filled(*products)
    rules = Rules(default_category_id=1)
    dearer = [replace(p, price=Decimal(999)) for p in products]
    few = sync_user(shop.context([*dearer[:10], *products[10:]], rules=rules))
    many = sync_user(shop.context([*dearer[:11], *products[11:]], rules=rules))
    assert few.questions == ()
    assert [(question.code, question.count) for question in many.questions] == [("many_prices", 11)]


def test_the_safety_check_asks_about_a_mass_of_new_zero_stocks() -> None:
    products = [product(n) for n in range(30)]
    shop = filled(*products)
    plan = sync_user(
        shop.context([replace(p, quantity=Decimal(0)) for p in products], rules=Rules(default_category_id=1))
    )
    assert [question.code for question in plan.questions] == ["many_zero_stocks"]


till_products = st.lists(
    st.builds(
        product,
        st.integers(0, 30),
        price=st.one_of(st.none(), st.decimals("0", "9999.99", places=4)),
        quantity=st.one_of(st.none(), st.decimals("-5", "50", places=3)),
        allow_to_sell=st.booleans(),
        group_id=st.sampled_from(["", "g1"]),
        barcodes=st.sampled_from([(), ("4600000000017",)]),
    ),
    max_size=15,
    unique_by=lambda product: product.key,
)


@given(till_products, till_products)
def test_a_plan_carried_out_leaves_nothing_to_plan(
    before: list[SourceProduct], after: list[SourceProduct]
) -> None:
    shop = filled(*before, groups=[GROUP])
    for known in before:
        if known.key in shop.listings:
            shop.listings[known.key] = replace(shop.listings[known.key], last_known=known)
    context = shop.context(after, groups=[GROUP])
    plan = sync_user(context)
    assert plan == sync_user(context)
    shop.apply(plan)
    again = sync_user(shop.context(after, groups=[GROUP]))
    assert again.actions == ()
    live = [item for item in shop.items.values() if not item.hidden]
    assert len(live) == again.unchanged == len(again.desired)


HIDES = Rules(out_of_stock=OutOfStock.HIDE, default_category_id=1)


def hidden_by_hand(*products: SourceProduct) -> PretendShop:
    """Return a shop in which the merchant has hidden the first product's item, and a run has seen it."""
    shop = filled(*products)
    shop.items[1001] = replace(shop.items[1001], hidden=True)
    shop.apply(sync_user(shop.context(products)))
    return shop


def test_an_item_hidden_by_hand_stays_hidden_and_its_price_follows_the_till() -> None:
    shop = hidden_by_hand(product(1), product(2))
    plan = sync_user(shop.context([product(1, price=Decimal(7)), product(2)]))
    assert [dict(action.changes) for action in plan.actions] == [{"price_kopecks": (10_100, 700)}]
    assert plan.kept_hidden == (product(1).key,)
    assert shop.listings[product(1).key].merchant_fields == {"hidden"}


def test_an_item_that_the_merchant_shows_again_is_the_tills_again() -> None:
    shop = hidden_by_hand(product(1))
    shop.items[1001] = replace(shop.items[1001], hidden=False)
    plan = sync_user(shop.context([product(1)]))
    shop.apply(plan)
    assert (kinds(plan), plan.kept_hidden) == ([], ())
    assert shop.listings[product(1).key].merchant_fields == frozenset()


def test_an_item_hidden_by_hand_stays_hidden_when_its_product_sells_out_and_comes_back() -> None:
    for rules in (None, HIDES):
        shop = hidden_by_hand(product(1))
        sold_out = product(1, quantity=Decimal(0))
        shop.apply(sync_user(shop.context([sold_out], rules=rules)))
        # VK says the same of what is hidden and of what is sold out.
        shop.items[1001] = replace(shop.items[1001], hidden=None)
        shop.apply(sync_user(shop.context([sold_out], rules=rules)))
        plan = sync_user(shop.context([product(1)], rules=rules))
        assert [dict(action.changes) for action in plan.actions] == [{"stock": (0, 5)}]
        assert plan.kept_hidden == (product(1).key,)


def test_an_item_hidden_while_sold_out_is_noticed_when_its_stock_is_back() -> None:
    shop = filled(product(1, quantity=Decimal(0)))
    shop.items[1001] = replace(shop.items[1001], hidden=None)
    shop.apply(sync_user(shop.context([product(1)])))
    shop.items[1001] = replace(shop.items[1001], hidden=True)
    plan = sync_user(shop.context([product(1)]))
    assert (kinds(plan), plan.kept_hidden) == ([], (product(1).key,))


def test_what_we_hid_for_lack_of_stock_is_shown_again_with_the_stock() -> None:
    shop = filled(product(1))
    shop.apply(sync_user(shop.context([product(1, quantity=Decimal(0))], rules=HIDES)))
    shop.items[1001] = replace(shop.items[1001], hidden=None)
    plan = sync_user(shop.context([product(1)], rules=HIDES))
    assert kinds(plan) == ["restore"]
    assert plan.kept_hidden == ()


def test_what_the_merchant_shows_by_hand_is_hidden_again_where_it_must_not_be_sold() -> None:
    for changes, rules in (({"quantity": Decimal(0)}, HIDES), ({"allow_to_sell": False}, None)):
        shop = filled(product(1))
        shop.apply(sync_user(shop.context([product(1, **changes)], rules=rules)))
        shop.items[1001] = replace(shop.items[1001], hidden=False)
        plan = sync_user(shop.context([product(1, **changes)], rules=rules))
        assert kinds(plan) == ["hide"]
    shop = hidden_by_hand(product(1))
    shop.items[1001] = replace(shop.items[1001], hidden=False)
    plan = sync_user(shop.context([product(1, allow_to_sell=False)]))
    assert kinds(plan) == ["hide"]
    assert plan.merchant_fields == {product(1).key: frozenset()}


def test_a_product_that_comes_back_is_shown_unless_the_merchant_had_hidden_it() -> None:
    seen, unseen = hidden_by_hand(product(1), product(2)), filled(product(1), product(2))
    # Hidden by hand just before the product left: no run has looked between.
    unseen.items[1001] = replace(unseen.items[1001], hidden=True)
    for shop in (seen, unseen):
        shop.apply(sync_user(shop.context([])))
        assert all(item.hidden for item in shop.items.values())
        plan = sync_user(shop.context([product(1), product(2)]))
        assert [(action.kind, action.key) for action in plan.actions] == [
            (ActionKind.RESTORE, product(2).key)
        ]
        assert plan.kept_hidden == (product(1).key,)


def test_a_hiding_of_ours_that_vk_has_not_confirmed_is_not_the_merchants() -> None:
    shop = filled(product(1))
    listing = shop.listings[product(1).key]
    assert listing.sent is not None
    # The run was killed after the write: its intent is on the map, its result is not.
    shop.listings[listing.key] = replace(listing, sent=replace(listing.sent, hidden=None))
    shop.items[1001] = replace(shop.items[1001], hidden=True)
    assert kinds(sync_user(shop.context([product(1)]))) == ["restore"]
    shop.apply(sync_user(shop.context([])))
    plan = sync_user(shop.context([product(1)]))
    assert (kinds(plan), plan.kept_hidden) == (["restore"], ())


def test_a_second_item_that_we_hid_is_shown_when_it_takes_the_place_of_the_first() -> None:
    shop = filled(product(1))
    second = replace(shop.items[1001], item_id=900, created_at=-1, hidden=True)
    shop.items = {900: second}
    plan = sync_user(shop.context([product(1)]))
    assert (kinds(plan), plan.kept_hidden) == (["restore"], ())


def test_hiding_one_product_is_no_word_on_other_goods_that_get_its_item() -> None:
    code = ("4600000000015",)
    old = product(1, name="Чашка синяя", barcodes=code)
    shop = hidden_by_hand(old)
    shop.listings[old.key] = replace(shop.listings[old.key], last_known=old)
    new = replace(product(2, name="Молоко 1 л"), barcodes=code)
    plan = sync_user(shop.context([new]))
    assert [match.kind for match in plan.matches] == ["relinked"]
    assert (kinds(plan), plan.kept_hidden) == (["restore"], ())
    like = replace(product(2, name="Чашка синяя"), barcodes=code)
    assert sync_user(shop.context([like])).kept_hidden == (like.key,)
