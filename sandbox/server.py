"""Both stand-ins together: `with Sandbox() as box:` serves them on loopback until the block ends."""

import ssl
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from sandbox.evotor.http import EvotorHttp
from sandbox.evotor.records import EvotorRules
from sandbox.evotor.state import EvotorState
from sandbox.evotor.webhooks import Webhooks
from sandbox.vk.http import VkHttp
from sandbox.vk.records import Limits
from sandbox.vk.state import VkState
from sandbox.vk.vk_id import VkId
from sandbox.wire import Server


class Sandbox:
    """The stand-ins with their servers.

    `evotor` and `vk` are their memories; change and read them freely between requests. Ports are
    chosen by the system unless given. `vk_rate` is VK's limit of requests a second and token, 0 for
    none; `page_size` is Evotor's. With `tls` both are behind that certificate. `clock`
    gives the Unix time that both live by.
    """

    def __init__(
        self,
        *,
        evotor_port: int = 0,
        vk_port: int = 0,
        vk_rate: int = 3,
        page_size: int = 1_000,
        clock: Callable[[], float] = time.time,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.evotor = EvotorState(rules=EvotorRules(page_size=page_size), clock=clock)
        self.vk = VkState(limits=Limits(per_second=vk_rate), clock=clock)
        vk_http = self._vk_http = VkHttp(self.vk)
        self.vk_id: VkId = vk_http.id
        self.vk_app = self.vk_id.add_app("51000001")
        evotor_http = EvotorHttp(self.evotor)
        self.evotor_oauth = evotor_http.oauth.client
        self.evotor_control = evotor_http.control
        self._evotor_server = Server(evotor_http, evotor_port, tls)
        try:
            self._vk_server = Server(vk_http, vk_port, tls)
        except OSError:
            self._evotor_server.server_close()
            raise
        self.vk.address = self._vk_server.url

    @property
    def evotor_url(self) -> str:
        """Evotor's address: scheme and host, without a path."""
        return self._evotor_server.url

    @property
    def vk_url(self) -> str:
        """VK's address: methods are under `/method/`."""
        return self._vk_server.url

    @property
    def vk_id_url(self) -> str:
        """VK ID's address: `/authorize` and `/oauth2/…`."""
        return self._vk_server.url

    @property
    def evotor_token(self) -> str:
        """The first Evotor account's token."""
        return self.evotor.token

    @property
    def vk_token(self) -> str:
        """A perpetual token of the first VK user with every scope."""
        return self.vk.token

    @property
    def group_id(self) -> int:
        """The first community's positive id; the first VK user is its administrator."""
        return self.vk.group_id

    def another_vk_host(self, tls: ssl.SSLContext | None = None) -> Server:
        """Return one more host of the same VK, not yet started: what one is told, all know."""
        return Server(self._vk_http, tls=tls)

    def stop_first_vk_host(self) -> None:
        """Let VK's first host die, with the connections that are open."""
        self._vk_server.stop()

    def webhooks(self, base_url: str, *, app_token: str) -> Webhooks:
        """Return Evotor's calling half, aimed at our webhook prefix."""
        return Webhooks(self.evotor, base_url, app_token=app_token)

    def start(self) -> Self:
        """Begin to serve."""
        self._evotor_server.start()
        self._vk_server.start()
        return self

    def stop(self) -> None:
        """Stop serving and drop every connection."""
        self._evotor_server.stop()
        if not self._vk_server.stopping.is_set():
            self._vk_server.stop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
