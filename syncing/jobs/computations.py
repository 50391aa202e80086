"""The life of a computation: asked for, claimed, computed, asked again; found again where it was lost.

No request plans or builds a feed: pages ask here and show the last result. The question is a row, and a
message only wakes a worker, so losing Redis loses no question.
"""

import logging
import math
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction

from accounts.models import User
from connections.clients.error_catalog import OwnError
from connections.clients.errors import ClientError
from connections.clients.patience import TooSlow
from evosync.common import clock
from syncing import queue
from syncing.choices import ComputationKind
from syncing.feed import editions, reader_editions
from syncing.jobs import heartbeat
from syncing.jobs.leases import has_ended, new_lease
from syncing.models import Computation, Feed, ReaderFeed
from syncing.models.computations import LONGEST_WAIT
from syncing.services import catalog_reasons, catalog_states, goods_rules, plan_summary
from syncing.services.errors import CannotSync
from syncing.services.inputs import RuleInputs, inputs_of
from syncing.services.tables import exports, imports

logger = logging.getLogger(__name__)

DEAD_AFTER = timedelta(seconds=120)
# A message was lost where nobody has begun for so long.
WAKE_AGAIN_AFTER = timedelta(seconds=120)
RETRY_AFTER = LONGEST_WAIT
# What kills its worker every time is given up.
MOST_ATTEMPTS = 3
# VK may change without a word to us.
PREVIEW_LASTS = timedelta(minutes=10)
# A merchant's click in the catalogue is no input of these.
COUNTS_LAST = timedelta(minutes=2)
LASTS: Mapping[str, timedelta] = {ComputationKind.PREVIEW: PREVIEW_LASTS, ComputationKind.COUNTS: COUNTS_LAST}
# An error may be over by now.
ERROR_LASTS = timedelta(minutes=1)
# More changes follow the first one; a feed is built after the last.
FEED_DEBOUNCE = timedelta(seconds=30)
FEEDS_AT_ONCE = 200
# A feed is compared row by row so often, whatever the stores have noted.
FEED_LASTS = timedelta(hours=1)

FEEDS: tuple[type[Feed | ReaderFeed], ...] = (Feed, ReaderFeed)

Result = dict[str, Any]
_ours: set[str] = set()
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be computed: `row` has the last result, and a slow service is waited for so long."""

    row: Computation
    now: datetime
    patience_seconds: float

    @property
    def user(self) -> User:
        """The merchant who asks."""
        return self.row.user


def _preview(question: Question) -> Result:
    return plan_summary.compute(
        question.user, adopt=question.row.choice, patience_seconds=question.patience_seconds
    )


def _feed(question: Question) -> Result:
    reader_editions.build_all(question.user, now=question.now)
    return editions.build(question.user, last=question.row.result, now=question.now)


def _catalog(question: Question) -> Result:
    return catalog_reasons.compute(question.user)


def _rule(question: Question) -> Result:
    return goods_rules.compute_trial(question.user, question.row.choice)


def _table(question: Question) -> Result:
    return imports.read_waiting(question.user)


def _export(question: Question) -> Result:
    return exports.write_asked(question.user)


def _counts(question: Question) -> Result:
    return catalog_states.count_states(question.user)


COMPUTE: Mapping[str, Callable[[Question], Result]] = {
    ComputationKind.PREVIEW: _preview,
    ComputationKind.FEED: _feed,
    ComputationKind.CATALOG: _catalog,
    ComputationKind.RULE: _rule,
    ComputationKind.TABLE: _table,
    ComputationKind.COUNTS: _counts,
    ComputationKind.EXPORT: _export,
}


def ask(user: User, kind: str, *, delay: timedelta = timedelta(0), choice: object = None) -> Computation:
    """Ask for a result of this kind and wake a worker; return its row.

    What is asked for already stays so, and begins no later than it would have. A question that comes while
    a worker is computing is answered by another round after it.
    """
    now = clock.now()
    row, _made = Computation.objects.get_or_create(user=user, kind=kind)
    begins = now + delay if delay else None
    if row.asked_at is not None and not row.lease:
        begins = None if row.not_before is None or begins is None else min(row.not_before, begins)
    row.asked_at, row.not_before, row.woken_at = now, begins, now
    changed = ["asked_at", "not_before", "woken_at"]
    if choice is not None:
        row.choice = choice
        changed.append("choice")
    row.save(update_fields=changed)
    seconds = max(0.0, (begins - now).total_seconds()) if begins else 0
    transaction.on_commit(partial(queue.enqueue_computation, user.pk, kind, delay_seconds=seconds))
    return row


def find(user: User, kind: str) -> Computation | None:
    """Return the row with the last result, or None where nobody has asked yet."""
    return Computation.objects.for_user(user).of_kind(kind).first()


def is_up_to_date(row: Computation, user: User, *, now: datetime, given: RuleInputs | None = None) -> bool:
    """Return True if the user's result is what would be computed now, as far as our rows tell."""
    if row.computed_at is None:
        return False
    lasts = ERROR_LASTS if row.error_code else LASTS.get(row.kind)
    if lasts and not _is_of_last(lasts, row, now):
        return False
    # Work that was given up knows no inputs: it must not begin again at every look.
    is_given_up = bool(row.error_code) and not row.inputs
    return is_given_up or row.inputs == inputs_of(user, row.kind, given)


