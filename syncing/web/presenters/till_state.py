"""Whether the till has given goods to work on, and if not, what is missing."""

from datetime import timedelta
from enum import StrEnum

from accounts.models import User
from catalog.models import Product, Store
from connections.models import EvotorConnection
from evosync.common import clock

# A till that has told of no store for so long has none that we may see.
FIRST_READING = timedelta(minutes=15)


class TillState(StrEnum):
    """Why a merchant has no goods. The empty word, which a template takes for no, is that they have some."""

    HAS_GOODS = ""
    UNCONNECTED = "unconnected"
    UNREAD = "unread"
    NO_STORE = "no_store"
    EMPTY = "empty"


def till_state(user: User) -> TillState:
    """Return what keeps the merchant's pages empty. One question where there are goods, three at most."""
    if Product.objects.for_user(user).exists():
        return TillState.HAS_GOODS
    if Store.objects.for_user(user).exists():
        return TillState.EMPTY
    connection = EvotorConnection.objects.filter(user=user).first()
    if connection is None:
        return TillState.UNCONNECTED
    is_late = connection.connected_at < clock.now() - FIRST_READING
    return TillState.NO_STORE if is_late else TillState.UNREAD
