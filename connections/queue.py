"""What the connections app puts on the queue. The actors are in `connections/tasks.py`."""

from connections.choices import NotificationKind
from connections.clients.service import Service
from evosync.common.queue import enqueue


def enqueue_webhook_event(event_id: int, *, delay_seconds: float = 0) -> None:
    """Ask a worker to apply a stored delivery."""
    enqueue("handle_webhook_event", event_id, delay_seconds=delay_seconds)


def enqueue_connection_check(service: Service, user_id: int, *, delay_seconds: float = 0) -> None:
    """Ask a worker to check a merchant's connection."""
    enqueue("check_connection", service.value, user_id, queue_name="health", delay_seconds=delay_seconds)


def enqueue_slow_check(service: Service, user_id: int) -> None:
    """Ask a worker to check a connection over which the service answers slowly."""
    enqueue("check_slow_connection", service.value, user_id, queue_name="slow")


def enqueue_notification(user_id: int, service: Service, kind: NotificationKind, *, code: str = "") -> None:
    """Ask a worker to email the merchant about a connection; `code` is the error that explains it."""
    enqueue("send_notice", user_id, service.value, kind.value, str(code), queue_name="health")


def enqueue_operator_alert(alert_id: int) -> None:
    """Ask a worker to email staff about an alert."""
    enqueue("send_operator_alert", alert_id)
