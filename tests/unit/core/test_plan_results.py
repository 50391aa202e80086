"""What a plan says beside its actions: names, reasons, what is spare, what was noted, its fingerprint."""

import hashlib
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from syncing.core.choices import (
    ActionKind,
    AlbumStep,
    CardStyle,
    EntityType,
    FilterMode,
    OutOfStock,
    Reason,
    Removal,
)
from syncing.core.goods_rules.records import (
    Comparison,
    Condition,
    GoodsRule,
    RuleAction,
    RuleActionKind,
    Subject,
)
from syncing.core.planner import RENAMES_LENGTH, plan_hash, renames_the_same, sync_user
from syncing.core.records import (
    Action,
    AlbumRefusal,
    AlbumRename,
    ChannelItem,
    Filter,
    GroupKey,
    KeptForm,
    ProductKey,
    RemovedItem,
    Rules,
    ShopRefusal,
    SourceGroup,
    SourceProduct,
    SyncResult,
    Undone,
)
from tests.unit.core.shop import LIMITS, NOW, STORE, PretendShop, product

RULES = Rules(brake_items=10_000, default_category_id=1)
TEA = SourceGroup(GroupKey(STORE, "tea"), "Чай")


def filled(*goods: SourceProduct, rules: Rules = RULES, **context: Any) -> PretendShop:
    shop = PretendShop()
    shop.apply(sync_user(shop.context(goods, rules=rules, **context)))
    return shop


def kinds(plan: SyncResult) -> list[ActionKind]:
    return [action.kind for action in plan.actions]


def hide(shop: PretendShop, one: SourceProduct, days: int) -> None:
    """Let the item have been hidden for so many days."""
    listing = shop.listings[one.key]
    shop.listings[one.key] = replace(listing, hidden_since=NOW - timedelta(days=days), last_known=one)
    item_id = listing.item_id or 0
    shop.items[item_id] = replace(shop.items[item_id], hidden=True)


def action_of(shop: PretendShop, **changes: Any) -> Action:
    [action] = sync_user(shop.context([product(1, price=Decimal(7))], rules=RULES)).actions
    return replace(action, **changes)


def test_a_fingerprint_tells_every_step_from_every_other() -> None:
    shop = filled(product(1))
    action = action_of(shop)
    assert action.desired
    steps = [
        action,
        replace(action, kind=ActionKind.HIDE),
        replace(action, key=ProductKey(STORE, "other")),
        replace(action, item_id=7),
        replace(action, changes={"price_kopecks": (10_100, 701)}),
        replace(action, changes={"stock": (10_100, 700)}),
        replace(action, desired=None),
        replace(action, desired=replace(action.desired, title="Другая чашка")),
    ]
    prints = {plan_hash([one]) for one in steps}
    assert len(prints) == len(steps)
    assert {len(one) for one in prints} == {64}
    assert plan_hash(steps) not in prints
    assert plan_hash([]) != plan_hash([action])


def test_a_fingerprint_overlooks_what_was_only_noted_and_what_vk_had_before() -> None:
    action = action_of(filled(product(1)))
    assert action.desired
    same = [
        replace(action, desired=replace(action.desired, till_kopecks=1)),
        replace(action, desired=replace(action.desired, cost_kopecks=1)),
        replace(action, changes={"price_kopecks": (1, 700)}),
        replace(action, name="Другое имя"),
    ]
    assert {plan_hash([one]) for one in same} == {plan_hash([action])}


def test_a_fingerprint_is_made_of_the_item_as_python_writes_it() -> None:
    # Plans wait for an answer across releases: another way to write the same item would let none be found.
    action = action_of(filled(product(1)))
    assert action.desired
    item = replace(action.desired, title="5% «Ёж» 'x' \"y\"\n", more_photos=("a",), till_kopecks=1)
    plain = repr(replace(item, till_kopecks=None, cost_kopecks=None))
    line = (action.kind.value, tuple(action.key), action.item_id, [("stock", "2")], plain)
    step = replace(action, desired=item, changes={"stock": (1, 2)})
    assert (
        plan_hash([step])[:-RENAMES_LENGTH]
        == hashlib.sha256(repr(line).encode()).hexdigest()[:-RENAMES_LENGTH]
    )


