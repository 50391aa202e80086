"""What happens in any process is counted once and read by the process that answers `/metrics`."""

import os
import threading
from collections.abc import Mapping

import dramatiq
import pytest
from django.test import Client
from django.utils import timezone
from dramatiq import Worker
from dramatiq.brokers.redis import RedisBroker
from prometheus_client.parser import text_string_to_metric_families

from accounts.models import User
from connections.client_factory import evotor_client_for
from connections.clients.errors import ClientError
from connections.tasks import check_connection
from evosync.common.telemetry import counters
from evosync.common.telemetry.counters import (
    METRICS,
    CountMessagesMiddleware,
    MetricsBuffer,
    RedisStore,
    metric_families,
)
from evosync.ops import metrics
from sandbox import Sandbox
from syncing.jobs.lifecycle import claim, request_sync
from syncing.jobs.runner import run_slice

Samples = Mapping[tuple[str, frozenset[str]], float]


def samples() -> Samples:
    """Return every sample of `/metrics` by name and label values."""
    return {
        (sample.name, frozenset(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(metrics.render().decode())
        for sample in family.samples
    }


def gained(before: Samples, name: str, *labels: str) -> float:
    key = (name, frozenset(labels))
    return samples().get(key, 0) - before.get(key, 0)


class SwitchedTally(MetricsBuffer):
    """A metrics_buffer whose store can go away as a Redis does, and counts how often it was asked."""

    is_away = False

    def store(self) -> counters.Store:
        if self.is_away:
            raise ConnectionError
        return super().store()


@pytest.mark.once
@pytest.mark.django_db
def test_a_run_counts_its_requests_by_api_method_and_answer(sandbox: Sandbox, merchant: User) -> None:
    store = sandbox.evotor.add_store("Tea")
    sandbox.evotor.add_product(store.id, "Mug", price=100)
    before = samples()
    request_sync(merchant, trigger="command")
    job = claim(merchant, now=timezone.now())
    assert job is not None
    job = run_slice(job)
    assert job.items_created == 1
    requests = gained(before, "evosync_api_requests_total", "vk", "execute", "ok")
    assert requests == job.requests["vk_calls"]["execute"]
    assert gained(before, "evosync_api_request_seconds_count", "vk", "execute") == requests
    assert gained(before, "evosync_api_requests_total", "evotor", "stores", "ok") == 1
    assert gained(before, "evosync_api_requests_total", "evotor", "products", "ok") >= 1
    assert gained(before, "evosync_api_requests_total", "vk", "upload", "ok") == 1
    assert gained(before, "evosync_vk_calls_total", "market.add", "ok") == 1
    assert gained(before, "evosync_items_day", "created") == 1
    assert samples()["evosync_accuracy_ratio", frozenset()] == 1


@pytest.mark.django_db
def test_a_refusal_is_counted_under_its_code(sandbox: Sandbox) -> None:
    before = samples()
    with pytest.raises(ClientError):
        evotor_client_for("not the token").stores()
    assert gained(before, "evosync_api_requests_total", "evotor", "stores", "evotor.401") == 1
    assert gained(before, "evosync_api_requests_total", "evotor", "stores", "ok") == 0


@pytest.mark.django_db
def test_pages_are_counted_under_their_views_and_never_under_a_strangers_path(client: Client) -> None:
    before = samples()
    client.get("/accounts/login/", secure=True)
    client.get("/no/such/page-4711/", secure=True)
    assert gained(before, "evosync_web_requests_total", "account_login", "200") == 1
    assert gained(before, "evosync_web_request_seconds_count", "account_login") == 1
    assert gained(before, "evosync_web_requests_total", "none", "404") == 1
    assert not [labels for _name, labels in samples() if "4711" in str(labels)]


@pytest.mark.django_db(transaction=True)
def test_a_worker_counts_its_messages() -> None:
    before = samples()
    broker = dramatiq.get_broker()
    broker.flush_all()
    check_connection.send("vk", 4711)
    worker = Worker(broker, queues={"health"}, worker_timeout=50, worker_threads=1)
    worker.start()
    broker.join("health", timeout=60_000)
    worker.join()
    worker.stop()
    assert gained(before, "evosync_messages_total", "check_connection", "done") == 1
    assert gained(before, "evosync_message_seconds_count", "check_connection") == 1


def test_buckets_add_up_and_the_last_one_holds_all() -> None:
    bounds = METRICS["evosync_message_seconds"].bounds
    sums = {f'["evosync_message_seconds", ["a"], "{part}"]': 1.0 for part in ("0.1", "15.0", "+Inf", "sum")}
    found = {
        sample.labels.get("le", sample.name): sample.value
        for family in metric_families(sums)
        for sample in family.samples
    }
    assert [found[str(bound)] for bound in bounds] == [1, 1, 1, 1, 2, 2, 2, 2, 2, 2]
    assert found["+Inf"] == found["evosync_message_seconds_count"] == 3
    assert found["evosync_message_seconds_sum"] == 1


def test_a_duration_falls_into_the_first_bucket_that_holds_it() -> None:
    own = MetricsBuffer()
    before = own.store().read()
    for seconds in (0.05, 0.051, 31.0):
        own.observe("evosync_api_request_seconds", seconds, "vk", "bucket")
    own.flush()
    after = own.store().read()
    grown = {key: after[key] - before.get(key, 0) for key in after if '"bucket"' in key}
    name = '["evosync_api_request_seconds", ["vk", "bucket"], '
    assert [grown[f'{name}"{part}"]'] for part in ("0.05", "0.1", "+Inf")] == [1, 1, 1]
    assert round(grown[f'{name}"sum"]'], 3) == 31.101


def test_counts_wait_while_the_store_is_away_and_arrive_once() -> None:
    own = SwitchedTally()
    key = '["evosync_messages", ["waiting", "done"], ""]'
    before = own.store().read().get(key, 0)
    own.is_away = True
    own.count("evosync_messages", "waiting", "done")
    own.flush()
    own.count("evosync_messages", "waiting", "done")
    own.is_away = False
    own.flush()
    own.flush()
    assert own.store().read()[key] == before + 2


def test_no_count_is_lost_between_threads() -> None:
    own = MetricsBuffer()
    key = '["evosync_messages", ["threads", "done"], ""]'
    before = own.store().read().get(key, 0)

    def work() -> None:
        for number in range(500):
            own.count("evosync_messages", "threads", "done")
            if number % 100 == 0:
                own.flush()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    own.flush()
    assert own.store().read()[key] == before + 2000


def test_a_forked_process_begins_with_nothing_of_its_parents() -> None:
    own = SwitchedTally()
    own.is_away = True
    own.count("evosync_messages", "forked", "done")
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, str(len(own._sums)).encode())
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(reading, 10) == b"0"
    assert len(own._sums) == 1
    own.is_away = False


@pytest.mark.redis
def test_processes_share_one_hash_in_redis() -> None:
    broker = dramatiq.get_broker()
    assert isinstance(broker, RedisBroker)
    one, other = (RedisStore(broker.client, "test:metrics") for _ in range(2))
    one.add({"a": 1, "b": 0.25})
    other.add({"a": 2})
    assert one.read() == {"a": 3, "b": 0.25}
    broker.client.delete("test:metrics")


def test_sums_of_another_release_are_passed_over() -> None:
    known = '["evosync_messages", ["a", "done"], ""]'
    sums = {known: 1.0, '["evosync_retired", ["a"], ""]': 1.0, '["evosync_messages", ["a"], ""]': 1.0}
    assert sum(len(family.samples) for family in metric_families(sums)) == 1


def test_a_worker_that_ends_hands_its_counts_over() -> None:
    broker = dramatiq.get_broker()
    counters.metrics_buffer.count("evosync_messages", "ending", "done")
    CountMessagesMiddleware().after_worker_shutdown(broker, Worker(broker))
    assert '["evosync_messages", ["ending", "done"], ""]' in counters.metrics_buffer.store().read()
