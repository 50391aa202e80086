"""The till's catalogue as last read from Evotor. Rows are never deleted by a refresh, only marked missing."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.choices import ProblemCode
from catalog.querysets import (
    ProductGroupQuerySet,
    ProductPhotoQuerySet,
    ProductQuerySet,
    StoreQuerySet,
)
from evosync.common.fields import ExactCharField


class Mirrored(models.Model):
    """A row that mirrors one object of the till.

    `missing_since` is set when a complete walk of the till no longer finds it.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("user"))
    evotor_id = ExactCharField(_("Evotor id"), max_length=36)
    name = models.CharField(_("name"), max_length=255)
    fetched_at = models.DateTimeField(_("read"))
    missing_since = models.DateTimeField(_("missing since"), null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class Store(Mirrored):
    """A shop of the merchant. `complete_walk_at` is when its whole catalogue was last read.

    `pushed_at` is when its till last reported a change that has not been read yet, `sold_at` when it
    reported receipts: their goods need not look changed, so all of the store's are read.
    """

    address = models.CharField(_("address"), max_length=255, blank=True, default="")
    complete_walk_at = models.DateTimeField(_("fully read"), null=True, blank=True)
    pushed_at = models.DateTimeField(_("change reported"), null=True, blank=True)
    sold_at = models.DateTimeField(_("receipt reported"), null=True, blank=True)
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


class ProductGroup(Mirrored):
    """A folder of products. Its parent may be unknown to us, so it is kept as an id, not as a row.

    `unlisted_since` is set when a complete reading does not list it; while products name it, it stays.
    """

    store = models.ForeignKey(Store, models.CASCADE, related_name="groups", verbose_name=_("store"))
    parent_evotor_id = ExactCharField(_("parent"), max_length=36, blank=True, default="")
    unlisted_since = models.DateTimeField(_("not listed since"), null=True, blank=True)
    # Fields that the last reading did not tell, and how they stand (syncing.core.choices.Gap).
    untold_fields = models.JSONField(null=True, editable=False)

    objects = ProductGroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("product group")
        verbose_name_plural = _("product groups")
        constraints = [models.UniqueConstraint(fields=["store", "evotor_id"], name="one_group_per_store")]


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
    content_hash = models.CharField(max_length=64, editable=False, default="")
    # Fields that the last reading did not tell, and how they stand (syncing.core.choices.Gap).
    untold_fields = models.JSONField(null=True, editable=False)
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


class ProductPhoto(models.Model):
    """A picture of the merchant's own: for one product, for a group, or the default.

    `content_hash` is the SHA-256 of the normalized file. Its file is deleted with it: catalog/receivers.py.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("user"))
    product = models.ForeignKey(
        Product, models.CASCADE, null=True, blank=True, related_name="photos", verbose_name=_("product")
    )
    group = models.ForeignKey(
        ProductGroup, models.CASCADE, null=True, blank=True, related_name="photos", verbose_name=_("group")
    )
    file = models.FileField(_("file"), upload_to="photos/%Y/%m")
    content_hash = models.CharField(max_length=64, editable=False)
    size_bytes = models.PositiveIntegerField(_("size, bytes"), null=True, editable=False)
    created_at = models.DateTimeField(_("added"), auto_now_add=True)

    objects = ProductPhotoQuerySet.as_manager()

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        constraints = [
            models.UniqueConstraint(
                fields=["product", "content_hash"], name="one_photo_per_product_and_content"
            )
        ]

    def __str__(self) -> str:
        return self.file.name or ""
