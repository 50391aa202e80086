"""MAX's Bot API as a stand-in: messages and subscriptions, with the refusals that are known of it."""

from typing import Any

from sandbox.fault_effects import apply_fault
from sandbox.faults import Fault
from sandbox.messengers.messages import Bot, Chats, SentMessage, plain_text
from sandbox.wire import Request, Response

LONGEST = 4000


class Refused(Exception):
    """The call is answered with this error."""

    def __init__(self, status: int, code: str, message: str = "", **headers: str) -> None:
        super().__init__(code)
        self.status, self.code, self.message, self.headers = status, code, message, headers

    def response(self) -> Response:
        """Return the error in MAX's form."""
        return Response.of_json({"code": self.code, "message": self.message}, self.status, **self.headers)


class MaxApp:
    """Answers the calls of one bot."""

    def __init__(self, chats: Chats, token: str) -> None:
        self.chats, self.token = chats, token

    def handle(self, request: Request) -> Response:
        """Answer one call."""
        path = request.path.strip("/")
        fault = self.chats.faults.take(path)
        if fault and fault.unexecuted:
            return apply_fault(Response(), fault)
        try:
            self._refuse(request, fault)
            answer = self._call(path, request)
        except Refused as refused:
            return apply_fault(refused.response(), fault)
        return apply_fault(Response.of_json(answer), fault)

    def _refuse(self, request: Request, fault: Fault | None) -> None:
        if request.headers.get("authorization") != self.token:
            raise Refused(401, "verify.token", "Invalid access_token")
        if fault and fault.kind == "error":
            pause = {"Retry_After": str(int(fault.seconds))} if fault.status == 429 else {}  # noqa: PLR2004
            raise Refused(fault.status, fault.text, **pause)

    def _call(self, path: str, request: Request) -> object:
        if request.verb != "POST" or path not in ("messages", "subscriptions"):
            raise Refused(404, "not.found")
        try:
            fields = request.json()
        except ValueError:
            raise Refused(400, "proto.payload", "not JSON") from None
        if path == "subscriptions":
            if not str(fields.get("url", "")).startswith("https://"):
                raise Refused(400, "proto.payload", "url: https only")
            self.chats.webhook, self.chats.secret = fields["url"], fields.get("secret", "")
            return {"success": True}
        return self._send(request.query.get("chat_id", ""), fields)

    def _send(self, chat: str, fields: dict[str, Any]) -> object:
        if chat in self.chats.blocked:
            raise Refused(403, "chat.denied", "error.dialog.suspended")
        if chat not in self.chats.known:
            raise Refused(404, "chat.not.found", f"Chat {chat} not found")
        html = fields.get("text")
        text = plain_text(html) if isinstance(html, str) and fields.get("format") == "html" else html
        if not isinstance(text, str) or not isinstance(html, str) or len(html) > LONGEST:
            raise Refused(400, "proto.payload", "text: too long or not readable")
        buttons = tuple(
            (button["text"], button["url"])
            for part in fields.get("attachments", [])
            for row in part["payload"]["buttons"]
            for button in row
            if button["type"] == "link"
        )
        with self.chats.lock:
            self.chats.messages.append(SentMessage(chat, text, buttons))
        return {"message": {"body": {"mid": f"mid.{len(self.chats.messages)}", "text": text}}}


class MaxBot(Bot):
    """MAX with one bot."""

    def __init__(self, token: str = "stand-in-max-token", name: str = "evosync_max_bot") -> None:
        chats = Chats()
        super().__init__(MaxApp(chats, token), chats, token)
        self.name = name

    def started(self, chat: int, payload: str, *, number: int = 1) -> dict[str, Any]:
        """Return what MAX tells when somebody opens the bot by a link."""
        self.chats.known.add(str(chat))
        person = {"user_id": chat, "name": "Анна", "is_bot": False}
        told = {"update_type": "bot_started", "timestamp": 1764300000000 + number}
        return told | {"chat_id": chat, "user": person, "payload": payload}

    def update(self, chat: int, text: str, *, number: int = 1) -> dict[str, Any]:
        """Return what MAX tells of a message."""
        self.chats.known.add(str(chat))
        message = {
            "sender": {"user_id": chat, "name": "Анна", "is_bot": False},
            "recipient": {"chat_id": chat, "chat_type": "dialog", "user_id": 1},
            "timestamp": 1764300000000 + number,
            "body": {"mid": f"mid.in.{number}", "seq": number, "text": text},
        }
        return {"update_type": "message_created", "timestamp": 1764300000000 + number, "message": message}
