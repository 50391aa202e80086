"""Deletes old rows of connections: checks, deliveries, codes, records of links."""

from datetime import datetime, timedelta

from accounts.retention import KEEP_RECORDS
from connections.models import (
    EvotorConnection,
    HealthCheckLog,
    LinkCode,
    LinkingRecord,
    WebhookEvent,
)
from evosync.common.batching import delete_in_batches

KEEP = timedelta(days=30)


def prune_connection_logs(now: datetime) -> dict[str, int]:
    """Delete health history, deliveries, codes and unclaimed accounts of over 30 days; return the numbers.

    Records of links are kept for three years.
    """
    moment = now - KEEP
    return {
        "health_checks": delete_in_batches(HealthCheckLog.objects.older_than(moment)),
        "webhook_events": delete_in_batches(WebhookEvent.objects.older_than(moment)),
        "link_codes": delete_in_batches(LinkCode.objects.ended_before(moment)),
        "unclaimed_accounts": delete_in_batches(EvotorConnection.objects.unclaimed().untouched_since(moment)),
        "linking_records": delete_in_batches(LinkingRecord.objects.older_than(now - KEEP_RECORDS)),
    }
