"""The pages of the merchant's rules for goods."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from model_bakery import baker

from catalog.models import Product
from syncing.choices import ComputationKind
from syncing.core.choices import Reason
from syncing.core.evaluation import evaluate_all
from syncing.jobs.triggers import on_rules_turned
from syncing.models import (
    Computation,
    GoodsRule,
    Listing,
    NotificationSettings,
    SyncConfig,
    SyncJob,
)
from syncing.services.categories import KEY
from syncing.services.context import local_context
from syncing.services.explain import explain
from syncing.services.goods_rules import MOST_RULES, RuleValues, save_rule, try_rule
from syncing.web.presenters.exclusion_reasons import Exclusion, exclusion_evaluator
from syncing.web.presenters.goods_rules import preview_warnings
from syncing.web.presenters.groups import groups_of
from tests.computing import compute_asked
from tests.web.shop import Shop

pytestmark = pytest.mark.django_db
CHEAPER = {"kind": "percent", "value": "-10"}
BREAD = {"subject": "name", "comparison": "contains", "value": "хлеб"}


def posted(
    name: str = "Хлеб дешевле", conditions: Any = (BREAD,), actions: Any = (CHEAPER,), **fields: str
) -> dict[str, str]:
    """Return the editor's form as a browser sends it."""
    data = {"name": name, "is_enabled": "on", **fields}
    for prefix, lines in (("if", conditions), ("then", actions)):
        data |= {f"{prefix}-TOTAL_FORMS": str(len(lines) + 1), f"{prefix}-INITIAL_FORMS": "0"}
        for number, line in enumerate(lines):
            data |= {f"{prefix}-{number}-{key}": value for key, value in line.items()}
    return data


def kept(shop: Shop, **fields: Any) -> GoodsRule:
    values: dict[str, Any] = {"position": 1, "name": "Хлеб", "conditions": [BREAD], "actions": [CHEAPER]}
    made: GoodsRule = baker.make(GoodsRule, user=shop.user, **(values | fields))
    return made


def prices(shop: Shop) -> dict[str, int]:
    """Return the prices of a run's plan by Evotor's ids of the products."""
    desired = evaluate_all(local_context(shop.user)).desired
    return {key.product_id: item.price_kopecks for key, item in desired.items()}


@pytest.mark.once
def test_a_rule_is_kept_and_changes_what_a_run_wants(owner: Client, shop: Shop) -> None:
    before = prices(shop)
    answer = owner.post(reverse("syncing:goods_rule_new"), posted())
    assert answer.status_code == 302
    assert prices(shop) == before | {"bread": 9_000}
    assert "Хлеб дешевле" in owner.get(reverse("syncing:goods_rules")).content.decode()


def test_a_kept_rule_can_be_changed(owner: Client, shop: Shop) -> None:
    rule = kept(shop)
    page = owner.get(reverse("syncing:goods_rule", args=[rule.pk])).content.decode()
    assert 'value="хлеб"' in page
    dearer = posted(actions=[{"kind": "percent", "value": "12,5"}])
    owner.post(reverse("syncing:goods_rule", args=[rule.pk]), dearer)
    assert prices(shop)["bread"] == 11_250
    assert GoodsRule.objects.count() == 1


@pytest.mark.parametrize(
    ("conditions", "actions", "words"),
    [
        ((BREAD,), (), "Choose at least one action"),
        ((BREAD,), ({"kind": "percent", "value": "много"},), "Write a number"),
        ((BREAD,), ({"kind": "percent", "value": "-100"},), "not below -99"),
        ((BREAD,), ({"kind": "percent", "value": "NaN"},), "Write a number"),
        ((BREAD,), ({"kind": "percent", "value": "1e999999"},), "Write a number"),
        ((BREAD,), ({"kind": "keep_back", "value": "1,5"},), "Write a whole number"),
        ((BREAD,), ({"kind": "keep_back", "value": "²"},), "Write a whole number"),
        ((BREAD,), ({"kind": "round", "value": "вверх"},), "Choose one of"),
        ((BREAD,), ({"kind": "album", "value": " "},), "Write what it is"),
        ((BREAD,), ({"kind": "album", "value": "***"},), "with a letter or a digit"),
        ((BREAD,), ({"kind": "explode", "value": "1"},), "explode"),
        (({"subject": "name", "comparison": "above", "value": "5"},), (CHEAPER,), "cannot be compared so"),
        (({"subject": "price", "comparison": "above", "value": "х"},), (CHEAPER,), "Write a number"),
        (({"subject": "store", "comparison": "is", "value": "Луна"},), (CHEAPER,), "no such store"),
    ],
)
def test_what_makes_no_rule_is_refused_beside_its_field(
    owner: Client, conditions: Any, actions: Any, words: str
) -> None:
    answer = owner.post(reverse("syncing:goods_rule_new"), posted(conditions=conditions, actions=actions))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not GoodsRule.objects.exists()


