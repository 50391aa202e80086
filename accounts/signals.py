"""What accounts tell and ask the apps above, without knowing them.

A receiver is named `on_<signal>` and connected in the `ready` of its own app.
"""

from django.dispatch import Signal

account_closing = Signal()
"""An account is about to be closed: `user`, `goods`. Sent inside a transaction, before anything is deleted.

A receiver returns True if nothing is left to do. It returns False if work goes on in the background and
calls `accounts.services.delete_account` at its end. It raises ClosingRefused to keep the account.
"""

account_deleting = Signal()
"""An account is being deleted: `user`. Sent inside the transaction, before its first row goes."""

data_export_requested = Signal()
"""A merchant downloads their data: `user`. A receiver returns JSON-able rows by file name, no secrets."""

all_sessions_ended = Signal()
"""Every session was ended, since somebody else may have been in the account: `user`.

A new password was set through an email or by somebody else, or staff ended the sessions. Inside or outside
a transaction.
"""

other_sessions_ended = Signal()
"""The merchant's other sessions were ended, by them: `user`, and the `request` of the one that goes on."""


class ClosingRefused(Exception):
    """The account cannot be closed now; the message says why and what to do next."""
