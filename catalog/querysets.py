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
        """Filter to one merchant's, given as a user or an id."""
        return self.filter(user=user)

    def present(self) -> Self:
        """Filter to what the till had when it was last read to the end."""
        return self.filter(missing_since__isnull=True)

    def missing(self) -> Self:
        """Filter to what has left the till."""
        return self.filter(missing_since__isnull=False)

    def missing_before(self, moment: datetime) -> Self:
        """Filter to what had left the till before `moment`."""
        return self.filter(missing_since__lt=moment)

    def of_address(self, text: str) -> Self:
        """Filter to merchants whose e-mail begins with the text; to none where it is no e-mail."""
        return self.filter(user__in=split_search(text)[0] or [])

    def with_evotor_id(self, evotor_id: str) -> Self:
        """Filter to this Evotor id; several stores may have the same one."""
        return self.filter(evotor_id=evotor_id)


class StoreQuerySet(MirroredQuerySet["Store"]):
    """Stores."""

    def partially_read(self) -> Self:
        """Filter to those that were last read only in part, ordered by name."""
        return self.exclude(problem="").order_by("name", "pk")

    def pushed(self) -> Self:
        """Filter to those whose tills have reported a change or a receipt that was not read yet."""
        return self.filter(models.Q(pushed_at__isnull=False) | models.Q(sold_at__isnull=False))


class InStoreQuerySet(MirroredQuerySet[M]):
    """What belongs to a store."""

    def in_stores(self, stores: "Iterable[Store | int]") -> Self:
        """Filter to these stores, given as rows or ids."""
        return self.filter(store__in=list(stores))

    def in_store(self, store: "Store | int") -> Self:
        """Filter to one store."""
        return self.filter(store=store)


class ProductGroupQuerySet(InStoreQuerySet["ProductGroup"]):
    """Till groups."""


class ProductQuerySet(InStoreQuerySet["Product"]):
    """Products."""

    def in_listed_stores(self) -> Self:
        """Filter to those whose store Evotor still lists."""
        return self.filter(store__missing_since__isnull=True)

    def after(self, pk: int) -> Self:
        """Filter to rows with a greater id."""
        return self.filter(pk__gt=pk)

    def search(self, text: str) -> Self:
        """Filter to those whose name, article, code or barcode contains every word of the text."""
        found = self
        for word in normalize_for_search(text).split():
            found = found.filter(search_text__contains=word)
        return found

    def staff_search(self, text: str, *, is_narrow: bool) -> Self:
        """Filter by "anna@example.com rye bread" or by an Evotor id.

        Words are looked for in one merchant's products only: an e-mail names the merchant, or the
        rows are one merchant's already (`is_narrow`).
        """
        users, words = split_search(text)
        if users is None and not is_narrow:
            return self.with_evotor_id(words)
        found = self if users is None else self.filter(user__in=users)
        return found.search(words) | found.with_evotor_id(words) if words else found

    def with_barcodes_like(self, barcodes: Collection[str]) -> Self:
        """Filter to those that may have one of these barcodes, leading zeros aside.

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
        """Filter to merchants whose e-mail begins with the text; to none where it is no e-mail."""
        return self.filter(user__in=split_search(text)[0] or [])

    def for_user(self, user: "User | int") -> Self:
        """Filter to one merchant's, given as a user or an id."""
        return self.filter(user=user)

    def of_content(self, content_hash: str) -> Self:
        """Filter to photos with this SHA-256."""
        return self.filter(content_hash=content_hash)

    def usage(self) -> tuple[int, int]:
        """Return how many photos these are and how many bytes their files have."""
        found = self.aggregate(number=models.Count("pk"), size=models.Sum("size_bytes"))
        return found["number"], found["size"] or 0

    def of_version(self, start: str) -> Self:
        """Filter to those whose content hash begins with `start`."""
        return self.filter(content_hash__startswith=start)

    def of_group(self, group: "ProductGroup") -> Self:
        """Filter to the photos of this group."""
        return self.filter(group=group)

    def shared(self) -> Self:
        """Filter to photos of groups and default ones."""
        return self.filter(product__isnull=True)

    def defaults(self) -> Self:
        """Filter to default photos."""
        return self.filter(product__isnull=True, group__isnull=True)
