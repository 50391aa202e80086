"""VK's category tree, as flat lines to choose from."""

from collections.abc import Iterable

from connections.clients.vk.records import VkCategory


def flatten(categories: Iterable[VkCategory], prefix: str = "") -> list[tuple[int, str]]:
    """Return the tree's leaves as (id, path), in VK's order."""
    lines = []
    for category in categories:
        path = f"{prefix} → {category.name}" if prefix else category.name
        if category.children:
            lines += flatten(category.children, path)
        else:
            lines.append((category.id, path))
    return lines
