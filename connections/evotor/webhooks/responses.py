"""Answers in Evotor's form: `{"errors": [{"code": N, …}]}`, where the code says what was wrong."""

from http import HTTPStatus
from typing import Any

from django.http import JsonResponse


class Refused(Exception):
    """The request is answered with this error and changes nothing."""

    def __init__(self, status: int, code: int, **extra: Any) -> None:
        super().__init__(f"{status}/{code}")
        self.status, self.code, self.extra = status, code, extra

    def response(self) -> JsonResponse:
        """Return the error as an HTTP answer; where nothing is found, Evotor's form is an empty object."""
        if self.status == HTTPStatus.NOT_FOUND:
            return JsonResponse({}, status=self.status)
        return JsonResponse({"errors": [{"code": self.code, **self.extra}]}, status=self.status)


def bad_syntax() -> Refused:
    """Return the answer to a body that cannot be read."""
    return Refused(400, 2001)


def missing(subject: str) -> Refused:
    """Return the answer to a body without a required field."""
    return Refused(400, 2002, reason="missing", subject=subject)


def incorrect(subject: str, value: object) -> Refused:
    """Return the answer to a field whose value makes no sense; long values are cut."""
    return Refused(400, 2003, reason="incorrect", subject=subject, value=str(value)[:64])


def too_big() -> Refused:
    """Return the answer to a body above the limit."""
    return Refused(413, 2001)


def wrong_app_token() -> Refused:
    """Return the answer to a caller who does not know our application's token."""
    return Refused(401, 1001)


def wrong_user_token() -> Refused:
    """Return the answer to a caller whose merchant token we never issued."""
    return Refused(401, 1002)


def no_such_resource() -> Refused:
    """Return the answer to a push about an account or a store that is not there for its sender."""
    return Refused(404, 0)


def wrong_credentials() -> Refused:
    """Return the answer to a wrong, used or expired link code."""
    return Refused(401, 1006)


def linked_elsewhere() -> Refused:
    """Return the answer where the till account belongs to another account of ours."""
    return Refused(409, 2004)


def already_registered() -> Refused:
    """Return the answer where the till account has an account of ours already."""
    return Refused(409, 2005)
