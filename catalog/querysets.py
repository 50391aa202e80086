"""Questions about many rows of the catalogue, as adjectives that chain."""

import json
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Self, TypeVar

from django.db import models
from django.db.models.functions import Cast

from accounts.querysets import split_search
from evosync.common.text import normalize_for_search

if TYPE_CHECKING:
    from accounts.models import User
    from catalog.models import (  # noqa: F401 - used in the names of generic bases
        Mirrored,
        Product,
        ProductGroup,
        ProductPhoto,
        Store,
    )

M = TypeVar("M", bound="Mirrored")

# Below SQLite's limit of parameters in one query on every version.
IDS_AT_ONCE = 900


class MirroredQuerySet(models.QuerySet[M]):
    """What can be asked of every mirrored row."""

    def for_user(self, user: "User | int") -> Self:
        """Keep one merchant's, given as a user or an id."""
        return self.filter(user=user)

    def present(self) -> Self:
        """Keep what the till had when it was last read to the end."""
        return self.filter(missing_since__isnull=True)

    def missing(self) -> Self:
        """Keep what has left the till."""
        return self.filter(missing_since__isnull=False)

    def missing_before(self, moment: datetime) -> Self:
        """Keep what had left the till before `moment`."""
        return self.filter(missing_since__lt=moment)

    def of_address(self, text: str) -> Self:
        """Keep those of merchants whose address begins so; of none where the text is no address."""
        return self.filter(user__in=split_search(text)[0] or [])

    def with_evotor_id(self, evotor_id: str) -> Self:
        """Keep those with this id; the same one may stand in several stores."""
        return self.filter(evotor_id=evotor_id)


class StoreQuerySet(MirroredQuerySet["Store"]):
    """Stores."""

    def fully_read(self) -> Self:
        """Keep those that were walked to the end at least once."""
        return self.filter(complete_walk_at__isnull=False)

    def partially_read(self) -> Self:
        """Keep those whose last walk broke off, by name."""
        return self.exclude(problem="").order_by("name", "pk")

    def pushed(self) -> Self:
        """Keep those whose tills have reported a change that was not read yet."""
        return self.filter(pushed_at__isnull=False)


class InStoreQuerySet(MirroredQuerySet[M]):
    """What belongs to a store."""

    def in_stores(self, stores: "Iterable[Store | int]") -> Self:
        """Keep those of these stores, given as rows or ids."""
        return self.filter(store__in=list(stores))

    def in_store(self, store: "Store | int") -> Self:
        """Keep those of one store."""
        return self.filter(store=store)


class ProductGroupQuerySet(InStoreQuerySet["ProductGroup"]):
    """Till groups."""


class ProductQuerySet(InStoreQuerySet["Product"]):
    """Products."""

    def in_listed_stores(self) -> Self:
        """Keep those whose store Evotor still lists."""
        return self.filter(store__missing_since__isnull=True)

    def after(self, pk: int) -> Self:
        """Keep those behind this row in ascending order of ids."""
        return self.filter(pk__gt=pk)

    def in_group(self, group_ids: Collection[str]) -> Self:
        """Keep those that stand directly in one of these groups; "" is the root."""
        return self.filter(group_evotor_id__in=group_ids)

    def search(self, text: str) -> Self:
        """Keep those whose name, article, code or a barcode holds every word of the text."""
        found = self
        for word in normalize_for_search(text).split():
            found = found.filter(search_text__contains=word)
        return found

    def staff_search(self, text: str, *, is_narrow: bool) -> Self:
        """Keep what "anna@example.com rye bread" means, or an Evotor id.

        Words are looked for in one merchant's goods only: an address names him, or the rows are
        his already (`is_narrow`).
        """
        users, words = split_search(text)
        if users is None and not is_narrow:
            return self.with_evotor_id(words)
        found = self if users is None else self.filter(user__in=users)
        return found.search(words) | found.with_evotor_id(words) if words else found

    def with_barcodes_like(self, barcodes: Collection[str]) -> Self:
        """Keep those that may have one of these barcodes, or one that differs by zeros in front.

        It compares text inside the JSON column, so a few others come along.
        """
        found = models.Q(pk__in=[])
        for barcode in barcodes:
            # As the column writes it: SQLite's escapes letters, MariaDB's may do either.
            for text in {json.dumps(barcode), json.dumps(barcode, ensure_ascii=False)}:
                found |= models.Q(barcodes_text__contains=text[1:-1].lstrip("0") or "0")
        return self.annotate(barcodes_text=Cast("barcodes", models.TextField())).filter(found)

    def with_evotor_ids(self, evotor_ids: Collection[str]) -> Iterator[tuple[int, str, str]]:
        """Yield (pk, Evotor id of the store, Evotor id) of these products, in few queries."""
        ids = sorted(evotor_ids)
        for start in range(0, len(ids), IDS_AT_ONCE):
            rows = self.filter(evotor_id__in=ids[start : start + IDS_AT_ONCE])
            yield from rows.values_list("pk", "store__evotor_id", "evotor_id")


class ProductPhotoQuerySet(models.QuerySet["ProductPhoto"]):
    """The merchant's own pictures."""

    def of_address(self, text: str) -> Self:
        """Keep those of merchants whose address begins so; of none where the text is no address."""
        return self.filter(user__in=split_search(text)[0] or [])

    def for_user(self, user: "User | int") -> Self:
        """Keep one merchant's, given as a user or an id."""
        return self.filter(user=user)

    def of_version(self, start: str) -> Self:
        """Keep those whose content hash begins so."""
        return self.filter(content_hash__startswith=start)

    def of_group(self, group: "ProductGroup") -> Self:
        """Keep those that stand for any product of this group without a picture of its own."""
        return self.filter(group=group)

    def shared(self) -> Self:
        """Keep those that stand for more than one product."""
        return self.filter(product__isnull=True)

    def defaults(self) -> Self:
        """Keep those that stand for any product without a picture of its own."""
        return self.filter(product__isnull=True, group__isnull=True)
