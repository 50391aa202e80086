"""The health check of a container: `python -m evosync.ops.probe web|worker|bulk|scheduler`.

Exit code 0 is healthy. A worker and a scheduler are asked through the cache for this host's
heartbeat; the web process is asked by HTTP on PORT.
"""

import argparse
import os
import socket
import sys
import urllib.request


def web_answers(port: int) -> bool:
    """Return True if the web process on this host answers `/healthz`."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return bool(answer.status == 200)  # noqa: PLR2004 - HTTP's own number
    except OSError:
        return False


def role_beats(role: str) -> bool:
    """Return True if this host's worker, bulk worker or scheduler has sent a heartbeat lately."""
    # Only the roles that are asked through the cache need Django, and its start takes a second.
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "evosync.settings")
    django.setup()
    # The cache needs Django's settings.
    from evosync.common.telemetry import heartbeat

    try:
        known = next(name for name in heartbeat.MAX_AGE_SECONDS if name == role)
        return heartbeat.is_alive(known, host=socket.gethostname())
    except Exception as error:  # noqa: BLE001 - whatever the cache raises means: not healthy
        print(type(error).__name__, file=sys.stderr)  # noqa: T201 - the engine shows it
        return False


def main() -> int:
    """Ask the named role and return the exit code."""
    parser = argparse.ArgumentParser(prog="evosync.ops.probe")
    parser.add_argument("role", choices=["web", "worker", "bulk", "scheduler"])
    role = parser.parse_args().role
    healthy = web_answers(int(os.environ.get("PORT", "8000"))) if role == "web" else role_beats(role)
    return 0 if healthy else 1


if __name__ == "__main__":
    sys.exit(main())
