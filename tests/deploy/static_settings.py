"""The settings for `collectstatic` in tests: hashed names as in the image, without its slow compression."""

from evosync.settings import *  # noqa: F403
from evosync.settings import STORAGES as PRODUCTION_STORAGES

STORAGES = PRODUCTION_STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
}