def test_a_fingerprint_does_not_depend_on_the_order_of_the_fields() -> None:
    action = action_of(filled(product(1)))
    one = replace(action, changes={"title": ("", "А"), "stock": (1, 2)})
    other = replace(action, changes={"stock": (1, 2), "title": ("", "А")})
    assert plan_hash([one]) == plan_hash([other])


def test_a_fingerprint_tells_other_titles_of_albums_also_where_no_action_does() -> None:
    one, other = AlbumRename(1, "чай", "Чай и сборы"), AlbumRename(2, "мёд", "Мёд и соты")
    plans = [[], [one], [one, other], [replace(one, title="Чай")], [replace(one, album_id=3)]]
    prints = [plan_hash([], renames) for renames in plans]
    assert len(set(prints)) == len(plans)
    assert plan_hash([], [other, one]) == plan_hash([], [one, other])
    action = action_of(filled(product(1)))
    assert renames_the_same(plan_hash([action], [one]), plan_hash([], [one]))
    assert not renames_the_same(plan_hash([action], [one]), plan_hash([action], [other]))


def test_a_plan_bears_the_fingerprint_of_its_actions() -> None:
    shop = filled(product(1))
    plan = sync_user(shop.context([product(1, price=Decimal(7))], rules=RULES))
    assert plan.plan_hash == plan_hash(plan.actions)
    assert sync_user(shop.context([product(1)], rules=RULES)).plan_hash == plan_hash([])


def test_what_could_make_room_is_named_oldest_first_with_why_it_left() -> None:
    goods = [product(number) for number in range(4)]
    shop = filled(*goods)
    hide(shop, goods[0], days=1)
    hide(shop, goods[1], days=3)
    hide(shop, goods[2], days=2)
    shop.listings[goods[2].key] = replace(shop.listings[goods[2].key], last_known=None)
    left_out = [Filter(EntityType.PRODUCT, goods[0].key.product_id, FilterMode.EXCLUDE)]
    present = [goods[0], goods[3], product(9)]
    plan = sync_user(shop.context(present, rules=RULES, filters=left_out))
    assert kinds(plan) == [ActionKind.CREATE]
    assert [(one.key, one.name, one.item_id, one.reason) for one in plan.spare] == [
        (goods[1].key, "Чашка синяя 1", 1002, Reason.GONE),
        (goods[2].key, shop.items[1003].title, 1003, Reason.GONE),
        (goods[0].key, "Чашка синяя 0", 1001, Reason.FILTER_PRODUCT),
    ]
    assert {(one.kind, one.goes_first) for one in plan.spare} == {(ActionKind.REMOVE, True)}
    # One place short: the longest hidden goes, and is spare no more.
    tight = replace(shop.context(present, rules=RULES, filters=left_out), limits=replace(LIMITS, items=4))
    plan = sync_user(tight)
    assert [(one.kind, one.key) for one in plan.actions] == [
        (ActionKind.REMOVE, goods[1].key),
        (ActionKind.CREATE, product(9).key),
    ]
    assert [one.key for one in plan.spare] == [goods[2].key, goods[0].key]
    # Where nothing is made, nothing need make room.
    assert sync_user(shop.context([goods[3]], rules=RULES)).spare == ()


def test_an_item_that_leaves_for_good_is_not_spare_as_well() -> None:
    goods = [product(number) for number in range(2)]
    shop = filled(*goods)
    hide(shop, goods[0], days=30)
    plan = sync_user(shop.context([product(9)], rules=RULES))
    assert [(one.kind, one.key) for one in plan.actions] == [
        (ActionKind.HIDE, goods[1].key),
        (ActionKind.CREATE, product(9).key),
        (ActionKind.REMOVE, goods[0].key),
    ]
    assert plan.spare == ()


def test_an_item_of_goods_that_left_is_kept_to_the_last_day() -> None:
    goods = product(1)
    shop = filled(goods)
    hide(shop, goods, days=30)
    context = shop.context([], rules=RULES)
    assert kinds(sync_user(replace(context, now=NOW - timedelta(seconds=1)))) == []
    [removal] = sync_user(context).actions
    assert (removal.kind, removal.name, removal.item_id) == (ActionKind.REMOVE, goods.name, 1001)
    assert (removal.reason, removal.goes_first) == (Reason.GONE, False)


