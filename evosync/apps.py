"""The project's own app: it only carries checks and wiring."""

import gc

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.contrib.staticfiles.apps import StaticFilesConfig
from django.db.backends.signals import connection_created


class EvosyncConfig(AppConfig):
    """Registers the system checks and listens to the clients."""

    name = "evosync"

    def ready(self) -> None:
        """Make `manage.py check` know our checks, and `/metrics` the clients' requests; end the start."""
        # Django starts an app's models and checks only once its registry is ready.
        from connections.clients import instrumentation
        from evosync import checks  # noqa: F401 - importing registers
        from evosync.common.bulk import take_more_parameters
        from evosync.common.deadlocks import repeat_deadlocked
        from evosync.common.telemetry.counters import ClientListener

        instrumentation.listen(ClientListener())
        connection_created.connect(take_more_parameters)
        connection_created.connect(repeat_deadlocked)
        # The settings have stopped it.
        gc.freeze()
        gc.enable()


class EvosyncAdminConfig(AdminConfig):
    """Stock admin with our own first page and login."""

    default_site = "evosync.admin_site.StaffSite"

    def ready(self) -> None:
        """Name the tables in the staff's language, then let Django find the pages."""
        # The models are loaded only now.
        from evosync.admin_words import name_tables

        name_tables()
        super().ready()


class EvosyncStaticFilesConfig(StaticFilesConfig):
    """Collects of Bootstrap and htmx only the files that pages load.

    Their other builds are 20 MB, and compressing them takes minutes.
    """

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        "bootstrap-*",
        "bootstrap*.rtl.*",
        "bootstrap.css*",
        "bootstrap.js*",
        "bootstrap.min.js*",
        "bootstrap.esm*",
        "bootstrap.bundle.js*",
        "htmax*",
        "hx-*",
    ]
