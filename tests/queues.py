"""A worker for tests: runs what was sent, in order, in the test's own thread and transaction."""

import dramatiq
from django.utils.module_loading import autodiscover_modules
from dramatiq import Message
from dramatiq.brokers.stub import StubBroker


def waiting(*, actor: str = "") -> list[Message[object]]:
    """Take every message out of every queue, delayed ones too; with `actor` return only that actor's."""
    broker = dramatiq.get_broker()
    taken: list[Message[object]] = []
    if isinstance(broker, StubBroker):
        for queue in list(broker.queues.values()):
            while not queue.empty():
                taken.append(Message.decode(queue.get()))
                queue.task_done()
    else:
        for name in sorted(broker.get_declared_queues() | broker.get_declared_delay_queues()):
            consumer = broker.consume(name, prefetch=100, timeout=1)
            while (message := next(consumer)) is not None:
                consumer.ack(message)
                taken.append(message._message)
            consumer.close()
    return [message for message in taken if actor in ("", message.actor_name)]


def work_off(*, rounds: int = 20) -> int:
    """Run messages, also those that they send, until none is left; return how many ran.

    Delays are not waited for. An actor's error is the test's error.
    """
    # As a worker does: who enqueues by name has not imported the actors.
    autodiscover_modules("tasks")
    broker = dramatiq.get_broker()
    ran = 0
    for _round in range(rounds):
        messages = waiting()
        if not messages:
            return ran
        for message in messages:
            broker.get_actor(message.actor_name).fn(*message.args, **message.kwargs)
            ran += 1
    raise AssertionError("The queues do not become empty.")
