"""Lets the group "Support" see which troubles merchants were told of, and who is leaving."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

GROUP = "Support"
VIEWED = ("notice", "farewell")


def allow(apps: Apps, schema_editor: BaseDatabaseSchemaEditor | None) -> None:
    """Give the group both permissions, with the names that Django would give them."""
    group, _made = apps.get_model("auth", "Group").objects.get_or_create(name=GROUP)
    for model in VIEWED:
        kind, _made = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
            app_label="syncing", model=model
        )
        permission, _made = apps.get_model("auth", "Permission").objects.get_or_create(
            content_type=kind, codename=f"view_{model}", defaults={"name": f"Can view {model}"}
        )
        group.permissions.add(permission)


def forbid(apps: Apps, schema_editor: BaseDatabaseSchemaEditor | None) -> None:
    """Take both permissions back."""
    names = [f"view_{model}" for model in VIEWED]
    found = apps.get_model("auth", "Permission").objects.filter(
        content_type__app_label="syncing", codename__in=names
    )
    for group in apps.get_model("auth", "Group").objects.filter(name=GROUP):
        group.permissions.remove(*found)


class Migration(migrations.Migration):
    dependencies = [
        ("syncing", "0005_keep_decisions_notices_and_farewells"),
        ("accounts", "0003_add_support_group"),
    ]

    operations = [migrations.RunPython(allow, forbid)]
