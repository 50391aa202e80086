"""Splits what is many into bounded pieces: calls, queries, transactions."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar

from django.db import models

T = TypeVar("T")

BATCH = 1000


def chunks(things: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield lists of at most `size` things, in order."""
    iterator = iter(things)
    while chunk := list(islice(iterator, size)):
        yield chunk


def delete_in_batches(rows: models.QuerySet[Any]) -> int:
    """Delete these rows, `BATCH` in a transaction, so that no table is locked for long; return the number."""
    deleted = 0
    manager = rows.model._base_manager  # noqa: SLF001 - Django's documented way past a model's own managers
    while ids := list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        manager.filter(pk__in=ids).delete()
        deleted += len(ids)
    return deleted
