"""Gives groups that may view binding records the same right under the model's new name.

The old permission stays for the release that still runs; `remove_stale_contenttypes` clears it later.
"""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def allow(apps: Apps, schema_editor: BaseDatabaseSchemaEditor | None) -> None:
    """Add the new permission to every group that has the old one."""
    kind, _made = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="connections", model="linkingrecord"
    )
    permission, _made = apps.get_model("auth", "Permission").objects.get_or_create(
        content_type=kind, codename="view_linkingrecord", defaults={"name": "Can view link record"}
    )
    for group in apps.get_model("auth", "Group").objects.filter(
        permissions__content_type__app_label="connections", permissions__codename="view_bindingaudit"
    ):
        group.permissions.add(permission)


def forbid(apps: Apps, schema_editor: BaseDatabaseSchemaEditor | None) -> None:
    """Take the new permission back."""
    apps.get_model("auth", "Permission").objects.filter(
        content_type__app_label="connections", codename="view_linkingrecord"
    ).delete()


class Migration(migrations.Migration):
    dependencies = [("connections", "0010_rename_binding_audit")]

    operations = [migrations.RunPython(allow, forbid)]
