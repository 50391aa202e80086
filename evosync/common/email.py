"""Plain letters in the reader's language. Templates are `<name>_subject.txt` and `<name>.txt`."""

from collections.abc import Mapping

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import translation


def write_letter(to: str, *, language: str, template: str, context: Mapping[str, object]) -> None:
    """Write one letter; raises what the mail server answers, and OSError where it is away.

    Lines that a template leaves empty are folded, so that what is not said leaves no hole.
    """
    with translation.override(language):
        subject = render_to_string(f"{template}_subject.txt", dict(context))
        body = render_to_string(f"{template}.txt", dict(context))
    send_mail(" ".join(subject.split()), _folded(body), settings.DEFAULT_FROM_EMAIL, [to])


def site_url(path: str) -> str:
    """Return the full address of one of our pages, for readers who are not on our site."""
    return f"{settings.SITE_URL.rstrip('/')}{path}"


def _folded(text: str) -> str:
    """Return the text with no two empty lines in a row and no blanks at the ends of lines."""
    lines: list[str] = []
    for line in (line.rstrip() for line in text.strip().splitlines()):
        if line or (lines and lines[-1]):
            lines.append(line)
    return "\n".join(lines) + "\n"
