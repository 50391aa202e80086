"""Made from the URL map: nobody gets anywhere without logging in, and no button is pressed by a link."""

import pytest
from django.test import Client
from django.urls import reverse
from model_bakery import baker

from catalog.models import PhotoImport, PhotoImportFile, ProductPhoto
from syncing.models import GoodsRule, NotificationChannel, SyncJob, TableImport
from tests.web.addresses import BUTTONS, OPEN, PARTS, merchant_addresses
from tests.web.shop import Shop, a_merchant

NAMES = sorted(set(merchant_addresses()) - OPEN)


def url_of(name: str, shop: Shop) -> str:
    """Return the address, with the id of something of the shop's where it needs one."""
    if not merchant_addresses()[name].pattern.converters:
        return reverse(name)
    return reverse(name, args=[_argument(name, shop)])


def _argument(name: str, shop: Shop) -> int | str:
    fixed: dict[str, int | str] = {"syncing:rules_card": "light", "syncing:category": shop.food.pk}
    if name in fixed:
        return fixed[name]
    if name.startswith("syncing:goods_rule"):
        return int(baker.make(GoodsRule, user=shop.user, position=1, name="5").pk)
    if name == "syncing:unlink_chat":
        return int(baker.make(NotificationChannel, user=shop.user, kind="telegram", key="telegram:1").pk)
    if name.startswith("syncing:") and name != "syncing:held_price":
        return shop.job().pk
    return _of_catalogue(name, shop)


def _of_catalogue(name: str, shop: Shop) -> int:
    if name in {"catalog:photo", "catalog:remove_photo", "catalog:move_photo", "catalog:edit_photo"}:
        return int(baker.make(ProductPhoto, user=shop.user, product=shop.bread).pk)
    if name.startswith("catalog:photo_import"):
        sent, _made = PhotoImport.objects.get_or_create(
            user=shop.user, defaults={"state": "open", "changed_at": shop.now}
        )
        return int(baker.make(PhotoImportFile, photo_import=sent, state="ready", name="4600.1").pk)
    if name.startswith("catalog:table"):
        return int(baker.make(TableImport, user=shop.user, file_name="goods.csv", state="ready").pk)
    return shop.bread.pk


@pytest.mark.once
def test_what_is_said_of_addresses_is_said_of_real_ones() -> None:
    assert set(merchant_addresses()) >= BUTTONS | PARTS | OPEN


@pytest.mark.same_statements
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("name", NAMES)
def test_nobody_is_asked_to_log_in_and_changes_nothing(
    client: Client, db: None, name: str, method: str
) -> None:
    shop = Shop(a_merchant("owner@example.com"))
    url = url_of(name, shop)
    before = list(SyncJob.objects.values_list("status", "stop_requested")), ProductPhoto.objects.count()
    answer = client.generic(method.upper(), url)
    if answer.status_code != 405:
        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse("account_login"))
    else:
        assert (name in BUTTONS) is (method == "get")
    after = list(SyncJob.objects.values_list("status", "stop_requested")), ProductPhoto.objects.count()
    assert after == before


@pytest.mark.once
@pytest.mark.parametrize("name", sorted(BUTTONS))
def test_no_button_is_pressed_by_following_a_link(db: None, name: str) -> None:
    shop = Shop(a_merchant("owner@example.com"))
    client = Client()
    client.force_login(shop.user)
    assert client.get(url_of(name, shop)).status_code == 405


@pytest.mark.once
@pytest.mark.parametrize("name", sorted(BUTTONS))
def test_no_button_is_pressed_from_a_foreign_page(db: None, name: str) -> None:
    shop = Shop(a_merchant("owner@example.com"))
    client = Client(enforce_csrf_checks=True)
    client.force_login(shop.user)
    assert client.post(url_of(name, shop)).status_code == 403
