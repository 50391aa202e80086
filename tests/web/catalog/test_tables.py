"""Goods as a table: downloaded, uploaded, compared by a worker, confirmed, taken back."""

import csv
import io
import zipfile
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.conf import settings as django_settings
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from accounts.models import SecurityEvent, User
from catalog.models import Product
from syncing.jobs import computations
from syncing.models import (
    Computation,
    ProductTag,
    RestrictedDecision,
    SyncConfig,
    SyncFilter,
    TableImport,
    TableImportLine,
)
from syncing.services.bulk import filters
from syncing.services.categories import KEY
from syncing.services.retention import KEEP_TABLES, prune
from syncing.services.tables import imports
from syncing.services.tags import tag_products, untag_products
from tests.computing import compute_asked
from tests.web.shop import Shop, a_merchant

SHARED = Path(django_settings.BASE_DIR).parent / "shared" / "data" / "shop-catalogue.csv"
TREE = [(2, ("Продукты питания", "Бакалея")), (3, ("Продукты питания", "Хлеб и выпечка"))]
BREAD = "Продукты питания → Хлеб и выпечка"
Rows = Sequence[Sequence[Any]]


@pytest.fixture(autouse=True)
def tree() -> None:
    cache.clear()
    cache.set(KEY, TREE)


def as_csv(rows: Rows) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";").writerows(rows)
    # As Excel saves it: the arrow in a category's path becomes a question mark.
    return text.getvalue().encode("cp1251", "replace")


def as_workbook(rows: Rows) -> bytes:
    book, file = Workbook(), BytesIO()
    for row in rows:
        book.active.append(list(row))  # type: ignore[union-attr]
    book.save(file)
    return file.getvalue()


def upload(owner: Client, data: bytes, name: str = "goods.csv") -> TableImport:
    """Upload a file, let the worker read it, and return the import."""
    answer = owner.post(reverse("catalog:table_upload"), {"file": SimpleUploadedFile(name, data)})
    assert answer.status_code == 302, answer.content.decode()
    assert compute_asked() == 1
    return TableImport.objects.latest("pk")


def page(owner: Client, table: TableImport, **question: Any) -> str:
    answer = owner.get(reverse("catalog:table_import", args=[table.pk]), question)
    return " ".join(answer.content.decode().split())


def press(owner: Client, table: TableImport, name: str = "table_apply", **given: Any) -> str:
    answer = owner.post(reverse(f"catalog:{name}", args=[table.pk]), given, follow=True)
    return " ".join(answer.content.decode().split())


def lines(table: TableImport, kind: str = "changed") -> dict[int, dict[str, list[str]]]:
    rows = TableImportLine.objects.filter(table=table, kind=kind).values_list("number", "changes")
    return dict(rows)


def export(owner: Client, kind: str = "csv", language: str = "ru") -> bytes:
    owner.cookies["django_language"] = language
    answer = owner.get(reverse(f"catalog:table_{kind}"))
    assert answer.status_code == 200
    return b"".join(answer) if answer.streaming else answer.content


def set_everything(shop: Shop) -> None:
    """Give goods of the shop a value of their own in every column."""
    Product.objects.filter(pk=shop.bread.pk).update(
        own_title="=Хлеб, ржаной",
        own_description="Строка 1;\r\n- строка 2",
        own_album="@подборка",
        barcodes=["0460"],
    )
    for tag in ("=подарок", "чай, кофе", "Лето"):
        tag_products(shop.user, [shop.bread], tag)
    SyncFilter.objects.create(
        sync_config=shop.config, entity_type="product", entity_id="milk", filter_mode="exclude"
    )
    SyncConfig.objects.filter(pk=shop.config.pk).update(category_by_product={"bread": 3, "milk": 777})
    shop.product("maxim", "Максим", group="food")
    RestrictedDecision.objects.create(
        user=shop.user, scope="name", key="максим", label="Максим", verdict="forbidden"
    )


@pytest.mark.once
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("language", ["ru", "en"])
def test_an_untouched_export_changes_nothing(owner: Client, shop: Shop, kind: str, language: str) -> None:
    set_everything(shop)

    table = upload(owner, export(owner, kind, language), f"goods.{kind}")

    assert (table.state, table.problem, table.same) == ("ready", "", 4)
    assert lines(table) == {}
    assert lines(table, "bad") == {}
    assert "Import 0" not in page(owner, table)


@pytest.mark.once
def test_an_untouched_export_of_a_real_shop_changes_nothing(owner: Client, shop: Shop) -> None:
    if not SHARED.exists():
        pytest.skip("the shop's catalogue in shared/ is not here")
    with SHARED.open(encoding="utf-8", newline="") as file:
        goods = [
            Product(
                user=shop.user,
                store=shop.store,
                evotor_id=f"real-{number}",
                name=row["name"][:255],
                code=row["code"],
                price=Decimal(row["price"]),
                quantity=Decimal(row["quantity"]),
                own_title=row["name"][:60] if number % 7 == 0 else "",
                fetched_at=shop.now,
            )
            for number, row in enumerate(csv.DictReader(file))
        ]
    Product.objects.bulk_create(goods)

    table = upload(owner, export(owner, "xlsx"), "goods.xlsx")

    assert lines(table, "bad") == {}
    assert lines(table) == {}
    assert table.same == len(goods) + 3


