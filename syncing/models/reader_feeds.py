"""Feeds for one reader each: what the merchant chose for it, its secret address, its file and its report."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from evosync.common.fields import EncryptedTextField
from syncing.choices import FeedLink, FeedReader, FeedVendor

URL_PATTERN_LENGTH, VENDOR_LENGTH, AD_LENGTH = 300, 60, 250


class ReaderFeedQuerySet(models.QuerySet["ReaderFeed"]):
    """Feeds for one reader each."""

    def for_user(self, user: User | int) -> Self:
        """Filter to one merchant's, given as a user or an id."""
        return self.filter(user=user)

    def of_active(self) -> Self:
        """Filter to those of merchants who are with us."""
        return self.filter(user__is_active=True)

    def for_reader(self, reader: str) -> Self:
        """Filter to those for one reader."""
        return self.filter(reader=reader)

    def with_token_hash(self, token_hash: str) -> Self:
        """Filter to the one at this address, while its merchant is with us."""
        return self.of_active().filter(token_hash=token_hash)

    def least_lately_looked_at(self) -> Self:
        """Order from the one that the schedule has not looked at for longest."""
        return self.order_by(models.F("looked_at").asc(nulls_first=True), "pk")


class ReaderFeed(models.Model):
    """A merchant's goods as a file for one reader, at a secret address of its own.

    As in `Feed`, the hash finds the row, `fingerprint` stands for all that the file says, `changed_at` for
    when it last said something else, and `withheld_offers` is how few goods a withheld one would have.
    `report` says what the reader would refuse: counts and some products by the reason.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="reader_feeds", verbose_name=_("user")
    )
    reader = models.CharField(_("reader"), max_length=16, choices=FeedReader)
    token = EncryptedTextField(editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("address made"), default=timezone.now)

    link = models.CharField(_("link"), max_length=8, choices=FeedLink, default=FeedLink.NONE)
    url_pattern = models.CharField(
        _("address of a product's page"), max_length=URL_PATTERN_LENGTH, blank=True, default=""
    )
    vendor_from = models.CharField(_("maker"), max_length=8, choices=FeedVendor, default=FeedVendor.NONE)
    vendor = models.CharField(_("maker's name"), max_length=VENDOR_LENGTH, blank=True, default="")
    ad_address = models.CharField(_("address of the shop"), max_length=AD_LENGTH, blank=True, default="")
    ad_category = models.CharField(_("Avito category"), max_length=AD_LENGTH, blank=True, default="")
    ad_goods_type = models.CharField(_("kind of goods"), max_length=AD_LENGTH, blank=True, default="")
    ad_is_new = models.BooleanField(_("the goods are new"), default=True)
    ad_more = models.TextField(_("more about the ads"), blank=True, default="")

    fingerprint = models.CharField(max_length=64, blank=True, default="", editable=False)
    changed_at = models.DateTimeField(_("changed"), null=True, blank=True)
    built_at = models.DateTimeField(_("written"), null=True, blank=True)
    offers = models.PositiveIntegerField(_("goods"), null=True, blank=True)
    withheld_offers = models.PositiveIntegerField(_("goods, if it were handed out"), null=True, blank=True)
    file = models.FileField(_("file"), max_length=200, blank=True, default="", editable=False)
    report = models.JSONField(null=True, editable=False)
    read_at = models.DateTimeField(_("last read"), null=True, blank=True)
    # When the schedule last compared it with what it is made from.
    looked_at = models.DateTimeField(null=True, editable=False)

    objects = ReaderFeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("feed for a reader")
        verbose_name_plural = _("feeds for readers")
        constraints = [models.UniqueConstraint(fields=["user", "reader"], name="one_feed_for_a_reader")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.reader}"
