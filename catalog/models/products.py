"""What the till had when Evotor was last read. A refresh never deletes a row; it marks it missing."""

import json
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import Self, TypeVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.search import split_search
from catalog.choices import ProblemCode
from evosync.common.fields import ExactCharField
from evosync.common.text import normalize_for_search

M = TypeVar("M", bound="Mirrored")

# Below SQLite's limit of parameters in one query on every version.
IDS_AT_ONCE = 900


class MirroredQuerySet(models.QuerySet[M]):
    """What can be asked of every mirrored row."""

    def for_user(self, user: User | int) -> Self:
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

    def missing_after(self, moment: datetime) -> Self:
        """Filter to what has left the till after `moment`."""
        return self.filter(missing_since__gt=moment)

    def of_address(self, text: str) -> Self:
        """Filter to merchants whose email begins with the text; to none where it is no email."""
        return self.filter(user__in=split_search(text)[0] or [])

    def with_evotor_id(self, evotor_id: str) -> Self:
        """Filter to this Evotor id; several stores may have the same one."""
        return self.filter(evotor_id=evotor_id)


class Mirrored(models.Model):
    """A row that mirrors one object of the till.

    `fetched_at` is when it was last read on its own; what a whole reading of its store found unchanged is
    stamped by the store's `goods_seen_at`. `missing_since` is set when a complete walk of the till no
    longer finds it. `present_since` is when it was first read, or read again after it was missing; None
    for rows that are older than the column.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("user"))
    evotor_id = ExactCharField(_("Evotor id"), max_length=36)
    name = models.CharField(_("name"), max_length=255)
    fetched_at = models.DateTimeField(_("read"))
    missing_since = models.DateTimeField(_("missing since"), null=True, blank=True)
    present_since = models.DateTimeField(_("in the till since"), null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    def last_seen(self, store_seen_at: datetime | None) -> datetime:
        """Return when the till last told it; `store_seen_at` is the `goods_seen_at` of its store."""
        if store_seen_at is None or self.missing_since is not None:
            return self.fetched_at
        return max(self.fetched_at, store_seen_at)


class StoreQuerySet(MirroredQuerySet["Store"]):
    """Stores."""

    def partially_read(self) -> Self:
        """Filter to those that were last read only in part, ordered by name."""
        return self.exclude(problem="").order_by("name", "pk")

    def pushed(self) -> Self:
        """Filter to those whose tills have reported a change or a receipt that was not read yet."""
        return self.filter(models.Q(pushed_at__isnull=False) | models.Q(sold_at__isnull=False))

    def are_read_since(self, moment: datetime, *, until: datetime) -> bool:
        """Return True if one of them was read after `moment`; no reading is believed that is dated later."""
        return self.present().filter(fetched_at__gt=moment, fetched_at__lte=until).exists()


class Store(Mirrored):
    """A shop of the merchant. `complete_walk_at` is when its whole catalogue was last read.

    `pushed_at` is when its till last reported a change that has not been read yet, `sold_at` when it
    reported receipts: their goods need not look changed, so all of the store's are read.
    """

    address = models.CharField(_("address"), max_length=255, blank=True, default="")
    complete_walk_at = models.DateTimeField(_("fully read"), null=True, blank=True)
    pushed_at = models.DateTimeField(_("change reported"), null=True, blank=True)
    sold_at = models.DateTimeField(_("receipt reported"), null=True, blank=True)
    # When a reading last found its goods or groups different from our rows.
    changed_at = models.DateTimeField(_("goods changed"), null=True, blank=True)
    # When a reading last told every product and group that is not missing, each unchanged one unstamped.
    goods_seen_at = models.DateTimeField(null=True, editable=False)
    # What the last whole reading said, where it changed none of our rows, and when they were last compared.
    reading_key = models.CharField(max_length=64, default="", db_default="", editable=False)
    # The same of the text that it came as: a text that is known again need not be read.
    pages_key = models.CharField(max_length=64, default="", db_default="", editable=False)
    reading_compared_at = models.DateTimeField(null=True, editable=False)
    problem = models.CharField(_("problem"), max_length=64, blank=True, default="")
    # Which records of the store the problem is about, for the merchant to find them.
    problem_detail = models.CharField(_("concerned"), max_length=255, blank=True, default="", db_default="")

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("store")
        verbose_name_plural = _("stores")
        constraints = [models.UniqueConstraint(fields=["user", "evotor_id"], name="one_store_per_user")]
        indexes = [models.Index(fields=["evotor_id"], name="store_by_evotor_id")]

    @property
    def proves_absence(self) -> bool:
        """Whether what the last reading did not find is not there; a record without an id may be it."""
        return self.problem != ProblemCode.BAD_RECORD


class InStoreQuerySet(MirroredQuerySet[M]):
    """What belongs to a store."""

    def in_stores(self, stores: Iterable[Store | int]) -> Self:
        """Filter to these stores, given as rows or ids."""
        return self.filter(store__in=list(stores))

    def in_store(self, store: Store | int) -> Self:
        """Filter to one store."""
        return self.filter(store=store)


class ProductGroupQuerySet(InStoreQuerySet["ProductGroup"]):
    """Till groups."""

    def unlisted(self) -> Self:
        """Filter to those that the last complete reading did not list."""
        return self.filter(models.Q(missing_since__isnull=False) | models.Q(unlisted_since__isnull=False))


class ProductGroup(Mirrored):
    """A folder of products. Its parent may be unknown to us, so it is kept as an id, not as a row.

    `unlisted_since` is set when a complete reading does not list it; while products name it, it stays.
    """

    store = models.ForeignKey(Store, models.CASCADE, related_name="groups", verbose_name=_("store"))
    parent_evotor_id = ExactCharField(_("parent"), max_length=36, blank=True, default="")
    unlisted_since = models.DateTimeField(_("not listed since"), null=True, blank=True)
    # Fields that the last reading did not tell, and how they stand (syncing.core.choices.Gap).
    untold_fields = models.JSONField(null=True, editable=False)
    # The names of the groups above it, from the root down, when the till last told one; null while it does.
    left_groups = models.JSONField(null=True, editable=False)

    objects = ProductGroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("product group")
        verbose_name_plural = _("product groups")
        constraints = [models.UniqueConstraint(fields=["store", "evotor_id"], name="one_group_per_store")]

    def last_seen(self, store_seen_at: datetime | None) -> datetime:
        """Return when the till last listed it; `store_seen_at` is the `goods_seen_at` of its store."""
        return super().last_seen(None if self.unlisted_since else store_seen_at)


# So many letters are enough to look for like names.
NAMES_BEGIN = 4


class ProductQuerySet(InStoreQuerySet["Product"]):
    """Products."""

    def in_listed_stores(self) -> Self:
        """Filter to those whose store Evotor still lists."""
        return self.filter(store__missing_since__isnull=True)

    def unmarked_after(self, moment: datetime) -> Self:
        """Filter to those from which the till took a mark after `moment`."""
        return self.filter(unmarked_at__gt=moment)

    def of_other_type_before(self) -> Self:
        """Filter to those that a type, or a mark of excise or age, has kept out of VK before."""
        return self.exclude(unmarked_type="")

    def after(self, pk: int) -> Self:
        """Filter to rows with a greater id."""
        return self.filter(pk__gt=pk)

    def with_ids(self, pks: Collection[int]) -> Self:
        """Filter to these rows."""
        return self.filter(pk__in=pks)

    def with_coded_namesakes(self) -> Self:
        """Filter to those with an article or barcodes that share their name with another such one."""
        coded = self.annotate(barcodes_text=Cast("barcodes", models.TextField())).exclude(
            article_number="", barcodes_text="[]"
        )
        names = coded.order_by().values("store_id", "name").annotate(times=models.Count("pk"))
        return coded.filter(name__in=names.filter(times__gt=1).values("name"))

    def search(self, text: str) -> Self:
        """Filter to those whose name, article, code or barcode contains every word of the text."""
        found = self
        for word in normalize_for_search(text).split():
            found = found.filter(search_text__contains=word)
        return found

    def with_own_words(self) -> Self:
        """Filter to those that the merchant has given a title or a description of their own."""
        return self.exclude(own_title="", own_description="", own_album="")

    def with_marks(self, texts: Collection[str]) -> Self:
        """Filter to those whose name, article, code or one of whose barcodes is one of the texts.

        Barcodes are looked for in the search text, so a few others come along.
        """
        found = models.Q(name__in=texts) | models.Q(article_number__in=texts) | models.Q(code__in=texts)
        for text in texts:
            if text.isdecimal():
                found |= models.Q(search_text__contains=text)
        return self.filter(found)

    def like_new_ones(self, texts: Collection[str], names: Collection[str]) -> Self:
        """Filter to those that new goods with these marks and names may be, and to what its marks forbid.

        Names that begin alike come along.
        """
        named = models.Q(pk__in=self.with_marks(texts).values("pk"))
        for start in {normalize_for_search(name)[:NAMES_BEGIN] for name in names}:
            named |= models.Q(search_text__startswith=start)
        forbidden = (
            models.Q(allow_to_sell=False) | models.Q(is_excisable=True) | models.Q(is_age_limited=True)
        )
        return self.filter(named | forbidden | ~models.Q(product_type__in=["NORMAL", ""]))

    def staff_search(self, text: str, *, is_narrow: bool) -> Self:
        """Filter by "anna@example.com rye bread" or by an Evotor id.

        Words are looked for in one merchant's products only: an email names the merchant, or the
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


