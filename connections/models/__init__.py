"""A merchant's accounts at Evotor and VK, and their health."""

from connections.models.connection import Connection
from connections.models.evotor import (
    EvotorConnection,
    EvotorSubscription,
    LinkCode,
    WebhookEvent,
    WebhookEventQuerySet,
)
from connections.models.history import BindingAudit, HealthCheckLog, OperatorAlert
from connections.models.vk import TEXT_LIMIT_LASTS, VkConnection

__all__ = [
    "TEXT_LIMIT_LASTS",
    "BindingAudit",
    "Connection",
    "EvotorConnection",
    "EvotorSubscription",
    "HealthCheckLog",
    "LinkCode",
    "OperatorAlert",
    "VkConnection",
    "WebhookEvent",
    "WebhookEventQuerySet",
]
