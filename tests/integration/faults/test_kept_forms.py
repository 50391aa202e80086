"""VK that trims, rounds, retypes or loses what it was sent: an unchanged run writes nothing."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import User
from sandbox import Sandbox
from syncing.models import Listing, SyncJob
from tests.integration.faults.shop import ITEMS, assert_complete, run, store_of, titles

pytestmark = [pytest.mark.django_db, pytest.mark.same_statements]

TEXT = "Большая синяя кружка из толстого фарфора, с ручкой, для чая и кофе. " * 3
FORMS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "sku in small letters": ("sku", str.lower),
    "no sku": ("sku", lambda _: ""),
    "sku cut behind": ("sku", lambda text: text[:9]),
    "sku cut before": ("sku", lambda text: text[-9:]),
    "sku without spaces": ("sku", lambda text: text.replace(" ", "")),
    "title cut": ("title", lambda text: text[:12]),
    "description trimmed": ("description", lambda text: text[:60]),
    "title with other quotes": ("title", lambda text: text.replace("«", '"').replace("»", '"')),
    "title escaped twice": ("title", lambda text: text.replace("«", "&amp;laquo;")),
    "price in whole roubles": ("price_kopecks", lambda price: round(price / 100) * 100),
}


@pytest.mark.parametrize(("field", "form"), FORMS.values(), ids=list(FORMS))
def test_an_unchanged_run_edits_nothing(
    box: Sandbox, user: User, field: str, form: Callable[[Any], Any]
) -> None:
    store = store_of(box)
    for number, product_id in enumerate(store.products):
        box.evotor.edit_product(
            store.id, product_id, name=f"Кружка «Синяя» {number}", description=TEXT, price=100.4 + number
        )
    box.vk.reshape[field] = form
    assert run(user).status == SyncJob.Status.SUCCESS
    box.vk.forget_calls()
    for _ in range(2):
        job = run(user)
        assert (job.status, job.items_updated, job.items_created) == (SyncJob.Status.SUCCESS, 0, 0)
    assert not {"market.edit", "market.add"} & set(box.vk.counts())
    assert not any(Listing.objects.values_list("merchant_fields", flat=True))
    # What the till changes still reaches VK.
    first = next(iter(store.products))
    box.evotor.edit_product(
        store.id, first, name="Кружка «Белая» 0", description="Новая " + TEXT, price=555.5
    )
    assert run(user).items_updated == 1
    assert run(user).items_updated == 0
    assert "Кружка «Белая» 0" in titles(box)


@pytest.mark.once
def test_lost_answers_make_nothing_twice_where_vk_keeps_no_sku(box: Sandbox, user: User) -> None:
    box.vk.reshape["sku"] = lambda _: ""
    for nth in (3, 9, 14):
        box.vk.fault("reset_after", nth=nth, method="market.add")
    for _ in range(4):
        run(user)
    assert_complete(box, ITEMS)
