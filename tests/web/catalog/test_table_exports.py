"""A table of many goods: a worker writes it, the page waits for it, and its merchant alone downloads it."""

import zipfile
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from model_bakery import baker

from accounts.models import SecurityEvent, User
from catalog.models import Product, Store
from syncing.choices import TableFormat
from syncing.core.tables import parts, texts
from syncing.models import Computation, TableExport
from syncing.services.tables import exports, goods
from syncing.tasks import prune_old_messages
from syncing.web.presenters.computation_state import LATE_AFTER
from tests.computing import compute_asked
from tests.web.catalog.test_tables import lines, set_everything, upload
from tests.web.shop import Shop

PAGE = "/catalogue/table/"
WAITING = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _many(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> None:
    """Let three goods be many."""
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(exports, "GOODS_AT_ONCE", 2)


def ask(owner: Client, table_format: str = "xlsx") -> None:
    answer = owner.post(reverse("catalog:table_write"), {"format": table_format})
    assert answer["Location"] == f"{PAGE}#download"


def page(owner: Client, **question: Any) -> str:
    return " ".join(owner.get(PAGE, **question).content.decode().split())


def download(owner: Client, table_format: str = "xlsx") -> bytes:
    answer: Any = owner.get(reverse(f"catalog:table_{table_format}"))
    assert answer.status_code == 200
    return b"".join(answer)


def stamp(html: str) -> str:
    return html.split("?since=")[1].split('"', maxsplit=1)[0]


@pytest.mark.parametrize("table_format", ["csv", "xlsx"])
def test_many_goods_are_written_by_a_worker_and_change_nothing_where_they_come_back(
    owner: Client, shop: Shop, table_format: str, django_assert_max_num_queries: Any
) -> None:
    set_everything(shop)
    owner.cookies["django_language"] = "en"
    name = table_format.upper()
    assert f"Write {name}" in page(owner)
    ask(owner, table_format)
    with django_assert_max_num_queries(15):
        html = page(owner)
    assert f"{name} is being written" in html
    assert "See whether it is there" in html, "without a script a link asks again"
    # Nothing is new yet, so the page stays as it is.
    assert owner.get(PAGE, {"since": stamp(html)}, headers=WAITING).status_code == 204
    # No worker has come for long: that is said once.
    TableExport.objects.update(asked_at=timezone.now() - LATE_AFTER - timedelta(seconds=1))
    late = owner.get(PAGE, {"since": stamp(html)}, headers=WAITING).content.decode()
    assert "longer than usual" in late
    assert owner.get(PAGE, {"since": stamp(late)}, headers=WAITING).status_code == 204
    assert compute_asked() == 1

    part = owner.get(PAGE, {"since": stamp(html)}, headers=WAITING).content.decode()
    assert "<html" not in part
    assert "data-poll" not in part
    assert f"Download {name}" in part
    assert "4 products" in part
    answer: Any = owner.get(reverse(f"catalog:table_{table_format}"))
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Content-Disposition"].endswith(f'.{table_format}"')
    data = b"".join(answer)
    assert len(data) == TableExport.objects.get().size_bytes
    assert SecurityEvent.objects.filter(kind="goods_exported").count() == 1
    table = upload(owner, data, f"goods.{table_format}")
    assert (table.same, lines(table), lines(table, "bad")) == (4, {}, {})


@pytest.mark.once
@pytest.mark.parametrize("table_format", ["csv", "xlsx"])
@pytest.mark.parametrize("at_once", [2, 3000])
def test_more_goods_than_an_import_takes_are_several_tables_that_change_nothing(
    owner: Client, shop: Shop, table_format: str, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_everything(shop)
    owner.cookies["django_language"] = "en"
    monkeypatch.setattr(exports, "GOODS_AT_ONCE", at_once)
    # The table has four goods; a part holds the headers and two of them.
    for module in (texts, parts):
        monkeypatch.setattr(module, "MOST_ROWS", 3)
    if at_once < 3:
        ask(owner, table_format)
        compute_asked()
        assert "4 products" in page(owner)
        assert "the ZIP holds several tables" in page(owner)

    answer: Any = owner.get(reverse(f"catalog:table_{table_format}"))

    assert answer["Content-Type"] == "application/zip"
    assert answer["Content-Disposition"].endswith(f'-{table_format}.zip"')
    data = b"".join(answer)
    with zipfile.ZipFile(BytesIO(data)) as archive:
        names = archive.namelist()
        assert names == [f"evosync-1.{table_format}", f"evosync-2.{table_format}"]
        for name in names:
            table = upload(owner, archive.read(name), name)
            assert (table.state, table.same, lines(table), lines(table, "bad")) == ("ready", 2, {}, {})
    assert upload(owner, data, "all.zip").problem == "archive"


def test_a_few_goods_are_downloaded_at_once(
    owner: Client, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "GOODS_AT_ONCE", 3)

    assert "Write XLSX" not in page(owner)
    assert download(owner).startswith(b"PK")
    assert "XLSX for Excel" in page(owner)
    assert not TableExport.objects.exists()
    assert not Computation.objects.filter(kind="export").exists()


def test_nobody_else_gets_the_file(owner: Client, shop: Shop, other_shop: Shop, client: Client) -> None:
    ask(owner)
    compute_asked()
    url = reverse("catalog:table_xlsx")
    other = Client(headers={"accept-language": "en"})
    other.force_login(other_shop.user)

    assert "written to a file first" in other.get(url, follow=True).content.decode()
    assert "Download XLSX" not in page(other)
    assert client.get(url)["Location"].startswith(reverse("account_login"))
    # The folder of files has no address of its own.
    name = TableExport.objects.get().file.name
    assert owner.get(f"{settings.MEDIA_URL}{name}").status_code == 404


@pytest.mark.once
def test_the_table_is_in_the_language_in_which_it_was_asked_for(owner: Client, shop: Shop) -> None:
    owner.cookies["django_language"] = "ru"
    ask(owner, "csv")
    owner.cookies["django_language"] = "en"
    compute_asked()

    assert "Название в кассе" in download(owner, "csv").decode("utf-8-sig")


@pytest.mark.once
def test_a_form_that_was_tampered_with_asks_for_nothing(owner: Client, shop: Shop) -> None:
    for told in ({}, {"format": "exe"}, {"format": "../csv"}):
        owner.post(reverse("catalog:table_write"), told)

    assert not TableExport.objects.exists()


@pytest.mark.once
def test_a_full_disk_is_said_and_the_last_table_stays(
    owner: Client, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(owner, "csv")
    compute_asked()
    before = download(owner, "csv")

    def full(name: str, content: Any, **_more: Any) -> str:
        path = Path(settings.MEDIA_ROOT) / name
        path.write_bytes(content.read(10))
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(default_storage, "save", full)
        ask(owner, "csv")
        assert compute_asked() == 1
    html = page(owner)
    assert "there is no room just now" in html
    assert "Write CSV again" in html
    assert download(owner, "csv") == before
    assert len(default_storage.listdir(f"exports/{shop.user.pk}")[1]) == 1
    ask(owner, "csv")
    compute_asked()
    assert "there is no room" not in page(owner)


def test_a_table_that_would_be_too_big_is_not_kept(
    owner: Client, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "MOST_BYTES", 50)
    for table_format in TableFormat:
        ask(owner, table_format)
    compute_asked()

    assert page(owner).count("bigger than 64 MB") == 2
    assert not default_storage.exists(f"exports/{shop.user.pk}")


def test_a_table_that_workers_have_given_up_is_no_longer_waited_for(owner: Client, shop: Shop) -> None:
    ask(owner)
    Computation.objects.update(attempts=3)
    compute_asked()

    html = page(owner)
    assert "could not be written" in html
    assert "data-poll" not in html
    ask(owner)
    compute_asked()
    assert "Download XLSX" in page(owner)


def test_a_file_that_was_lost_is_no_longer_offered(
    owner: Client, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(owner)
    compute_asked()

    def away(name: str, mode: str = "rb") -> Any:
        raise OSError("the storage is away")

    with monkeypatch.context() as patch:
        patch.setattr(default_storage, "open", away)
        answer = owner.get(reverse("catalog:table_xlsx"), follow=True).content.decode()
    assert "cannot be read just now" in answer
    assert "Download XLSX" in answer
    default_storage.delete(TableExport.objects.get().file.name or "")
    answer = owner.get(reverse("catalog:table_xlsx"), follow=True).content.decode()
    assert "press the button here" in answer
    assert "Download XLSX" not in answer


def test_goods_that_change_meanwhile_are_in_the_table_that_is_asked_for_after_them(
    owner: Client, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = exports.write

    def changed_meanwhile(*given: Any) -> exports.Written:
        written = write(*given)
        if not Product.objects.filter(own_title="Хлеб свежий").exists():
            Product.objects.filter(pk=shop.bread.pk).update(own_title="Хлеб свежий")
            # The button is pressed again, as from another tab.
            ask(owner, "csv")
        return written

    monkeypatch.setattr(exports, "write", changed_meanwhile)
    ask(owner, "csv")
    compute_asked()
    assert "CSV is being written" in page(owner)
    assert "Хлеб свежий" not in download(owner, "csv").decode()
    compute_asked()

    assert "CSV is being written" not in page(owner)
    assert "Хлеб свежий" in download(owner, "csv").decode()


def test_a_store_that_comes_while_the_table_is_written_breaks_nothing(
    owner: Client, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def come(user: User) -> dict[str, str]:
        late = baker.make(Store, user=user, evotor_id="late", missing_since=None)
        Product.objects.filter(evotor_id="milk").update(store=late)
        return {}

    monkeypatch.setattr(goods, "_verdicts", come)
    ask(owner, "csv")
    compute_asked()

    assert {row.split(";")[0] for row in download(owner, "csv").decode().splitlines()[1:]} == {
        "bread",
        "beer",
    }


def test_an_old_table_is_not_offered_after_a_day(owner: Client, shop: Shop) -> None:
    ask(owner)
    compute_asked()
    TableExport.objects.update(asked_at=timezone.now() - exports.KEEP - timedelta(minutes=1))

    prune_old_messages.fn()

    assert "Write XLSX for Excel" in page(owner)
