"""Links a till account to a merchant. A link code proves that the person at Evotor's form is ours.

Nothing else in a webhook proves that: not an email address, not a phone, not the account's id.
"""

import hashlib
import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial

from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from accounts.choices import SecurityEventKind
from accounts.models import User
from accounts.security_events import record_event
from connections.audit import notify_owner_of_attempt, record_linking
from connections.choices import EvotorConnectionType, LinkingDetail, LinkingEvent, RefusalCode
from connections.clients.service import Service
from connections.errors import CannotConnect
from connections.evotor.connect import release_evotor
from connections.models import EvotorConnection, LinkCode
from connections.models.evotor import CODE_LIFE
from connections.queue import enqueue_connection_check
from evosync.common import clock

logger = logging.getLogger(__name__)

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
CODE_LENGTH = 10
HOUR = 3600
CODES_AN_HOUR = 20
# Wrong codes an hour of one till account; right ones are not counted. There is no limit for all accounts
# together, which strangers could use up for everybody: a code has 50 bits and lives for half an hour.
WRONG_AN_HOUR = 20
# So many wrong ones in all are worth a line in the operators' log.
REMARKABLE_AN_HOUR = 2000


class BadCode(Exception):
    """The code is wrong, used or too old, or there were too many wrong ones; the merchant gets a new one."""


class LinkedElsewhere(Exception):
    """The till account belongs to another merchant of ours; its owner has to disconnect it first."""


def issue_link_code(user: User, *, now: datetime) -> str:
    """Return a new code of ten base32 characters that links one till account within 30 minutes.

    Only its hash is kept, and an older code of the merchant that is still open ends. Raises
    CannotConnect after twenty codes in an hour.
    """
    if _count(f"link-codes:{user.pk}") > CODES_AN_HOUR:
        raise CannotConnect(
            RefusalCode.TOO_MANY_CODES,
            _("You have asked for too many codes."),
            _("Wait an hour, then ask for a new one."),
        )
    code = "".join(secrets.choice(ALPHABET) for _position in range(CODE_LENGTH))
    with transaction.atomic():
        LinkCode.objects.for_user(user).open(now).update(expires_at=now)
        LinkCode.objects.create(
            user=user, code_hash=_hash_code(code), created_at=now, expires_at=now + CODE_LIFE
        )
        record_linking(LinkingEvent.CODE_ISSUED, user=user)
    return code


def normalise_code(text: str) -> str | None:
    """Return the code in what a person typed, without spaces and dashes, or None where it is none."""
    code = "".join(text.split()).replace("-", "").upper()
    if len(code) == CODE_LENGTH and all(letter in ALPHABET for letter in code):
        return code
    return None


def _hash_code(code: str) -> str:
    # Keyed, because ten letters could be guessed from a plain hash in a stolen database.
    return salted_hmac("connections.link_code", code, algorithm="sha256").hexdigest()


def _count(key: str) -> int:
    cache.add(key, 0, HOUR)
    try:
        return cache.incr(key)
    except ValueError:  # It ended between the two calls.
        return 1


def claim_with_code(codes: list[str], *, evotor_user_id: str, now: datetime) -> EvotorConnection:
    """Link the till account to the merchant whose code is among `codes`; of racing claims one wins.

    The same code for the same account again is a repeated request and gives the same row. Raises
    BadCode, or LinkedElsewhere (whose owner is told), with nothing changed.
    """
    wrong = f"wrong-codes:{evotor_user_id}"
    if cache.get(wrong, 0) >= WRONG_AN_HOUR:
        record_linking(
            LinkingEvent.REFUSED, user=None, evotor_user_id=evotor_user_id, detail=LinkingDetail.THROTTLED
        )
        raise BadCode
    link = LinkCode.objects.with_hashes([_hash_code(code) for code in codes]).first()
    try:
        return _claim(link, evotor_user_id, now)
    except BadCode:
        _count(wrong)
        if _count("wrong-codes") == REMARKABLE_AN_HOUR:
            logger.warning("somebody guesses link codes: %s wrong ones within an hour", REMARKABLE_AN_HOUR)
        _record_refusal(link, evotor_user_id, LinkingDetail.BAD_CODE)
        raise
    except (LinkedElsewhere, IntegrityError):
        _record_refusal(link, evotor_user_id, LinkingDetail.LINKED_ELSEWHERE)
        notify_owner_of_attempt(evotor_user_id)
        raise LinkedElsewhere from None


