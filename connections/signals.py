"""What connections tell the apps above, without knowing them.

A receiver is named `on_<signal>` and connected in the `ready` of its own app. It runs in a worker or
after a commit, returns quickly (it enqueues), and may be called twice for the same thing. An error in
a receiver is an error of the sender.
"""

from django.dispatch import Signal

products_pushed = Signal()
"""The till announced changed products: `user_id`, `store_id` (Evotor's)."""

service_connected = Signal()
"""A service was connected, or came back by itself: `user_id`, `service`."""
