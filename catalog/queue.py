"""What the catalogue puts on the queue. The actors are in `catalog/tasks.py`."""

from evosync.common.queue import enqueue


def enqueue_slow_refresh(user_id: int) -> None:
    """Ask a worker to read a merchant's till, one that answers slowly."""
    enqueue("refresh_slow_catalog_for_user", user_id, queue_name="slow")
