"""The core's errors, split by who acts next.

SyncError
└── BadContext      our fault: the caller gave records that contradict each other
"""


class SyncError(Exception):
    """Something that the core cannot plan."""


class BadContext(SyncError):
    """The records given to the core contradict each other; a programmer must look."""
