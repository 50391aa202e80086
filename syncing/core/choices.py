"""The core's enumerations. Their values are stored in rows and stay as they are."""

from enum import StrEnum


class EntityType(StrEnum):
    """What a filter can name."""

    STORE = "store"
    GROUP = "group"
    PRODUCT = "product"


class FilterMode(StrEnum):
    """Whether a filter names what goes to VK or what stays out."""

    INCLUDE = "include"
    EXCLUDE = "exclude"


class Field(StrEnum):
    """What a till tells of a product."""

    NAME = "name"
    GROUP = "group"
    PRICE = "price"
    QUANTITY = "quantity"
    MEASURE = "measure"
    ARTICLE = "article"
    CODE = "code"
    BARCODES = "barcodes"
    DESCRIPTION = "description"
    ALLOW_TO_SELL = "allow_to_sell"
    TYPE = "type"
    IS_EXCISABLE = "is_excisable"
    IS_AGE_LIMITED = "is_age_limited"


class Gap(StrEnum):
    """Why the last reading gave no value for a field."""

    NEVER_TOLD = "never_told"
    # The value is the last known one.
    KEPT = "kept"
    # So it is, and a complete reading has left the field out.
    ABSENT = "absent"


class Rounding(StrEnum):
    """How a price is rounded."""

    KOPECK = "kopeck"
    ROUBLE = "rouble"
    ROUBLE_UP = "rouble_up"
    TEN_UP = "ten_up"
    # Up to the next price that ends with 9 or with 90 roubles.
    NINE_UP = "nine_up"
    NINETY_UP = "ninety_up"


class OutOfStock(StrEnum):
    """What happens to an item without stock."""

    KEEP = "keep"
    HIDE = "hide"


class Albums(StrEnum):
    """Which group gives an item its album."""

    GROUP = "group"
    TOP_GROUP = "top_group"
    NONE = "none"


class Removal(StrEnum):
    """What happens to the item of a product that has left the till."""

    HIDE = "hide"
    DELETE = "delete"


class Stores(StrEnum):
    """Whether the same goods of several stores are one item each or one item together."""

    EACH = "each"
    MERGE = "merge"


class ActionKind(StrEnum):
    """What is to be done about one product, in the words of SyncJobItem.Action."""

    CREATE = "create"
    UPDATE = "update"
    HIDE = "hide"
    RESTORE = "restore"
    REMOVE = "remove"


class AlbumStep(StrEnum):
    """What is done to an album itself."""

    MAKE = "make"
    RENAME = "rename"
    REMOVE = "remove"


class CategorySource(StrEnum):
    """Who or what gave an item its VK category, the strongest first."""

    # The merchant, for this product.
    PRODUCT = "product"
    # The merchant, for its group.
    GROUP = "group"
    # A rule of the merchant's for goods.
    RULE = "rule"
    GUESSED_BY_GROUP = "guessed_by_group"
    GUESSED_BY_NAME = "guessed_by_name"
    # The merchant, for what has no other.
    DEFAULT = "default"
    # Nothing is known: the category that is wrong for nothing, or the one that the item has already.
    NEUTRAL = "neutral"
    KEPT = "kept"


class MatchKind(StrEnum):
    """How a listing was tied to another item or product than before."""

    # A create whose answer was lost had made the item.
    FOUND = "found"
    # The same goods came back under a new id.
    RELINKED = "relinked"
    # VK no longer has the item.
    LOST = "lost"


