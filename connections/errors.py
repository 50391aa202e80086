"""Why a connection could not be made, in sentences for the merchant."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from connections import operator_alerts
from connections.choices import CheckCode, RefusalCode
from connections.clients.error_catalog import EvotorError, VkError, lookup
from connections.clients.errors import ClientError, Transient
from connections.clients.patience import Patience, TooSlow
from connections.clients.service import Service

MAX_TOKEN = 4096
# A merchant waits for the page. After a minute it would blame their internet.
PAGE_SECONDS = 20.0
SILENT = {Service.EVOTOR: EvotorError.TIMEOUT, Service.VK: VkError.TIMEOUT}


@dataclass(frozen=True, slots=True)
class Check:
    """One right or setting that was tried: it works, or the merchant takes the next step."""

    code: CheckCode
    ok: bool
    text: str
    next_step: str = ""


class CannotConnect(Exception):
    """The connection was refused and nothing has changed; the merchant acts on `next_step`.

    `code` is stable and for programs, `checks` are the checks that led to the refusal.
    """

    def __init__(self, code: str, text: str, next_step: str = "", *, checks: Sequence[Check] = ()) -> None:
        super().__init__(f"{text} {next_step}".strip())
        self.code = code
        self.text = text
        self.next_step = next_step
        self.checks = list(checks)


def refusal_of(error: ClientError, **extra: Any) -> CannotConnect:
    """Return the refusal that an API's error amounts to, in the words of the error catalog.

    Staff are told where only they can help.
    """
    operator_alerts.report(error)
    row = lookup(error.code)
    return CannotConnect(error.code, _(row.text), _(row.next_step) if row.next_step else "", **extra)


@contextmanager
def refused_when_silent(service: Service) -> Iterator[Patience]:
    """Yield how long the block may wait for the service; raise CannotConnect where that was too short."""
    try:
        yield Patience(service, PAGE_SECONDS, first_seconds=PAGE_SECONDS)
    except TooSlow:
        raise refusal_of(Transient(service, SILENT[service], "no answer in time")) from None


def clean_token(text: str) -> str:
    """Return the token without the space around it, or refuse what cannot be a token."""
    token = text.strip()
    if not token:
        raise CannotConnect(
            RefusalCode.NO_TOKEN, _("There is no token."), _("Paste the token, then try again.")
        )
    if not token.isascii() or not token.isprintable() or " " in token or len(token) > MAX_TOKEN:
        raise CannotConnect(
            RefusalCode.BAD_TOKEN,
            _("This is not a token: tokens are one word of Latin letters, digits and signs."),
            _("Copy the token again, without quotes and spaces."),
        )
    return token
