"""What a worker does for an import: one slice at a time, one worker at a time, safe to begin again."""

import time
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import User
from catalog.choices import ImportState, PhotoProblem
from catalog.models import PhotoImport
from catalog.models.photo_imports import LEASE, NEEDS_WORK
from catalog.photos.errors import InvalidPhoto
from catalog.photos.imports.matching import match as match_goods
from catalog.photos.imports.preparing import prepare
from catalog.photos.imports.receiving import Occupied
from catalog.photos.imports.saving import save_all, undo_all
from catalog.photos.imports.stamps import check
from evosync.common import clock

# Short enough for a worker's other work; the last photo may take a minute more.
SLICE_SECONDS = 15.0
BUSY_SECONDS = 5.0
# A message was lost where nobody has begun for so long.
WAKE_AFTER = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is left: the next slice in `again_in` seconds, None for none; whether photos of goods changed."""

    again_in: float | None = None
    has_changed: bool = False


def work(user_id: int) -> Outcome:
    """Carry the merchant's import on for a slice."""
    found = _claim(user_id, clock.now())
    if found is None:
        return Outcome()
    try:
        outcome = _carry_on(found, time.monotonic() + SLICE_SECONDS)
    except InvalidPhoto as error:
        if error.code != PhotoProblem.BUSY:
            raise
        return Outcome(again_in=BUSY_SECONDS)
    except PhotoImport.DoesNotExist:
        # The merchant has thrown it away.
        return Outcome()
    finally:
        PhotoImport.objects.filter(pk=found.pk).update(busy_until=None)
    if PhotoImport.objects.for_user(user_id).unfinished().exists():
        # What came after the last look found this worker busy, and its own message is gone.
        return replace(outcome, again_in=outcome.again_in or 0)
    return outcome


def _claim(user_id: int, now: datetime) -> PhotoImport | None:
    """Take the import for this worker, None where there is nothing to do or another one has it."""
    mine = PhotoImport.objects.for_user(user_id).unattended(now)
    found = mine.unfinished().first()
    if found is None or not mine.filter(pk=found.pk).update(busy_until=now + LEASE):
        return None
    return found


def _carry_on(found: PhotoImport, until: float) -> Outcome:
    match found.state:
        case ImportState.SAVING:
            if not save_all(found, until=until):
                return Outcome(again_in=0)
            _set_state(found, ImportState.SAVED)
            return Outcome(has_changed=True)
        case ImportState.UNDOING:
            if not undo_all(found, until=until):
                return Outcome(again_in=0)
            found.delete()
            return Outcome(has_changed=True)
    try:
        is_done = prepare(found, until=until)
    finally:
        match_goods(found)
    return Outcome(again_in=None if is_done else 0)


def _set_state(found: PhotoImport, state: ImportState) -> None:
    PhotoImport.objects.filter(pk=found.pk).update(state=state, changed_at=clock.now())


def set_replaces(user: User, *, replaces: bool) -> None:
    """Note whether the photos will replace those that goods have, while that is open."""
    mine = PhotoImport.objects.for_user(user).filter(state=ImportState.OPEN)
    mine.update(replaces=replaces, changed_at=clock.now())


def confirm(user: User, *, seen: str) -> bool:
    """Have the matched pictures saved; return False where files still wait or there is nothing to save.

    `seen` is the stamp of what the merchant was shown. Raises Outdated.
    """
    with transaction.atomic():
        found = PhotoImport.objects.for_user(user).select_for_update().first()
        check(found, seen)
        if found is None or found.state != ImportState.OPEN or found.files.unread().exists():
            return False
        if not found.files.ready().filter(product__isnull=False).exists():
            return False
        _set_state(found, ImportState.SAVING)
        return True


def take_back(user: User, *, seen: str) -> bool:
    """Have the saved photos taken away and those before brought back; return False where it is too late.

    `seen` is the stamp of what the merchant was shown. Raises Outdated.
    """
    with transaction.atomic():
        found = PhotoImport.objects.for_user(user).select_for_update().first()
        if found is None or found.state != ImportState.SAVED:
            return False
        check(found, seen)
        _set_state(found, ImportState.UNDOING)
        return True


def discard(user: User, *, seen: str) -> bool:
    """Delete all that was sent and not saved; return True if there was something.

    `seen` is the stamp of what the merchant was shown. Raises Occupied, Outdated.
    """
    with transaction.atomic():
        found = PhotoImport.objects.for_user(user).select_for_update().first()
        if found is None:
            return False
        if found.state in NEEDS_WORK:
            raise Occupied
        check(found, seen)
        found.delete()
        return True


def cancel(user: User, *, number: int) -> bool:
    """Delete all that was sent, while it is read; return True if there was something.

    The worker stops before its next file. `number` is the row of the import that the merchant was shown: one
    that they have begun since stays. Raises Occupied.
    """
    with transaction.atomic():
        found = PhotoImport.objects.for_user(user).select_for_update().filter(pk=number).first()
        if found is None:
            return False
        if found.state in NEEDS_WORK:
            raise Occupied
        if found.state != ImportState.OPEN:
            return False
        found.delete()
        return True


def lost(now: datetime) -> list[int]:
    """Return the merchants whose imports wait for a worker that nobody has woken."""
    waiting = PhotoImport.objects.unfinished().unattended(now).not_woken_since(now - WAKE_AFTER, now)
    return list(waiting.filter(user__is_active=True).values_list("user_id", flat=True))
