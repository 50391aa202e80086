"""Makes the group "Support": it sees everything, changes nothing, and may look where merchants allow it."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

NAME = "Support"
# Permissions are rows that Django makes after all migrations; those that the group needs are made here,
# with the names that Django would give them, and Django then finds them.
VIEWED = {
    "account": ("emailaddress",),
    "accounts": ("supportvisit", "user"),
    "admin": ("logentry",),
    "auth": ("group",),
    "catalog": ("product", "productgroup", "productphoto", "store"),
    "connections": (
        "bindingaudit",
        "evotorconnection",
        "evotorsubscription",
        "healthchecklog",
        "linkcode",
        "vkconnection",
        "webhookevent",
    ),
    "django_dramatiq": ("task",),
    "mfa": ("authenticator",),
    "syncing": ("album", "feed", "listing", "syncconfig", "syncfilter", "syncjob", "syncjobitem"),
    "usersessions": ("usersession",),
}


def make_group(apps: Apps, schema_editor: BaseDatabaseSchemaEditor | None) -> None:
    """Make the group with its permissions; run again, it adds what is missing."""
    group, _made = apps.get_model("auth", "Group").objects.get_or_create(name=NAME)
    wanted = [
        (label, model, f"view_{model}", f"Can view {model}")
        for label, models in VIEWED.items()
        for model in models
    ]
    wanted.append(
        ("accounts", "supportvisit", "look_as_merchant", "May look at the pages of merchants who allow it")
    )
    for label, model, codename, name in wanted:
        kind, _made = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
            app_label=label, model=model
        )
        permission, _made = apps.get_model("auth", "Permission").objects.get_or_create(
            content_type=kind, codename=codename, defaults={"name": name}
        )
        group.permissions.add(permission)


def remove_group(apps: Apps, schema_editor: BaseDatabaseSchemaEditor | None) -> None:
    """Remove the group; its members stay staff without rights."""
    apps.get_model("auth", "Group").objects.filter(name=NAME).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_let_support_look"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(make_group, remove_group)]
