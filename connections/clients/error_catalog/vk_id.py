"""Every error of VK ID's login, which answers with words instead of numbers."""

from collections.abc import Mapping

from connections.clients.error_catalog.rows import OURS, CodeRow, Reaction, gettext_noop, rows

_ = gettext_noop

VK_ID_CODES: Mapping[str, CodeRow] = (
    rows(
        "vk_id",
        Reaction.OFFLINE,
        _("Log in with VK again on the Connections page."),
        {
            "invalid_grant": _("VK has ended this login."),
            "invalid_token": _("VK has ended this login."),
            "login_required": _("VK asks you to log in again."),
            "interaction_required": _("VK asks you to confirm the access again."),
            "invalid_request": _("VK does not know this login any more."),
            "not_saved": _("VK renewed this login, but EvoSync could not keep it."),
        },
    )
    | rows(
        "vk_id",
        Reaction.MERCHANT,
        _("Press “Connect with VK” again and allow the access, or use another app."),
        {
            "access_denied": _("The access was not allowed in VK."),
            "invalid_scope": _("VK does not give this app the right to products."),
            "invalid_client": _("VK does not know this app."),
            "unauthorized_client": _("VK does not let this app log people in."),
        },
    )
    | rows(
        "vk_id",
        Reaction.RETRY,
        _("Nothing has changed. Try again in a few minutes."),
        {
            "server_error": _("VK's login does not work at the moment."),
            "temporarily_unavailable": _("VK's login does not work at the moment."),
            "slow_down": _("VK's login is asked too often at the moment."),
            "bad_json": _("VK's login answered with something unreadable."),
        },
    )
    | rows(
        "vk_id",
        Reaction.BUG,
        OURS,
        {
            "wrong_state": _("VK's login answered another question than ours."),
            "unknown": _("VK's login answered with an error that EvoSync does not know."),
        },
    )
)
