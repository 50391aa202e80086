"""The merchant's own photos: for one product, for a group, for everything, and in VK."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image, ImageStat

from catalog.models import ProductPhoto
from catalog.photos.limits import MAX_UPLOAD_BYTES
from evosync.common.object_storage import StorageUnavailable
from sandbox import Sandbox
from syncing.core.records import PLACEHOLDER
from syncing.jobs.lifecycle import claim, request_sync
from syncing.jobs.runner import RunOptions, run_slice
from syncing.models import Listing, SyncJob
from tests.web.shop import Shop

PHOTOS = "/catalogue/photos/"
GPS_IFD, MAKER = 0x8825, 0x010F


def picture(colour: str, size: tuple[int, int] = (600, 600)) -> SimpleUploadedFile:
    """Return an upload whose EXIF tells where it was taken."""
    file, image = BytesIO(), Image.new("RGB", size, colour)
    exif = image.getexif()
    exif[MAKER] = "Telephone of Anna"
    exif.get_ifd(GPS_IFD)[1] = "N"
    image.save(file, "JPEG", exif=exif)
    return SimpleUploadedFile("photo.jpg", file.getvalue())


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Path) -> None:
    """Keep uploads in a folder of this test's own."""
    settings.MEDIA_ROOT = tmp_path


def test_a_photo_for_a_group_and_one_for_all_are_kept_shown_and_removed(owner: Client, shop: Shop) -> None:
    owner.post(PHOTOS, {"group": "", "photo": picture("red")})
    answer = owner.post(PHOTOS, {"group": shop.food.pk, "photo": picture("blue")}, follow=True)
    page = answer.content.decode()
    assert "Еда · Лавка" in page
    kept = {photo.group: photo for photo in ProductPhoto.objects.all()}
    assert set(kept) == {None, shop.food}
    for photo in kept.values():
        assert reverse("catalog:photo", args=[photo.pk]) in page
        assert owner.post(reverse("catalog:remove_photo", args=[photo.pk]))["Location"] == PHOTOS
    assert not ProductPhoto.objects.exists()


