"""Pages of requests that failed: ours, in the reader's language, and made without a session or a query.

Only the last tests may reach the database, so a query elsewhere would fail them.
"""

import re
from typing import Any, NoReturn

import pytest
from django.db import OperationalError, connection
from django.test import Client
from redis.exceptions import ConnectionError as RedisAway

from evosync.error_views import RETRY_AFTER, server_error
from tests.web.shop import Shop

ERRORS = [
    ("/errors/400/", 400, "Запрос не удалось прочитать", "обновите её"),
    ("/errors/403/", 403, "Эта страница не для вас", "Войдите"),
    ("/errors/403-form/", 403, "Страница была открыта слишком долго", "загрузите страницу ещё раз"),
    ("/no-such-page/", 404, "Такой страницы нет", "На главную"),
    ("/errors/413/", 413, "Слишком много за один раз", "отправьте меньше"),
    ("/errors/429/", 429, "Слишком много попыток", "подождите"),
    ("/errors/500/", 500, "У нас что-то сломалось", "Попробуйте ещё раз"),
    ("/errors/503/", 503, "EvoSync ненадолго недоступен", "Попробуйте ещё раз"),
]
# What was typed is on the page before.
WITH_A_FORM_BEFORE = {"/errors/400/", "/errors/403-form/", "/errors/413/", "/errors/429/"}


def browser(language: str = "ru") -> Client:
    """Return the browser of a stranger who is shown what broke, not the test."""
    return Client(raise_request_exception=False, headers={"accept-language": language})


@pytest.mark.once
@pytest.mark.urls("tests.e2e.urls")
@pytest.mark.parametrize(("path", "status", "heading", "advice"), ERRORS)
def test_every_error_has_a_page_of_ours_that_says_what_to_do(
    path: str, status: int, heading: str, advice: str
) -> None:
    answer = browser().get(path)
    page = answer.content.decode()
    assert answer.status_code == status
    assert f"<h1>{heading}</h1>" in page
    assert advice in page
    assert '<html lang="ru"' in page
    assert "evosync/app.css" in page
    [pressed] = re.findall(r'class="btn btn-primary"([^>]*)>', page)
    assert ("data-go-back" in pressed) is (path in WITH_A_FORM_BEFORE)
    assert re.search(r'class="btn btn-(?:primary|secondary)" href="/', page)


@pytest.mark.once
@pytest.mark.urls("tests.e2e.urls")
@pytest.mark.parametrize("path", [path for path, *_ in ERRORS])
def test_an_error_page_speaks_english_too(path: str) -> None:
    page = browser("en").get(path).content.decode()
    assert '<html lang="en"' in page
    assert not [letter for letter in page if "а" <= letter.lower() <= "я"]


@pytest.mark.once
def test_a_foreign_host_name_gets_the_page_for_a_bad_request() -> None:
    answer = browser().get("/", headers={"host": "thief.example"})
    assert answer.status_code == 400
    assert "Запрос не удалось прочитать" in answer.content.decode()


def test_while_the_database_is_away_every_visitor_is_asked_to_come_back(shop: Shop) -> None:
    client = browser()
    client.force_login(shop.user)

    def gone(*_: Any) -> NoReturn:
        raise OperationalError(2006, "Server has gone away")

    with connection.execute_wrapper(gone):
        answers = [client.get(path) for path in ("/", "/catalogue/", "/no-such-page/")]
    assert [answer.status_code for answer in answers[:2]] == [503, 503]
    assert answers[2].status_code in {404, 503}
    assert {answer.get("Retry-After") for answer in answers if answer.status_code == 503} == {
        str(RETRY_AFTER)
    }
    assert "EvoSync ненадолго недоступен" in answers[0].content.decode()
    assert client.get("/").status_code == 200


@pytest.mark.once
@pytest.mark.parametrize(
    ("error", "status"),
    [(RedisAway("refused"), 503), (OperationalError("away"), 503), (KeyError("bug"), 500)],
)
def test_only_what_may_pass_is_told_to_try_again(rf: Any, error: Exception, status: int) -> None:
    try:
        raise error
    except (RedisAway, OperationalError, KeyError):
        assert server_error(rf.get("/")).status_code == status
