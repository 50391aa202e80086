"""Plain-text email in the recipient's language. Templates are `<name>_subject.txt` and `<name>.txt`."""

from collections.abc import Mapping

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import translation


def render_templates(template: str, *, language: str, context: Mapping[str, object]) -> tuple[str, str]:
    """Return subject and body. Runs of empty lines, left by template tags, become one."""
    with translation.override(language):
        subject = render_to_string(f"{template}_subject.txt", dict(context))
        body = render_to_string(f"{template}.txt", dict(context))
    return " ".join(subject.split()), _without_gaps(body)


def send_templated_email(to: str, *, language: str, template: str, context: Mapping[str, object]) -> None:
    """Send one email. Raises what the mail server answers, and OSError if it does not answer."""
    send_plain_email(to, *render_templates(template, language=language, context=context))


def send_plain_email(to: str, subject: str, body: str) -> None:
    """Send one email of a text. Raises what the mail server answers, and OSError if it does not answer."""
    send_mail(subject, body, settings.DEFAULT_FROM_EMAIL, [to])


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
