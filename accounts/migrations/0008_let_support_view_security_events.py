"""Lets the group "Support" view security events."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def allow(apps: Apps, schema_editor: BaseDatabaseSchemaEditor | None) -> None:
    """Add the permission to the group where there is one; Django finds the row later."""
    kind, _made = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="accounts", model="securityevent"
    )
    permission, _made = apps.get_model("auth", "Permission").objects.get_or_create(
        content_type=kind, codename="view_securityevent", defaults={"name": "Can view security event"}
    )
    for group in apps.get_model("auth", "Group").objects.filter(name="Support"):
        group.permissions.add(permission)


def forbid(apps: Apps, schema_editor: BaseDatabaseSchemaEditor | None) -> None:
    """Take the permission back."""
    apps.get_model("auth", "Permission").objects.filter(
        content_type__app_label="accounts", codename="view_securityevent"
    ).delete()


class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_add_security_events")]

    operations = [migrations.RunPython(allow, forbid)]
