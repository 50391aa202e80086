"""What the codes of a refresh mean, in sentences for operators and merchants."""

from django.utils.formats import localize
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from catalog.choices import ProblemCode
from catalog.ingest.report import Problem
from connections.clients.error_catalog import lookup

# Oddities of single records; %s is how many there are.
ODDITIES: dict[str, str] = {
    ProblemCode.UNKNOWN_PARENT: _(
        "%s groups are named by products but not listed; what is known of them stays as it was."
    ),
    ProblemCode.GROUP_CYCLE: _("%s groups contain each other in a circle; they count as top groups."),
    ProblemCode.BAD_NUMBER: _(
        "%s products have a price or stock that no till can mean; the last known one stands."
    ),
    ProblemCode.BAD_FIELD: _("%s products have a field that cannot be read; its last known value stands."),
    ProblemCode.BAD_ID: _("%s records have an id that cannot be kept; they are left out."),
    ProblemCode.BAD_RECORD: _(
        "%s records cannot be read; the others go on, and nothing is taken out of VK meanwhile."
    ),
}
UNKNOWN_STORE = _("Evotor does not list this store. Nothing of it was read or changed.")


def sentence(problem: Problem) -> str:
    """Return what happened and what to do next, in the active language."""
    if problem.code in ODDITIES:
        text = gettext(ODDITIES[problem.code]) % localize(problem.count)
        return f"{text} ({'; '.join(problem.records)})" if problem.records else text
    if problem.code == ProblemCode.UNKNOWN_STORE:
        return gettext(UNKNOWN_STORE)
    row = lookup(problem.error_code)
    return f"{gettext(row.text)} {gettext(row.next_step)}".strip()