def current(user: User, kind: str, given: RuleInputs | None = None) -> Computation:
    """Return the row of this kind; where its result is missing or out of date, another is asked for.

    A page that has read the merchant's rules gives them.
    """
    row = find(user, kind)
    if row is None or not (row.is_asked or is_up_to_date(row, user, now=clock.now(), given=given)):
        return ask(user, kind)
    return row


def _is_of_last(lasts: timedelta, row: Computation, now: datetime) -> bool:
    """Return True if the result is of the last so much time; what is dated ahead may be of any."""
    return row.computed_at is not None and now - lasts < row.computed_at <= now + clock.CLOCKS_DIFFER


def ask_for_feed(user_id: int) -> None:
    """Have the merchant's feed built soon, where they have one."""
    for model in FEEDS:
        feed = model.objects.of_active().for_user(user_id).select_related("user").first()
        if feed is not None:
            ask(feed.user, ComputationKind.FEED, delay=FEED_DEBOUNCE)
            return


def ask_for_changed_feeds(now: datetime) -> int:
    """Ask for those feeds whose goods or rules have changed; return how many. Called every minute.

    The feeds are looked at in turn, so that ten thousand of them cost no more a minute than two hundred.
    """
    asked = 0
    for feed in _next_feeds():
        type(feed).objects.filter(pk=feed.pk).update(looked_at=now)
        row = Computation.objects.for_user(feed.user).of_kind(ComputationKind.FEED).without_result().first()
        if row is not None and row.is_asked:
            continue
        is_old = row is None or not _is_of_last(FEED_LASTS, row, now)
        if row is None or is_old or not is_up_to_date(row, feed.user, now=now):
            ask(feed.user, ComputationKind.FEED)
            asked += 1
    return asked


def _next_feeds() -> Iterator[Feed | ReaderFeed]:
    for model in FEEDS:
        yield from model.objects.of_active().least_lately_looked_at().select_related("user")[:FEEDS_AT_ONCE]


def compute(user_id: int, kind: str, *, patience_seconds: float = math.inf) -> bool:
    """Compute what the merchant's question of this kind asks; return True if this process did.

    Safe to run twice: of two, one finds the row taken or nothing asked. Where a service answers too slowly
    for `patience_seconds`, the question is left to threads of the queue `slow`.
    """
    row = claim(user_id, kind, now=clock.now())
    if row is None:
        return False
    mine = Computation.objects.filter(pk=row.pk, lease=row.lease)
    try:
        with heartbeat.beating(f"{kind} of user {user_id}", lambda now: mine.update(heartbeat_at=now)):
            _carry_out(row, patience_seconds)
    except TooSlow:
        _hand_over(row)
        return False
    except BaseException:
        _release(row)
        raise
    finally:
        with _lock:
            _ours.discard(row.lease)
    if _is_asked_again(row):
        queue.enqueue_computation(user_id, kind)
    return True


