"""Tags: put on a product, taken off, and asked for by rules."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from catalog.models import Product
from syncing.core.evaluation import evaluate_all
from syncing.models import GoodsRule, ProductTag, SyncJob
from syncing.services.context import local_context
from syncing.services.goods_rules import RuleValues, try_rule
from syncing.services.tags import MOST_TAGS, BadTag, tag_products, untag_products
from tests.web.shop import Shop, a_merchant

pytestmark = pytest.mark.django_db
GIFT = [{"subject": "tag", "comparison": "is", "value": "Подарок"}]
CHEAPER = [{"kind": "percent", "value": "-10"}]


def prices(shop: Shop) -> dict[str, int]:
    desired = evaluate_all(local_context(shop.user)).desired
    return {key.product_id: item.price_kopecks for key, item in desired.items()}


def test_a_tag_is_put_on_shown_and_taken_off(owner: Client, shop: Shop) -> None:
    shop.switch_on()
    url, page = (reverse(f"catalog:{name}", args=[shop.bread.pk]) for name in ("tags", "product"))
    assert owner.post(url, {"tag": "  К  Чаю "})["Location"] == page
    assert ProductTag.objects.get().name == "к чаю"
    assert SyncJob.objects.for_user(shop.user).active().exists()
    html = owner.get(page).content.decode()
    assert "Take off “к чаю”" in html
    owner.post(url, {"off": "к чаю"})
    assert not ProductTag.objects.exists()


@pytest.mark.once
@pytest.mark.parametrize(("tag", "words"), [(" ", "Write the tag"), ("д" * 41, "too long")])
def test_what_is_no_tag_is_refused_in_words(owner: Client, shop: Shop, tag: str, words: str) -> None:
    url = reverse("catalog:tags", args=[shop.bread.pk])
    assert words in owner.post(url, {"tag": tag}, follow=True).content.decode()
    assert not ProductTag.objects.exists()


def test_many_products_are_tagged_at_once_and_each_once(shop: Shop) -> None:
    goods = [shop.bread, shop.milk]
    assert tag_products(shop.user, goods, "Лето") == 2
    assert tag_products(shop.user, goods, "лето ") == 0
    assert untag_products(shop.user, goods, "ЛЕТО") == 2


def test_a_product_has_a_bounded_number_of_tags(shop: Shop) -> None:
    for number in range(MOST_TAGS):
        tag_products(shop.user, [shop.bread], f"тег {number}")
    with pytest.raises(BadTag, match="Хлеб ржаной"):
        tag_products(shop.user, [shop.milk, shop.bread], "ещё один")
    assert not ProductTag.objects.on([shop.milk]).exists()


@pytest.mark.once
def test_nobody_tags_another_merchants_goods(owner: Client, shop: Shop) -> None:
    other = Shop(a_merchant("other@example.com"), vk_group_id=78)
    assert owner.post(reverse("catalog:tags", args=[other.bread.pk]), {"tag": "моё"}).status_code == 404
    assert tag_products(shop.user, [other.bread], "моё") == 0
    assert not ProductTag.objects.exists()


def test_a_rule_picks_by_a_tag_and_its_trial_does_so_before_it_is_kept(shop: Shop) -> None:
    tag_products(shop.user, [shop.bread], "подарок")
    before = prices(shop)
    trial = try_rule(shop.user, RuleValues("Подарки", GIFT, CHEAPER))
    assert (trial.picked, trial.repriced) == (1, 1)
    GoodsRule.objects.create(user=shop.user, position=1, name="Подарки", conditions=GIFT, actions=CHEAPER)
    assert prices(shop) == before | {"bread": 9_000}


def test_the_editor_offers_the_tags(owner: Client, shop: Shop) -> None:
    tag_products(shop.user, [shop.bread], "к празднику")
    assert '<option value="к празднику">' in owner.get(reverse("syncing:goods_rule_new")).content.decode()


def test_a_tag_goes_with_its_product(shop: Shop) -> None:
    tag_products(shop.user, [shop.bread], "подарок")
    Product.objects.filter(pk=shop.bread.pk).delete()
    assert not ProductTag.objects.exists()


def test_the_catalogue_leaves_out_what_a_rule_by_a_tag_leaves_out(owner: Client, shop: Shop) -> None:
    tag_products(shop.user, [shop.milk], "подарок")
    out = [{"kind": "exclude", "value": ""}]
    GoodsRule.objects.create(user=shop.user, position=1, name="Без подарков", conditions=GIFT, actions=out)
    for page in (reverse("catalog:list"), reverse("catalog:why", args=[shop.milk.pk])):
        with CaptureQueriesContext(connection) as queries:
            html = owner.get(page).content.decode()
        assert "Без подарков" in html
        assert len(queries) <= 16
