"""Model fields: text that is encrypted at rest, and text that is compared exactly."""

from typing import Any, TypeVar

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from evosync.common.encryption import decrypt, encrypt


class EncryptedTextField(models.TextField[str, str]):
    """Text that stands in the database only as a Fernet token. Empty text stays empty.

    It cannot be searched or ordered by.
    """

    def get_prep_value(self, value: Any) -> Any:
        """Encrypt on the way to the database."""
        value = super().get_prep_value(value)
        return encrypt(value) if value else value

    def from_db_value(self, value: str | None, *_: Any) -> str | None:
        """Decrypt on the way from the database."""
        return decrypt(value, where=str(self)) if value else value


_ST_contra = TypeVar("_ST_contra", contravariant=True)
_GT_co = TypeVar("_GT_co", covariant=True)


class ExactCharField(models.CharField[_ST_contra, _GT_co]):
    """Text compared byte by byte on every database.

    MariaDB's default collation takes 'a' for 'A', while Evotor's ids differ by case.
    """

    def db_parameters(self, connection: BaseDatabaseWrapper) -> Any:
        """Add the binary collation where the default one folds case."""
        parameters = super().db_parameters(connection)
        if connection.vendor == "mysql":
            parameters["collation"] = "utf8mb4_bin"
        return parameters
