"""Enumerations of the sync. Their values are stored in rows, sent as messages or read by scripts."""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _

from syncing.core.choices import PriceCause, PriceVerdict
from syncing.core.feed.readers import LinkKind, ReaderKey, VendorSource
from syncing.core.tables.records import LineKind


class JobTrigger(models.TextChoices):
    """What asked for a run."""

    SCHEDULE = "schedule", _("schedule")
    MANUAL = "manual", _("button")
    WEBHOOK = "webhook", _("push from the till")
    COMMAND = "command", _("command")
    ADMIN = "admin", _("staff")


class BulkAction(models.TextChoices):
    """What the merchant does with many goods at once."""

    CATEGORY = "category", _("Set the VK category")
    EXCLUDE = "exclude", _("Leave out of VK")
    INCLUDE = "include", _("Put into VK")
    ALLOW = "allow", _("Unsure goods: may be sold")
    FORBID = "forbid", _("Unsure goods: do not sell")
    TEXT = "text", _("Give a text of your own")
    ALBUM = "album", _("Put into an album")
    PHOTO = "photo", _("Give one photo")
    GIVE_BACK = "give_back", _("Give back to the till")
    RULE = "rule", _("Make a rule for the price")
    # Not offered for ticked goods: it comes with a file.
    TABLE = "table", _("Import of a table")


class RestrictedScope(models.TextChoices):
    """What a decision on restricted goods is about."""

    NAME = "name", _("name")
    BRAND = "brand", _("brand")
    GROUP = "group", _("group")


class RestrictedVerdict(models.TextChoices):
    """What the merchant decided."""

    ALLOWED = "allowed", _("may be sold")
    FORBIDDEN = "forbidden", _("is not sold")


class PriceCauseChoices(models.TextChoices):
    """Why a new price waits, in words."""

    PERCENT = PriceCause.PERCENT, _("a large change")
    TENFOLD = PriceCause.TENFOLD, _("ten times as much or as little")


class PriceVerdictChoices(models.TextChoices):
    """What the merchant said to a held price, in words."""

    WAITING = PriceVerdict.WAITING, _("waits for an answer")
    APPROVED = PriceVerdict.APPROVED, _("approved")
    ACCEPTED = PriceVerdict.ACCEPTED, _("right from now on")
    REFUSED = PriceVerdict.REFUSED, _("refused")


class JobStatus(models.TextChoices):
    """Where a run stands, or how it has ended."""

    PENDING = "pending", _("waiting")
    RUNNING = "running", _("running")
    SUCCESS = "success", _("done")
    PARTIAL = "partial", _("done, with errors")
    FAILED = "failed", _("failed")
    NEEDS_APPROVAL = "needs_approval", _("asks you")
    CANCELLED = "cancelled", _("cancelled")


class JobDecision(models.TextChoices):
    """What became of a held plan."""

    APPROVED = "approved", _("approved")
    REJECTED = "rejected", _("dropped")
    REPLACED = "replaced", _("replaced by a newer run")


class JobPhase(StrEnum):
    """How far a run has come. `BULK`: prices and stocks are right, new items go on in the long queue.

    `PREFLIGHT` is no run: a rehearsal holds the account, so that no run begins.
    """

    REFRESH = "refresh"
    PLAN = "plan"
    PUBLISH = "publish"
    BULK = "bulk"
    PREFLIGHT = "preflight"


# A run in one of these has begun to write, so its plan has passed the safety check.
WRITING_PHASES = (JobPhase.PUBLISH, JobPhase.BULK)


class JobCode(StrEnum):
    """Why a run ended without an error of VK or Evotor, or why something cannot be done with it."""

    STOPPED = "stopped"
    PLAN_HELD = "brake"
    PLAN_EXPIRED = "plan_expired"
    NOT_ASKING = "not_asking"
    RUNNING = "running"
    ACCOUNT_CLOSING = "leaving"
    OTHER_COMMUNITY = "other_community"


class ClosureResult(StrEnum):
    """How an account closure ended; the emails' templates are named by it."""

    DELETED = "left"
    KEPT = "stayed"


