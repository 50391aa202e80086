"""Lets the group "Support" view operator alerts."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def allow(apps: Apps, schema_editor: BaseDatabaseSchemaEditor | None) -> None:
    """Add the permission to the group where there is one; Django finds the row later."""
    kind, _made = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="connections", model="operatoralert"
    )
    permission, _made = apps.get_model("auth", "Permission").objects.get_or_create(
        content_type=kind, codename="view_operatoralert", defaults={"name": "Can view operator alert"}
    )
    for group in apps.get_model("auth", "Group").objects.filter(name="Support"):
        group.permissions.add(permission)


def forbid(apps: Apps, schema_editor: BaseDatabaseSchemaEditor | None) -> None:
    """Take the permission back."""
    apps.get_model("auth", "Permission").objects.filter(
        content_type__app_label="connections", codename="view_operatoralert"
    ).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_add_support_group"),
        ("connections", "0006_add_operator_alerts"),
    ]

    operations = [migrations.RunPython(allow, forbid)]
