"""Plain-text email in the recipient's language. Templates are `<name>_subject.txt` and `<name>.txt`."""

from collections.abc import Mapping

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import translation


def send_templated_email(to: str, *, language: str, template: str, context: Mapping[str, object]) -> None:
    """Send one email. Raises what the mail server answers, and OSError if it does not answer.

    Runs of empty lines, left by template tags, become one.
    """
    with translation.override(language):
        subject = render_to_string(f"{template}_subject.txt", dict(context))
        body = render_to_string(f"{template}.txt", dict(context))
    send_mail(" ".join(subject.split()), _without_gaps(body), settings.DEFAULT_FROM_EMAIL, [to])


def site_url(path: str) -> str:
    """Return the full address of one of our pages, for readers who are not on our site."""
    return f"{settings.SITE_URL.rstrip('/')}{path}"


def _without_gaps(text: str) -> str:
    """Return the text with no two empty lines in a row and no blanks at the ends of lines."""
    lines: list[str] = []
    for line in (line.rstrip() for line in text.strip().splitlines()):
        if line or (lines and lines[-1]):
            lines.append(line)
    return "\n".join(lines) + "\n"
