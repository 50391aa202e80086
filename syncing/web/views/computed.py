"""Answers of pages whose result a worker computes."""

from django.http import HttpRequest, HttpResponse

from accounts.models import User
from syncing.jobs import computations
from syncing.models import Computation
from syncing.services.inputs import RuleInputs
from syncing.web.presenters.computation_state import stamp_of

SINCE = "since"


def has_nothing_new(request: HttpRequest, user: User, kind: str) -> bool:
    """Return True if a waiting page asks whether there is another result, and there is none yet."""
    if not is_waiting(request):
        return False
    row = Computation.objects.for_user(user).of_kind(kind).without_result().first()
    return row is not None and row.is_asked and stamp_of(row) == request.GET[SINCE]


def is_waiting(request: HttpRequest) -> bool:
    """Return True if a page that shows a result asks for the next one."""
    return SINCE in request.GET and bool(request.headers.get("HX-Request"))


def last_result(request: HttpRequest, user: User, kind: str, given: RuleInputs | None = None) -> Computation:
    """Return the last result; where it is out of date, another is asked for.

    Support, who only look, ask for nothing.
    """
    if getattr(request, "support_visit", None) is not None:
        return computations.find(user, kind) or Computation(user=user, kind=kind)
    return computations.current(user, kind, given)


def nothing_new() -> HttpResponse:
    """Return the answer that leaves a page as it is, so that it asks again."""
    return HttpResponse(status=204)
