"""The rehearsal itself: hosts and certificates, Evotor read, VK read, and one hidden item of VK."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings

from accounts.models import User
from catalog.photos.placeholders import placeholder
from connections.client_factory import vk_api_hosts, vk_client
from connections.clients.certificates import look_at
from connections.clients.errors import (
    ActionRequired,
    AuthRevoked,
    ClientError,
    OperatorActionRequired,
    Transient,
)
from connections.clients.evotor.raw import RawEvotor
from connections.clients.vk.client import VkClient
from connections.clients.vk.hosts import ApiHosts
from connections.evotor.tokens import ensure_fresh_evotor_token
from connections.vk.tokens import ensure_fresh_vk_token
from evosync.common import clock
from syncing.core.preflight.facts import FACTS
from syncing.core.preflight.findings import EVOTOR, VK, Findings
from syncing.core.preflight.marks import new_mark
from syncing.publishing.vk.preflight.hidden_item import HiddenItem, ShownToShoppersError
from syncing.publishing.vk.preflight.leftovers import Made, find_leftovers, remove_leftovers
from syncing.publishing.vk.preflight.reading import ask_vk, raw
from syncing.services.accounts import evotor_connection, vk_connection
from syncing.services.errors import CannotSync
from syncing.services.preflight.evotor import ask_evotor

BY_WISH = "left out by --read-only"
# A certificate that ends sooner is worth a word.
ENDS_SOON_DAYS = 14
CLEAN_UP_TRIES = 3
CLEAN_UP_PAUSE = 2.0


@dataclass(frozen=True, slots=True)
class Options:
    """How it is carried out. Without `writes` nothing is made in VK; `progress` is told each part."""

    writes: bool = True
    progress: Callable[[str], None] = lambda part: None
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.time


def rehearse(user: User, made: Made, options: Options) -> Findings:
    """Ask both services as this merchant and return what was found.

    `made` names what an earlier rehearsal may have left. Whatever ends it, what was made is taken away.
    """
    findings = Findings(FACTS)
    if not options.writes:
        findings.left_out.append("vk:")
    _look_at_certificates(findings)
    options.progress("Evotor, reading only")
    _ask_evotor(findings, user, options)
    options.progress("VK, reading")
    _ask_vk(findings, user, made, options)
    return findings


def _look_at_certificates(findings: Findings) -> None:
    hosts = (
        ("evotor:certificate_trusted", settings.EVOTOR_API_URL, settings.EVOTOR_CA_BUNDLE),
        ("vk:certificate_trusted", settings.VK_API_URL, settings.VK_CA_BUNDLE),
        ("vk:login_trusted", settings.VK_ID_URL, ""),
    )
    for name, url, bundle in hosts:
        if not url.startswith("https:"):
            findings.note(name, True, f"{url} is asked without TLS")
            continue
        try:
            shown = look_at(url, ca_bundle=bundle)
        except OSError as error:
            findings.note(name, False, f"{url}: {error}"[:300])
            continue
        days = (shown.valid_until - datetime.now(UTC)).days
        soon = f", ends in {days} days" if days < ENDS_SOON_DAYS else ""
        findings.note(name, True, f"issued by {shown.issuer}, until {shown.valid_until:%Y-%m-%d}{soon}")


def _ask_evotor(findings: Findings, user: User, options: Options) -> None:
    try:
        connection = ensure_fresh_evotor_token(evotor_connection(user), now=clock.now())
        clients = [
            RawEvotor(base_url=settings.EVOTOR_API_URL, token=token, ca_bundle=settings.EVOTOR_CA_BUNDLE)
            for token in (connection.access_token, f"preflight-{secrets.token_hex(16)}")
        ]
        ask_evotor(findings, *clients, clock=options.clock)
    except (CannotSync, ClientError) as error:
        _note_failure(findings, EVOTOR, error)


def _ask_vk(findings: Findings, user: User, made: Made, options: Options) -> None:
    try:
        connection = ensure_fresh_vk_token(vk_connection(user))
        client, group_id = vk_client(connection), connection.group_id or 0
        _ask_hosts(findings, connection.access_token)
        hasty = VkClient(hosts=vk_api_hosts(), token=connection.access_token)
        may_write = ask_vk(findings, client, hasty, group_id, clock=options.clock)
        if not may_write:
            return
        if not options.writes:
            findings.skip("vk:", BY_WISH)
            return
        options.progress("VK, one hidden item")
        _ask_with_item(findings, client, group_id, made, options)
    except (CannotSync, ClientError) as error:
        _note_failure(findings, VK, error)


def _ask_hosts(findings: Findings, token: str) -> None:
    """Read the time from each host alone; no write ever goes to the second one here."""
    for name, url in (
        ("vk:host_answers", settings.VK_API_URL),
        ("vk:fallback_answers", settings.VK_API_FALLBACK_URL),
    ):
        if not url:
            findings.skip(name, "none is set")
            continue
        bundle = settings.VK_CA_BUNDLE
        client = VkClient(hosts=ApiHosts(url, ca_bundle=bundle), token=token)
        try:
            client.run(raw("utils.getServerTime"))
        except (Transient, OperatorActionRequired) as error:
            findings.note(name, False, f"{url}: {error.code}")
        else:
            findings.note(name, True, url)


def _ask_with_item(findings: Findings, client: VkClient, group_id: int, made: Made, options: Options) -> None:
    """Remove what an earlier rehearsal left, ask with an item of this one, and take it away."""
    earlier = find_leftovers(client, group_id, made)
    if not earlier.is_empty:
        number = len(earlier.item_ids) + len(earlier.album_ids)
        options.progress(f"VK, removing {number} leftovers of an earlier rehearsal")
        if left := remove_leftovers(client, group_id, earlier):
            findings.fail(f"An earlier rehearsal left {', '.join(left)}: remove it in VK by hand.")
            return
    made.replace(earlier)
    pictures = [placeholder(f"EvoSync {number}", "") for number in (1, 2)]
    item = HiddenItem(
        findings, client, group_id, mark=new_mark(), made=made, pictures=pictures, sleep=options.sleep
    )
    try:
        item.run()
    except ShownToShoppersError:
        findings.skip("vk:", "the item was not hidden, so it went at once")
    finally:
        _clean_up(findings, client, group_id, made, options)


def _clean_up(findings: Findings, client: VkClient, group_id: int, made: Made, options: Options) -> None:
    """Take away what is still there, in several tries: an outage of seconds must leave nothing behind."""
    left: list[str] = []
    for attempt in range(CLEAN_UP_TRIES):
        if made.is_empty:
            return
        if attempt:
            options.sleep(CLEAN_UP_PAUSE)
        try:
            made.replace(find_leftovers(client, group_id, made))
            left = remove_leftovers(client, group_id, made)
        except ClientError as error:
            left = [f"what it had made ({error.code})"]
    if not made.is_empty:
        findings.fail(f"Not removed: {', '.join(left)}. Start preflight again later: it removes that first.")


def _note_failure(findings: Findings, service: str, error: CannotSync | ClientError) -> None:
    """Note what ended a service's part."""
    said = error.text if isinstance(error, CannotSync) else f"{error.code} {error.text}".strip()
    findings.fail(f"{'Evotor' if service == EVOTOR else 'VK'}: {said}")
    findings.skip(f"{service}:", said)
    if isinstance(error, AuthRevoked):
        findings.note(f"{service}:token_accepted", False, said)
    if isinstance(error, OperatorActionRequired):
        findings.note(f"{service}:certificate_trusted", False, said)
    if isinstance(error, ActionRequired) and service == VK:
        findings.note("vk:role", False, said)
