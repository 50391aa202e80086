"""The map from products to VK items and albums."""

import re
from collections.abc import Collection
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.search import split_search
from catalog.models import Product
from evosync.common.fields import ExactCharField
from evosync.common.rows import row_or_none
from syncing.choices import ListingState

# The two numbers at the end of an item's address in VK.
ITEM = re.compile(r"(?:product)?-?([0-9]{1,18})_([0-9]{1,18})$")


class AlbumQuerySet(models.QuerySet["Album"]):
    """The albums that we made."""

    def in_shop(self, user: User, vk_group_id: int) -> Self:
        """Filter to those of one merchant's community."""
        return self.filter(user=user, vk_group_id=vk_group_id)


class Album(models.Model):
    """A VK album that stands for a till group, found by its title."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("user"))
    vk_group_id = models.BigIntegerField(_("community id"))
    key = ExactCharField(_("title key"), max_length=128)
    vk_album_id = models.BigIntegerField(_("VK album id"))

    objects = AlbumQuerySet.as_manager()

    class Meta:
        verbose_name = _("album")
        verbose_name_plural = _("albums")
        constraints = [
            models.UniqueConstraint(fields=["user", "vk_group_id", "key"], name="one_album_per_key")
        ]

    def __str__(self) -> str:
        return self.key


class ShopLimitsQuerySet(models.QuerySet["ShopLimits"]):
    """What communities turned out to hold."""

    def for_user(self, user: User) -> Self:
        """Filter to one merchant's."""
        return self.filter(user=user)

    def of_shop(self, user: User, vk_group_id: int) -> "ShopLimits | None":
        """Return the row of one merchant's community, if a limit of it was ever met."""
        return row_or_none(self.filter(user=user, vk_group_id=vk_group_id))


class ShopLimits(models.Model):
    """What a community turned out to hold, the groups that it has no album for, and when it was compared.

    VK names its limits only by refusing what is over them. A learnt limit counts for a day, so that
    one that VK has raised is tried again.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("user"))
    vk_group_id = models.BigIntegerField(_("community id"))
    # When a run last compared all of its items with the till and left none to be written.
    verified_at = models.DateTimeField(_("verified"), null=True, blank=True)
    items = models.PositiveIntegerField(_("items at most"), null=True, blank=True)
    items_at = models.DateTimeField(_("items refused"), null=True, blank=True)
    albums = models.PositiveIntegerField(_("albums at most"), null=True, blank=True)
    albums_at = models.DateTimeField(_("albums refused"), null=True, blank=True)
    # Album titles, each with the number of its products.
    without_album = models.JSONField(_("groups without an album"), default=dict, blank=True)
    # Albums that VK refuses to make, rename or remove (syncing.core.records.ShopRefusal).
    album_refusals = models.JSONField(_("refused albums"), null=True, blank=True)
    # By what a run that had nothing to do is known again, until when, and what it found
    # (syncing.services.unchanged_runs).
    run_key = models.CharField(max_length=64, default="", db_default="", editable=False)
    run_key_until = models.DateTimeField(null=True, editable=False)
    run_found = models.JSONField(null=True, editable=False)

    objects = ShopLimitsQuerySet.as_manager()

    class Meta:
        verbose_name = _("limits of a shop")
        verbose_name_plural = _("limits of shops")
        constraints = [
            models.UniqueConstraint(fields=["user", "vk_group_id"], name="one_row_of_limits_per_community")
        ]

    def __str__(self) -> str:
        return f"{self.vk_group_id}"


class ListingQuerySet(models.QuerySet["Listing"]):
    """The map from products to VK items."""

    def search(self, text: str) -> Self:
        """Filter to those of a merchant's address, or the one in an item's address: `product-77_501`."""
        users, rest = split_search(text)
        if users is not None:
            return self.filter(user__in=users)
        if found := ITEM.search(rest):
            return self.filter(vk_group_id=int(found[1]), vk_item_id=int(found[2]))
        return self.none()

    def for_user(self, user: User) -> Self:
        """Filter to one merchant's."""
        return self.filter(user=user)

    def in_community(self, vk_group_id: int) -> Self:
        """Filter to those of one VK community."""
        return self.filter(vk_group_id=vk_group_id)

    def of_product(self, store_id: str, product_id: str) -> "Listing | None":
        """Return the one that stands for a product, by Evotor's ids."""
        return self.filter(store_evotor_id=store_id, product_evotor_id=product_id).first()

    def of_items(self, item_ids: Collection[int]) -> Self:
        """Filter to those of these VK items."""
        return self.filter(vk_item_id__in=item_ids)

    def known_items(self, item_ids: list[int]) -> set[int]:
        """Return those of these VK items that are on somebody's map."""
        return {pk for pk in self.filter(vk_item_id__in=item_ids).values_list("vk_item_id", flat=True) if pk}

    def being_created(self) -> Self:
        """Filter to items that VK was asked to make and has not confirmed."""
        return self.filter(state=ListingState.CREATING)

    def in_vk(self) -> Self:
        """Filter to those that shoppers can see."""
        return self.filter(state=ListingState.LIVE)

    def never_verified(self) -> Self:
        """Filter to those that no run has compared with VK yet."""
        return self.filter(last_verified_at__isnull=True)

    def perhaps_in_vk(self) -> Self:
        """Filter to those that have an item, visible or not, and those whose creation has begun."""
        return self.filter(models.Q(vk_item_id__isnull=False) | models.Q(state=ListingState.CREATING))

    def with_item(self) -> Self:
        """Filter to those that have an item in VK, visible or not."""
        return self.filter(vk_item_id__isnull=False)

    def of_undone(self) -> Self:
        """Filter to those of products about which the merchant has taken back a run."""
        return self.filter(product__undone_change__isnull=False)

    def with_shop_verified(self) -> Self:
        """Add when a run last compared the whole shop of each, which `checked_at` reads."""
        shop = ShopLimits.objects.filter(
            user=models.OuterRef("user"), vk_group_id=models.OuterRef("vk_group_id")
        )
        return self.annotate(shop_verified_at=models.Subquery(shop.values("verified_at")))

    def troubled(self) -> Self:
        """Filter to those whose last step failed."""
        return self.exclude(last_error="")

    def repairable(self) -> Self:
        """Filter to those whose last step failed, without those that are neither in the till nor in VK."""
        return self.troubled().exclude(vk_item_id=None, product__missing_since__isnull=False)

    def changed_by_merchant(self) -> Self:
        """Filter to those with a field that the merchant has changed in VK and owns."""
        return self.exclude(merchant_fields=[])


