"""Encrypts stored secrets with the newest key: put it first in FIELD_ENCRYPTION_KEYS, then run this."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from connections.key_rotation import rotate_encryption
from evosync.common.encryption import UnreadableSecret


class Command(BaseCommand):
    """Goes through every secret in batches; may be stopped and started again at any time."""

    help = "Encrypt every stored secret with the first of FIELD_ENCRYPTION_KEYS. Old keys may go afterwards."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print how many rows of each table were changed."""
        counts: dict[str, int] = {}
        try:
            for table, changed in rotate_encryption():
                counts[table] = counts.get(table, 0) + changed
        except UnreadableSecret as error:
            raise CommandError(f"{error} Put the key that wrote it back into the list.") from None
        for table, changed in counts.items():
            self.stdout.write(f"{table}: {changed} rows encrypted again")
        self.stdout.write("Every secret stands under the first key. The other keys may be removed.")
