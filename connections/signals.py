"""What connections tell the apps above them, without knowing them.

Imports point down to this app, so whoever wants to hear adds a plain function to one of the lists,
in the `ready` of his AppConfig. Hooks run in a worker or after a commit, must return quickly (send
an actor), and may be called twice for the same thing. An error of a hook is an error of the caller.
"""

from collections.abc import Callable

Hook = Callable[[int, str], None]

on_push: list[Hook] = []
"""The till announced changed goods: user id, Evotor's store id."""

on_connected: list[Hook] = []
"""An end was connected, or came back by itself: user id, service."""

on_disconnected: list[Hook] = []
"""An end was disconnected, or went offline: user id, service."""


def announce(hooks: list[Hook], user_id: int, subject: str) -> None:
    """Call every hook of the list."""
    for hook in hooks:
        hook(user_id, subject)
