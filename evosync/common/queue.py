"""Puts messages on the queue by the actor's name, so that services need not import actors."""

from typing import Any

import dramatiq


def enqueue(actor_name: str, *args: Any, queue_name: str = "default", delay_seconds: float = 0) -> None:
    """Enqueue one message for an actor; it is due after `delay_seconds`."""
    broker = dramatiq.get_broker()
    # A process that has not imported the actor, such as a web server, knows no queue of it yet.
    broker.declare_queue(queue_name)
    message: dramatiq.Message[Any] = dramatiq.Message(
        queue_name=queue_name, actor_name=actor_name, args=args, kwargs={}, options={}
    )
    broker.enqueue(message, delay=int(delay_seconds * 1000) or None)
