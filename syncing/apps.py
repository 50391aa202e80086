"""The syncing app: it listens to what other apps report, by plain callables."""

from django.apps import AppConfig


class SyncingConfig(AppConfig):
    """Listens to the apps below."""

    name = "syncing"

    def ready(self) -> None:
        """Tell the apps below whom to call: imports point only one way."""
        from connections import events
        from syncing.services import pushes

        events.on_push.append(pushes.till_pushed)
        events.on_connected.append(pushes.connected)