def test_goods_that_leave_are_removed_at_once_where_the_merchant_wants_that() -> None:
    shop = filled(product(1))
    plan = sync_user(shop.context([], rules=replace(RULES, removal=Removal.DELETE)))
    assert [(one.kind, one.reason, one.item_id, one.goes_first) for one in plan.actions] == [
        (ActionKind.REMOVE, Reason.GONE, 1001, True)
    ]


def test_an_item_that_leaves_is_wanted_as_it_was_sent_but_hidden() -> None:
    shop = filled(product(1))
    sent = shop.listings[product(1).key].sent
    assert sent
    [hiding] = sync_user(shop.context([], rules=RULES)).actions
    assert hiding.changes == {"hidden": (False, True)}
    assert hiding.desired == replace(sent, hidden=True)
    assert (hiding.name, hiding.item_id) == (shop.items[1001].title, 1001)
    shop.listings[product(1).key] = replace(shop.listings[product(1).key], sent=None)
    [hiding] = sync_user(shop.context([], rules=RULES)).actions
    assert hiding.desired is None


def test_an_older_item_of_the_same_product_is_hidden() -> None:
    shop = filled(product(1), product(2))
    first, second = shop.items[1001], shop.items[1002]
    shop.items[1001] = replace(first, created_at=5)
    shop.items[900] = replace(first, item_id=900, created_at=1, title="Первая")
    shop.items[901] = replace(second, item_id=901, created_at=-1, hidden=True)
    plan = sync_user(shop.context([product(1), product(2)], rules=RULES))
    assert plan.second_items == (
        Action(
            ActionKind.HIDE,
            product(1).key,
            "Первая",
            900,
            changes={"hidden": (False, True)},
            reason=Reason.SECOND_ITEM,
        ),
    )


def test_a_younger_item_of_the_same_stamp_is_a_copy_of_the_merchants_own() -> None:
    shop = filled(product(1))
    shop.items[1002] = replace(shop.items[1001], item_id=1002)
    assert sync_user(shop.context([product(1)], rules=RULES)).second_items == ()


def rule(name: str, kind: RuleActionKind, value: str = "", *, word: str = "Чашка") -> GoodsRule:
    condition = Condition(Subject.NAME, Comparison.CONTAINS, word)
    return GoodsRule(1, name, (condition,), (RuleAction(kind, value),))


def test_a_plan_names_the_rule_that_decided_each_field_and_the_one_that_excluded() -> None:
    shop = filled(product(1), product(2, name="Блюдце белое"))
    rules = replace(
        RULES,
        goods_rules=(
            rule("Скидка", RuleActionKind.PERCENT, "-10"),
            rule("Без блюдец", RuleActionKind.EXCLUDE, word="Блюдце"),
        ),
    )
    plan = sync_user(shop.context([product(1), product(2, name="Блюдце белое")], rules=rules))
    assert plan.rule_names == {
        product(1).key: {"price_kopecks": "Скидка"},
        product(2).key: {"hidden": "Без блюдец"},
    }
    assert [(one.kind, one.reason) for one in plan.actions if one.key == product(2).key] == [
        (ActionKind.HIDE, Reason.RULE)
    ]


def test_what_vk_makes_of_a_value_is_noted_once() -> None:
    shop = filled(product(1, price=Decimal("199.90")))
    key = product(1).key
    shop.listings[key] = replace(shop.listings[key], kept_forms={"price_kopecks": KeptForm(19990)})
    shop.items[1001] = replace(shop.items[1001], price_kopecks=20_000)
    goods = [product(1, price=Decimal("199.90"))]
    plan = sync_user(shop.context(goods, rules=RULES))
    [form] = plan.kept_forms[key].values()
    assert (list(plan.kept_forms[key]), form.sent, form.shown) == (["price_kopecks"], 19_990, 20_000)
    shop.listings[key] = replace(shop.listings[key], kept_forms=plan.kept_forms[key])
    assert sync_user(shop.context(goods, rules=RULES)).kept_forms == {}


