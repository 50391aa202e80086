"""The merchant's rules, choice of products, and feed."""

from datetime import datetime
from decimal import Decimal
from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from connections.models.connection import LONGEST_PAUSE
from evosync.common import clock
from evosync.common.fields import EncryptedTextField, ExactCharField
from syncing.models import validators

# The merchant's rules, by column: `configure`, the form, the staff's page and the record derive from these.
RULES = (
    "compare_every_hours",
    "markup_percent",
    "rounding",
    "out_of_stock",
    "sentence_case",
    "write_out_shortenings",
    "description_template",
    "default_category_id",
    "card_style",
    "albums",
    "album_template",
    "removal",
    "stores",
    "legal_filter",
    "brake_items",
    "brake_percent",
    "price_hold_percent",
)


class SyncConfigQuerySet(models.QuerySet["SyncConfig"]):
    """Merchants' rules."""

    def of_user(self, user: User) -> Self:
        """Filter to one merchant's; there is at most one."""
        return self.filter(user=user)

    def enabled(self) -> Self:
        """Filter to those that the merchant switched on and confirmed."""
        return self.filter(is_enabled=True, confirmed_at__isnull=False, user__is_active=True)

    def ready(self, now: datetime) -> Self:
        """Filter to the enabled ones whose two connections are online and not paused at `now`."""
        ends = self.enabled().filter(
            user__evotor_connection__is_online=True, user__vk_connection__is_online=True
        )
        return ends.exclude(clock.before("user__vk_connection__paused_until", now, longest=LONGEST_PAUSE))


class SyncConfig(models.Model):
    """One merchant's rules. The defaults are what a shop wants on its first day."""

    class CompareEvery(models.IntegerChoices):
        """How often the schedule compares VK with the till; never not, since a push may be lost."""

        HOUR = 1, _("every hour")
        THREE_HOURS = 3, _("every 3 hours")
        SIX_HOURS = 6, _("every 6 hours")
        DAY = 24, _("once a day")

    class Rounding(models.TextChoices):
        KOPECK = "kopeck", _("to the kopeck")
        ROUBLE = "rouble", _("to the rouble")
        ROUBLE_UP = "rouble_up", _("up to the rouble")
        TEN_UP = "ten_up", _("up to ten roubles")
        NINE_UP = "nine_up", _("up to …9 roubles")
        NINETY_UP = "ninety_up", _("up to …90 roubles")

    class OutOfStock(models.TextChoices):
        KEEP = "keep", _("show as sold out")
        HIDE = "hide", _("hide")

    class Albums(models.TextChoices):
        GROUP = "group", _("one per group")
        TOP_GROUP = "top_group", _("one per top group")
        NONE = "none", _("none")

    class CardStyle(models.TextChoices):
        COLOUR = "colour", _("colored")
        LIGHT = "light", _("light")
        LABEL = "label", _("like a price tag")

    class Removal(models.TextChoices):
        HIDE = "hide", _("hide, remove after 30 days")
        DELETE = "delete", _("remove at once")

    class Stores(models.TextChoices):
        EACH = "each", _("one item per store")
        MERGE = "merge", _("one item per barcode, stock summed")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="sync_config", verbose_name=_("user")
    )
    is_enabled = models.BooleanField(_("on"), default=False)
    confirmed_at = models.DateTimeField(_("first run confirmed"), null=True, blank=True)
    last_run_at = models.DateTimeField(_("last run"), null=True, blank=True)
    # Products in the till when VK was last made equal to it: a till that lost half of them is asked about.
    source_size = models.PositiveIntegerField(null=True, editable=False)
    # What the till did not tell then: field or "groups" → how many, so that it is asked about once.
    source_gaps = models.JSONField(null=True, editable=False)

    compare_every_hours = models.PositiveSmallIntegerField(
        _("comparison with the till"),
        choices=CompareEvery,
        default=CompareEvery.HOUR,
        db_default=CompareEvery.HOUR.value,
    )
    markup_percent = models.DecimalField(
        _("markup, %"),
        max_digits=6,
        decimal_places=2,
        # No int: a row that was just made holds it as it stands here.
        default=Decimal(0),
        validators=[MinValueValidator(-90), MaxValueValidator(1000)],
    )
    rounding = models.CharField(_("rounding"), max_length=16, choices=Rounding, default=Rounding.KOPECK)
    out_of_stock = models.CharField(
        _("when sold out"), max_length=8, choices=OutOfStock, default=OutOfStock.KEEP
    )
    sentence_case = models.BooleanField(_("names in CAPITALS to ordinary case"), default=True)
    write_out_shortenings = models.BooleanField(
        _("shortenings in names written out"), default=False, db_default=False
    )
    description_template = models.TextField(
        _("description template"), blank=True, default="", validators=[validators.description_template]
    )
    card_style = models.CharField(
        _("drawn pictures"),
        max_length=8,
        choices=CardStyle,
        default=CardStyle.COLOUR,
        db_default=CardStyle.COLOUR,
    )
    default_category_id = models.PositiveIntegerField(_("VK category"), null=True, blank=True)
    # The merchant's choices by Evotor id, and what runs guessed for groups that the merchant chose none for.
    category_by_group = models.JSONField(_("VK category by group"), default=dict, blank=True)
    category_by_product = models.JSONField(_("VK category by product"), null=True, blank=True)
    guessed_by_group = models.JSONField(_("guessed VK category by group"), null=True, blank=True)
    albums = models.CharField(_("albums"), max_length=16, choices=Albums, default=Albums.GROUP)
    album_template = models.CharField(
        _("album title template"),
        max_length=100,
        blank=True,
        default="",
        db_default="",
        validators=[validators.album_template],
    )
    # By Evotor id: the merchant's templates of descriptions, and titles of albums, "" for no album.
    template_by_group = models.JSONField(_("description template by group"), null=True, blank=True)
    album_by_group = models.JSONField(_("album by group"), null=True, blank=True)
    removal = models.CharField(
        _("when gone from the till"), max_length=8, choices=Removal, default=Removal.HIDE
    )
    stores = models.CharField(_("several stores"), max_length=8, choices=Stores, default=Stores.EACH)
    store_order = models.JSONField(_("order of stores"), default=list, blank=True)
    legal_filter = models.BooleanField(_("leave out what VK forbids"), default=True)
    brake_items = models.PositiveIntegerField(_("brake: items"), default=10)
    brake_percent = models.PositiveIntegerField(
        _("brake: %"), default=20, validators=[MaxValueValidator(100)]
    )
    # A price that changes by more waits for the merchant's yes; null holds none.
    price_hold_percent = models.PositiveIntegerField(
        _("price control: %"),
        null=True,
        blank=True,
        default=50,
        db_default=50,
        validators=[MinValueValidator(5), MaxValueValidator(1000)],
    )

    objects = SyncConfigQuerySet.as_manager()

    class Meta:
        verbose_name = _("sync rules")
        verbose_name_plural = _("sync rules")

    def __str__(self) -> str:
        return str(self.user)


