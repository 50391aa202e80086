"""What the catalogue tells the apps above, without knowing them.

A receiver is named `on_<signal>` and connected in the `ready` of its own app. It runs in the process that
read the till and may be called twice for the same thing. An error in a receiver is an error of the sender.
"""

from django.dispatch import Signal

till_read = Signal()
"""Rows of a till were brought up to date, its ids may be other ones now: `user_id`."""

goods_changed = Signal()
"""A reading of the till found goods or groups that differ from our rows: `user_id`. Sent after the commit."""
