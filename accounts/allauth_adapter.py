"""Adapts allauth: the merchant's language, our site's address in emails."""

from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.userkit import filter_users_by_email
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.validators import MaxLengthValidator
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from accounts.choices import SecurityEventKind
from accounts.known_devices import remember_device
from accounts.models import User
from accounts.password_guessing import count_try, forget_tries
from accounts.queue import enqueue_failure
from accounts.recent_login import has_logged_in_recently
from accounts.security_events import log_event
from accounts.visitors import visitor_of
from evosync.common.email import site_url

EMAIL_LENGTH = 254


def remember_language(response: HttpResponse, language: str) -> None:
    """Tell the browser which language to ask for from now on."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Keeps the language chosen at sign-up and brings it back at every login."""

    def save_user(self, request: HttpRequest, user: User, form: BaseForm, commit: bool = True) -> User:  # noqa: FBT001, FBT002 - allauth's signature
        """Save the new user with the language of the page they signed up on."""
        language = (get_language() or settings.LANGUAGE_CODE)[:2]
        user.language = language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        saved: User = super().save_user(request, user, form, commit=commit)
        return saved

    def set_password(self, user: User, password: str) -> None:
        """Save a password that the person has chosen, in their account or by an email."""
        user.chooses_password = True
        super().set_password(user, password)
        user.chooses_password = False

    def clean_email(self, email: str) -> str:
        """Refuse an address that is longer than its column: allauth would cut it off and never reach it."""
        cleaned: str = super().clean_email(email)
        MaxLengthValidator(EMAIL_LENGTH)(cleaned)
        return cleaned

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send an email whose links lead to SITE_URL; the host of a request can be forged."""
        ours = {
            name: _on_our_site(value) if name.endswith("_url") else value for name, value in context.items()
        }
        site = SimpleNamespace(name="EvoSync", domain=urlsplit(settings.SITE_URL).netloc)
        super().send_mail(template_prefix, email, {**ours, "current_site": site})

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the try; where there were too many wrong ones, the password is not even compared."""
        address = credentials.get("email", "")
        self._login_failed_rl_usage = count_try(request, address)
        if self._login_failed_rl_usage is None:
            self._note(SecurityEventKind.LOCKED_OUT, request, address)
            raise self.validation_error("too_many_login_attempts")

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Record a wrong password, at the same cost whether there is such an account or not."""
        self._note(SecurityEventKind.LOGIN_FAILED, request, credentials.get("email", ""))

    def _note(self, kind: SecurityEventKind, request: HttpRequest, address: str) -> None:
        users = filter_users_by_email(address, for_login=True)
        user_id = users[0].pk if users else 0
        visitor = visitor_of(request)
        log_event(kind, user_id=user_id, visitor=visitor)
        enqueue_failure(user_id, kind, visitor)

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        """Let the owner log in at once after a new password."""
        forget_tries(request, credentials["email"])

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Return True unless this session's login is recent; allauth itself knows of what was typed since."""
        return not has_logged_in_recently(self.request)

    def get_reauthentication_methods(self, user: User | AnonymousUser) -> list[dict[str, Any]]:
        """Return the ways to show that it is oneself: with a second factor only the factor counts."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        factors = [method for method in methods if method["id"].startswith("mfa")]
        return factors or methods

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """Send the browser on, in the user's language."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        remember_language(response, user.language)
        remember_device(request, response, user.email)
        return response


def _on_our_site(address: str) -> str:
    parts = urlsplit(address)
    return site_url(urlunsplit(("", "", parts.path, parts.query, parts.fragment)))
