"""Photos of a product from several tabs and telephones at once: none too many, lost or left over."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from catalog.choices import PhotoMove
from catalog.models import Product, ProductPhoto
from catalog.photos.errors import InvalidPhoto
from catalog.photos.services import add_photo, move_photo, remove_photo, replace_file
from syncing.services.shelf_link import issue_link, revoke_link
from syncing.web.forms.photos import prepare_upload
from tests.web.at_once import Press, at_once, tab
from tests.web.catalog.test_photos import picture
from tests.web.shop import Shop

pytestmark = [pytest.mark.django_db(transaction=True)]

ROUNDS = 3


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def kept(product: Product, number: int) -> list[ProductPhoto]:
    """Give a product so many photos, of which nobody looks at the pictures."""
    return [add_photo(product, jpeg=f"{product.pk} {one}".encode()) for one in range(number)]


def files(folder: Path) -> set[str]:
    return {str(file.relative_to(folder)) for file in folder.rglob("*.jpg")}


def assert_whole(product: Product, folder: Path) -> None:
    """Check that the places are counted from 0, and that there are the files of the photos and no other."""
    photos = list(product.photos.in_order())
    assert [photo.position for photo in photos] == list(range(len(photos)))
    assert len(photos) <= 5
    assert files(folder) == set(ProductPhoto.objects.values_list("file", flat=True))


def pressing(shop: Shop, name: str, pk: int, **posted: Any) -> Press:
    return partial(tab(shop).post, reverse(f"catalog:{name}", args=[pk]), posted, follow=True)


@pytest.mark.mariadb
def test_photos_that_are_sent_removed_and_moved_at_once_stay_whole(shop: Shop, tmp_path: Path) -> None:
    for number in range(ROUNDS):
        product = shop.product(f"cup-{number}", f"Кружка {number}", group="food")
        first, second, third, last = kept(product, 4)
        order = f"{last.pk},{third.pk},{second.pk},{first.pk}"
        at_once(
            [
                pressing(shop, "add_photo", product.pk, photo=[picture("red"), picture("blue")]),
                pressing(shop, "remove_photo", second.pk),
                pressing(shop, "move_photo", second.pk, move="main"),
                pressing(shop, "order_photos", product.pk, order=order),
                pressing(shop, "move_photo", last.pk, move="main"),
            ]
        )
        assert_whole(product, tmp_path)
        assert set(product.photos.all()) >= {first, third, last}
        assert second not in product.photos.all()


@pytest.mark.mariadb
def test_a_photo_that_is_removed_in_two_tabs_and_edited_in_a_third_is_gone_with_its_files(
    shop: Shop, tmp_path: Path
) -> None:
    for number in range(ROUNDS):
        product = shop.product(f"cup-{number}", f"Кружка {number}", group="food")
        photo, other = kept(product, 2)

        def edit(photo: ProductPhoto = photo) -> Any:
            with suppress(InvalidPhoto):
                replace_file(photo, jpeg=b"turned")
            return tab(shop).get(reverse("catalog:photos"))

        at_once([edit, *(pressing(shop, "remove_photo", photo.pk) for _tab in range(2))])
        assert list(product.photos.all()) == [other]
        assert_whole(product, tmp_path)


# What another tab or a telephone does to a photo that was read before.
MEANWHILE: dict[str, Callable[[ProductPhoto], object]] = {
    "removed": remove_photo,
    "edited": lambda photo: replace_file(ProductPhoto.objects.get(pk=photo.pk), jpeg=b"first"),
}


@pytest.mark.parametrize("meanwhile", MEANWHILE)
def test_a_photo_that_has_changed_meanwhile_is_removed_as_it_is_now(
    shop: Shop, tmp_path: Path, meanwhile: str
) -> None:
    photo, other = kept(shop.milk, 2)
    MEANWHILE[meanwhile](photo)
    remove_photo(photo)
    assert list(shop.milk.photos.all()) == [other]
    assert_whole(shop.milk, tmp_path)


def test_a_photo_that_was_removed_meanwhile_is_not_moved_and_no_edit_brings_it_back(
    shop: Shop, tmp_path: Path
) -> None:
    photo, other = kept(shop.milk, 2)
    remove_photo(photo)
    assert not move_photo(photo, PhotoMove.DOWN)
    with pytest.raises(InvalidPhoto, match="removed"):
        replace_file(photo, jpeg=b"turned")
    assert list(shop.milk.photos.all()) == [other]
    assert_whole(shop.milk, tmp_path)


def test_of_two_edits_of_one_photo_the_later_one_stays_and_no_file_of_the_other(
    shop: Shop, tmp_path: Path
) -> None:
    (photo,) = kept(shop.milk, 1)
    MEANWHILE["edited"](photo)
    replace_file(photo, jpeg=b"second")
    assert Path(shop.milk.photos.get().file.path).read_bytes() == b"second"
    assert_whole(shop.milk, tmp_path)


def shooting(shop: Shop, colour: str, token: str) -> Press:
    phone = Client(headers={"accept-language": "en"})
    url = reverse("shelf:product", args=[token, shop.milk.pk])
    return partial(phone.post, url, {"photo": picture(colour)})


@pytest.mark.mariadb
def test_two_telephones_on_one_link_fill_the_last_place_once(shop: Shop, tmp_path: Path) -> None:
    kept(shop.milk, 4)
    token = issue_link(shop.user).token
    pages = at_once([shooting(shop, "red", token), shooting(shop, "blue", token)])
    assert sum("you have as many photos" in page for page in pages) == 1
    assert shop.milk.photos.count() == 5
    assert_whole(shop.milk, tmp_path)


def test_a_photo_whose_link_is_ended_on_its_way_is_not_kept(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = issue_link(shop.user).token

    def end_meanwhile(*given: Any) -> bytes:
        revoke_link(shop.user)
        return prepare_upload(*given)

    monkeypatch.setattr("syncing.web.views.shelf.prepare_upload", end_meanwhile)
    answer = shooting(shop, "red", token)()
    assert answer.status_code == 404
    assert "shelf/ended.html" in [template.name for template in answer.templates]
    assert not ProductPhoto.objects.exists()
    assert files(tmp_path) == set()
