"""Keeps unit tests pure: a test that asks for the database is refused when it is collected."""

from pathlib import Path

import pytest

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse unit tests that would touch the database."""
    guilty = [
        item.nodeid
        for item in items
        if item.path.is_relative_to(HERE)
        and (item.get_closest_marker("django_db") or {"db", "transactional_db"} & set(_fixtures(item)))
    ]
    if guilty:
        raise pytest.UsageError(f"unit tests do without the database: {', '.join(guilty)}")


def _fixtures(item: pytest.Item) -> list[str]:
    return list(getattr(item, "fixturenames", []))