class ItemResult(models.TextChoices):
    """What came of one product in a run."""

    PLANNED = "planned", _("planned")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")


class ListingState(models.TextChoices):
    """What VK has of a product."""

    CREATING = "creating", _("being created")
    LIVE = "live", _("in VK")
    HIDDEN = "hidden", _("hidden")
    REMOVED = "removed", _("removed")
    FAILED = "failed", _("failed")


class ComputationKind(models.TextChoices):
    """What workers compute for pages and files."""

    PREVIEW = "preview", _("preview of a run")
    FEED = "feed", _("feed")
    CATALOG = "catalog", _("goods that are left out")
    RULE = "rule", _("rule that is tried")
    TABLE = "table", _("table that is read")
    COUNTS = "counts", _("goods in each state")
    EXPORT = "export", _("table that is written")


class TableState(models.TextChoices):
    """Where an import of a table stands. READY: what was read and not imported yet is asked about."""

    READING = "reading", _("being read")
    READY = "ready", _("waits for your yes")
    REFUSED = "refused", _("could not be read")
    DONE = "done", _("imported")
    TAKEN_BACK = "taken_back", _("taken back")


class TableFormat(models.TextChoices):
    """As what a table of goods is written; the value is the ending of the file's name."""

    XLSX = "xlsx", "XLSX"
    CSV = "csv", "CSV"


class TableExportState(models.TextChoices):
    """Where a table that a worker writes stands."""

    ASKED = "asked", _("being written")
    READY = "ready", _("can be downloaded")
    FAILED = "failed", _("could not be written")


class TableExportProblem(models.TextChoices):
    """Why a table could not be written."""

    STORAGE = "storage", _("no room, or the storage is away")
    TOO_BIG = "too_big", _("too big")


class TableLineKind(models.TextChoices):
    """What comes of one line of a table, in words."""

    CHANGED = LineKind.CHANGED.value, _("changed")
    SAME = LineKind.SAME.value, _("as it is")
    BAD = LineKind.BAD.value, _("bad line")


class FeedReader(models.TextChoices):
    """Who reads a feed of its own; the common one is for all others."""

    YANDEX_MARKET = ReaderKey.YANDEX_MARKET.value, _("Yandex Market")
    YANDEX_DIRECT = ReaderKey.YANDEX_DIRECT.value, _("Yandex Direct")
    VK_ADS = ReaderKey.VK_ADS.value, _("VK Ads")
    SOC_COMMERCE = ReaderKey.SOC_COMMERCE.value, _("Soc-Commerce")
    AVITO = ReaderKey.AVITO.value, _("Avito Autoload")


class FeedLink(models.TextChoices):
    """Where a product's page is."""

    NONE = LinkKind.NONE.value, _("no link")
    SITE = LinkKind.SITE.value, _("on my own site")
    VK = LinkKind.VK.value, _("the item's page in VK")


class FeedVendor(models.TextChoices):
    """Where the maker's name comes from."""

    NONE = VendorSource.NONE.value, _("say nothing")
    TEXT = VendorSource.TEXT.value, _("one name for all goods")
    GROUP = VendorSource.GROUP.value, _("the name of the product's group in the till")


class ChannelKind(models.TextChoices):
    """The ways by which notifications reach a merchant."""

    EMAIL = "email", _("email")
    TELEGRAM = "telegram", "Telegram"
    MAX = "max", "MAX"
    PUSH = "push", _("browser")


class DeliveryStage(models.TextChoices):
    """What one delivery tells."""

    BEGIN = "begin", _("a trouble")
    END = "end", _("the end of a trouble")
    DIGEST = "digest", _("weekly digest")
    LOST = "lost", _("a channel that takes nothing any more")
    TEST = "test", _("test")


class DeliveryState(models.TextChoices):
    """Where a delivery stands. `UNSURE`: it was perhaps sent, so it is not sent again."""

    WAITING = "waiting", _("waiting")
    SENDING = "sending", _("being sent")
    SENT = "sent", _("sent")
    UNSURE = "unsure", _("perhaps sent")
    REFUSED = "refused", _("refused")
    DROPPED = "dropped", _("no longer needed")
