"""How busy VK's requests a second are while a first sync makes its items, at a VK that takes its time.

`python -m bench.upload [GOODS]` draws and uploads real pictures; the stand-in answers as late as VK may.
Seconds pass for real, so a loaded machine shows a smaller share than a quiet one.
"""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from bench.refresh import throw_away_database

GOODS = 600
GROUPS = 10
PER_SECOND = 3
# What VK takes for an upload of five pictures, for a method, and for a script of 25, of an afternoon's order.
UPLOAD_SECONDS, METHOD_SECONDS, SCRIPT_SECONDS = 0.8, 0.15, 0.5
# Our own pace uses 97 %: it stays three hundredths below VK's, since requests may arrive closer together.
LEAST_SHARE = 0.95
FIRST = "market.getProductPhotoUploadServer"


def main(goods: int = GOODS) -> list[str]:
    """Print the share of VK's requests a second that the creation of items uses; return what is too low."""
    from django.conf import settings
    from django.utils import timezone

    from accounts.models import User
    from connections.evotor.connect import connect_evotor
    from connections.vk.connect import connect_vk
    from sandbox import Sandbox
    from syncing.jobs.lifecycle import request_sync
    from syncing.jobs.runner import run_to_end
    from syncing.models import SyncJob

    settings.VK_REQUESTS_PER_SECOND = PER_SECOND
    with Sandbox(vk_rate=0) as box:
        settings.EVOTOR_API_URL, settings.VK_API_URL = box.evotor_url, box.vk_url
        store = box.evotor.add_store("Лавка")
        groups = [box.evotor.add_group(store.id, f"Посуда {number}").id for number in range(GROUPS)]
        for number in range(goods):
            box.evotor.add_product(
                store.id,
                f"Кружка синяя {number}",
                parent_id=groups[number % GROUPS],
                price=100 + number,
                quantity=5,
            )
        user = User.objects.create_user("upload@example.com")
        connect_evotor(user, token=box.evotor_token, now=timezone.now())
        connect_vk(user, token=box.vk_token, group=box.group_id, now=timezone.now())
        with _slow() as calls:
            job = run_to_end(request_sync(user, trigger=SyncJob.Trigger.COMMAND))
        user.delete()
    if job.items_created != goods:
        return [f"a first sync of {goods} made {job.items_created}: {job.error_code} {job.error_detail}"]
    making = calls[[name for name, _ in calls].index(FIRST) :]
    span = making[-1][1] - making[0][1]
    share = (len(making) - 1) / PER_SECOND / span
    sys.stdout.write(
        f"first sync of {goods}: {len(making)} requests of VK's in {span:.1f} s from the first picture on: "
        f"{share:.0%} of {PER_SECOND} a second used, where an upload takes {UPLOAD_SECONDS} s, "
        f"a method {METHOD_SECONDS} s and a script {SCRIPT_SECONDS} s\n"
    )
    return [] if share >= LEAST_SHARE else [f"VK's requests a second are {share:.0%} used"]


@contextmanager
def _slow() -> Iterator[list[tuple[str, float]]]:
    """Let VK answer late; yield (method, when it came) of each request."""
    from sandbox.vk.api import VkApi

    calls: list[tuple[str, float]] = []
    call, upload = VkApi.call, VkApi.upload

    def slow_call(api: Any, name: str, request: Any) -> Any:
        calls.append((name, time.perf_counter()))
        time.sleep(SCRIPT_SECONDS if name == "execute" else METHOD_SECONDS)
        return call(api, name, request)

    def slow_upload(api: Any, rest: str, request: Any) -> Any:
        time.sleep(UPLOAD_SECONDS)
        return upload(api, rest, request)

    with patch.object(VkApi, "call", slow_call), patch.object(VkApi, "upload", slow_upload):
        yield calls


if __name__ == "__main__":
    with throw_away_database():
        found = main(*map(int, sys.argv[1:2]))
    for line in found:
        sys.stdout.write(f"BROKEN: {line}\n")
    sys.exit(1 if found else 0)
