"""What is said after a change that VK has yet to follow."""

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.access import user_of
from syncing.services.settings import rules_of


def say_done(request: HttpRequest, text: str) -> None:
    """Say what was done and what the next run makes of it; where none comes by itself, how one begins."""
    is_on = rules_of(user_of(request)).is_enabled
    how = "" if is_on else _("Automatic sync is off: start a run, and VK follows.")
    messages.success(request, f"{text} {how}".strip())
