"""How a run that published its plan ends: the status, with the code and the sentence that say why."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from catalog.ingest.report import Problem
from connections.clients.error_catalog import Limit, OwnError, lookup, row_of_limit
from connections.clients.errors import Suspended
from connections.models import VkConnection
from syncing.core.albums import misplaced
from syncing.core.choices import Reason
from syncing.jobs.method_suspensions import suspension_message
from syncing.models import SyncJob
from syncing.publishing.publisher import Publisher
from syncing.publishing.vk.reader import UNREADABLE
from syncing.services.planning import Planned, unreadable_titles


@dataclass(frozen=True, slots=True)
class Outcome:
    """The status of a run, and what the merchant is told of it; nothing where all went as planned."""

    status: str
    code: str = ""
    detail: str = ""

    @property
    def is_flawless(self) -> bool:
        """Whether everything was done and there is nothing to tell."""
        return self == Outcome(SyncJob.Status.SUCCESS)


def outcome_of(
    job: SyncJob,
    publisher: Publisher,
    planned: Planned,
    *,
    connection: VkConnection,
    unread_store: Problem | None,
) -> Outcome:
    """Return how the run ends: of several things that went wrong the first here is told."""
    refusals = [error for error in publisher.refusals if not isinstance(error, Suspended)]
    if refusals:
        row = lookup(refusals[0].code)
        return _partial(row.code, f"{_(row.text)} {_(row.next_step)}")
    if (suspension := suspension_message(connection, publisher, planned)) is not None:
        return _partial(*suspension)
    if planned.shop.unreadable or planned.shop.unknown_unreadable:
        row, names = lookup(UNREADABLE), unreadable_titles(planned)
        return _partial(row.code, f"{_(row.text)} {names} {_(row.next_step)}")
    if unread_store is not None:
        text = f"{unread_store.store_name}: {_(lookup(unread_store.error_code).text)}"
        stays = _("Its goods stay in VK as they are.")
        return _partial(unread_store.error_code, f"{text} {stays}")
    if job.error_count:
        return _partial()
    return Outcome(SyncJob.Status.SUCCESS, *_note(job, publisher, planned))


def _partial(code: str = "", detail: str = "") -> Outcome:
    return Outcome(SyncJob.Status.PARTIAL, code, detail)


def _note(job: SyncJob, publisher: Publisher, planned: Planned) -> tuple[str, str]:
    """Return what a successful run says of what VK has no room for or refuses an album, if it does."""
    if job.skipped_by_reason.get(Reason.LIMIT):
        row = row_of_limit(Limit.ITEMS)
        return row.code, f"{_(row.text)} {_(row.next_step)}"
    return _album_note(publisher, planned)


def _album_note(publisher: Publisher, planned: Planned) -> tuple[str, str]:
    """Return what a successful run says of albums that VK refuses, if it does."""
    albums = publisher.album_publisher
    titles = sorted({one.title for one in albums.refused})
    if not titles and not albums.items_refused and not misplaced(planned.context):
        return "", ""
    named = " ".join(f"«{title}»." for title in titles)
    return OwnError.ALBUMS_REFUSED, f"{_(lookup(OwnError.ALBUMS_REFUSED).text)} {named}".strip()
