"""Settings of the site that the browser tests open: as in production, but over plain HTTP.

The environment says DEBUG=1, so cookies and redirects need no TLS; then debugging is switched off,
so that error pages are ours and not Django's.
"""

from evosync.settings import *  # noqa: F403 - the site's settings with few changes

DEBUG = False
ROOT_URLCONF = "tests.e2e.urls"
# Static files come from their sources, without collectstatic.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
