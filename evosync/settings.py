"""Settings of EvoSync. Everything that differs between machines comes from the environment.

`.env.example` lists every variable. Without any, EvoSync runs in its embedded mode: SQLite and keys
in `var/`, the broker inside the process, mails on the console. With MariaDB or Redis it is a
production installation, which does not start without SECRET_KEY and FIELD_ENCRYPTION_KEYS.
"""

import gc
from importlib.util import find_spec
from pathlib import Path

import django_stubs_ext
import environ
from bootstrap_wrapper import get_bootstrap_dir
from csp import constants as csp
from django.utils.translation import gettext_lazy as _

from evosync.common.storages import FILES_ON_DISK, object_storage
from evosync.common.telemetry import sentry
from evosync.local_keys import embedded_key

# What the start makes stays: looking through it for garbage again and again takes a sixth of the start.
# `EvosyncConfig.ready` lets the collector begin.
gc.disable()

# Makes Django classes such as ModelAdmin subscriptable at run time.
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

env = environ.Env()
env_file = env.path("ENV_FILE", default=BASE_DIR / ".env")
if Path(env_file).exists():
    env.read_env(str(env_file))

DEBUG = env.bool("DEBUG", default=False)
# Embedded: everything in one process on SQLite. Its keys are made on first use and stay in var/.
REDIS_URL = env.str("REDIS_URL", default="")
EMBEDDED = not REDIS_URL and env.str("DATABASE_URL", default="sqlite").startswith("sqlite")
SECRET_KEY = env.str(
    "SECRET_KEY", default=embedded_key(VAR_DIR / "secret_key") if EMBEDDED else environ.Env.NOTSET
)
FIELD_ENCRYPTION_KEYS = env.list(
    "FIELD_ENCRYPTION_KEYS",
    default=[embedded_key(VAR_DIR / "field_encryption_key")] if EMBEDDED else environ.Env.NOTSET,
)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000")

INSTALLED_APPS = [
    "evosync.apps.EvosyncConfig",
    "accounts",
    "connections",
    "catalog",
    "syncing",
    "django_dramatiq",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
    "csp",
    "evosync.apps.EvosyncAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "evosync.apps.EvosyncStaticFilesConfig",
]

# The stand-ins and the demo, with their commands. The image is built without them.
if find_spec("sandbox"):
    INSTALLED_APPS.append("sandbox")

MIDDLEWARE = [
    "evosync.security_headers.SecurityHeadersMiddleware",
    "evosync.ops.health.HealthMiddleware",
    "evosync.common.telemetry.logging.RequestLogMiddleware",
    "evosync.plain_http.PlainHttpMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    # Before anything that could read a body.
    "evosync.common.bodies.BodyBoundMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "accounts.sessions.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "accounts.ended_session.EndedSessionMiddleware",
    "evosync.post_only.PostOnlyMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.recent_login.RecentLoginMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "accounts.impersonation.ImpersonationMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "evosync.urls"
WSGI_APPLICATION = "evosync.wsgi.application"
# Evotor and VK ask for exact paths; the webhook URLs are routed in both forms.
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "libraries": {"shop": "syncing.web.templatetags.shop"},
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# Database: SQLite in var/ by default, MariaDB in production.
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'evosync.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    VAR_DIR.mkdir(exist_ok=True)
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"] |= {
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"charset": "utf8mb4", "isolation_level": "read committed"},
        # As the servers of compose.yaml and of the tests have it.
        "TEST": {"CHARSET": "utf8mb4", "COLLATION": "utf8mb4_unicode_ci"},
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_CACHE = {
    "BACKEND": "django.core.cache.backends.redis.RedisCache",
    "LOCATION": REDIS_URL,
    # Write access to Redis must not let anybody run code here, as pickle would.
    "OPTIONS": {
        "serializer": "evosync.common.cache_json.JsonSerializer",
        "pool_class": "evosync.common.cache_pool.SharedPool",
    },
    # Version 1 was pickled.
    "VERSION": 2,
}
CACHES = {
    "default": REDIS_CACHE if REDIS_URL else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}
