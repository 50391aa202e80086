"""A merchant's accounts at Evotor and VK, and their health."""

from connections.models.connection import Connection
from connections.models.evotor import (
    EvotorConnection,
    EvotorSubscription,
    LinkCode,
    WebhookEvent,
    WebhookEventQuerySet,
)
from connections.models.history import HealthCheckLog, LinkingRecord, OperatorAlert
from connections.models.vk import TEXT_LIMIT_LASTS, VkConnection

__all__ = [
    "TEXT_LIMIT_LASTS",
    "Connection",
    "EvotorConnection",
    "EvotorSubscription",
    "HealthCheckLog",
    "LinkCode",
    "LinkingRecord",
    "OperatorAlert",
    "VkConnection",
    "WebhookEvent",
    "WebhookEventQuerySet",
]
