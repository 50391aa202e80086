"""The main job on the real catalogue: 611 products of an Evotor shop appear in VK, and stay equal."""

import json
import os
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from accounts.models import User
from connections.evotor.connect import connect_evotor
from connections.vk.connect import connect_vk
from sandbox import Sandbox
from sandbox.catalogue_csv import load_catalogue

SHARED = Path(os.environ.get("EVOSYNC_SHARED", settings.BASE_DIR.parent / "shared"))
CATALOGUE = SHARED / "data" / "shop-catalogue.csv"

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        not CATALOGUE.exists(), reason="shared/data/shop-catalogue.csv is not on this machine"
    ),
]

HAND_MADE = "Открытка ручной работы"


def sync(user: User, *options: str) -> dict[str, Any]:
    """Run the command as an operator would and read its JSON."""
    out = StringIO()
    call_command("sync", user.email, "--json", *options, stdout=out, verbosity=0)
    answer = json.loads(out.getvalue())
    assert isinstance(answer, dict)
    return answer


@pytest.fixture
def shop(settings: Any) -> Any:
    """A merchant whose till holds the real catalogue and whose community has one hand-made item."""
    with Sandbox(vk_rate=0) as box:
        settings.EVOTOR_API_URL, settings.VK_API_URL = box.evotor_url, box.vk_url
        settings.VK_REQUESTS_PER_SECOND = 0
        store = load_catalogue(box.evotor, CATALOGUE)
        hand_made = box.vk.create_item(HAND_MADE)
        user = User.objects.create_user("shop@example.com", "a-long-password")
        connect_evotor(user, token=box.evotor_token, now=timezone.now())
        connect_vk(user, token=box.vk_token, group=box.group_id, now=timezone.now())
        box.vk.forget_calls()
        yield box, store, user, hand_made


@pytest.fixture
def _drawn_once(request: pytest.FixtureRequest) -> None:
    """Draw four hundred pictures where no database server is: that one says nothing about pictures."""
    if connection.vendor == "mysql":
        request.getfixturevalue("no_waiting")


def ours(box: Sandbox) -> list[Any]:
    """Return the items that EvoSync made and that are not removed."""
    items = box.vk.communities[box.group_id].items.values()
    return [item for item in items if item.title != HAND_MADE and item.deleted_at is None]


def expected_kopecks(price: object) -> int:
    return int((Decimal(str(price)) * 100).quantize(Decimal(1), ROUND_HALF_UP))


@pytest.mark.usefixtures("_drawn_once")
def test_the_real_catalogue_appears_once_and_stays_equal(shop: Any) -> None:
    box, store, user, hand_made = shop
    before = repr(hand_made)

    first = sync(user)
    assert first["status"] == "success", first
    assert first["errors"] == []
    assert first["created"] + first["skipped"] == 611
    reasons = first["skipped_by_reason"]
    assert reasons["legal_tobacco"] > 40
    assert reasons["legal_beer"] + reasons["legal_alcohol"] > 150
    made = ours(box)
    assert len(made) == first["created"] == len({item.sku for item in made})
    prices = Counter(expected_kopecks(product.fields["price"]) for product in store.products.values())
    assert not Counter(item.price_kopecks for item in made) - prices

    requests = first["requests"]
    assert requests["vk"] <= 1.2 * requests["vk_lower_bound"], requests
    assert requests["uploads"] == first["created"]
    one_by_one = 1 + 2 * first["created"] + first["created"]
    assert requests["vk"] * 10 <= one_by_one, requests

    second = sync(user)
    assert (second["status"], second["unchanged"]) == ("success", first["created"])
    assert (
        not {"market.add", "market.edit", "market.delete", "market.addToAlbum"}
        & second["requests"]["vk_calls"].keys()
    )
    assert second["requests"]["uploads"] == 0
    assert second["requests"]["vk"] <= first["created"] // 400 + 3

    product = next(p for p in store.products.values() if p.fields["name"].startswith("ПЕЛЬМЕНИ"))
    box.evotor.edit_product(store.id, product.id, price=130.727272727)
    third = sync(user)
    assert (third["updated"], third["requests"]["vk_calls"]["market.edit"]) == (1, 1)
    assert 13073 in {item.price_kopecks for item in ours(box)}

    box.evotor.delete_product(store.id, product.id)
    fourth = sync(user)
    assert (fourth["hidden"], fourth["requests"]["vk_calls"]["market.edit"]) == (1, 1)
    assert fourth["deleted"] == 0

    assert repr(hand_made) == before


@pytest.mark.once
@pytest.mark.usefixtures("no_waiting")
def test_without_the_restriction_filter_all_611_but_the_free_price_line_are_sold(shop: Any) -> None:
    box, _store, user, _hand_made = shop
    call_command("configure", user.email, "legal_filter=off", stdout=StringIO())
    answer = sync(user)
    assert answer["skipped_by_reason"] == {"free_price_position": 1}
    assert answer["created"] == 610 == len(ours(box))
