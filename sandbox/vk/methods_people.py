"""`groups.*`, `users.get`, `utils.*`, `account.*`: who and where (reference, vk.md §3.9–3.11)."""

from typing import Any, Final

from sandbox.vk.access import ANYBODY, Method
from sandbox.vk.errors import VkError, bad
from sandbox.vk.params import Param, Params
from sandbox.vk.records import ADMINISTRATOR, EDITOR, MODERATOR, Community, Token
from sandbox.vk.render import CASES, community_json, person_json, short_name
from sandbox.vk.state import VkState

BITS: Final = {"photos": 4, "offline": 65_536, "groups": 262_144, "market": 134_217_728}
ROLES: Final = {"admin": ADMINISTRATOR, "editor": EDITOR, "moder": MODERATOR}
FILTERS: Final = frozenset(ROLES) | {"advertiser", "groups", "publics", "events", "has_addresses"}


def get_communities_by_id(state: VkState, token: Token, params: Params) -> dict[str, Any]:
    """Return communities by number or short name, as the token's user sees them."""
    names = params["group_ids"] or ([params["group_id"]] if params["group_id"] else [])
    if not names and token.kind == "group":
        names = [str(token.group_id)]
    if not names:
        raise bad("group_ids is undefined")
    fields = params["fields"] or []
    found = [_community(state, name) for name in names]
    return {
        "groups": [community_json(community, _viewer(token), fields) for community in found],
        "profiles": [],
    }


def get_communities(state: VkState, token: Token, params: Params) -> dict[str, Any]:
    """List a user's communities, by role where `filter` asks for one."""
    filters = params["filter"] or []
    if not set(filters) <= FILTERS:
        raise bad("filter is invalid")
    if params["user_id"] and params["user_id"] != token.user_id:
        raise VkError(260)
    level = min((ROLES[name] for name in filters if name in ROLES), default=MODERATOR)
    found = [one for one in state.communities.values() if one.roles.get(token.user_id, 0) >= level]
    start = params["offset"] or 0
    page = found[start : start + params["count"]]
    items: list[Any] = [one.id for one in page]
    if params["extended"]:
        items = [community_json(one, token.user_id, params["fields"] or []) for one in page]
    return {"count": len(found), "items": items}


def get_users(state: VkState, token: Token, params: Params) -> list[dict[str, Any]]:
    """Return users by number or short name; without ids, the token's own. Unknown ones are left out."""
    if params["name_case"] and params["name_case"] not in CASES:
        raise bad("name_case is invalid")
    names = params["user_ids"]
    if not names:
        if token.kind != "user":
            return []
        names = [str(token.user_id)]
    known = {short_name(person): person for person in state.people.values()}
    known |= {str(person.id): person for person in state.people.values()}
    known |= {f"id{person.id}": person for person in state.people.values()}
    found = {known[name].id: known[name] for name in names if name in known}
    if not found and not any(name.isdigit() for name in names):
        raise VkError(113)
    return [person_json(person, params["fields"] or []) for person in found.values()]


def resolve_screen_name(state: VkState, _token: Token, params: Params) -> dict[str, Any] | list[Any]:
    """Return what a short name means; an empty list where it means nothing."""
    for person in state.people.values():
        if params["screen_name"] in {short_name(person), f"id{person.id}"}:
            return {"object_id": person.id, "type": "user"}
    for community in state.communities.values():
        if params["screen_name"] in {community.screen_name, f"club{community.id}", f"public{community.id}"}:
            return {"object_id": community.id, "type": "group"}
    return []


def get_app_permissions(_state: VkState, token: Token, _params: Params) -> int:
    """Return the token's rights as a bit mask."""
    return sum(BITS.get(word, 0) for word in token.scope)


def get_server_time(state: VkState, _token: Token, _params: Params) -> int:
    """Return the Unix time."""
    return int(state.clock())


def toggle_market(state: VkState, token: Token, params: Params) -> int:
    """Turn the Products section on or off. Raises VkError 125, 7, 1431 or 1432."""
    community = state.communities.get(params["group_id"])
    if community is None:
        raise VkError(125)
    if community.roles.get(token.user_id, 0) < ADMINISTRATOR:
        raise VkError(7)
    if params["state"] not in {"none", "basic", "advanced"}:
        raise bad("state is invalid")
    wanted = params["state"] != "none"
    if wanted and community.market_enabled and community.market_type == params["state"]:
        raise VkError(1431)
    if not wanted and not community.market_enabled:
        raise VkError(1432)
    community.market_enabled = wanted
    if wanted:
        community.market_type = params["state"]
    return 1


def _viewer(token: Token) -> int | None:
    return token.user_id if token.kind == "user" else None


def _community(state: VkState, name: str) -> Community:
    number = name.removeprefix("club").removeprefix("public")
    if number.isdigit() and int(number) in state.communities:
        return state.communities[int(number)]
    for community in state.communities.values():
        if community.screen_name == name:
            return community
    raise bad("group_ids is invalid")


METHODS: Final = (
    Method(
        "groups.getById",
        (Param("group_ids", "texts", high=500), Param("group_id", "text"), Param("fields", "texts")),
        get_communities_by_id,
        kinds=ANYBODY,
    ),
    Method(
        "groups.get",
        (
            Param("user_id", "int", low=1),
            Param("extended", "bool"),
            Param("filter", "texts"),
            Param("fields", "texts"),
            Param("offset", "int", low=0),
            Param("count", "int", low=0, high=1000, default=1000),
        ),
        get_communities,
        scope="groups",
    ),
    Method(
        "users.get",
        (
            Param("user_ids", "texts", high=1000),
            Param("fields", "texts"),
            Param("name_case", "text"),
            Param("from_group_id", "int", low=0),
        ),
        get_users,
        kinds=ANYBODY,
    ),
    Method(
        "utils.resolveScreenName", (Param("screen_name", "text", True),), resolve_screen_name, kinds=ANYBODY
    ),
    Method("utils.getServerTime", (), get_server_time, kinds=ANYBODY),
    Method("account.getAppPermissions", (Param("user_id", "int", low=0),), get_app_permissions),
    Method(
        "groups.toggleMarket",
        (Param("group_id", "int", True, low=1), Param("state", "text", True), Param("ref", "text", high=100)),
        toggle_market,
    ),
)
