"""Who may do what in which community, and how a method is declared."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from sandbox.vk.errors import VkError, bad
from sandbox.vk.params import Param, Params
from sandbox.vk.records import EDITOR, Community, Token
from sandbox.vk.state import VkState

USERS: Final = frozenset({"user"})
ORDERS: Final = frozenset({"user", "group"})
ANYBODY: Final = frozenset({"user", "group", "service"})
GROUP_AUTH: Final = "method is unavailable with group auth."
SERVICE_AUTH: Final = "method is unavailable with service token."
NO_ACCESS_TO_METHOD: Final = 1133
WRONG_SCOPE: Final = "no access to call this method. It cannot be called with current scopes."


@dataclass(frozen=True, slots=True)
class Method:
    """One API method: what it takes, who may call it, what it does. `run` is called under the lock."""

    name: str
    params: tuple[Param, ...]
    run: Callable[[VkState, Token, Params], Any]
    kinds: frozenset[str] = USERS
    scope: str = ""
    in_execute: bool = True


def check_caller(state: VkState, token: Token, method: Method) -> None:
    """Raise the error that VK gives this token for this method, if any."""
    if token.kind not in method.kinds:
        raise VkError(27, GROUP_AUTH) if token.kind == "group" else VkError(28, SERVICE_AUTH)
    if token.kind == "user" and state.people[token.user_id].deactivated:
        raise VkError(18)
    if method.scope and token.kind == "user" and method.scope not in token.scope:
        raise VkError(15, WRONG_SCOPE, subcode=NO_ACCESS_TO_METHOD)


def find_token(state: VkState, value: str) -> Token:
    """Return the token of a call. Raises VkError 5 where it is missing, unknown, revoked or expired."""
    if not value:
        raise VkError(5, "no access_token passed.")
    token = state.tokens.get(value)
    if token is None:
        raise VkError(5, "invalid access_token (4).")
    if token.revoked:
        raise VkError(5, "user revoke access for this token.")
    if token.expires_at is not None and token.expires_at <= state.clock():
        raise VkError(5, "access_token has expired.")
    return token


def shop_to_read(state: VkState, owner_id: int) -> Community:
    """Return the community whose shop is read. Raises VkError 100, 15 or 1525."""
    community = _owner(state, owner_id)
    if not community.market_enabled:
        raise VkError(1525)
    return community


def shop_to_write(state: VkState, token: Token, owner_id: int, *, denied: int = 205) -> Community:
    """Return the community whose shop is written. Raises VkError 100, 15, `denied` or 1438."""
    community = _owner(state, owner_id)
    _check_manager(community, token, denied)
    return community


def community_to_write(state: VkState, token: Token, group_id: int) -> Community:
    """Return the community by its positive id. Raises VkError 125, 7 or 1438."""
    community = state.communities.get(group_id)
    if community is None:
        raise VkError(125)
    _check_manager(community, token, 7)
    return community


def manages(community: Community, token: Token) -> bool:
    """Return True if the token's user is an editor or higher."""
    return community.roles.get(token.user_id, 0) >= EDITOR


def _owner(state: VkState, owner_id: int) -> Community:
    if owner_id >= 0:
        raise bad("only groups supported")
    community = state.communities.get(-owner_id)
    if community is None:
        raise VkError(15)
    return community


def _check_manager(community: Community, token: Token, denied: int) -> None:
    if not manages(community, token):
        raise VkError(denied)
    if not community.market_enabled:
        raise VkError(1438)
