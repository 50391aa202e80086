"""What can be done with connections. Other apps import from here only."""

from connections.errors import CannotConnect, Check
from connections.services.clients import evotor_client, vk_client
from connections.services.evotor import check_evotor, connect_evotor, disconnect_evotor
from connections.services.vk import check_vk, connect_vk, disconnect_vk, parse_group

__all__ = [
    "CannotConnect",
    "Check",
    "check_evotor",
    "check_vk",
    "connect_evotor",
    "connect_vk",
    "disconnect_evotor",
    "disconnect_vk",
    "evotor_client",
    "parse_group",
    "vk_client",
]
