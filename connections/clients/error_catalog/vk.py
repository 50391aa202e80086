"""Every error of VK's API: what it means and who acts next.

Sources: VK's errors.json (API 5.199) and reference notes on its use in the market.
"""

from collections.abc import Mapping

from connections.clients.error_catalog.rows import NOTHING, OURS, CodeRow, Reaction, gettext_noop, rows

_ = gettext_noop

WAIT = _("You need not do anything; EvoSync goes on later by itself.")
RECONNECT = _("Connect VK again on the Connections page.")
OUR_APP = _("This is ours to repair; the operator has to look at EvoSync's VK app.")
RIGHTS = _("In VK, make the account that you connected an editor or administrator of the community.")
MARKET_ON = _("In VK, open Manage → Sections and turn on Products, then run the sync again.")
CHECK_ITEM = _("Correct the product in the till, or leave it out by a filter.")

_VK_RETRY = rows(
    "vk",
    Reaction.UNSURE,
    NOTHING,
    {
        1: _("VK reports an unknown error of its own."),
        10: _("VK reports an internal error of its own."),
        32: _("VK asks to wait a little."),
        36: _("VK took too long to carry out the call."),
        "timeout": _("VK did not answer in time."),
        "network": _("The connection to VK broke."),
        "bad_json": _("VK answered with something that is not an answer."),
        "http_500": _("VK's servers report an error."),
        "http_502": _("VK's servers cannot be reached behind their gateway."),
        "http_503": _("VK's servers are overloaded."),
        "http_504": _("VK's servers did not answer their gateway in time."),
    },
)
_VK_AGAIN = rows(
    "vk",
    Reaction.RETRY,
    NOTHING,
    {
        22: _("VK could not take the upload of a picture."),
        104: _("VK did not find what the call was about."),
        105: _("VK could not save the picture."),
        106: _("VK could not carry out the action."),
        118: _("VK did not recognise the picture's upload server."),
        121: _("VK did not recognise the picture's upload."),
        122: _("VK did not recognise the uploaded pictures."),
        129: _("VK did not accept the uploaded picture."),
        "upload": _("VK's picture server did not take the upload."),
        "photos_missing": _("VK saved fewer pictures than were uploaded."),
        "unsteady_list": _("The list of goods in VK changed while it was read."),
        "tls": _("No trusted connection to VK could be made."),
    },
)
_VK_SLOW = rows("vk", Reaction.SLOW_DOWN, NOTHING, {6: _("VK found the calls too fast.")})
_VK_PAUSE = rows(
    "vk",
    Reaction.PAUSE,
    WAIT,
    {
        9: _("VK found too many similar calls and asks for a rest."),
        29: _("VK's limit of calls for today is reached."),
        43: _("VK has switched this section off for the moment."),
        103: _("A limit of VK is reached."),
        601: _("VK allows no more actions today."),
    },
) | rows(
    "vk",
    Reaction.PAUSE,
    _("Log in to VK with the connected account and pass the check that it shows."),
    {
        14: _("VK wants to see that a person is behind the account."),
    },
)
_VK_OFFLINE = rows(
    "vk",
    Reaction.OFFLINE,
    RECONNECT,
    {
        5: _("VK does not accept the connection's token any more."),
        15: _("VK does not allow the connection's token to manage goods."),
        17: _("VK wants the account's owner to confirm who he is."),
        18: _("The VK account that you connected is deleted or blocked."),
        24: _("VK wants a confirmation from the account's owner."),
        25: _("VK wants the token to be confirmed."),
        27: _("The token belongs to a community; goods can be managed only with a person's token."),
        28: _("The token belongs to an app; goods can be managed only with a person's token."),
        37: _("The VK account that you connected is blocked."),
        39: _("VK does not know the connected account."),
        40: _("VK does not know the connected community."),
        1114: _("The token belongs to nobody."),
        1116: _("The anonymous token is wrong."),
        1117: _("The connection's token is out of date."),
        1118: _("The anonymous token may not do this."),
        3301: _("VK wants the account's phone number to be confirmed."),
        3302: _("VK wants the account's password to be confirmed."),
        3303: _("VK wants a one-time code from the account's owner."),
        3304: _("VK wants the account's e-mail to be confirmed."),
        3305: _("VK wants the account's owner to confirm an action."),
        3609: _("The connection's token must be renewed."),
        3610: _("The VK account that you connected is switched off."),
        3611: _("VK has switched the service off for this account."),
        11500: _("VK wants a check by the account's owner."),
    },
)
_VK_APP = rows(
    "vk",
    Reaction.OFFLINE,
    OUR_APP,
    {
        2: _("VK has switched EvoSync's app off."),
        11: _("EvoSync's VK app is in the wrong mode."),
        20: _("VK does not allow this to EvoSync's kind of app."),
        21: _("VK allows this only to other kinds of apps."),
        38: _("VK does not know EvoSync's app."),
        42: _("VK does not take calls from EvoSync's address."),
        101: _("EvoSync's VK app id is wrong."),
    },
)
_VK_RIGHTS = rows(
    "vk",
    Reaction.MERCHANT,
    RIGHTS,
    {
        7: _("The connected VK account may not manage this community's goods."),
        30: _("The VK profile is private."),
        113: _("VK does not know this user."),
        125: _("VK does not know this community."),
        200: _("The connected VK account may not use the community's photos."),
        203: _("The connected VK account may not manage the community."),
        205: _("The connected VK account may not change the community's goods."),
        260: _("VK hides the list of this account's communities."),
    },
)
_VK_MARKET = rows(
    "vk",
    Reaction.MERCHANT,
    MARKET_ON,
    {
        1438: _("Products are turned off in the VK community."),
        1525: _("The market is turned off in the VK community."),
        1526: _("Services are turned off in the VK community."),
    },
)
_VK_LIMITS = rows(
    "vk",
    Reaction.MERCHANT,
    _("Leave goods out by filters, or remove old ones in VK."),
    {
        1405: _("The VK community holds as many goods as VK allows; no new ones can be added."),
        1407: _("The VK community holds as many albums as VK allows; new goods go without one."),
    },
)
_VK_ITEM = rows(
    "vk",
    Reaction.ITEM,
    CHECK_ITEM,
    {
        19: _("VK blocked this content."),
        100: _("VK did not accept a value of this product."),
        300: _("The album of pictures is full."),
        302: _("There are as many albums of pictures as VK allows."),
        1400: _("VK can no longer bring this product back."),
        1401: _("Comments on this product are closed."),
        1402: _("The album is no longer there in VK."),
        1403: _("The product is no longer there in VK."),
        1404: _("The product is in this album already."),
        1406: _("The album holds as many goods as VK allows; the product stays without it."),
        1408: _("VK does not allow a link in the description."),
        1409: _("The community has no extended market."),
        1410: _("The community's market has no variants."),
        1411: _("VK did not accept the variants."),
        1412: _("VK does not know this variant."),
        1413: _("VK does not know this property."),
        1414: _("The goods cannot be grouped."),
        1415: _("VK does not know this property's value."),
        1416: _("VK does not know this variant."),
        1417: _("There are as many variants as VK allows."),
        1418: _("There are as many properties as VK allows."),
        1419: _("There are as many values as VK allows."),
        1421: _("Two variants are the same."),
        1422: _("The variants' names are wrong."),
        1423: _("The property is in use."),
        1424: _("The value is in use."),
        1425: _("Variants have to differ."),
        1426: _("A property is missing."),
        1427: _("VK does not know this order."),
        1429: _("Width, length, height and weight go together only."),
        1430: _("The order cannot be changed any more."),
        1431: _("The market is on already."),
        1432: _("The market is off already."),
        1433: _("VK did not accept the picture's crop."),
        1434: _("The crop lies outside the picture."),
        1435: _("The crop of the picture is too small."),
        1436: _("The order's state is wrong."),
        1446: _("The main album cannot be hidden."),
        1456: _("VK did not accept the order."),
        1457: _("The main album could not be set."),
        1458: _("The main album could not be unset."),
        1518: _("The product is not removed."),
    },
)
_VK_BUG = rows(
    "vk",
    Reaction.BUG,
    OURS,
    {
        3: _("VK does not know the method that EvoSync called."),
        4: _("VK did not accept the call's signature."),
        8: _("VK did not understand EvoSync's request."),
        12: _("VK did not understand EvoSync's batch."),
        13: _("VK could not carry out EvoSync's batch."),
        16: _("VK wants an encrypted connection."),
        23: _("VK has switched the method off."),
        9999: _("VK does not take this kind of request."),
    },
)
_TOKENS = rows(
    "vk", Reaction.RETRY, NOTHING, {"token_busy": _("The VK token is being renewed at the moment.")}
)
VK_CODES: Mapping[str, CodeRow] = (
    _VK_RETRY
    | _VK_AGAIN
    | _VK_SLOW
    | _VK_PAUSE
    | _VK_OFFLINE
    | _VK_APP
    | _VK_RIGHTS
    | _VK_MARKET
    | _VK_LIMITS
    | _VK_ITEM
    | _VK_BUG
    | _TOKENS
)
