"""The questions of the safety check in words."""

from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from syncing.core.choices import QuestionCode

QUESTIONS: dict[str, str] = {
    QuestionCode.MANY_HIDDEN: gettext_noop(
        "%(count)s of %(total)s goods would disappear from VK. Is that what you want?"
    ),
    QuestionCode.MANY_PRICES: gettext_noop(
        "%(count)s of %(total)s prices would change. Is that what you want?"
    ),
    QuestionCode.MANY_NAMES: gettext_noop(
        "%(count)s of %(total)s goods would get another name. If the names in the till are wrong, put them "
        "right there and compare again. Rename the goods in VK?"
    ),
    QuestionCode.MANY_UNITS: gettext_noop(
        "%(count)s of %(total)s prices would count for another unit, such as a kilogram in place of a piece. "
        "Is that true?"
    ),
    QuestionCode.MANY_DESCRIPTIONS: gettext_noop(
        "%(count)s of %(total)s goods would get another description. If the texts in the till are wrong, put "
        "them right there and compare again. Change them in VK?"
    ),
    QuestionCode.MANY_GROUPS: gettext_noop(
        "%(count)s of %(total)s groups have other names in the till. If those are wrong, put them right "
        "there and compare again. Rename the albums in VK?"
    ),
    QuestionCode.MANY_ZERO_STOCKS: gettext_noop(
        "%(count)s of %(total)s goods would be shown as sold out. Is that true?"
    ),
    QuestionCode.MANY_ENDLESS_STOCKS: gettext_noop(
        "The till tells a stock as large as VK can show for %(count)s of %(total)s goods. Is that true?"
    ),
    QuestionCode.MANY_LOST_IN_VK: gettext_noop(
        "VK no longer shows %(count)s of %(total)s goods that were there. Make them again?"
    ),
    QuestionCode.STORE_VANISHED: gettext_noop(
        "Evotor no longer lists one of your stores. Hide its %(count)s goods in VK?"
    ),
    QuestionCode.EMPTY_SOURCE: gettext_noop(
        "The till shows no goods at all; before there were %(total)s. Hide everything in VK?"
    ),
    QuestionCode.SHRUNKEN_SOURCE: gettext_noop(
        "%(count)s of %(total)s goods disappeared from the till at once. Hide them in VK?"
    ),
    QuestionCode.GROUPS_VANISHED: gettext_noop(
        "Evotor no longer lists %(count)s of %(total)s groups, but goods still stand in them. EvoSync "
        "keeps them as last known: nothing is shown or moved because of it. Go on?"
    ),
    QuestionCode.GROUPS_UNKNOWN: gettext_noop(
        "%(count)s of %(total)s new goods stand in groups that Evotor does not list. Your filters or "
        "the legal filter might leave those out. Show the goods in VK all the same?"
    ),
    QuestionCode.FILTERS_LOST: gettext_noop(
        "%(count)s of %(total)s new goods may be ones that your filters left out: Evotor gave goods "
        "or groups other ids. Look through the list and your filters. Show them in VK?"
    ),
    QuestionCode.MARKS_LOST: gettext_noop(
        "The till was loaded again, or took marks, names or groups away. %(count)s of %(total)s goods may be "
        "ones that were kept out of VK. Look through the list. Show them in VK?"
    ),
    QuestionCode.MANY_NAMESAKES: gettext_noop(
        "%(count)s new goods have names or codes of goods in VK, %(total)s in all. Is the till still "
        "being loaded? Wait and compare again, or they stand in VK twice. Add them?"
    ),
    QuestionCode.MANY_RETURNING: gettext_noop(
        "You undid a run, so %(count)s goods would come back to VK, where %(total)s are now. Is that what "
        "you want?"
    ),
    QuestionCode.UNTOLD_NAME: gettext_noop(
        "Evotor no longer tells the names of %(count)s of %(total)s goods. EvoSync keeps the last known "
        "ones. Go on?"
    ),
    QuestionCode.UNTOLD_GROUP: gettext_noop(
        "Evotor no longer tells in which group %(count)s of %(total)s goods stand. EvoSync keeps the "
        "last known groups. Go on?"
    ),
    QuestionCode.UNTOLD_PRICE: gettext_noop(
        "Evotor no longer tells the prices of %(count)s of %(total)s goods. EvoSync keeps the last known "
        "ones. Go on?"
    ),
    QuestionCode.UNTOLD_QUANTITY: gettext_noop(
        "Evotor no longer tells the stock of %(count)s of %(total)s goods. EvoSync keeps the last "
        "known one, also none. Check in Evotor that the app may read stock. Go on?"
    ),
    QuestionCode.UNTOLD_MEASURE: gettext_noop(
        "Evotor no longer tells the units of %(count)s of %(total)s goods. EvoSync keeps the last known "
        "ones. Go on?"
    ),
    QuestionCode.UNTOLD_ARTICLE: gettext_noop(
        "Evotor no longer tells the articles of %(count)s of %(total)s goods. EvoSync keeps the last "
        "known ones. Go on?"
    ),
    QuestionCode.UNTOLD_CODE: gettext_noop(
        "Evotor no longer tells the codes of %(count)s of %(total)s goods. EvoSync keeps the last known "
        "ones. Go on?"
    ),
    QuestionCode.UNTOLD_BARCODES: gettext_noop(
        "Evotor no longer tells the barcodes of %(count)s of %(total)s goods. EvoSync keeps the last "
        "known ones. Go on?"
    ),
    QuestionCode.UNTOLD_DESCRIPTION: gettext_noop(
        "Evotor no longer tells the descriptions of %(count)s of %(total)s goods. EvoSync keeps the last "
        "known ones. Go on?"
    ),
    QuestionCode.UNTOLD_ALLOW_TO_SELL: gettext_noop(
        "Evotor no longer tells whether %(count)s of %(total)s goods may be sold. EvoSync keeps what was "
        "last known. Go on?"
    ),
    QuestionCode.UNTOLD_TYPE: gettext_noop(
        "Evotor no longer tells the types of %(count)s of %(total)s goods. EvoSync keeps the last known "
        "ones, so that nothing forbidden is shown. Go on?"
    ),
    QuestionCode.UNTOLD_IS_EXCISABLE: gettext_noop(
        "Evotor no longer marks %(count)s of %(total)s goods as excisable. EvoSync still leaves them "
        "out. Go on?"
    ),
    QuestionCode.UNTOLD_IS_AGE_LIMITED: gettext_noop(
        "Evotor no longer marks %(count)s of %(total)s goods as sold to adults only. EvoSync still "
        "leaves them out. Go on?"
    ),
}


def sentence(code: str, count: int, total: int) -> str:
    """Return the question for the merchant, in the active language."""
    return _(QUESTIONS[code]) % {"count": localize(count), "total": localize(total)}
