"""Many photos at once: what the page takes, what it shows before anything is saved, and whose it is."""

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from model_bakery import baker

from catalog.choices import ImportedFileState
from catalog.models import PhotoImport, PhotoImportFile, Product, ProductPhoto
from catalog.photos.imports import preparing
from catalog.photos.imports.stamps import stamp_of
from catalog.photos.normalize import normalize_photo
from evosync.common.object_storage import StorageUnavailable
from syncing.models import SyncJob
from syncing.tasks import import_photos_for_user, sweep_stale_jobs
from tests.web.catalog.test_photos import picture
from tests.web.shop import Shop

PAGE = "/catalogue/photos/many/"
TEA = "4600123456789"


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def tea(shop: Shop) -> Product:
    return shop.product("tea", "Чай зелёный", barcodes=[TEA])


def named(name: str, colour: str = "red") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture(colour).read())


def seen(shop: Shop) -> dict[str, str]:
    """Return what a page that is up to date sends with its buttons."""
    found = PhotoImport.objects.for_user(shop.user).first()
    return {"seen": stamp_of(found) if found else ""}


def work(shop: Shop) -> None:
    import_photos_for_user.fn(shop.user.pk)


def test_photos_are_shown_with_their_goods_and_reasons_and_saved_with_one_yes(
    owner: Client, shop: Shop, tea: Product, django_assert_max_num_queries: Any
) -> None:
    shop.switch_on()
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("вид сзади/4600123456789-2.jpg", picture("blue").read())
        archive.writestr("IMG_0001.jpg", picture("green").read())
        archive.writestr("readme.txt", "no picture")
    sent = [named(f"{TEA}.JPG"), SimpleUploadedFile("photos.zip", file.getvalue())]
    assert owner.post(PAGE, {"photo": sent})["Location"] == PAGE
    waiting = owner.get(PAGE).content.decode()
    assert "data-poll" in waiting
    assert not ProductPhoto.objects.exists()

    work(shop)
    with django_assert_max_num_queries(15):
        page = owner.get(PAGE).content.decode()
    assert "hx-trigger" not in page
    assert "Fits 1 product" in page
    assert "by barcode" in page
    assert "1 photo without a product" in page
    assert "No product has a barcode" in page
    assert "not a picture that we can read" in page
    assert "readme.txt" in page
    assert "Save 2 photos" in page
    small = owner.get(reverse("catalog:photo_import_preview", args=[PhotoImportFile.objects.ready()[0].pk]))
    assert (small["Content-Type"], small["Cache-Control"]) == ("image/jpeg", "private, max-age=3600")
    assert not ProductPhoto.objects.exists()

    owner.post(reverse("catalog:photo_import_save"), seen(shop))
    assert "being saved" in owner.get(PAGE, headers={"HX-Request": "true"}).content.decode()
    # The form stands outside of what is fetched again, so it stays for the next photos.
    assert "data-in-pieces" in owner.get(PAGE).content.decode()
    work(shop)
    assert tea.photos.count() == 2
    assert SyncJob.objects.for_user(shop.user).active().exists()
    assert "2 photos were saved (goods: 1)" in owner.get(PAGE).content.decode()

    owner.post(reverse("catalog:photo_import_undo"), seen(shop))
    work(shop)
    assert tea.photos.count() == 0
    assert owner.post(reverse("catalog:photo_import_undo"), seen(shop), follow=True).status_code == 200


def test_a_page_asks_again_while_a_picture_is_not_compared_with_the_goods(
    owner: Client, shop: Shop, tea: Product
) -> None:
    owner.post(PAGE, {"photo": named(f"{TEA}.jpg")})
    work(shop)
    PhotoImportFile.objects.update(is_matched=False, product=None)
    page = owner.get(PAGE).content.decode()
    assert "data-poll" in page
    assert "0 are ready" in page
    work(shop)
    assert "Save 1 photo" in owner.get(PAGE).content.decode()


def test_a_photo_without_a_product_is_given_one_by_search(owner: Client, shop: Shop, tea: Product) -> None:
    owner.post(PAGE, {"photo": named("IMG_0001.jpg")})
    work(shop)
    choose = reverse("catalog:photo_import_file", args=[PhotoImportFile.objects.get().pk])
    assert choose in owner.get(PAGE).content.decode()
    found = owner.get(choose, {"q": "чай зел"}).content.decode()
    assert f'name="product" value="{tea.pk}"' in found
    owner.post(choose, {"product": tea.pk})
    page = owner.get(PAGE).content.decode()
    assert "chosen by you" in page
    owner.post(choose)
    assert PhotoImportFile.objects.get().state == ImportedFileState.LEFT_OUT
    assert "Left out by you" in owner.get(PAGE).content.decode()
    assert "Save" not in owner.get(PAGE).content.decode().split('id="save"')[1].split("Throw away")[0]


