"""Keeps VK's categories in one row."""

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("syncing", "0051_show_support_the_written_tables")]

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
    ]
