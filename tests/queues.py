"""A worker for tests: runs what was sent, in order, in the test's own thread and transaction."""

import dramatiq
from dramatiq import Message
from dramatiq.brokers.stub import StubBroker


def _broker() -> StubBroker:
    broker = dramatiq.get_broker()
    assert isinstance(broker, StubBroker), "tests work off the in-memory broker only"
    return broker


def waiting(*, actor: str = "") -> list[Message[object]]:
    """Take every message out of every queue, delayed ones too; with `actor` only that actor's stay taken."""
    broker = _broker()
    taken: list[Message[object]] = []
    for queue in list(broker.queues.values()):
        while not queue.empty():
            taken.append(Message.decode(queue.get()))
            queue.task_done()
    return [message for message in taken if actor in ("", message.actor_name)]


def work_off(*, rounds: int = 20) -> int:
    """Run messages, also those that they send, until none is left; return how many ran.

    Delays are not waited for. An actor's error is the test's error.
    """
    ran = 0
    for _round in range(rounds):
        messages = waiting()
        if not messages:
            return ran
        for message in messages:
            _broker().get_actor(message.actor_name).fn(*message.args, **message.kwargs)
            ran += 1
    raise AssertionError("The queues do not become empty.")
