"""Every error of VK ID's login, which answers with words instead of numbers."""

from collections.abc import Mapping

from connections.clients.error_catalog.codes import VkIdError
from connections.clients.error_catalog.rows import OURS, CodeRow, Reaction, gettext_noop, rows

_ = gettext_noop

LOGIN_AGAIN = _("Log in with VK again on the Connections page.")
_LOGIN_AGAIN = rows(
    Reaction.OFFLINE,
    LOGIN_AGAIN,
    {
        VkIdError.INVALID_GRANT: _("VK has ended this login."),
        VkIdError.INVALID_TOKEN: _("VK has ended this login."),
        VkIdError.LOGIN_REQUIRED: _("VK asks you to log in again."),
        VkIdError.INTERACTION_REQUIRED: _("VK asks you to confirm the access again."),
        VkIdError.INVALID_REQUEST: _("VK does not know this login any more."),
        VkIdError.NOT_SAVED: _("VK renewed this login, but EvoSync could not keep it."),
    },
)
VK_ID_LOGIN_HELPS = frozenset(_LOGIN_AGAIN)
VK_ID_CODES: Mapping[str, CodeRow] = (
    _LOGIN_AGAIN
    | rows(
        Reaction.MERCHANT,
        _("Press the button again and allow the access. If that does not help, tell EvoSync's operator."),
        {
            VkIdError.ACCESS_DENIED: _("The access was not allowed in VK."),
            VkIdError.INVALID_CLIENT: _("VK does not know the registration that EvoSync logs in with."),
            VkIdError.UNAUTHORIZED_CLIENT: _(
                "VK does not let people in with the registration that EvoSync logs in with."
            ),
        },
    )
    | rows(
        Reaction.MERCHANT,
        _("EvoSync's operator asks VK for them. Until VK agrees, use another way to connect."),
        {
            VkIdError.INVALID_SCOPE: _("VK has not given EvoSync the rights to products and communities."),
        },
    )
    | rows(
        Reaction.MERCHANT,
        _("You need not do anything: EvoSync asks VK every day and writes to you when it has agreed."),
        {
            VkIdError.NO_MARKET_RIGHT: _(
                "VK has let you in, but it does not let EvoSync manage products yet: its moderators are "
                "still looking."
            ),
        },
    )
    | rows(
        Reaction.RETRY,
        _("Nothing has changed. Try again in a few minutes."),
        {
            VkIdError.SERVER_ERROR: _("VK's login does not work at the moment."),
            VkIdError.TEMPORARILY_UNAVAILABLE: _("VK's login does not work at the moment."),
            VkIdError.SLOW_DOWN: _("VK's login is asked too often at the moment."),
            VkIdError.BAD_JSON: _("VK's login answered with something unreadable."),
        },
    )
    | rows(
        Reaction.BUG,
        OURS,
        {
            VkIdError.WRONG_STATE: _("VK's login answered another question than ours."),
            VkIdError.UNKNOWN: _("VK's login answered with an error that EvoSync does not know."),
        },
    )
)
