"""What the accounts app puts on the queue. The actors are in `accounts/tasks.py`."""

from accounts.choices import SecurityEventKind
from accounts.visitors import Visitor
from evosync.common.queue import enqueue


def enqueue_security_email(event_id: int) -> None:
    """Ask a worker to email the merchant about a security event."""
    enqueue("send_security_email", event_id)


def enqueue_failure(user_id: int, kind: SecurityEventKind, visitor: Visitor) -> None:
    """Ask a worker to record a failed login; 0 stands for an account that is not there.

    Both cost the request the same, so its time does not tell who is a customer.
    """
    enqueue("record_failure", user_id, kind.value, visitor.ip, visitor.user_agent)