class SyncFilter(models.Model):
    """One line of the merchant's choice of what goes to VK.

    Goods that come back under another id get a row of their own that `follows` the old one; the old row
    stays in force. `answered_at` is when the merchant last approved goods that might be left-out ones.
    """

    class Entity(models.TextChoices):
        STORE = "store", _("store")
        GROUP = "group", _("group")
        PRODUCT = "product", _("product")

    class Mode(models.TextChoices):
        INCLUDE = "include", _("only these")
        EXCLUDE = "exclude", _("all but these")

    sync_config = models.ForeignKey(
        SyncConfig, models.CASCADE, related_name="filters", verbose_name=_("sync rules")
    )
    entity_type = models.CharField(_("kind"), max_length=8, choices=Entity)
    entity_id = ExactCharField(_("Evotor id"), max_length=36)
    entity_name = models.CharField(_("name"), max_length=255, blank=True, default="")
    filter_mode = models.CharField(_("mode"), max_length=8, choices=Mode)
    parent_entity_id = ExactCharField(_("parent id"), max_length=36, blank=True, default="")
    follows = ExactCharField(max_length=36, blank=True, default="", db_default="", editable=False)
    answered_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("filter")
        verbose_name_plural = _("filters")
        constraints = [
            models.UniqueConstraint(
                fields=["sync_config", "entity_type", "entity_id"], name="one_filter_per_entity"
            )
        ]

    def __str__(self) -> str:
        return f"{self.filter_mode} {self.entity_type} {self.entity_name or self.entity_id}"


class FeedQuerySet(models.QuerySet["Feed"]):
    """Merchants' YML feeds."""

    def for_user(self, user: User | int) -> Self:
        """Filter to one merchant's, given as a user or an id; there is at most one."""
        return self.filter(user=user)

    def with_token_hash(self, token_hash: str) -> Self:
        """Filter to the one at this address, while its merchant is with us."""
        return self.of_active().filter(token_hash=token_hash)

    def of_active(self) -> Self:
        """Filter to those of merchants who are with us."""
        return self.filter(user__is_active=True)

    def least_lately_looked_at(self) -> Self:
        """Order from the one that the schedule has not looked at for longest."""
        return self.order_by(models.F("looked_at").asc(nulls_first=True), "pk")


class Feed(models.Model):
    """A merchant's goods as a YML file at a secret address, for importers that read such files.

    The hash finds the row; the token itself is kept encrypted, so that the merchant can see the
    address again. `fingerprint` stands for all that the file says, `changed_at` for when it last
    said something else, `offers` for how many goods it then had. `file` is packed by gzip and is deleted with
    the row (syncing/receivers.py); `withheld_offers` is how few goods a withheld feed would have now.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="feed", verbose_name=_("user")
    )
    token = EncryptedTextField(editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("address made"), default=timezone.now)
    fingerprint = models.CharField(max_length=64, blank=True, default="", editable=False)
    changed_at = models.DateTimeField(_("changed"), null=True, blank=True)
    offers = models.PositiveIntegerField(_("goods"), null=True, blank=True)
    read_at = models.DateTimeField(_("last read"), null=True, blank=True)
    file = models.FileField(_("file"), max_length=200, blank=True, default="", db_default="", editable=False)
    withheld_offers = models.PositiveIntegerField(_("goods, if it were handed out"), null=True, blank=True)
    # When the schedule last compared it with what it is made from.
    looked_at = models.DateTimeField(null=True, editable=False)

    objects = FeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("feed")
        verbose_name_plural = _("feeds")

    def __str__(self) -> str:
        return str(self.user)
