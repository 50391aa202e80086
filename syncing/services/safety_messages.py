"""The brake's questions in words."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

QUESTIONS = {
    "many_hidden": gettext_noop(
        "%(count)d of %(total)d goods would disappear from VK. Is that what you want?"
    ),
    "many_prices": gettext_noop("%(count)d of %(total)d prices would change. Is that what you want?"),
    "many_zero_stocks": gettext_noop(
        "%(count)d of %(total)d goods would be shown as sold out. Is that true?"
    ),
    "many_lost_in_vk": gettext_noop(
        "VK no longer shows %(count)d of %(total)d goods that were there. Make them again?"
    ),
    "store_vanished": gettext_noop(
        "Evotor no longer lists one of your stores. Hide its %(count)d goods in VK?"
    ),
    "empty_source": gettext_noop(
        "The till shows no goods at all; before there were %(total)d. Hide everything in VK?"
    ),
    "shrunken_source": gettext_noop(
        "%(count)d of %(total)d goods disappeared from the till at once. Hide them in VK?"
    ),
}


def sentence(code: str, count: int, total: int) -> str:
    """Return the question for the merchant, in the active language."""
    return _(QUESTIONS[code]) % {"count": count, "total": total}
