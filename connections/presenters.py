"""What the connections pages show, built from rows."""

from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import User
from connections.choices import SERVICE_LABELS, CheckCode, HealthEvent, RefusalCode
from connections.clients.error_catalog import CODES, LOGIN_HELPS, EvotorError, evotor, lookup, vk, vk_id
from connections.clients.error_catalog.rows import Reaction
from connections.clients.service import Service
from connections.errors import CannotConnect
from connections.models import EvotorConnection, HealthCheckLog, OperatorAlert, VkConnection
from connections.status import service_of
from evosync.common.times import format_time

HISTORY_ROWS = 20
# Of the error catalog's next steps those that lead to the page with the connections, as that page says them.
STEPS_HERE = {
    evotor.RECONNECT_EVOTOR: gettext_noop("Connect Evotor again, below on this page."),
    vk.RECONNECT: gettext_noop("Connect VK again, below on this page."),
    vk.LOGIN_AGAIN: gettext_noop("Log in to VK again, below on this page."),
    vk_id.LOGIN_AGAIN: gettext_noop("Log in to VK again, below on this page."),
    vk.REGISTER: gettext_noop("Finish the registration in VK, then log in to VK again, below on this page."),
}
TONES = {
    HealthEvent.ONLINE: "ok",
    HealthEvent.OFFLINE: "bad",
    HealthEvent.TOKEN_REFRESHED: "info",
    HealthEvent.TOKEN_REFRESH_FAILED: "warn",
}


# Merchants read no word that only programmers know.
EVENTS = {
    HealthEvent.ONLINE: gettext_noop("online"),
    HealthEvent.OFFLINE: gettext_noop("offline"),
    HealthEvent.TOKEN_REFRESHED: gettext_noop("access renewed"),
    HealthEvent.TOKEN_REFRESH_FAILED: gettext_noop("access not renewed"),
}


@dataclass(frozen=True, slots=True)
class State:
    """The status of one connection, in a word and a sentence; `tone` is ok, warn, bad or nothing."""

    tone: str
    label: str
    text: str
    next_step: str = ""


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One line of the health history, in sentences for the merchant."""

    service: str
    tone: str
    label: str
    text: str
    checked_at: datetime


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing that VK must allow, before it has been tried: what it is and where to press."""

    code: CheckCode
    title: str
    text: str


VK_REQUIREMENTS = (
    Requirement(
        CheckCode.USER,
        gettext_noop("A person logs in, not the community"),
        gettext_noop("VK lets only people manage goods, never the community itself."),
    ),
    Requirement(
        CheckCode.ROLE,
        gettext_noop("This person is an editor or an administrator"),
        gettext_noop("In VK: the community, Manage, Members, Managers."),
    ),
    Requirement(
        CheckCode.MARKET,
        gettext_noop("Products are on, prices are in roubles"),
        gettext_noop("In VK: the community, Manage, Sections, Products."),
    ),
    Requirement(
        CheckCode.SCOPE,
        gettext_noop("EvoSync may manage goods"),
        gettext_noop("When VK asks which rights to give, leave Products (market) ticked."),
    ),
    Requirement(
        CheckCode.PHOTOS,
        gettext_noop("EvoSync may add photos"),
        gettext_noop("Photos of goods come with the right to products; there is nothing more to tick."),
    ),
)


# VK's names of the rights that a token may have.
RIGHTS = {
    "market": gettext_noop("manage goods"),
    "photos": gettext_noop("add photos"),
    "groups": gettext_noop("see your communities"),
    "offline": gettext_noop("work while you are away"),
}


def scope_labels(scope: str) -> list[str]:
    """Return what a token may do; a right that we do not know keeps VK's name."""
    names = scope.replace(",", " ").split()
    return [_(RIGHTS[name]) if name in RIGHTS else name for name in names]


AGAIN_LATER = {Reaction.RETRY, Reaction.UNSURE, Reaction.SLOW_DOWN, Reaction.PAUSE}
# The field that each refusal is about; any other refusal is about neither.
OF_THE_TOKEN = {
    EvotorError.UNAUTHORIZED,
    RefusalCode.USER,
    RefusalCode.SCOPE,
    RefusalCode.PHOTOS,
    RefusalCode.NO_TOKEN,
    RefusalCode.BAD_TOKEN,
    RefusalCode.ANOTHER_TOKEN,
}
OF_THE_COMMUNITY = {RefusalCode.ROLE, RefusalCode.MARKET, RefusalCode.BAD_GROUP}


def refused_field(error: CannotConnect, fields: Container[str]) -> str | None:
    """Return the field beside which the refusal is shown, None for above all of them."""
    name = "token" if error.code in OF_THE_TOKEN else "community" if error.code in OF_THE_COMMUNITY else ""
    return name if name in fields else None


def refusal_text(error: CannotConnect) -> str:
    """Return why a pasted token was refused; "any more" would puzzle a merchant who has just pasted it."""
    if error.code == EvotorError.UNAUTHORIZED:
        return _(
            "Evotor does not know this token: it is cut off, mistyped or out of date. "
            "Copy all of it again and paste it here."
        )
    next_step = refusal_state(error).next_step
    if lookup(error.code).reaction is Reaction.OPERATOR:
        next_step = _(
            "Nothing of yours is wrong, and nothing has changed. Staff know of it; try again later."
        )
    if lookup(error.code).reaction in AGAIN_LATER:
        # The catalog's "EvoSync tries again by itself" holds for runs, not for a button.
        next_step = _("Nothing has changed. Wait a few minutes and press the button again.")
    return f"{error.text} {next_step}".strip()


def next_step_here(code: str) -> str:
    """Return what the merchant does about an error, in the words of the page with the connections."""
    step = lookup(code).next_step
    return _(STEPS_HERE.get(step, step)) if step else ""