def test_an_item_that_is_back_on_sale_is_noted_as_it_was_sent() -> None:
    shop = filled(product(1), product(2))
    key = product(1).key
    shop.listings[key] = replace(shop.listings[key], hidden_since=NOW - timedelta(days=4))
    both = [product(1), product(2)]
    assert sync_user(shop.context(both, rules=RULES)).confirmed == {key: shop.listings[key].sent}
    # One that has yet to be shown is not.
    hide(shop, product(1), days=4)
    plan = sync_user(shop.context(both, rules=RULES))
    assert (kinds(plan), plan.confirmed) == ([ActionKind.RESTORE], {})


def test_items_are_compared_also_behind_goods_that_have_none_yet() -> None:
    shop = filled(product(2))
    plan = sync_user(shop.context([product(1), product(2, price=Decimal(7))], rules=RULES))
    assert kinds(plan) == [ActionKind.UPDATE, ActionKind.CREATE]
    assert plan.unchanged == 0


def test_pictures_stay_as_they_are_while_vk_takes_none() -> None:
    shop = filled(product(1))
    key = product(1).key
    sent = shop.listings[key].sent
    assert sent
    shop.listings[key] = replace(shop.listings[key], sent=replace(sent, photo_key="old", more_photos=("b",)))
    context = shop.context([product(1)], rules=RULES)
    assert [set(one.changes) for one in sync_user(context).actions] == [{"photo_key", "more_photos"}]
    plan = sync_user(replace(context, photos_suspended_until=NOW + timedelta(hours=1)))
    assert plan.actions == ()
    assert (plan.desired[key].photo_key, plan.desired[key].more_photos) == ("old", ("b",))


@pytest.mark.parametrize("what", ["creates_suspended_until", "photos_suspended_until"])
def test_new_goods_wait_until_vk_takes_them_again(what: str) -> None:
    shop = filled(product(1))
    until = NOW + timedelta(hours=1)
    context = shop.context([product(1), product(2)], rules=RULES)
    plan = sync_user(replace(context, **{what: until}))  # type: ignore[arg-type]
    assert plan.actions == ()
    assert [(one.key, one.name, one.reason, one.detail) for one in plan.skipped] == [
        (product(2).key, product(2).name, Reason.SUSPENDED, until.isoformat())
    ]
    assert list(plan.desired) == [product(1).key]


def test_new_goods_wait_until_both_are_over() -> None:
    context = PretendShop().context([product(1)], rules=RULES)
    late = NOW + timedelta(hours=5)
    for creates, photos in ((late, NOW), (NOW, late)):
        plan = sync_user(replace(context, creates_suspended_until=creates, photos_suspended_until=photos))
        assert [one.detail for one in plan.skipped] == [late.isoformat()]


def in_group(shop: PretendShop) -> SourceProduct:
    """Put one product into VK and into the album of its group."""
    goods = product(1, group_id="tea")
    shop.apply(sync_user(shop.context([goods], rules=RULES, groups=[TEA])))
    return goods


def test_an_item_leaves_another_album_of_ours_that_it_stands_in() -> None:
    shop = PretendShop()
    goods = in_group(shop)
    shop.albums["кофе"] = 9
    shop.items[1001] = replace(shop.items[1001], album_ids=(*(shop.items[1001].album_ids or ()), 9))
    context = shop.context([goods], rules=RULES, groups=[TEA])
    assert sync_user(context).actions == ()
    [action] = sync_user(replace(context, own_albums={"кофе": 9}, album_counts={9: 1})).actions
    assert action.changes == {"album": ("кофе", "Чай")}
    # An album that is there no more holds nothing.
    gone = replace(context, own_albums={"кофе": 9}, albums={"чай": 1})
    assert sync_user(gone).actions == ()


def test_an_item_that_vk_would_not_take_out_of_an_album_is_not_asked_about_for_a_week() -> None:
    shop = PretendShop()
    goods = in_group(shop)
    shop.albums["кофе"] = 9
    shop.items[1001] = replace(shop.items[1001], album_ids=(1, 9))
    for days, actions in ((6, 0), (7, 1)):
        refusal = AlbumRefusal("кофе", NOW - timedelta(days=days))
        shop.listings[goods.key] = replace(shop.listings[goods.key], stay_refusal=refusal)
        context = shop.context([goods], rules=RULES, groups=[TEA])
        plan = sync_user(replace(context, own_albums={"кофе": 9}, album_counts={9: 1}))
        assert len(plan.actions) == actions


