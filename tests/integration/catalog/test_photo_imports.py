"""Photos that come many at once: read, matched and saved by a worker in slices, and taken back."""

import io
import time
import zipfile
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from model_bakery import baker
from PIL import Image

from accounts.models import User
from accounts.services import delete_account
from catalog.choices import ImportedFileState, ImportState, PhotoProblem
from catalog.models import PhotoImport, PhotoImportFile, Product, ProductPhoto, Store
from catalog.models.photo_imports import LEASE
from catalog.photos import isolation
from catalog.photos.errors import InvalidPhoto
from catalog.photos.imports import matching, preparing, receiving, work
from catalog.photos.imports.receiving import KEEP, Occupied, Piece, prune, receive
from catalog.photos.imports.stamps import Outdated, stamp_of
from catalog.photos.normalize import normalize_photo
from catalog.photos.services import add_photo, replace_file

pytestmark = pytest.mark.django_db(transaction=True)
TEA, SOAP = "4600123456789", "4602222222222"


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Open pictures in this process: that a child does is shown by test_isolation.py."""
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(preparing, "normalize_isolated", normalize_photo)
    return tmp_path


@pytest.fixture
def store(owner: User) -> Store:
    made: Store = baker.make(Store, user=owner, evotor_id="s1", missing_since=None)
    return made


@pytest.fixture
def tea(owner: User, store: Store) -> Product:
    return goods(store, "Чай зелёный", TEA)


def goods(store: Store, name: str, *barcodes: str, **more: Any) -> Product:
    values: dict[str, Any] = {"name": name, "barcodes": list(barcodes), "missing_since": None}
    values |= {"evotor_id": name, "article_number": "", "code": ""}
    made: Product = baker.make(Product, user=store.user, store=store, **(values | more))
    return made


def picture(colour: str = "red", kind: str = "JPEG", side: int = 500) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (side, side), colour).save(file, kind)
    return file.getvalue()


def packed(files: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return file.getvalue()


def send(user: User, name: str, data: bytes, piece: Piece | None = None) -> None:
    receive(user, SimpleUploadedFile(name, data), piece=piece)


def work_to_the_end(user: User) -> int:
    """Work as the actor does; return how many slices it took."""
    for number in range(1, 100):
        if work.work(user.pk).again_in is None:
            return number
    raise AssertionError("the import does not come to its end")


def seen(user: User) -> str:
    found = PhotoImport.objects.for_user(user).first()
    return stamp_of(found) if found else ""


def confirm(user: User, *, replaces: bool = False) -> None:
    work.set_replaces(user, replaces=replaces)
    assert work.confirm(user, seen=seen(user))
    work_to_the_end(user)


def by_name(user: User) -> dict[str, PhotoImportFile]:
    return {file.name: file for file in PhotoImportFile.objects.for_user(user)}


def files_in(media: Path) -> int:
    return sum(path.is_file() for path in media.rglob("*"))


@pytest.mark.once
def test_files_and_an_archive_find_their_goods_and_nothing_is_saved_before_the_yes(
    owner: User, store: Store, tea: Product
) -> None:
    soap = goods(store, "Мыло", SOAP, article_number="M-7")
    send(owner, f"{TEA}.JPG", picture())
    archive = {
        f"фото/{TEA}-2.png": picture("blue", "PNG"),
        "M-7/1.avif": picture("green", "AVIF"),
        "x.txt": b"x",
    }
    send(owner, "фото.zip", packed(archive))
    work_to_the_end(owner)
    found = by_name(owner)
    assert {name: file.product_id for name, file in found.items()} == {
        f"{TEA}.JPG": tea.pk,
        f"фото/{TEA}-2.png": tea.pk,
        "M-7/1.avif": soap.pk,
        "x.txt": None,
    }
    assert found["x.txt"].problem == PhotoProblem.UNSUPPORTED
    assert not ProductPhoto.objects.exists()
    confirm(owner)
    assert (tea.photos.count(), soap.photos.count()) == (2, 1)
    jpegs = [Path(photo.file.path).read_bytes() for photo in tea.photos.in_order()]
    colours = [Image.open(io.BytesIO(jpeg)).getpixel((9, 9)) for jpeg in jpegs]
    assert [max(range(3), key=lambda at: colour[at]) for colour in colours] == [0, 2]  # type: ignore[index]


def test_two_goods_with_one_barcode_get_nothing(owner: User, store: Store, tea: Product) -> None:
    other = goods(store, "Чай чёрный", TEA)
    send(owner, f"{TEA}.jpg", picture())
    work_to_the_end(owner)
    (file,) = by_name(owner).values()
    assert (file.product_id, file.fitting, file.fitting_number) == (None, [tea.pk, other.pk], 2)
    assert not work.confirm(owner, seen=seen(owner))


def test_goods_of_others_and_goods_that_left_the_till_are_not_matched(owner: User, store: Store) -> None:
    goods(store, "Мыло", SOAP, missing_since=timezone.now())
    other = User.objects.create_user("x@example.com", "a long passphrase")
    stranger = baker.make(Store, user=other, evotor_id="s2", missing_since=None)
    goods(stranger, "Чай", TEA)
    send(owner, f"{TEA}.jpg", picture())
    send(owner, f"{SOAP}.jpg", picture())
    work_to_the_end(owner)
    assert {file.product_id for file in by_name(owner).values()} == {None}


@pytest.mark.once
def test_a_choice_by_hand_counts_more_than_the_name(owner: User, store: Store, tea: Product) -> None:
    soap = goods(store, "Мыло")
    send(owner, f"{TEA}.jpg", picture())
    send(owner, "IMG_0001.jpg", picture("blue"))
    send(owner, "IMG_0002.jpg", picture("green"))
    work_to_the_end(owner)
    files = by_name(owner)
    for name in (f"{TEA}.jpg", "IMG_0001.jpg", "IMG_0002.jpg"):
        assert matching.assign(owner, files[name], soap)
    assert matching.leave_out(owner, by_name(owner)["IMG_0002.jpg"])
    confirm(owner)
    assert (tea.photos.count(), soap.photos.count()) == (0, 2)


def test_a_product_gets_no_more_than_five_and_none_twice(owner: User, tea: Product) -> None:
    add_photo(tea, jpeg=normalize_photo(picture("black")))
    for number in range(1, 8):
        send(owner, f"{TEA}-{number}.jpg", picture((number * 30, 90, 0)))  # type: ignore[arg-type]
    send(owner, f"{TEA}-0.jpg", picture("black"))
    work_to_the_end(owner)
    confirm(owner)
    assert tea.photos.count() == 5
    problems = [file.problem for file in by_name(owner).values() if file.problem]
    assert sorted(problems) == [PhotoProblem.ONE_TOO_MANY] * 3 + [PhotoProblem.REPEATED]


def test_replaced_photos_come_back_in_their_order(owner: User, tea: Product, media: Path) -> None:
    former = [
        add_photo(tea, jpeg=normalize_photo(picture(colour))).content_hash for colour in ("red", "blue")
    ]
    send(owner, f"{TEA}.jpg", picture("green"))
    work_to_the_end(owner)
    confirm(owner, replaces=True)
    assert tea.photos.count() == 1
    assert tea.photos.get().content_hash not in former
    assert work.take_back(owner, seen=seen(owner))
    assert work.work(owner.pk).has_changed
    assert [photo.content_hash for photo in tea.photos.in_order()] == former
    assert not PhotoImport.objects.exists()
    assert files_in(media) == 2
    assert not work.take_back(owner, seen=seen(owner))


def test_what_was_there_before_stays_where_a_saved_import_is_taken_back(owner: User, tea: Product) -> None:
    kept = add_photo(tea, jpeg=normalize_photo(picture("red")))
    send(owner, f"{TEA}.jpg", picture("red"))
    send(owner, f"{TEA}-2.jpg", picture("blue"))
    work_to_the_end(owner)
    confirm(owner)
    assert tea.photos.count() == 2
    work.take_back(owner, seen=seen(owner))
    work_to_the_end(owner)
    assert list(tea.photos.all()) == [kept]


def test_a_product_that_leaves_the_till_before_the_yes_is_told(owner: User, tea: Product) -> None:
    send(owner, f"{TEA}.jpg", picture())
    work_to_the_end(owner)
    Product.objects.filter(pk=tea.pk).update(missing_since=timezone.now())
    confirm(owner)
    (file,) = by_name(owner).values()
    assert (file.state, file.problem) == (ImportedFileState.REFUSED, PhotoProblem.GONE)


@pytest.mark.once
def test_bad_files_say_why_and_the_others_stay(owner: User, tea: Product) -> None:
    send(owner, f"{TEA}.jpg", picture())
    send(owner, "small.jpg", picture(side=50))
    send(owner, "text.jpg", b"no picture")
    send(owner, "photos.rar", b"Rar!\x1a\x07\x00 more")
    send(owner, "broken.zip", packed({"a.jpg": picture()})[:-30])
    send(owner, "empty.zip", packed({"__MACOSX/._a.jpg": b"x"}))
    work_to_the_end(owner)
    problems = {name: file.problem for name, file in by_name(owner).items()}
    assert problems == {
        f"{TEA}.jpg": "",
        "small.jpg": PhotoProblem.TOO_SMALL,
        "text.jpg": PhotoProblem.UNSUPPORTED,
        "photos.rar": PhotoProblem.NOT_ZIP,
        "broken.zip": PhotoProblem.BROKEN_ARCHIVE,
        "empty.zip": PhotoProblem.NO_PICTURES,
    }
    with pytest.raises(InvalidPhoto, match=PhotoProblem.EMPTY):
        send(owner, "nothing.jpg", b"")


def test_a_large_archive_comes_in_pieces_in_any_order(owner: User, tea: Product, media: Path) -> None:
    data = packed({f"{TEA}-{number}.jpg": picture((number * 40, 0, 0)) for number in range(1, 6)})  # type: ignore[arg-type]
    size = -(-len(data) // 4)
    for part in (2, 0, 3):
        send(owner, "all.zip", data[part * size : (part + 1) * size], Piece("a" * 32, part, 4))
    assert work.work(owner.pk).again_in is None
    assert by_name(owner)["all.zip"].state == ImportedFileState.PIECE
    send(owner, "all.zip", data[size : 2 * size], Piece("a" * 32, 1, 4))
    work_to_the_end(owner)
    assert [file.product_id for file in by_name(owner).values()] == [tea.pk] * 5
    assert files_in(media) == 5


def test_a_file_that_is_sent_again_takes_the_place_of_its_first_pieces(owner: User, media: Path) -> None:
    send(owner, "all.zip", b"x" * 1000, Piece("a" * 32, 0, 3))
    send(owner, "all.zip", b"y" * 1000, Piece("b" * 32, 0, 3))
    assert [file.upload for file in PhotoImportFile.objects.for_user(owner)] == ["b" * 32]
    assert files_in(media) == 1


def test_bounds_of_files_and_bytes_are_kept(owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving, "IMPORT_BYTES", 5000)
    with pytest.raises(InvalidPhoto, match=PhotoProblem.NO_ROOM):
        send(owner, "large.zip", b"x" * 2000, Piece("a" * 32, 0, 4))
    for number in range(2):
        send(owner, f"{number}.jpg", b"x" * 2000)
    with pytest.raises(InvalidPhoto, match=PhotoProblem.NO_ROOM):
        send(owner, "3.jpg", b"x" * 2000)
    monkeypatch.setattr(receiving, "IMPORT_FILES", 2)
    with pytest.raises(InvalidPhoto, match=PhotoProblem.TOO_MANY_FILES):
        send(owner, "4.jpg", b"x")


def test_an_archive_with_too_many_files_gives_as_many_as_there_is_room_for(
    owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preparing, "IMPORT_FILES", 3)
    send(owner, "all.zip", packed({f"{number}.jpg": b"no picture" for number in range(9)}))
    work_to_the_end(owner)
    files = by_name(owner)
    assert len(files) == 4
    assert files["all.zip"].problem == PhotoProblem.TOO_MANY_FILES


@pytest.mark.once
def test_photos_that_wait_count_among_those_that_a_merchant_may_keep(
    owner: User, tea: Product, settings: Any
) -> None:
    settings.PHOTOS_PER_MERCHANT = 2
    for number in range(3):
        send(owner, f"{TEA}-{number}.jpg", picture((number * 90, 0, 0)))  # type: ignore[arg-type]
    work_to_the_end(owner)
    assert sorted(file.problem for file in by_name(owner).values()) == ["", "", PhotoProblem.TOO_MANY]


@pytest.mark.once
def test_a_slice_ends_in_time_and_the_next_goes_on_where_it_stopped(
    owner: User, tea: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = []

    def slow(data: bytes) -> bytes:
        opened.append(len(data))
        clock.append(clock[-1] + 10)
        return normalize_photo(data)

    clock = [time.monotonic()]
    monkeypatch.setattr(time, "monotonic", lambda: clock[-1])
    monkeypatch.setattr(preparing, "normalize_isolated", slow)
    send(owner, "all.zip", packed({f"{TEA}-{number}.jpg": picture() for number in range(5)}))
    assert work_to_the_end(owner) == 3
    assert len(opened) == 5
    assert len(by_name(owner)) == 5


def test_photos_that_others_have_opened_are_waited_for(
    owner: User, tea: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(_data: bytes) -> bytes:
        raise InvalidPhoto(PhotoProblem.BUSY)

    send(owner, f"{TEA}.jpg", picture())
    send(owner, "all.zip", packed({f"{TEA}-2.jpg": picture("blue")}))
    with monkeypatch.context() as patch:
        patch.setattr(preparing, "normalize_isolated", busy)
        assert work.work(owner.pk).again_in == work.BUSY_SECONDS
    work_to_the_end(owner)
    assert [file.product_id for file in by_name(owner).values()] == [tea.pk, tea.pk]


def test_one_worker_at_a_time_and_a_dead_one_is_followed(owner: User, tea: Product) -> None:
    send(owner, f"{TEA}.jpg", picture())
    PhotoImport.objects.update(busy_until=timezone.now() + LEASE)
    assert work.work(owner.pk) == work.Outcome()
    assert by_name(owner)[f"{TEA}.jpg"].state == ImportedFileState.UPLOADED
    PhotoImport.objects.update(
        busy_until=timezone.now() - timedelta(seconds=1), changed_at=timezone.now() - 2 * work.WAKE_AFTER
    )
    assert work.lost(timezone.now()) == [owner.pk]
    work_to_the_end(owner)
    assert work.lost(timezone.now()) == []


@pytest.mark.once
def test_a_save_that_was_cut_off_goes_on_without_a_photo_twice(
    owner: User, store: Store, tea: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    soap = goods(store, "Мыло", SOAP)
    send(owner, f"{TEA}.jpg", picture())
    send(owner, f"{SOAP}.jpg", picture())
    work_to_the_end(owner)
    assert work.confirm(owner, seen=seen(owner))
    calls = []

    def dies(product: Product, *, jpeg: bytes) -> ProductPhoto:
        calls.append(product)
        if len(calls) == 2:
            raise OSError("the disk is away")
        return add_photo(product, jpeg=jpeg)

    with monkeypatch.context() as patch:
        patch.setattr("catalog.photos.imports.saving.add_photo", dies)
        with pytest.raises(OSError, match="away"):
            work.work(owner.pk)
    assert (tea.photos.count(), soap.photos.count()) == (1, 0)
    assert work.work(owner.pk).has_changed
    assert (tea.photos.count(), soap.photos.count()) == (1, 1)


def test_nothing_is_added_or_thrown_away_while_photos_are_saved(owner: User, tea: Product) -> None:
    send(owner, f"{TEA}.jpg", picture())
    work_to_the_end(owner)
    (file,) = by_name(owner).values()
    assert work.confirm(owner, seen=seen(owner))
    with pytest.raises(Occupied):
        send(owner, "b.jpg", picture())
    with pytest.raises(Occupied):
        work.discard(owner, seen=seen(owner))
    assert not matching.assign(owner, file, tea)
    assert not work.confirm(owner, seen=seen(owner))


@pytest.mark.once
def test_what_is_thrown_away_while_it_is_read_is_gone_with_its_files(
    owner: User, tea: Product, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def thrown_away(data: bytes) -> bytes:
        assert work.discard(owner, seen=seen(owner))
        return normalize_photo(data)

    monkeypatch.setattr(preparing, "normalize_isolated", thrown_away)
    for name, data in ((f"{TEA}.jpg", picture()), ("all.zip", packed({f"{TEA}.jpg": picture()}))):
        send(owner, name, data)
        assert work.work(owner.pk) == work.Outcome()
        assert not PhotoImportFile.objects.exists()
        assert files_in(media) == 0


def test_new_photos_after_a_save_begin_another_import(owner: User, tea: Product) -> None:
    send(owner, f"{TEA}.jpg", picture())
    work_to_the_end(owner)
    confirm(owner)
    assert PhotoImport.objects.get().state == ImportState.SAVED
    send(owner, f"{TEA}-2.jpg", picture("blue"))
    assert PhotoImport.objects.get().state == ImportState.OPEN
    assert list(by_name(owner)) == [f"{TEA}-2.jpg"]
    assert tea.photos.count() == 1


def test_what_nobody_touches_for_a_day_is_deleted_with_its_files(
    owner: User, tea: Product, media: Path
) -> None:
    send(owner, f"{TEA}.jpg", picture())
    send(owner, "all.zip", b"x" * 100, Piece("a" * 32, 0, 3))
    assert prune(timezone.now() + KEEP - timedelta(minutes=1)) == 0
    assert prune(timezone.now() + KEEP + timedelta(minutes=1)) == 1
    assert files_in(media) == 0
    assert not PhotoImport.objects.exists()


def test_a_closed_account_leaves_no_file(owner: User, tea: Product, media: Path) -> None:
    send(owner, f"{TEA}.jpg", picture())
    delete_account(owner)
    assert files_in(media) == 0


def test_pictures_are_opened_in_the_bounded_child() -> None:
    source = Path(preparing.__file__).read_text(encoding="utf-8")
    assert "from catalog.photos.isolation import normalize_isolated" in source
    assert isolation.MOST_TOGETHER == 2


@pytest.fixture
def four(owner: User, tea: Product) -> list[str]:
    """Send three photos of a product that has one; return the names of the three."""
    add_photo(tea, jpeg=normalize_photo(picture("white")))
    for number, colour in enumerate(("red", "blue", "green"), 1):
        send(owner, f"{TEA}-{number}.jpg", picture(colour))
    work_to_the_end(owner)
    return [f"{TEA}-{number}.jpg" for number in (1, 2, 3)]


def problems(user: User, names: list[str]) -> list[str]:
    files = by_name(user)
    return [files[name].problem for name in names]


@pytest.mark.once
@pytest.mark.parametrize("replaces", [False, True])
def test_a_picture_whose_file_is_lost_keeps_no_other_from_being_saved(
    owner: User, tea: Product, four: list[str], *, replaces: bool
) -> None:
    lost = by_name(owner)[four[1]].file
    Path(lost.path).unlink()

    confirm(owner, replaces=replaces)

    assert PhotoImport.objects.get().state == ImportState.SAVED
    assert problems(owner, four) == ["", PhotoProblem.INCOMPLETE, ""]
    assert tea.photos.count() == (2 if replaces else 3)


@pytest.mark.once
def test_photos_stay_where_all_that_would_replace_them_are_lost(
    owner: User, tea: Product, four: list[str]
) -> None:
    for name in four:
        Path(by_name(owner)[name].file.path).unlink()

    confirm(owner, replaces=True)

    assert problems(owner, four) == [PhotoProblem.INCOMPLETE] * 3
    assert tea.photos.count() == 1


@pytest.mark.parametrize("replaces", [False, True])
def test_where_there_is_no_room_for_all_photos_of_a_product_the_import_ends_and_leaves_no_files(
    owner: User, tea: Product, four: list[str], media: Path, settings: Any, *, replaces: bool
) -> None:
    settings.PHOTOS_PER_MERCHANT = 2

    confirm(owner, replaces=replaces)

    found = PhotoImport.objects.get()
    assert found.state == ImportState.SAVED
    assert problems(owner, four) == [PhotoProblem.TOO_MANY] * 3
    assert {file.photo_id for file in found.files.all()} == {None}
    assert tea.photos.count() == 1
    assert files_in(media) == 1
    assert Path(tea.photos.get().file.path).exists()


@pytest.mark.once
def test_a_file_that_comes_never_takes_the_name_of_one_that_was_lost(owner: User, four: list[str]) -> None:
    lost = by_name(owner)[four[1]].file
    Path(lost.path).unlink()

    send(owner, "other.jpg", picture("black"))

    assert not Path(lost.path).exists()


def test_a_photo_that_was_changed_after_its_import_is_not_taken_back(
    owner: User, tea: Product, four: list[str]
) -> None:
    confirm(owner, replaces=True)
    turned = replace_file(tea.photos.in_order()[1], jpeg=normalize_photo(picture("yellow")))

    assert work.take_back(owner, seen=seen(owner))
    work_to_the_end(owner)

    assert turned in tea.photos.all()
    assert tea.photos.count() == 2


def test_nothing_is_saved_while_a_picture_is_not_compared_with_the_goods(
    owner: User, tea: Product, four: list[str]
) -> None:
    PhotoImportFile.objects.filter(name=four[1]).update(is_matched=False, product=None)

    assert not work.confirm(owner, seen=seen(owner))
    # The worker that opened it may have been killed.
    work_to_the_end(owner)
    assert by_name(owner)[four[1]].is_matched
    assert work.confirm(owner, seen=seen(owner))


def test_a_file_that_comes_as_a_worker_ends_is_read_without_a_message_of_its_own(
    owner: User, tea: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    def match(found: PhotoImport) -> int:
        with suppress(IndexError):
            send(owner, late.pop(), picture("blue"))
            assert work.work(owner.pk) == work.Outcome()
        return matching.match(found)

    late = [f"{TEA}-2.jpg"]
    monkeypatch.setattr(work, "match_goods", match)
    send(owner, f"{TEA}-1.jpg", picture())
    assert work_to_the_end(owner) == 2
    assert [file.product_id for file in by_name(owner).values()] == [tea.pk, tea.pk]


@pytest.mark.once
@pytest.mark.parametrize("changed", ["left out", "another product", "one more", "gone", "a new photo", "how"])
def test_a_page_that_shows_another_set_saves_and_deletes_nothing(
    owner: User, store: Store, tea: Product, changed: str
) -> None:
    soap = goods(store, "Мыло", SOAP)
    add_photo(tea, jpeg=normalize_photo(picture("black")))
    send(owner, f"{TEA}.jpg", picture())
    work_to_the_end(owner)
    work.set_replaces(owner, replaces=True)
    before, (file,) = seen(owner), by_name(owner).values()
    match changed:
        case "left out":
            matching.leave_out(owner, file)
        case "another product":
            matching.assign(owner, file, soap)
        case "one more":
            send(owner, f"{SOAP}.jpg", picture("blue"))
            work_to_the_end(owner)
        case "gone":
            Product.objects.filter(pk=tea.pk).update(missing_since=timezone.now())
        case "a new photo":
            add_photo(tea, jpeg=normalize_photo(picture("yellow")))
        case _:
            work.set_replaces(owner, replaces=False)

    for act in (work.confirm, work.discard):
        with pytest.raises(Outdated):
            act(owner, seen=before)

    assert PhotoImport.objects.get().state == ImportState.OPEN
    assert work.discard(owner, seen=seen(owner))


@pytest.mark.once
def test_an_older_page_does_not_take_back_the_photos_that_were_saved_later(owner: User, tea: Product) -> None:
    stamps = []
    for colour in ("red", "blue"):
        send(owner, f"{TEA}.jpg", picture(colour))
        work_to_the_end(owner)
        confirm(owner)
        stamps.append(seen(owner))

    with pytest.raises(Outdated):
        work.take_back(owner, seen=stamps[0])

    assert tea.photos.count() == 2
    assert work.take_back(owner, seen=stamps[1])
