"""VK's categories to choose from."""

from itertools import groupby

from accounts.models import User
from connections.client_factory import vk_client
from connections.clients.vk.calls import get_categories
from connections.clients.vk.client import VkClient
from syncing.core.records import Category
from syncing.services.accounts import vk_connection
from syncing.services.categories import known_categories, remember_categories

# Somebody waits before the page, so VK is asked once and not for long.
CONNECT_SECONDS, READ_SECONDS = 2.0, 4.0


def read_categories(user: User) -> list[Category]:
    """Return the categories as last read, before the first run from VK. Raises CannotSync and ClientError."""
    return known_categories() or remember_categories(_client(user).run(get_categories()))


def _client(user: User) -> VkClient:
    return vk_client(vk_connection(user), timeout=(CONNECT_SECONDS, READ_SECONDS), read_attempts=1)


def sections_of(categories: list[Category]) -> list[tuple[str, list[tuple[int, str]]]]:
    """Return VK's sections in its order, each with its categories: number and path within the section."""
    return [
        (section, [(one.id, " → ".join(one.path[1:]) or section) for one in found])
        for section, found in groupby(categories, key=lambda one: one.path[0])
    ]
