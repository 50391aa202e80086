"""The project's own app: it only carries checks and wiring."""

from django.apps import AppConfig


class EvosyncConfig(AppConfig):
    name = "evosync"
