"""What a merchant is told, where, and at which hours."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from syncing.models import Notification, NotificationSettings
from syncing.models.channels import HOURS, ZONES

Trouble = Notification.Trouble
KINDS = [
    (Trouble.HELD_PLAN, _("a run waits for my answer")),
    (Trouble.HELD_PRICES, _("new prices wait for my yes")),
    (Trouble.ERRORS, _("VK refuses goods")),
    (Trouble.FAILED, _("runs fail again and again")),
    (Trouble.LIMITS, _("VK has no room for more goods or albums")),
]


class NotificationsForm(forms.Form):
    """Email on or off, kinds, quiet hours and the digest."""

    email = forms.BooleanField(label=_("Emails about my shop"), required=False)
    kinds = forms.MultipleChoiceField(
        label=_("Tell me when"), choices=KINDS, required=False, widget=forms.CheckboxSelectMultiple
    )
    digest = forms.BooleanField(
        label=_("Weekly digest"),
        required=False,
        help_text=_("On Monday morning: new goods, prices, accuracy, and what waits for you."),
    )
    quiet_from = forms.TypedChoiceField(
        label=_("Quiet from"),
        choices=[("", _("no quiet hours")), *HOURS],
        coerce=int,
        empty_value=None,
        required=False,
    )
    quiet_until = forms.TypedChoiceField(
        label=_("Quiet until"),
        choices=[("", _("no quiet hours")), *HOURS],
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_("What happens in the quiet hours is told when they end, as one message."),
    )
    time_zone = forms.ChoiceField(label=_("Time zone of the shop"), choices=ZONES)
    at_night = forms.MultipleChoiceField(
        label=_("Wake me all the same when"),
        choices=KINDS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, rules: NotificationSettings, wants_email: bool, **kwargs: Any) -> None:
        self._rules = rules
        told = [value for value, _label in KINDS if value not in rules.muted]
        kwargs["initial"] = {
            "email": wants_email,
            "kinds": told,
            "digest": rules.digest,
            "quiet_from": "" if rules.quiet_from is None else rules.quiet_from,
            "quiet_until": "" if rules.quiet_until is None else rules.quiet_until,
            "time_zone": rules.time_zone,
            "at_night": rules.at_night,
        }
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        """Refuse quiet hours with one end only."""
        cleaned = super().clean() or {}
        if (cleaned.get("quiet_from") is None) is not (cleaned.get("quiet_until") is None):
            self.add_error(
                "quiet_until", _("Quiet hours need both ends. Choose both, or no quiet hours in both.")
            )
        return cleaned

    def rules(self) -> NotificationSettings:
        """Return the row with what was chosen, not yet saved."""
        rules, chosen = self._rules, self.cleaned_data
        rules.muted = [str(value) for value, _label in KINDS if value not in chosen["kinds"]]
        rules.at_night, rules.digest = chosen["at_night"], chosen["digest"]
        rules.quiet_from, rules.quiet_until = chosen["quiet_from"], chosen["quiet_until"]
        rules.time_zone = chosen["time_zone"]
        return rules