def test_a_store_is_written_by_its_name(owner: Client, shop: Shop) -> None:
    line = {"subject": "store", "comparison": "is", "value": "лавка"}
    owner.post(reverse("syncing:goods_rule_new"), posted(conditions=[line]))
    rule = GoodsRule.objects.get()
    assert rule.conditions[0]["value"] == shop.store.evotor_id
    page = owner.get(reverse("syncing:goods_rule", args=[rule.pk])).content.decode()
    assert 'value="Лавка"' in page


@pytest.mark.once
def test_a_category_is_written_and_read_by_its_name(owner: Client, shop: Shop) -> None:
    cache.set(KEY, [(2, ("Продукты питания", "Бакалея")), (3, ("Продукты питания", "Хлеб и выпечка"))])
    new, grocery = reverse("syncing:goods_rule_new"), "Продукты питания → Бакалея"

    said = owner.post(new, posted(actions=[{"kind": "category", "value": "бокалея"}]))
    assert said.status_code == 422
    proposed = said.context["editor"].actions[0]["value"].value()
    assert proposed == grocery
    assert not GoodsRule.objects.exists()

    owner.post(new, posted(actions=[{"kind": "category", "value": proposed}]))
    rule = GoodsRule.objects.get()
    assert rule.actions == [{"kind": "category", "value": "2"}]
    assert f'value="{grocery}"' in owner.get(reverse("syncing:goods_rule", args=[rule.pk])).content.decode()
    assert f"its name: {grocery}" in owner.get(reverse("syncing:goods_rules")).content.decode()


@pytest.mark.once
def test_a_rounding_is_read_in_the_words_that_it_is_written_in(owner: Client, shop: Shop) -> None:
    words = "up to …9 roubles"
    rule = kept(shop, actions=[{"kind": "round", "value": "nine_up"}])

    page = owner.get(reverse("syncing:goods_rule", args=[rule.pk]))

    assert page.context["editor"].actions[0]["value"].value() == words
    owner.post(
        reverse("syncing:goods_rule", args=[rule.pk]), posted(actions=[{"kind": "round", "value": words}])
    )
    rule.refresh_from_db()
    assert rule.actions == [{"kind": "round", "value": "nine_up"}]


@pytest.mark.once
def test_a_rule_ends_after_it_starts(owner: Client) -> None:
    times = {"starts_at": "2026-12-01T10:00", "ends_at": "2026-12-01T10:00"}
    answer = owner.post(reverse("syncing:goods_rule_new"), posted(**times))
    assert "The end must come after the start" in answer.content.decode()


def test_there_is_a_limit_of_rules(owner: Client, shop: Shop) -> None:
    baker.make(GoodsRule, user=shop.user, position=1, name="Правило", _quantity=MOST_RULES)
    answer = owner.post(reverse("syncing:goods_rule_new"), posted())
    assert answer.status_code == 422
    assert GoodsRule.objects.count() == MOST_RULES


def test_rules_change_places(owner: Client, shop: Shop) -> None:
    first, second = kept(shop, name="один", position=1), kept(shop, name="два", position=2)
    owner.post(reverse("syncing:goods_rule_move", args=[second.pk]), {"up": "1"})
    assert list(GoodsRule.objects.for_user(shop.user).in_order()) == [second, first]
    owner.post(reverse("syncing:goods_rule_move", args=[second.pk]), {"up": "1"})
    assert list(GoodsRule.objects.for_user(shop.user).in_order()) == [second, first]
    owner.post(reverse("syncing:goods_rule_move", args=[second.pk]), {"up": "0"})
    assert list(GoodsRule.objects.for_user(shop.user).in_order()) == [first, second]