DRAMATIQ_BROKER = {
    "BROKER": (
        "evosync.common.broker.SharedClockBroker" if REDIS_URL else "dramatiq.brokers.stub.StubBroker"
    ),
    "OPTIONS": {"url": REDIS_URL} if REDIS_URL else {},
    "MIDDLEWARE": [
        "evosync.common.broker.SharedDelays",
        "dramatiq.middleware.AgeLimit",
        "dramatiq.middleware.TimeLimit",
        "dramatiq.middleware.Callbacks",
        "dramatiq.middleware.Retries",
        "dramatiq.middleware.ShutdownNotifications",
        "dramatiq.middleware.CurrentMessage",
        "syncing.jobs.schedule.DelayTolerantPeriodiq",
        "django_dramatiq.middleware.DbConnectionsMiddleware",
        "evosync.common.telemetry.task_records.TaskRecordMiddleware",
        "evosync.common.telemetry.logging.MessageLogMiddleware",
        "evosync.common.telemetry.counters.CountMessagesMiddleware",
        "evosync.common.telemetry.heartbeat.HeartbeatMiddleware",
        "syncing.jobs.shutdown.StopRunsMiddleware",
        # Behind the one above: what is before and after a shutdown goes through this list there and back.
        "evosync.common.slow_queue.SlowQueueMiddleware",
    ],
}
DRAMATIQ_AUTODISCOVER_MODULES = ["tasks"]

# The outside world. Scheme and host, without a path.
EVOTOR_API_URL = env.str("EVOTOR_API_URL", default="https://api.evotor.ru")
EVOTOR_CA_BUNDLE = env.str("EVOTOR_CA_BUNDLE", default="")
EVOTOR_WEBHOOK_TOKEN = env.list("EVOTOR_WEBHOOK_TOKEN", default=[])
EVOTOR_OAUTH_URL = env.str("EVOTOR_OAUTH_URL", default="https://oauth.evotor.ru")
EVOTOR_OAUTH_CLIENT_ID = env.str("EVOTOR_OAUTH_CLIENT_ID", default="")
EVOTOR_OAUTH_CLIENT_SECRET = env.str("EVOTOR_OAUTH_CLIENT_SECRET", default="")
VK_API_URL = env.str("VK_API_URL", default="https://partners.api.vk.ru")
# Asked only while the first cannot be reached. A stand-in has no fallback unless one is named.
VK_API_FALLBACK_URL = env.str(
    "VK_API_FALLBACK_URL",
    default="https://api.vk.com" if VK_API_URL == "https://partners.api.vk.ru" else "",
)
# Where VK may tell us to send pictures: these hosts and those below them. Without any, VK's own, or the
# stand-in that VK_API_URL names.
VK_UPLOAD_HOSTS = env.list("VK_UPLOAD_HOSTS", default=[])
# Certificates to trust for VK's API: its host is under a root that no system brings along.
VK_CA_BUNDLE = env.str("VK_CA_BUNDLE", default="")
VK_ID_URL = env.str("VK_ID_URL", default="https://id.vk.com")
VK_CLIENT_ID = env.str("VK_CLIENT_ID", default="")
VK_CLIENT_SECRET = env.str("VK_CLIENT_SECRET", default="")
# Requests a second and VK token; 0 sets no limit of ours.
VK_REQUESTS_PER_SECOND = env.float("VK_REQUESTS_PER_SECOND", default=3.0)
# Seconds to wait before looking whether a call with a lost answer took effect.
VK_SETTLE_SECONDS = env.float("VK_SETTLE_SECONDS", default=2.0)

# Bots that tell merchants of their shop; without a token and a name, a messenger is not offered.
TELEGRAM_API_URL = env.str("TELEGRAM_API_URL", default="https://api.telegram.org")
TELEGRAM_BOT_NAME = env.str("TELEGRAM_BOT_NAME", default="")
TELEGRAM_BOT_TOKEN = env.str("TELEGRAM_BOT_TOKEN", default="")
TELEGRAM_WEBHOOK_SECRET = env.str("TELEGRAM_WEBHOOK_SECRET", default="")
MAX_API_URL = env.str("MAX_API_URL", default="https://platform-api.max.ru")
MAX_BOT_NAME = env.str("MAX_BOT_NAME", default="")
MAX_BOT_TOKEN = env.str("MAX_BOT_TOKEN", default="")
MAX_WEBHOOK_SECRET = env.str("MAX_WEBHOOK_SECRET", default="")

