"""Letters to the merchant about connections, in his language."""

from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from connections.clients.error_catalog import lookup
from connections.models import Service
from evosync.common.email import send_templated_email, site_url

KINDS = ("lost", "back", "attempt")


def send_notice_to(user: User, *, service: str, kind: str, code: str) -> None:
    """Write one plain letter: a connection is lost, is back, or somebody tried to take it.

    `code` is a key of the code dictionary and says why; templates are named for the kind. Who wants no
    letters about his shop still gets those about attempts to take it.
    """
    if kind not in KINDS:
        raise ValueError(kind)
    if not user.wants_notices and kind != "attempt":
        return
    with translation.override(user.language):
        row = lookup(code) if code else None
        context = {
            "service": Service(service).label,
            "text": _(row.text) if row else "",
            "next_step": _(row.next_step) if row and row.next_step else "",
            "url": site_url("/connections/"),
        }
    send_templated_email(
        user.email, language=user.language, template=f"connections/email/{kind}", context=context
    )
