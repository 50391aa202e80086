"""The settings under test: the real ones, with an environment that no machine's `.env` can change.

DATABASE_URL and REDIS_URL pass through, so that `.ci/services pytest` runs on MariaDB and Redis;
each xdist worker has a Redis database of its own.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

_TEMPORARY = Path(tempfile.mkdtemp(prefix="evosync-tests-"))
atexit.register(shutil.rmtree, _TEMPORARY, ignore_errors=True)
_REDIS = os.environ.get("REDIS_URL", "")
_WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))

os.environ.update(
    DATABASE_URL=os.environ.get("DATABASE_URL") or "sqlite://:memory:",
    REDIS_URL=f"{_REDIS.rsplit('/', 1)[0]}/{_WORKER}" if _REDIS else "",
    ENV_FILE=os.devnull,
    DEBUG="1",
    SECRET_KEY="only-for-tests-" + "0123456789" * 4,
    FIELD_ENCRYPTION_KEYS="dGVzdHMtb25seS10ZXN0cy1vbmx5LXRlc3RzLW9ubHk=",
    MEDIA_ROOT=str(_TEMPORARY / "media"),
    EMAIL_URL="memorymail://",
    SENTRY_DSN="",
    VK_REQUESTS_PER_SECOND="0",
    VK_SETTLE_SECONDS="0",
    # No test may reach the real services, not even by a missing setting.
    EVOTOR_API_URL="http://127.0.0.1:9",
    EVOTOR_OAUTH_URL="http://127.0.0.1:9",
    VK_API_URL="http://127.0.0.1:9",
    VK_ID_URL="http://127.0.0.1:9",
)

from evosync.settings import *  # noqa: E402, F403 - the environment comes first

DEBUG = False
# Salted hashing is slow on purpose; tests log in a lot.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
