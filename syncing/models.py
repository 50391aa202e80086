"""The merchant's rules, the map from products to VK items, and the journal of runs."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalog.models import Product
from connections.fields import EncryptedTextField, ExactCharField
from syncing.querysets import (
    FeedQuerySet,
    ListingQuerySet,
    SyncConfigQuerySet,
    SyncJobItemQuerySet,
    SyncJobQuerySet,
)


class SyncConfig(models.Model):
    """One merchant's rules. The defaults are what a shop wants on its first day."""

    class Rounding(models.TextChoices):
        KOPECK = "kopeck", _("to the kopeck")
        ROUBLE = "rouble", _("to the rouble")
        ROUBLE_UP = "rouble_up", _("up to the rouble")
        TEN_UP = "ten_up", _("up to ten roubles")

    class OutOfStock(models.TextChoices):
        KEEP = "keep", _("show as sold out")
        HIDE = "hide", _("hide")

    class Albums(models.TextChoices):
        GROUP = "group", _("one per group")
        TOP_GROUP = "top_group", _("one per top group")
        NONE = "none", _("none")

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

    markup_percent = models.DecimalField(
        _("markup, %"),
        max_digits=6,
        decimal_places=2,
        default=0,
        validators=[MinValueValidator(-90), MaxValueValidator(1000)],
    )
    rounding = models.CharField(_("rounding"), max_length=16, choices=Rounding, default=Rounding.KOPECK)
    out_of_stock = models.CharField(
        _("when sold out"), max_length=8, choices=OutOfStock, default=OutOfStock.KEEP
    )
    sentence_case = models.BooleanField(_("names in CAPITALS to ordinary case"), default=True)
    description_template = models.TextField(_("description template"), blank=True, default="")
    default_category_id = models.PositiveIntegerField(_("VK category"), null=True, blank=True)
    category_by_group = models.JSONField(_("VK category by group"), default=dict, blank=True)
    albums = models.CharField(_("albums"), max_length=16, choices=Albums, default=Albums.GROUP)
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

    objects = SyncConfigQuerySet.as_manager()

    class Meta:
        verbose_name = _("sync rules")
        verbose_name_plural = _("sync rules")

    def __str__(self) -> str:
        return str(self.user)


class SyncFilter(models.Model):
    """One line of the merchant's choice of what goes to VK."""

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


class Feed(models.Model):
    """A merchant's goods as a YML file at a secret address, for importers that read such files.

    The hash finds the row; the token itself is kept encrypted, so that the merchant can see his
    address again. `fingerprint` stands for all that the file says, `changed_at` for when it last
    said something else, `offers` for how many goods it then had.
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

    objects = FeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("feed")
        verbose_name_plural = _("feeds")

    def __str__(self) -> str:
        return str(self.user)


class Album(models.Model):
    """A VK album that stands for a till group, found by its title."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("user"))
    vk_group_id = models.BigIntegerField(_("community id"))
    key = ExactCharField(_("title key"), max_length=128)
    vk_album_id = models.BigIntegerField(_("VK album id"))

    class Meta:
        verbose_name = _("album")
        verbose_name_plural = _("albums")
        constraints = [
            models.UniqueConstraint(fields=["user", "vk_group_id", "key"], name="one_album_per_key")
        ]

    def __str__(self) -> str:
        return self.key


class Listing(models.Model):
    """What we know of one product's VK item.

    A row exists from the moment before VK is first asked to create the item. `sent` holds the
    fields as VK last confirmed them; `photo_id` is a picture that VK has saved for this item,
    used or not; `merchant_fields` are those that the merchant has edited in VK and owns.
    """

    class State(models.TextChoices):
        CREATING = "creating", _("being created")
        LIVE = "live", _("in VK")
        HIDDEN = "hidden", _("hidden")
        REMOVING = "removing", _("being removed")
        REMOVED = "removed", _("removed")
        FAILED = "failed", _("failed")

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
    merchant_fields = models.JSONField(_("the merchant's own fields"), default=list, blank=True)
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
    def vk_url(self) -> str:
        """The item's public page, empty before it exists."""
        if self.vk_item_id is None:
            return ""
        return f"https://vk.com/market-{self.vk_group_id}?w=product-{self.vk_group_id}_{self.vk_item_id}"


