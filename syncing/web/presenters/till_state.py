"""Whether the till has given goods to work on, and if not, what is missing."""

from enum import StrEnum

from accounts.models import User
from catalog.models import Product, Store
from connections.models import EvotorConnection


class TillState(StrEnum):
    """Why a merchant has no goods. The empty word, which a template takes for no, is that they have some."""

    HAS_GOODS = ""
    UNCONNECTED = "unconnected"
    UNREAD = "unread"
    EMPTY = "empty"


def till_state(user: User) -> TillState:
    """Return what keeps the merchant's pages empty. One question where there are goods, three at most."""
    if Product.objects.for_user(user).exists():
        return TillState.HAS_GOODS
    if Store.objects.for_user(user).exists():
        return TillState.EMPTY
    return TillState.UNREAD if EvotorConnection.objects.filter(user=user).exists() else TillState.UNCONNECTED