# Messages in browsers: without a key (`manage.py web_push_key` makes one) they are not offered.
WEB_PUSH_PRIVATE_KEY = env.str("WEB_PUSH_PRIVATE_KEY", default="")
# Where the people of push services reach ours; by default the address that emails come from.
WEB_PUSH_CONTACT = env.str("WEB_PUSH_CONTACT", default="")
# The push services of Chrome and those built on it, Firefox, Safari and Edge, with the names below them.
WEB_PUSH_HOSTS = env.list(
    "WEB_PUSH_HOSTS",
    default=[
        "fcm.googleapis.com",
        "push.services.mozilla.com",
        "push.apple.com",
        "notify.windows.com",
    ],
)

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
    )
]
AUTH_PASSWORD_VALIDATORS.append({"NAME": "accounts.password_strength.GuessableValidator"})
# The link for a new password works for an hour.
PASSWORD_RESET_TIMEOUT = 3600
LOGIN_REDIRECT_URL = "/"
LOGIN_URL = "account_login"
ACCOUNT_LOGIN_METHODS = {"email"}
# One password field with a button that shows it is quicker on a phone than typing it twice.
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.forms.SignupForm"
ACCOUNT_FORMS = {
    "login": "accounts.account_forms.LoginForm",
    "signup": "accounts.account_forms.SignupForm",
    "reset_password": "accounts.account_forms.ResetPasswordForm",
    "add_email": "accounts.account_forms.AddEmailForm",
}
ACCOUNT_ADAPTER = "accounts.allauth_adapter.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
# A merchant who has just signed up begins with the first steps.
ACCOUNT_SIGNUP_REDIRECT_URL = ACCOUNT_EMAIL_CONFIRMATION_AUTHENTICATED_REDIRECT_URL = "connections:onboarding"
# Where emails about connections and logins at Evotor and VK lead to.
CONNECTIONS_URL = "connections:index"
ACCOUNT_EMAIL_SUBJECT_PREFIX = "EvoSync: "
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "http" if DEBUG else "https"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_UNIQUE_EMAIL = True
# Per address of the caller, and per account where a password or a mailbox could be tried out.
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    # Wrong codes of second factors; wrong passwords are counted below: accounts/password_guessing.py.
    "login_failed": "10/m/ip,5/5m/key",
    "login_pair": "5/5m/key",
    "login_client": "10/m/ip,60/h/ip",
    "login_address": "50/h/key",
    "login_device": "10/5m/key",
    "signup": "20/m/ip",
    "reset_password": "20/m/ip,5/m/key",
    "reset_look": "5/m/key,20/h/key",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user,20/h/user",
    "manage_email": "10/m/user",
    "reauthenticate": "10/m/user,40/h/user",
    # Tokens of VK and Evotor: a page of ours must not be where stolen ones are tried out.
    "connect_token": "10/m/user,60/h/user",
    # Our own emails, messages and subscriptions: a button is not a way to send a thousand.
    "send_test": "6/m/user,30/h/user",
    "add_browser": "10/m/user,30/h/user",
    "confirm_email": "1/3m/key",
    # Each is minutes of a worker's time at worst, or a second of ours.
    "read_till": "6/m/user,30/h/user",
    "table_upload": "10/m/user,60/h/user",
    "table_download": "10/m/user,100/h/user",
}
# What matters asks for the password or the factor again, unless it was shown within so many seconds.
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = env.int("RECENT_LOGIN_SECONDS", default=900)
ACCOUNT_EMAIL_NOTIFICATIONS = True
# How many proxies of ours stand in front: limits by address count visitors, not the proxy.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
MFA_ADAPTER = "accounts.mfa_adapter.MfaAdapter"
MFA_TOTP_ISSUER = "EvoSync"
MFA_FORMS = {"activate_totp": "accounts.mfa_forms.ActivateTotpForm"}
# Staff enter the admin with a second factor only.
ADMIN_REQUIRES_MFA = env.bool("ADMIN_REQUIRES_MFA", default=True)

EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
# Of each step of a mail server's; without it one that says nothing holds its thread for ever.
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="EvoSync <evosync@localhost>")

