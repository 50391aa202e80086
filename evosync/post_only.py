"""A page for who opens an address that only takes the press of a button, where there was an empty one."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.loader import render_to_string


class PostOnlyMiddleware:
    """Gives a browser that opens an address for POST requests a page that says what to do."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on; fill an empty answer of this kind."""
        response = self.get_response(request)
        is_browser = "text/html" in request.headers.get("Accept", "")
        if isinstance(response, HttpResponseNotAllowed) and request.method == "GET" and is_browser:
            response.content = render_to_string("405.html")
        return response