@pytest.mark.once
@pytest.mark.parametrize("chosen", ["0", "-1", "x", "9" * 30])
def test_no_photo_is_given_to_what_is_no_product_of_the_merchant(
    owner: Client, shop: Shop, other_shop: Shop, chosen: str
) -> None:
    owner.post(PAGE, {"photo": named("IMG_0001.jpg")})
    work(shop)
    choose = reverse("catalog:photo_import_file", args=[PhotoImportFile.objects.get().pk])
    for product in (chosen, str(other_shop.milk.pk)):
        assert owner.post(choose, {"product": product}).status_code == 404
    assert PhotoImportFile.objects.get().product is None


@pytest.mark.once
def test_two_goods_with_one_barcode_are_named_and_get_nothing(
    owner: Client, shop: Shop, tea: Product
) -> None:
    shop.product("tea2", "Чай чёрный", barcodes=[TEA])
    owner.post(PAGE, {"photo": named(f"{TEA}.jpg")})
    work(shop)
    page = owner.get(PAGE).content.decode()
    assert "The name fits several goods, so none was chosen: Чай зелёный; Чай чёрный." in page


@pytest.mark.once
def test_the_merchant_chooses_whether_photos_are_replaced(owner: Client, shop: Shop, tea: Product) -> None:
    owner.post(reverse("catalog:add_photo", args=[tea.pk]), {"photo": named("a.jpg", "black")})
    owner.post(PAGE, {"photo": named(f"{TEA}.jpg")})
    work(shop)
    assert "has 1 photo" in owner.get(PAGE).content.decode()
    owner.post(reverse("catalog:photo_import_place"), {"replaces": "yes"})
    assert 'value="yes"' in owner.get(PAGE).content.decode()
    owner.post(reverse("catalog:photo_import_save"), seen(shop))
    work(shop)
    assert tea.photos.count() == 1


def test_a_large_file_comes_in_pieces_and_a_refused_piece_says_so(owner: Client, shop: Shop) -> None:
    data = picture("red").read()
    for part, body in enumerate((data[:1000], data[1000:])):
        posted = {"photo": SimpleUploadedFile("a.jpg", body), "upload": "a" * 32, "part": part, "parts": 2}
        assert owner.post(PAGE, posted).status_code == 302
    work(shop)
    assert PhotoImportFile.objects.get().state == ImportedFileState.READY
    piece = {
        "photo": SimpleUploadedFile("b.zip", b"x" * 1_000_000),
        "upload": "b" * 32,
        "part": 0,
        "parts": 999,
    }
    assert owner.post(PAGE, piece).status_code == 422
    assert "At most 300 MB at once" in owner.get(PAGE).content.decode()
    bad = {"photo": SimpleUploadedFile("b.zip", b"x"), "upload": "../../x", "part": 0, "parts": 2}
    assert owner.post(PAGE, bad).status_code == 422
    assert owner.post(PAGE, {}).status_code == 422


def test_the_folder_of_a_file_tells_its_product_where_the_page_sends_it(
    owner: Client, shop: Shop, tea: Product
) -> None:
    owner.post(
        PAGE, {"photo": [named("1.jpg"), named("2.jpg", "blue")], "path": [f"полка/{TEA}/1.jpg", "x/2.jpg"]}
    )
    # As many names as files, or none is believed.
    owner.post(PAGE, {"photo": named("3.jpg", "green"), "path": [f"{TEA}/3.jpg", "4.jpg"]})
    work(shop)
    rows = PhotoImportFile.objects.order_by("name").values_list("name", "product__name")
    assert list(rows) == [("3.jpg", None), ("x/2.jpg", None), (f"полка/{TEA}/1.jpg", tea.name)]


@pytest.mark.once
def test_what_was_sent_can_be_thrown_away(owner: Client, shop: Shop, tmp_path: Path) -> None:
    owner.post(PAGE, {"photo": [named("a.jpg"), SimpleUploadedFile("empty.jpg", b"")]})
    assert "The file is empty" in owner.get(PAGE).content.decode()
    owner.post(reverse("catalog:photo_import_discard"), seen(shop))
    assert not PhotoImport.objects.exists()


