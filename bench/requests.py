"""How many requests a sync costs against the sandbox, as a multiple of what VK's rules allow at least."""

import sys
from typing import Any

from django.conf import settings
from django.utils import timezone

SIZES = (1, 200, 201, 611)
MOST_OVER_BOUND = 1.2
LEAST_SAVING = 10
WRITES = {"market.add", "market.edit", "market.delete", "market.addToAlbum", "market.addAlbum"}


def main() -> list[str]:
    """Print requests of the first, the unchanged and the one-change run; return the broken budgets."""
    broken: list[str] = []
    for size in SIZES:
        first, second, third = _three_runs(size)
        bound, one_by_one = first["vk_lower_bound"], 1 + 3 * size
        sys.stdout.write(
            f"first sync of {size}: {first['vk']} requests = {first['vk'] / bound:.2f} × the bound {bound}, "
            f"{one_by_one / first['vk']:.1f} × fewer than one method a request; {first['uploads']} uploads\n"
        )
        writes = sum(number for method, number in second["vk_calls"].items() if method in WRITES)
        sys.stdout.write(
            f"  unchanged: {second['vk']} requests, {writes} writes, {second['uploads']} uploads\n"
        )
        edits = third["vk_calls"].get("market.edit", 0)
        sys.stdout.write(f"  one changed: {third['vk']} requests, {edits} edits\n")
        if first["vk"] > MOST_OVER_BOUND * bound + 1:
            broken.append(f"first sync of {size}")
        if size == max(SIZES) and one_by_one < LEAST_SAVING * first["vk"]:
            broken.append(f"saving at {size}")
        if writes or second["uploads"] or edits != 1:
            broken.append(f"unchanged or one-change run of {size}")
    return broken


def _three_runs(size: int) -> list[dict[str, Any]]:
    from accounts.models import User
    from catalog.pictures import placeholder
    from connections.sandbox import Sandbox
    from connections.services import connect_evotor, connect_vk
    from syncing.services import planning

    picture = placeholder("Кружка", "Посуда")
    # Drawing is not what is measured here.
    planning.placeholder = lambda name, group: picture  # type: ignore[attr-defined]
    with Sandbox(vk_rate=0) as box:
        settings.EVOTOR_API_URL, settings.VK_API_URL = box.evotor_url, box.vk_url
        store = box.evotor.add_store("Лавка")
        for number in range(size):
            box.evotor.add_product(store.id, f"Кружка синяя {number}", price=100 + number, quantity=5)
        user = User.objects.create_user(f"requests-{size}@example.com")
        connect_evotor(user, token=box.evotor_token, now=timezone.now())
        connect_vk(user, token=box.vk_token, group=box.group_id, now=timezone.now())
        runs = [_run(user), _run(user)]
        box.evotor.edit_product(store.id, next(iter(store.products)), price=7)
        runs.append(_run(user))
        # Every sandbox's till belongs to the same Evotor account.
        user.delete()
        return runs


def _run(user: Any) -> dict[str, Any]:
    from syncing.models import SyncJob
    from syncing.services import claim, request_sync, run_slice

    job = request_sync(user, trigger=SyncJob.Trigger.COMMAND)
    while not job.is_finished:
        claimed = claim(user, now=timezone.now())
        if claimed is None:
            raise RuntimeError("the job could not be claimed")
        job = run_slice(claimed)
    if job.status != SyncJob.Status.SUCCESS:
        raise RuntimeError(f"{job.status}: {job.error_code} {job.error_detail}")
    requests: dict[str, Any] = job.requests
    return requests
