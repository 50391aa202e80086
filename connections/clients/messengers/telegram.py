"""Telegram's Bot API: sends texts to chats, and names the address that Telegram tells of messages.

Written from core.telegram.org/bots/api as of version 8 (2025). The token is a part of every address, so no
error of ours holds an address.
"""

from http import HTTPStatus
from typing import Any

import requests

from connections.clients.errors import ClientError
from connections.clients.http import new_session, parse_json, send
from connections.clients.messengers.errors import error_of, unreadable

SERVICE = "telegram"
# Characters of one message, after the marks of HTML are read.
LONGEST_TEXT = 4096
TIMEOUT = (10, 20)
DEADLINE = 30.0
# What a bot is told, with status 400, when a chat does not take its messages any more; 403 always says so.
GONE = ("chat not found", "user is deactivated", "PEER_ID_INVALID")
Button = tuple[str, str]


class TelegramClient:
    """Speaks as one bot. Nothing is repeated here: a message whose answer is lost may have arrived."""

    def __init__(self, *, base_url: str, token: str, session: requests.Session | None = None) -> None:
        self._base_url, self._token = base_url.rstrip("/"), token
        self._session = session or new_session()

    def __repr__(self) -> str:
        return f"TelegramClient({self._base_url!r})"

    def send_message(self, chat_id: str, html: str, *, buttons: tuple[Button, ...] = ()) -> None:
        """Send a text with Telegram's few marks of HTML; each button opens an address."""
        fields: dict[str, Any] = {
            "chat_id": int(chat_id),
            "text": html,
            "parse_mode": "HTML",
            # A preview would have Telegram open the address.
            "link_preview_options": {"is_disabled": True},
        }
        if buttons:
            rows = [[{"text": label, "url": url}] for label, url in buttons]
            fields["reply_markup"] = {"inline_keyboard": rows}
        self._call("sendMessage", fields)

    def set_webhook(self, url: str, *, secret: str) -> None:
        """Have messages to the bot told to this address, with the secret in a header."""
        fields = {"url": url, "secret_token": secret, "allowed_updates": ["message"], "max_connections": 10}
        self._call("setWebhook", fields)

    def bot_name(self) -> str:
        """Return the bot's name, without the sign before it."""
        answer = self._call("getMe", {})
        return str(answer.get("username", "")) if isinstance(answer, dict) else ""

    def _call(self, method: str, fields: dict[str, Any]) -> Any:
        response = send(
            SERVICE,
            method,
            lambda: self._session.post(
                f"{self._base_url}/bot{self._token}/{method}",
                json=fields,
                timeout=TIMEOUT,
                stream=True,
                allow_redirects=False,
            ),
            deadline=DEADLINE,
        )
        try:
            answer = parse_json(response)
        except ValueError:
            raise self._refusal(method, response, {}) from None
        if not isinstance(answer, dict) or not answer.get("ok"):
            raise self._refusal(method, response, answer if isinstance(answer, dict) else {})
        return answer.get("result")

    def _refusal(self, method: str, response: requests.Response, answer: dict[str, Any]) -> ClientError:
        if response.ok:
            return unreadable(SERVICE, method, response.status_code)
        text = str(answer.get("description", ""))
        found = answer.get("parameters")
        return error_of(
            SERVICE,
            method,
            response,
            text=text,
            retry_after=found.get("retry_after") if isinstance(found, dict) else None,
            is_gone=response.status_code == HTTPStatus.FORBIDDEN or any(words in text for words in GONE),
        )
