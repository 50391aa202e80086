"""The page that asks for the address to which a link for a new password goes."""

from allauth.account.views import PasswordResetView
from allauth.core.ratelimit import consume_or_429
from django.forms import Form
from django.http import HttpResponse

from evosync.common.addresses import look_of


class ResetPassword(PasswordResetView):  # type: ignore[misc]
    """Counts all spellings of an address that look alike as one."""

    def form_valid(self, form: Form) -> HttpResponse:
        """Send the email, unless too many went to addresses of this look."""
        key = look_of(form.cleaned_data["email"])
        too_many: HttpResponse | None = consume_or_429(self.request, action="reset_look", key=key)
        if too_many is not None:
            return too_many
        response: HttpResponse = super().form_valid(form)
        return response
