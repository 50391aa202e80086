"""Numbers to be read have their thousands apart; a number that is an id, an address or a value has not."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.contrib import admin
from django.db import models
from django.db.models import signals
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags
from model_bakery import baker

from accounts.models import User
from catalog.choices import PhotoProblem
from catalog.models import Product
from catalog.photos.messages import sentence as photo_sentence
from connections.models import VkConnection
from syncing.models import Album, GoodsRule, Listing, ShopLimits, SyncJob
from syncing.services import safety_messages
from tests.computing import compute_asked
from tests.web.addresses import BUTTONS, OPEN, merchant_addresses
from tests.web.shop import Shop, a_merchant
from tests.web.test_every_address import url_of

pytestmark = pytest.mark.once

# Every row of these tests has an id that begins so, and so has all that VK has numbered.
FIRST = 77_123_000
APART = re.compile(r"77[\s,.\u00a0\u202f]123|77&nbsp;123")
# A photo is a file, and has no words.
READ = sorted(set(merchant_addresses()) - BUTTONS - OPEN - {"catalog:photo"} | {"syncing:dashboard"})
STAFF = (
    *("accounts.User", "connections.VkConnection", "syncing.Listing", "syncing.SyncJob"),
    *("syncing.SyncJobItem", "syncing.ShopLimits", "syncing.Album", "catalog.Product"),
)
GOODS = 1_234


@pytest.fixture
def _large_ids() -> Iterator[None]:
    """Give every new row an id of eight digits."""
    numbers = iter(range(FIRST, FIRST + 1000))

    def number(instance: models.Model, **_more: Any) -> None:
        if instance.pk is None and isinstance(instance._meta.pk, models.AutoField):
            instance.pk = next(numbers)

    signals.pre_save.connect(number)
    yield
    signals.pre_save.disconnect(number)


@pytest.fixture
def large_shop(_large_ids: None, db: None) -> Shop:
    """Return a shop whose every id is large."""
    shop = Shop(a_merchant("owner@example.com"), vk_group_id=FIRST)
    Listing.objects.update(vk_item_id=FIRST, photo_id=FIRST)
    VkConnection.objects.update(vk_user_id=FIRST, app_id=str(FIRST))
    shop.item(shop.job(), shop.bread, changes={"price_kopecks": [10_000, 20_000]})
    return shop


@pytest.mark.parametrize("name", READ)
def test_no_id_is_written_like_a_number_to_be_read(large_shop: Shop, name: str) -> None:
    for language in ("ru", "en"):
        client = Client(headers={"accept-language": language})
        client.force_login(large_shop.user)
        client.get(url := url_of(name, large_shop))
        compute_asked()
        answer = client.get(url)
        if not answer.streaming and answer.headers.get("Content-Type", "").startswith("text/"):
            assert not APART.search(answer.content.decode()), name


@pytest.mark.parametrize("label", STAFF)
def test_no_id_is_written_like_a_number_for_staff(large_shop: Shop, settings: Any, label: str) -> None:
    settings.ADMIN_REQUIRES_MFA = False
    baker.make(ShopLimits, user=large_shop.user, vk_group_id=FIRST)
    baker.make(Album, user=large_shop.user, vk_group_id=FIRST, vk_album_id=FIRST, key="food")
    client = Client(headers={"accept-language": "ru"})
    client.force_login(User.objects.create_superuser("staff@example.com", "a long passphrase"))
    model = next(one for one in admin.site._registry if one._meta.label == label)
    address = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    for url in (
        reverse(f"{address}_changelist"),
        reverse(f"{address}_change", args=model._default_manager.order_by("pk").values_list("pk")[0]),
    ):
        answer = client.get(url, secure=True)
        assert answer.status_code == 200
        assert str(FIRST)[:5] in answer.content.decode()
        assert not APART.search(answer.content.decode()), url


@pytest.fixture
def many_goods(shop: Shop) -> Shop:
    """Return a shop of more than a thousand goods, half of them in VK, and a run of them all."""
    job = shop.job(items_created=GOODS, items_skipped=GOODS, error_count=GOODS, total=GOODS, done=GOODS)
    shop.fill(GOODS, job=job)
    Product.objects.update(name="Хлеб", search_text="хлеб", price=Decimal(1500))
    return shop


@pytest.mark.parametrize(("language", "number"), [("ru", "1\N{NO-BREAK SPACE}234"), ("en", "1,234")])
def test_every_number_to_be_read_has_its_thousands_apart(
    many_goods: Shop, language: str, number: str
) -> None:
    client = Client(headers={"accept-language": language})
    client.force_login(many_goods.user)
    job = SyncJob.objects.get()
    urls = ["/", reverse("catalog:list"), reverse("catalog:list") + "?show=listed", reverse("syncing:sync")]
    urls += [reverse("syncing:history"), reverse("syncing:job", args=[job.pk]), reverse("syncing:preview")]
    urls += [reverse("syncing:filters"), reverse("syncing:categories"), reverse("catalog:table")]
    for url in urls:
        client.get(url)
    compute_asked()
    shown = [strip_tags(re.sub(r"<script.*?</script>", "", client.get(url).content.decode())) for url in urls]
    joined = {
        text
        for page in shown
        for text in re.findall(r"(?<![\w:.,])[1-9]\d{3,}(?!\w)", page)
        if text[:2] != "20"
    }
    assert joined == set()
    assert sum(number in page for page in shown) >= 3


def test_sentences_for_merchants_have_their_thousands_apart() -> None:
    apart = {"ru": "\N{NO-BREAK SPACE}", "en": ","}[settings.LANGUAGE_CODE]
    assert f"1{apart}234" in safety_messages.sentence(next(iter(safety_messages.QUESTIONS)), 1_234, 12_345)
    assert f"12{apart}345" in safety_messages.sentence(next(iter(safety_messages.QUESTIONS)), 1_234, 12_345)
    assert re.search(rf"\d{apart}\d{{3}}", photo_sentence(PhotoProblem.TOO_BIG))


def test_what_a_rule_says_of_amounts_is_written_as_the_language_writes_numbers(
    shop: Shop, owner: Client
) -> None:
    shop.config.markup_percent = Decimal("-10.50")
    shop.config.save()
    baker.make(
        GoodsRule,
        user=shop.user,
        position=1,
        name="Дорогое",
        conditions=[{"subject": "price", "comparison": "above", "value": "12500.5"}],
        actions=[
            {"kind": "add", "value": "-1500"},
            {"kind": "at_least", "value": "10000"},
            {"kind": "old_price", "value": "20000"},
        ],
    )
    page = owner.get(reverse("syncing:goods_rules"), headers={"accept-language": "ru"})
    text = page.content.decode().replace("\N{NO-BREAK SPACE}", " ")
    for said in ("−10,5 %", "«12 500,5»", "−1 500 ₽", "10 000", "20 000 ₽"):
        assert said in text
