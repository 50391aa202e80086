"""Keeps the names of the groups that a product stood in when the till last told one."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0017_find_files_to_open"),
    ]

    operations = [
        migrations.AddField(
            model_name="product",
            name="left_groups",
            field=models.JSONField(editable=False, null=True),
        ),
    ]
