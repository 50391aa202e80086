"""The outside services, and those of their interfaces that are measured apart."""

from enum import StrEnum


class Service(StrEnum):
    """The two outside services that a merchant connects."""

    EVOTOR = "evotor"
    VK = "vk"


class Interface(StrEnum):
    """What is measured on its own: the services themselves and their logins."""

    EVOTOR = "evotor"
    EVOTOR_OAUTH = "evotor_oauth"
    VK = "vk"
    VK_ID = "vk_id"
