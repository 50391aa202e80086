"""The project's own app: it only carries checks and wiring."""

from django.apps import AppConfig


class EvosyncConfig(AppConfig):
    """Registers the system checks."""

    name = "evosync"

    def ready(self) -> None:
        """Make `manage.py check` know our checks."""
        from evosync import checks  # noqa: F401 - importing registers
