"""A merchant's goods as a table tells them, with what they have set."""

from collections import Counter
from collections.abc import Iterator, Mapping

from django.utils import translation

from accounts.models import User
from catalog.models import Product, ProductGroup, Store
from syncing.choices import RestrictedScope
from syncing.core.restricted_goods.decisions import key_of
from syncing.core.tables.cells import one_line, plain
from syncing.core.tables.columns import HEADERS, Column
from syncing.core.tables.records import TableGoods
from syncing.core.tables.writing import table_rows
from syncing.core.tags import written_tags
from syncing.models import RestrictedDecision
from syncing.services.bulk.filters import modes_of
from syncing.services.categories import known_categories
from syncing.services.settings import config_for
from syncing.services.tags import tags_by_product

ROWS_AT_ONCE = 2000
FIELDS = (
    *("pk", "evotor_id", "name", "store_id", "group_evotor_id", "article_number", "code", "barcodes"),
    *("price", "quantity", "own_title", "own_description", "own_album"),
)


def goods_of_table(user: User, *, with_scopes: bool = True) -> Iterator[TableGoods]:
    """Yield the goods that the till has, by name, with what the merchant has set for them.

    A table that is only written needs no scopes.
    """
    stores = {row.pk: row for row in Store.objects.for_user(user)}
    names = _store_names(list(stores.values()))
    groups = {
        (row.store_id, row.evotor_id): row.name for row in ProductGroup.objects.for_user(user).present()
    }
    config = config_for(user)
    modes, categories = modes_of(config), config.category_by_product or {}
    verdicts, tags = _verdicts(user), tags_by_product(user)
    rows = Product.objects.for_user(user).present().in_listed_stores().order_by("name", "pk")
    for row in rows.values_list(*FIELDS, named=True).iterator(chunk_size=ROWS_AT_ONCE):
        if row.store_id not in stores:
            # The till has got this store just now; the next table has its goods.
            continue
        name_key = key_of(row.name) if verdicts else ""
        values = {
            Column.IN_VK: modes.get(row.evotor_id, ""),
            Column.CATEGORY: str(categories.get(row.evotor_id, "")),
            Column.ALBUM: one_line(row.own_album),
            Column.TITLE: one_line(row.own_title),
            Column.DESCRIPTION: plain(row.own_description),
            Column.DECISION: verdicts.get(name_key, ""),
            Column.TAGS: written_tags(tags.get(row.pk, ())),
        }
        yield TableGoods(
            pk=row.pk,
            evotor_id=row.evotor_id,
            name=row.name,
            store=names[row.store_id],
            store_id=stores[row.store_id].evotor_id,
            group=groups.get((row.store_id, row.group_evotor_id), ""),
            group_id=row.group_evotor_id,
            article=row.article_number,
            code=row.code,
            barcodes=tuple(map(str, row.barcodes or ())),
            price="" if row.price is None else f"{row.price.normalize():f}",
            stock="" if row.quantity is None else f"{row.quantity.normalize():f}",
            values=values,
            scopes=_scopes(row.evotor_id, row.name) if with_scopes else {},
        )


def rows_of_export(user: User) -> Iterator[list[str]]:
    """Yield the rows of the merchant's table, in the language of the page."""
    goods = goods_of_table(user, with_scopes=False)
    return table_rows(goods, language=table_language(), category_names=_category_names())


def number_of_goods(user: User) -> int:
    """Return how many goods the merchant's table has."""
    return Product.objects.for_user(user).present().in_listed_stores().count()


def table_language() -> str:
    """Return the language in which a table is written now."""
    language = (translation.get_language() or "")[:2]
    return language if language in HEADERS else "en"


def _category_names() -> Mapping[str, str]:
    """Return VK's categories by id as text; two of one name are told by their numbers."""
    known = known_categories()
    times = Counter(str(category) for category in known)
    return {str(category.id): str(category) for category in known if times[str(category)] == 1}


def _store_names(stores: list[Store]) -> dict[int, str]:
    times = Counter(row.name for row in stores)
    return {row.pk: row.name if times[row.name] == 1 else f"{row.name} ({row.evotor_id})" for row in stores}


def _verdicts(user: User) -> dict[str, str]:
    rows = RestrictedDecision.objects.for_user(user).filter(scope=RestrictedScope.NAME)
    return dict(rows.values_list("key", "verdict"))


def _scopes(evotor_id: str, name: str) -> Mapping[Column, str]:
    """Return under which key a value is kept that goods of several stores share."""
    return {Column.IN_VK: evotor_id, Column.CATEGORY: evotor_id, Column.DECISION: key_of(name)}
