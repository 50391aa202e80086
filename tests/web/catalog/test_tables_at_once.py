"""Tables whose buttons are pressed in the same moment, in two tabs: each import happens once and whole."""

from functools import partial

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.urls import reverse

from accounts.models import SecurityEvent
from catalog.models import Product
from syncing.choices import BulkAction, TableState
from syncing.models import SyncFilter, TableImport, TableImportLine
from syncing.services.bulk.records import digest_of, goods_of
from tests.computing import compute_asked
from tests.web.at_once import Press, at_once, tab
from tests.web.shop import Shop

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.mariadb]

ROUNDS, GOODS = 6, 40


@pytest.fixture
def goods(shop: Shop) -> list[Product]:
    return [shop.product(f"cup-{n}", f"Кружка {n}", group="food") for n in range(GOODS)]


def table_of(shop: Shop, title: str, *, in_vk: str = "") -> TableImport:
    """Return a table that waits for the merchant's yes: it gives each product a title of its own."""
    lines = ["ID;Own title;In VK", *(f"cup-{n};{title} {n};{in_vk}" for n in range(GOODS))]
    file = SimpleUploadedFile("goods.csv", "\n".join(lines).encode())
    assert tab(shop).post(reverse("catalog:table_upload"), {"file": file}).status_code == 302
    assert compute_asked() == 1
    return TableImport.objects.latest("pk")


def pressing(shop: Shop, name: str, table: TableImport) -> Press:
    return partial(tab(shop).post, reverse(f"catalog:{name}", args=[table.pk]), follow=True)


def titles() -> set[str]:
    """Return the first words of the goods' own titles."""
    rows = Product.objects.filter(evotor_id__startswith="cup-").values_list("own_title", flat=True)
    return {title.rpartition(" ")[0] for title in rows}


def test_a_table_that_is_confirmed_four_times_is_imported_once(shop: Shop, goods: list[Product]) -> None:
    for number in range(ROUNDS):
        table = table_of(shop, f"Раз {number}")
        pages = at_once([pressing(shop, "table_apply", table) for _tab in range(4)])
        assert sum(f"{GOODS} products are changed" in page for page in pages) == 1
        assert sum("imported already" in page for page in pages) == 3
        assert titles() == {f"Раз {number}"}
        assert SecurityEvent.objects.filter(kind="table_imported").count() == number + 1


def test_an_import_and_its_taking_back_leave_all_or_nothing(shop: Shop, goods: list[Product]) -> None:
    for number in range(ROUNDS):
        before = titles()
        table = table_of(shop, f"Раз {number}")
        at_once([pressing(shop, "table_apply", table), pressing(shop, "table_undo", table)])
        table.refresh_from_db()
        assert titles() == (before if table.state == TableState.TAKEN_BACK else {f"Раз {number}"})


def test_a_table_that_is_dropped_while_it_is_imported_is_imported_or_not(
    shop: Shop, goods: list[Product]
) -> None:
    for number in range(ROUNDS):
        before = titles()
        table = table_of(shop, f"Раз {number}")
        at_once([pressing(shop, "table_apply", table), pressing(shop, "table_drop", table)])
        is_imported = TableImport.objects.filter(pk=table.pk, applied_at__isnull=False).exists()
        assert titles() == ({f"Раз {number}"} if is_imported else before)


def test_a_table_that_another_upload_replaces_while_it_is_imported_is_imported_or_not(
    shop: Shop, goods: list[Product]
) -> None:
    for number in range(3):
        before = titles()
        table = table_of(shop, f"Раз {number}")
        other = SimpleUploadedFile("goods.csv", b"ID;Own title\ncup-0;New")
        upload = partial(tab(shop).post, reverse("catalog:table_upload"), {"file": other}, follow=True)
        said, _uploaded = at_once([pressing(shop, "table_apply", table), upload])
        is_imported = TableImport.objects.filter(pk=table.pk, applied_at__isnull=False).exists()
        assert titles() == ({f"Раз {number}"} if is_imported else before)
        assert ("products are changed" in said) == is_imported
        assert ("not kept any more" in said) == (not is_imported)
        assert compute_asked() == 1
        assert TableImport.objects.filter(state=TableState.READY).count() == 1


def test_goods_that_leave_vk_by_a_table_and_by_hand_at_once_have_one_filter_each(
    shop: Shop, goods: list[Product]
) -> None:
    for number in range(ROUNDS):
        table = table_of(shop, f"Раз {number}", in_vk="no")
        half = goods[: GOODS // 2]
        address = QueryDict(mutable=True)
        address["action"] = BulkAction.EXCLUDE
        address.setlist("pick", [str(one.pk) for one in half])
        digest = digest_of(goods_of(Product.objects.filter(pk__in=[one.pk for one in half]), GOODS))
        by_hand = partial(
            tab(shop).post, f"{reverse('catalog:bulk')}?{address.urlencode()}", {"goods": digest}, follow=True
        )
        assert all(at_once([pressing(shop, "table_apply", table), by_hand]))
        if TableImportLine.objects.of_table(table).waiting().exists():
            pressing(shop, "table_apply", table)()
        assert titles() == {f"Раз {number}"}
        rows = SyncFilter.objects.filter(entity_type=SyncFilter.Entity.PRODUCT)
        assert sorted(rows.values_list("entity_id", flat=True)) == sorted(one.evotor_id for one in goods)
        rows.delete()
