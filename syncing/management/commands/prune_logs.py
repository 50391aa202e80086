"""Deletes history past its retention."""

from typing import Any

from django.core.management import BaseCommand

from evosync.common import clock
from syncing.services.retention import prune


class Command(BaseCommand):
    help = "Delete what is past its retention: runs 90 days, their items 30; docs/operators.md has the list."

    def handle(self, *args: Any, **options: Any) -> None:
        for name, number in prune(clock.now()).items():
            self.stdout.write(f"{name}: {number} deleted")