def test_a_table_is_compared_confirmed_imported_and_taken_back(owner: Client, shop: Shop) -> None:
    rows = [
        [
            "Код производителя",
            "ID",
            "В VK",
            "Категория VK",
            "Своё название",
            "Своё описание",
            "Своя подборка",
            "Вес",
        ],
        ["", "bread", "", BREAD, "Хлеб ржаной свежий", "Утром из печи", "Выпечка дня", "400"],
        ["", "milk", "нет", "", "", "", "", ""],
    ]
    table = upload(owner, as_csv(rows))

    html = page(owner, table)
    assert "Вес" in html
    assert "Хлеб ржаной свежий" in html
    assert shop.bread.name in html
    shop.bread.refresh_from_db()
    assert shop.bread.own_title == "", "nothing is saved yet"

    assert "2 products are changed" in press(owner, table)
    shop.bread.refresh_from_db()
    shop.config.refresh_from_db()
    assert (shop.bread.own_title, shop.bread.own_album) == ("Хлеб ржаной свежий", "Выпечка дня")
    assert shop.config.category_by_product == {"bread": 3}
    assert SyncFilter.objects.get().entity_id == "milk"
    assert "imported already" in press(owner, table), "a second press finds it done"
    assert SecurityEvent.objects.filter(kind="table_imported").count() == 1

    Product.objects.filter(pk=shop.bread.pk).update(own_album="Изменено потом")
    assert "taken back" in press(owner, table, "table_undo")
    shop.bread.refresh_from_db()
    shop.config.refresh_from_db()
    assert (shop.bread.own_title, shop.bread.own_description) == ("", "")
    assert shop.bread.own_album == "Изменено потом", "what was changed since then stays"
    assert not shop.config.category_by_product
    assert not SyncFilter.objects.exists()
    assert "nothing to take back" in press(owner, table, "table_undo")


def test_tags_are_set_by_a_table_and_taken_back(owner: Client, shop: Shop, other_shop: Shop) -> None:
    for product, tag in ((shop.bread, "лето"), (shop.milk, "зима"), (other_shop.bread, "чужое")):
        tag_products(product.user, [product], tag)
    rows = [["ID", "Теги"], ["bread", "Подарок, лето;  НОВИНКА"], ["milk", "по правилам"], ["beer", ""]]
    table = upload(owner, as_csv(rows))
    assert lines(table) == {
        2: {"tags": ["лето", "лето, новинка, подарок"]},
        3: {"tags": ["зима", ""]},
    }
    assert "no tags" in page(owner, table)
    assert tags(shop) == {"bread": ["лето"], "milk": ["зима"]}

    press(owner, table)
    assert tags(shop) == {"bread": ["лето", "новинка", "подарок"]}
    untag_products(shop.user, [shop.bread], "новинка")
    press(owner, table, "table_undo")
    assert tags(shop) == {"bread": ["лето", "подарок"], "milk": ["зима"]}, "what was changed since then stays"
    assert tags(other_shop) == {"bread": ["чужое"]}


@pytest.mark.once
def test_tags_that_cannot_be_kept_are_bad_lines(owner: Client, shop: Shop) -> None:
    many = ", ".join(f"метка {number}" for number in range(21))
    table = upload(owner, as_csv([["ID", "Tags"], ["bread", many], ["milk", "ж" * 41]]))
    html = page(owner, table, show="bad")
    assert "Too many tags: 21/20." in html
    assert "Too long: 41/40 characters." in html
    assert lines(table) == {}


def tags(shop: Shop) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    rows = ProductTag.objects.for_user(shop.user).order_by("name")
    for evotor_id, name in rows.values_list("product__evotor_id", "name"):
        found.setdefault(evotor_id, []).append(name)
    return found


def test_the_catalogue_offers_to_take_the_import_back(owner: Client, shop: Shop) -> None:
    press(owner, upload(owner, as_csv([["ID", "Own title"], ["bread", "Хлеб свежий"]])))

    last = owner.get(reverse("catalog:list")).context["last_change"]
    owner.post(reverse("catalog:bulk_undo"), {"token": last.token})

    shop.bread.refresh_from_db()
    assert shop.bread.own_title == ""
    assert TableImport.objects.get().state == "taken_back"


OLDER = "This file may be older than your last change"
TITLED = [["ID", "Own title"], ["bread", "Хлеб свежий"]]


def leave_out(owner: Client, *products: Product) -> None:
    """Leave goods out by the bar of the catalogue."""
    url = reverse("catalog:bulk", query={"action": "exclude", "pick": [one.pk for one in products]})
    owner.post(url, {"goods": owner.get(url).context["digest"]})


@pytest.mark.once
def test_a_table_that_may_be_older_than_a_change_of_many_goods_says_so(owner: Client, shop: Shop) -> None:
    export(owner, language="en")
    leave_out(owner, shop.bread, shop.milk)

    table = upload(owner, as_csv(TITLED))

    html = page(owner, table)
    assert OLDER in html
    assert "Leave out of VK: 2 products." in html
    assert OLDER not in press(owner, table)


def test_a_table_that_was_downloaded_after_the_change_is_no_older(owner: Client, shop: Shop) -> None:
    leave_out(owner, shop.bread)
    export(owner, language="en")
    assert OLDER not in page(owner, upload(owner, as_csv(TITLED)))


@pytest.mark.once
def test_a_table_that_changes_nothing_is_not_said_to_be_older(owner: Client, shop: Shop) -> None:
    leave_out(owner, shop.bread)
    assert OLDER not in page(owner, upload(owner, as_csv([["ID", "Own title"], ["bread", ""]])))


@pytest.mark.once
def test_a_change_after_the_upload_is_told_of_at_its_line_only(owner: Client, shop: Shop) -> None:
    table = upload(owner, as_csv(TITLED))
    leave_out(owner, shop.bread)
    assert OLDER not in page(owner, table)


