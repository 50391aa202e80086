"""Lets the group "Support" see VK's categories."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

GROUP = "Support"
MODELS = {"categorytree": "Can view VK's categories"}


def allow(apps: Apps, schema_editor: BaseDatabaseSchemaEditor | None) -> None:
    """Give the group the permissions, with the names that Django would give them."""
    group, _made = apps.get_model("auth", "Group").objects.get_or_create(name=GROUP)
    for model, name in MODELS.items():
        kind, _made = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
            app_label="syncing", model=model
        )
        permission, _made = apps.get_model("auth", "Permission").objects.get_or_create(
            content_type=kind, codename=f"view_{model}", defaults={"name": name}
        )
        group.permissions.add(permission)


def forbid(apps: Apps, schema_editor: BaseDatabaseSchemaEditor | None) -> None:
    """Take the permissions back."""
    found = apps.get_model("auth", "Permission").objects.filter(
        codename__in=[f"view_{model}" for model in MODELS]
    )
    for group in apps.get_model("auth", "Group").objects.filter(name=GROUP):
        group.permissions.remove(*found)


class Migration(migrations.Migration):
    dependencies = [
        ("syncing", "0052_keep_vks_categories"),
        ("accounts", "0003_add_support_group"),
    ]

    operations = [migrations.RunPython(allow, forbid)]
