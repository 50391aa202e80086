"""Dramatiq's broker for many hosts: whose worker lives and when a message is due, Redis' clock decides.

Dramatiq takes the host's clock for both. Where clocks are a minute apart, a host would take the other's
messages for those of a dead worker, and a delay would begin by one clock and end by the other.
"""

from typing import Any

from dramatiq import Broker, Message, Middleware
from dramatiq.broker import MessageProxy
from dramatiq.brokers.redis import RedisBroker

from evosync.common import clock

# The first lines of Dramatiq's script: the second argument is the time.
REDIS_TIME = """
local now = redis.call('TIME')
ARGV[2] = now[1] * 1000 + math.floor(now[2] / 1000)
"""


class SharedClockBroker(RedisBroker):
    """A Redis broker whose workers and delays live by Redis' clock."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)  # type: ignore[no-untyped-call]
        script = self.scripts["dispatch"].script
        text = script.decode() if isinstance(script, bytes) else str(script)
        self.scripts["dispatch"] = self.client.register_script(REDIS_TIME + text)

    def enqueue(self, message: Message[Any], *, delay: int | None = None) -> Message[Any]:
        """Enqueue a message; what is delayed is due by the time that all hosts agree on."""
        return super().enqueue(message, delay=None if delay is None else delay + _behind())


class SharedDelays(Middleware):
    """Has a worker wait by its own clock until the moment that all hosts agree on."""

    def before_delay_message(self, broker: Broker, message: MessageProxy) -> None:
        """Turn the moment into one of this host's clock."""
        if "eta" in message.options and isinstance(broker, SharedClockBroker):
            message.options["eta"] -= _behind()


def _behind() -> int:
    return int(clock.behind() * 1000)