class Product(Mirrored):
    """A product of one store. Price in roubles as the till has it, quantity in `measure_name`.

    Null means that the till did not say; it is not zero.
    """

    store = models.ForeignKey(Store, models.CASCADE, related_name="products", verbose_name=_("store"))
    group_evotor_id = ExactCharField(_("group"), max_length=36, blank=True, default="", db_index=True)
    price = models.DecimalField(_("price"), max_digits=22, decimal_places=10, null=True, blank=True)
    cost_price = models.DecimalField(_("cost price"), max_digits=22, decimal_places=10, null=True, blank=True)
    quantity = models.DecimalField(_("quantity"), max_digits=15, decimal_places=3, null=True, blank=True)
    measure_name = models.CharField(_("unit"), max_length=32, blank=True, default="")
    article_number = models.CharField(_("article"), max_length=64, blank=True, default="")
    code = models.CharField(_("code"), max_length=64, blank=True, default="")
    barcodes = models.JSONField(_("barcodes"), default=list, blank=True)
    description = models.TextField(_("description"), blank=True, default="")
    allow_to_sell = models.BooleanField(_("may be sold"), default=True)
    product_type = models.CharField(_("type"), max_length=64, blank=True, default="NORMAL")
    is_excisable = models.BooleanField(_("excisable"), default=False)
    is_age_limited = models.BooleanField(_("age limit"), default=False)
    # The merchant's own words for VK in place of the till's; a refresh never writes them.
    own_title = models.CharField(_("own title"), max_length=200, blank=True, default="", db_default="")
    own_description = models.CharField(
        _("own description"), max_length=2000, blank=True, default="", db_default=""
    )
    own_album = models.CharField(_("own album"), max_length=100, blank=True, default="", db_default="")
    content_hash = models.CharField(max_length=64, editable=False, default="")
    # Fields that the last reading did not tell, and how they stand (syncing.core.choices.Gap).
    untold_fields = models.JSONField(null=True, editable=False)
    # The names of the groups, from the root down, that it stood in when the till last told one; null while
    # the till tells one.
    left_groups = models.JSONField(null=True, editable=False)
    # When the till last took away the mark, the name or the group that had kept it out of VK; null while it
    # has a mark.
    unmarked_at = models.DateTimeField(null=True, editable=False)
    # The type that was this, or the field of the mark of excise or age; empty where it was something else.
    unmarked_type = models.CharField(max_length=64, blank=True, default="", db_default="", editable=False)
    # Lower-cased name, article, code and barcodes: SQLite does not fold Cyrillic case in LIKE.
    search_text = models.TextField(editable=False, default="")

    objects = ProductQuerySet.as_manager()

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        constraints = [models.UniqueConstraint(fields=["store", "evotor_id"], name="one_product_per_store")]
        indexes = [
            models.Index(fields=["user", "missing_since", "id"], name="product_by_user"),
            models.Index(fields=["user", "group_evotor_id"], name="product_by_group"),
            # Staff look for an id without knowing whose it is.
            models.Index(fields=["evotor_id"], name="product_by_evotor_id"),
        ]
