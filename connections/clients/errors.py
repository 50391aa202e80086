"""What can go wrong when speaking to Evotor or VK, split by who acts next.

ClientError
├── Transient           we try again later
│   ├── RateLimited     not executed; we slow down
│   └── Unreachable     not sent; another host of the service may be asked
├── OperatorActionRequired   the operator of this installation; runs wait until it is fixed
├── Suspended           we leave this connection alone for a while
├── AuthRevoked         the merchant connects again
├── ActionRequired      the merchant changes something in VK or Evotor
├── ItemRefused         this item only; the others go on
└── InvalidRequest      a programmer looks
"""

from typing import TypedDict, Unpack


class RequestFacts(TypedDict, total=False):
    """What is known of the request that failed."""

    method: str
    status: int
    request_id: str


class ClientError(Exception):
    """A call that failed.

    `code` is "<service>.<code>" and a key of the code dictionary; `text` is what the service said,
    never a token.
    """

    def __init__(
        self,
        service: str,
        code: str,
        text: str = "",
        *,
        method: str = "",
        status: int = 0,
        request_id: str = "",
    ) -> None:
        super().__init__(f"{method or service}: {code} {text}".strip())
        self.service = service
        self.code = code
        self.text = text
        self.method = method
        self.status = status
        self.request_id = request_id


class Transient(ClientError):
    """It may pass. `may_have_run` says that the call may have taken effect all the same."""

    def __init__(
        self,
        service: str,
        code: str,
        text: str = "",
        *,
        may_have_run: bool = False,
        retry_after: float | None = None,
        **request: Unpack[RequestFacts],
    ) -> None:
        super().__init__(service, code, text, **request)
        self.may_have_run = may_have_run
        self.retry_after = retry_after


class RateLimited(Transient):
    """Too many requests a second; this one was not executed."""


class Unreachable(Transient):
    """No connection came about, so nothing was sent."""


class OperatorActionRequired(ClientError):
    """This installation is set up wrongly for the service; no merchant can do anything about it.

    `host` is the one that was asked.
    """

    def __init__(
        self,
        service: str,
        code: str,
        text: str = "",
        *,
        host: str = "",
        **request: Unpack[RequestFacts],
    ) -> None:
        super().__init__(service, code, text, **request)
        self.host = host


class Suspended(ClientError):
    """The service wants to be left alone by this connection for `pause_seconds`.

    With `only_method` it refuses this one method and takes the others as before.
    """

    def __init__(
        self,
        service: str,
        code: str,
        text: str = "",
        *,
        pause_seconds: int = 3600,
        only_method: bool = False,
        **request: Unpack[RequestFacts],
    ) -> None:
        super().__init__(service, code, text, **request)
        self.pause_seconds = pause_seconds
        self.only_method = only_method


class AuthRevoked(ClientError):
    """The token is dead or of the wrong kind; only a new connection helps."""


class ActionRequired(ClientError):
    """A setting or a right in the merchant's account is in the way."""


class ItemRefused(ClientError):
    """This one object was refused. `tail` is what VK adds behind "missing or invalid: "."""

    @property
    def tail(self) -> str:
        """Return VK's words about the parameter, empty where there are none."""
        return self.text.partition("missing or invalid: ")[2]


class InvalidRequest(ClientError):
    """We sent what the service does not understand."""
