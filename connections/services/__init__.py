"""What can be done with connections. Other apps import from here only."""

from connections.errors import CannotConnect, Check
from connections.services.binding import claim_with_code, issue_link_code, webhook_prefix
from connections.services.care import prune_connection_logs, rotate_encryption
from connections.services.clients import UNTIL_NEXT_WINDOW, evotor_client, vk_client
from connections.services.evotor import check_evotor, connect_evotor, disconnect_evotor
from connections.services.health import check_health, mark_offline, mark_online, pause
from connections.services.tokens import ensure_fresh_vk_token
from connections.services.vk import check_vk, connect_vk, disconnect_vk, parse_group
from connections.services.vk_login import choose_community, communities

__all__ = [
    "UNTIL_NEXT_WINDOW",
    "CannotConnect",
    "Check",
    "check_evotor",
    "check_health",
    "check_vk",
    "choose_community",
    "claim_with_code",
    "communities",
    "connect_evotor",
    "connect_vk",
    "disconnect_evotor",
    "disconnect_vk",
    "ensure_fresh_vk_token",
    "evotor_client",
    "issue_link_code",
    "mark_offline",
    "mark_online",
    "parse_group",
    "pause",
    "prune_connection_logs",
    "rotate_encryption",
    "vk_client",
    "webhook_prefix",
]
