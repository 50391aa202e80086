"""How many messages wait for the workers."""

import dramatiq
from dramatiq.brokers.redis import RedisBroker
from dramatiq.brokers.stub import StubBroker
from dramatiq.common import dq_name

# The queues of our actors. A web process has not loaded every actor, so the broker cannot tell it.
QUEUES = ("sync", "bulk", "slow", "health", "default")


def queue_lengths() -> dict[str, int]:
    """Return how many messages wait in each queue, the delayed ones under `<queue>.DQ`."""
    broker = dramatiq.get_broker()
    names = [name for queue in QUEUES for name in (queue, dq_name(queue))]
    match broker:
        case RedisBroker():
            pipe = broker.client.pipeline(transaction=False)
            for name in names:
                pipe.llen(f"{broker.namespace}:{name}")
            return dict(zip(names, pipe.execute(), strict=True))
        case StubBroker():
            return {name: broker.queues[name].qsize() if name in broker.queues else 0 for name in names}
        case _:
            return {}
