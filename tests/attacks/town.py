"""What is attacked: the roles of compose.yaml behind the proxy, with a victim whose things are marked."""

import contextlib
import hashlib
import os
import secrets
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.attacks.visitors import Net, Visitor
from tests.deploy.installation import collect_static, database_users, migrate, variables_for
from tests.deploy.proxy import Proxy
from tests.deploy.roles import Role, environment_of
from tests.servers import MariaDb, Redis

if TYPE_CHECKING:
    from accounts.models import User

PASSWORD = "correct horse battery 17"
# The first id of every table: the victim's rows have it, whatever they are.
FIRST_ID = 4242
VICTIM, MERCHANT = "victim@example.com", "merchant@example.com"
STAFF = {"support": "support@example.com", "superuser": "boss@example.com"}
MARK = "Opfergut7391"
APP_TOKEN = secrets.token_hex(24)


@dataclass
class Town:
    """The running installation, its people, and what must not get out."""

    web: Role
    net: Net
    victim: "User"
    merchant: "User"
    secrets: list[str]
    people: dict[str, Visitor] = field(default_factory=dict)

    def marks(self) -> list[str]:
        """Return what shows that an answer tells of the victim."""
        return [VICTIM, MARK, *self.secrets]

    def told_in(self, text: str) -> list[str]:
        """Return the marks that a text holds."""
        return [mark for mark in self.marks() if mark in text]


def state_of(user: "User") -> str:
    """Return a fingerprint of everything that belongs to a merchant, without what merely counts."""
    from django.apps import apps
    from django.core import serializers

    digest = hashlib.sha256()
    for model in sorted(apps.get_models(), key=lambda model: model._meta.label):
        names = {found.name for found in model._meta.get_fields() if found.related_model is type(user)}
        if model is type(user):
            rows: Any = model.objects.filter(pk=user.pk)
        elif "user" in names and model._meta.label not in {
            "accounts.SecurityEvent",
            "usersessions.UserSession",
            "admin.LogEntry",
            # Asking whether a token still works is no change.
            "connections.HealthCheckLog",
        }:
            rows = model._base_manager.filter(user=user)
        else:
            continue
        kept = [found.name for found in model._meta.fields if found.name not in COUNTED]
        digest.update(serializers.serialize("json", rows.order_by("pk"), fields=kept).encode())
    return digest.hexdigest()


COUNTED = {"last_login", "updated_at", "last_checked_at", "checked_at", "last_used_at", "read_at"}


@contextlib.contextmanager
def running() -> Iterator[Town]:
    """Start everything, and end it."""
    with tempfile.TemporaryDirectory(prefix="evosync-attacks-") as name, contextlib.ExitStack() as stack:
        folder = Path(name)
        mariadb = stack.enter_context(MariaDb(database_users()))
        redis = stack.enter_context(Redis())
        variables = variables_for(mariadb, redis, folder) | {
            "WEB_WORKERS": "2",
            "EVOTOR_WEBHOOK_TOKEN": APP_TOKEN,
            # Nobody listens there: no attack may reach the real services.
            "EVOTOR_API_URL": "http://127.0.0.1:9",
            "EVOTOR_OAUTH_URL": "http://127.0.0.1:9",
            "VK_API_URL": "http://127.0.0.1:9",
            "VK_ID_URL": "http://127.0.0.1:9",
        }
        migrate(variables, folder / "migrate.log")
        collect_static(variables, folder / "static.log")
        _set_django_up(variables)
        victim, merchant, hidden = _people()
        web = stack.enter_context(Role("web", variables, folder / "web.log"))
        stack.enter_context(Role("worker", variables, folder / "worker.log"))
        web.wait_until_healthy(60)
        proxy = stack.enter_context(Proxy(int(variables["PORT"])))
        town = Town(web, Net(proxy), victim, merchant, hidden)
        town.people = {"stranger": Visitor(town.net), "merchant": logged_in(town.net, MERCHANT)}
        # Their passwords alone: a second factor is what the admin asks for.
        town.people |= {role: logged_in(town.net, email) for role, email in STAFF.items()}
        yield town


def logged_in(net: Net, email: str) -> Visitor:
    """Return the browser of somebody who has logged in by password."""
    visitor = Visitor(net)
    answer = visitor.log_in(email, PASSWORD)
    assert visitor.has_session, f"{email} cannot log in: {answer.status} {answer.location}"
    return visitor


def _set_django_up(variables: dict[str, str]) -> None:
    """Let this process read and write the database, as the user who migrates."""
    os.environ.update(environment_of("web", variables) | {"DATABASE_URL": variables["DATABASE_URL"]})
    os.environ.update(
        MEDIA_ROOT=variables["MEDIA_ROOT"], STATIC_ROOT=variables["STATIC_ROOT"], ENV_FILE=os.devnull
    )
    import django

    django.setup()


def _people() -> tuple["User", "User", list[str]]:
    """Make the victim, whose rows come first in every table, the merchant who attacks, and staff."""
    from django.db import connection

    from tests.secrets import plant
    from tests.web.shop import Shop

    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table != "django_migrations":
                cursor.execute(f"ALTER TABLE `{table}` AUTO_INCREMENT = {FIRST_ID}")
    victim = person(VICTIM, first_name=MARK, last_name=MARK)
    shop = Shop(victim)
    for row in (shop.store, shop.food, shop.bakery, shop.bread, shop.milk, shop.beer):
        type(row)._base_manager.filter(pk=row.pk).update(name=f"{MARK} {row.name}")
    _fill(shop)
    hidden = plant(victim)
    merchant = person(MERCHANT)
    Shop(merchant, vk_group_id=99)
    person(STAFF["support"], is_staff=True)
    person(STAFF["superuser"], is_staff=True, is_superuser=True)
    return victim, merchant, hidden


def _fill(shop: Any) -> None:
    """Give the victim a row in the tables that addresses lead to."""
    from model_bakery import baker

    from catalog.models import ProductPhoto
    from syncing.models import Album, Notification, SyncFilter, SyncJob

    job = shop.job(SyncJob.Status.NEEDS_APPROVAL, error_detail=MARK)
    shop.item(job, shop.bread, error_text=MARK, result="failed", error_code="vk.100")
    baker.make(ProductPhoto, user=shop.user, product=shop.bread, file="photos/a.jpg", content_hash="a" * 64)
    baker.make(
        SyncFilter, sync_config=shop.config, entity_type="group", entity_id="food", filter_mode="include"
    )
    baker.make(Album, user=shop.user, vk_group_id=shop.vk_group_id, key=MARK, vk_album_id=3)
    baker.make(Notification, user=shop.user, job=job, trouble="errors", open_key=f"{shop.user.pk}:errors")


def person(email: str, **fields: Any) -> "User":
    """Make somebody who can log in."""
    from allauth.account.models import EmailAddress

    from accounts.models import User

    user = User.objects.create_user(email, PASSWORD, **fields)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user