def test_of_many_goods_the_moment_counts_when_the_file_was_written(
    owner: Client, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("syncing.services.tables.exports.GOODS_AT_ONCE", 0)
    owner.post(reverse("catalog:table_write"), {"format": "csv"})
    assert compute_asked() == 1
    leave_out(owner, shop.bread)
    export(owner, language="en")
    assert OLDER in page(owner, upload(owner, as_csv(TITLED)))

    owner.post(reverse("catalog:table_write"), {"format": "csv"})
    assert compute_asked() == 1

    assert OLDER not in page(owner, upload(owner, as_csv(TITLED)))


@pytest.mark.once
def test_one_bad_line_changes_nothing_until_the_merchant_leaves_it_out(owner: Client, shop: Shop) -> None:
    rows = [
        ["Штрихкод", "ID", "Название в VK"],
        ["", "bread", "Хлеб свежий"],
        ["4,6E+12", "", "Молоко домашнее"],
    ]
    table = upload(owner, as_csv(rows))

    assert "row 3" not in page(owner, table)
    html = page(owner, table, show="bad")
    assert "Import without the 1 bad line" in html
    assert "row 3" in html
    assert "Excel has turned the barcode into 4,6E+12" in html
    assert "Nothing was imported" in press(owner, table)
    shop.bread.refresh_from_db()
    assert shop.bread.own_title == ""

    assert "1 product is changed" in press(owner, table, without=1)
    shop.bread.refresh_from_db()
    assert shop.bread.own_title == "Хлеб свежий"


@pytest.mark.once
def test_a_table_with_bad_lines_only_opens_with_them(owner: Client, shop: Shop) -> None:
    table = upload(owner, as_csv([["ID", "Own title"], ["bread", "Хл"]]))

    html = page(owner, table)

    assert "VK takes titles from 4 characters on" in html
    assert "No row fits" not in html


@pytest.mark.once
def test_what_was_changed_in_evosync_meanwhile_is_asked_again_and_not_overwritten(
    owner: Client, shop: Shop
) -> None:
    rows = [
        ["ID", "Own title", "Own album"],
        ["bread", "Хлеб свежий", ""],
        ["milk", "Молоко домашнее", "Утро"],
    ]
    table = upload(owner, as_csv(rows))
    Product.objects.filter(pk=shop.bread.pk).update(own_title="Написано за это время")

    html = press(owner, table)

    shop.bread.refresh_from_db()
    shop.milk.refresh_from_db()
    assert shop.bread.own_title == "Написано за это время"
    assert shop.milk.own_title == "Молоко домашнее"
    assert "1 row was not imported" in html
    assert lines(table)[2] == {"title": ["Написано за это время", "Хлеб свежий"]}
    assert "1 product is changed" in press(owner, table)
    shop.bread.refresh_from_db()
    assert shop.bread.own_title == "Хлеб свежий"
    press(owner, table, "table_undo")
    shop.bread.refresh_from_db()
    assert shop.bread.own_title == "Написано за это время"


def test_goods_of_another_merchant_are_not_found(owner: Client, shop: Shop) -> None:
    other = Shop(a_merchant("other@example.com"), vk_group_id=78)
    other.product("theirs", "Чужой товар")

    table = upload(owner, as_csv([["ID", "Own title"], ["theirs", "Моё название"]]))

    assert "Your till has no such product: theirs" in page(owner, table, show="bad")
    press(owner, table, without=1)
    assert Product.objects.get(evotor_id="theirs").own_title == ""


@pytest.mark.once
def test_values_that_vk_or_evosync_would_not_take_are_bad_lines_with_their_reason(
    owner: Client, shop: Shop
) -> None:
    goods = [shop.product(f"p{number}", f"Товар номер {number}") for number in range(11)]
    head = ["ID", "Своё название", "Своё описание", "Своя подборка", "Категория VK", "Можно продавать в VK"]
    wrong = [
        (["Чай"], "from 4 characters on"),
        (["Ж" * 150], "Too long for VK"),
        (["Пиво светлое живое"], "forbidden goods"),
        (["Максим"], "VK may not take this title (tobacco: максим). Without this line VK goes on"),
        (["", "Цена {prize}"], "EvoSync does not know {prize}. Use {name}"),
        (["", "Блок. Сигареты Kent"], "take this text for forbidden goods (сигареты)"),
        (["", "", "А" * 101], "101/100"),
        (["", "", "* * *"], "with a letter or a digit in it"),
        (["", "", "", "Нет такой"], "no category “Нет такой”"),
        (["", "", "", "Продукты"], "Several categories fit"),
        (["", "", "", "", "да"], "not unsure"),
    ]
    rows = [head, *([good.evotor_id, *cells] for good, (cells, _said) in zip(goods, wrong, strict=True))]

    html = page(owner, upload(owner, as_csv(rows)), show="bad")

    for _cells, said in wrong:
        assert said in html, said


def test_a_reason_that_many_lines_share_is_said_once_with_their_rows(owner: Client, shop: Shop) -> None:
    goods = [shop.product(f"p{number}", f"Товар номер {number}") for number in range(9)]
    head = ["ID", "Своё название", "Категория VK"]
    rows = [[good.evotor_id, "", "Продукты"] for good in goods[:7]] + [[goods[7].evotor_id, "Чай", ""]]
    table = upload(owner, as_csv([head, *rows, [goods[8].evotor_id, "", "Продукты "]]))

    html = page(owner, table, show="bad")
    assert html.count("Several categories fit") == 1
    assert "8 lines; first rows 2, 3, 4, 5, 6…" in html
    assert html.count("from 4 characters on") == 1
    assert html.count(">reason 1</a>") == 8

    html = page(owner, table, show="bad", reason=1)
    assert html.count("Several categories fit") == 1
    assert [f"row {number}<" in html for number in (2, 8, 9, 10)] == [True, True, False, True]
    assert "row 9<" in page(owner, table, show="bad", reason=2)


def test_an_import_that_was_read_before_reasons_were_grouped_says_each(owner: Client, shop: Shop) -> None:
    goods = [shop.product(f"p{number}", f"Товар номер {number}") for number in range(2)]
    table = upload(owner, as_csv([["ID", "Категория VK"], *([one.evotor_id, "Продукты"] for one in goods)]))
    del table.notes["reasons"]
    table.save()

    assert page(owner, table, show="bad", reason=1).count("Several categories fit") == 2


@pytest.mark.once
def test_a_decision_about_unsure_goods_is_set_and_taken_back_with_its_row(owner: Client, shop: Shop) -> None:
    name = "Максим"
    shop.product("maxim", name, group="food")
    table = upload(owner, as_csv([["ID", "May be sold in VK"], ["maxim", "нет"]]))
    if not lines(table):
        pytest.fail(page(owner, table, show="bad"))

    press(owner, table)
    assert RestrictedDecision.objects.get().verdict == "forbidden"
    press(owner, table, "table_undo")
    assert not RestrictedDecision.objects.exists()


@pytest.mark.once
@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("old.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "old format"),
        ("goods.xlsx", b"PK\x03\x04 this is no archive", "damaged"),
        ("goods.xls", b"\xef\xbb\xbf \n<html><table><tr><td>ID</td></tr></table></html>", "format HTML"),
        ("goods.xls", b'<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>', "format XML"),
        ("goods.csv", b"{\\rtf1\\ansi ID;Own title}", "This is no table"),
        ("goods.csv", bytes(range(256)) * 20, "This is no table"),
        (
            "goods.csv",
            b"ID;Own title\r\nbread;\xd0\xa5\xd0\xbb\xd0",
            "Line 2 has letters that cannot be read",
        ),
        ("goods.csv", b"ID,Price,Own title\r\nbread,12,50,Rye bread", "Row 2 has more cells"),
        ("goods.csv", b"%PDF-1.7\n", "This is no table"),
        ("goods.csv", "Цвет;Вес\r\nсиний;5".encode(), "No column is known"),
        ("goods.csv", "Название;Своё название\r\nХлеб;Чай".encode(), "which product a row is about"),
        ("goods.csv", 'ID;Альбом\r\nbread;"Чай'.encode(), "quotation mark"),
    ],
)
def test_a_file_that_cannot_be_used_says_why_and_is_deleted(
    owner: Client, shop: Shop, name: str, data: bytes, said: str
) -> None:
    table = upload(owner, data, name)

    assert said in page(owner, table)
    assert table.state == "refused"
    assert default_storage.listdir(f"tables/{shop.user.pk}")[1] == []


