"""VK's categories, which are the same for every merchant."""

from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

ONLY = 1


class CategoryTreeQuerySet(models.QuerySet["CategoryTree"]):
    """The one tree."""

    def kept(self) -> Self:
        """Filter to the tree, if VK has ever told one."""
        return self.filter(pk=ONLY)


class CategoryTree(models.Model):
    """VK's categories as last told: one row, so that their names are known after a cache is lost."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY, editable=False)
    # Number and path of each, in VK's order.
    leaves = models.JSONField(_("categories"), default=list)
    changed_at = models.DateTimeField(_("changed"), default=timezone.now)

    objects = CategoryTreeQuerySet.as_manager()

    class Meta:
        verbose_name = _("VK's categories")
        verbose_name_plural = _("VK's categories")
        constraints = [models.CheckConstraint(condition=models.Q(id=ONLY), name="one_category_tree")]

    def __str__(self) -> str:
        return str(_("VK's categories"))
