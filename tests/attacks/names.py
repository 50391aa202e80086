"""Injected names: goods, groups, stores and people whose names are programs in some language."""

import csv
import io
import re
from collections.abc import Iterable

from tests.attacks.outcome import Outcome
from tests.attacks.town import Town
from tests.attacks.visitors import Answer

PAYLOADS = [
    "<script>alert(7391)</script>",
    "</title><script>alert(7391)</script>",
    "<img src=x onerror=alert(7391)>",
    "<svg/onload=alert(7391)>",
    '"><script>alert(7391)</script>',
    "'><img src=x onerror=alert(7391)>",
    "</textarea><script>alert(7391)</script>",
    "--><script>alert(7391)</script>",
    "<iframe srcdoc='<script>alert(7391)</script>'>",
    "javascript:alert(7391)",
    '" onmouseover="alert(7391)',
    "' autofocus onfocus='alert(7391)",
    "<b hx-get=/accounts/logout/ hx-trigger=load>7391</b>",
    "{{ 7391*2 }}",
    "{% debug %}7391",
    "${7391*2}",
    "%(7391)s %s %n",
    '=HYPERLINK("https://evil.example";7391)',
    "+7391+cmd|' /C calc'!A0",
    "@SUM(7391)",
    "-7391+1",
    "\t=7391",
    "'; DROP TABLE accounts_user; -- 7391",
    "7391\r\nSet-Cookie: evil=1",
    "../../../../etc/passwd 7391",
    "7391\u202eexe.jpg",
    "<SCRIPT>alert(7391)</SCRIPT>",
    "&lt;script&gt;alert(7391)&lt;/script&gt;",
]
# What a browser would run, or what a template or a formatter has worked out.
RUN = re.compile(
    r"<script>alert\(7391|<img src=x|<svg/onload|<iframe srcdoc|<b hx-get|"
    r"(?:href|src)=[\"']?javascript:alert|14782",
    re.IGNORECASE,
)
# Inside a tag: an attribute that the name has opened.
ATTRIBUTE = re.compile(
    r"<[a-z][^<>]*[\"'] ?(?:onmouseover|onfocus|autofocus)[^<>]*alert\(7391", re.IGNORECASE
)
FORMULA = ("=", "+", "@", "-", "\t", "\r")
PAGES = (
    "syncing:dashboard",
    "syncing:sync",
    "syncing:filters",
    "syncing:rules",
    "syncing:history",
    "catalog:list",
    "catalog:check",
    "catalog:photos",
    "connections:index",
    "accounts:profile",
    "feed:index",
)


def run(town: Town) -> Iterable[Outcome]:
    """Give everything that merchants name each of these names, and read the pages that show them."""
    from django.db import connection
    from django.urls import reverse
    from model_bakery import baker

    from accounts.models import User
    from catalog.models import Product, ProductGroup, Store
    from syncing.models import SyncJob, SyncJobItem

    outcome = Outcome("injected names")
    user, visitor = town.merchant, town.people["merchant"]
    product = Product.objects.filter(user=user).order_by("pk")[0]
    job = baker.make(SyncJob, user=user, status=SyncJob.Status.PARTIAL, active_key=None)
    item = baker.make(SyncJobItem, job=job, product=product, changes={})
    pages = [reverse(page) for page in PAGES]
    pages += [reverse("catalog:product", args=[product.pk]), reverse("syncing:job", args=[job.pk])]
    table = reverse("syncing:job_csv", args=[job.pk])

    def read(path: str) -> tuple[str, Answer]:
        return path, visitor.send("GET", path)

    for payload in PAYLOADS:
        short = payload[:64]
        for model in (Product, ProductGroup, Store):
            model._base_manager.filter(user=user).update(name=payload)
        Product.objects.filter(user=user).update(description=payload, article_number=short, barcodes=[short])
        User.objects.filter(pk=user.pk).update(first_name=payload, last_name=payload)
        SyncJob.objects.filter(pk=job.pk).update(error_detail=payload)
        SyncJobItem.objects.filter(pk=item.pk).update(
            product_name=payload, error_text=payload, changes={"title": [payload, payload]}
        )
        # The rows are read by another process.
        connection.close()
        for path, answer in town.net.together(read, [*pages, table]):
            if path == table:
                cells = [cell for row in csv.reader(io.StringIO(answer.text)) for cell in row]
                bad = [cell for cell in cells if "7391" in cell and cell.startswith(FORMULA)]
            else:
                bad = RUN.findall(answer.text) + ATTRIBUTE.findall(answer.text)
            known = answer.status in {200, 302}
            outcome.expect(
                known and not bad and not answer.location.startswith("http"),
                f"{payload!r} on {path}: {answer.status} {bad[:1]}",
            )
    outcome.note = f"{len(PAYLOADS)} names × {len(pages) + 1} pages"
    yield outcome