def zipped(entries: dict[str, bytes]) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return file.getvalue()


PARTS = {
    "[Content_Types].xml": b"""<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Override PartName="/xl/workbook.xml"
 ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>
<Override PartName="/xl/worksheets/sheet1.xml"
 ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>
<Override PartName="/xl/sharedStrings.xml"
 ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>""",
    "_rels/.rels": b"""<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
 Target="xl/workbook.xml"/></Relationships>""",
    "xl/workbook.xml": b"""<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"
 xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">
<sheets><sheet name="Goods" sheetId="1" r:id="rId1"/></sheets></workbook>""",
    "xl/_rels/workbook.xml.rels": b"""<Relationships
 xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
 Target="worksheets/sheet1.xml"/>
<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
 Target="sharedStrings.xml"/></Relationships>""",
    "xl/sharedStrings.xml": """<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">
<si><t>ID</t></si><si><t>Own title</t></si><si><t>bread</t></si>
<si><r><t>Хлеб </t></r><r><t xml:space="preserve">свежий</t></r></si></sst>""".encode(),
    "xl/worksheets/sheet1.xml": b"""<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">
<dimension ref="A1:A1"/><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>
<row r="3"><c r="A3" t="s"><v>2</v></c><c r="B3" t="s"><v>3</v></c></row></sheetData></worksheet>""",
}
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
ENTITIES = b'<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>'
STRINGS = PARTS["xl/sharedStrings.xml"].replace(b"<si><t>ID", b"<si><t/></si>" * 700_000 + b"<si><t>ID")
REPEATED = PARTS["xl/worksheets/sheet1.xml"].replace(
    b"</sheetData>", b'<row><c t="s"><v>2</v></c></row>' * 30_000 + b"</sheetData>"
)


def workbook_with(**parts: bytes) -> bytes:
    """Return a workbook as Excel writes it, with shared strings, and with other parts."""
    return zipped(PARTS | {f"xl/{name}.xml": data for name, data in parts.items()})


@pytest.mark.once
def test_a_workbook_of_excel_with_shared_strings_and_a_wrong_dimension_is_read(
    owner: Client, shop: Shop
) -> None:
    table = upload(owner, workbook_with(), "goods.xlsx")

    assert lines(table) == {3: {"title": ["", "Хлеб свежий"]}}


