"""MAX's Bot API: sends texts to chats, and names the address that MAX tells of messages.

Written from what is known of dev.max.ru as of 2025; docs/api-facts.md names what is doubtful.
"""

from typing import Any

import requests

from connections.clients.errors import ClientError
from connections.clients.http import new_session, parse_json, send
from connections.clients.messengers.errors import error_of, unreadable

SERVICE = "max"
LONGEST_TEXT = 4000
TIMEOUT = (10, 20)
DEADLINE = 30.0
# What MAX calls a chat that does not take the bot's messages any more.
GONE = frozenset({"chat.denied", "chat.not.found", "dialog.suspended", "user.not.found"})
Button = tuple[str, str]


class MaxClient:
    """Speaks as one bot. Nothing is repeated here: a message whose answer is lost may have arrived."""

    def __init__(self, *, base_url: str, token: str, session: requests.Session | None = None) -> None:
        self._base_url, self._token = base_url.rstrip("/"), token
        self._session = session or new_session()

    def __repr__(self) -> str:
        return f"MaxClient({self._base_url!r})"

    def send_message(self, chat_id: str, html: str, *, buttons: tuple[Button, ...] = ()) -> None:
        """Send a text with a few marks of HTML; each button opens an address."""
        body: dict[str, Any] = {"text": html, "format": "html"}
        if buttons:
            rows = [[{"type": "link", "text": label, "url": url}] for label, url in buttons]
            body["attachments"] = [{"type": "inline_keyboard", "payload": {"buttons": rows}}]
        # Without this MAX opens the addresses in a text.
        self._call("messages", body, chat_id=str(int(chat_id)), disable_link_preview="true")

    def set_webhook(self, url: str, *, secret: str) -> None:
        """Have messages to the bot told to this address, with the secret in a header."""
        kinds = ["bot_started", "message_created"]
        self._call("subscriptions", {"url": url, "update_types": kinds, "secret": secret})

    def _call(self, path: str, body: dict[str, Any], **query: str) -> Any:
        response = send(
            SERVICE,
            path,
            lambda: self._session.post(
                f"{self._base_url}/{path}",
                params=query,
                json=body,
                headers={"Authorization": self._token},
                timeout=TIMEOUT,
                stream=True,
                allow_redirects=False,
            ),
            deadline=DEADLINE,
        )
        try:
            answer = parse_json(response)
        except ValueError:
            answer = None
        if response.ok and isinstance(answer, dict) and answer.get("success", True):
            return answer
        raise self._refusal(path, response, answer if isinstance(answer, dict) else {})

    def _refusal(self, path: str, response: requests.Response, answer: dict[str, Any]) -> ClientError:
        if response.ok and not answer:
            return unreadable(SERVICE, path, response.status_code)
        return error_of(
            SERVICE,
            path,
            response,
            text=f"{answer.get('code', '')} {answer.get('message', '')}".strip(),
            retry_after=response.headers.get("Retry-After"),
            is_gone=str(answer.get("code", "")) in GONE,
        )
