"""What accounts do when allauth announces something. Each receiver is named after its signal."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.http import HttpRequest

from accounts.choices import SecurityEventKind
from accounts.models import User
from accounts.recent_login import note_login
from accounts.security_events import record_event
from accounts.session_ending import end_other_sessions, end_sessions


def on_django_logged_in(sender: object, *, request: HttpRequest, **_kwargs: object) -> None:
    """Note when the session's login was."""
    note_login(request)


def on_user_logged_in(sender: object, *, request: HttpRequest, user: User, **_kwargs: object) -> None:
    """Record a login."""
    record_event(user, SecurityEventKind.LOGIN, request=request)


def on_user_logged_out(sender: object, *, request: HttpRequest, user: User | None, **_kwargs: object) -> None:
    """Record a logout, unless the account has just been deleted."""
    if user is not None and User.objects.filter(pk=user.pk).exists():
        record_event(user, SecurityEventKind.LOGOUT, request=request)


def on_password_changed(sender: object, *, request: HttpRequest, user: User, **_kwargs: object) -> None:
    """End all other sessions."""
    end_other_sessions(request, user)
    record_event(user, SecurityEventKind.PASSWORD_CHANGED, request=request)


def on_password_reset(sender: object, *, request: HttpRequest, user: User, **_kwargs: object) -> None:
    """End all sessions: who sets a new password by email is in none of them."""
    end_sessions(user)
    record_event(user, SecurityEventKind.PASSWORD_RESET, request=request)


def on_user_saved(sender: object, *, instance: User, created: bool, **_kwargs: object) -> None:
    """End all sessions where somebody else set a new password: staff, `changepassword`, a script."""
    # Django keeps a new password on the object until the row is saved; a renewed hash is none.
    is_new = getattr(instance, "_password", None) is not None
    if is_new and not created and not instance.chooses_password:
        end_sessions(instance)
        record_event(instance, SecurityEventKind.PASSWORD_CHANGED)


def on_authenticator_added(
    sender: object, *, request: HttpRequest, user: User, authenticator: Authenticator, **_kwargs: object
) -> None:
    """End all other sessions; this one has shown the factor by setting it up."""
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        return  # They come with another factor.
    end_other_sessions(request, user)
    record_authentication(
        request, user, "mfa", id=authenticator.pk, type=authenticator.type, reauthenticated=True
    )
    record_event(user, SecurityEventKind.FACTOR_ADDED, request=request)


def on_authenticator_removed(
    sender: object, *, request: HttpRequest, user: User, authenticator: Authenticator, **_kwargs: object
) -> None:
    """End all other sessions."""
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        return  # They go with the last other factor.
    end_other_sessions(request, user)
    record_event(user, SecurityEventKind.FACTOR_REMOVED, request=request)


def on_authenticator_reset(sender: object, *, request: HttpRequest, user: User, **_kwargs: object) -> None:
    """End all other sessions after new recovery codes."""
    end_other_sessions(request, user)
    record_event(user, SecurityEventKind.RECOVERY_CODES, request=request)


def on_authentication_failed(sender: object, *, request: HttpRequest, user: User, **_kwargs: object) -> None:
    """Record a wrong code."""
    record_event(user, SecurityEventKind.FACTOR_FAILED, request=request)


def on_email_added(
    sender: object, *, request: HttpRequest, user: User, email_address: EmailAddress, **_kwargs: object
) -> None:
    """Record another address; the main one is told."""
    record_event(user, SecurityEventKind.EMAIL_ADDED, request=request, detail=email_address.email)


def on_email_confirmed(
    sender: object, *, request: HttpRequest, email_address: EmailAddress, **_kwargs: object
) -> None:
    """Record that an address is confirmed."""
    user: User = email_address.user
    record_event(user, SecurityEventKind.EMAIL_CONFIRMED, request=request, detail=email_address.email)


def on_email_changed(
    sender: object, *, request: HttpRequest, user: User, to_email_address: EmailAddress, **_kwargs: Any
) -> None:
    """Record another main address; it is told too."""
    record_event(user, SecurityEventKind.EMAIL_CHANGED, request=request, detail=to_email_address.email)


def on_email_removed(
    sender: object, *, request: HttpRequest, user: User, email_address: EmailAddress, **_kwargs: object
) -> None:
    """Record that an address is gone; it is told too."""
    record_event(user, SecurityEventKind.EMAIL_REMOVED, request=request, detail=email_address.email)