@pytest.mark.once
def test_a_new_photo_for_all_takes_the_place_of_the_old_one(
    owner: Client, shop: Shop, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    for colour in ("red", "blue", "blue"):
        with django_capture_on_commit_callbacks(execute=True):
            owner.post(PHOTOS, {"photo": picture(colour)})
    assert ProductPhoto.objects.count() == 1
    assert len(list(tmp_path.rglob("*.jpg"))) == 1


@pytest.mark.once
def test_where_a_photo_was_taken_is_not_kept(owner: Client, shop: Shop) -> None:
    owner.post(PHOTOS, {"photo": picture("red")})
    data = Path(ProductPhoto.objects.get().file.path).read_bytes()
    assert not Image.open(BytesIO(data)).getexif()
    assert b"Anna" not in data


@pytest.mark.once
@pytest.mark.parametrize(
    ("file", "words"),
    [
        (SimpleUploadedFile("photo.jpg", b"no picture at all"), "not a picture that we can read"),
        (picture("red", (120, 90)), "too small"),
        (SimpleUploadedFile("photo.jpg", b"x" * (MAX_UPLOAD_BYTES + 1)), "too big"),
        (None, "No photo was sent"),
    ],
    ids=["no picture", "too small", "too large", "nothing"],
)
def test_a_bad_file_is_refused_in_words_and_the_group_stays_chosen(
    owner: Client, shop: Shop, file: SimpleUploadedFile | None, words: str
) -> None:
    posted: dict[str, Any] = {"group": shop.food.pk}
    answer = owner.post(PHOTOS, posted | ({"photo": file} if file else {}))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert f'<option value="{shop.food.pk}" selected>' in page
    assert not ProductPhoto.objects.exists()


def test_a_group_of_others_cannot_be_given_a_photo(owner: Client, shop: Shop, other_shop: Shop) -> None:
    answer = owner.post(PHOTOS, {"group": other_shop.food.pk, "photo": picture("red")})
    assert answer.status_code == 422
    assert not ProductPhoto.objects.exists()


@pytest.mark.once
def test_others_photos_do_not_show(owner: Client, shop: Shop, other_shop: Shop) -> None:
    other = Client()
    other.force_login(other_shop.user)
    other.post(PHOTOS, {"photo": picture("red")})
    assert "es-photos" not in owner.get(PHOTOS).content.decode()


@pytest.mark.once
def test_the_product_page_says_which_photo_stands_in(owner: Client, shop: Shop) -> None:
    page = reverse("catalog:product", args=[shop.bread.pk])
    assert "drawn by EvoSync" in owner.get(page).content.decode()
    owner.post(PHOTOS, {"photo": picture("red")})
    assert "your photo for all goods" in owner.get(page).content.decode()
    # Bread lies in a subgroup of this group.
    owner.post(PHOTOS, {"group": shop.food.pk, "photo": picture("blue")})
    assert "the photo of the group “Еда”" in owner.get(page).content.decode()


def test_a_run_sends_the_products_photo_else_its_nearest_groups_else_the_common_else_a_drawn_one(
    owner: Client, shop: Shop, settings: Any
) -> None:
    shop.listing.delete()
    tea = shop.group("tea", "Чай")
    green = shop.product("green", "Чай зелёный", group="tea")
    cup = shop.product("cup", "Кружка белая")

    def run(box: Sandbox) -> dict[str, str]:
        job = request_sync(shop.user, trigger=SyncJob.Trigger.MANUAL)
        claimed = claim(shop.user, now=timezone.now())
        assert claimed is not None
        job = run_slice(claimed, options=RunOptions(refresh=False))
        assert job.status == SyncJob.Status.SUCCESS, job.error_detail
        return dict(Listing.objects.values_list("product__evotor_id", "photo_key"))

    with Sandbox(vk_rate=0) as box:
        settings.VK_API_URL, settings.EVOTOR_API_URL = box.vk_url, box.evotor_url
        settings.VK_REQUESTS_PER_SECOND = settings.VK_SETTLE_SECONDS = 0
        connection = shop.user.vk_connection
        connection.access_token, connection.group_id = box.vk_token, box.group_id
        connection.save()
        assert set(run(box).values()) == {"placeholder"}

        owner.post(PHOTOS, {"photo": picture("red")})
        owner.post(PHOTOS, {"group": shop.food.pk, "photo": picture("blue")})
        owner.post(PHOTOS, {"group": tea.pk, "photo": picture("green")})
        owner.post(reverse("catalog:add_photo", args=[green.pk]), {"photo": picture("yellow")})
        common, food, _tea, own = ProductPhoto.objects.order_by("pk").values_list("content_hash", flat=True)
        assert run(box) == {"bread": food, "milk": food, "green": own, "cup": common}

        ProductPhoto.objects.all().delete()
        assert set(run(box).values()) == {"placeholder"}
    assert cup.photos.count() == 0


@pytest.mark.once
def test_the_choice_of_goods_is_not_called_optional(owner: Client, shop: Shop) -> None:
    shown = owner.get(PHOTOS).content.decode()
    assert "All goods without a photo" in shown
    assert "if you like" not in shown


def test_every_photo_added_or_removed_asks_for_a_run(owner: Client, shop: Shop) -> None:
    shop.switch_on()
    add = reverse("catalog:add_photo", args=[shop.milk.pk])
    for address, data in (
        (add, {"photo": picture("red")}),
        (PHOTOS, {"photo": picture("green")}),
        (PHOTOS, {"group": shop.food.pk, "photo": picture("blue")}),
    ):
        owner.post(address, data)
        asked = SyncJob.objects.for_user(shop.user).active().get()
        assert (asked.status, asked.triggered_by) == (SyncJob.Status.PENDING, SyncJob.Trigger.MANUAL)
        asked.delete()
    for photo in ProductPhoto.objects.all():
        owner.post(reverse("catalog:remove_photo", args=[photo.pk]))
        SyncJob.objects.for_user(shop.user).active().get().delete()


@pytest.mark.once
def test_several_photos_come_at_once_and_a_refused_one_keeps_no_other_out(owner: Client, shop: Shop) -> None:
    add = reverse("catalog:add_photo", args=[shop.milk.pk])
    bad = SimpleUploadedFile("договор.pdf", b"%PDF-1.7 no picture")
    page = owner.post(add, {"photo": [picture("red"), bad, picture("blue")]}, follow=True).content.decode()
    assert shop.milk.photos.count() == 2
    assert "2 photos are kept" in page
    assert "договор.pdf: The file is not a picture that we can read" in page


@pytest.mark.once
def test_the_sixth_photo_is_refused_by_its_name_and_five_stay(owner: Client, shop: Shop) -> None:
    add = reverse("catalog:add_photo", args=[shop.milk.pk])
    photos = [picture(colour) for colour in ("red", "green", "blue", "black", "white", "pink")]
    photos[-1].name = "шестое.jpg"
    page = owner.post(add, {"photo": photos}, follow=True).content.decode()
    assert shop.milk.photos.count() == 5
    assert "шестое.jpg: The photo was not kept" in page


def three(owner: Client, shop: Shop) -> list[int]:
    owner.post(
        reverse("catalog:add_photo", args=[shop.milk.pk]),
        {"photo": [picture(colour) for colour in ("red", "green", "blue")]},
    )
    return order_of(shop)


def order_of(shop: Shop) -> list[int]:
    return list(shop.milk.photos.in_order().values_list("pk", flat=True))


@pytest.mark.once
def test_photos_are_put_into_order_by_buttons_without_a_script(owner: Client, shop: Shop) -> None:
    red, green, blue = three(owner, shop)
    for pk, move, order in (
        (blue, "main", [blue, red, green]),
        (blue, "down", [red, blue, green]),
        (green, "up", [red, green, blue]),
        (red, "up", [red, green, blue]),
        (blue, "down", [red, green, blue]),
    ):
        answer = owner.post(reverse("catalog:move_photo", args=[pk]), {"move": move})
        assert answer["Location"] == reverse("catalog:product", args=[shop.milk.pk]) + "#photos"
        assert order_of(shop) == order
    assert owner.post(reverse("catalog:move_photo", args=[red]), {"move": "away"}).status_code == 400


@pytest.mark.once
def test_photos_are_put_into_order_by_dragging_and_strange_ids_are_passed_over(
    owner: Client, shop: Shop
) -> None:
    red, green, blue = three(owner, shop)
    url = reverse("catalog:order_photos", args=[shop.milk.pk])
    part = owner.post(url, {"order": f"{blue},9999,x,{red}"}, headers={"HX-Request": "true"})
    assert order_of(shop) == [blue, red, green]
    assert 'id="photo-list"' in part.content.decode()
    assert "<html" not in part.content.decode()


def test_a_new_order_asks_for_a_run_and_the_same_order_for_none(owner: Client, shop: Shop) -> None:
    red, green, blue = three(owner, shop)
    shop.switch_on()
    url = reverse("catalog:order_photos", args=[shop.milk.pk])
    owner.post(url, {"order": f"{red},{green},{blue}"})
    assert not SyncJob.objects.active().exists()
    owner.post(url, {"order": f"{green},{red},{blue}"})
    assert SyncJob.objects.active().count() == 1


def halves(left: str, right: str) -> SimpleUploadedFile:
    """Return a photo whose left half has another colour than its right one."""
    image = Image.new("RGB", (1200, 1000), left)
    image.paste(Image.new("RGB", (600, 1000), right), (600, 0))
    file = BytesIO()
    image.save(file, "PNG")
    return SimpleUploadedFile("photo.png", file.getvalue())


@pytest.mark.once
def test_a_photo_is_turned_and_cropped_and_its_old_file_goes(
    owner: Client, shop: Shop, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    owner.post(
        reverse("catalog:add_photo", args=[shop.milk.pk]), {"photo": [halves("red", "blue"), picture("pink")]}
    )
    photo = shop.milk.photos.in_order()[0]
    url = reverse("catalog:edit_photo", args=[photo.pk])
    assert owner.get(url).status_code == 200
    edit = {"turns": 1, "crop": "on", "size": 500, "across": 500, "down": 0}
    with django_capture_on_commit_callbacks(execute=True):
        assert owner.post(url, edit).status_code == 302
    edited = shop.milk.photos.in_order()[0]
    assert (edited.pk, edited.position) == (photo.pk, photo.position)
    assert edited.content_hash != photo.content_hash
    image = Image.open(edited.file.path)
    # Turned to the right, the red half is above.
    assert image.size == (1000, 1000)
    means = ImageStat.Stat(image.convert("RGB")).mean
    assert means[0] > 200
    assert means[2] < 60
    assert len(list(tmp_path.rglob("*.jpg"))) == 2


@pytest.mark.once
@pytest.mark.parametrize(
    "edit",
    [
        {"turns": 7, "size": 500, "across": 0, "down": 0},
        {"turns": 1, "crop": "on", "size": 5, "across": 0, "down": 0},
        {"turns": 0, "crop": "on", "size": 300, "across": 0, "down": 0},
    ],
    ids=["no turn", "no size", "smaller than VK takes"],
)
def test_an_edit_that_makes_no_sense_changes_nothing(owner: Client, shop: Shop, edit: dict[str, Any]) -> None:
    owner.post(reverse("catalog:add_photo", args=[shop.milk.pk]), {"photo": halves("red", "blue")})
    before = ProductPhoto.objects.get().content_hash
    answer = owner.post(reverse("catalog:edit_photo", args=[ProductPhoto.objects.get().pk]), edit)
    assert answer.status_code == 422
    assert ProductPhoto.objects.get().content_hash == before


@pytest.mark.once
def test_a_photo_that_was_refused_asks_for_no_run(owner: Client, shop: Shop) -> None:
    shop.switch_on()
    owner.post(reverse("catalog:add_photo", args=[shop.milk.pk]), {"photo": picture("red", (9, 9))})
    assert not SyncJob.objects.active().exists()


def test_a_photo_added_during_a_run_is_followed_by_another_run(owner: Client, shop: Shop) -> None:
    shop.switch_on()
    running = shop.job(SyncJob.Status.RUNNING)
    owner.post(PHOTOS, {"photo": picture("red")})
    running.refresh_from_db()
    assert running.again


@pytest.mark.once
def test_a_photo_of_a_merchant_whose_sync_is_off_starts_nothing(owner: Client, shop: Shop) -> None:
    owner.post(PHOTOS, {"photo": picture("red")})
    assert not SyncJob.objects.exists()


# Storage away


FAILURES = [StorageUnavailable("no answer"), OSError(28, "No space left on device")]


@pytest.fixture(params=FAILURES, ids=["storage away", "disk full"])
def failing(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_given: Any) -> None:
        raise request.param

    monkeypatch.setattr(FileSystemStorage, "_save", fail)


@pytest.mark.once
@pytest.mark.usefixtures("failing")
@pytest.mark.parametrize("of_product", [True, False])
def test_a_photo_that_cannot_be_stored_is_refused(owner: Client, shop: Shop, *, of_product: bool) -> None:
    address = reverse("catalog:add_photo", args=[shop.bread.pk]) if of_product else PHOTOS

    page = owner.post(address, {"photo": picture("red")}, follow=True)

    assert "cannot be stored just now" in page.content.decode()
    assert not ProductPhoto.objects.exists()


@pytest.mark.once
def test_a_photo_stays_as_it_is_where_the_edited_one_cannot_be_stored(
    owner: Client, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner.post(PHOTOS, {"photo": picture("red")})
    photo = ProductPhoto.objects.get()

    def fail(*_given: Any) -> None:
        raise StorageUnavailable

    with monkeypatch.context() as patch:
        patch.setattr(FileSystemStorage, "_save", fail)
        page = owner.post(
            reverse("catalog:edit_photo", args=[photo.pk]),
            {"turns": 1, "crop": "", "size": 1000, "across": 500, "down": 500},
        )

    assert (page.status_code, "cannot be stored just now" in page.content.decode()) == (422, True)
    assert ProductPhoto.objects.get().content_hash == photo.content_hash
    answer = owner.get(reverse("catalog:photo", args=[photo.pk]))
    assert answer.status_code == 200
    answer.close()


@pytest.mark.once
def test_a_photo_whose_file_is_lost_is_not_found(owner: Client, shop: Shop) -> None:
    owner.post(PHOTOS, {"photo": picture("red")})
    photo = ProductPhoto.objects.get()
    Path(photo.file.path).unlink()

    assert owner.get(reverse("catalog:photo", args=[photo.pk])).status_code == 404


@pytest.mark.once
def test_the_card_of_a_product_does_not_call_a_photo_seen_that_vk_has_not(owner: Client, shop: Shop) -> None:
    sent = {"title": "Хлеб", "price_kopecks": 10_000, "stock": 5, "album": "", "photo_key": PLACEHOLDER}
    listing = shop.list(shop.milk, vk_item_id=502, sent=sent)
    page = reverse("catalog:product", args=[shop.milk.pk])
    assert "This is how a buyer sees it in VK" in owner.get(page).content.decode()
    owner.post(reverse("catalog:add_photo", args=[shop.milk.pk]), {"photo": picture("red")})
    html = owner.get(page).content.decode()
    assert "VK still shows the drawn picture" in html
    assert "This is how a buyer sees it in VK" not in html
    listing.sent = sent | {"photo_key": "sent"}
    listing.save()
    assert "This is how a buyer sees it in VK" in owner.get(page).content.decode()