@pytest.mark.once
@pytest.mark.parametrize(
    ("data", "said"),
    [
        (workbook_with(sharedStrings=STRINGS), "holds too much"),
        (workbook_with(bomb=bytes(80 * 1024 * 1024)), "takes too much"),
        (workbook_with(**{"worksheets/sheet1": REPEATED}), "more than 20,000 rows"),
        (workbook_with(workbook=ENTITIES + PARTS["xl/workbook.xml"]), "damaged"),
        (workbook_with(sharedStrings=ENTITIES + PARTS["xl/sharedStrings.xml"]), "damaged"),
        (zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}), "format ODS"),
        (zipped({"mimetype": b"application/vnd.oasis.opendocument.text"}), "This is no table"),
        (zipped({"xl/workbook.bin": b"\x83\x01"}), "format XLSB"),
        (zipped({"Index/Document.iwa": b"\0"}), "format Numbers"),
        (zipped({"word/document.xml": b"<w:document/>"}), "This is no table"),
    ],
    ids=[
        *("many strings", "large", "many rows", "entities", "entities in strings"),
        *("ods", "odt", "xlsb", "numbers", "docx"),
    ],
)
def test_a_bomb_is_refused_within_bounds(owner: Client, shop: Shop, data: bytes, said: str) -> None:
    table = upload(owner, data, "goods.xlsx")

    assert said in page(owner, table)


def test_what_excel_keeps_as_numbers_dates_and_yes_is_read(owner: Client, shop: Shop) -> None:
    Product.objects.filter(pk=shop.bread.pk).update(barcodes=["4600000000017"], code="007")
    rows: list[list[Any]] = [
        ["Штрихкод", "Код", "В VK", "Своё название"],
        [4600000000017, None, False, 2026.0],
        [None, 8, True, timezone.now().replace(tzinfo=None)],
    ]
    table = upload(owner, as_workbook(rows), "goods.xlsx")

    assert lines(table) == {2: {"in_vk": ["", "exclude"], "title": ["", "2026"]}}
    Product.objects.filter(pk=shop.milk.pk).update(code="8")
    table = upload(owner, as_workbook(rows), "goods.xlsx")
    assert "Excel has made a date" in page(owner, table, show="bad")


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_names_that_look_like_errors_of_excel_come_back_as_they_are(
    owner: Client, shop: Shop, kind: str
) -> None:
    shop.product("error", "#ЗНАЧ!", code="#N/A")
    Product.objects.filter(pk=shop.bread.pk).update(own_title="#ССЫЛКА!", own_album="#Н/Д")

    table = upload(owner, export(owner, kind), f"goods.{kind}")

    assert (lines(table), lines(table, "bad"), table.same) == ({}, {}, 4)


@pytest.mark.once
def test_a_cell_that_a_formula_broke_is_a_bad_line_also_where_the_value_looks_so(
    owner: Client, shop: Shop
) -> None:
    Product.objects.filter(pk=shop.bread.pk).update(own_title="#N/A")
    rows = [["ID", "Own title"], ["bread", "#N/A"], ["milk", "#VALUE!"]]

    # openpyxl writes such texts as errors, as Excel does with what a formula has broken.
    table = upload(owner, as_workbook(rows), "goods.xlsx")

    assert list(lines(table, "bad")) == [2, 3]
    assert "Excel shows the error #N/A in this cell" in page(owner, table, show="bad")


def test_an_export_is_text_in_every_cell_and_runs_no_formula(owner: Client, shop: Shop) -> None:
    Product.objects.filter(pk=shop.bread.pk).update(name='=HYPERLINK("http://example.com")', code="007")

    sheet = load_workbook(BytesIO(export(owner, "xlsx"))).worksheets[0]

    row = next(row for row in sheet.iter_rows(min_row=2) if row[0].value == "bread")
    assert {cell.data_type for cell in row if cell.value is not None} == {"s"}
    assert [cell.value for cell in row][3] == '\'=HYPERLINK("http://example.com")'
    assert "'=HYPERLINK" in export(owner).decode("utf-8-sig")
    assert SecurityEvent.objects.filter(kind="goods_exported").count() == 2


def test_an_upload_that_is_gone_before_it_is_read_is_asked_for_again(owner: Client, shop: Shop) -> None:
    data = as_csv([["ID", "Own title"], ["bread", "Fresh bread"]])
    owner.post(reverse("catalog:table_upload"), {"file": SimpleUploadedFile("goods.csv", data)})
    default_storage.delete(str(TableImport.objects.get().file))

    assert compute_asked() == 1

    table = TableImport.objects.get()
    assert table.state == "refused"
    assert "Upload it again." in page(owner, table)


@pytest.mark.once
@pytest.mark.parametrize(
    ("cell", "is_read"),
    [
        (b'<c r="B3"><f>CONCAT(A3,"!")</f></c>', False),
        (b'<c r="B3" s="1"><f>CONCAT(A3,"!")</f><v></v></c>', False),
        (b'<c r="B3"><f t="shared" si="0"/><v/></c>', False),
        (b'<c r="B3" t="str"><f>CONCAT(A3,"!")</f><v>bread!</v></c>', True),
        (b'<c r="B3" t="str"><f>IF(A3="","",1)</f><v></v></c>', True),
        (b'<c r="B3" t="inlineStr"><is><t>Fresh bread</t></is></c>', True),
    ],
)
def test_a_formula_whose_result_is_missing_is_not_read_as_an_empty_cell(
    owner: Client, shop: Shop, cell: bytes, *, is_read: bool
) -> None:
    part = "xl/worksheets/sheet1.xml"
    data = zipped(PARTS | {part: PARTS[part].replace(b'<c r="B3" t="s"><v>3</v></c>', cell)})

    table = upload(owner, data, "goods.xlsx")

    assert (table.state != "refused") is is_read
    assert ("formulas whose results are not in the file" in page(owner, table)) is not is_read


