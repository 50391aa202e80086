"""Dramatiq's messages, newest first."""

import json
from datetime import timedelta
from typing import Any

import django_dramatiq.admin  # noqa: F401 - it registers a page that ours replaces
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy
from django_dramatiq.models import Task

from accounts.admin_tools import ReadOnlyAdmin, preformatted
from evosync.common import clock
from evosync.common.telemetry.logging import scrub

admin.site.unregister(Task)


STATES = {
    Task.STATUS_ENQUEUED: gettext_lazy("waits"),
    Task.STATUS_DELAYED: gettext_lazy("put off"),
    Task.STATUS_RUNNING: gettext_lazy("running"),
    Task.STATUS_FAILED: gettext_lazy("failed"),
    Task.STATUS_DONE: gettext_lazy("done"),
    Task.STATUS_SKIPPED: gettext_lazy("skipped"),
}


class RecentStatus(admin.SimpleListFilter):
    """The state of a message of the last 24 hours: older ones are not indexed by it."""

    title = gettext_lazy("state, last 24 hours")
    parameter_name = "recent"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return Dramatiq's own states."""
        return [(status, str(name)) for status, name in STATES.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Filter to messages of this state, by the index on time."""
        if not self.value():
            return queryset
        return queryset.filter(updated_at__gte=clock.now() - timedelta(days=1), status=self.value())


@admin.register(Task)
class TaskAdmin(ReadOnlyAdmin[Any]):
    """What was asked of the workers and what became of it."""

    list_display = ("actor_name", "state", "queue_name", "created_at", "updated_at")
    list_filter = (RecentStatus,)
    ordering = ("-updated_at",)
    search_help_text = gettext_lazy("Search by the message's id.")
    fields = ("actor_name", "state", "queue_name", "created_at", "updated_at", "message_text", "traceback")
    readonly_fields = ("state", "message_text", "traceback")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Leave the messages' bodies in the database until one is opened."""
        return super().get_queryset(request).defer("message_data")

    def find(self, queryset: QuerySet[Any], text: str) -> QuerySet[Any]:
        """Return the message with this id."""
        try:
            return queryset.filter(pk=text)
        except ValidationError:
            return queryset.none()

    @admin.display(description=gettext_lazy("state"))
    def state(self, task: Any) -> str:
        """Return what has become of it."""
        return str(STATES.get(task.status, task.status))

    @admin.display(description=gettext_lazy("message"))
    def message_text(self, task: Any) -> str:
        """Return the message as JSON, without its traceback and without what looks like a secret."""
        message = task.message.asdict()
        message["options"] = {key: value for key, value in message["options"].items() if key != "traceback"}
        return preformatted(scrub(json.dumps(message, indent=2, default=str, ensure_ascii=False)))

    @admin.display(description=gettext_lazy("traceback"))
    def traceback(self, task: Any) -> str:
        """Return where the last attempt failed."""
        return preformatted(scrub(task.message.options.get("traceback") or "—"))