def test_a_deleted_rule_changes_nothing_any_more(owner: Client, shop: Shop) -> None:
    before, rule = prices(shop), kept(shop)
    assert prices(shop) != before
    owner.post(reverse("syncing:goods_rule_delete", args=[rule.pk]))
    assert prices(shop) == before


def tried(owner: Client, data: Any) -> str:
    """Return what the editor's page shows of a rule once a worker has tried it."""
    html = owner.post(reverse("syncing:goods_rule_try_new"), data).content.decode()
    assert "Being computed now" in html
    found = re.search(r"of=(\w+)", html)
    assert found
    url = reverse("syncing:goods_rule_tried")
    assert owner.get(url, {"of": found[1]}).status_code == 204
    compute_asked()
    assert "Another window has tried a rule" in owner.get(url, {"of": "another"}).content.decode()
    shown: str = owner.get(url, {"of": found[1]}).content.decode()
    return shown


@pytest.mark.once
def test_the_preview_says_what_becomes_of_how_many(owner: Client, shop: Shop) -> None:
    shown = tried(owner, posted())
    assert "It picks 1 of 3 goods." in shown
    assert "100\N{NO-BREAK SPACE}₽" in shown
    assert "90\N{NO-BREAK SPACE}₽" in shown
    bread = Product.objects.get(name="Хлеб ржаной")
    assert re.findall(r'src="([^"]+)"', shown) == [reverse("catalog:thumbnail", args=[bread.pk])]
    excluding = posted(conditions=[], actions=[{"kind": "exclude", "value": ""}])
    shown = tried(owner, excluding)
    # The beer is out anyway.
    assert "2 products leave VK by this rule." in shown
    assert not GoodsRule.objects.exists()


def test_a_trial_of_the_release_before_is_shown_without_pictures(owner: Client, shop: Shop) -> None:
    tried(owner, posted())
    row = Computation.objects.get(user=shop.user, kind=ComputationKind.RULE)
    assert row.result
    for sample in row.result["preview"]["samples"]:
        del sample["store_id"], sample["product_id"]
    row.save()
    shown = owner.get(reverse("syncing:goods_rule_tried"), {"of": row.result["mark"]}).content.decode()
    assert "Хлеб ржаной" in shown
    assert "<img" not in shown


@pytest.mark.once
def test_the_preview_of_an_unfinished_rule_says_what_is_missing(owner: Client) -> None:
    shown = owner.post(reverse("syncing:goods_rule_try_new"), posted(actions=[])).content.decode()
    assert "Fill in the rule" in shown


def test_the_preview_is_what_a_run_does(shop: Shop) -> None:
    kept(shop, actions=[{"kind": "add", "value": "7"}])
    tried = RuleValues("ещё", [BREAD], [{"kind": "percent", "value": "10"}])
    [sample] = try_rule(shop.user, tried).samples
    kept(shop, position=2, name="ещё", actions=[{"kind": "percent", "value": "10"}])
    assert (sample.before, sample.after) == (10_700, prices(shop)["bread"])


def test_a_changed_rule_is_tried_in_its_place(shop: Shop) -> None:
    first = kept(shop, actions=[{"kind": "percent", "value": "10"}])
    kept(shop, position=2, actions=[{"kind": "add", "value": "5"}])
    [sample] = try_rule(
        shop.user, RuleValues("иначе", [BREAD], [{"kind": "percent", "value": "20"}]), rule=first
    ).samples
    assert (sample.before, sample.after) == (11_500, 12_500)


@pytest.mark.once
@pytest.mark.parametrize(
    ("starts", "ends", "price"),
    [(None, None, 9_000), (-2, 2, 9_000), (1, None, 10_000), (None, -1, 10_000), (-2, -1, 10_000)],
)
def test_outside_its_time_a_rule_does_nothing(
    shop: Shop, starts: int | None, ends: int | None, price: int
) -> None:
    now = timezone.now()
    moment = {
        key: now + timedelta(hours=hours)
        for key, hours in (("starts_at", starts), ("ends_at", ends))
        if hours
    }
    kept(shop, **moment)
    assert prices(shop)["bread"] == price


@pytest.mark.once
def test_a_rule_that_is_off_does_nothing(shop: Shop) -> None:
    kept(shop, is_enabled=False)
    assert prices(shop)["bread"] == 10_000


