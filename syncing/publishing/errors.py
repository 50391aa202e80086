"""Why carrying out a plan ended early, split by who acts next.

PublishStopped
├── StopRequested   the merchant pressed stop
├── LeaseLost       another process owns the job now; this one must not write a thing more
├── SliceOver       time to let other merchants run; the job goes on in its next slice
└── PhaseRefused    VK refuses every item of a kind for one reason; the others go on
"""

from connections.clients.errors import ClientError


class PublishStopped(Exception):
    """Carrying out ended before the plan was done; nothing is half written."""


class StopRequested(PublishStopped):
    """The merchant asked for an end."""


class LeaseLost(PublishStopped):
    """Another process took the job over."""


class SliceOver(PublishStopped):
    """The slice's time is used up."""


class PhaseRefused(PublishStopped):
    """VK answered every call of a batch with the same refusal."""

    def __init__(self, error: ClientError) -> None:
        super().__init__(error.code)
        self.error = error
