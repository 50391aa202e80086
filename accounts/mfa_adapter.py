"""Second factors: their secrets stand in the database encrypted, like every other."""

from collections.abc import Iterator

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.db import transaction

from evosync.common.encryption import decrypt, encrypt, is_encrypted, reencrypt

# Where allauth keeps them: the key of the codes by the minute, and what the recovery codes come from.
SECRETS = ("secret", "seed")


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Encrypts what allauth stores of a second factor."""

    def encrypt(self, text: str) -> str:
        """Return the secret as it is stored."""
        return encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Return the secret; one from before secrets were encrypted is still in clear."""
        if not is_encrypted(encrypted_text):
            return encrypted_text
        return decrypt(encrypted_text, where="a second factor")


def rotate_second_factors() -> Iterator[tuple[str, int]]:
    """Encrypt every second factor with the first key; yield (table, 1 or 0) for each."""
    table = Authenticator._meta.db_table  # noqa: SLF001 - Django's documented way to a table's name
    for pk in Authenticator.objects.values_list("pk", flat=True):
        with transaction.atomic():
            # Locked, since using up a recovery code writes the same column.
            row = Authenticator.objects.select_for_update().filter(pk=pk).first()
            changes = _renewed(row) if row is not None else {}
            if row is not None and changes:
                row.data = {**row.data, **changes}
                row.save(update_fields=["data"])
        yield table, int(bool(changes))


def _renewed(row: Authenticator) -> dict[str, str]:
    changes = {}
    for name in SECRETS:
        old = row.data.get(name, "")
        new = reencrypt(old, where=f"second factor {row.pk}") if is_encrypted(old) else old and encrypt(old)
        if new:
            changes[name] = new
    return changes
