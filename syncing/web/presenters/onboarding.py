"""The first steps, from sign-up to the first preview."""

from dataclasses import dataclass

from allauth.account.models import EmailAddress

from accounts.models import User
from connections.models import EvotorConnection, VkConnection
from syncing.models import SyncConfig


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the way in: `number` counts from 1, `state` is ok, now or nothing."""

    name: str
    number: int
    state: str


def onboarding_steps(user: User, evotor: EvotorConnection | None, vk: VkConnection | None) -> list[Step]:
    """Return the four steps; the first that is not done is the present one."""
    config = SyncConfig.objects.of_user(user).first()
    done = {
        "email": EmailAddress.objects.filter(user=user, verified=True).exists(),
        "evotor": evotor is not None and evotor.is_online,
        "vk": vk is not None and vk.is_online and vk.group_id is not None,
        "preview": config is not None and config.confirmed_at is not None,
    }
    present = next((name for name, is_done in done.items() if not is_done), "")
    return [
        Step(name, number, "ok" if is_done else "now" if name == present else "")
        for number, (name, is_done) in enumerate(done.items(), start=1)
    ]