@pytest.mark.parametrize(("step", "album"), [(AlbumStep.MAKE, ""), (AlbumStep.REMOVE, "Чай")])
def test_goods_go_without_an_album_only_where_vk_will_not_make_it(step: AlbumStep, album: str) -> None:
    goods = product(1, group_id="tea")
    subject, title = ("чай", "Чай") if step is AlbumStep.MAKE else ("9", "чай")
    refusal = ShopRefusal(step, subject, title, NOW, "vk.1")
    context = PretendShop().context([goods], rules=RULES, groups=[TEA])
    plan = sync_user(replace(context, shop_refusals=(refusal,), own_albums={"чай": 9}))
    assert plan.albums.refused == (refusal,)
    assert plan.desired[goods.key].album == album


@pytest.mark.parametrize(("size", "is_known_again"), [(1, False), (2, True)])
def test_two_goods_that_change_their_ids_at_once_are_a_re_import(size: int, *, is_known_again: bool) -> None:
    old = [product(number, article=f"A{number}") for number in range(size)]
    shop = filled(*old)
    for one in old:
        shop.listings[one.key] = replace(shop.listings[one.key], last_known=one)
    new = [product(number + 10, article=f"A{number}", name=f"Чайник {number}") for number in range(size)]
    plan = sync_user(shop.context(new, rules=RULES))
    assert [match.key for match in plan.matches] == [one.key for one in new if is_known_again]


def test_what_the_merchant_hid_is_told_also_of_goods_that_are_out() -> None:
    shop = filled(product(1), product(2))
    shop.items[1001] = replace(shop.items[1001], hidden=True)
    plan = sync_user(shop.context([product(1, price=None), product(2)], rules=RULES))
    assert plan.merchant_fields == {product(1).key: {"hidden"}}
    assert plan.kept_hidden == ()
    assert plan.departed == (product(1).key,)
    # Of what is already noted nothing is said again, and of what may come back nothing is taken for gone.
    hide(shop, product(1), days=1)
    assert sync_user(shop.context([product(2)], rules=RULES)).departed == ()


def test_an_undone_item_is_shown_as_it_was_sent_and_a_hand_made_hiding_stays() -> None:
    shop = filled(product(1))
    shop.apply(sync_user(shop.context([], rules=RULES)))
    key = product(1).key
    shop.listings[key] = replace(shop.listings[key], last_known=product(1))
    sent = shop.listings[key].sent
    assert sent
    shown = {key: Undone({"hidden": False}, {"hidden": True})}
    [action] = sync_user(replace(shop.context([], rules=RULES), undone=shown)).actions
    assert action == Action(
        ActionKind.RESTORE,
        key,
        "Чашка синяя 1",
        1001,
        replace(sent, hidden=False),
        {"hidden": (True, False)},
        Reason.UNDONE,
    )
    shop.listings[key] = replace(shop.listings[key], last_known=None)
    [action] = sync_user(replace(shop.context([], rules=RULES), undone=shown)).actions
    assert action.name == shop.items[1001].title
    shop.listings[key] = replace(shop.listings[key], merchant_fields=frozenset({"hidden"}))
    assert sync_user(replace(shop.context([], rules=RULES), undone=shown)).actions == ()
    shop.listings[key] = replace(shop.listings[key], merchant_fields=frozenset(), sent=None)
    assert sync_user(replace(shop.context([], rules=RULES), undone=shown)).actions == ()


def test_hand_made_items_take_room_too() -> None:
    shop = PretendShop()
    shop.items = {n: ChannelItem(n, "Моя", "", 1, 1, "", hidden=False) for n in range(3)}
    context = replace(
        shop.context([product(n) for n in range(3)], rules=RULES), limits=replace(LIMITS, items=4)
    )
    plan = sync_user(context)
    assert [action.key for action in plan.actions] == [product(0).key]
    assert [(one.key, one.name, one.detail) for one in plan.skipped] == [
        (product(1).key, product(1).name, "4"),
        (product(2).key, product(2).name, "4"),
    ]
    assert list(plan.desired) == [product(0).key]
    # VK may hold more than it says it does.
    assert sync_user(replace(context, limits=replace(LIMITS, items=2))).actions == ()