def refusal_state(error: CannotConnect) -> State:
    """Return a refused check as the page with the connections shows it."""
    next_step = next_step_here(error.code) if error.code in CODES else error.next_step
    return State("bad", "", error.text, next_step)


def login_refusal_text(error: CannotConnect) -> str:
    """Return why a login at VK or Evotor failed: what happened, what it means, what to do next."""
    reaction = lookup(error.code).reaction
    if error.code in set(RefusalCode):
        # These say all three already.
        return str(error)
    if reaction in AGAIN_LATER | {Reaction.OPERATOR}:
        return _(
            "The login could not be finished: the other side is busy or did not answer clearly. Nothing "
            "has changed. Wait a few minutes and press the button again."
        )
    if reaction in (Reaction.BUG, Reaction.ITEM):
        return _(
            "The login could not be finished: EvoSync did not understand the answer. Nothing has changed. "
            "Press the button again; if it fails again, tell support the code %(code)s."
        ) % {"code": error.code}
    return _(
        "The login was not accepted. %(reason)s Nothing has changed. Press the button again and allow "
        "the access."
    ) % {"reason": error.text}


@dataclass(frozen=True, slots=True)
class VkLogin:
    """The button that logs in to VK; `app_id` is the merchant's own app, empty for the operator's."""

    app_id: str


def vk_login(connection: VkConnection | None, code: str = "", *, is_old: bool = True) -> VkLogin | None:
    """Return the button where a new login fixes an error, None where it would not help or cannot be offered.

    `code` is the error that is shown; without it, the connection's own. An old error is nothing to fix
    while the connection works.
    """
    if connection is None or (code or connection.last_error) not in LOGIN_HELPS:
        return None
    if is_old and connection.is_online:
        return None
    return VkLogin(connection.app_id) if settings.VK_CLIENT_ID or connection.app_id else None


def vk_requirements() -> list[Requirement]:
    """Return the five things that VK must allow, in the reader's language."""
    return [Requirement(need.code, _(need.title), _(need.text)) for need in VK_REQUIREMENTS]


def evotor_state(connection: EvotorConnection | None, now: datetime) -> State:
    """Return the status of the Evotor connection."""
    if connection is None:
        return State("", _("not connected"), _("EvoSync cannot see your goods yet."))
    if not connection.access_token:
        return State(
            "warn",
            _("almost there"),
            _("Evotor knows you, but has not let EvoSync in yet."),
            _("It does so by itself a few minutes after EvoSync is installed on the till."),
        )
    return _state(connection, now, _("The till answers; goods are read from it."))


def vk_state(connection: VkConnection | None, now: datetime) -> State:
    """Return the status of the VK connection."""
    if connection is None:
        return State("", _("not connected"), _("EvoSync cannot publish goods yet."))
    if connection.group_id is None and not connection.last_error:
        return State(
            "warn",
            _("choose a community"),
            _("VK lets you in, but EvoSync does not know where the goods go."),
            _("Choose the community below."),
        )
    if connection.waits_for_right:
        return _waiting_state(connection)
    return _state(connection, now, _("VK answers; goods can go there."))


def _waiting_state(connection: VkConnection) -> State:
    row = lookup(connection.last_error)
    next_step = _(row.next_step)
    if connection.app_id:
        next_step = _(
            "If you have not yet: in VK, under “Accesses” of your app, switch on products and communities "
            "and send them to the moderators. EvoSync writes to you when VK agrees."
        )
    elif connection.group_id is None:
        next_step = _(
            "Choose the community below meanwhile; there is nothing else to do. EvoSync asks VK every day "
            "and writes to you when it has agreed."
        )
    return State("warn", _("waiting for VK"), _(row.text), next_step)


def operator_trouble() -> State | None:
    """Return what keeps runs waiting until the operator fixes it; None as a rule."""
    alert = OperatorAlert.objects.open().first()
    if alert is None:
        return None
    fault = lookup(alert.code)
    return State("warn", _("EvoSync's operator is informed"), _(fault.text), _(fault.next_step))


def pause_text(connection: EvotorConnection | VkConnection) -> str:
    """Return which service asked us to wait, and until when."""
    until = format_time(connection.paused_until) if connection.paused_until else ""
    return _("%(service)s asked us to wait until %(time)s.") % {
        "service": SERVICE_LABELS[service_of(connection)],
        "time": until,
    }


def _state(connection: EvotorConnection | VkConnection, now: datetime, well: str) -> State:
    alert = OperatorAlert.objects.open().of_service(service_of(connection)).first()
    if alert is not None:
        fault = lookup(alert.code)
        return State("warn", _("waiting"), _(fault.text), _(fault.next_step))
    if connection.is_paused(now):
        return State(
            "warn",
            _("paused"),
            pause_text(connection),
            _("Nothing is lost: work goes on by itself."),
        )
    if connection.is_online:
        return State("ok", _("online"), well)
    row = lookup(connection.last_error) if connection.last_error else None
    if row is None:
        return State(
            "warn", _("not checked yet"), _("Nobody has asked this service yet."), _("Press “Check now”.")
        )
    return State("bad", _("offline"), _(row.text), next_step_here(row.code))


def health_history(user: User) -> list[HistoryRow]:
    """Return the newest changes of health of both connections."""
    return [
        HistoryRow(
            service=str(SERVICE_LABELS[Service(row.service)]),
            tone=TONES.get(HealthEvent(row.event), "info"),
            label=_(EVENTS[HealthEvent(row.event)]),
            text=_(lookup(row.detail).text) if row.detail else "",
            checked_at=row.checked_at,
        )
        for row in HealthCheckLog.objects.for_user(user)[:HISTORY_ROWS]
    ]
