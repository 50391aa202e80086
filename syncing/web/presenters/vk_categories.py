"""VK's categories to choose from."""

from accounts.models import User
from connections.client_factory import vk_client
from connections.clients.vk.calls import get_categories
from syncing.core.records import Category
from syncing.services.categories import known_categories, remember_categories
from syncing.services.planning import vk_connection


def read_categories(user: User) -> list[Category]:
    """Return the categories, from VK once a day. Raises CannotSync and ClientError."""
    return known_categories() or remember_categories(vk_client(vk_connection(user)).run(get_categories()))


def category_choices(categories: list[Category]) -> list[tuple[int, str]]:
    """Return the categories as a form lists them."""
    return [(category.id, str(category)) for category in categories]