def test_steps_go_hide_first_then_edits_then_new_ones_then_removals() -> None:
    goods = [product(number) for number in range(5)]
    shop = filled(*goods[1:])
    hide(shop, goods[1], days=40)
    hide(shop, goods[4], days=2)
    plan = sync_user(shop.context([goods[0], replace(goods[3], price=Decimal(7)), goods[4]], rules=RULES))
    assert [(one.kind, one.key) for one in plan.actions] == [
        (ActionKind.HIDE, goods[2].key),
        (ActionKind.UPDATE, goods[3].key),
        (ActionKind.RESTORE, goods[4].key),
        (ActionKind.CREATE, goods[0].key),
        (ActionKind.REMOVE, goods[1].key),
    ]


@pytest.mark.parametrize(("hidden_for", "actions"), [(None, [ActionKind.HIDE]), (2, [])])
def test_where_vk_does_not_tell_what_is_hidden_our_note_of_it_counts(
    hidden_for: int | None, actions: list[ActionKind]
) -> None:
    shop = filled(product(1))
    if hidden_for:
        hide(shop, product(1), days=hidden_for)
    shop.items[1001] = replace(shop.items[1001], hidden=None)
    assert kinds(sync_user(shop.context([], rules=RULES))) == actions


def test_goods_of_a_store_that_was_not_read_hold_up_no_others() -> None:
    other = replace(product(1), key=ProductKey("another-store", "1"))
    shop = filled(other, product(2), complete_stores=frozenset({STORE, "another-store"}))
    plan = sync_user(shop.context([], rules=RULES))
    assert [(one.kind, one.key) for one in plan.actions] == [(ActionKind.HIDE, product(2).key)]


def test_goods_that_must_wait_are_named_and_hold_up_no_others() -> None:
    unknown = [product(number, name=f"Пачка {number}", group_id="unknown") for number in (2, 4)]
    cup = product(1, barcodes=("4600000000015",))
    copy = replace(cup, key=ProductKey(STORE, "z-copy"))
    plan = sync_user(PretendShop().context([cup, *unknown, product(3), copy], rules=RULES))
    assert [(one.kind, one.key, one.name) for one in plan.actions] == [
        (ActionKind.CREATE, one.key, one.name) for one in (cup, product(3))
    ]
    assert [(one.key, one.name, one.reason) for one in plan.skipped] == [
        *((one.key, one.name, Reason.GROUP_UNKNOWN) for one in unknown),
        (copy.key, copy.name, Reason.COPY),
    ]


def test_new_items_are_made_in_the_order_in_which_shoppers_want_them() -> None:
    goods = [
        product(1, quantity=Decimal(0)),
        product(2, quantity=Decimal(3)),
        product(3, quantity=Decimal(900)),
        product(4, quantity=Decimal(2), photo_keys=("a" * 64,)),
        product(5, quantity=Decimal(3)),
    ]
    rules = Rules(brake_items=10_000, default_category_id=1, out_of_stock=OutOfStock.KEEP)
    plan = sync_user(PretendShop().context(goods, rules=rules))
    assert [action.key.product_id[-1] for action in plan.actions] == list("43251")


def test_room_goes_to_the_goods_that_come_first() -> None:
    context = PretendShop().context([product(1, quantity=Decimal(2)), product(2, quantity=Decimal(8))])
    plan = sync_user(replace(context, limits=replace(context.limits, items=1)))
    assert [action.key.product_id for action in plan.actions] == ["product-2"]
    assert [(skip.key.product_id, skip.reason) for skip in plan.skipped] == [("product-1", Reason.LIMIT)]