class Listing(models.Model):
    """What we know of one product's VK item.

    A row exists from the moment before VK is first asked to create the item. `sent` holds the
    fields as VK last confirmed them; `photo_id` is a main picture that VK has saved for this item,
    used or not, and `saved_photos` are VK's ids of the merchant's pictures by content hash, so that another
    order takes no upload; `merchant_fields` are those that the merchant has edited in VK and owns.
    `own_values` are texts and pictures that were ours a moment ago or are about to be: VK's list may lag
    behind.
    `last_verified_at` is when VK last confirmed a step of ours, or a run first compared the item; later
    comparisons are one stamp of the whole shop (ShopLimits.verified_at).
    """

    State = ListingState

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="listings", verbose_name=_("user")
    )
    vk_group_id = models.BigIntegerField(_("community id"))
    store_evotor_id = ExactCharField(_("store"), max_length=36)
    product_evotor_id = ExactCharField(_("product"), max_length=36)
    product = models.ForeignKey(
        Product, models.SET_NULL, null=True, blank=True, related_name="listings", verbose_name=_("product")
    )
    stamp = ExactCharField(_("stamp"), max_length=16)
    vk_item_id = models.BigIntegerField(_("VK item id"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.CREATING)
    sent = models.JSONField(_("sent"), default=dict, blank=True)
    photo_id = models.BigIntegerField(_("VK photo id"), null=True, blank=True)
    photo_key = models.CharField(_("picture"), max_length=64, blank=True, default="")
    saved_photos = models.JSONField(_("pictures saved for it"), null=True, blank=True)
    merchant_fields = models.JSONField(_("the merchant's own fields"), default=list, blank=True)
    own_values = models.JSONField(_("our own values of late"), null=True, blank=True)
    # The album that VK refused this item: key, time, and how many items it held where it was full.
    album_refusal = models.JSONField(_("refused album"), null=True, blank=True)
    # The album that VK did not take it out of, in the same form.
    stay_refusal = models.JSONField(null=True, editable=False)
    # What VK made of fields that it does not give back as they were sent (syncing.core.records.KeptForm).
    kept_forms = models.JSONField(null=True, editable=False)
    # What the item cost that VK has no more, by the names of syncing.core.records.SentPrice.
    lost_price = models.JSONField(null=True, editable=False)
    # Which fields VK refused last, and as what (syncing.core.refusals).
    refused = models.JSONField(null=True, editable=False)
    create_sent_at = models.DateTimeField(_("sent to VK"), null=True, blank=True)
    hidden_since = models.DateTimeField(_("hidden since"), null=True, blank=True)
    last_error = models.CharField(_("last error"), max_length=64, blank=True, default="")
    last_error_text = models.TextField(_("what VK said"), blank=True, default="")
    last_verified_at = models.DateTimeField(_("verified"), null=True, blank=True)

    objects = ListingQuerySet.as_manager()

    class Meta:
        verbose_name = _("VK item")
        verbose_name_plural = _("VK items")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "vk_group_id", "store_evotor_id", "product_evotor_id"],
                name="one_listing_per_product",
            ),
            models.UniqueConstraint(fields=["vk_group_id", "vk_item_id"], name="one_listing_per_item"),
        ]
        indexes = [models.Index(fields=["user", "vk_group_id", "state"], name="listing_by_state")]

    def __str__(self) -> str:
        return f"{self.stamp} → {self.vk_item_id or '…'}"

    @property
    def is_in_doubt(self) -> bool:
        """Whether VK was asked to create the item and its answer is not known."""
        return self.state == self.State.CREATING and self.vk_item_id is None and bool(self.photo_id)

    @property
    def checked_at(self) -> datetime | None:
        """When the item was last compared with VK. The row is read by `with_shop_verified`."""
        shop: datetime | None = getattr(self, "shop_verified_at", None)
        if self.state != self.State.LIVE or shop is None:
            return self.last_verified_at
        return max(self.last_verified_at or shop, shop)

    @property
    def vk_url(self) -> str:
        """The item's public page, empty before it exists."""
        if self.vk_item_id is None:
            return ""
        return f"https://vk.com/market-{self.vk_group_id}?w=product-{self.vk_group_id}_{self.vk_item_id}"
