"""Asks VK what it lets this account read, and how fast. Nothing is written."""

import time
from collections.abc import Callable, Mapping
from typing import Any

from connections.clients.error_catalog import VkError
from connections.clients.errors import (
    ActionRequired,
    AuthRevoked,
    ClientError,
    InvalidRequest,
    ItemRefused,
    RateLimited,
)
from connections.clients.vk import calls
from connections.clients.vk.client import VkClient
from connections.clients.vk.limits import ALBUMS, ITEMS
from connections.clients.vk.records import Call
from connections.vk.connect import EDITOR, ROUBLE
from syncing.core.preflight.findings import Findings

MARKET_BIT = 134_217_728
MINUTE = 60.0
SLOW = 2.0
AT_ONCE = 3
# VK's answers to this very call, which say nothing of the next one.
REFUSALS = (ActionRequired, AuthRevoked, InvalidRequest, ItemRefused)
SCRIPT_KILOBYTES = 60


def raw(method: str, *, is_read: bool = True, **params: Any) -> Call[Any]:
    """Return a call whose answer is given as it comes."""
    return Call(method, params, lambda value: value, is_read=is_read)


def answer_or_refusal(client: VkClient, call: Call[Any]) -> Any:
    """Return the answer, or the error that VK gives this very call. Raises every other ClientError."""
    try:
        return client.run(call)
    except ItemRefused as error:
        return error


def find_item(answer: Any, item_id: int) -> Mapping[str, Any] | None:
    """Return the item with this id in VK's own answer to a reading of items, or None."""
    items: list[Mapping[str, Any]] = answer.get("items") or [] if isinstance(answer, Mapping) else []
    return next((item for item in items if int(item["id"]) == item_id), None)


def ask_vk(
    findings: Findings, client: VkClient, hasty: VkClient, group_id: int, *, clock: Callable[[], float]
) -> bool:
    """Note what can be read; return True if a test item may be made. Raises ClientError.

    `hasty` is a client of the same token that keeps no pace.
    """
    person = client.run(calls.get_user())
    if not findings.note("vk:token_accepted", bool(person.id), f"VK user {person.id}"):
        return False
    _note_clock(findings, client, clock=clock)
    may_write = _note_community(findings, client, group_id)
    _note_pace(findings, hasty)
    _note_scripts(findings, client)
    _note_permissions(findings, client)
    return may_write


def _note_permissions(findings: Findings, client: VkClient) -> None:
    try:
        mask = client.run(raw("account.getAppPermissions"))
    except REFUSALS as error:
        # VK may not answer it for this kind of token; the token lives, as the other questions show.
        findings.note("vk:permissions_name_market", None, f"{error.code} {error.text}".strip())
        return
    names = bool(mask & MARKET_BIT) if isinstance(mask, int) else None
    findings.note("vk:permissions_name_market", names, f"mask {mask}")


def _note_clock(findings: Findings, client: VkClient, *, clock: Callable[[], float]) -> None:
    lag = clock() - int(client.run(raw("utils.getServerTime")))
    findings.note("vk:clock_agrees", abs(lag) <= MINUTE, f"ours is {lag:+.0f} s ahead")


def _note_community(findings: Findings, client: VkClient, group_id: int) -> bool:
    community = client.run(calls.get_community(group_id))
    told = answer_or_refusal(client, raw("groups.getById", group_id=group_id, fields="market"))
    kind = _market_type(told)
    role = findings.note("vk:role", community.admin_level >= EDITOR, f"level {community.admin_level}")
    market = findings.note("vk:market_on", community.market_enabled)
    if market:
        in_roubles = community.currency_id in (None, ROUBLE)
        findings.note("vk:roubles", in_roubles, f"currency {community.currency_id}")
        findings.note(
            "vk:extended_market", kind == "advanced" if kind else None, f"type {kind or 'not told'}"
        )
    if not (role and market):
        findings.skip("vk:", "the community is not ready")
        return False
    try:
        page = client.run(calls.get_items(group_id, 0, 1))
        albums = client.run(raw("market.getAlbums", owner_id=-group_id, count=1))
        client.run(calls.photo_upload_server(group_id))
    except REFUSALS as error:
        findings.note("vk:market_right", False, f"{error.code}: {error.text}")
        findings.skip("vk:", "the token has no right to products")
        return False
    findings.note("vk:market_right", True)
    findings.note("vk:room_for_items", page.count < ITEMS, f"{page.count} items")
    findings.note("vk:room_for_albums", int(albums["count"]) < ALBUMS, f"{albums['count']} albums")
    tree = client.run(calls.get_categories())
    branches = sum(bool(node.children) for node in tree)
    findings.note("vk:categories_nest", branches > 0, f"{branches} of {len(tree)} have others below them")
    return True


def _market_type(answer: object) -> str:
    groups = answer.get("groups") if isinstance(answer, Mapping) else answer
    first = groups[0] if isinstance(groups, list) and groups else {}
    market = first.get("market") if isinstance(first, Mapping) else None
    return str(market.get("type") or "") if isinstance(market, Mapping) else ""


def _note_pace(findings: Findings, hasty: VkClient) -> None:
    """Send three reads one right after the other; each goes again by itself where VK finds them too fast."""
    # What was sent before must not count among the three.
    time.sleep(1)
    before, started, longest = hasty.requests, time.monotonic(), 0.0
    try:
        for _ in range(AT_ONCE):
            sent = time.monotonic()
            hasty.run(raw("utils.getServerTime", is_read=False))
            longest = max(longest, time.monotonic() - sent)
    except RateLimited:
        findings.note("vk:three_a_second", False, "VK found them too fast")
        return
    took, again = time.monotonic() - started, hasty.requests - before - AT_ONCE
    in_time = took < 1.0 or None
    findings.note("vk:three_a_second", False if again else in_time, f"{AT_ONCE} in {took:.2f} s")
    findings.note("vk:answers_in_time", longest <= SLOW, f"slowest of {AT_ONCE}: {longest:.2f} s")


def _note_scripts(findings: Findings, client: VkClient) -> None:
    # VK cannot know which items are meant.
    wrong = raw("market.getById")
    # Called writes, so that an error is seen as it came and not asked for again.
    right = raw("users.get", is_read=False)
    first, second, third = client.execute([right, wrong, right])
    paired = isinstance(second, ClientError) and second.code == VkError.INVALID_PARAMETER
    others = not (isinstance(first, ClientError) or isinstance(third, ClientError))
    findings.note("vk:execute_pairs_errors", paired and others, f"the middle one of three: {_said(second)}")
    padding = "x" * (SCRIPT_KILOBYTES * 1000)
    try:
        long = client.execute([raw("users.get", preflight=padding)])[0]
    except ClientError as error:
        long = error
    takes = not isinstance(long, ClientError)
    findings.note("vk:execute_takes_60_kb", takes, _said(long) if not takes else "")
    extra = answer_or_refusal(client, raw("users.get", preflight="1"))
    findings.note("vk:unknown_parameters_ignored", not isinstance(extra, ClientError), "")


def _said(answer: object) -> str:
    return f"{answer.code} {answer.text}".strip() if isinstance(answer, ClientError) else "no error"