class SyncJob(models.Model):
    """One run for one merchant, asked for or done.

    `active_key` holds the user's id while the job is unfinished and null afterwards; its
    uniqueness is what allows one unfinished job per merchant on a database without partial
    indexes.
    """

    class Trigger(models.TextChoices):
        SCHEDULE = "schedule", _("schedule")
        MANUAL = "manual", _("button")
        WEBHOOK = "webhook", _("push from the till")
        COMMAND = "command", _("command")
        ADMIN = "admin", _("staff")

    class Status(models.TextChoices):
        PENDING = "pending", _("waiting")
        RUNNING = "running", _("running")
        SUCCESS = "success", _("done")
        PARTIAL = "partial", _("done, with errors")
        FAILED = "failed", _("failed")
        NEEDS_APPROVAL = "needs_approval", _("asks you")
        CANCELLED = "cancelled", _("cancelled")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="sync_jobs", verbose_name=_("user")
    )
    active_key = models.PositiveBigIntegerField(null=True, unique=True, editable=False)
    triggered_by = models.CharField(_("started by"), max_length=16, choices=Trigger)
    status = models.CharField(_("state"), max_length=16, choices=Status, default=Status.PENDING)
    created_at = models.DateTimeField(_("asked for"), default=timezone.now)
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    heartbeat_at = models.DateTimeField(_("last sign of life"), null=True, blank=True)
    not_before = models.DateTimeField(_("not before"), null=True, blank=True)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    lease = models.CharField(max_length=36, blank=True, default="", editable=False)
    stop_requested = models.BooleanField(_("stop asked for"), default=False)
    again = models.BooleanField(default=False, editable=False)
    message_id = models.CharField(max_length=36, blank=True, default="", editable=False)

    phase = models.CharField(_("phase"), max_length=16, blank=True, default="")
    total = models.PositiveIntegerField(_("to do"), default=0)
    done = models.PositiveIntegerField(_("done"), default=0)
    items_created = models.PositiveIntegerField(_("created"), default=0)
    items_updated = models.PositiveIntegerField(_("updated"), default=0)
    items_hidden = models.PositiveIntegerField(_("hidden"), default=0)
    items_deleted = models.PositiveIntegerField(_("removed"), default=0)
    items_skipped = models.PositiveIntegerField(_("left out"), default=0)
    items_unchanged = models.PositiveIntegerField(_("unchanged"), default=0)
    skipped_by_reason = models.JSONField(_("left out, by reason"), default=dict, blank=True)
    requests = models.JSONField(_("requests"), default=dict, blank=True)
    error_count = models.PositiveIntegerField(_("errors"), default=0)
    error_code = models.CharField(_("error"), max_length=64, blank=True, default="")
    error_detail = models.TextField(_("detail"), blank=True, default="")

    plan_hash = models.CharField(max_length=64, blank=True, default="")
    questions = models.JSONField(_("questions"), default=list, blank=True)
    approved_plan = models.CharField(max_length=64, blank=True, default="")
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)

    # Not in the row: this process took the job from an owner that died in the middle of it.
    took_over = False

    objects = SyncJobQuerySet.as_manager()

    class Meta:
        verbose_name = _("run")
        verbose_name_plural = _("runs")
        indexes = [
            models.Index(fields=["user", "-id"], name="job_by_user"),
            models.Index(fields=["status", "heartbeat_at"], name="job_by_state"),
            models.Index(fields=["finished_at"], name="job_by_end"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.user}"

    @property
    def is_finished(self) -> bool:
        """Whether nothing more happens to this job by itself."""
        return self.active_key is None


class SyncJobItem(models.Model):
    """One product's part in a run. `changes` maps a field to [old, new]."""

    class Action(models.TextChoices):
        CREATE = "create", _("create")
        UPDATE = "update", _("change")
        HIDE = "hide", _("hide")
        RESTORE = "restore", _("show again")
        REMOVE = "remove", _("remove")
        SKIP = "skip", _("leave out")

    class Result(models.TextChoices):
        PLANNED = "planned", _("planned")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    job = models.ForeignKey(SyncJob, models.CASCADE, related_name="items", verbose_name=_("run"))
    product = models.ForeignKey(
        Product, models.SET_NULL, null=True, blank=True, related_name="job_items", verbose_name=_("product")
    )
    store_evotor_id = ExactCharField(_("store"), max_length=36, blank=True, default="")
    product_evotor_id = ExactCharField(_("product"), max_length=36, blank=True, default="")
    product_name = models.CharField(_("name"), max_length=255, blank=True, default="")
    action = models.CharField(_("action"), max_length=8, choices=Action)
    reason = models.CharField(_("reason"), max_length=64, blank=True, default="")
    changes = models.JSONField(_("changes"), default=dict, blank=True)
    result = models.CharField(_("result"), max_length=8, choices=Result, default=Result.PLANNED)
    error_code = models.CharField(_("error"), max_length=64, blank=True, default="")
    error_text = models.TextField(_("what VK said"), blank=True, default="")
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    objects = SyncJobItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("item of a run")
        verbose_name_plural = _("items of runs")
        indexes = [
            models.Index(fields=["job", "action", "result"], name="item_by_job"),
            # Staff look at the latest refusals of all merchants.
            models.Index(fields=["result"], name="item_by_result"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.product_name}"