def test_a_reading_that_takes_long_is_stopped_and_nothing_of_it_is_kept(  # noqa: PLR0917 - fixtures
    owner: Client,
    shop: Shop,
    tea: Product,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(f"{TEA}.jpg", picture("red").read())
        for number in range(40):
            archive.writestr(f"bad-{number}.jpg", b"no picture")
    owner.post(PAGE, {"photo": [SimpleUploadedFile("photos.zip", file.getvalue()), named("later.jpg")]})
    html = owner.get(PAGE).content.decode()
    assert "Stop and throw all away" in html
    assert ">Throw away<" not in html
    number = PhotoImport.objects.get().pk
    opened: list[bytes] = []

    def stopped_at_the_third(data: bytes) -> bytes:
        opened.append(data)
        if len(opened) == 3:
            answer = owner.post(reverse("catalog:photo_import_cancel"), {"import": number}, follow=True)
            assert "The reading is stopped" in answer.content.decode()
        return normalize_photo(data)

    monkeypatch.setattr(preparing, "normalize_isolated", stopped_at_the_third)
    with django_capture_on_commit_callbacks(execute=True):
        work(shop)

    assert len(opened) == 3
    assert not PhotoImport.objects.exists()
    assert not PhotoImportFile.objects.exists()
    assert not tea.photos.exists()
    assert not [one for one in tmp_path.rglob("*") if one.is_file()]


def test_a_late_press_on_stop_touches_no_later_import_and_no_saved_photos(
    owner: Client, shop: Shop, tea: Product
) -> None:
    owner.post(PAGE, {"photo": named(f"{TEA}.jpg")})
    (number,) = PhotoImport.objects.values_list("pk", flat=True)

    def stop(which: object) -> str:
        url = reverse("catalog:photo_import_cancel")
        return owner.post(url, {"import": which}, follow=True).content.decode()

    for other in (number + 1, "", "x"):
        assert "nothing to stop" in stop(other)
    work(shop)
    owner.post(reverse("catalog:photo_import_save"), seen(shop))
    assert "being saved" in stop(number)
    work(shop)
    assert "nothing to stop" in stop(number)
    assert tea.photos.count() == 1


def test_nobody_else_sees_what_was_sent(owner: Client, shop: Shop, other_shop: Shop) -> None:
    owner.post(PAGE, {"photo": named("secret name.jpg")})
    work(shop)
    other = Client()
    other.force_login(other_shop.user)
    assert "secret name" not in other.get(PAGE).content.decode()
    assert other.get(reverse("catalog:photo_import_discard")).status_code == 405
    other.post(reverse("catalog:photo_import_discard"))
    assert PhotoImportFile.objects.for_user(shop.user).count() == 1


def test_an_import_whose_message_was_lost_is_found_by_the_sweeper(
    owner: Client, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner.post(PAGE, {"photo": named("a.jpg")})
    woken: list[int] = []
    monkeypatch.setattr("syncing.queue.enqueue_photo_import", lambda user_id, **_more: woken.append(user_id))
    sweep_stale_jobs.fn()
    assert woken == []
    PhotoImport.objects.update(changed_at="2026-01-01T00:00Z")
    sweep_stale_jobs.fn()
    assert woken == [shop.user.pk]


def test_a_thousand_files_are_pages_of_thirty_in_few_queries(
    owner: Client, shop: Shop, django_assert_max_num_queries: Any
) -> None:
    sent = baker.make(PhotoImport, user=shop.user, state="open", changed_at=shop.now)
    products = [shop.product(f"p{number}", f"Товар {number}") for number in range(40)]
    rows = [
        PhotoImportFile(
            photo_import=sent,
            name=f"файл {number}.jpg",
            state="ready",
            is_matched=True,
            content_hash=str(number),
            product=products[number] if number < len(products) else None,
        )
        for number in range(500)
    ]
    rows += [
        PhotoImportFile(photo_import=sent, name=f"{n}.txt", state="refused", problem="unsupported")
        for n in range(500)
    ]
    PhotoImportFile.objects.bulk_create(rows)
    with django_assert_max_num_queries(15):
        page = owner.get(PAGE).content.decode()
    assert page.count("/preview.jpg") == 60
    assert "and 480 more" in page
    assert "Fits 40 products" in page
    last = owner.get(f"{PAGE}?goods=2&files=16").content.decode()
    assert last.count("/preview.jpg") == 10 + 10


@pytest.mark.once
def test_the_list_of_goods_without_a_photo_leads_to_many_photos(owner: Client, shop: Shop) -> None:
    assert PAGE in owner.get("/catalogue/?show=no_photo").content.decode()
    assert PAGE not in owner.get("/catalogue/").content.decode()


@pytest.mark.once
def test_an_older_tab_saves_nothing_and_shows_the_photos_as_they_are_now(
    owner: Client, shop: Shop, tea: Product
) -> None:
    owner.post(PAGE, {"photo": named(f"{TEA}.jpg")})
    work(shop)
    old = seen(shop)
    # Its button sends what it shows.
    assert f'name="seen" value="{old["seen"]}"' in owner.get(PAGE).content.decode()
    owner.post(PAGE, {"photo": named(f"{TEA}-2.jpg", "blue")})
    work(shop)

    for told in (old, {}, {"seen": "\x00" * 9}):
        page = owner.post(reverse("catalog:photo_import_save"), told, follow=True).content.decode()
        assert "The page was old" in page
        assert "Save 2 photos" in page
    assert (
        "The page was old"
        in owner.post(reverse("catalog:photo_import_discard"), old, follow=True).content.decode()
    )
    work(shop)
    assert not ProductPhoto.objects.exists()
    owner.post(reverse("catalog:photo_import_save"), seen(shop))
    work(shop)
    assert tea.photos.count() == 2
    page = owner.post(reverse("catalog:photo_import_undo"), old, follow=True).content.decode()
    assert "The page was old" in page


@pytest.mark.once
def test_files_that_cannot_be_stored_are_named(
    owner: Client, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_given: Any) -> None:
        raise StorageUnavailable

    with monkeypatch.context() as patch:
        patch.setattr(FileSystemStorage, "_save", fail)
        owner.post(PAGE, {"photo": [named("4600000000001.jpg")]})

    page = owner.get(PAGE).content.decode()
    assert ("4600000000001.jpg" in page, "cannot be stored just now" in page) == (True, True)
