"""What can be done with a merchant's sync. Webhook, schedule, button, staff and command all enter here."""

from syncing.services.approval import approve_job, reject_job
from syncing.services.config import (
    WrongRule,
    clear_filters,
    config_for,
    configure,
    remove_filter,
    replace_filters,
    set_enabled,
    set_filter,
)
from syncing.services.errors import CannotSync
from syncing.services.explain import Step, explain
from syncing.services.jobs import claim, request_sync, stop_job
from syncing.services.planning import local_context, preview
from syncing.services.runs import LONG, SHORT, RunOptions, run_slice

__all__ = [
    "LONG",
    "SHORT",
    "CannotSync",
    "RunOptions",
    "Step",
    "WrongRule",
    "approve_job",
    "claim",
    "clear_filters",
    "config_for",
    "configure",
    "explain",
    "local_context",
    "preview",
    "reject_job",
    "remove_filter",
    "replace_filters",
    "request_sync",
    "run_slice",
    "set_enabled",
    "set_filter",
    "stop_job",
]
