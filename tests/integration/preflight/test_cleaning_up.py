"""Whatever ends a rehearsal, nothing of it stays in VK, nothing of others goes, and runs go on."""

import json
import os
import signal
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from sandbox import Sandbox
from syncing.choices import JobPhase
from syncing.core.preflight.marks import has_mark, new_mark
from syncing.jobs import heartbeat
from syncing.jobs.lifecycle import claim, hold_account, request_sync, requeue_stale
from syncing.jobs.preflight import run_preflight
from syncing.models import SyncJob
from syncing.services.errors import CannotSync
from syncing.services.preflight.rehearsal import Options
from tests.commands import Commands
from tests.integration.preflight.conftest import GOODS, Rehearsals
from tests.integration.syncing.running import carry_on, run

pytestmark = pytest.mark.django_db

Status = SyncJob.Status
# Each call of a rehearsal that changes something, with how often it is made.
WRITES = (
    "market.add",
    "market.edit",
    "market.addAlbum",
    "market.addToAlbum",
    "market.deleteAlbum",
    "market.delete",
)


class Interrupted(BaseException):
    """What Ctrl-C raises, as far as code under it can tell."""


def strangers(box: Sandbox) -> list[str]:
    """Return what is in VK and is not the merchant's."""
    items = [item.title for item in box.vk.live_items() if not item.hand_made]
    return items + [album.title for album in box.vk.albums.values()]


def mine(box: Sandbox) -> list[tuple[int, str, int]]:
    return [(item.id, item.title, item.updated) for item in box.vk.live_items() if item.hand_made]


@pytest.mark.parametrize(
    ("method", "nth", "kind"),
    [
        *((method, 1, kind) for method in WRITES for kind in ("reset_after", "http")),
        ("market.add", 2, "reset_after"),
        ("market.edit", 5, "reset_before"),
    ],
)
def test_a_broken_answer_anywhere_leaves_nothing(
    rehearse: Rehearsals, sandbox: Sandbox, *, method: str, nth: int, kind: str
) -> None:
    before = mine(sandbox)
    sandbox.vk.fault(kind, method=method, nth=nth)
    rehearse.findings()
    assert strangers(sandbox) == []
    assert mine(sandbox) == before


