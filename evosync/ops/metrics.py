"""The figures that Prometheus reads. Any web process gives the same.

What stands in rows, queues and heartbeats is counted when Prometheus asks. What only happens, in web and
worker processes on many hosts, they have added up themselves (`evosync.common.telemetry.counters`).
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from django.db.models import Count, Sum
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from connections.clients.service import Service
from connections.models import EvotorConnection, OperatorAlert, VkConnection, WebhookEvent
from evosync.common import clock
from evosync.common.telemetry import heartbeat
from evosync.common.telemetry.counters import metric_families, metrics_buffer
from evosync.common.telemetry.queues import queue_lengths
from syncing.models import Listing, SyncConfig, SyncJob
from syncing.services.accuracy import accuracy_ratio

ITEM_RESULTS = {
    "created": "items_created",
    "updated": "items_updated",
    "hidden": "items_hidden",
    "deleted": "items_deleted",
    "skipped": "items_skipped",
    "unchanged": "items_unchanged",
    "failed": "error_count",
}


def render() -> bytes:
    """Return all figures in Prometheus' text format."""
    registry = CollectorRegistry()
    registry.register(EvosyncCollector())
    return generate_latest(registry)


class EvosyncCollector(Collector):
    """Counts rows, messages and heartbeats. No query reads more than an index and a day's history."""

    def collect(self) -> Iterator[Metric]:
        """Yield every family of figures."""
        yield from self._jobs()
        yield from self._items()
        yield from self._connections()
        yield from self._queues()
        yield from self._heartbeats()
        yield _labelled(
            "evosync_listings",
            "Goods on the map from till to VK, by state",
            "state",
            dict(Listing.objects.order_by().values_list("state").annotate(Count("pk"))),
        )
        yield GaugeMetricFamily(
            "evosync_merchants_enabled", "Merchants who sync", value=SyncConfig.objects.enabled().count()
        )
        yield GaugeMetricFamily(
            "evosync_webhook_events_unhandled",
            "Deliveries from Evotor that no worker has finished",
            value=WebhookEvent.objects.unhandled().count(),
        )
        yield GaugeMetricFamily(
            "evosync_webhook_events_parked",
            "Deliveries from Evotor that failed too often and wait for staff",
            value=WebhookEvent.objects.parked().count(),
        )
        yield _labelled(
            "evosync_operator_alerts",
            "What only the operator can fix, by code; runs wait meanwhile",
            "code",
            dict(OperatorAlert.objects.open().order_by().values_list("code").annotate(Count("pk"))),
        )
        metrics_buffer.flush()
        yield from metric_families(metrics_buffer.store().read())

    def _jobs(self) -> Iterator[GaugeMetricFamily]:
        now = clock.now()
        active = dict(SyncJob.objects.active().order_by().values_list("status").annotate(Count("pk")))
        yield _labelled("evosync_jobs_active", "Unfinished runs, by state", "status", active)
        day = SyncJob.objects.finished_since(now - timedelta(days=1))
        finished = dict(day.order_by().values_list("status").annotate(Count("pk")))
        yield _labelled(
            "evosync_jobs_finished_day", "Runs that ended in 24 hours, by state", "status", finished
        )
        oldest = (
            SyncJob.objects.waiting(now).order_by("created_at").values_list("created_at", flat=True).first()
        )
        yield GaugeMetricFamily(
            "evosync_oldest_waiting_job_seconds",
            "Age of the oldest run that could start and has not",
            value=(now - oldest).total_seconds() if oldest else 0,
        )

    def _items(self) -> Iterator[GaugeMetricFamily]:
        day = SyncJob.objects.finished_since(clock.now() - timedelta(days=1))
        sums = day.aggregate(**{result: Sum(column) for result, column in ITEM_RESULTS.items()})
        yield _labelled(
            "evosync_items_day",
            "Goods in the runs that ended in 24 hours, by result",
            "result",
            {result: total or 0 for result, total in sums.items()},
        )
        share = accuracy_ratio(day)
        if share is not None:
            yield GaugeMetricFamily(
                "evosync_accuracy_ratio",
                "Share of goods that agreed with the till after the runs of 24 hours; absent without runs",
                value=float(share),
            )

    def _connections(self) -> Iterator[GaugeMetricFamily]:
        family = GaugeMetricFamily(
            "evosync_connections", "Claimed connections, by service and state", labels=["service", "state"]
        )
        for service, model in ((Service.EVOTOR, EvotorConnection), (Service.VK, VkConnection)):
            claimed = model.objects.claimed()
            family.add_metric([service, "online"], claimed.online().count())
            family.add_metric([service, "offline"], claimed.offline().count())
        yield family

    def _queues(self) -> Iterator[GaugeMetricFamily]:
        yield _labelled("evosync_queue_messages", "Messages that wait, by queue", "queue", queue_lengths())

    def _heartbeats(self) -> Iterator[GaugeMetricFamily]:
        ages: dict[str, float | None] = {role: heartbeat.age(role) for role in heartbeat.MAX_AGE_SECONDS}
        yield _labelled(
            "evosync_heartbeat_age_seconds",
            "Seconds since the last sign of life, by role; absent where there was none",
            "role",
            {role: seconds for role, seconds in ages.items() if seconds is not None},
        )


def _labelled(name: str, text: str, label: str, values: Mapping[str, float]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, text, labels=[label])
    for key, value in sorted(values.items()):
        family.add_metric([key], value)
    return family
