"""The user behind a request, and how often they may do something."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from allauth.core.ratelimit import consume_or_429
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from accounts.models import User

P = ParamSpec("P")
Answer = TypeVar("Answer", bound=HttpResponseBase)
View = Callable[Concatenate[HttpRequest, P], Answer]


def user_of(request: HttpRequest) -> User:
    """Return the user behind a request; a view that forgot `login_required` answers 403."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def limited(action: str) -> Callable[[View[P, Answer]], View[P, Answer | HttpResponse]]:
    """Make a view that answers 429 to a user who presses its button more often than the settings allow."""

    def decorator(view: View[P, Answer]) -> View[P, Answer | HttpResponse]:
        @wraps(view)
        def wrapper(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> Answer | HttpResponse:
            too_many: HttpResponse | None = consume_or_429(request, action=action, user=user_of(request))
            return view(request, *args, **kwargs) if too_many is None else too_many

        return wrapper

    return decorator
