"""What the rules' fields refuse, in the merchant's language."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from syncing.core.descriptions import validate_template
from syncing.core.group_choices import is_album_title, validate_album_template
from syncing.core.template_faults import TemplateFault


def description_template(text: str) -> None:
    """Raise ValidationError naming every fault of a description template."""
    if faults := validate_template(text):
        raise ValidationError([_error(fault) for fault in faults])


def album_template(text: str) -> None:
    """Raise ValidationError naming every fault of a template of album titles."""
    if faults := validate_album_template(text):
        raise ValidationError([_error(fault) for fault in faults])


def album_title(text: str) -> None:
    """Raise ValidationError for a title of which VK would show nothing: its goods would have no album."""
    if not is_album_title(text):
        raise ValidationError(_("Write a title with a letter or a digit in it."))


def _error(fault: TemplateFault) -> ValidationError:
    return ValidationError(_(fault.sentence), params={"word": fault.word})
