"""Where Django looks for an app's admin: importing the staff pages registers them."""

from syncing import staff

__all__ = ["staff"]
