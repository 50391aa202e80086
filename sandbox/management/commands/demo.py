"""Shows the main job on embedded defaults: a till's shop appears in VK, and stays equal to it."""

import secrets
from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser, call_command
from django.db import connection, connections
from django.utils import timezone

from accounts.models import User
from connections.evotor.connect import connect_evotor
from connections.vk.connect import connect_vk
from sandbox import Sandbox
from sandbox.demo_catalogue import fill_with_demo
from sandbox.mailbox import Mail, Mailbox
from syncing.jobs.lifecycle import claim, request_sync
from syncing.jobs.runner import RunOptions, run_slice
from syncing.management.commands._merchant import Progress
from syncing.models import SyncJob
from syncing.services.planning import preview
from syncing.services.settings import set_enabled

EMAIL = "demo@example.com"
# manage.py points the demo at this file and at no other.
DATABASE = "demo.sqlite3"
SAMPLE = 8


def mail_settings(mailbox: Mailbox) -> dict[str, Any]:
    """Return the e-mail settings under which Django's own SMTP backend sends to a mailbox of the sandbox."""
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": mailbox.smtp_port,
        "EMAIL_HOST_USER": "",
        "EMAIL_HOST_PASSWORD": "",
        "EMAIL_USE_TLS": False,
        "EMAIL_USE_SSL": False,
    }


class Command(BaseCommand):
    help = (
        "Run the whole story on a sandbox: connect, preview, publish, change the till, sync, serve the site."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="end after the second sync")
        parser.add_argument("--port", type=int, default=8000, help="where the site is served")

    def handle(self, *args: Any, **options: Any) -> None:
        if not str(settings.DATABASES["default"]["NAME"]).endswith(DATABASE):
            raise CommandError("The demo erases its database, so it runs only as manage.py demo, on its own.")
        with Sandbox() as box, Mailbox(on_mail=self._show_mail) as mailbox:
            self._point_settings_at(box, mailbox)
            fill_with_demo(box.evotor)
            user, password = self._register()
            self._connect(user, box)
            self._publish(user, "First sync")
            self._change_the_till(box)
            self._publish(user, "Second sync")
            if not options["once"]:
                self._serve(user, password, mailbox, options["port"])

    def _point_settings_at(self, box: Sandbox, mailbox: Mailbox) -> None:
        """Let this process speak to the stand-ins; all hosts come from settings."""
        settings.EVOTOR_API_URL = box.evotor_url
        settings.VK_API_URL = box.vk_url
        settings.VK_ID_URL = box.vk_id_url
        settings.VK_CLIENT_ID = box.vk_app.client_id
        settings.VK_CLIENT_SECRET = box.vk_app.client_secret
        box.vk_id.rules.any_redirect = True
        for name, value in mail_settings(mailbox).items():
            setattr(settings, name, value)
        self._say("Sandbox", f"Evotor at {box.evotor_url}, VK at {box.vk_url}")
        self._say("Mailbox", f"{mailbox.url} shows every mail that EvoSync sends")

    def _show_mail(self, mail: Mail) -> None:
        """Print a mail, so that its link can be opened from the console too."""
        self.stdout.write(f"\n== Mail to {mail.to}: {mail.subject}\n{mail.text}\n")

    def _register(self) -> tuple[User, str]:
        """Begin with an empty database and one confirmed merchant."""
        connection.close()
        database = Path(settings.DATABASES["default"]["NAME"])
        for file in database.parent.glob(f"{database.name}*"):
            file.unlink()
        call_command("migrate", verbosity=0)
        password = secrets.token_urlsafe(9)
        user = User.objects.create_user(EMAIL, password, first_name="Анна", last_name="Соседова")
        EmailAddress.objects.create(user=user, email=EMAIL, verified=True, primary=True)
        self._say("Merchant", EMAIL)
        return user, password

    def _connect(self, user: User, box: Sandbox) -> None:
        now = timezone.now()
        connect_evotor(user, token=box.evotor_token, now=now)
        connect_vk(user, token=box.vk_token, group=box.group_id, now=now)
        set_enabled(user, enabled=True)
        self._say("Connected", f"the till, and the VK community {box.group_id}")
        box.vk.create_item("Открытка ручной работы")
        self._say("By hand", "one item made in VK; EvoSync never touches it")

    def _publish(self, user: User, title: str) -> None:
        self.stdout.write(f"\n== {title}")
        call_command("refresh_catalog", user.email, stdout=self.stdout)
        self._show_plan(user)
        job = self._run(user)
        self.stdout.write(
            f"Done: created {job.items_created}, updated {job.items_updated}, hidden {job.items_hidden}, "
            f"left out {job.items_skipped}, unchanged {job.items_unchanged}, errors {job.error_count}"
        )
        requests = job.requests
        self.stdout.write(
            f"Requests: VK {requests['vk']} (lower bound {requests['vk_lower_bound']}), "
            f"picture uploads {requests['uploads']}, Evotor {requests['evotor']}"
        )
        if job.status != SyncJob.Status.SUCCESS:
            raise CommandError(f"The run ended as {job.status}: {job.error_code} {job.error_detail}")

    def _show_plan(self, user: User) -> None:
        plan = preview(user)
        self.stdout.write(f"The plan has {len(plan.actions)} steps:")
        for action in plan.actions[:SAMPLE]:
            changes = "".join(
                f" · {name}: {old} → {new}"
                for name, (old, new) in action.changes.items()
                if name != "description"
            )
            self.stdout.write(f"  {action.kind.value:8} {action.name.strip()}{changes}")
        if len(plan.actions) > SAMPLE:
            self.stdout.write(f"  … and {len(plan.actions) - SAMPLE} more")
        for skip in plan.skipped[:3]:
            self.stdout.write(f"  left out {skip.name.strip()}: {skip.reason} {skip.detail}")

    def _run(self, user: User) -> SyncJob:
        job = request_sync(user, trigger=SyncJob.Trigger.COMMAND)
        with Progress() as progress:
            while not job.is_finished:
                claimed = claim(user, now=timezone.now())
                if claimed is None:
                    raise CommandError("Another process is running this job.")
                job = run_slice(claimed, options=RunOptions(refresh=False, progress=progress))
        return job

    def _change_the_till(self, box: Sandbox) -> None:
        """Change a price, sell one, take one out and bring a new one, as a shop does in an hour."""
        store = next(iter(box.evotor.stores.values()))
        mugs = [product for product in store.products.values() if product.fields.get("type") == "NORMAL"]
        dearer, sold, gone = mugs[10:13]
        box.evotor.edit_product(store.id, dearer.id, price=199.9)
        box.evotor.sell(store.id, sold.id, 1)
        box.evotor.delete_product(store.id, gone.id)
        box.evotor.add_product(
            store.id, "Новинка: кружка «Тула» 350 мл", price=349.5, quantity=6, measure_name="шт"
        )
        self.stdout.write("\nThe till changes: one price, one sale, one product gone, one new.")

    def _serve(self, user: User, password: str, mailbox: Mailbox, port: int) -> None:
        connection.close()
        address = f"http://127.0.0.1:{port}/"
        settings.SITE_URL = address.rstrip("/")
        self.stdout.write(f"\nThe site: {address}   login {user.email}   password {password}")
        self.stdout.write(f"Its mails: {mailbox.url}")
        self.stdout.write("Ctrl-C ends the demo.")
        try:
            call_command("runserver", f"127.0.0.1:{port}", use_reloader=False)
        finally:
            connections.close_all()

    def _say(self, what: str, text: str) -> None:
        self.stdout.write(f"{what:10} {text}")
