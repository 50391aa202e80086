"""The enumerations of the connections app, as they stand in its tables and on its queues."""

from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from connections.clients.service import Service

SERVICE_LABELS = {Service.EVOTOR: _("Evotor"), Service.VK: _("VK")}


class EvotorConnectionType(TextChoices):
    """Where the token of an Evotor account comes from."""

    WEBHOOK = "webhook", _("from Evotor's market")
    MANUAL = "manual", _("pasted token")
    OAUTH = "oauth", _("OAuth")


class VkConnectionType(TextChoices):
    """Where the token of a VK community comes from."""

    VK_ID = "vk_id", _("VK ID")
    PASTED = "pasted", _("pasted token")


class HealthEvent(TextChoices):
    """A change in the health of a connection."""

    ONLINE = "online", _("online")
    OFFLINE = "offline", _("offline")
    TOKEN_REFRESHED = "token_refreshed", _("token refreshed")
    TOKEN_REFRESH_FAILED = "token_refresh_failed", _("token refresh failed")


class LinkingEvent(TextChoices):
    """A step in linking an Evotor account to a merchant."""

    CODE_ISSUED = "code_issued", _("link code issued")
    CODE_CLAIMED = "code_claimed", _("claimed by link code")
    PASTED = "pasted", _("claimed by token")
    REFUSED = "refused", _("refused")
    RELEASED = "released", _("released")


class LinkingDetail(StrEnum):
    """Why Evotor's form was refused; `CannotConnect` has codes of its own."""

    THROTTLED = "throttled"
    BAD_CODE = "bad_code"
    LINKED_ELSEWHERE = "bound_elsewhere"


class WebhookKind(StrEnum):
    """The kinds of Evotor's webhook deliveries."""

    CREATE = "user/create"
    VERIFY = "user/verify"
    TOKEN = "user/token"  # noqa: S105 - the name of a webhook
    SUBSCRIPTION = "subscription"
    INSTALLATION = "installation"
    PRODUCTS = "products"
    DOCUMENTS = "documents"


class NotificationKind(StrEnum):
    """The emails about a connection; their templates have these names."""

    LOST = "lost"
    BACK = "back"
    GRANTED = "granted"
    ATTEMPT = "attempt"


class CheckCode(StrEnum):
    """One right or setting that a sync needs from a service."""

    USER = "user"
    ROLE = "role"
    MARKET = "market"
    SCOPE = "scope"
    PHOTOS = "photos"
    STORES = "stores"
    PRODUCTS = "products"
    STOCK = "stock"


class RefusalCode(StrEnum):
    """Why a connection was refused by EvoSync itself; the services' errors have their own codes."""

    NO_TOKEN = "connect.no_token"  # noqa: S105 - an error's code
    BAD_TOKEN = "connect.bad_token"  # noqa: S105 - an error's code
    ANOTHER_TOKEN = "connect.another_token"  # noqa: S105 - an error's code
    BAD_GROUP = "connect.bad_group"
    LINKED_ELSEWHERE = "connect.bound_elsewhere"
    TOO_MANY_CODES = "connect.too_many_codes"
    WRONG_STATE = "connect.wrong_state"
    ACCESS_DENIED = "connect.access_denied"
    USER = "connect.user"
    ROLE = "connect.role"
    MARKET = "connect.market"
    SCOPE = "connect.scope"
    PHOTOS = "connect.photos"

    @classmethod
    def of_check(cls, code: CheckCode) -> "RefusalCode":
        """Return the refusal that a failed check of a VK community leads to."""
        return cls(f"connect.{code}")
