"""Every error of Evotor's cloud, of its events and of its login: what it means and who acts next."""

from collections.abc import Mapping

from connections.clients.error_catalog.codes import EvotorError, EvotorOAuthError
from connections.clients.error_catalog.rows import (
    NOT_YOURS,
    NOTHING,
    OURS,
    CodeRow,
    Reaction,
    gettext_noop,
    rows,
)

_ = gettext_noop

RECONNECT_EVOTOR = _("Connect Evotor again on the Connections page.")

_EVOTOR = (
    rows(
        Reaction.OFFLINE,
        RECONNECT_EVOTOR,
        {
            EvotorError.UNAUTHORIZED: _("Evotor does not let EvoSync in any more."),
            EvotorError.FORBIDDEN: _(
                "Evotor does not allow this: EvoSync is not installed, or a right is missing."
            ),
        },
    )
    | rows(
        Reaction.MERCHANT,
        _("In Evotor's cabinet, install EvoSync on every till of the store."),
        {
            EvotorError.NOT_INSTALLED: _(
                "EvoSync is not installed on all tills of a store, so Evotor does not show its goods."
            ),
        },
    )
    | rows(
        Reaction.ITEM,
        NOTHING,
        {EvotorError.NOT_FOUND: _("Evotor does not have this any more.")},
    )
    | rows(
        Reaction.BUG,
        OURS,
        {
            EvotorError.BAD_REQUEST: _("Evotor did not understand EvoSync's request."),
            EvotorError.METHOD_NOT_ALLOWED: _("Evotor does not take this kind of request."),
            EvotorError.NOT_ACCEPTABLE: _("Evotor does not speak the version that EvoSync asked for."),
            EvotorError.TOO_LARGE: _("EvoSync's request was too large for Evotor."),
            EvotorError.UNPROCESSABLE: _("Evotor did not accept EvoSync's request."),
        },
    )
    | rows(
        Reaction.OPERATOR,
        NOT_YOURS,
        {EvotorError.TLS_UNTRUSTED: _("EvoSync cannot reach Evotor at the moment.")},
    )
    | rows(
        Reaction.SLOW_DOWN,
        NOTHING,
        {EvotorError.TOO_MANY_REQUESTS: _("Evotor found the calls too fast.")},
    )
    | rows(
        Reaction.RETRY,
        NOTHING,
        {
            EvotorError.HTTP_500: _("Evotor's servers report an error."),
            EvotorError.HTTP_502: _("Evotor's servers cannot be reached behind their gateway."),
            EvotorError.HTTP_503: _("Evotor's servers are overloaded."),
            EvotorError.HTTP_504: _("Evotor's servers did not answer their gateway in time."),
            EvotorError.TIMEOUT: _("Evotor did not answer in time."),
            EvotorError.NETWORK: _("The connection to Evotor broke."),
            EvotorError.TLS: _("No encrypted connection to Evotor could be made."),
            EvotorError.BAD_JSON: _("Evotor answered with something that is not an answer."),
            EvotorError.REPEATED_CURSOR: _(
                "Evotor's list of goods led in a circle, so it was not read to the end."
            ),
            EvotorError.TOO_MANY_PAGES: _(
                "Evotor's list of goods did not end, so it was not read to the end."
            ),
            EvotorError.UNSTEADY_LIST: _(
                "Evotor's list left out goods that are in the till, so nothing was taken for deleted."
            ),
        },
    )
)
_EVOTOR_EVENTS = rows(
    Reaction.OFFLINE,
    _("Install EvoSync again in Evotor's market; work goes on by itself then."),
    {EvotorError.UNINSTALLED: _("EvoSync was removed in Evotor's market.")},
) | rows(
    Reaction.OFFLINE,
    _("Disconnect it there first, then connect it here."),
    {EvotorError.LINKED_ELSEWHERE: _("This Evotor account is connected to another EvoSync account.")},
)
_TOKENS = rows(
    Reaction.RETRY,
    NOTHING,
    {EvotorError.TOKEN_BUSY: _("The access to Evotor is being renewed at the moment.")},
)
_EVOTOR_OAUTH = {
    row.code: row
    for row in (
        CodeRow(
            EvotorOAuthError.ACCESS_DENIED,
            Reaction.MERCHANT,
            _("The access was not allowed in Evotor."),
            _("Press “Log in with Evotor” again and allow the access, or use another way."),
        ),
        CodeRow(
            EvotorOAuthError.INVALID_GRANT,
            Reaction.OFFLINE,
            _("Evotor has ended this access."),
            RECONNECT_EVOTOR,
        ),
        CodeRow(
            EvotorOAuthError.INVALID_CLIENT,
            Reaction.BUG,
            _("Evotor does not know EvoSync's OAuth client."),
            OURS,
        ),
        CodeRow(
            EvotorOAuthError.BAD_JSON,
            Reaction.RETRY,
            _("Evotor's login answered with something unreadable."),
            NOTHING,
        ),
        CodeRow(
            EvotorOAuthError.NOT_SAVED,
            Reaction.RETRY,
            _("Evotor renewed the access, but EvoSync could not keep it."),
            NOTHING,
        ),
    )
}
EVOTOR_CODES: Mapping[str, CodeRow] = _EVOTOR | _EVOTOR_EVENTS | _TOKENS | _EVOTOR_OAUTH
