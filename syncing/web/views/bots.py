"""The addresses that Telegram and MAX tell of messages to our bots. They check and enqueue; a worker answers.

Status 200 means "taken": anything else is told again. What is no private message is taken and dropped.
"""

import hmac
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST
from dramatiq.errors import BrokerError
from redis.exceptions import RedisError

from connections.evotor.webhooks.parsing import strict_json
from evosync.common.bodies import takes_body
from syncing import queue
from syncing.choices import ChannelKind
from syncing.services.channels import MESSENGERS
from syncing.services.chat_links import CODE, hash_code

logger = logging.getLogger(__name__)

MAX_BYTES = 64 * 1024
LONGEST_TEXT, LONGEST_NAME = 256, 100
LARGEST_ID = 2**63
# A message that is told twice is answered once, and a chat gets so many answers a minute.
REMEMBER_SECONDS, MINUTE, ANSWERS_A_MINUTE = 24 * 3600, 60, 20
START = "/start"


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """One private message to a bot; `id` is the same when it is told again."""

    id: str
    chat: str
    name: str
    text: str


def refuse(request: HttpRequest, _most: int) -> HttpResponse:
    """Refuse a body that no message has."""
    return HttpResponse(status=413)


@csrf_exempt
@require_POST
@takes_body(MAX_BYTES, refuse=refuse)
@sensitive_variables()
def telegram(request: HttpRequest) -> HttpResponse:
    """Take a message to the bot in Telegram."""
    secret = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
    return _take(request, ChannelKind.TELEGRAM, secret, settings.TELEGRAM_WEBHOOK_SECRET, _telegram_message)


@csrf_exempt
@require_POST
@takes_body(MAX_BYTES, refuse=refuse)
@sensitive_variables()
def max_messenger(request: HttpRequest) -> HttpResponse:
    """Take a message to the bot in MAX."""
    secret = request.headers.get("X-Max-Bot-Api-Secret", "")
    return _take(request, ChannelKind.MAX, secret, settings.MAX_WEBHOOK_SECRET, _max_message)


def _take(
    request: HttpRequest,
    kind: ChannelKind,
    secret: str,
    known: str,
    read: Callable[[Mapping[str, Any]], ChatMessage | None],
) -> HttpResponse:
    if (
        not MESSENGERS[kind].is_offered()
        or not known
        or not hmac.compare_digest(secret.encode(), known.encode())
    ):
        return HttpResponse(status=401)
    if len(request.body) > MAX_BYTES:
        return HttpResponse(status=413)
    try:
        body = strict_json(request.body)
        message = read(body) if isinstance(body, dict) else None
    except (ValueError, RecursionError):
        return HttpResponse(status=400)
    if message is None or _is_too_many(kind, message.chat):
        return HttpResponse()
    return _enqueue(kind, message)


def _enqueue(kind: ChannelKind, message: ChatMessage) -> HttpResponse:
    key = f"bot:{kind}:{message.id}"
    if not cache.add(key, 1, REMEMBER_SECONDS):
        return HttpResponse()
    word, *rest = message.text.split(None, 1)
    code = rest[0].strip() if rest else ""
    # The code itself stays out of the queue and its records.
    code_hash = hash_code(code) if word == START and CODE.fullmatch(code) else ""
    text = word if code_hash else message.text
    try:
        queue.enqueue_bot_answer(kind, chat=message.chat, name=message.name, text=text, code_hash=code_hash)
    except (RedisError, BrokerError, OSError):
        logger.warning("a message to the bot is to be told again: the broker is away")
        cache.delete(key)
        return HttpResponse(status=503)
    return HttpResponse()


def _is_too_many(kind: ChannelKind, chat: str) -> bool:
    key = f"bot-answers:{kind}:{chat}"
    cache.add(key, 0, MINUTE)
    try:
        return cache.incr(key) > ANSWERS_A_MINUTE
    except ValueError:  # It ended between the two calls.
        return False


def _telegram_message(body: Mapping[str, Any]) -> ChatMessage | None:
    message = body.get("message")
    if not isinstance(message, dict):
        return None
    chat = message.get("chat")
    if not isinstance(chat, dict) or chat.get("type") != "private":
        return None
    name = chat.get("username") or chat.get("first_name")
    return _checked(body.get("update_id"), chat.get("id"), name, message.get("text"))


def _max_message(body: Mapping[str, Any]) -> ChatMessage | None:
    if body.get("update_type") == "bot_started":
        user, payload = body.get("user"), body.get("payload")
        name = user.get("name") or user.get("first_name") if isinstance(user, dict) else ""
        text = f"{START} {payload}" if isinstance(payload, str) else START
        return _checked(body.get("timestamp"), body.get("chat_id"), name, text, told_by="start")
    message = body.get("message")
    if body.get("update_type") != "message_created" or not isinstance(message, dict):
        return None
    recipient, content, sender = message.get("recipient"), message.get("body"), message.get("sender")
    if not (isinstance(recipient, dict) and isinstance(content, dict) and isinstance(sender, dict)):
        return None
    if recipient.get("chat_type") != "dialog" or sender.get("is_bot"):
        return None
    name = sender.get("name") or sender.get("first_name")
    return _checked(content.get("mid"), recipient.get("chat_id"), name, content.get("text"))


def _checked(number: Any, chat: Any, name: Any, text: Any, *, told_by: str = "") -> ChatMessage | None:
    """Return the message where each of its parts is what it should be."""
    if not isinstance(chat, int) or isinstance(chat, bool) or not -LARGEST_ID < chat < LARGEST_ID:
        return None
    if not isinstance(number, int | str) or len(str(number)) > LONGEST_TEXT:
        return None
    if not isinstance(text, str) or not text.strip():
        return None
    shown = name[:LONGEST_NAME] if isinstance(name, str) else ""
    key = f"{told_by}:{chat}:{number}" if told_by else f"{number}"
    return ChatMessage(key, str(chat), shown, text[:LONGEST_TEXT])
