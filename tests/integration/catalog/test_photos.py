"""The merchant's pictures are kept once each, with their files."""

from pathlib import Path

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import User
from catalog.models import Product, ProductPhoto
from catalog.photos.normalize import placeholder
from catalog.photos.services import add_photo, remove_photo
from tests.integration.catalog.conftest import Refresh
from tests.unit.catalog.till import STORE, FakeTill, products

pytestmark = pytest.mark.django_db
JPEG = placeholder("Чай", "")


@pytest.fixture
def tea(till: FakeTill, refresh: Refresh) -> Product:
    till.products[STORE] = products(2)
    refresh()
    return Product.objects.order_by("pk")[0]


def test_the_same_picture_is_kept_once(tea: Product, owner: User) -> None:
    first, second = add_photo(tea, jpeg=JPEG), add_photo(tea, jpeg=JPEG)
    assert first == second
    assert ProductPhoto.objects.for_user(owner).count() == 1


def test_a_removed_picture_takes_its_file_with_it(
    tea: Product, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    photo = add_photo(tea, jpeg=JPEG)
    path = Path(photo.file.path)
    assert path.read_bytes() == JPEG
    with django_capture_on_commit_callbacks(execute=True):
        remove_photo(photo)
        assert path.exists()
    assert not path.exists()


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
