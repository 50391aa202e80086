"""Says why a product is in VK or not, step by step."""

from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from catalog.models import Product
from syncing.management.commands._merchant import BAD_USAGE, find_merchant
from syncing.services.explain import explain

MARKS = {True: "✓", False: "✗", None: "·"}


class Command(BaseCommand):
    help = "Say why a product is in VK or not. PRODUCT is its Evotor id, code, article or part of its name."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", metavar="EMAIL")
        parser.add_argument("product", metavar="PRODUCT")

    def handle(self, *args: Any, **options: Any) -> None:
        user = find_merchant(options["email"])
        rows = Product.objects.for_user(user).select_related("store")
        found = list(rows.filter(evotor_id=options["product"])[:1]) or list(
            rows.search(options["product"]).order_by("pk")[:6]
        )
        if not found:
            raise CommandError(
                f"No product matches {options['product']}. Read the till first: refresh_catalog {user.email}",
                returncode=BAD_USAGE,
            )
        if len(found) > 1:
            names = "\n".join(f"  {row.evotor_id} {row.name}" for row in found)
            raise CommandError(f"Several products match; name one by its id:\n{names}", returncode=BAD_USAGE)
        self.stdout.write(found[0].name)
        for step in explain(user, found[0]):
            code = f"({step.code})" if step.code else ""
            parts = (MARKS[step.ok], f"{step.title}:", step.text, code, step.url)
            self.stdout.write(f" {' '.join(filter(None, parts))}")
