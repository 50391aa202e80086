"""The merchant's pictures are kept once each, with their files."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from model_bakery import baker

from accounts.models import User
from accounts.services import delete_account
from catalog.choices import PhotoProblem
from catalog.models import Product, ProductGroup, ProductPhoto
from catalog.photos.errors import InvalidPhoto
from catalog.photos.placeholders import placeholder
from catalog.photos.services import add_photo, remove_photo, set_shared_photo
from tests.integration.catalog.conftest import Refresh
from tests.unit.catalog.till import STORE, FakeTill, products

pytestmark = pytest.mark.django_db(transaction=True)
JPEG = placeholder("Чай", "")


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def files_in(media: Path) -> list[Path]:
    return [path for path in media.rglob("*") if path.is_file()]


def jpeg(number: int) -> bytes:
    return JPEG + bytes([number])


@pytest.fixture
def tea(till: FakeTill, refresh: Refresh) -> Product:
    till.products[STORE] = products(2)
    refresh()
    return Product.objects.order_by("pk")[0]


@pytest.fixture
def drinks(tea: Product, owner: User) -> ProductGroup:
    made: ProductGroup = baker.make(
        ProductGroup, evotor_id="drinks", user=owner, store=tea.store, missing_since=None
    )
    return made


def test_the_same_picture_is_kept_once(tea: Product, owner: User) -> None:
    first, second = add_photo(tea, jpeg=JPEG), add_photo(tea, jpeg=JPEG)
    assert first == second
    assert ProductPhoto.objects.for_user(owner).count() == 1


def test_a_picture_outlives_its_products_absence(tea: Product, till: FakeTill, refresh: Refresh) -> None:
    add_photo(tea, jpeg=JPEG)
    gone = till.products[STORE].pop(0)
    refresh()
    till.products[STORE].append(gone)
    refresh()
    assert Product.objects.get(evotor_id=gone.id).photos.count() == 1


def test_default_pictures_belong_to_no_product_and_no_group(tea: Product, owner: User) -> None:
    add_photo(tea, jpeg=JPEG)
    default = ProductPhoto.objects.create(user=owner, content_hash="x")
    assert list(ProductPhoto.objects.for_user(owner).defaults()) == [default]


@pytest.mark.mariadb
def test_a_photo_that_is_sent_eight_times_at_once_is_kept_once(
    tea: Product, owner: User, media: Path
) -> None:
    def send(target: str) -> None:
        try:
            if target == "product":
                add_photo(Product.objects.get(pk=tea.pk), jpeg=JPEG)
            else:
                set_shared_photo(owner, group=None, jpeg=JPEG)
        finally:
            connection.close()

    for target in ("product", "default"):
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(send, [target] * 8))
    assert tea.photos.count() == 1
    assert ProductPhoto.objects.for_user(owner).defaults().count() == 1
    assert len(files_in(media)) == 2


def test_the_database_refuses_a_products_photo_that_is_there(tea: Product, owner: User) -> None:
    add_photo(tea, jpeg=JPEG)
    with pytest.raises(IntegrityError), transaction.atomic():
        ProductPhoto.objects.create(user=owner, product=tea, content_hash=tea.photos.get().content_hash)


def test_a_product_has_at_most_as_many_photos_as_vk_shows(tea: Product, media: Path, settings: Any) -> None:
    for number in range(settings.PHOTOS_PER_PRODUCT):
        add_photo(tea, jpeg=jpeg(number))
    with pytest.raises(InvalidPhoto) as refused:
        add_photo(tea, jpeg=jpeg(99))
    assert refused.value.code is PhotoProblem.TOO_MANY
    assert add_photo(tea, jpeg=jpeg(0)) == tea.photos.order_by("pk").first()
    assert tea.photos.count() == len(files_in(media)) == settings.PHOTOS_PER_PRODUCT == 5


@pytest.mark.parametrize("limit", ["PHOTOS_PER_MERCHANT", "PHOTO_BYTES_PER_MERCHANT"])
def test_a_merchant_keeps_a_bounded_number_of_photos_and_bytes(
    tea: Product, drinks: ProductGroup, media: Path, settings: Any, limit: str
) -> None:
    milk = Product.objects.order_by("pk")[1]
    setattr(settings, limit, 2 if limit == "PHOTOS_PER_MERCHANT" else 2 * len(JPEG) + 2)
    add_photo(tea, jpeg=jpeg(1))
    set_shared_photo(tea.user, group=None, jpeg=jpeg(2))
    with pytest.raises(InvalidPhoto):
        add_photo(milk, jpeg=jpeg(3))
    with pytest.raises(InvalidPhoto):
        set_shared_photo(tea.user, group=drinks, jpeg=jpeg(3))
    # A new default takes the place of the old one.
    set_shared_photo(tea.user, group=None, jpeg=jpeg(4))
    assert len(files_in(media)) == 2


def test_another_merchants_photos_do_not_count(tea: Product, settings: Any) -> None:
    settings.PHOTOS_PER_MERCHANT = 1
    other = User.objects.create_user("other@example.com", "a long passphrase")
    set_shared_photo(other, group=None, jpeg=JPEG)
    assert add_photo(tea, jpeg=JPEG).product == tea


def _remove(tea: Product) -> None:
    for photo in ProductPhoto.objects.all():
        remove_photo(photo)


def _close_the_account(tea: Product) -> None:
    delete_account(tea.user)


def _delete_products_and_groups(tea: Product) -> None:
    ProductPhoto.objects.filter(product=None, group=None).delete()
    Product.objects.all().delete()
    ProductGroup.objects.all().delete()


@pytest.mark.parametrize("delete", [_remove, _close_the_account, _delete_products_and_groups])
def test_files_go_with_the_photo_the_account_and_the_product(
    tea: Product, drinks: ProductGroup, owner: User, media: Path, delete: Callable[[Product], None]
) -> None:
    add_photo(tea, jpeg=jpeg(1))
    add_photo(tea, jpeg=jpeg(2))
    set_shared_photo(owner, group=None, jpeg=jpeg(3))
    set_shared_photo(owner, group=drinks, jpeg=jpeg(4))
    assert len(files_in(media)) == 4
    delete(tea)
    assert files_in(media) == []
    assert not ProductPhoto.objects.exists()


def test_a_replaced_photo_takes_its_file_with_it(tea: Product, owner: User, media: Path) -> None:
    for number in range(3):
        set_shared_photo(owner, group=None, jpeg=jpeg(number))
    assert [path.read_bytes() for path in files_in(media)] == [jpeg(2)]


def test_a_file_stays_until_its_rows_deletion_is_committed(tea: Product, media: Path) -> None:
    photo = add_photo(tea, jpeg=JPEG)
    with transaction.atomic():
        remove_photo(photo)
        assert len(files_in(media)) == 1
        transaction.set_rollback(True)
    assert tea.photos.count() == len(files_in(media)) == 1


def test_a_photo_whose_row_is_not_written_leaves_no_file(
    tea: Product, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object, **_options: object) -> None:
        raise OperationalError("the database went away")

    monkeypatch.setattr(ProductPhoto, "save", refuse)
    with pytest.raises(OperationalError):
        add_photo(tea, jpeg=JPEG)
    assert files_in(media) == []


def test_a_file_that_cannot_be_deleted_is_logged_and_the_photo_is_gone(
    tea: Product, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    photo = add_photo(tea, jpeg=JPEG)

    def refuse(_name: str) -> None:
        raise PermissionError("read-only disk")

    monkeypatch.setattr(photo.file.storage, "delete", refuse)
    remove_photo(photo)
    assert not tea.photos.exists()
    assert photo.content_hash[:32] in caplog.text
