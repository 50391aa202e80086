"""Reads the one row that a unique key may have."""

from typing import TypeVar

from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)


def row_or_none(rows: QuerySet[Row]) -> Row | None:
    """Return the row, where a unique key finds no more than one.

    `first` would order it, and to build that takes a fifth of the time that the question takes.
    """
    return next(iter(rows), None)
