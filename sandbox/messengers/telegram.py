"""Telegram's Bot API as a stand-in: sendMessage, setWebhook and getMe, with the refusals of the real one."""

import re
from typing import Any
from urllib.parse import urlsplit

from sandbox.fault_effects import apply_fault
from sandbox.faults import Fault
from sandbox.messengers.messages import Bot, Chats, SentMessage, plain_text
from sandbox.wire import Request, Response

LONGEST = 4096
PATH = re.compile(r"/bot([^/]+)/(\w+)")
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
PORTS = {None, 80, 88, 443, 8443}


class Refused(Exception):
    """The call is answered with this error."""

    def __init__(self, status: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.status, self.description, self.parameters = status, description, parameters

    def response(self) -> Response:
        """Return the error in Telegram's form."""
        body: dict[str, Any] = {"ok": False, "error_code": self.status, "description": self.description}
        if self.parameters:
            body["parameters"] = self.parameters
        return Response.of_json(body, self.status)


class TelegramApp:
    """Answers the calls of one bot."""

    def __init__(self, chats: Chats, token: str, name: str) -> None:
        self.chats, self.token, self.name = chats, token, name

    def handle(self, request: Request) -> Response:
        """Answer one call."""
        found = PATH.fullmatch(request.path)
        if found is None:
            return Refused(404, "Not Found").response()
        if found[1] != self.token:
            return Refused(401, "Unauthorized").response()
        method = found[2]
        fault = self.chats.faults.take(method)
        if fault and fault.unexecuted:
            return apply_fault(Response(), fault)
        try:
            _refuse_by_plan(fault)
            result = self._call(method, request)
        except Refused as refused:
            return apply_fault(refused.response(), fault)
        return apply_fault(Response.of_json({"ok": True, "result": result}), fault)

    def _call(self, method: str, request: Request) -> object:
        try:
            fields = request.json()
        except ValueError:
            raise Refused(400, "Bad Request: can't parse JSON object") from None
        match method:
            case "sendMessage":
                return self._send(fields)
            case "setWebhook":
                return self._set_webhook(fields)
            case "getMe":
                return {"id": 1, "is_bot": True, "first_name": "EvoSync", "username": self.name}
        raise Refused(404, "Not Found: method not found")

    def _send(self, fields: dict[str, Any]) -> object:
        chat, html = str(fields.get("chat_id", "")), fields.get("text")
        if chat in self.chats.blocked:
            raise Refused(403, "Forbidden: bot was blocked by the user")
        if chat not in self.chats.known:
            raise Refused(400, "Bad Request: chat not found")
        if not isinstance(html, str) or not html.strip():
            raise Refused(400, "Bad Request: message text is empty")
        text = plain_text(html) if fields.get("parse_mode") == "HTML" else html
        if text is None:
            raise Refused(400, "Bad Request: can't parse entities")
        if len(text.encode("utf-16-le")) // 2 > LONGEST:
            raise Refused(400, "Bad Request: message is too long")
        buttons = _buttons(fields.get("reply_markup"))
        with self.chats.lock:
            self.chats.messages.append(SentMessage(chat, text, buttons))
            return {"message_id": len(self.chats.messages), "chat": {"id": int(chat), "type": "private"}}

    def _set_webhook(self, fields: dict[str, Any]) -> bool:
        parts = urlsplit(str(fields.get("url", "")))
        if parts.scheme != "https" or parts.port not in PORTS:
            raise Refused(400, "Bad Request: bad webhook: an HTTPS URL must be provided for webhook")
        secret = fields.get("secret_token", "")
        if not SECRET.fullmatch(secret):
            raise Refused(400, "Bad Request: secret token contains unallowed characters")
        self.chats.webhook, self.chats.secret = parts.geturl(), secret
        return True


def _refuse_by_plan(fault: Fault | None) -> None:
    if fault and fault.kind == "error":
        seconds = {"retry_after": int(fault.seconds)} if fault.status == 429 else {}  # noqa: PLR2004
        raise Refused(fault.status, fault.text, **seconds)


def _buttons(markup: Any) -> tuple[tuple[str, str], ...]:
    if markup is None:
        return ()
    found = []
    for row in markup["inline_keyboard"]:
        for button in row:
            if set(button) != {"text", "url"} or not button["text"]:
                raise Refused(400, "Bad Request: can't parse inline keyboard button")
            host = urlsplit(button["url"]).hostname or ""
            if "." not in host or host == "127.0.0.1":
                raise Refused(400, f"Bad Request: inline keyboard button URL '{button['url']}' is invalid")
            found.append((button["text"], button["url"]))
    return tuple(found)


class TelegramBot(Bot):
    """Telegram with one bot."""

    def __init__(self, token: str = "700001:stand-in-token", name: str = "evosync_bot") -> None:
        chats = Chats()
        super().__init__(TelegramApp(chats, token, name), chats, token)
        self.name = name

    def update(self, chat: int, text: str, *, number: int = 1, kind: str = "private") -> dict[str, Any]:
        """Return what Telegram tells of a message, and let the chat be known from now on."""
        self.chats.known.add(str(chat))
        person = {"id": chat, "is_bot": False, "first_name": "Анна", "username": "anna"}
        told = {"id": chat, "type": kind, "first_name": "Анна", "username": "anna"}
        message = {"message_id": number, "from": person, "chat": told, "date": 1764300000, "text": text}
        return {"update_id": number, "message": message}
