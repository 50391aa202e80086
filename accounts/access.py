"""The user behind a request."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from accounts.models import User


def user_of(request: HttpRequest) -> User:
    """Return the user behind a request; a view that forgot `login_required` answers 403."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user
