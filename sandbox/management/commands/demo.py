"""`manage.py demo`: a till's shop appears in VK and stays equal to it, on embedded defaults."""

import contextlib
import io
import logging
import os
import secrets
import shlex
import shutil
import socket
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser, call_command
from django.core.servers.basehttp import run as serve
from django.db import connection, connections
from django.utils import timezone

from accounts.models import User
from connections.evotor.account_linking import issue_link_code
from connections.evotor.connect import connect_evotor
from connections.vk.connect import connect_vk
from sandbox import Sandbox
from sandbox.demo.catalogue import fill_with_demo
from sandbox.demo.lock import AlreadyRunning, DemoLock, Running, demo_folder, lock_folder
from sandbox.demo.page import DemoPage
from sandbox.demo.ports import PortTaken, port_of, reserve_port
from sandbox.demo.second_shop import SecondShop, add_second_shop
from sandbox.evotor.pushes import Pushes
from sandbox.mailbox import Mail, Mailbox
from syncing.jobs.lifecycle import request_sync
from syncing.jobs.runner import RunOptions, run_to_end
from syncing.management.commands._merchant import Progress
from syncing.models import SyncJob
from syncing.services.planning import preview
from syncing.services.settings import configure, set_enabled

EMAIL = "demo@example.com"
INTERRUPTED = 130
SAMPLE = 5
NEW_PRICE = 777
INTRODUCTION = """\
EvoSync's demo: the goods of a till appear in VK and stay equal to the till. Evotor, VK and the mailbox
are stand-ins on this machine; nothing leaves it. {duration}
  1  an empty database with one merchant
  2  their till and their VK community are connected
  3  the first sync publishes about 440 goods; VK takes three requests a second
  4  the till changes, and the second sync brings the changes to VK
{last}
"""
LAST_ONCE = "Then the demo ends."
LAST_SERVE = "  5  the site opens at http://127.0.0.1:{port}/ and runs until Ctrl-C"
ENDING = """
The demo is ready.
  Open the site        {site}
                       log in as {email} with the password {password}
  Till, VK, sign-up    {page}
                       change prices there, or connect a second shop as a new merchant
  Mails                {mailbox}

Try this in a second terminal: it changes a price in the till and shows when VK has it.
  {command}

To walk a merchant's first day, sign up at {site}accounts/signup/ and connect:
  Evotor token         {evotor_token}
  VK token             {vk_token}
  VK community         {community}

Ctrl-C ends the demo.
"""


def mail_settings(mailbox: Mailbox) -> dict[str, Any]:
    """Return the email settings under which Django's own SMTP backend sends to a mailbox of the sandbox."""
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": mailbox.smtp_port,
        "EMAIL_HOST_USER": "",
        "EMAIL_HOST_PASSWORD": "",
        "EMAIL_USE_TLS": False,
        "EMAIL_USE_SSL": False,
    }


@dataclass(frozen=True, slots=True)
class Opened:
    """What the site is opened with after the story."""

    box: Sandbox
    mailbox: Mailbox
    user: User
    password: str = field(repr=False)
    lock: DemoLock


