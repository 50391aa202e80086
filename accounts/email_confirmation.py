"""The page behind the link of the confirmation email, also where the link was used before or is too old."""

from typing import Any

from allauth.account import app_settings
from allauth.account.models import EmailAddress
from allauth.account.views import ConfirmEmailView
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect


class ConfirmEmail(ConfirmEmailView):  # type: ignore[misc]
    """Confirms an address. allauth answers 404 to the second press of the button; here it is told why."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ask for the confirmation, or go on where the visitor has confirmed and is logged in."""
        return self._passed_on(request) or super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Confirm the address, or say why that cannot be done or need not be."""
        try:
            response: HttpResponse = super().post(request, *args, **kwargs)
        except Http404:
            self.object = None
            context = self.get_context_data()
            status = 200 if context["confirmed"] else 404
            return self._passed_on(request) or self.render_to_response(context, status=status)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the address, where the link is ours and its address is confirmed already."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"confirmed": self._confirmed()}

    def _passed_on(self, request: HttpRequest) -> HttpResponse | None:
        address = self._confirmed()
        if address is not None and request.user.pk == address.user_id:
            return redirect(app_settings.EMAIL_CONFIRMATION_AUTHENTICATED_REDIRECT_URL)
        return None

    def _confirmed(self) -> EmailAddress | None:
        try:
            number = signing.loads(self.kwargs["key"], salt=app_settings.SALT)
        except signing.BadSignature:
            return None
        return EmailAddress.objects.filter(pk=number, verified=True).first()
