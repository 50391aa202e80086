"""The tags that merchants put on their products, for rules to pick them by."""

from collections.abc import Iterable
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.search import split_search
from catalog.models import Product

LONGEST_TAG = 40


class ProductTagQuerySet(models.QuerySet["ProductTag"]):
    """Tags on products."""

    def for_user(self, user: User | int) -> Self:
        """Filter to one merchant's, given as a user or an id."""
        return self.filter(user=user)

    def on(self, products: Iterable[Product]) -> Self:
        """Filter to those on these products."""
        return self.filter(product__in=products)

    def on_rows(self, products: Iterable[int]) -> Self:
        """Filter to those on these products, given by row id."""
        return self.filter(product__in=list(products))

    def of_gone(self) -> Self:
        """Filter to those on products that have left the till."""
        return self.filter(product__missing_since__isnull=False)

    def named(self, name: str) -> Self:
        """Filter to one tag."""
        return self.filter(name=name)

    def names(self) -> list[str]:
        """Return each tag once, by name."""
        return list(self.order_by("name").values_list("name", flat=True).distinct())

    def names_with(self, product: Product) -> list[tuple[str, bool]]:
        """Return each tag once, by name, and whether it is on this product."""
        here = models.Case(models.When(product=product, then=1), default=0)
        found = self.values("name").annotate(here=models.Max(here)).order_by("name")
        return [(row["name"], bool(row["here"])) for row in found]

    def search(self, text: str) -> Self:
        """Filter to those of merchants whose address begins so."""
        return self.filter(user__in=split_search(text)[0] or [])


class ProductTag(models.Model):
    """One tag on one product. VK never sees it. `name` is in small letters, so that none is there twice."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="product_tags", verbose_name=_("user")
    )
    product = models.ForeignKey(Product, models.CASCADE, related_name="tags", verbose_name=_("product"))
    name = models.CharField(_("tag"), max_length=LONGEST_TAG)

    objects = ProductTagQuerySet.as_manager()

    class Meta:
        verbose_name = _("tag on a product")
        verbose_name_plural = _("tags on products")
        constraints = [models.UniqueConstraint(fields=["product", "name"], name="one_tag_per_product")]
        indexes = [models.Index(fields=["user", "name"], name="product_tags_by_name")]

    def __str__(self) -> str:
        return self.name
