"""Settings of the site that the browser tests open: as in production, but over plain HTTP.

The environment says DEBUG=1, so cookies and redirects need no TLS; then debugging is switched off,
so that error pages are ours and not Django's.
"""

from evosync.settings import *  # noqa: F403 - the site's settings with few changes

DEBUG = False
ROOT_URLCONF = "tests.e2e.urls"
WSGI_APPLICATION = "tests.e2e.wsgi.application"
# Static files come from their sources, without collectstatic.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
# A code may be sent in one half minute and be read in the next.
MFA_TOTP_TOLERANCE = 1
MIDDLEWARE = ["tests.e2e.slowness.slow_answers", *MIDDLEWARE]  # noqa: F405 - of the site's settings
# Salted hashing is slow on purpose; every test logs in.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
