"""One filter: what the merchant chooses for a store, a group or a product."""

from django import forms

from accounts.models import User
from syncing.models import SyncFilter
from syncing.services.settings import WrongRule, remove_filter, set_filter


class FilterChoiceForm(forms.Form):
    """The merchant's choice for one store, group or product; an empty mode removes it."""

    entity_type = forms.ChoiceField(choices=SyncFilter.Entity)
    entity_id = forms.CharField(max_length=36)
    mode = forms.ChoiceField(choices=[("", ""), *SyncFilter.Mode.choices], required=False)

    def save(self, user: User) -> None:
        """Write the choice down. Adds an error where the merchant has no such thing."""
        data = self.cleaned_data
        name = {"entity_type": data["entity_type"], "entity_id": data["entity_id"]}
        try:
            if data["mode"]:
                set_filter(user, mode=data["mode"], **name)
            else:
                remove_filter(user, **name)
        except WrongRule as error:
            self.add_error(None, str(error))
