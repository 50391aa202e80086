"""Single GETs to Evotor's cloud with their status and headers, for a look at what it really answers."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests

from connections.clients.evotor.client import CONNECT_SECONDS, MEDIA_TYPE, READ_SECONDS
from connections.clients.http import new_session, parse_json, send
from connections.clients.service import Service


@dataclass(frozen=True, slots=True)
class RawAnswer:
    """An answer as it came; `body` is None where it is no JSON, `seconds` how long it took."""

    status: int
    headers: Mapping[str, str]
    body: Any
    seconds: float

    @property
    def items(self) -> list[Mapping[str, Any]]:
        """The records of a list, empty for any other answer."""
        found = self.body.get("items") if isinstance(self.body, dict) else None
        return [item for item in found or () if isinstance(item, dict)]

    @property
    def next_cursor(self) -> str:
        """The cursor of the next page, empty on the last one."""
        paging = self.body.get("paging") if isinstance(self.body, dict) else None
        return str((paging or {}).get("next_cursor") or "") if isinstance(paging, dict) else ""


class RawEvotor:
    """Asks as one token. A status is an answer; only what never arrives is a ClientError."""

    def __init__(self, *, base_url: str, token: str, ca_bundle: str = "") -> None:
        self._base_url, self._verify = base_url.rstrip("/"), ca_bundle or True
        self._headers = {"Authorization": f"Bearer {token}", "Accept": MEDIA_TYPE}
        self._session: requests.Session = new_session()
        self.requests = 0

    def __repr__(self) -> str:
        return f"<RawEvotor {self._base_url}>"

    def get(self, path: str, **params: str) -> RawAnswer:
        """Return what Evotor answers to one GET."""
        self.requests += 1
        started = time.monotonic()
        response = send(
            Service.EVOTOR,
            path,
            lambda: self._session.get(
                f"{self._base_url}{path}",
                params=params,
                headers=self._headers,
                timeout=(CONNECT_SECONDS, READ_SECONDS),
                verify=self._verify,
                stream=True,
                allow_redirects=False,
            ),
            deadline=CONNECT_SECONDS + READ_SECONDS,
        )
        try:
            body = parse_json(response)
        except ValueError:
            body = None
        return RawAnswer(response.status_code, response.headers, body, time.monotonic() - started)