class Command(BaseCommand):
    help = (
        "Run the whole story on a sandbox: connect, preview, publish, change the till, sync, serve the site."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="end after the second sync")
        parser.add_argument(
            "--port", type=int, help="where the site is served; without it the first free port from 8000 on"
        )
        parser.add_argument(
            "--vk-rate", type=int, default=3, metavar="N", help="VK's requests a second; 0 for no limit"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        folder = demo_folder()
        if Path(settings.DATABASES["default"]["NAME"]).parent != folder:
            raise CommandError("The demo erases its database, so it runs only as manage.py demo, on its own.")
        try:
            self._run_in(folder, options)
        except KeyboardInterrupt:
            self.stdout.write("\nThe demo was stopped.")
            sys.exit(INTERRUPTED)

    def _run_in(self, folder: Path, options: dict[str, Any]) -> None:
        with self._locked(folder) as lock, contextlib.ExitStack() as stack:
            port = None if options["once"] else stack.enter_context(self._reserved(options["port"]))
            self._introduce(port, options["vk_rate"])
            box = stack.enter_context(Sandbox(vk_rate=options["vk_rate"]))
            mailbox = stack.enter_context(Mailbox(on_mail=self._show_mail))
            self._point_settings_at(box, mailbox, options["vk_rate"])
            user, password = self._tell_the_story(box, folder)
            if port is not None:
                self._serve(Opened(box, mailbox, user, password, lock), port)

    @contextlib.contextmanager
    def _locked(self, folder: Path) -> Iterator[DemoLock]:
        try:
            with lock_folder(folder) as lock:
                yield lock
        except AlreadyRunning as error:
            where = f" at {error.running.site}" if error.running.site else ""
            raise CommandError(
                f"{error} Use the running one{where}, or end it with Ctrl-C where it was started "
                f"(or: kill {error.running.pid}). Nothing was changed."
            ) from None

    @contextlib.contextmanager
    def _reserved(self, wanted: int | None) -> Iterator[socket.socket]:
        try:
            held = reserve_port(wanted)
        except PortTaken as error:
            raise CommandError(
                f"{error} is used by another program. Nothing was started. Choose another port: "
                "make demo PORT=8080. Without PORT the demo looks for a free one."
            ) from None
        except ValueError as error:
            raise CommandError(f"{error}. Choose one from 1 to 65535.") from None
        with held:
            yield held

    def _introduce(self, port: socket.socket | None, vk_rate: int) -> None:
        duration = "It takes a minute or two:" if vk_rate else "It takes half a minute:"
        last = LAST_ONCE if port is None else LAST_SERVE.format(port=port_of(port))
        self.stdout.write(INTRODUCTION.format(duration=duration, last=last))
        self.stdout.flush()

    def _tell_the_story(self, box: Sandbox, folder: Path) -> tuple[User, str]:
        fill_with_demo(box.evotor)
        self._phase(1, "Making an empty database with one merchant")
        user, password = self._register(folder)
        self._phase(2, "Connecting the till and the VK community")
        self._connect(user, box)
        self._phase(3, "First sync: all goods that may be sold go to VK")
        self._publish(user)
        self._phase(4, "The till changes: one price, one sale, one product gone, one new. Second sync")
        self._change_the_till(box)
        self._publish(user)
        return user, password

    def _point_settings_at(self, box: Sandbox, mailbox: Mailbox, vk_rate: int) -> None:
        """Let this process speak to the stand-ins; all hosts come from settings."""
        # DEBUG=1 chose plain HTTP. From here on error pages are ours, and no list of queries grows.
        settings.DEBUG = False
        settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = True
        settings.EVOTOR_API_URL = box.evotor_url
        settings.EVOTOR_WEBHOOK_TOKEN = [secrets.token_urlsafe(24)]
        settings.VK_API_URL = box.vk_url
        settings.VK_ID_URL = box.vk_id_url
        settings.VK_CLIENT_ID = box.vk_app.client_id
        settings.VK_CLIENT_SECRET = box.vk_app.client_secret
        settings.VK_REQUESTS_PER_SECOND = float(vk_rate)
        box.vk_id.rules.any_redirect = True
        for name, value in mail_settings(mailbox).items():
            setattr(settings, name, value)

    def _show_mail(self, mail: Mail) -> None:
        """Print an email, so that its link can be opened from the console too."""
        self.stdout.write(f"\n== Mail to {mail.to}: {mail.subject}\n{mail.text}\n")
        self.stdout.flush()

    def _register(self, folder: Path) -> tuple[User, str]:
        """Begin with an empty database, no pictures and one confirmed merchant."""
        connection.close()
        database = Path(settings.DATABASES["default"]["NAME"])
        for file in folder.glob(f"{database.name}*"):
            file.unlink()
        settings.MEDIA_ROOT = str(folder / "media")
        shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)
        call_command("migrate", verbosity=0)
        password = secrets.token_urlsafe(9)
        user = User.objects.create_user(EMAIL, password, first_name="Анна", last_name="Соседова")
        EmailAddress.objects.create(user=user, email=EMAIL, verified=True, primary=True)
        return user, password

    def _connect(self, user: User, box: Sandbox) -> None:
        now = timezone.now()
        connect_evotor(user, token=box.evotor_token, now=now)
        connect_vk(user, token=box.vk_token, group=box.group_id, now=now)
        set_enabled(user, enabled=True)
        # A newcomer who types another price wants to see it in VK, however far it is from the old one.
        configure(user, values={"price_hold_percent": ""})
        box.vk.create_item("Открытка ручной работы")
        self._say("One item was made in VK by hand; EvoSync never touches it.")

    def _publish(self, user: User) -> None:
        started = time.monotonic()
        report = io.StringIO()
        call_command("refresh_catalog", user.email, stdout=report, stderr=io.StringIO())
        self._say(f"Read the till: {report.getvalue().strip().splitlines()[-1]}")
        self._show_plan(user)
        job = self._run(user)
        requests = job.requests
        self._say(
            f"Done in {time.monotonic() - started:.0f} s: created {job.items_created}, updated "
            f"{job.items_updated}, hidden {job.items_hidden}, left out {job.items_skipped}, unchanged "
            f"{job.items_unchanged}, errors {job.error_count}; {requests['vk']} requests to VK "
            f"(at least {requests['vk_lower_bound']} are needed) and {requests['uploads']} pictures"
        )
        if job.status != SyncJob.Status.SUCCESS:
            raise CommandError(f"The run ended as {job.status}: {job.error_code} {job.error_detail}")

    def _show_plan(self, user: User) -> None:
        plan = preview(user)
        self._say(f"The plan has {len(plan.actions)} steps:")
        for action in plan.actions[:SAMPLE]:
            changes = "".join(
                f" · {name}: {old} → {new}"
                for name, (old, new) in action.changes.items()
                if name != "description"
            )
            self._say(f"  {action.kind.value:8} {action.name.strip()}{changes}")
        if len(plan.actions) > SAMPLE:
            self._say(f"  … and {len(plan.actions) - SAMPLE} more")
        for skip in plan.skipped[:3]:
            self._say(f"  left out {skip.name.strip()}: {skip.reason} {skip.detail}")

    def _run(self, user: User) -> SyncJob:
        job = request_sync(user, trigger=SyncJob.Trigger.COMMAND)
        with Progress() as progress:
            return run_to_end(job, options=RunOptions(refresh=False, progress=progress))

    def _change_the_till(self, box: Sandbox) -> None:
        """Change a price, sell one, take one out and bring a new one, as a shop does in an hour."""
        store = next(iter(box.evotor.stores.values()))
        goods = [product for product in store.products.values() if product.fields.get("type") == "NORMAL"]
        dearer, sold, gone = goods[10:13]
        box.evotor.edit_product(store.id, dearer.id, price=199.9)
        box.evotor.sell(store.id, sold.id, 1)
        box.evotor.delete_product(store.id, gone.id)
        box.evotor.add_product(
            store.id, "Новинка: кружка «Тула» 350 мл", price=349.5, quantity=6, measure_name="шт"
        )

    def _serve(self, opened: Opened, held: socket.socket) -> None:
        port = port_of(held)
        site = f"http://127.0.0.1:{port}/"
        settings.SITE_URL = site.rstrip("/")
        self._phase(5, f"Opening the site at {site}")
        shop = add_second_shop(opened.box)
        connection.close()
        # Importing it starts the workers, so it has to wait for the database and the settings.
        from evosync import embedded
        from evosync.wsgi import application

        # Now that logging is set up for good: a line for every request would hide the emails.
        logging.getLogger("django.server").setLevel(logging.WARNING)
        with DemoPage(opened.box, shop, site=site, mailbox=opened.mailbox.url) as page:

            def on_bind(_port: object) -> None:
                threading.Thread(target=self._open, args=(opened, shop, page, site), daemon=True).start()

            held.close()
            try:
                # Typed for Django's own handler; it takes every WSGI application.
                serve("127.0.0.1", port, application, threading=True, on_bind=on_bind)  # type: ignore[arg-type]
            except KeyboardInterrupt:
                self.stdout.write("The demo has ended.")
            finally:
                # While the stand-ins still answer: a run that hears nothing any more would wait for them.
                embedded.stop()
                connections.close_all()

    def _open(self, opened: Opened, shop: SecondShop, page: DemoPage, site: str) -> None:
        """Install EvoSync on the first till, so that it reports its changes, and say what to try."""
        box, user = opened.box, opened.user
        pushes = Pushes(box.evotor, f"{site}evotor", app_token=settings.EVOTOR_WEBHOOK_TOKEN[0])
        pushes.install(user_id=box.evotor.user_id, code=issue_link_code(user, now=timezone.now()))
        connection.close()
        box.evotor_control.on_change, box.evotor_control.on_sale = pushes.report, pushes.report_sale
        page.pushes = pushes
        opened.lock.write(running_demo(box, site))
        make = f"make demo-price PRICE={NEW_PRICE}"
        if os.environ.get("DEMO_DIR"):
            make = f"DEMO_DIR={shlex.quote(os.environ['DEMO_DIR'])} {make}"
        self.stdout.write(
            ENDING.format(
                site=site,
                email=user.email,
                password=opened.password,
                page=page.url,
                mailbox=opened.mailbox.url,
                command=make,
                evotor_token=shop.evotor_token,
                vk_token=shop.vk_token,
                community=shop.community,
            )
        )
        self.stdout.flush()

    def _phase(self, number: int, text: str) -> None:
        self.stdout.write(f"[{number}] {text}")
        self.stdout.flush()

    def _say(self, text: str) -> None:
        self.stdout.write(f"    {text}")
        self.stdout.flush()


def running_demo(box: Sandbox, site: str) -> Running:
    """Return where this demo is reached, with a product of the till that VK shows under its own name."""
    titles = {item.title for item in box.vk.live_items()}
    store = next(iter(box.evotor.stores.values()))
    product = next(one for one in store.products.values() if one.fields["name"] in titles)
    return Running(
        pid=os.getpid(),
        site=site,
        evotor=box.evotor_url,
        vk=box.vk_url,
        product_id=product.id,
        title=str(product.fields["name"]),
    )
