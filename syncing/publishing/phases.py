"""A run's phases: what VK refuses as a whole in one does not keep the next from going on."""

from collections.abc import Iterator
from contextlib import contextmanager

from connections.clients.error_catalog import VkError
from connections.clients.errors import ActionRequired, ClientError, Suspended
from connections.clients.vk.errors import concerns_one_method
from syncing.publishing.errors import PhaseRefused

SHOP_FULL = VkError.TOO_MANY_ITEMS


@contextmanager
def phase(refusals: list[ClientError]) -> Iterator[None]:
    """Add to `refusals` what ends this phase alone: VK refuses all of it for a reason of the shop's."""
    try:
        yield
    except PhaseRefused as refused:
        refusals.append(refused.error)
    except Suspended as error:
        # VK counts some limits for each method: the others are taken as before.
        if not concerns_one_method(error):
            raise
        refusals.append(error)
    except ActionRequired as error:
        # No room for new items; those that exist are still kept right.
        if error.code != SHOP_FULL:
            raise
        refusals.append(error)
