"""Keeps the SQL of questions that every run asks: to build a statement takes longer than to run it.

A question is a module's function from ids to a queryset. It is built once, with ids that stand for others,
so it may depend on nothing else: no clock, no setting, no row. Values come as the database gives them.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import QuerySet

Question = Callable[..., QuerySet[Any]]
# No id of ours, no limit and no flag has these values.
STAND_INS = (2**31 - 11, 2**31 - 12)


def rows_of(question: Question, *ids: int) -> list[tuple[Any, ...]]:
    """Return the rows of a question about these ids, two at most."""
    with connection.cursor() as cursor:
        cursor.execute(*_filled(_rows(question, len(ids), connection.vendor), ids))
        return list(cursor.fetchall())


def has_rows(question: Question, *ids: int) -> bool:
    """Return True if a question about these ids has an answer."""
    with connection.cursor() as cursor:
        cursor.execute(*_filled(_exists(question, len(ids), connection.vendor), ids))
        return cursor.fetchone() is not None


def count_of(question: Question, *ids: int) -> int:
    """Return how many rows a question about these ids has."""
    sql, parameters = _filled(_rows(question, len(ids), connection.vendor), ids)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM ({sql}) AS counted", parameters)  # noqa: S608 - Django's
        return int(cursor.fetchone()[0])


@cache
def _rows(question: Question, ids: int, _vendor: str) -> tuple[str, tuple[Any, ...]]:
    statement: tuple[str, tuple[Any, ...]] = question(*STAND_INS[:ids]).query.sql_with_params()
    return statement


@cache
def _exists(question: Question, ids: int, _vendor: str) -> tuple[str, tuple[Any, ...]]:
    statement: tuple[str, tuple[Any, ...]] = question(*STAND_INS[:ids]).query.exists().sql_with_params()
    return statement


def _filled(statement: tuple[str, tuple[Any, ...]], ids: tuple[int, ...]) -> tuple[str, list[Any]]:
    """Put the ids where others stand for them."""
    sql, parameters = statement
    given: Mapping[Any, int] = dict(zip(STAND_INS, ids, strict=False))
    return sql, [given.get(one, one) if isinstance(one, int) else one for one in parameters]
