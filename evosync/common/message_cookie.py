"""Messages for the next page wait in a cookie that has our prefix, like every other cookie."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class PrefixedCookieStorage(CookieStorage):
    """Django's, under the name that the settings give."""

    cookie_name = settings.MESSAGE_COOKIE_NAME


class MessageStorage(FallbackStorage):
    """Keeps messages in the cookie, and in the session those that do not fit."""

    storage_classes = (PrefixedCookieStorage, SessionStorage)
