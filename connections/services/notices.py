"""Letters to the merchant about connections, in his language."""

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from connections.clients.codes import describe
from connections.models import Service

KINDS = ("lost", "back", "attempt")


def send_notice_to(user: User, *, service: str, kind: str, code: str) -> None:
    """Write one plain letter: a connection is lost, is back, or somebody tried to take it.

    `code` is a key of the code dictionary and says why; templates are named for the kind.
    """
    if kind not in KINDS:
        raise ValueError(kind)
    with translation.override(user.language):
        row = describe(code) if code else None
        context = {
            "service": Service(service).label,
            "text": _(row.text) if row else "",
            "next_step": _(row.next_step) if row and row.next_step else "",
            "url": f"{settings.SITE_URL.rstrip('/')}/connections/",
        }
        subject = render_to_string(f"connections/email/{kind}_subject.txt", context)
        body = render_to_string(f"connections/email/{kind}.txt", context)
    send_mail(" ".join(subject.split()), body.strip() + "\n", settings.DEFAULT_FROM_EMAIL, [user.email])