def _record_refusal(link: LinkCode | None, evotor_user_id: str, detail: str) -> None:
    user = link.user if link is not None else None
    record_linking(LinkingEvent.REFUSED, user=user, evotor_user_id=evotor_user_id, detail=detail)


def _claim(link: LinkCode | None, evotor_user_id: str, now: datetime) -> EvotorConnection:
    # A wrong code leaves no row behind.
    if link is None or not (link.used_by == evotor_user_id or _is_open(link, now)):
        raise BadCode
    with locked_account(evotor_user_id) as connection:
        return _claim_for(connection, link, evotor_user_id, now)


def _is_young(link: LinkCode, now: datetime) -> bool:
    return clock.is_before(link.expires_at, now, longest=CODE_LIFE)


def _is_open(link: LinkCode, now: datetime) -> bool:
    return LinkCode.objects.open(now).only_row(link).exists()


def _claim_for(
    connection: EvotorConnection, link: LinkCode, evotor_user_id: str, now: datetime
) -> EvotorConnection:
    if link.used_by == evotor_user_id and connection.user_id == link.user_id and _is_young(link, now):
        return connection
    if connection.user_id not in (None, link.user_id):
        if _is_open(link, now):
            raise LinkedElsewhere
        raise BadCode
    if LinkCode.objects.open(now).only_row(link).update(used_at=now, used_by=evotor_user_id) != 1:
        raise BadCode
    if connection.user_id is None:
        _link(connection, link.user, now)
    return connection


def _link(connection: EvotorConnection, user: User, now: datetime) -> None:
    old = EvotorConnection.objects.select_for_update().for_user(user).first()
    if old is not None:
        release_evotor(old)
    connection.user = user
    connection.connected_at = now
    connection.is_online, connection.last_error = False, ""
    connection.save()
    record_linking(LinkingEvent.CODE_CLAIMED, user=user, evotor_user_id=connection.evotor_user_id)
    record_event(user, SecurityEventKind.EVOTOR_CONNECTED)
    _check_soon(connection)


def _check_soon(connection: EvotorConnection) -> None:
    user_id = connection.user_id
    if user_id is not None and connection.access_token and connection.uninstalled_at is None:
        transaction.on_commit(partial(enqueue_connection_check, Service.EVOTOR, user_id))


@contextmanager
def locked_account(evotor_user_id: str) -> Iterator[EvotorConnection]:
    """Hold the row of this till account in a transaction, a new unclaimed one where there was none."""
    # Not in the same transaction: MariaDB leaves the second transaction with a shared lock on the
    # row, and two of those that then want it exclusively wait for each other.
    EvotorConnection.objects.get_or_create(
        evotor_user_id=evotor_user_id, defaults={"connection_type": EvotorConnectionType.WEBHOOK}
    )
    with transaction.atomic():
        yield EvotorConnection.objects.select_for_update().get(evotor_user_id=evotor_user_id)


def user_token_of(connection: EvotorConnection) -> str:
    """Return the token by which Evotor's notifications of this account are known; call it on a locked row.

    It is derived from a nonce and our secret key, so a repeated request gets the same token although
    the database holds only its hash.
    """
    connection.user_token_nonce = connection.user_token_nonce or secrets.token_hex(16)
    token = salted_hmac("connections.user_token", connection.user_token_nonce, algorithm="sha256").hexdigest()
    connection.user_token_hash = hash_user_token(token)
    connection.save(update_fields=["user_token_nonce", "user_token_hash", "updated_at"])
    return token


def hash_user_token(token: str) -> str:
    """Return what is stored of a token that we issued; it is long and random, so a plain hash holds."""
    return hashlib.sha256(token.encode()).hexdigest()
