"""Keeps VK's categories in one row, and lets the group "Support" see it."""

import django.utils.timezone
from django.apps.registry import Apps
from django.db import migrations, models
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
        ("syncing", "0051_show_support_the_written_tables"),
        ("accounts", "0003_add_support_group"),
    ]

    operations = [
        migrations.CreateModel(
            name="CategoryTree",
            fields=[
                (
                    "id",
                    models.PositiveSmallIntegerField(
                        default=1, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("leaves", models.JSONField(default=list, verbose_name="categories")),
                (
                    "changed_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="changed"),
                ),
            ],
            options={
                "verbose_name": "VK's categories",
                "verbose_name_plural": "VK's categories",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="one_category_tree")
                ],
            },
        ),
        migrations.RunPython(allow, forbid),
    ]