@pytest.mark.once
@pytest.mark.parametrize(
    ("place", "formula", "is_read"),
    [
        ("C3", "<f>A3</f>", True),
        ("B1", "<f>NOW()</f>", True),
        ("B3", "<f>Лист2!A1</f><v>Fresh bread</v>", True),
        ("B3", "<f>[1]Лист2!A1</f><v>Fresh bread</v>", True),
        ("B3", "<f>Лист2!A1</f>", False),
        ("", "<f>Лист2!A1</f>", False),
    ],
)
def test_a_formula_without_a_result_matters_only_in_a_column_that_is_read(
    owner: Client, shop: Shop, place: str, formula: str, *, is_read: bool
) -> None:
    def cell(where: str, value: str, kind: str = "str") -> str:
        return f'<c r="{where}" t="{kind}">{value}</c>' if where else f"<c>{value}</c>"

    given = {
        "A2": cell("A2", "<v>ID</v>"),
        "B2": cell("B2", "<v>Own title</v>"),
        "C2": cell("C2", "<v>Margin</v>"),
        "A3": cell("A3", "<v>bread</v>"),
        "B3": cell("B3", "<v>Fresh bread</v>"),
    }
    given[place or "B3"] = cell(place, formula, "str" if "<v>" in formula else "n")
    rows = "".join(
        f'<row r="{number}">{"".join(given[key] for key in sorted(given) if key[1] == str(number))}</row>'
        for number in (1, 2, 3)
    )
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'

    table = upload(owner, workbook_with(**{"worksheets/sheet1": sheet.encode()}), "goods.xlsx")

    assert (lines(table) == {3: {"title": ["", "Fresh bread"]}}) is is_read
    assert (table.problem == "uncomputed") is not is_read


@pytest.mark.once
def test_a_formula_without_a_result_on_another_sheet_does_not_matter(owner: Client, shop: Shop) -> None:
    book, file = Workbook(), BytesIO()
    goods, other = book.active, book.create_sheet("Итоги", 0)
    assert goods is not None
    other.append(["=SUM(A2:A9)"])
    for row in (["ID", "Own title"], ["bread", "Fresh bread"]):
        goods.append(row)
    book.save(file)

    assert lines(upload(owner, file.getvalue(), "goods.xlsx")) == {2: {"title": ["", "Fresh bread"]}}


@pytest.mark.once
def test_a_title_is_read_as_excel_shows_it(owner: Client, shop: Shop) -> None:
    book, file = Workbook(), BytesIO()
    sheet = book.active
    assert sheet is not None
    formats = {"General": (True, 2026), "0%": (0.5,), "0.0%": (0.155,), "0000": (42,), "0": (4600000000017,)}
    sheet.append(["ID", "Own title"])
    for number_format, values in formats.items():
        for value in values:
            shop.product(f"p{sheet.max_row}", f"Кружка {sheet.max_row}", group="food")
            sheet.append([f"p{sheet.max_row}", value])
            sheet.cell(sheet.max_row, 2).number_format = number_format
    book.save(file)

    table = upload(owner, file.getvalue(), "goods.xlsx")

    shown = [changes["title"][1] for _number, changes in sorted(lines(table).items())]
    assert shown == ["TRUE", "2026", "15.5%", "0042", "4600000000017"]
    assert "VK takes titles from 4 characters on" in page(owner, table, show="bad")


def test_a_new_upload_takes_the_place_of_one_that_was_not_imported(owner: Client, shop: Shop) -> None:
    replaced = upload(owner, as_csv([["ID", "Own title"], ["bread", "Хлеб раз"]]))
    used = upload(owner, as_csv([["ID", "Own title"], ["bread", "Хлеб два"]]))
    press(owner, used)
    last = upload(owner, as_csv([["ID", "Own title"], ["bread", "Хлеб три"]]))

    assert [row.pk for row in TableImport.objects.order_by("pk")] == [used.pk, last.pk]
    shown = owner.get(reverse("catalog:table_import", args=[replaced.pk]))
    pressed = owner.post(reverse("catalog:table_apply", args=[replaced.pk]))
    for answer in (shown, pressed):
        assert answer.status_code == 404
        assert "Nothing was imported: this table is not kept any more" in answer.content.decode()
    press(owner, last, "table_drop")
    assert [row.pk for row in TableImport.objects.all()] == [used.pk]


def test_a_table_that_waits_for_its_worker_says_so_and_is_dropped_with_its_file(
    owner: Client, shop: Shop
) -> None:
    file = SimpleUploadedFile("goods.csv", as_csv([["ID", "Own title"], ["bread", "Хлеб"]]))
    owner.post(reverse("catalog:table_upload"), {"file": file})
    table = TableImport.objects.get()
    url = reverse("catalog:table_import", args=[table.pk])

    assert "is being read" in page(owner, table)
    assert owner.get(url, {"since": "0"}, headers={"HX-Request": "true"}).status_code == 204
    assert default_storage.exists(str(table.file))
    with_files = len(default_storage.listdir(f"tables/{shop.user.pk}")[1])
    press(owner, table, "table_drop")
    compute_asked()
    assert len(default_storage.listdir(f"tables/{shop.user.pk}")[1]) in {with_files, with_files - 1}
    assert not TableImport.objects.exists()


@pytest.mark.once
def test_a_table_that_is_read_while_its_page_is_made_is_not_called_lost(
    owner: Client, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = SimpleUploadedFile("goods.csv", as_csv([["ID", "Own title"], ["bread", "Хлеб свежий"]]))
    owner.post(reverse("catalog:table_upload"), {"file": file})
    find = computations.find

    def found(user: User, kind: str) -> Computation | None:
        compute_asked()
        return find(user, kind)

    monkeypatch.setattr(computations, "find", found)
    html = page(owner, TableImport.objects.get())

    assert "could not be read" not in html
    assert "Import 1 change" in html


@pytest.mark.once
def test_who_uploads_too_often_is_told_so_and_not_sent_to_the_login_page(
    owner: Client, settings: LazySettings
) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"table_upload": "1/m/user"}
    url = reverse("catalog:table_upload")
    owner.post(url)
    answer = owner.post(url)

    html = answer.content.decode()
    assert answer.status_code == 429
    assert "wait five minutes and press again" in html
    assert reverse("account_login") not in html


