"""Every error of Evotor's cloud, of its events and of its login: what it means and who acts next."""

from collections.abc import Mapping

from connections.clients.error_catalog.rows import NOTHING, OURS, CodeRow, Reaction, gettext_noop, rows

_ = gettext_noop

RECONNECT_EVOTOR = _("Connect Evotor again on the Connections page.")

_EVOTOR = (
    rows(
        "evotor",
        Reaction.OFFLINE,
        RECONNECT_EVOTOR,
        {
            401: _("Evotor does not accept the connection's token any more."),
            403: _("Evotor does not allow this: the app is not installed, or a right is missing."),
        },
    )
    | rows(
        "evotor",
        Reaction.MERCHANT,
        _("In Evotor's cabinet, install the app on every till of the store."),
        {
            402: _("The app is not installed on all tills of a store, so Evotor does not show its goods."),
        },
    )
    | rows(
        "evotor",
        Reaction.ITEM,
        NOTHING,
        {404: _("Evotor does not have this any more.")},
    )
    | rows(
        "evotor",
        Reaction.BUG,
        OURS,
        {
            400: _("Evotor did not understand EvoSync's request."),
            405: _("Evotor does not take this kind of request."),
            406: _("Evotor does not speak the version that EvoSync asked for."),
            413: _("EvoSync's request was too large for Evotor."),
            422: _("Evotor did not accept EvoSync's request."),
        },
    )
    | rows(
        "evotor",
        Reaction.SLOW_DOWN,
        NOTHING,
        {429: _("Evotor found the calls too fast.")},
    )
    | rows(
        "evotor",
        Reaction.RETRY,
        NOTHING,
        {
            500: _("Evotor's servers report an error."),
            502: _("Evotor's servers cannot be reached behind their gateway."),
            503: _("Evotor's servers are overloaded."),
            504: _("Evotor's servers did not answer their gateway in time."),
            "timeout": _("Evotor did not answer in time."),
            "network": _("The connection to Evotor broke."),
            "tls": _("No trusted connection to Evotor could be made."),
            "bad_json": _("Evotor answered with something that is not an answer."),
            "repeated_cursor": _("Evotor's list of goods led in a circle, so it was not read to the end."),
            "too_many_pages": _("Evotor's list of goods did not end, so it was not read to the end."),
        },
    )
)
_EVOTOR_EVENTS = rows(
    "evotor",
    Reaction.OFFLINE,
    _("Install EvoSync again in Evotor's market; work goes on by itself then."),
    {"uninstalled": _("EvoSync was removed in Evotor's market.")},
) | rows(
    "evotor",
    Reaction.OFFLINE,
    _("Disconnect it there first, then connect it here."),
    {"bound_elsewhere": _("This Evotor account is connected to another EvoSync account.")},
)
_TOKENS = rows(
    "evotor", Reaction.RETRY, NOTHING, {"token_busy": _("The Evotor token is being renewed at the moment.")}
)
_EVOTOR_OAUTH = {
    row.code: row
    for row in (
        CodeRow(
            "evotor_oauth.access_denied",
            Reaction.MERCHANT,
            _("The access was not allowed in Evotor."),
            _("Press “Connect with Evotor” again and allow the access, or paste a token."),
        ),
        CodeRow(
            "evotor_oauth.invalid_grant",
            Reaction.OFFLINE,
            _("Evotor has ended this access."),
            RECONNECT_EVOTOR,
        ),
        CodeRow(
            "evotor_oauth.invalid_client",
            Reaction.BUG,
            _("Evotor does not know EvoSync's OAuth client."),
            OURS,
        ),
        CodeRow(
            "evotor_oauth.bad_json",
            Reaction.RETRY,
            _("Evotor's login answered with something unreadable."),
            NOTHING,
        ),
    )
}
EVOTOR_CODES: Mapping[str, CodeRow] = _EVOTOR | _EVOTOR_EVENTS | _TOKENS | _EVOTOR_OAUTH
