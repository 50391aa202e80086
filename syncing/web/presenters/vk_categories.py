"""VK's categories to choose from. The tree is the same for every merchant and changes rarely."""

from django.core.cache import cache

from accounts.models import User
from connections.client_factory import vk_client
from connections.clients.vk.calls import get_categories
from syncing.services.categories import flatten
from syncing.services.planning import vk_connection

KEY = "vk-categories"
KEEP_SECONDS = 24 * 3600


def known_categories() -> list[tuple[int, str]]:
    """Return the categories (id, path) as last read, or none; never asks VK."""
    found: list[tuple[int, str]] = cache.get(KEY, [])
    return found


def read_categories(user: User) -> list[tuple[int, str]]:
    """Return the categories, from VK once a day. Raises CannotSync and ClientError."""
    if known := known_categories():
        return known
    categories = flatten(vk_client(vk_connection(user)).run(get_categories()))
    cache.set(KEY, categories, KEEP_SECONDS)
    return categories
