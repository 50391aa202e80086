"""Ends a person's sessions: all of them, or all but the one that asks."""

from allauth.usersessions.models import UserSession
from django.contrib.auth import update_session_auth_hash
from django.db.models import F
from django.http import HttpRequest

from accounts.models import User
from accounts.signals import all_sessions_ended, other_sessions_ended


def end_sessions(user: User) -> None:
    """End every session of this user, also those that no list knows."""
    User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
    user.refresh_from_db(fields=["session_epoch"])
    for session in UserSession.objects.filter(user=user):
        session.end()
    all_sessions_ended.send(sender=User, user=user)


def end_other_sessions(request: HttpRequest, user: User) -> None:
    """End every session of this user but the request's own, whose key changes."""
    own = request.session.session_key
    User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
    user.refresh_from_db(fields=["session_epoch"])
    update_session_auth_hash(request, user)
    UserSession.objects.filter(session_key=own).update(session_key=request.session.session_key)
    for session in UserSession.objects.filter(user=user).exclude(session_key=request.session.session_key):
        session.end()
    other_sessions_ended.send(sender=User, user=user, request=request)