def test_old_tables_are_deleted_with_their_lines(owner: Client, shop: Shop) -> None:
    table = upload(owner, as_csv([["ID", "Own title"], ["bread", "Хлеб"]]))
    TableImport.objects.filter(pk=table.pk).update(
        created_at=timezone.now() - KEEP_TABLES - timedelta(hours=1)
    )

    assert prune(timezone.now())["tables"] >= 1

    assert not TableImportLine.objects.exists()


def test_the_pages_cost_as_many_queries_for_many_lines_as_for_one(
    owner: Client, shop: Shop, django_assert_max_num_queries: Any
) -> None:
    goods = [shop.product(f"p{number}", f"Товар номер {number}") for number in range(60)]
    rows = [["ID", "Своя подборка"], *([good.evotor_id, "Подборка"] for good in goods)]
    table = upload(owner, as_csv(rows))
    url = reverse("catalog:table_import", args=[table.pk])
    with django_assert_max_num_queries(12):
        html = owner.get(url).content.decode()
    assert html.count("Подборка") >= 50
    assert "after=51" in html
    assert "Товар номер 59" in page(owner, table, q="номер 59")
    with django_assert_max_num_queries(12):
        owner.get(reverse("catalog:table"))


def test_an_import_of_a_large_table_asks_the_database_few_times(owner: Client, shop: Shop) -> None:
    goods = [shop.product(f"p{number}", f"Товар номер {number}") for number in range(120)]
    rows = [["ID", "Своё название"], *([good.evotor_id, f"Название {good.pk}"] for good in goods)]
    table = upload(owner, as_csv(rows))

    with CaptureQueriesContext(connection) as asked:
        press(owner, table)

    assert len(asked) < 60
    assert Product.objects.exclude(own_title="").count() == 120


def a_list(shop: Shop, *keys: str) -> None:
    """Have the merchant list singly what goes to VK."""
    for key in keys:
        SyncFilter.objects.create(
            sync_config=shop.config, entity_type="product", entity_id=key, filter_mode="include"
        )


def test_an_import_begins_no_list_of_goods_that_the_merchant_has_ended_meanwhile(
    owner: Client, shop: Shop
) -> None:
    a_list(shop, "milk")
    table = upload(owner, as_csv([["ID", "In VK", "Own title"], ["bread", "yes", "Хлеб свежий"]]))
    SyncFilter.objects.all().delete()

    html = press(owner, table)

    assert "Upload the table again" in html
    assert not SyncFilter.objects.exists(), "all other goods would leave VK"
    shop.bread.refresh_from_db()
    assert shop.bread.own_title == ""


@pytest.mark.once
def test_an_import_ends_no_list_of_goods_without_having_said_so(owner: Client, shop: Shop) -> None:
    a_list(shop, "milk", "bread")
    table = upload(owner, as_csv([["ID", "In VK"], ["bread", "no"]]))
    SyncFilter.objects.filter(entity_id="milk").delete()

    assert "Upload the table again" in press(owner, table)
    assert SyncFilter.objects.get().filter_mode == "include", "all other goods would go to VK"

    table = upload(owner, as_csv([["ID", "In VK"], ["bread", "no"]]))
    assert "all goods go to VK" in page(owner, table)
    assert "1 product is changed" in press(owner, table)
    press(owner, table, "table_undo")
    assert SyncFilter.objects.get().filter_mode == "include"


def test_a_decision_is_not_kept_for_a_name_that_the_product_has_got_since(owner: Client, shop: Shop) -> None:
    maxim = shop.product("maxim", "Максим", group="food")
    table = upload(owner, as_csv([["ID", "May be sold in VK", "Own album"], ["maxim", "да", "Игрушки"]]))
    Product.objects.filter(pk=maxim.pk).update(name="Парламент")

    html = press(owner, table)

    assert not RestrictedDecision.objects.exists()
    maxim.refresh_from_db()
    assert maxim.own_album == ""
    assert "1 row was not imported" in html
    assert "Парламент" in html


