"""What VK ID keeps: applications, consents with their chain of tokens, its open rules, its errors."""

from dataclasses import dataclass, field

from sandbox.vk.records import Token


@dataclass(slots=True)
class VkApp:
    """An application of VK ID. `allowed` are the scopes VK grants it; others are trimmed silently."""

    client_id: str
    client_secret: str = field(repr=False)
    redirect_uris: set[str]
    allowed: frozenset[str] = frozenset({"market", "photos", "groups"})


@dataclass(slots=True)
class VkIdRules:
    """What VK ID's stand-in does where VK's own behaviour is open. Times are in seconds.

    With `any_redirect` an application may be sent back anywhere on loopback, for the demo.
    """

    code_seconds: float = 600
    access_seconds: float = 3_600
    refresh_seconds: float = 180 * 86_400
    error_status: int = 400
    reuse_kills_session: bool = True
    any_redirect: bool = False


@dataclass(slots=True)
class Grant:
    """One consent: a code first, then a chain of rotated tokens.

    `silent_scope` are rights that its tokens have and VK does not name.
    """

    app: VkApp
    user_id: int
    scope: frozenset[str]
    redirect_uri: str
    challenge: str
    device_id: str
    code_until: float
    code_used: bool = False
    dead: bool = False
    refresh: str = ""
    refresh_until: float = 0.0
    silent_scope: frozenset[str] = frozenset()
    access: list[Token] = field(default_factory=list)


class OAuthError(Exception):
    """An answer `{"error", "error_description"}`."""

    def __init__(self, error: str, description: str) -> None:
        self.error = error
        self.description = description
        super().__init__(f"{error}: {description}")
