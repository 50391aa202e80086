"""Lets the group "Support" see imports of photos."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

GROUP = "Support"
# Each with the name that Django would give the permission.
MODELS = (
    ("photoimport", "Can view import of photos"),
    ("photoimportfile", "Can view file of an import"),
)


def allow(apps: Apps, schema_editor: BaseDatabaseSchemaEditor | None) -> None:
    """Give the group the permissions."""
    group, _made = apps.get_model("auth", "Group").objects.get_or_create(name=GROUP)
    for model, name in MODELS:
        kind, _made = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
            app_label="catalog", model=model
        )
        permission, _made = apps.get_model("auth", "Permission").objects.get_or_create(
            content_type=kind, codename=f"view_{model}", defaults={"name": name}
        )
        group.permissions.add(permission)


def forbid(apps: Apps, schema_editor: BaseDatabaseSchemaEditor | None) -> None:
    """Take the permissions back."""
    codenames = [f"view_{model}" for model, _name in MODELS]
    found = apps.get_model("auth", "Permission").objects.filter(codename__in=codenames)
    for group in apps.get_model("auth", "Group").objects.filter(name=GROUP):
        group.permissions.remove(*found)


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0014_keep_imports_of_photos"),
        ("accounts", "0003_add_support_group"),
    ]

    operations = [migrations.RunPython(allow, forbid)]
