"""Gives groups that may view notices and farewells the same right under the models' new names.

The old permissions stay for the release that still runs; `remove_stale_contenttypes` clears them later.
"""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

RENAMED = {
    "notice": ("notification", "notification"),
    "farewell": ("accountclosure", "account closure"),
}


def allow(apps: Apps, schema_editor: BaseDatabaseSchemaEditor | None) -> None:
    """Add the new permission to every group that has the old one."""
    permissions = apps.get_model("auth", "Permission").objects
    for old, (new, words) in RENAMED.items():
        kind, _made = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
            app_label="syncing", model=new
        )
        permission, _made = permissions.get_or_create(
            content_type=kind, codename=f"view_{new}", defaults={"name": f"Can view {words}"}
        )
        for group in apps.get_model("auth", "Group").objects.filter(
            permissions__content_type__app_label="syncing", permissions__codename=f"view_{old}"
        ):
            group.permissions.add(permission)


def forbid(apps: Apps, schema_editor: BaseDatabaseSchemaEditor | None) -> None:
    """Take the new permissions back."""
    names = [f"view_{new}" for new, _words in RENAMED.values()]
    apps.get_model("auth", "Permission").objects.filter(
        content_type__app_label="syncing", codename__in=names
    ).delete()


class Migration(migrations.Migration):
    dependencies = [("syncing", "0008_rename_notices_and_farewells")]

    operations = [migrations.RunPython(allow, forbid)]
