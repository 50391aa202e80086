"""Answers of pages whose result a worker computes."""

from django.http import HttpRequest, HttpResponse

from accounts.models import User
from evosync.common import clock
from syncing.jobs import computations
from syncing.models import Computation
from syncing.services.inputs import RuleInputs
from syncing.web.presenters.computation_state import stamp_of

SINCE = "since"


def has_nothing_new(request: HttpRequest, user: User, kind: str) -> bool:
    """Return True if a waiting page asks whether there is something to say, and it says all of it already."""
    if not is_waiting(request):
        return False
    return is_answered(request, Computation.objects.for_user(user).of_kind(kind).without_result().first())


def is_answered(request: HttpRequest, row: Computation | None) -> bool:
    """Return True if the page that asks says all that is to be said of a computation under way.

    A page of the release before may not tell what it says.
    """
    if row is None or not row.is_asked:
        return False
    return request.GET.get(SINCE) in {None, stamp_of(row, now=clock.now())}


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
