"""A statement that MariaDB gives up in a deadlock is sent again; one of a transaction is its owner's."""

import threading
import time
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction

from accounts.models import User
from evosync.common.deadlocks import ATTEMPTS, DEADLOCK, send_again
from tests.integration.workers.killing import wait_until

GIVEN_UP = OperationalError(DEADLOCK, "Deadlock found when trying to get lock; try restarting transaction")
GONE = OperationalError(2006, "Server has gone away")


class Database:
    """Gives a statement up so many times."""

    def __init__(self, error: OperationalError, times: int) -> None:
        self.error, self.times, self.asked = error, times, 0

    def execute(self, *_statement: Any) -> str:
        """Fail or answer."""
        self.asked += 1
        if self.asked <= self.times:
            raise self.error
        return "done"


def send(database: Database) -> Any:
    return send_again(database.execute, "UPDATE", (), False, {"connection": connection})


@pytest.mark.django_db(transaction=True)
def test_a_statement_by_itself_is_sent_again() -> None:
    database = Database(GIVEN_UP, ATTEMPTS - 1)
    assert (send(database), database.asked) == ("done", ATTEMPTS)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("error", "asked"), [(GIVEN_UP, ATTEMPTS), (GONE, 1)])
def test_what_does_not_pass_or_is_no_deadlock_is_an_error(error: OperationalError, asked: int) -> None:
    database = Database(error, 100)
    with pytest.raises(OperationalError):
        send(database)
    assert database.asked == asked


@pytest.mark.django_db(transaction=True)
def test_a_transaction_is_not_repeated_in_part() -> None:
    database = Database(GIVEN_UP, 1)
    with pytest.raises(OperationalError), transaction.atomic():
        send(database)
    assert database.asked == 1


@pytest.mark.mariadb
@pytest.mark.django_db(transaction=True)
def test_a_real_deadlock_ends_well_for_both() -> None:
    first, second, *others = [User.objects.create_user(f"{number}@example.com") for number in range(12)]
    is_held, problems = threading.Event(), []

    def change_all() -> None:
        try:
            is_held.wait(60)
            # The second one's row first, then it waits for the first one's.
            User.objects.filter(pk__in=[first.pk, second.pk]).order_by("-pk").update(first_name="Анна")
        except OperationalError as error:
            problems.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=change_all)
    thread.start()
    with transaction.atomic():
        # Of the two MariaDB gives up the one that has written less.
        User.objects.filter(pk__in=[first.pk, *(one.pk for one in others)]).update(last_name="Котова")
        is_held.set()
        wait_until(_waits, lambda: "the other one does not wait")
        User.objects.filter(pk=second.pk).update(last_name="Котова")
    thread.join(60)
    assert problems == []
    assert set(User.objects.values_list("last_name", flat=True)) == {"Котова"}
    assert User.objects.filter(first_name="Анна").count() == 2


def _waits() -> bool:
    """Return True once a transaction waits for a lock; asked too often, MariaDB says what it said before."""
    time.sleep(0.2)
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM information_schema.INNODB_TRX WHERE trx_state = 'LOCK WAIT'")
        return bool(cursor.fetchone()[0])