def claim(user_id: int, kind: str, *, now: datetime) -> Computation | None:
    """Take the question for this process, or return None where there is none or another has it."""
    rows = Computation.objects.for_user(user_id).of_kind(kind)
    row = rows.due(now).select_related("user").first()
    if row is None or not row.user.is_active or (row.lease and not _is_dead(row, now)):
        return None
    lease = new_lease()
    with _lock:
        _ours.add(lease)
    taken = rows.asked().filter(lease=row.lease)
    if not taken.update(lease=lease, heartbeat_at=now, attempts=row.attempts + 1):
        with _lock:
            _ours.discard(lease)
        return None
    row.lease, row.attempts = lease, row.attempts + 1
    return row


def _is_dead(row: Computation, now: datetime) -> bool:
    # An owner that lives beats again before its next sign of life would seem to lie ahead.
    if row.heartbeat_at is None or abs(now - row.heartbeat_at) > DEAD_AFTER:
        return True
    return has_ended(row.lease, _ours.__contains__)


def _carry_out(row: Computation, patience_seconds: float) -> None:
    now = clock.now()
    if row.attempts > MOST_ATTEMPTS:
        _keep(row, "", error_code=OwnError.INTERNAL)
        return
    # What changes while it is computed makes the result old from its beginning.
    inputs = inputs_of(row.user, row.kind)
    try:
        result = COMPUTE[row.kind](Question(row, now, patience_seconds))
    except (CannotSync, ClientError) as error:
        _keep(row, inputs, error_code=error.code, error_text=error.text)
    else:
        _keep(row, inputs, result=result)


def _keep(
    row: Computation,
    inputs: str,
    *,
    result: Result | None = None,
    error_code: str = "",
    error_text: str = "",
) -> None:
    """Store a result or an error, where the question is still this process's.

    An error leaves the last result as it was.
    """
    found: dict[str, Any] = {
        "inputs": inputs,
        "computed_at": clock.now(),
        "error_code": str(error_code),
        "error_text": error_text[:2000],
    }
    if result is not None:
        found["result"] = result
    mine = Computation.objects.filter(pk=row.pk, lease=row.lease)
    with transaction.atomic():
        # What was asked meanwhile stays asked, with what was chosen for it.
        mine.filter(asked_at=row.asked_at).update(asked_at=None, not_before=None, choice=None)
        mine.update(**found, lease="", attempts=0)


def _is_asked_again(row: Computation) -> bool:
    """Return True if another result was asked for while this one was computed."""
    return Computation.objects.filter(pk=row.pk).asked().unattended().exists()


def _release(row: Computation) -> None:
    """Give the question back after a fault; the sweeper wakes a worker for it again."""
    now = clock.now()
    Computation.objects.filter(pk=row.pk, lease=row.lease).update(lease="", not_before=now + RETRY_AFTER)


def _hand_over(row: Computation) -> None:
    """Leave the question to a thread that may wait; that this one gave up is no attempt."""
    mine = Computation.objects.filter(pk=row.pk, lease=row.lease)
    mine.update(lease="", attempts=row.attempts - 1, woken_at=clock.now())
    queue.enqueue_computation(row.user_id, row.kind, slow=True)


def requeue_lost(now: datetime) -> list[tuple[int, str]]:
    """Return (merchant, kind) of questions whose message was lost or whose worker is gone.

    Called every minute; one that was found is not found again before its message had time to arrive.
    """
    due = Computation.objects.of_active().due(now).without_result()
    waiting = due.unattended().not_woken_since(now - WAKE_AGAIN_AFTER, now)
    found = [*waiting, *(row for row in due.attended() if _is_dead(row, now))]
    Computation.objects.filter(pk__in=[row.pk for row in found]).update(woken_at=now)
    return [(row.user_id, row.kind) for row in found]
