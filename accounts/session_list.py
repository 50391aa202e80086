"""The page of devices that are logged in."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.usersessions.views import ListUserSessionsView
from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.access import user_of
from accounts.choices import SecurityEventKind
from accounts.recent_login import ask_again, is_recent
from accounts.security_events import record_event
from accounts.session_ending import end_other_sessions


class ListSessions(ListUserSessionsView):  # type: ignore[misc]
    """Lists the devices; to log the others out asks for the password or the factor."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """End the sessions of all other devices."""
        if not is_recent(request):
            return ask_again(request, back=request.path)
        response: HttpResponse = super().post(request, *args, **kwargs)
        return response

    def form_valid(self, form: Form) -> HttpResponse:
        """End them, also those that the list does not show."""
        user = user_of(self.request)
        end_other_sessions(self.request, user)
        record_event(user, SecurityEventKind.SESSIONS_ENDED, request=self.request)
        get_adapter().add_message(
            self.request, messages.INFO, "usersessions/messages/sessions_logged_out.txt"
        )
        return redirect(self.get_success_url())
