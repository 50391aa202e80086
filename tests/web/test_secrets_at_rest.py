"""What a stolen dump tells: every table is read as it stands, and no secret stands there in clear."""

import io

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.db import connection as database
from pytest_django import Settings

from accounts.models import User
from tests.secrets import found_in, plant

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("one_half_minute")]

PASSWORD = "Kassa-4821-lavka"
TOTP_KEY = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def anna() -> User:
    return User.objects.create_user("anna@example.com", PASSWORD, first_name="Анна")


@pytest.fixture
def factors(anna: User) -> tuple[TOTP, RecoveryCodes]:
    return TOTP.activate(anna, TOTP_KEY), RecoveryCodes.activate(anna)


def dump() -> str:
    """Return every column of every table."""
    lines = []
    with database.cursor() as cursor:
        for table in database.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {database.ops.quote_name(table)}")  # noqa: S608 - our own tables
            lines += [f"{table} {row!r}" for row in cursor.fetchall()]
    return "\n".join(lines)


def code_now() -> str:
    return str(format_hotp_value(hotp_value(TOTP_KEY, next(iter(yield_hotp_counters_from_time())))))


def test_no_column_of_any_table_holds_a_secret_in_clear(
    anna: User, factors: tuple[TOTP, RecoveryCodes]
) -> None:
    codes = factors[1].generate_codes()
    assert len(codes) > 1
    secrets = [*plant(anna), PASSWORD, TOTP_KEY]
    found = dump()
    assert "anna@example.com" in found, "the dump has been read"
    assert found_in(found, secrets) == []
    # Five of a code's eight digits stand in some other number now and then.
    assert [code for code in codes if code in found] == []


def test_second_factors_work_and_move_to_a_new_key(
    factors: tuple[TOTP, RecoveryCodes], settings: Settings
) -> None:
    codes = factors[1].generate_codes()
    new = [Fernet.generate_key().decode()]
    settings.FIELD_ENCRYPTION_KEYS = new + settings.FIELD_ENCRYPTION_KEYS
    out = io.StringIO()
    call_command("rotate_encryption_key", stdout=out)
    assert "mfa_authenticator: 2 rows" in out.getvalue()
    settings.FIELD_ENCRYPTION_KEYS = new
    kinds = {row.type: row.wrap() for row in Authenticator.objects.all()}
    assert kinds["totp"].validate_code(code_now())
    assert kinds["recovery_codes"].generate_codes() == codes
    before = dump()
    call_command("rotate_encryption_key", stdout=io.StringIO())
    assert dump() == before


def test_a_factor_from_before_encryption_still_opens_and_is_encrypted_by_the_next_rotation(
    anna: User,
) -> None:
    row = Authenticator.objects.create(user=anna, type="totp", data={"secret": TOTP_KEY})
    assert row.wrap().validate_code(code_now())
    call_command("rotate_encryption_key", stdout=io.StringIO())
    assert TOTP_KEY not in dump()


@pytest.mark.once
def test_a_factor_that_no_key_reads_stops_the_rotation_by_name(
    factors: tuple[TOTP, RecoveryCodes], settings: Settings
) -> None:
    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(CommandError, match=r"second factor \d+: none of FIELD_ENCRYPTION_KEYS"):
        call_command("rotate_encryption_key", stdout=io.StringIO())
