"""The enumerations of the accounts app."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ItemsAfterClosure(TextChoices):
    """What becomes of the items in VK when an account is closed."""

    LEAVE = "leave", _("Leave them in VK as they are")
    HIDE = (
        "hide",
        _("Hide them in VK: buyers no longer see them, you can show them again"),
    )
    REMOVE = "remove", _("Remove them from VK")


class SecurityEventKind(TextChoices):
    """What touches the safety of an account."""

    LOGIN = "login", _("Login")
    LOGIN_FAILED = "login_failed", _("Wrong password")
    LOCKED_OUT = "locked_out", _("Too many wrong passwords: more were not tried")
    LOGOUT = "logout", _("Logout")
    SESSIONS_ENDED = "sessions_ended", _("All other devices were logged out")
    PASSWORD_CHANGED = "password_changed", _("The password was changed")
    PASSWORD_RESET = "password_reset", _("A new password was set through an email")
    FACTOR_ADDED = "factor_added", _("Two-factor login was switched on")
    FACTOR_REMOVED = "factor_removed", _("Two-factor login was switched off")
    FACTOR_REMOVED_BY_STAFF = "factor_removed_by_staff", _("Two-factor login was switched off by support")
    FACTOR_FAILED = "factor_failed", _("Wrong code of two-factor login")
    RECOVERY_CODES = "recovery_codes", _("New recovery codes were made")
    EMAIL_ADDED = "email_added", _("An email address was added")
    EMAIL_CONFIRMED = "email_confirmed", _("An email address was confirmed")
    EMAIL_CHANGED = "email_changed", _("The main email address was changed")
    EMAIL_REMOVED = "email_removed", _("An email address was removed")
    EVOTOR_CONNECTED = "evotor_connected", _("Evotor was connected")
    EVOTOR_CODE = "evotor_code", _("A code to connect Evotor was made")
    EVOTOR_DISCONNECTED = "evotor_disconnected", _("Evotor was disconnected")
    VK_CONNECTED = "vk_connected", _("VK was connected")
    VK_DISCONNECTED = "vk_disconnected", _("VK was disconnected")
    FEED_ADDRESS = "feed_address", _("The address of the feed was changed")
    PHOTO_LINK = "photo_link", _("A link for photos without a login was made")
    SUPPORT_ALLOWED = "support_allowed", _("Support was allowed to look")
    SUPPORT_FORBIDDEN = "support_forbidden", _("Support may not look any more")
    SUPPORT_VISIT = "support_visit", _("Support looked at your pages")
    SUPPORT_READ = "support_read", _("Support read about your goods in its own pages")
    CHAT_LINKED = "chat_linked", _("A chat was linked: it is told about your shop and can pause the sync")
    CHAT_UNLINKED = "chat_unlinked", _("A chat was unlinked")
    BROWSER_ADDED = "browser_added", _("A browser was added: it shows messages about your shop")
    BROWSER_REMOVED = "browser_removed", _("A browser was removed: it shows no messages any more")
    SWITCHED_IN_CHAT = "switched_in_chat", _("The sync was switched on or off in a chat")
    PLAN_APPROVED_BY_LINK = "plan_approved_by_link", _("A stopped plan was approved by the link in a message")
    PLAN_DROPPED_BY_LINK = "plan_dropped_by_link", _("A stopped plan was dropped by the link in a message")
    PRICES_APPROVED_BY_LINK = (
        "prices_approved_by_link",
        _("New prices were approved by the link in a message"),
    )
    PRICES_REFUSED_BY_LINK = "prices_refused_by_link", _("New prices were refused by the link in a message")

    GOODS_EXPORTED = "goods_exported", _("Your goods were downloaded as a table")
    TABLE_IMPORTED = "table_imported", _("Goods were changed by a table")
    DATA_EXPORTED = "data_exported", _("Your data was downloaded")
    CLOSING = "closing", _("The account was closed")


# Of these the merchant is told by an email of ours; allauth tells of passwords, factors and the old address.
TOLD = frozenset(
    {
        SecurityEventKind.SESSIONS_ENDED,
        SecurityEventKind.FACTOR_REMOVED_BY_STAFF,
        SecurityEventKind.EMAIL_ADDED,
        SecurityEventKind.EMAIL_CHANGED,
        SecurityEventKind.EMAIL_REMOVED,
        SecurityEventKind.EVOTOR_CONNECTED,
        SecurityEventKind.EVOTOR_DISCONNECTED,
        SecurityEventKind.VK_CONNECTED,
        SecurityEventKind.VK_DISCONNECTED,
        SecurityEventKind.FEED_ADDRESS,
        SecurityEventKind.CHAT_LINKED,
        SecurityEventKind.BROWSER_ADDED,
        SecurityEventKind.DATA_EXPORTED,
    }
)
# These are told to the address that they are about, since allauth tells the other one.
TOLD_TO_THE_OTHER = frozenset({SecurityEventKind.EMAIL_CHANGED, SecurityEventKind.EMAIL_REMOVED})
# What a stranger can cause: many in an hour are one row.
FAILURES = frozenset(
    {SecurityEventKind.LOGIN_FAILED, SecurityEventKind.LOCKED_OUT, SecurityEventKind.FACTOR_FAILED}
)
