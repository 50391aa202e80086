"""Ordinary classes that stand for what fails."""

from typing import Any

from django.db import OperationalError


class FailingSave:
    """Makes the database refuse to write new tokens, so often."""

    def __init__(self, times: int = 99) -> None:
        self.times, self.failed = times, 0

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001 - Django's signature
        if sql.startswith("UPDATE") and "refresh_token" in sql and self.failed < self.times:
            self.failed += 1
            raise OperationalError("disk is full")
        return execute(sql, params, many, context)
