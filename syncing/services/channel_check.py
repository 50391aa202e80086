"""Tells an operator which channels are set up, and sends a test right away."""

from collections.abc import Iterator
from dataclasses import dataclass
from smtplib import SMTPException

from django.conf import settings
from django.utils import translation

from accounts.models import User
from connections.client_factory import push_contact, push_key, telegram_client
from connections.clients.errors import ClientError
from syncing.choices import ChannelKind
from syncing.models import NotificationChannel
from syncing.services.channels import CHANNELS
from syncing.services.deliveries import usable_channels
from syncing.services.delivery_messages import sample_message

WITHOUT_A_SERVER = ("console", "dummy", "locmem", "filebased")


@dataclass(frozen=True, slots=True)
class ChannelState:
    """One kind of channel: whether it is offered, what is known of it, and what is wrong with it."""

    kind: ChannelKind
    is_offered: bool
    facts: str
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SampleResult:
    """One channel of a merchant that a test was sent to; `error` is empty where its service took it."""

    channel: NotificationChannel
    error: str = ""


def channel_states() -> list[ChannelState]:
    """Return how each kind of channel is set up here; of Telegram its bot is asked for its name."""
    return [_email(), _telegram(), _max(), _push()]


def send_samples(user: User) -> Iterator[SampleResult]:
    """Send a test by each usable channel of the merchant's, one after another, past the queue."""
    for row in usable_channels(user):
        with translation.override(user.language):
            message = sample_message()
        try:
            CHANNELS[ChannelKind(row.kind)].send(row, message)
        except ClientError as error:
            yield SampleResult(row, f"{error.code} {error.text}".strip())
        except (SMTPException, OSError) as error:
            yield SampleResult(row, f"{type(error).__name__}: {error}")
        else:
            yield SampleResult(row)


def _email() -> ChannelState:
    backend = settings.EMAIL_BACKEND.split(".")[-2]
    has_server = backend not in WITHOUT_A_SERVER
    server = f" {settings.EMAIL_HOST}:{settings.EMAIL_PORT}" if has_server else ""
    facts = f"{backend}{server}, from {settings.DEFAULT_FROM_EMAIL}"
    problems = () if has_server else ("EMAIL_URL names no mail server",)
    return ChannelState(ChannelKind.EMAIL, is_offered=True, facts=facts, problems=problems)


def _telegram() -> ChannelState:
    name, token = settings.TELEGRAM_BOT_NAME, settings.TELEGRAM_BOT_TOKEN
    state = _messenger(ChannelKind.TELEGRAM, name, token, settings.TELEGRAM_WEBHOOK_SECRET)
    if not state.is_offered:
        return state
    try:
        real = telegram_client().bot_name()
    except ClientError as error:
        problem = f"the bot does not answer: {error.code} {error.text}"
    else:
        problem = "" if real.lower() == name.lower() else f"TELEGRAM_BOT_NAME is not the bot's name, {real}"
    problems = (*state.problems, problem) if problem else state.problems
    return ChannelState(state.kind, is_offered=True, facts=state.facts, problems=problems)


def _max() -> ChannelState:
    return _messenger(
        ChannelKind.MAX, settings.MAX_BOT_NAME, settings.MAX_BOT_TOKEN, settings.MAX_WEBHOOK_SECRET
    )


def _messenger(kind: ChannelKind, name: str, token: str, secret: str) -> ChannelState:
    given = {"BOT_TOKEN": token, "BOT_NAME": name, "WEBHOOK_SECRET": secret}
    missing = [f"{kind.name}_{part} is empty" for part, value in given.items() if not value]
    if len(missing) == len(given):
        return ChannelState(kind, is_offered=False, facts="not set up")
    facts = f"bot {name}" if name else "no bot"
    is_offered = CHANNELS[kind].is_offered()
    return ChannelState(kind, is_offered=is_offered, facts=facts, problems=tuple(missing))


def _push() -> ChannelState:
    key, kind = push_key(), ChannelKind.PUSH
    if key is None:
        given = settings.WEB_PUSH_PRIVATE_KEY
        problems = ("WEB_PUSH_PRIVATE_KEY is no key: make one by web_push_key",) if given else ()
        return ChannelState(kind, is_offered=False, facts="not set up", problems=problems)
    facts = f"public key {key.public_text}, contact {push_contact()}, to {', '.join(settings.WEB_PUSH_HOSTS)}"
    is_known = push_contact().startswith(("mailto:", "https://"))
    problems = () if is_known else ("WEB_PUSH_CONTACT is neither mailto: nor https:",)
    return ChannelState(kind, is_offered=True, facts=facts, problems=problems)
