"""VK's API as far as a catalogue exporter touches it.

Written from the official JSON schema 5.199 and reference notes (docs/api-facts.md). API errors come
with HTTP 200; anything else is a fault of the transport. Market methods need a user's token.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from typing import Any, TypeVar
from urllib.parse import urlsplit

import requests

from connections.clients.answered_urls import AnsweredUrls
from connections.clients.error_catalog import VkError
from connections.clients.errors import (
    AuthRevoked,
    ClientError,
    ItemRefused,
    RateLimited,
    Suspended,
    Transient,
)
from connections.clients.http import (
    READ_ATTEMPTS,
    NoRateLimiter,
    RateLimiter,
    new_public_session,
    new_session,
    parse_json,
    retry_read,
    send,
)
from connections.clients.instrumentation import measured, report_call
from connections.clients.patience import Patience
from connections.clients.service import Interface, Service
from connections.clients.vk.answers import is_tolerated, pair_results, parse_value, read_unparsed
from connections.clients.vk.encoding import encode, write_script
from connections.clients.vk.errors import UnknownErrors, error_for
from connections.clients.vk.hosts import ApiHosts
from connections.clients.vk.limits import BATCH
from connections.clients.vk.records import Call

T = TypeVar("T")

TOO_FAST_ATTEMPTS = 5
TOO_FAST_PAUSE = 1.0
CONNECT_SECONDS, READ_SECONDS = 10.0, 40.0
UPLOAD_SECONDS = 60.0
# As many as a run has requests and uploads on their way at once.
CONNECTIONS = 16


class VkClient:
    """One token's way to VK. Counts its requests, the calls in them, and uploaded files.

    Several threads may use it at once: what VK refuses the token altogether is not asked by those that wait.
    Where answers take longer than `patience` has, TooSlow is raised; it is waived before anything is written.

    `base_url` is scheme and host; `hosts` says more: a second host, and certificates to trust. `upload_urls`
    are where VK may have pictures sent; without it, the API's own hosts.
    """

    def __init__(
        self,
        *,
        token: str,
        base_url: str = "",
        hosts: ApiHosts | None = None,
        session: requests.Session | None = None,
        upload_urls: AnsweredUrls | None = None,
        rate_limiter: RateLimiter | None = None,
        version: str = "5.199",
        timeout: tuple[float, float] = (CONNECT_SECONDS, READ_SECONDS),
        read_attempts: int = READ_ATTEMPTS,
        sleep: Callable[[float], None] = time.sleep,
        patience: Patience | None = None,
    ) -> None:
        self._hosts = hosts or ApiHosts(base_url)
        self._token = token
        self._session = session or new_session(CONNECTIONS)
        self._upload_urls = upload_urls or AnsweredUrls(
            [urlsplit(url).hostname or "" for url in self._hosts.urls]
        )
        self._public_session = new_public_session()
        self._rate_limiter = rate_limiter or NoRateLimiter()
        self._version = version
        self._timeout = timeout
        self._read_attempts = read_attempts
        self._patience = patience or Patience(Service.VK)
        self._sleep = self._patience.sleeping_by(sleep)
        self._unknown_errors = UnknownErrors()
        self._lock = threading.Lock()
        # Held by what waits for its turn: a script goes before all that do not wait for theirs yet.
        self._next = threading.Lock()
        # What VK refused the token altogether, in order.
        self._stops: list[ClientError] = []
        self.requests = 0
        self.calls: Counter[str] = Counter()
        self.uploads = 0

    def __repr__(self) -> str:
        return f"<VkClient {self._hosts!r}>"

    def run(self, call: Call[T]) -> T:
        """Make one call and return its parsed answer. Raises ClientError.

        A call that changes nothing is repeated for some seconds while its failure may pass.
        """
        if call.is_read:
            return self._retried(lambda: self._run_once(call))
        return self._run_once(call)

    def _run_once(self, call: Call[T]) -> T:
        self._count(call.method)
        try:
            answer = self._request(call.method, call.params)
        except ItemRefused as error:
            if is_tolerated(call, error):
                return call.parse(1)
            raise
        return parse_value(call, answer["response"])

    def execute(self, calls: Sequence[Call[T]]) -> list[T | ClientError]:
        """Make up to 25 calls in one request; return each one's answer or error, in order.

        Raises ClientError where the request as a whole failed. Only if all calls are reads it is
        repeated by itself, also where VK was too busy for one of them.
        """
        if not 1 <= len(calls) <= BATCH:
            raise ValueError(f"execute takes 1 to {BATCH} calls, not {len(calls)}")
        code = write_script(calls)
        self._count(*(call.method for call in calls))

        def request() -> list[T | ClientError]:
            self._count("execute")
            results = self._note_unknown(pair_results(calls, self._request("execute", {"code": code})))
            for call, result in zip(calls, results, strict=True):
                report_call(call.method, result)
            return results

        if not all(call.is_read for call in calls):
            return request()
        return self._retried(lambda: _unless_it_may_pass(request()))

    def _retried(self, read: Callable[[], T]) -> T:
        self._patience.check()
        return retry_read(read, sleep=self._sleep, attempts=self._read_attempts)

    def _note_unknown(self, results: list[T | ClientError]) -> list[T | ClientError]:
        noted: list[T | ClientError] = []
        for result in results:
            error = self._unknown_errors.note(result if isinstance(result, ClientError) else None)
            self._note_stop(error)
            noted.append(result if error is None else error)
        return noted

    def _note_stop(self, error: ClientError | None) -> None:
        if isinstance(error, AuthRevoked) or (isinstance(error, Suspended) and not error.only_method):
            self._stops.append(error)

    def _count(self, *methods: str) -> None:
        with self._lock:
            self.calls.update(methods)

    def _wait(self, method: str) -> None:
        """Wait for the next request's turn. Raises what VK has refused the token altogether meanwhile."""
        stops = len(self._stops)
        with nullcontext() if method == "execute" else self._next:
            self._rate_limiter.wait()
        if new := self._stops[stops:]:
            raise new[0]
        with self._lock:
            self.requests += 1

    @measured(Interface.VK, lambda _address: "upload")
    def upload_photos(self, url: str, files: Sequence[bytes]) -> str:
        """Send up to five JPEG files to an upload address; return VK's receipt as it came.

        Raises OperatorActionRequired where VK's answer led to a host that is not among its own.
        """
        self._upload_urls.check(Service.VK, VkError.UPLOAD_HOST, url)
        session = self._session if self._upload_urls.may_be_private(url) else self._public_session
        parts = {f"file{n}": (f"{n}.jpg", data, "image/jpeg") for n, data in enumerate(files, 1)}
        response = send(
            Service.VK,
            "upload",
            lambda: session.post(
                url,
                files=parts,
                timeout=self._timeout,
                verify=self._hosts.verify(url),
                stream=True,
                allow_redirects=False,
            ),
            deadline=UPLOAD_SECONDS,
        )
        with self._lock:
            self.uploads += len(files)
        body = response.content.decode("utf-8", "replace")
        try:
            receipt = parse_json(response)
        except ValueError:
            receipt = None
        if response.status_code != requests.codes.ok or receipt is None:
            raise Transient(
                Service.VK,
                VkError.UPLOAD,
                "the upload was not taken",
                method="upload",
                status=response.status_code,
            )
        if isinstance(receipt, dict) and ("error" in receipt or "error_code" in receipt):
            text = str(receipt.get("error") or receipt.get("error_msg"))[:200]
            raise Transient(Service.VK, VkError.UPLOAD, text, method="upload")
        return body

    def _request(self, method: str, params: Mapping[str, Any]) -> Mapping[str, Any]:
        """Send one request, again and slower while VK finds us too fast: those were not executed."""
        for _ in range(TOO_FAST_ATTEMPTS):
            try:
                return self._send(method, params)
            except RateLimited:
                self._rate_limiter.slow_down()
                self._sleep(TOO_FAST_PAUSE)
        return self._send(method, params)

    @measured(Interface.VK, str)
    def _send(self, method: str, params: Mapping[str, Any]) -> Mapping[str, Any]:
        """Make one HTTP request; every failure becomes one of our errors."""
        form = {
            "v": self._version,
            "lang": "ru",
            "access_token": self._token,
        } | encode(params)
        self._wait(method)
        response = self._hosts.ask(lambda host: self._post(host, method, form))
        if response.status_code != requests.codes.ok:
            raise Transient(
                Service.VK,
                f"vk.http_{response.status_code}",
                "VK's servers did not answer properly",
                method=method,
                status=response.status_code,
                may_have_run=True,
            )
        answer = self._read(method, response)
        error = None if answer.get("error") is None else error_for(answer["error"], method)
        # Whether a script's calls went well is seen inside its answer.
        if error is not None or method != "execute":
            error = self._unknown_errors.note(error)
        self._note_stop(error)
        if error is not None:
            raise error
        if "response" not in answer:
            raise Transient(
                Service.VK,
                VkError.BAD_JSON,
                "no answer in VK's answer",
                method=method,
                may_have_run=True,
            )
        return answer

    def _post(self, host: str, method: str, form: Mapping[str, Any]) -> requests.Response:
        url = f"{host}/method/{method}"
        with self._patience.waiting(*self._timeout) as timeouts:
            return send(
                Service.VK,
                method,
                # A redirect would carry the token to another host.
                lambda: self._session.post(
                    url,
                    data=form,
                    timeout=(timeouts.connect, timeouts.read),
                    verify=self._hosts.verify(url),
                    stream=True,
                    allow_redirects=False,
                ),
                deadline=timeouts.deadline,
            )

    def _read(self, method: str, response: requests.Response) -> Mapping[str, Any]:
        answer = read_unparsed(response.content)
        if answer is None:
            try:
                answer = parse_json(response)
            except ValueError:
                answer = None
        if not isinstance(answer, dict):
            raise Transient(
                Service.VK,
                VkError.BAD_JSON,
                "VK did not answer in JSON",
                method=method,
                may_have_run=True,
            )
        return answer


def _unless_it_may_pass(results: list[T | ClientError]) -> list[T | ClientError]:
    for result in results:
        if isinstance(result, Transient):
            raise result
    return results
