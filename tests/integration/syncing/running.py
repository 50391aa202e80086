"""A small till with its shop, and the runs that a worker would make of it."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from accounts.models import User
from connections.evotor.connect import connect_evotor
from connections.vk.connect import connect_vk
from sandbox import Sandbox
from syncing.jobs.lifecycle import claim, request_sync
from syncing.jobs.runner import RunOptions, run_slice
from syncing.models import SyncJob
from syncing.services.settings import config_for
from tests.integration.shared_start import SharedStart

# Few, for speed, but more than the safety check lets pass.
ITEMS = 12


def open_shop(box: Sandbox, *, items: int = ITEMS, email: str = "shop@example.com") -> User:
    """Return a merchant with so many mugs in one group, connected to both services, first run confirmed."""
    store = box.evotor.add_store("Лавка")
    box.evotor.add_group(store.id, "Посуда")
    put_goods(box, items)
    user = User.objects.create_user(email, "a-long-password", language="en")
    connect_evotor(user, token=box.evotor_token, now=timezone.now())
    connect_vk(user, token=box.vk_token, group=box.group_id, now=timezone.now())
    config = config_for(user)
    config.is_enabled, config.confirmed_at = True, timezone.now()
    config.save()
    return user


def put_goods(box: Sandbox, items: int, *, name: str = "Кружка синяя") -> None:
    """Put so many goods into the till, at 100 roubles and more."""
    store = next(iter(box.evotor.stores.values()))
    group = next(iter(store.groups.values()))
    for number in range(items):
        box.evotor.add_product(
            store.id, f"{name} {number}", parent_id=group.id, price=100 + number, quantity=5
        )


def carry_on(user: User, *, slices: int = 20, **options: Any) -> SyncJob:
    """Carry the merchant's unfinished run on until it has ended."""
    for _ in range(slices):
        claimed = claim(user, now=timezone.now(), early=True)
        assert claimed is not None
        job = run_slice(claimed, options=RunOptions(**options))
        if job.is_finished:
            return job
    raise AssertionError("The run does not end.")


def run(user: User, *, trigger: str = SyncJob.Trigger.MANUAL, **options: Any) -> SyncJob:
    """Ask for a run and carry it out to its end."""
    request_sync(user, trigger=trigger)
    return carry_on(user, **options)


@SharedStart
def first_run(_box: Sandbox, user: User | None) -> User:
    """Publish the merchant's goods, in a run that nothing disturbs."""
    assert user is not None
    assert run(user).status == SyncJob.Status.SUCCESS
    return user


def reprice(box: Sandbox, *, by: float) -> None:
    """Raise all prices in the till."""
    store = next(iter(box.evotor.stores.values()))
    for product in list(store.products.values()):
        box.evotor.edit_product(store.id, product.id, price=product.fields["price"] + by)


def finished_at(job: SyncJob, moment: datetime) -> SyncJob:
    """Let a run have ended at another moment."""
    SyncJob.objects.filter(pk=job.pk).update(finished_at=moment)
    job.refresh_from_db()
    return job
