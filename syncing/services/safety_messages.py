"""The questions of the safety check in words."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from syncing.core.choices import QuestionCode

QUESTIONS: dict[str, str] = {
    QuestionCode.MANY_HIDDEN: gettext_noop(
        "%(count)d of %(total)d goods would disappear from VK. Is that what you want?"
    ),
    QuestionCode.MANY_PRICES: gettext_noop(
        "%(count)d of %(total)d prices would change. Is that what you want?"
    ),
    QuestionCode.MANY_ZERO_STOCKS: gettext_noop(
        "%(count)d of %(total)d goods would be shown as sold out. Is that true?"
    ),
    QuestionCode.MANY_LOST_IN_VK: gettext_noop(
        "VK no longer shows %(count)d of %(total)d goods that were there. Make them again?"
    ),
    QuestionCode.STORE_VANISHED: gettext_noop(
        "Evotor no longer lists one of your stores. Hide its %(count)d goods in VK?"
    ),
    QuestionCode.EMPTY_SOURCE: gettext_noop(
        "The till shows no goods at all; before there were %(total)d. Hide everything in VK?"
    ),
    QuestionCode.SHRUNKEN_SOURCE: gettext_noop(
        "%(count)d of %(total)d goods disappeared from the till at once. Hide them in VK?"
    ),
}


def sentence(code: str, count: int, total: int) -> str:
    """Return the question for the merchant, in the active language."""
    return _(QUESTIONS[code]) % {"count": count, "total": total}
