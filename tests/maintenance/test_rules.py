"""docs/commands.md names every rule that `configure` takes."""

from django.conf import settings

from syncing.models import RULES
from syncing.services.settings import AUTO


def test_the_document_lists_the_rules_of_the_model() -> None:
    text = (settings.BASE_DIR / "docs/commands.md").read_text()
    table = text.partition("## Rules of `configure`")[2].partition("\n## ")[0]
    first_cells = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    named = [name for cell in first_cells for name in cell.replace("`", " ").replace(",", " ").split()]
    assert named == sorted(named, key=[AUTO, *RULES].index)
    assert set(named) == {AUTO, *RULES}
