"""Lets the group "Support" see the tags on products."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

GROUP, CODENAME = "Support", "view_producttag"


def allow(apps: Apps, schema_editor: BaseDatabaseSchemaEditor | None) -> None:
    """Give the group the permission, with the name that Django would give it."""
    group, _made = apps.get_model("auth", "Group").objects.get_or_create(name=GROUP)
    kind, _made = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="syncing", model="producttag"
    )
    permission, _made = apps.get_model("auth", "Permission").objects.get_or_create(
        content_type=kind, codename=CODENAME, defaults={"name": "Can view tag on a product"}
    )
    group.permissions.add(permission)


def forbid(apps: Apps, schema_editor: BaseDatabaseSchemaEditor | None) -> None:
    """Take the permission back."""
    found = apps.get_model("auth", "Permission").objects.filter(codename=CODENAME)
    for group in apps.get_model("auth", "Group").objects.filter(name=GROUP):
        group.permissions.remove(*found)


class Migration(migrations.Migration):
    dependencies = [
        ("syncing", "0041_tag_products"),
        ("accounts", "0003_add_support_group"),
    ]

    operations = [migrations.RunPython(allow, forbid)]
