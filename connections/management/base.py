"""What the connection commands share: where a token may come from, and how a refusal is shown."""

import getpass
import os
import sys

from django.core.management.base import CommandError

from connections.errors import CannotConnect


def read_token(variable: str) -> str:
    """Return the token from the environment, or from standard input; never from the arguments.

    Arguments are seen by everybody on the machine and kept in the shell's history.
    """
    token = os.environ.get(variable, "").strip()
    if not token:
        token = getpass.getpass("Token: ") if sys.stdin.isatty() else sys.stdin.readline()
    token = token.strip()
    if not token:
        raise CommandError(
            f"There is no token. Nothing has changed. Set {variable} or send it on standard input."
        )
    return token


def command_error(refusal: CannotConnect) -> CommandError:
    """Return the refusal as a command's error: what happened, then every cross with its next step."""
    lines = [f"{refusal.text} Nothing has changed. {refusal.next_step}".strip()]
    lines += [
        f"  [{'+' if check.ok else '-'}] {check.text} {'' if check.ok else check.next_step}".rstrip()
        for check in refusal.checks
    ]
    lines.append(f"({refusal.code})")
    return CommandError("\n".join(lines))