def test_the_order_of_new_items_is_no_part_of_what_was_approved() -> None:
    plan = sync_user(PretendShop().context([product(n, quantity=Decimal(n)) for n in range(1, 4)]))
    assert [action.key.product_id[-1] for action in plan.actions] == list("321")
    assert plan.plan_hash == plan_hash(sorted(plan.actions, key=lambda action: action.key))


def test_nothing_is_noted_of_an_item_that_left_as_it_was_noted() -> None:
    shop = filled(product(1), product(2))
    plan = sync_user(shop.context([product(2)], rules=RULES))
    assert (kinds(plan), plan.merchant_fields) == ([ActionKind.HIDE], {})


def test_an_item_whose_removal_was_undone_makes_no_room_for_another() -> None:
    goods = [product(number) for number in range(2)]
    shop = filled(*goods)
    hide(shop, goods[0], days=3)
    hide(shop, goods[1], days=2)
    shop.listings[goods[1].key] = replace(
        shop.listings[goods[1].key], last_known=replace(goods[1], name="Чашка из кассы")
    )
    context = shop.context([product(9)], rules=RULES)
    assert [one.key for one in sync_user(context).spare] == [one.key for one in goods]
    undone = {goods[0].key: Undone({"item": {}}, {"item": None})}
    [spare] = sync_user(replace(context, undone=undone)).spare
    assert (spare.key, spare.name) == (goods[1].key, "Чашка из кассы")


def test_an_item_that_comes_back_hidden_asks_for_no_album_and_one_that_is_shown_does() -> None:
    shop = filled(product(1, group_id="tea"), groups=[TEA])
    [listing] = shop.listings.values()
    for hidden, sizes in ((True, {}), (False, {"чай": 1})):
        undone = {
            listing.key: Undone(
                {"item": {}, "hidden": hidden},
                {"item": None, "hidden": True},
                RemovedItem(1001, listing.sent),
            )
        }
        context = PretendShop().context([], rules=RULES, groups=[TEA])
        plan = sync_user(replace(context, undone=undone))
        [action] = plan.actions
        assert (action.kind, action.name) == (ActionKind.CREATE, "Чашка синяя 1")
        assert action.desired is not None
        assert action.desired.hidden is hidden
        assert plan.albums.sizes == sizes


def test_drawn_pictures_take_a_new_style_together_while_they_are_few() -> None:
    goods = [product(number) for number in range(2)]
    shop = filled(*goods)
    plan = sync_user(shop.context(goods, rules=replace(RULES, card_style=CardStyle.LIGHT)))
    assert [(one.key, set(one.changes)) for one in plan.actions] == [
        (one.key, {"photo_key"}) for one in goods
    ]


def test_an_item_that_is_shown_again_needs_no_reason() -> None:
    shop = filled(product(1))
    hide(shop, product(1), days=1)
    [action] = sync_user(shop.context([product(1)], rules=RULES)).actions
    assert (action.kind, action.reason) == (ActionKind.RESTORE, "")


def test_an_undone_item_of_which_nothing_was_sent_holds_up_no_others() -> None:
    shop = filled(product(1), product(2))
    key = product(1).key
    shop.listings[key] = replace(shop.listings[key], sent=None)
    shown = {key: Undone({"hidden": False}, {"hidden": True})}
    plan = sync_user(replace(shop.context([], rules=RULES), undone=shown))
    assert [(one.kind, one.key) for one in plan.actions] == [(ActionKind.HIDE, product(2).key)]


def test_an_undone_item_is_shown_and_not_put_into_an_album_that_is_full() -> None:
    shop = filled(product(1, group_id="tea"), groups=[TEA])
    shop.apply(sync_user(shop.context([], rules=RULES, groups=[TEA])))
    [(key, listing)] = shop.listings.items()
    refused = AlbumRefusal("чай", NOW - timedelta(days=2), held=1)
    shop.listings[key] = replace(listing, album_refusal=refused)
    shop.items[1001] = replace(shop.items[1001], album_ids=())
    shown = {key: Undone({"hidden": False}, {"hidden": True})}
    context = replace(shop.context([], rules=RULES, groups=[TEA]), undone=shown)
    for held, changed in ((1, {"hidden"}), (0, {"hidden", "album"})):
        [action] = sync_user(replace(context, album_counts={1: held})).actions
        assert set(action.changes) == changed
