"""What connections tell the apps above, without knowing them.

A receiver is named `on_<signal>` and connected in the `ready` of its own app. It runs in a worker or
after a commit, returns quickly (it enqueues), and may be called twice for the same thing. An error in
a receiver is an error of the sender.
"""

from django.dispatch import Signal

products_pushed = Signal()
"""The till announced changed products: `user_id`, `store_id` (Evotor's)."""

receipts_pushed = Signal()
"""The till announced sales or other changes of stock: `user_id`, `store_id` (Evotor's)."""

store_named = Signal()
"""A push names a store: `user_id`, `store_id` (Evotor's). Receivers return True if it is somebody else's."""

service_disconnected = Signal()
"""A till or a community was given up, or exchanged for another one: `user_id`.

Sent in the transaction that does it, so that no run writes once the page says so.
"""

service_connected = Signal()
"""A service was connected, or came back by itself: `user_id`, `service`."""