@pytest.mark.parametrize("method", [*WRITES, "market.getById", "market.get"])
def test_ctrl_c_anywhere_leaves_nothing(
    user: User, rehearse: Rehearsals, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    from connections.clients.vk.client import VkClient

    whole, pressed = VkClient._send, [False]

    def press(client: VkClient, name: str, params: Any) -> Any:
        answer = whole(client, name, params)
        if name == method and sandbox.vk.counts()["market.add"] and not pressed[0]:
            pressed[0] = True
            raise Interrupted
        return answer

    monkeypatch.setattr(VkClient, "_send", press)
    with pytest.raises(Interrupted):
        rehearse.findings()
    assert strangers(sandbox) == []
    assert not SyncJob.objects.exists()


def outlive(box: Sandbox, rehearse: Rehearsals) -> None:
    """Let a rehearsal make its item and album, and let VK be away for good when it cleans up."""
    box.vk.fault("http", method="market.deleteAlbum", status=502, times=0)
    box.vk.fault("http", method="market.delete", status=502, times=0)
    assert not rehearse.findings().is_ok
    box.vk.faults.clear()


def test_an_outage_that_outlasts_the_clean_up_is_told_and_the_next_start_removes_it(
    rehearse: Rehearsals, sandbox: Sandbox
) -> None:
    outlive(sandbox, rehearse)
    assert len(strangers(sandbox)) == 2
    before = mine(sandbox)
    assert rehearse.findings().is_ok
    assert strangers(sandbox) == []
    assert mine(sandbox) == before
    assert not SyncJob.objects.exists()


def test_leftovers_that_vk_does_not_list_are_remembered(rehearse: Rehearsals, sandbox: Sandbox) -> None:
    sandbox.vk.doubts.unlists_hidden = True
    outlive(sandbox, rehearse)
    assert SyncJob.objects.get().requests["preflight"]["items"]
    rehearse.findings()
    assert strangers(sandbox) == []


def test_leftovers_are_known_by_their_mark_when_our_memory_is_lost(
    rehearse: Rehearsals, sandbox: Sandbox
) -> None:
    outlive(sandbox, rehearse)
    SyncJob.objects.all().delete()
    assert rehearse.findings().is_ok
    assert strangers(sandbox) == []


def test_nothing_without_a_mark_is_ever_taken_for_a_leftover(rehearse: Rehearsals, sandbox: Sandbox) -> None:
    kept = [
        sandbox.vk.create_item("Проверка EvoSync", sku="EVOSYNC-PREFLIGHT-AAAAAAAAAA"),
        sandbox.vk.create_item("EVOSYNC-PREFLIGHT-", sku="EVOSYNC-PREFLIGHT"),
    ]
    album = sandbox.vk.create_album("EVOSYNC-PREFLIGHT-AAAAAAAAAA")
    assert rehearse.findings().is_ok
    assert all(item.deleted_at is None for item in kept)
    assert album.id in sandbox.vk.albums


def test_a_remembered_number_without_a_mark_is_left_alone(
    rehearse: Rehearsals, sandbox: Sandbox, user: User
) -> None:
    item = sandbox.vk.create_item("Своё")
    left = {"preflight": {"items": [item.id], "albums": [], "unsure": False}}
    SyncJob.objects.create(user=user, phase=JobPhase.PREFLIGHT, status=Status.CANCELLED, requests=left)
    assert rehearse.findings().is_ok
    assert item.deleted_at is None


def test_read_only_makes_nothing(rehearse: Rehearsals, sandbox: Sandbox) -> None:
    sandbox.vk.forget_calls()
    assert rehearse.findings(writes=False).is_ok
    made = {call.method for call in sandbox.vk.calls if call.method in WRITES}
    assert (made, sandbox.vk.uploads) == (set(), 0)


def test_a_mark_is_known_however_it_comes_back_and_nothing_else_is() -> None:
    marks = [new_mark() for _ in range(200)]
    assert len(set(marks)) == 200
    assert all(has_mark(f"x {mark.lower()}, y") for mark in marks)
    wrong = [mark[:-1] + ("A" if mark[-1] != "A" else "B") for mark in marks]
    assert not any(has_mark(mark) for mark in wrong)
    assert not has_mark("", "EVOSYNC-PREFLIGHT-")


# The account's lease


def test_no_rehearsal_begins_while_a_run_is_going_on_or_waits(
    rehearse: Rehearsals, user: User, sandbox: Sandbox
) -> None:
    request_sync(user, trigger=SyncJob.Trigger.MANUAL)
    sandbox.vk.forget_calls()
    with pytest.raises(CannotSync):
        rehearse.findings()
    claim(user, now=timezone.now())
    with pytest.raises(CannotSync):
        rehearse.findings()
    assert sandbox.vk.requests == 0


def test_no_run_begins_while_a_rehearsal_holds_the_account_and_one_asked_for_follows(
    user: User, sandbox: Sandbox
) -> None:
    asked: list[SyncJob] = []

    def ask(_part: str) -> None:
        asked.append(request_sync(user, trigger=SyncJob.Trigger.MANUAL))
        assert claim(user, now=timezone.now(), early=True) is None

    run_preflight(user, options=Options(progress=ask))
    job = SyncJob.objects.get()
    assert {one.pk for one in asked} == {job.pk}
    assert (job.status, job.phase, job.lease) == (Status.PENDING, "", "")
    job = carry_on(user)
    assert (job.status, job.items_created) == (Status.SUCCESS, GOODS)


def test_a_rehearsal_leaves_no_run_in_the_history(rehearse: Rehearsals) -> None:
    rehearse.findings()
    assert not SyncJob.objects.exists()


def test_a_dead_rehearsal_becomes_no_run_and_the_next_start_takes_over(
    user: User, rehearse: Rehearsals, sandbox: Sandbox
) -> None:
    held = hold_account(user, now=timezone.now())
    heartbeat.take_all()
    long_ago = timezone.now() - timedelta(minutes=10)
    SyncJob.objects.update(heartbeat_at=long_ago)
    assert [user_id for user_id, _bulk in requeue_stale(timezone.now())] == [user.pk]
    assert claim(user, now=timezone.now()) is None
    assert not SyncJob.objects.filter(pk=held.pk).exists()
    hold_account(user, now=timezone.now())
    heartbeat.take_all()
    SyncJob.objects.update(heartbeat_at=long_ago)
    assert rehearse.findings().is_ok
    assert sandbox.vk.counts()["market.add"] == 2


def test_runs_and_rehearsals_know_nothing_of_each_others_items(
    user: User, rehearse: Rehearsals, sandbox: Sandbox
) -> None:
    run(user)
    assert len(strangers(sandbox)) == GOODS + 1, "the goods and their album"
    before = {item.id: item.updated for item in sandbox.vk.live_items()}
    assert rehearse.findings().is_ok
    assert {item.id: item.updated for item in sandbox.vk.live_items()} == before
    outlive(sandbox, rehearse)
    job = run(user)
    assert (job.status, job.items_created, job.items_deleted) == (Status.SUCCESS, 0, 0)
    assert rehearse.findings().is_ok


# The command


def start(box: Sandbox, folder: Any, *commands: Sequence[str]) -> Commands:
    environment = {
        **os.environ,
        "ENV_FILE": os.devnull,
        "DJANGO_SETTINGS_MODULE": "tests.e2e.settings",
        "DEBUG": "1",
        "DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}",
        "REDIS_URL": "",
        "MEDIA_ROOT": str(folder / "media"),
        "EVOTOR_API_URL": box.evotor_url,
        "VK_API_URL": box.vk_url,
        "VK_ID_URL": box.vk_id_url,
        "VK_REQUESTS_PER_SECOND": "0",
        "EVOTOR_TOKEN": box.evotor_token,
        "VK_TOKEN": box.vk_token,
    }
    return Commands(*commands, environment=environment)


@pytest.fixture
def installation(sandbox: Sandbox, tmp_path: Any) -> Callable[..., Commands]:
    """Return what starts commands of an installation of its own, with a merchant connected."""
    from tests.e2e.site import empty_database

    (tmp_path / "db.sqlite3").write_bytes(empty_database())
    sandbox.evotor.add_product(sandbox.evotor.add_store("Лавка").id, "Кружка")

    process = start(
        sandbox,
        tmp_path,
        ("create_merchant", "anna@example.com"),
        ("connect_evotor", "anna@example.com"),
        ("connect_vk", "anna@example.com", "--group", str(sandbox.group_id)),
    )
    said = process.communicate("a-long-passphrase-7\n", timeout=60)
    assert process.returncode == 0, said
    return lambda *words: start(sandbox, tmp_path, words)


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_command_that_is_stopped_cleans_up_or_is_cleaned_up_after(
    sandbox: Sandbox, installation: Callable[..., Commands], stop: signal.Signals
) -> None:
    process: list[Commands] = []
    sandbox.vk.fault("action", method="market.addToAlbum", do=lambda: process[0].send_signal(stop))
    process.append(installation("preflight", "anna@example.com"))
    process[0].communicate(timeout=90)
    if stop is signal.SIGKILL:
        assert len(strangers(sandbox)) == 2
        process[0] = installation("preflight", "anna@example.com")
        process[0].communicate(timeout=90)
        assert process[0].returncode == 0
    else:
        assert process[0].returncode == 130
    assert strangers(sandbox) == []


def test_the_command_prints_a_report_and_one_object_and_its_code_tells_how_it_went(
    sandbox: Sandbox, installation: Callable[..., Commands]
) -> None:
    process = installation("preflight", "anna@example.com", "--json")
    out, _errors = process.communicate(timeout=90)
    report = json.loads(out)
    assert (process.returncode, report["status"], report["troubles"]) == (0, "ok", [])
    assert {fact["answer"] for fact in report["facts"]} >= {"yes", "no", "not_asked"}
    assert sandbox.vk_token not in out

    sandbox.vk.merchant.switch_market(on=False)
    process = installation("preflight", "anna@example.com")
    out, _errors = process.communicate(timeout=90)
    assert process.returncode == 1
    assert "FAILED" in out
    assert "! no        Products are on in the community" in out
    assert "turn Products on in the community" in out

    process = installation("preflight", "nobody@example.com")
    process.communicate(timeout=90)
    assert process.returncode == 2