@pytest.mark.once
def test_taking_back_what_no_longer_fits_changes_nothing_and_says_why(
    owner: Client, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    SyncFilter.objects.create(
        sync_config=shop.config, entity_type="product", entity_id="milk", filter_mode="exclude"
    )
    table = upload(owner, as_csv([["ID", "In VK", "Own title"], ["milk", "yes", "Молоко утреннее"]]))
    press(owner, table)
    monkeypatch.setattr(filters, "MOST_LINES", 0)

    for _press in range(2):
        assert "At most 0 goods can be chosen" in press(owner, table, "table_undo")
        last = owner.get(reverse("catalog:list")).context["last_change"]
        answer = owner.post(reverse("catalog:bulk_undo"), {"token": last.token}, follow=True)
        assert "At most 0 goods can be chosen" in answer.content.decode()
    shop.milk.refresh_from_db()
    assert shop.milk.own_title == "Молоко утреннее"

    monkeypatch.undo()
    assert "taken back" in press(owner, table, "table_undo")
    assert SyncFilter.objects.get().filter_mode == "exclude"


@pytest.mark.once
def test_an_endless_number_of_bad_lines_is_none(owner: Client, shop: Shop) -> None:
    table = upload(owner, as_csv([["ID", "Own title"], ["bread", "Хлеб свежий"], ["nobody", "Чай"]]))

    assert "Nothing was imported" in press(owner, table, without="9" * 5000)


@pytest.mark.once
def test_lines_that_decide_differently_about_one_name_are_bad(owner: Client, shop: Shop) -> None:
    shop.product("m1", "Максим")
    shop.product("m2", "МАКСИМ.")

    table = upload(owner, as_csv([["ID", "May be sold in VK"], ["m1", "нет"], ["m2", "да"]]))

    assert list(lines(table)) == [2]
    assert list(lines(table, "bad")) == [3]


def test_what_xml_and_excel_read_in_their_own_way_comes_back_as_it_was(owner: Client, shop: Shop) -> None:
    texts = {
        "own_title": 'Чай <b>«Утро»</b> & "Ко" ]]> _x000D_ _x0041_ 😀\u2028',
        "own_description": "  - раз_x000d_\n\n\tдва  \n_x005F_x0041_ три\u0085четыре",
        "own_album": "_xABCD_",
    }
    Product.objects.filter(pk=shop.bread.pk).update(**texts)

    data = export(owner, "xlsx")
    table = upload(owner, data, "goods.xlsx")

    assert (lines(table), lines(table, "bad"), table.same) == ({}, {}, 3)
    # As Excel, LibreOffice and others keep them.
    sheet = zipfile.ZipFile(BytesIO(data)).read("xl/worksheets/sheet1.xml").decode()
    assert "<t>_x005F_xABCD_</t>" in sheet


@pytest.mark.once
def test_line_ends_that_excel_has_escaped_are_line_ends(owner: Client, shop: Shop) -> None:
    rows = [["ID", "Own text"], ["bread", "Мягкий_x000D_\nи свежий, арт. _x0041_"]]

    table = upload(owner, as_workbook(rows), "goods.xlsx")

    assert lines(table) == {2: {"description": ["", "Мягкий\nи свежий, арт. _x0041_"]}}


def test_a_decision_is_taken_back_after_the_till_has_renamed_the_product(owner: Client, shop: Shop) -> None:
    maxim = shop.product("maxim", "Максим", group="food")
    table = upload(owner, as_csv([["ID", "May be sold in VK"], ["maxim", "да"]]))
    press(owner, table)
    assert RestrictedDecision.objects.get().verdict == "allowed"
    Product.objects.filter(pk=maxim.pk).update(name="Парламент")

    press(owner, table, "table_undo")

    assert not RestrictedDecision.objects.exists()


@pytest.mark.once
def test_a_table_that_was_imported_behind_an_old_page_is_not_dropped(owner: Client, shop: Shop) -> None:
    table = upload(owner, as_csv([["ID", "Own title"], ["bread", "Хлеб свежий"]]))
    press(owner, table)

    imports.drop(table)

    assert table.applied_at is None, "that is what the page had read"
    assert "taken back" in press(owner, table, "table_undo")


@pytest.mark.once
def test_a_workbook_is_read_from_its_first_sheet_that_is_shown_down_to_the_last_line(
    owner: Client, shop: Shop
) -> None:
    book, file = Workbook(), BytesIO()
    notes, goods = book.active, book.create_sheet("Товары")
    assert notes is not None
    notes.sheet_state = "hidden"
    notes.append(["ID", "Own title"])
    for row in (["ID", "Own title"], ["bread", "Хлеб свежий"]):
        goods.append(row)
    goods.cell(row=1_000_000, column=1).number_format = "@"
    book.active = 1
    book.save(file)

    table = upload(owner, file.getvalue(), "goods.xlsx")

    assert lines(table) == {2: {"title": ["", "Хлеб свежий"]}}


@pytest.mark.once
def test_a_cell_that_is_merged_over_several_rows_counts_for_each_of_them(owner: Client, shop: Shop) -> None:
    book, file = Workbook(), BytesIO()
    sheet = book.active
    assert sheet is not None
    for row in (
        ["Наши товары"],
        ["ID", "VK", "", "Примечание"],
        ["", "Категория VK", "Своё название", ""],
        ["bread", "2", "Хлеб свежий", "акция"],
        ["milk", "", "Молоко свежее", ""],
        [],
    ):
        sheet.append([cell or None for cell in row])
    for area in ("A1:D1", "A2:A3", "B2:C2", "D2:D3", "B4:B900", "D4:D5"):
        sheet.merge_cells(area)
    book.save(file)

    table = upload(owner, file.getvalue(), "goods.xlsx")

    assert lines(table) == {
        4: {"category": ["", "2"], "title": ["", "Хлеб свежий"]},
        5: {"category": ["", "2"], "title": ["", "Молоко свежее"]},
    }
    assert table.notes["unknown"] == ["Примечание"]


@pytest.mark.once
def test_a_workbook_with_a_cover_is_read_from_the_sheet_that_holds_the_table(
    owner: Client, shop: Shop
) -> None:
    book, file = Workbook(), BytesIO()
    cover, notes, goods = book.active, book.create_sheet("Заметки"), book.create_sheet("Товары")
    assert cover is not None
    cover.append(["Прайс магазина", "Товар"])
    notes.append(["Позвонить поставщику"])
    for row in (["Код для сайта"], [], ["ID", "Own title"], ["bread", "Хлеб свежий"]):
        goods.append(row)
    book.save(file)

    table = upload(owner, file.getvalue(), "goods.xlsx")

    assert lines(table) == {4: {"title": ["", "Хлеб свежий"]}}
