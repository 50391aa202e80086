"""The merchant's own pictures."""

from collections.abc import Iterable
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.search import split_search
from catalog.models.products import Product, ProductGroup


class ProductPhotoQuerySet(models.QuerySet["ProductPhoto"]):
    """The merchant's own pictures."""

    def of_address(self, text: str) -> Self:
        """Filter to merchants whose email begins with the text; to none where it is no email."""
        return self.filter(user__in=split_search(text)[0] or [])

    def for_user(self, user: User | int) -> Self:
        """Filter to one merchant's, given as a user or an id."""
        return self.filter(user=user)

    def of_content(self, content_hash: str) -> Self:
        """Filter to photos with this SHA-256."""
        return self.filter(content_hash=content_hash)

    def usage(self) -> tuple[int, int]:
        """Return how many photos these are and how many bytes their files have."""
        found = self.aggregate(number=models.Count("pk"), size=models.Sum("size_bytes"))
        return found["number"], found["size"] or 0

    def in_order(self) -> Self:
        """Sort as the merchant has put them, those of before there was an order by their age."""
        return self.order_by("position", "pk")

    def of_version(self, start: str) -> Self:
        """Filter to those whose content hash begins with `start`."""
        return self.filter(content_hash__startswith=start)

    def of_group(self, group: ProductGroup) -> Self:
        """Filter to the photos of this group."""
        return self.filter(group=group)

    def of_gone(self) -> Self:
        """Filter to photos of products and groups that have left the till."""
        return self.filter(
            models.Q(product__missing_since__isnull=False)
            | models.Q(group__missing_since__isnull=False)
            | models.Q(group__unlisted_since__isnull=False)
        )

    def shared(self) -> Self:
        """Filter to photos of groups and default ones."""
        return self.filter(product__isnull=True)

    def showing(self, products: Iterable[Product]) -> Self:
        """Filter to photos that may stand for these products: their own and shared ones."""
        return self.filter(models.Q(product__in=products) | models.Q(product__isnull=True))

    def defaults(self) -> Self:
        """Filter to default photos."""
        return self.filter(product__isnull=True, group__isnull=True)


class ProductPhoto(models.Model):
    """A picture of the merchant's own: for one product, for a group, or the default.

    `content_hash` is the SHA-256 of the normalized file. Its file is deleted with it: catalog/receivers.py.
    Of a product's photos the one with the lowest `position` is the main one.
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
    position = models.PositiveSmallIntegerField(_("place"), default=0, db_default=0)
    size_bytes = models.PositiveIntegerField(_("size, bytes"), null=True, editable=False)
    created_at = models.DateTimeField(_("added"), auto_now_add=True)
    edited_at = models.DateTimeField(_("edited"), null=True, blank=True)

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

    @property
    def version(self) -> str:
        """What tells the photo's file from the one before it, in the file's address."""
        return self.content_hash[:8]
