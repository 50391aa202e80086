"""Lets the group "Support" see the rules that merchants gave for goods."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

GROUP = "Support"
MODEL, WORDS = "goodsrule", "rule for goods"


def allow(apps: Apps, schema_editor: BaseDatabaseSchemaEditor | None) -> None:
    """Give the group the permission, with the name that Django would give it."""
    group, _made = apps.get_model("auth", "Group").objects.get_or_create(name=GROUP)
    kind, _made = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="syncing", model=MODEL
    )
    permission, _made = apps.get_model("auth", "Permission").objects.get_or_create(
        content_type=kind, codename=f"view_{MODEL}", defaults={"name": f"Can view {WORDS}"}
    )
    group.permissions.add(permission)


def forbid(apps: Apps, schema_editor: BaseDatabaseSchemaEditor | None) -> None:
    """Take the permission back."""
    found = apps.get_model("auth", "Permission").objects.filter(
        content_type__app_label="syncing", codename=f"view_{MODEL}"
    )
    for group in apps.get_model("auth", "Group").objects.filter(name=GROUP):
        group.permissions.remove(*found)


class Migration(migrations.Migration):
    dependencies = [
        ("syncing", "0019_keep_rules_for_goods"),
        ("accounts", "0003_add_support_group"),
    ]

    operations = [migrations.RunPython(allow, forbid)]
