"""Makes Django's test client put cookies as our middleware does, and do less that no test looks at."""

from importlib import import_module

import pytest
from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest
from django.template import Context, Template
from django.test import Client
from django.test.signals import template_rendered

from accounts.models import User

_set_cookies = Client._set_login_cookies  # type: ignore[attr-defined]
_log_in = Client._login  # type: ignore[attr-defined]


def adjust(patch: pytest.MonkeyPatch) -> None:
    """Adjust it after Django's test environment has been set up."""
    patch.setattr(Client, "_set_login_cookies", put_secret_into_cookie)
    patch.setattr(Client, "_login", log_in)
    patch.setattr(Template, "_render", render)


def put_secret_into_cookie(self: Client, request: HttpRequest) -> None:
    """Put the secret of the session into its cookie, not the key that the database knows it by."""
    _set_cookies(self, request)
    self.cookies[settings.SESSION_COOKIE_NAME] = request.session.secret  # type: ignore[attr-defined]


def log_in(self: Client, user: User, backend: str | None = None) -> None:
    """Begin a new browser's session with the login; Django saves an empty one first and deletes it again."""
    if settings.SESSION_COOKIE_NAME in self.cookies:
        _log_in(self, user, backend)
        return
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore()
    login(request, user, backend)
    request.session.save()
    self._set_login_cookies(request)  # type: ignore[attr-defined]


def render(self: Template, context: Context) -> str:
    """Tell the client the context of a whole page; for each part of one it would be copied once more."""
    if context.template is self:
        template_rendered.send(sender=self, template=self, context=context)
    return self.nodelist.render(context)