@pytest.mark.parametrize("boundary", ["starts_at", "ends_at"])
def test_a_run_is_asked_for_when_a_promotion_begins_or_ends(shop: Shop, boundary: str) -> None:
    """Also where all workers slept at that moment: the next sweep finds it."""
    shop.switch_on()
    now = timezone.now()
    type(shop.config).objects.update(last_run_at=now - timedelta(minutes=50))
    kept(shop, **{boundary: now + timedelta(minutes=1)})
    on_rules_turned(now)
    assert not SyncJob.objects.exists()
    on_rules_turned(now + timedelta(minutes=30))
    assert SyncJob.objects.for_user(shop.user).active().exists()


@pytest.mark.once
def test_a_boundary_before_the_last_run_asks_for_nothing(shop: Shop) -> None:
    shop.switch_on()
    now = timezone.now()
    type(shop.config).objects.update(last_run_at=now)
    kept(shop, ends_at=now - timedelta(minutes=1))
    on_rules_turned(now + timedelta(minutes=5))
    assert not SyncJob.objects.exists()


@pytest.mark.once
def test_the_products_way_names_the_rule_that_decided(shop: Shop) -> None:
    kept(shop, name="Хлеб дешевле")
    steps = {step.title: step.text for step in explain(shop.user, shop.bread)}
    assert steps["Ваше правило"] == "цена: «Хлеб дешевле»."
    assert "Ваше правило" not in {step.title for step in explain(shop.user, shop.milk)}


def test_goods_without_a_purchase_price_keep_theirs(shop: Shop) -> None:
    kept(shop, actions=[{"kind": "over_cost", "value": "50"}])
    assert prices(shop)["bread"] == 10_000
    type(shop.bread).objects.filter(pk=shop.bread.pk).update(cost_price=Decimal(40))
    assert prices(shop)["bread"] == 6_000


def exclusion_of_milk(shop: Shop) -> Exclusion | None:
    """Return why the catalogue says that the milk is out."""
    return exclusion_evaluator(shop.user, groups=groups_of(shop.user)).of(shop.milk)


@pytest.mark.once
def test_the_catalogue_names_the_rule_that_leaves_a_product_out(shop: Shop) -> None:
    kept(shop, name="Без всего", conditions=[], actions=[{"kind": "exclude", "value": ""}])
    assert exclusion_of_milk(shop) == Exclusion(Reason.RULE, "Без всего")


@pytest.mark.once
@pytest.mark.parametrize(("comparison", "is_out"), [("absent", True), ("present", False)])
def test_a_rule_about_photos_is_told_by_the_catalogue_too(
    shop: Shop, comparison: str, *, is_out: bool
) -> None:
    line = {"subject": "photo", "comparison": comparison, "value": ""}
    kept(shop, conditions=[line], actions=[{"kind": "exclude", "value": ""}])
    assert (exclusion_of_milk(shop) is not None) is is_out


@pytest.mark.once
def test_a_category_by_a_rule_stands_on_the_products_page(owner: Client, shop: Shop) -> None:
    kept(shop, name="К чаю", conditions=[], actions=[{"kind": "category", "value": "7"}])
    page = owner.get(reverse("catalog:product", args=[shop.milk.pk])).content.decode()
    assert "by your rule “К чаю”" in page


def trial(shop: Shop, *actions: dict[str, str], **fields: Any) -> Any:
    """Return what a rule on all goods would change."""
    return try_rule(shop.user, RuleValues("Правило", [], list(actions), **fields))


@pytest.mark.once
def test_a_trial_is_what_a_plan_with_the_rule_wants(shop: Shop) -> None:
    values = RuleValues("Хлеб", [BREAD], [CHEAPER, {"kind": "title_prefix", "value": "Акция"}])
    before = evaluate_all(local_context(shop.user)).desired
    found = try_rule(shop.user, values)
    save_rule(shop.user, values)
    after = evaluate_all(local_context(shop.user)).desired
    changed = {key for key in before if before[key] != after.get(key)}
    assert {sample.name for sample in found.samples} == {"Хлеб ржаной"}
    assert len(changed) == 1
    [sample] = found.samples
    assert (sample.before, sample.after, list(sample.details)) == (10_000, 9_000, ["title"])


