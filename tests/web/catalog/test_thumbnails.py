"""The small pictures of goods on our own pages."""

from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from catalog.models import Product, ProductPhoto
from tests.web.shop import Shop

pytestmark = pytest.mark.django_db


def picture_of(color: str) -> bytes:
    stream = BytesIO()
    Image.new("RGB", (1000, 1200), color).save(stream, "JPEG")
    return stream.getvalue()


def add_photo(shop: Shop, color: str, **owner: object) -> None:
    photo = ProductPhoto(user=shop.user, content_hash=color.ljust(64, "0"), **owner)
    photo.file.save(f"{color}.jpg", ContentFile(picture_of(color)))


def shown(owner: Client, shop: Shop) -> Image.Image:
    answer = owner.get(reverse("catalog:thumbnail", args=[shop.milk.pk]))
    assert answer["Content-Type"] == "image/jpeg"
    assert "private" in answer["Cache-Control"]
    image = Image.open(BytesIO(answer.content))
    assert max(image.size) == 240
    return image


def is_like(image: Image.Image, color: str) -> bool:
    pixel, wanted = image.getpixel((5, 5)), Image.new("RGB", (1, 1), color).getpixel((0, 0))
    assert isinstance(pixel, tuple)
    assert isinstance(wanted, tuple)
    return all(abs(a - b) < 12 for a, b in zip(pixel, wanted, strict=True))


@pytest.mark.once
def test_goods_without_a_photo_show_the_drawn_picture(owner: Client, shop: Shop) -> None:
    assert shown(owner, shop).size == (240, 240)


def test_the_nearest_photo_is_shown_as_in_vk(owner: Client, shop: Shop) -> None:
    add_photo(shop, "white")
    assert is_like(shown(owner, shop), "white")
    add_photo(shop, "red", group=shop.food)
    assert is_like(shown(owner, shop), "red")
    add_photo(shop, "blue", product=shop.milk)
    assert is_like(shown(owner, shop), "blue")


@pytest.mark.once
def test_a_browser_keeps_a_picture_and_asks_whether_it_is_still_that(owner: Client, shop: Shop) -> None:
    address = reverse("catalog:thumbnail", args=[shop.milk.pk])

    def asked(mark: str) -> tuple[int, str]:
        answer = owner.get(address, headers={"If-None-Match": mark})
        assert {"private", "no-cache"} == set(answer["Cache-Control"].split(", "))
        assert bool(answer.content) == (answer.status_code == 200)
        return answer.status_code, answer["ETag"]

    _status, drawn = asked("")
    assert asked(drawn) == (304, drawn)
    Product.objects.filter(pk=shop.milk.pk).update(own_title="Молоко утреннее")
    status, titled = asked(drawn)
    assert status == 200
    add_photo(shop, "red", group=shop.food)
    status, shared = asked(titled)
    assert status == 200
    add_photo(shop, "blue", product=shop.milk)
    status, own = asked(shared)
    assert status == 200
    assert asked(own) == (304, own)
    assert len({drawn, titled, shared, own}) == 4


@pytest.mark.once
@pytest.mark.parametrize("damaged", [b"", b"no picture", picture_of("red")[:400]])
def test_a_photo_whose_file_is_damaged_gives_way_to_the_drawn_picture(
    owner: Client, shop: Shop, damaged: bytes
) -> None:
    drawn = shown(owner, shop).tobytes()
    photo = ProductPhoto(user=shop.user, product=shop.milk, content_hash="0" * 64)
    photo.file.save("damaged.jpg", ContentFile(damaged))
    assert shown(owner, shop).tobytes() == drawn


def test_a_photo_whose_file_is_gone_gives_way_to_the_drawn_picture(owner: Client, shop: Shop) -> None:
    drawn = shown(owner, shop).tobytes()
    add_photo(shop, "red", product=shop.milk)
    photo = ProductPhoto.objects.get()
    photo.file.storage.delete(str(photo.file.name))
    assert shown(owner, shop).tobytes() == drawn


@pytest.mark.once
def test_the_lists_of_goods_show_the_pictures(owner: Client, shop: Shop) -> None:
    source = f'src="{reverse("catalog:thumbnail", args=[shop.bread.pk])}"'
    assert source in owner.get(reverse("catalog:list")).content.decode()
    assert source in owner.get(reverse("catalog:product", args=[shop.bread.pk])).content.decode()
    job = shop.job()
    shop.item(job, shop.bread)
    assert source in owner.get(reverse("syncing:job", args=[job.pk])).content.decode()


@pytest.mark.once
def test_a_finished_run_leads_to_the_shop(owner: Client, shop: Shop) -> None:
    page = owner.get(reverse("syncing:job", args=[shop.job().pk])).content.decode()
    assert f"https://vk.com/market-{shop.vk_group_id}" in page
