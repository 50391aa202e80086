"""Log lines carry the ids that help and none of the secrets that harm."""

import json
import logging
import sys

import dramatiq
import pytest
from dramatiq.brokers.stub import StubBroker
from structlog.contextvars import bound_contextvars, get_contextvars

from evosync.common.telemetry.logging import MessageLogMiddleware, json_formatter, line_formatter, scrub

TOKEN = "vk1.a.Zm9vYmFyYmF6cXV4LWxvbmctdG9rZW4"


def line_of(text: str, *arguments: object, facts: dict[str, object] | None = None) -> dict[str, object]:
    record = logging.LogRecord("connections", logging.INFO, "file.py", 1, text, arguments, None)
    if facts:
        vars(record).update(facts)
    parsed = json.loads(json_formatter().format(record))
    assert isinstance(parsed, dict)
    return parsed


@pytest.mark.parametrize(
    "text",
    [
        f"GET https://api.vk.com/method/market.get?access_token={TOKEN}&v=5.199",
        f'{{"access_token": "{TOKEN}", "user_id": 1}}',
        f"{{'refresh_token': '{TOKEN}'}}",
        f"Authorization: Bearer {TOKEN}",
        f"X-Authorization: {TOKEN}",
        f"headers bearer {TOKEN}",
        f"the token is {TOKEN}.",
        f"password={TOKEN}",
        f"client_secret = {TOKEN}",
        f"?code_verifier={TOKEN}&device_id={TOKEN}",
    ],
)
def test_a_secret_is_starred_out_wherever_it_stands(text: str) -> None:
    assert TOKEN not in scrub(text)
    assert "***" in scrub(text)


def test_an_encrypted_column_is_starred_out_too() -> None:
    cipher = "gAAAAABl" + "x" * 100
    assert cipher not in scrub(f"the value was '{cipher}'")


@pytest.mark.parametrize(
    "text",
    [
        "VK answered 5 to market.add for item 17",
        "product 'Токарный станок' was skipped: no_price",
        "GET /connections/ 200",
        "the tokens page",
    ],
)
def test_an_ordinary_line_stays_as_it_is(text: str) -> None:
    assert scrub(text) == text


def test_the_names_around_a_secret_stay() -> None:
    assert scrub(f"GET /x?access_token={TOKEN}&v=5.199") == "GET /x?access_token=***&v=5.199"


def test_a_line_of_json_has_the_ids_of_its_context() -> None:
    with bound_contextvars(job=7), bound_contextvars(merchant=3):
        line = line_of("created %s items", 25)
    assert line["text"] == "created 25 items"
    assert (line["job"], line["merchant"], line["level"]) == (7, 3, "info")


def test_ids_end_with_their_block() -> None:
    with bound_contextvars(job=7):
        assert get_contextvars() == {"job": 7}
    assert get_contextvars() == {}


def test_the_facts_of_a_request_become_fields_and_nothing_else_of_it() -> None:
    line = line_of("GET /", facts={"status": 200, "request": object(), "server_time": 7})
    assert line["status"] == 200
    assert not {"request", "server_time"} & set(line)


def test_a_field_is_scrubbed_like_the_text() -> None:
    assert line_of("GET", facts={"path": f"/x?access_token={TOKEN}"})["path"] == "/x?access_token=***"


def test_a_message_carries_the_request_that_sent_it() -> None:
    broker = StubBroker(middleware=[MessageLogMiddleware()])
    seen: list[dict[str, object]] = []

    @dramatiq.actor(broker=broker)
    def follow(user_id: int) -> None:
        seen.append(get_contextvars())

    @dramatiq.actor(broker=broker)
    def begin(user_id: int) -> None:
        seen.append(get_contextvars())
        follow.send(user_id)

    with bound_contextvars(request="r-12345678"):
        begin.send(7)
    begin.send(8)
    worker = dramatiq.Worker(broker, worker_timeout=50, worker_threads=1)
    worker.start()
    try:
        broker.join("default")
        worker.join()
    finally:
        worker.stop()
    assert [
        (ids["actor"], ids["merchant"], ids.get("request"))
        for ids in sorted(seen, key=lambda ids: (str(ids["actor"]), str(ids["merchant"])))
    ] == [
        ("begin", 7, "r-12345678"),
        ("begin", 8, None),
        ("follow", 7, "r-12345678"),
        ("follow", 8, None),
    ]


def test_a_traceback_is_in_the_line_without_its_secret() -> None:
    try:
        raise ValueError(f"access_token={TOKEN}")
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, "f", 1, "failed", (), sys.exc_info())
    written = json_formatter().format(record)
    assert "ValueError" in written
    assert TOKEN not in written
    assert "\n" not in written


def test_a_line_for_people_has_ids_and_no_secret() -> None:
    record = logging.LogRecord("x", logging.INFO, "f", 1, "token=%s", (TOKEN,), None)
    with bound_contextvars(request="abc"):
        written = line_formatter().format(record)
    assert "[info     ] token=***" in written
    assert written.endswith("request=abc")
