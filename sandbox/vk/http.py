"""The VK port: API methods, uploads, VK ID and the control endpoints."""

from sandbox.vk.api import VkApi
from sandbox.vk.control import VkControl
from sandbox.vk.state import VkState
from sandbox.vk.vk_id import VkId
from sandbox.wire import Request, Response


class VkHttp:
    """Routes the requests of the VK port."""

    def __init__(self, state: VkState) -> None:
        self.api = VkApi(state)
        self.id = VkId(state)
        self._control = VkControl(state)

    def handle(self, request: Request) -> Response:
        """Answer one request; an unknown path gets an HTML 404."""
        area, _, rest = request.path.lstrip("/").partition("/")
        if area == "method" and rest:
            return self.api.call(rest, request)
        if area == "upload" and rest and request.verb == "POST":
            return self.api.upload(rest, request)
        if area == "_sandbox":
            return self._control.handle(rest, request)
        return self.id.handle(request) or Response.of_html("<h1>404 Not Found</h1>", 404)