@pytest.mark.once
def test_goods_that_are_out_anyway_do_not_drop_out(shop: Shop) -> None:
    found = trial(shop, {"kind": "exclude", "value": ""})
    # The beer is not in VK before either.
    assert (found.picked, found.dropped) == (3, 2)


def test_a_trial_warns_in_words_the_worst_first(shop: Shop) -> None:
    shop.bread.cost_price = Decimal(80)
    shop.bread.save()
    with translation.override("en"):
        assert preview_warnings(trial(shop, {"kind": "exclude", "value": ""})) == [
            "With this rule nothing is left in VK.",
            "2 products leave VK by this rule.",
        ]
        assert preview_warnings(trial(shop, {"kind": "percent", "value": "-30"})) == [
            "1 product would cost less than its purchase price."
        ]
        assert preview_warnings(trial(shop, {"kind": "percent", "value": "60"})) == [
            "2 prices change very much, and go to VK without another question."
        ]
        assert preview_warnings(trial(shop, {"kind": "percent", "value": "10"})) == []


@pytest.mark.once
def test_a_trial_counts_a_tenfold_price_where_the_run_asks_about_it(shop: Shop) -> None:
    tenfold = {"kind": "percent", "value": "900"}
    with translation.override("en"):
        # The milk is not in VK: its first price waits for nothing.
        assert preview_warnings(trial(shop, tenfold)) == [
            "1 price changes tenfold. It waits for your yes before it goes to VK.",
            "1 price changes very much, and goes to VK without another question.",
        ]
        shop.list(shop.milk, vk_item_id=502)
        assert preview_warnings(trial(shop, tenfold)) == [
            "2 prices change tenfold. They wait for your yes before they go to VK."
        ]
        # As many as the run does not ask about one by one.
        SyncConfig.objects.filter(pk=shop.config.pk).update(brake_items=1)
        assert preview_warnings(trial(shop, tenfold)) == [
            "2 prices change very much.",
            "This is so much at once that the run asks you first. Until you answer, nothing changes in VK.",
        ]


def test_a_trial_says_that_the_run_will_ask(shop: Shop) -> None:
    shop.list(shop.milk, vk_item_id=502)
    asks = "This is so much at once that the run asks you first. Until you answer, nothing changes in VK."
    dearer = {"kind": "percent", "value": "60"}
    with translation.override("en"):
        assert asks not in preview_warnings(trial(shop, dearer))
        SyncConfig.objects.filter(pk=shop.config.pk).update(brake_items=1)
        assert preview_warnings(trial(shop, dearer)) == ["2 prices change very much.", asks]
        assert asks in preview_warnings(trial(shop, {"kind": "exclude", "value": ""}))
        assert preview_warnings(trial(shop, {"kind": "title_prefix", "value": "Новинка"})) == []
        Listing.objects.update(vk_group_id=1)
        assert asks not in preview_warnings(trial(shop, dearer))


@pytest.mark.once
def test_a_window_whose_trial_another_window_has_replaced_says_so(owner: Client, shop: Shop) -> None:
    first = owner.post(reverse("syncing:goods_rule_try_new"), posted()).content.decode()
    other = [{"kind": "percent", "value": "5"}]
    second = owner.post(reverse("syncing:goods_rule_try_new"), posted(actions=other)).content.decode()
    compute_asked()
    mark = re.compile(r"of=(\w+)")
    replaced, shown = (
        owner.get(reverse("syncing:goods_rule_tried"), {"of": found[1]}).content.decode()
        for page in (first, second)
        if (found := mark.search(page))
    )
    assert "Another window has tried a rule meanwhile" in replaced
    assert "It picks 1 of 3 goods" in shown


def test_a_trial_without_price_control_says_that_no_price_waits(shop: Shop) -> None:
    SyncConfig.objects.filter(pk=shop.config.pk).update(price_hold_percent=None)
    with translation.override("en"):
        assert preview_warnings(trial(shop, {"kind": "percent", "value": "900"})) == [
            "2 prices change very much, and go to VK without another question."
        ]


@pytest.mark.once
def test_a_trial_counts_prices_that_are_only_crossed_out(owner: Client, shop: Shop) -> None:
    crossing = {"kind": "old_price", "value": "150"}
    found = trial(shop, crossing)
    assert (found.repriced, found.crossed_out) == (0, 2)
    said = "2 products get another crossed-out price."
    assert said in tried(owner, posted(conditions=[], actions=[crossing]))

    kept(shop, conditions=[], actions=[crossing])
    not_crossing = [{"kind": "old_price", "value": "0"}]
    page = tried(owner, posted(conditions=[], actions=not_crossing))
    assert said in page
    assert "no longer crossed out" in page