class Reason(StrEnum):
    """Why a product is out of VK or its item is hidden. Restricted goods have reasons of their own."""

    FILTER_STORE = "filter_store"
    FILTER_GROUP = "filter_group"
    FILTER_PRODUCT = "filter_product"
    RULE = "rule"
    # A rule or template adds words that VK takes for forbidden goods.
    RULE_WORDS = "rule_words"
    NOT_FOR_SALE = "not_for_sale"
    NO_PRICE = "no_price"
    FREE_PRICE_POSITION = "free_price_position"
    SERVICE = "service"
    # It may be restricted goods, and the merchant has not decided yet.
    UNSURE = "legal_unsure"
    # The merchant decided that it is restricted.
    DECIDED = "legal_decided"
    BAD_NAME = "bad_name"
    MERGED = "merged"
    GONE = "gone"
    OUT_OF_STOCK = "out_of_stock"
    LIMIT = "limit"
    # The channel takes no new items before some time; existing items are still updated.
    SUSPENDED = "resting"
    NO_CATEGORY = "no_category"
    # The till names a group that it has not listed, and the name alone does not tell.
    GROUP_UNKNOWN = "group_unknown"
    # The till has the same goods twice, and the other one is in VK.
    COPY = "copy"
    # It looks like goods that a filter leaves out, and no question about them was answered yet.
    MAY_BE_LEFT_OUT = "may_be_left_out"
    # It came in a load after goods that were kept out had left, and no question about it was answered yet.
    MAY_BE_KEPT_OUT = "may_be_kept_out"
    # It bears the code of goods in VK that the till may have lost: no whole reading has told yet.
    MAY_REPLACE = "may_replace"
    # The merchant has taken back the run that showed or hid it.
    UNDONE = "undone"
    # They have taken back the run that put it in VK, and have not let it in since.
    KEPT_OUT = "kept_out"
    # A second item of one product.
    SECOND_ITEM = "twin"


class PriceCause(StrEnum):
    """Why a new price waits for the merchant's yes."""

    # It differs by more than the rules allow at once.
    PERCENT = "percent"
    # It is ten times as high or as low: most likely a zero or a comma too many.
    TENFOLD = "tenfold"


class PriceVerdict(StrEnum):
    """What the merchant said to a price that was held."""

    WAITING = "waiting"
    # Yes to exactly this price.
    APPROVED = "approved"
    # What the till says now is right until it says something else.
    ACCEPTED = "accepted"
    # The old price stays until the till says something else.
    REFUSED = "refused"


class QuestionCode(StrEnum):
    """What the merchant is asked before a dangerous plan starts."""

    MANY_HIDDEN = "many_hidden"
    MANY_PRICES = "many_prices"
    MANY_NAMES = "many_names"
    MANY_UNITS = "many_units"
    MANY_DESCRIPTIONS = "many_descriptions"
    MANY_GROUPS = "many_groups"
    MANY_ZERO_STOCKS = "many_zero_stocks"
    MANY_ENDLESS_STOCKS = "many_endless_stocks"
    MANY_LOST_IN_VK = "many_lost_in_vk"
    STORE_VANISHED = "store_vanished"
    EMPTY_SOURCE = "empty_source"
    SHRUNKEN_SOURCE = "shrunken_source"
    GROUPS_VANISHED = "groups_vanished"
    GROUPS_UNKNOWN = "groups_unknown"
    FILTERS_LOST = "filters_lost"
    MARKS_LOST = "marks_lost"
    MANY_NAMESAKES = "many_namesakes"
    # An undone run brings them back.
    MANY_RETURNING = "many_returning"
    UNTOLD_NAME = "untold_name"
    UNTOLD_GROUP = "untold_group"
    UNTOLD_PRICE = "untold_price"
    UNTOLD_QUANTITY = "untold_quantity"
    UNTOLD_MEASURE = "untold_measure"
    UNTOLD_ARTICLE = "untold_article"
    UNTOLD_CODE = "untold_code"
    UNTOLD_BARCODES = "untold_barcodes"
    UNTOLD_DESCRIPTION = "untold_description"
    UNTOLD_ALLOW_TO_SELL = "untold_allow_to_sell"
    UNTOLD_TYPE = "untold_type"
    UNTOLD_IS_EXCISABLE = "untold_is_excisable"
    UNTOLD_IS_AGE_LIMITED = "untold_is_age_limited"


class CardStyle(StrEnum):
    """How the pictures look that are drawn for goods without a photo."""

    COLOUR = "colour"
    LIGHT = "light"
    LABEL = "label"


class PhotoMark(StrEnum):
    """By what of a product a photo's file name names it."""

    BARCODE = "barcode"
    ARTICLE = "article"
    CODE = "code"
    NAME = "name"


class PhotoMiss(StrEnum):
    """Why a photo's file name names no product."""

    NOTHING = "nothing"
    SEVERAL = "several"
