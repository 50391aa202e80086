"""Who asks: the merchant behind a request."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from accounts.models import User


def merchant(request: HttpRequest) -> User:
    """Return the logged-in merchant. Raises PermissionDenied for a view that forgot `login_required`."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user
