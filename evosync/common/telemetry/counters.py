"""Counts what happens in every process, for `/metrics`: requests, calls, messages, and how long they took.

Web and workers are processes on many hosts, and Prometheus asks one web process. So each adds up for
two seconds and then adds its sums to one hash in Redis, which `/metrics` reads. Without Redis all is one
process, and its memory is the store. A killed process loses two seconds of counts, an emptied Redis
starts again from zero: Prometheus' `rate()` knows both as a restart.
"""

import atexit
import json
import logging
import os
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

import dramatiq
import redis
from dramatiq.broker import MessageProxy
from dramatiq.brokers.redis import RedisBroker
from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily, Metric

logger = logging.getLogger(__name__)

FLUSH_SECONDS = 2.0
KEY = "metrics"
# The last bucket takes everything.
API_SECONDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
WEB_SECONDS = (0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
MESSAGE_SECONDS = (0.1, 0.5, 1.0, 5.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0)


@dataclass(frozen=True, slots=True)
class MetricDefinition:
    """One family: what it says, its labels, and the bounds of its buckets where it is a histogram."""

    text: str
    labels: tuple[str, ...]
    bounds: tuple[float, ...] = ()


# Labels have few values: methods, codes and views are ours or the APIs', never a caller's text.
METRICS: Mapping[str, MetricDefinition] = {
    "evosync_api_requests": MetricDefinition(
        "Requests to Evotor and VK, by answer: ok or our error code", ("service", "method", "code")
    ),
    "evosync_api_request_seconds": MetricDefinition(
        "How long Evotor and VK took to answer", ("service", "method"), API_SECONDS
    ),
    "evosync_vk_calls": MetricDefinition("Calls inside VK's execute, by answer", ("method", "code")),
    "evosync_web_requests": MetricDefinition("Requests that the site answered", ("view", "status")),
    "evosync_web_request_seconds": MetricDefinition(
        "How long the site took to answer", ("view",), WEB_SECONDS
    ),
    "evosync_messages": MetricDefinition("Messages that workers have done with", ("actor", "outcome")),
    "evosync_message_seconds": MetricDefinition("How long a message took", ("actor",), MESSAGE_SECONDS),
}


class Store(Protocol):
    """Where the sums of all processes come together."""

    def add(self, sums: Mapping[str, float]) -> None:
        """Add to what is there."""

    def read(self) -> dict[str, float]:
        """Return everything."""


class MemoryStore:
    """The store of an installation that is one process."""

    def __init__(self) -> None:
        self._sums: Counter[str] = Counter()

    def add(self, sums: Mapping[str, float]) -> None:
        """Add to what is there."""
        self._sums.update(sums)

    def read(self) -> dict[str, float]:
        """Return everything."""
        return dict(self._sums)


class RedisStore:
    """The store of an installation of many processes: one hash."""

    def __init__(self, client: redis.Redis, key: str) -> None:
        self._client, self._key = client, key

    def add(self, sums: Mapping[str, float]) -> None:
        """Add to what is there, in one round trip."""
        pipe = self._client.pipeline(transaction=False)
        for field, amount in sums.items():
            pipe.hincrbyfloat(self._key, field, amount)
        pipe.execute()

    def read(self) -> dict[str, float]:
        """Return everything."""
        sums = self._client.hgetall(self._key)
        return {os.fsdecode(field): float(value) for field, value in sums.items()}


class MetricsBuffer:
    """Sums metrics in this process and flushes them every two seconds. Safe in threads and after a fork."""

    _sums: dict[str, float]
    _is_flushing: bool

    def __init__(self) -> None:
        self._memory = MemoryStore()
        self._reset()
        os.register_at_fork(after_in_child=self._reset)
        atexit.register(self.flush)

    def count(self, name: str, *labels: str) -> None:
        """Note that it happened once."""
        self._add({_field(name, labels): 1})

    def observe(self, name: str, seconds: float, *labels: str) -> None:
        """Note one duration."""
        bounds = METRICS[name].bounds
        bucket = next((str(bound) for bound in bounds if seconds <= bound), "+Inf")
        self._add({_field(name, labels, bucket): 1, _field(name, labels, "sum"): seconds})

    def flush(self) -> None:
        """Add the sums to the store now. If the store does not answer, they wait for the next flush."""
        with self._lock:
            sums, self._sums = self._sums, {}
        if not sums:
            return
        try:
            self.store().add(sums)
        except Exception:  # noqa: BLE001 - whatever a lost Redis raises
            logger.warning("metrics are not saved yet: Redis does not answer")
            self._sum_up(sums)

    def store(self) -> Store:
        """Return the broker's Redis, or this process's memory where there is none."""
        broker = dramatiq.get_broker()
        if isinstance(broker, RedisBroker):
            return RedisStore(broker.client, f"{broker.namespace}:{KEY}")
        return self._memory

    def _add(self, sums: Mapping[str, float]) -> None:
        self._sum_up(sums)
        with self._lock:
            if not self._is_flushing:
                self._is_flushing = True
                threading.Thread(target=self._flush_forever, name="metrics", daemon=True).start()

    def _sum_up(self, sums: Mapping[str, float]) -> None:
        with self._lock:
            for field, amount in sums.items():
                self._sums[field] = self._sums.get(field, 0) + amount

    def _flush_forever(self) -> None:
        while not self._pause.wait(FLUSH_SECONDS):
            self.flush()

    def _reset(self) -> None:
        """Start empty, also after a fork: the parent flushes what it has counted itself."""
        self._lock = threading.Lock()
        self._sums = {}
        self._pause = threading.Event()
        self._is_flushing = False


metrics_buffer = MetricsBuffer()


@dataclass(frozen=True)
class ClientListener:
    """Counts what the clients of Evotor and VK do."""

    def requested(self, service: str, method: str, code: str, seconds: float) -> None:
        """Count one request."""
        metrics_buffer.count("evosync_api_requests", service, method, code)
        metrics_buffer.observe("evosync_api_request_seconds", seconds, service, method)

    def called(self, method: str, code: str) -> None:
        """Count one call inside `execute`."""
        metrics_buffer.count("evosync_vk_calls", method, code)


class CountMessagesMiddleware(dramatiq.Middleware):
    """Counts the workers' messages and flushes when a worker ends."""

    def __init__(self) -> None:
        self._started = threading.local()

    def before_process_message(self, broker: dramatiq.Broker, message: MessageProxy) -> None:
        """Note when it began; a message stays in its thread."""
        self._started.at = time.monotonic()

    def after_process_message(
        self,
        broker: dramatiq.Broker,
        message: MessageProxy,
        *,
        result: object = None,
        exception: BaseException | None = None,
    ) -> None:
        """Count it as done or failed; a failed one may be repeated and is then counted again."""
        metrics_buffer.count("evosync_messages", message.actor_name, "failed" if exception else "done")
        seconds = time.monotonic() - getattr(self._started, "at", time.monotonic())
        metrics_buffer.observe("evosync_message_seconds", seconds, message.actor_name)

    def after_worker_shutdown(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:
        """Flush now: Dramatiq workers skip atexit handlers."""
        metrics_buffer.flush()


def metric_families(sums: Mapping[str, float]) -> Iterator[Metric]:
    """Yield the metric families of these sums, with cumulative buckets."""
    found: dict[str, dict[tuple[str, ...], dict[str, float]]] = {}
    for field, amount in sums.items():
        name, labels, part = json.loads(field)
        # A release before this one may have counted what this one does not know.
        if name in METRICS and len(labels) == len(METRICS[name].labels):
            found.setdefault(name, {}).setdefault(tuple(labels), {})[part] = amount
    for name, metric in METRICS.items():
        rows = sorted(found.get(name, {}).items())
        yield _histogram(name, metric, rows) if metric.bounds else _counter(name, metric, rows)


Rows = list[tuple[tuple[str, ...], dict[str, float]]]


def _counter(name: str, metric: MetricDefinition, rows: Rows) -> Metric:
    family = CounterMetricFamily(name, metric.text, labels=metric.labels)
    for labels, parts in rows:
        family.add_metric(labels, parts.get("", 0))
    return family


def _histogram(name: str, metric: MetricDefinition, rows: Rows) -> Metric:
    family = HistogramMetricFamily(name, metric.text, labels=metric.labels)
    for labels, parts in rows:
        total, buckets = 0.0, []
        for bound in [*map(str, metric.bounds), "+Inf"]:
            total += parts.get(bound, 0)
            buckets.append((bound, total))
        family.add_metric(labels, buckets, parts.get("sum", 0))
    return family


def _field(name: str, labels: tuple[str, ...], part: str = "") -> str:
    return json.dumps([name, labels, part], ensure_ascii=False)
