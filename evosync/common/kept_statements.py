"""Keeps the SQL of questions that every run asks: to build a statement takes longer than to run it.

A question is a module's function from ids, or keys that are text, to a queryset. It is built once, with ids
that stand for others, so it may depend on nothing else: no clock, no setting, no row. Values come as the
database gives them.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import QuerySet

Question = Callable[..., QuerySet[Any]]
Id = int | str
# No id of ours, no limit, no flag and no text has these values.
STAND_INS = (2**31 - 11, 2**31 - 12)


def rows_of(question: Question, *ids: Id) -> list[tuple[Any, ...]]:
    """Return the rows of a question about these ids, two at most."""
    with connection.cursor() as cursor:
        cursor.execute(*_filled(_rows(question, len(ids), connection.vendor), ids))
        return list(cursor.fetchall())


def has_rows(question: Question, *ids: Id) -> bool:
    """Return True if a question about these ids has an answer."""
    with connection.cursor() as cursor:
        cursor.execute(*_filled(_exists(question, len(ids), connection.vendor), ids))
        return cursor.fetchone() is not None


def count_of(question: Question, *ids: Id) -> int:
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


def _filled(statement: tuple[str, tuple[Any, ...]], ids: tuple[Id, ...]) -> tuple[str, list[Any]]:
    """Put the ids where others stand for them: a column of text has a number written out."""
    sql, parameters = statement
    given: dict[Any, Id] = {}
    for stand_in, one in zip(STAND_INS, ids, strict=False):
        given[stand_in] = given[str(stand_in)] = one
    return sql, [given.get(one, one) if isinstance(one, int | str) else one for one in parameters]