@pytest.mark.once
def test_a_trial_of_a_promotion_shows_what_is_crossed_out(owner: Client, shop: Shop) -> None:
    found = trial(shop, CHEAPER, ends_at=timezone.now() + timedelta(days=1))
    assert {sample.old_price for sample in found.samples} == {10_000}
    page = tried(owner, posted(ends_at="2036-12-01T10:00"))
    assert re.search(r"old price:</span> 100.₽", page)


@pytest.mark.once
def test_the_settings_of_the_shop_are_lines_of_the_list(owner: Client, shop: Shop) -> None:
    shop.config.markup_percent, shop.config.rounding = Decimal(10), "nine_up"
    shop.config.save()
    page = owner.get(reverse("syncing:goods_rules")).content.decode()
    assert (
        page.index("Before your rules")
        < page.index("+10\N{NO-BREAK SPACE}%")
        < page.index("After your rules")
    )
    assert "up to …9 roubles" in page[page.index("After your rules") :]
    with translation.override("en"):
        steps = {step.title: step.text for step in explain(shop.user, shop.bread)}
    assert steps["Your settings"] == "price: markup +10 %, rounding up to …9 roubles."


@pytest.mark.once
@pytest.mark.parametrize(
    ("action", "words"),
    [
        ({"kind": "title_prefix", "value": "!!!"}, "with a letter or digit"),
        ({"kind": "title_suffix", "value": "и пиво"}, "for forbidden goods"),
        ({"kind": "title_suffix", "value": "очень " * 10}, "at most 40 letters"),
        ({"kind": "add_text", "value": "Доставка. Сигареты Kent в наличии"}, "take this text for forbidden"),
        ({"kind": "few_left", "value": "3 Сигареты кончаются"}, "take this text for forbidden"),
        ({"kind": "add_text", "value": "Смотрите www.shop.ru"}, "refuses links"),
        ({"kind": "few_left", "value": "мало"}, "Write a whole number"),
        ({"kind": "few_left", "value": "0"}, "not below 1"),
        ({"kind": "old_price", "value": "много"}, "Write a number"),
    ],
)
def test_words_that_vk_would_refuse_are_refused_beside_their_field(
    owner: Client, action: dict[str, str], words: str
) -> None:
    answer = owner.post(reverse("syncing:goods_rule_new"), posted(actions=(action,)))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    if "forbidden" in words:
        assert words in str(answer.context["editor"].actions.forms[0].errors["value"])


@pytest.mark.once
def test_rules_about_texts_are_kept_and_told_in_words(owner: Client, shop: Shop) -> None:
    actions = (
        {"kind": "few_left", "value": "3 Последние!"},
        {"kind": "old_price", "value": ""},
        {"kind": "title_suffix", "value": "(подарок)"},
    )
    assert owner.post(reverse("syncing:goods_rule_new"), posted(actions=actions)).status_code == 302
    page = owner.get(reverse("syncing:goods_rules")).content.decode()
    assert "3 Последние!" in page
    assert "the price before this rule" in page


def test_a_promotion_begins_and_ends_by_the_clock_of_the_shop(owner: Client, shop: Shop) -> None:
    baker.make(NotificationSettings, user=shop.user, time_zone="Asia/Vladivostok")
    times = {"starts_at": "2036-12-01T10:00", "ends_at": "2036-12-24T00:00"}
    assert owner.post(reverse("syncing:goods_rule_new"), posted(**times)).status_code == 302
    rule = GoodsRule.objects.get(user=shop.user)
    assert rule.starts_at == datetime(2036, 12, 1, 0, tzinfo=UTC)
    assert rule.ends_at == datetime(2036, 12, 23, 14, tzinfo=UTC)
    page = owner.get(reverse("syncing:goods_rule", args=[rule.pk])).content.decode()
    assert 'value="2036-12-24T00:00"' in page
    assert "Vladivostok (Moscow +7)" in page
    assert "24 December 2036, 00:00" in owner.get(reverse("syncing:goods_rules")).content.decode()
