"""Reads the till into our rows: `manage.py refresh_catalog EMAIL|--all [--json]`."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import BaseCommand, CommandError, no_translations
from tqdm import tqdm

from accounts.management.base import find_merchant
from accounts.models import User
from catalog.ingest.messages import sentence
from catalog.ingest.reader import Progress, ignore_progress
from catalog.ingest.refresh import refresh_till
from catalog.ingest.report import RefreshSummary
from connections.clients.error_catalog import lookup
from connections.clients.errors import ClientError
from connections.models import EvotorConnection
from evosync.common import clock

DONE, FAILED, BAD_USAGE, PARTLY = 0, 1, 2, 3


class Command(BaseCommand):
    """Exit code 0: all was read; 3: some stores were not, and are unchanged; 1: nothing was read."""

    help = "Read the till into our rows: one merchant's, or --all."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take one email or --all."""
        parser.add_argument("email", nargs="?", metavar="EMAIL")
        parser.add_argument("--all", action="store_true", help="every merchant with a till")
        parser.add_argument("--json", action="store_true", help="print one JSON object on stdout")

    @no_translations
    def handle(self, *args: Any, **options: Any) -> None:
        """Refresh, print, and say by the exit code how it went."""
        if bool(options["email"]) == options["all"]:
            raise CommandError("Name one merchant's email, or --all.", returncode=BAD_USAGE)
        if options["email"]:
            user = find_merchant(options["email"])
            code, answer = self._one(_connection(user), options)
        else:
            code, answer = self._all(options)
        if options["json"]:
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        if code:
            raise SystemExit(code)

    def _all(self, options: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Refresh every merchant; one merchant's failure does not stop the others."""
        answers: list[dict[str, Any]] = []
        codes: set[int] = set()
        for connection in EvotorConnection.objects.claimed().select_related("user"):
            if connection.user is None:
                continue
            if not options["json"]:
                self.stdout.write(connection.user.email)
            code, answer = self._one(connection, options)
            codes.add(code)
            answers.append({"email": connection.user.email, **answer})
        failed = FAILED if codes == {FAILED} else PARTLY
        return failed if codes - {DONE} else DONE, {"merchants": answers}

    def _one(self, connection: EvotorConnection, options: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        try:
            with _progress(quiet=options["json"] or options["verbosity"] == 0) as progress:
                summary = refresh_till(connection, now=clock.now(), progress=progress, is_reported=True)
        except ClientError as error:
            return FAILED, self._failure(error)
        if not options["json"]:
            self._describe(summary)
        code = DONE if summary.complete else PARTLY if summary.complete_stores else FAILED
        return code, summary.as_json()

    def _failure(self, error: ClientError) -> dict[str, Any]:
        row = lookup(error.code)
        text = f"The till could not be read: {row.text} Nothing has changed. {row.next_step}".strip()
        self.stderr.write(f"{text} ({error.code})")
        return {"complete": False, "error": {"code": error.code, "text": text}}

    def _describe(self, summary: RefreshSummary) -> None:
        for store in summary.stores:
            if store.complete or store.seen:
                self.stdout.write(
                    f"{store.name}: {store.seen} products in {store.groups} groups; new {store.added}, "
                    f"changed {store.changed}, gone {store.missing}, back {store.returned}"
                )
            else:
                self.stdout.write(f"{store.name}: not read to the end; its rows are as they were")
        for problem in summary.problems:
            self.stderr.write(f"{problem.store_name}: {sentence(problem)} ({problem.code})")
        if summary.vanished_stores:
            names = ", ".join(sorted(summary.vanished_stores))
            self.stdout.write(f"No longer listed by Evotor, goods left as they are: {names}")
        if not summary.stores:
            self.stdout.write("Evotor lists no stores for this account.")
        self.stdout.write(
            f"{summary.size} products, {summary.previous_size} before; {summary.requests} requests to Evotor"
        )


def _connection(user: User) -> EvotorConnection:
    connection = EvotorConnection.objects.claimed().for_user(user).first()
    if connection is None:
        raise CommandError(
            f"{user.email} has no till connected, so there is nothing to read. "
            f"Connect it: manage.py connect_evotor {user.email}",
            returncode=FAILED,
        )
    return connection


@contextmanager
def _progress(*, quiet: bool) -> Iterator[Progress]:
    """Give a bar on a terminal's stderr, silence elsewhere. How many products there are is not known."""
    if quiet or not sys.stderr.isatty():
        yield ignore_progress
        return
    with tqdm(unit=" products", file=sys.stderr, leave=False) as bar:

        def show(store: str, products: int) -> None:
            bar.set_description(store, refresh=False)
            bar.n = products
            bar.refresh()

        yield show
