"""A photo whose file cannot be read keeps its own item waiting, and no other goods from VK."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage
from django.core.management import call_command

from accounts.models import User
from catalog.models import Product, ProductPhoto
from catalog.photos.placeholders import placeholder
from catalog.photos.services import add_photo
from evosync.common.object_storage import StorageUnavailable
from sandbox import Sandbox
from syncing.models import SyncJob, SyncJobItem
from tests.integration.faults.shop import run

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.same_statements]


@pytest.fixture
def photo(box: Sandbox, user: User, settings: Any, tmp_path: Path) -> ProductPhoto:
    settings.MEDIA_ROOT = tmp_path
    run(user)
    first, other = Product.objects.order_by("pk")[0], Product.objects.order_by("pk")[3]
    photo = add_photo(first, jpeg=placeholder("Снимок", ""))
    store = next(iter(box.evotor.stores))
    for product in (first, other):
        box.evotor.edit_product(store, product.evotor_id, price=777)
    return photo


def prices(box: Sandbox) -> int:
    return sum(item.price_kopecks == 77_700 for item in box.vk.live_items(box.group_id))


def refusals(job: SyncJob) -> list[tuple[int | None, str]]:
    found = SyncJobItem.objects.filter(job=job).exclude(error_code="")
    return list(found.values_list("product_id", "error_code"))


def test_a_lost_photo_keeps_no_goods_and_no_price_from_vk(
    box: Sandbox, user: User, photo: ProductPhoto
) -> None:
    Path(photo.file.path).unlink()

    jobs = [run(user, refresh=True), run(user, refresh=True)]

    assert [job.status for job in jobs] == [SyncJob.Status.PARTIAL] * 2
    assert [refusals(job) for job in jobs] == [[(photo.product_id, "photo_unreadable")]] * 2
    assert prices(box) == 2


@pytest.mark.once
def test_new_goods_whose_photo_is_lost_wait_and_the_others_go_on(
    box: Sandbox, user: User, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    run(user)
    live = len(box.vk.live_items(box.group_id))
    box.evotor.add_product(next(iter(box.evotor.stores)), "Новинка", price=100, quantity=3)
    box.evotor.add_product(next(iter(box.evotor.stores)), "Другая новинка", price=100, quantity=3)
    call_command("refresh_catalog", user.email)
    product = Product.objects.get(name="Новинка")
    Path(add_photo(product, jpeg=placeholder("Снимок", "")).file.path).unlink()

    job = run(user)

    assert refusals(job) == [(product.pk, "photo_unreadable")]
    assert len(box.vk.live_items(box.group_id)) == live + 1


def test_many_lost_photos_end_no_step_of_a_run(box: Sandbox, user: User, photo: ProductPhoto) -> None:
    store = next(iter(box.evotor.stores))
    others = Product.objects.exclude(photos=photo).order_by("pk")[:12]
    for number, product in enumerate(others):
        Path(add_photo(product, jpeg=placeholder(f"Снимок {number}", "")).file.path).unlink()
        box.evotor.edit_product(store, product.evotor_id, price=555)
    asked = Counter(call.method for call in box.vk.calls)

    job = run(user, refresh=True, approve=True)

    assert len(refusals(job)) == len(others)
    assert sum(item.price_kopecks == 55_500 for item in box.vk.live_items(box.group_id)) == len(others)
    addresses = Counter(call.method for call in box.vk.calls)["market.getProductPhotoUploadServer"]
    # One for the run, and one for the photo that can be read and shared its upload with lost ones.
    assert addresses - asked["market.getProductPhotoUploadServer"] <= 2


@pytest.mark.once
def test_the_run_after_the_storage_was_away_sends_the_photo(
    box: Sandbox, user: User, photo: ProductPhoto, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_given: Any) -> None:
        raise StorageUnavailable

    with monkeypatch.context() as patch:
        patch.setattr(FileSystemStorage, "_open", away)
        during = run(user, refresh=True)
    uploads = box.vk.uploads

    after = run(user)

    assert (during.status, refusals(during)) == (
        SyncJob.Status.PARTIAL,
        [(photo.product_id, "photo_unreadable")],
    )
    assert prices(box) == 2
    assert after.status == SyncJob.Status.SUCCESS
    assert box.vk.uploads == uploads + 1
