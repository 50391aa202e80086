"""A run's phases: what VK refuses as a whole in one does not keep the next from going on."""

from collections.abc import Iterator
from contextlib import contextmanager

from connections.clients.error_catalog import Limit, lookup
from connections.clients.errors import ActionRequired, ClientError, Suspended
from syncing.publishing.errors import PhaseRefused


@contextmanager
def phase(refusals: list[ClientError]) -> Iterator[None]:
    """Add to `refusals` what ends this phase alone: VK refuses all of it for a reason of the shop's."""
    try:
        yield
    except PhaseRefused as refused:
        refusals.append(refused.error)
    except Suspended as error:
        if not error.only_method:
            raise
        refusals.append(error)
    except ActionRequired as error:
        # No room for new items; those that exist are still kept right.
        if lookup(error.code).limit is not Limit.ITEMS:
            raise
        refusals.append(error)
