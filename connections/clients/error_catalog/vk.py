"""Every error of VK's API: what it means and who acts next.

Sources: VK's errors.json (API 5.199) and reference notes on its use in the market.
"""

from collections.abc import Mapping
from dataclasses import replace

from connections.clients.error_catalog.codes import VkError
from connections.clients.error_catalog.rows import (
    NOT_YOURS,
    NOTHING,
    OURS,
    CodeRow,
    Limit,
    Reaction,
    gettext_noop,
    rows,
)

_ = gettext_noop

WAIT = _("You need not do anything; EvoSync goes on later by itself.")
RECONNECT = _("Connect VK again on the Connections page.")
LOGIN_AGAIN = _("Log in to VK again on the Connections page.")
REGISTER = _("Finish the registration in VK, then log in to VK again on the Connections page.")
OUR_APP = _("This is ours to repair; the operator has to look at EvoSync's registration in VK.")
RIGHTS = _("In VK, make the account that you connected an editor or administrator of the community.")
MARKET_ON = _("In VK, open Manage → Sections and turn on Products, then run the sync again.")
CHECK_ITEM = _("Correct the product in the till, or leave it out by a filter.")

_VK_RETRY = rows(
    Reaction.UNSURE,
    NOTHING,
    {
        VkError.UNKNOWN: _("VK reports an unknown error of its own."),
        VkError.INTERNAL: _("VK reports an internal error of its own."),
        VkError.WAIT_NEEDED: _("VK asks to wait a little."),
        VkError.METHOD_TIMED_OUT: _("VK took too long to carry out the call."),
        VkError.TIMEOUT: _("VK did not answer in time."),
        VkError.NETWORK: _("The connection to VK broke."),
        VkError.BAD_JSON: _("VK answered with something that is not an answer."),
        VkError.HTTP_500: _("VK's servers report an error."),
        VkError.HTTP_502: _("VK's servers cannot be reached behind their gateway."),
        VkError.HTTP_503: _("VK's servers are overloaded."),
        VkError.HTTP_504: _("VK's servers did not answer their gateway in time."),
    },
)
_VK_AGAIN = rows(
    Reaction.RETRY,
    NOTHING,
    {
        VkError.UPLOAD_FAILED: _("VK could not take the upload of a picture."),
        VkError.NOT_FOUND: _("VK did not find what the call was about."),
        VkError.PHOTO_NOT_SAVED: _("VK could not save the picture."),
        VkError.ACTION_NOT_DONE: _("VK could not carry out the action."),
        VkError.INVALID_UPLOAD_SERVER: _("VK did not recognise the picture's upload server."),
        VkError.INVALID_UPLOAD_HASH: _("VK did not recognise the picture's upload."),
        VkError.INVALID_UPLOAD_PHOTOS: _("VK did not recognise the uploaded pictures."),
        VkError.INVALID_PHOTO: _("VK did not accept the uploaded picture."),
        VkError.UPLOAD: _("VK's picture server did not take the upload."),
        VkError.PHOTOS_MISSING: _("VK saved fewer pictures than were uploaded."),
        VkError.UNSTEADY_LIST: _("The list of goods in VK changed while it was read."),
        VkError.TLS: _("No encrypted connection to VK could be made."),
    },
)
_VK_OPERATOR = rows(
    Reaction.OPERATOR,
    NOT_YOURS,
    {
        VkError.TLS_UNTRUSTED: _("EvoSync cannot reach VK at the moment."),
        VkError.UPLOAD_HOST: _("EvoSync cannot bring pictures to VK at the moment."),
    },
)
_VK_SLOW = rows(Reaction.SLOW_DOWN, NOTHING, {VkError.TOO_MANY_REQUESTS: _("VK found the calls too fast.")})
_VK_PAUSE = rows(
    Reaction.PAUSE,
    WAIT,
    {
        VkError.FLOOD_CONTROL: _("VK found too many similar calls and asks us to wait."),
        VkError.DAILY_LIMIT_REACHED: _("VK's limit of calls for today is reached."),
        VkError.SECTION_DISABLED: _("VK has switched this section off for the moment."),
        VkError.LIMIT_REACHED: _("A limit of VK is reached."),
        VkError.TOO_MANY_ACTIONS_TODAY: _("VK allows no more actions today."),
    },
) | rows(
    Reaction.PAUSE,
    _("Log in to VK with the connected account and pass the check that it shows."),
    {
        VkError.CAPTCHA_NEEDED: _("VK wants to see that a person is behind the account."),
        VkError.RECAPTCHA_NEEDED: _("VK wants to see that a person is behind the account."),
    },
)
_VK_OFFLINE = rows(
    Reaction.OFFLINE,
    RECONNECT,
    {
        VkError.AUTH_FAILED: _("VK does not let EvoSync in any more."),
        VkError.ACCESS_DENIED: _("VK does not allow EvoSync to manage goods."),
        VkError.VALIDATION_REQUIRED: _("VK wants the account's owner to confirm who they are."),
        VkError.USER_DELETED_OR_BANNED: _("The VK account that you connected is deleted or blocked."),
        VkError.CONFIRMATION_REQUIRED: _("VK wants a confirmation from the account's owner."),
        VkError.TOKEN_CONFIRMATION_REQUIRED: _("VK wants the access to be confirmed."),
        VkError.GROUP_TOKEN: _(
            "The token belongs to a community; goods can be managed only with a person's token."
        ),
        VkError.APP_TOKEN: _("The token belongs to an app; goods can be managed only with a person's token."),
        VkError.USER_BANNED: _("The VK account that you connected is blocked."),
        VkError.UNKNOWN_USER: _("VK does not know the connected account."),
        VkError.UNKNOWN_GROUP: _("VK does not know the connected community."),
        VkError.ANONYMOUS_TOKEN_EXPIRED: _("The anonymous token is out of date."),
        VkError.ANONYMOUS_TOKEN_INVALID: _("The anonymous token is wrong."),
        VkError.TOKEN_EXPIRED: _("The access that VK gave has run out."),
        VkError.ANONYMOUS_TOKEN_FROM_OTHER_ADDRESS: _("The anonymous token was given to another address."),
        VkError.PHONE_CONFIRMATION_REQUIRED: _("VK wants the account's phone number to be confirmed."),
        VkError.PASSWORD_CONFIRMATION_REQUIRED: _("VK wants the account's password to be confirmed."),
        VkError.ONE_TIME_CODE_REQUIRED: _("VK wants a one-time code from the account's owner."),
        VkError.EMAIL_CONFIRMATION_REQUIRED: _("VK wants the account's email to be confirmed."),
        VkError.ACTION_CONFIRMATION_REQUIRED: _("VK wants the account's owner to confirm an action."),
        VkError.TOKEN_EXTENSION_REQUIRED: _("The access that VK gave must be renewed."),
        VkError.USER_DEACTIVATED: _("The VK account that you connected is switched off."),
        VkError.SERVICE_DEACTIVATED: _("VK has switched the service off for this account."),
        VkError.USER_CHECK_REQUIRED: _("VK wants a check by the account's owner."),
    },
)
_VK_LOGIN_AGAIN = rows(
    Reaction.OFFLINE,
    LOGIN_AGAIN,
    {
        VkError.RIGHTS_CHANGED: _(
            "VK does not let this login manage goods: the right was not given, or VK has changed what "
            "EvoSync may do since."
        ),
    },
) | rows(
    Reaction.OFFLINE,
    REGISTER,
    {VkError.SIGN_UP_UNFINISHED: _("VK wants the connected account to be fully registered.")},
)
_VK_APP = rows(
    Reaction.OFFLINE,
    OUR_APP,
    {
        VkError.APP_DISABLED: _("VK has switched EvoSync's registration off."),
        VkError.APP_IN_TEST_MODE: _("EvoSync's registration in VK is in the wrong mode."),
        VkError.NOT_FOR_THIS_APP_KIND: _("VK does not allow this to EvoSync's kind of registration."),
        VkError.ONLY_FOR_OTHER_APP_KINDS: _("VK allows this only to other kinds of registration."),
        VkError.UNKNOWN_APP: _("VK does not know EvoSync's registration."),
        VkError.ADDRESS_NOT_ALLOWED: _("VK does not take calls from EvoSync's address."),
        VkError.CLIENT_OUT_OF_DATE: _("VK does not serve this version of EvoSync any more."),
        VkError.CLIENT_UPDATE_NEEDED: _("VK wants EvoSync to be updated."),
        VkError.INVALID_APP_ID: _("The number of EvoSync's registration in VK is wrong."),
    },
)
_VK_RIGHTS = rows(
    Reaction.MERCHANT,
    RIGHTS,
    {
        VkError.NO_PERMISSION: _("The connected VK account may not manage this community's goods."),
        VkError.PROFILE_PRIVATE: _("The VK profile is private."),
        VkError.INVALID_USER_ID: _("VK does not know this user."),
        VkError.INVALID_GROUP_ID: _("VK does not know this community."),
        VkError.PHOTO_ALBUM_ACCESS_DENIED: _("The connected VK account may not use the community's photos."),
        VkError.GROUP_ACCESS_DENIED: _("The connected VK account may not manage the community."),
        VkError.MARKET_ACCESS_DENIED: _("The connected VK account may not change the community's goods."),
        VkError.GROUPS_LIST_ACCESS_DENIED: _("VK hides the list of this account's communities."),
    },
)
_VK_MARKET = rows(
    Reaction.MERCHANT,
    MARKET_ON,
    {
        VkError.PRODUCTS_DISABLED: _("Products are turned off in the VK community."),
        VkError.MARKET_DISABLED: _("The market is turned off in the VK community."),
        VkError.SERVICES_DISABLED: _("Services are turned off in the VK community."),
    },
)
_VK_EXTENDED = rows(
    Reaction.MERCHANT,
    _("In VK, open Manage → Products and switch to the extended shop, then run the sync again."),
    {VkError.NO_EXTENDED_MARKET: _("The VK community has no extended shop.")},
)
_VK_LIMITS = rows(
    Reaction.MERCHANT,
    _("Leave goods out by filters, or remove old ones in VK."),
    {
        VkError.TOO_MANY_ITEMS: _(
            "The VK community holds as many goods as VK allows; no new ones can be added."
        ),
        VkError.TOO_MANY_ALBUMS: _(
            "The VK community holds as many albums as VK allows; new goods go without one."
        ),
    },
)
_VK_ITEM = rows(
    Reaction.ITEM,
    CHECK_ITEM,
    {
        VkError.CONTENT_BLOCKED: _("VK blocked this content."),
        VkError.INVALID_PARAMETER: _("VK did not accept a value of this product."),
        VkError.PHOTO_ALBUM_FULL: _("The album of pictures is full."),
        VkError.TOO_MANY_PHOTO_ALBUMS: _("There are as many albums of pictures as VK allows."),
        VkError.ITEM_NOT_RESTORABLE: _("VK can no longer bring this product back."),
        VkError.ITEM_COMMENTS_CLOSED: _("Comments on this product are closed."),
        VkError.ALBUM_NOT_FOUND: _("The album is no longer there in VK."),
        VkError.ITEM_NOT_FOUND: _("The product is no longer there in VK."),
        VkError.ITEM_ALREADY_IN_ALBUM: _("The product is in this album already."),
        VkError.TOO_MANY_ITEMS_IN_ALBUM: _(
            "The album holds as many goods as VK allows; the product stays without it."
        ),
        VkError.LINK_IN_DESCRIPTION: _("VK does not allow a link in the description."),
        VkError.NO_VARIANTS_IN_MARKET: _("The community's market has no variants."),
        VkError.INVALID_VARIANTS: _("VK did not accept the variants."),
        VkError.GROUPED_ITEMS_DIFFER: _("Only goods with the same properties can be grouped."),
        VkError.VARIANT_ALREADY_IN_GROUP: _("The group of goods has such a variant already."),
        VkError.GROUP_HAS_OTHER_PROPERTIES: _("The group of goods has other properties."),
        VkError.GROUP_WITHOUT_VARIANTS: _("A group of goods must have variants."),
        VkError.VARIANT_NOT_FOUND: _("VK does not know this variant."),
        VkError.PROPERTY_NOT_FOUND: _("VK does not know this property."),
        VkError.TOO_MANY_PROPERTIES: _("There are as many properties as VK allows."),
        VkError.TOO_MANY_VARIANTS: _("There are as many variants as VK allows."),
        VkError.NAME_TOO_LONG: _("The name is too long for VK."),
        VkError.VARIANT_VALUE_TOO_LONG: _("The value of a variant is too long for VK."),
        VkError.UNKNOWN_PROPERTY_TYPE: _("VK does not know this type of property."),
        VkError.GROUP_OF_ONE_ITEM: _("A group of goods must have two or more of them."),
        VkError.PROPERTIES_NOT_DISTINCT: _("Grouped goods must differ in a property."),
        VkError.CART_EMPTY: _("The cart is empty."),
        VkError.INCOMPLETE_DIMENSIONS: _("Width, length, height and weight go together only."),
        VkError.PAYMENT_STATUS_FIXED: _("The state of a payment through VK Pay cannot be changed."),
        VkError.MARKET_ALREADY_ENABLED: _("The market is on already."),
        VkError.MARKET_ALREADY_DISABLED: _("The market is off already."),
        VkError.INVALID_CROP: _("VK did not accept the picture's crop."),
        VkError.CROP_OUTSIDE_PHOTO: _("The crop lies outside the picture."),
        VkError.CROP_TOO_SMALL: _("The crop of the picture is too small."),
        VkError.ORDER_NOT_FOUND: _("VK does not know this order."),
        VkError.MAIN_ALBUM_HIDDEN: _("The main album cannot be hidden."),
        VkError.INVALID_ORDER_STATUS: _("The order's state is wrong."),
        VkError.MAIN_ALBUM_NOT_SET: _("The main album could not be set."),
        VkError.MAIN_ALBUM_NOT_UNSET: _("The main album could not be unset."),
        VkError.ITEM_NOT_DELETED: _("The product is not removed."),
    },
) | rows(
    Reaction.ITEM,
    _("In VK, shorten the item's description or take pictures away; all other goods are kept right."),
    {VkError.ITEM_TOO_LARGE: _("An item in VK is too large to be read.")},
)
_VK_BUG = rows(
    Reaction.BUG,
    OURS,
    {
        VkError.UNKNOWN_METHOD: _("VK does not know the method that EvoSync called."),
        VkError.BAD_SIGNATURE: _("VK did not accept the call's signature."),
        VkError.INVALID_REQUEST: _("VK did not understand EvoSync's request."),
        VkError.SCRIPT_NOT_COMPILED: _("VK did not understand EvoSync's batch."),
        VkError.SCRIPT_FAILED: _("VK could not carry out EvoSync's batch."),
        VkError.NOT_IMPLEMENTED: _("VK does not have what EvoSync asked for yet."),
        VkError.HTTPS_REQUIRED: _("VK wants an encrypted connection."),
        VkError.METHOD_DISABLED: _("VK has switched the method off."),
        VkError.REQUEST_NOT_ALLOWED: _("VK does not take this kind of request."),
    },
)
VK_LOGIN_HELPS = frozenset(_VK_OFFLINE) | frozenset(_VK_LOGIN_AGAIN)
_TOKENS = rows(
    Reaction.RETRY, NOTHING, {VkError.TOKEN_BUSY: _("The access to VK is being renewed at the moment.")}
)
# A script that VK's interpreter gives up on: smaller ones pass.
_LIMITS = {
    VkError.SCRIPT_NOT_COMPILED: Limit.BATCH,
    VkError.SCRIPT_FAILED: Limit.BATCH,
    VkError.TOO_MANY_ITEMS: Limit.ITEMS,
}
_ALL = (
    _VK_RETRY
    | _VK_AGAIN
    | _VK_OPERATOR
    | _VK_SLOW
    | _VK_PAUSE
    | _VK_OFFLINE
    | _VK_LOGIN_AGAIN
    | _VK_APP
    | _VK_RIGHTS
    | _VK_MARKET
    | _VK_EXTENDED
    | _VK_LIMITS
    | _VK_ITEM
    | _VK_BUG
    | _TOKENS
)
VK_CODES: Mapping[str, CodeRow] = _ALL | {
    code: replace(_ALL[code], limit=limit) for code, limit in _LIMITS.items()
}
