"""The workers inside the one process know every actor that services send messages to."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

KNOWN = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
from django.core.wsgi import get_wsgi_application
get_wsgi_application()
import dramatiq
from evosync import embedded
embedded.start()
print(*sorted(dramatiq.get_broker().get_declared_actors()))
os._exit(0)
"""


@pytest.mark.once
def test_a_fresh_embedded_process_knows_every_actor(tmp_path: Path) -> None:
    environment = {"ENV_FILE": "/dev/null", "PATH": "", "TMPDIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-u", "-c", KNOWN],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert {
        "run_sync_for_user",
        "run_bulk_sync_for_user",
        "refresh_catalog_for_user",
        "check_connection",
    } <= set(done.stdout.split()), done.stderr