LANGUAGE_CODE = "ru"
LANGUAGES = [("ru", _("Russian")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
LANGUAGE_COOKIE_SECURE = not DEBUG
LANGUAGE_COOKIE_SAMESITE = "Lax"
TIME_ZONE = env.str("TIME_ZONE", default="Europe/Moscow")
USE_TZ = True
# Numbers to be read have their thousands apart. One that is an address or a value says `|stringformat:"d"`.
USE_THOUSAND_SEPARATOR = True

STATIC_URL = "static/"
STATIC_ROOT = env.path("STATIC_ROOT", default=BASE_DIR / "staticfiles")
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("bootstrap", get_bootstrap_dir()),
]
# Merchants' pictures and built feeds: in MEDIA_ROOT, or in a bucket of an S3-compatible storage.
S3_BUCKET = env.str("S3_BUCKET", default="")
STORAGES = {
    "default": (
        object_storage(
            bucket=S3_BUCKET,
            access_key=env.str("S3_ACCESS_KEY_ID"),
            secret_key=env.str("S3_SECRET_ACCESS_KEY"),
            endpoint_url=env.str("S3_ENDPOINT_URL", default=""),
            region=env.str("S3_REGION", default=""),
            folder=env.str("S3_FOLDER", default=""),
            addressing_style=env.str("S3_ADDRESSING_STYLE", default="auto"),
            ca_bundle=env.str("S3_CA_BUNDLE", default=""),
        )
        if S3_BUCKET
        else {"BACKEND": FILES_ON_DISK}
    ),
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}
MEDIA_ROOT = env.path("MEDIA_ROOT", default=VAR_DIR / "media")
# What one merchant may keep; VK shows five photos of an item.
PHOTOS_PER_PRODUCT = env.int("PHOTOS_PER_PRODUCT", default=5)
PHOTOS_PER_MERCHANT = env.int("PHOTOS_PER_MERCHANT", default=5000)
PHOTO_BYTES_PER_MERCHANT = env.int("PHOTO_BYTES_PER_MERCHANT", default=2 * 1024**3)

# Security: strict unless debugging.
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=not DEBUG)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=0 if DEBUG else 31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_ENGINE = "accounts.sessions"
# A session ends after two weeks without a visit, and so many days after its login in any case.
SESSION_COOKIE_AGE = 14 * 24 * 60 * 60
SESSION_DAYS = env.int("SESSION_DAYS", default=90)
STAFF_SESSION_HOURS = env.int("STAFF_SESSION_HOURS", default=12)
STAFF_IDLE_HOURS = env.int("STAFF_IDLE_HOURS", default=2)
SESSION_COOKIE_SECURE = not DEBUG
CSRF_COOKIE_SECURE = not DEBUG
# No other host of the domain can set these. A browser takes the prefix over HTTPS alone.
COOKIE_PREFIX = "__Host-" if SITE_URL.startswith("https://") and not DEBUG else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
CSRF_COOKIE_HTTPONLY = True
MESSAGE_COOKIE_NAME = f"{COOKIE_PREFIX}messages"
MESSAGE_STORAGE = "evosync.common.message_cookie.MessageStorage"
DEVICE_COOKIE_NAME = f"{COOKIE_PREFIX}known_device"
LANGUAGE_COOKIE_NAME = f"{COOKIE_PREFIX}django_language"
LANGUAGE_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
# Of a body without its files. How much each view takes is its own matter: evosync/common/bodies.py.
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024

# What a page may load and where its forms may lead. Signing in at VK and Evotor is a form's redirect.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [csp.SELF],
        "img-src": [csp.SELF, "data:", "https://*.userapi.com"],
        "form-action": [
            csp.SELF,
            VK_ID_URL,
            EVOTOR_OAUTH_URL,
            # The demo's sandbox is on a port that is chosen later.
            *(["http://127.0.0.1:*"] if EMBEDDED else []),
        ],
        "base-uri": [csp.NONE],
        "object-src": [csp.NONE],
        "frame-ancestors": [csp.NONE],
    }
}

# Watching. An empty METRICS_TOKEN means that there is no /metrics.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
# Who is told by email of what only the operator can fix; without any, all staff.
OPERATOR_EMAILS = env.list("OPERATOR_EMAILS", default=[])
SENTRY_DSN = env.str("SENTRY_DSN", default="")
if SENTRY_DSN:
    sentry.start(SENTRY_DSN, environment=env.str("SENTRY_ENVIRONMENT", default="production"))

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "evosync.common.telemetry.logging.line_formatter"},
        "json": {"()": "evosync.common.telemetry.logging.json_formatter"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": env.str("LOG_FORMAT", default="line" if EMBEDDED else "json"),
        }
    },
    # The development server's lines hold whole addresses, so they too pass a formatter that scrubs.
    "loggers": {
        # Without Django's own handlers, which print a line a second time and do not scrub it.
        "django": {"handlers": [], "level": "INFO"},
        # What touches the safety of accounts is written whatever LOG_LEVEL is, but not in embedded mode.
        "security": {"level": env.str("LOG_LEVEL", default="WARNING") if EMBEDDED else "INFO"},
        "django.server": {"handlers": ["console"], "level": "INFO", "propagate": False},
        # An embedded installation has two workers on one broker on purpose; Dramatiq warns of the second.
        "dramatiq.broker.StubBroker": {"level": "ERROR"},
    },
    "root": {
        "handlers": ["console"],
        "level": env.str("LOG_LEVEL", default="WARNING" if EMBEDDED else "INFO"),
    },
}
