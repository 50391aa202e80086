"""Keeps which fields of an item VK refused; the release before leaves it empty."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("syncing", "0053_show_support_vks_categories")]

    operations = [
        migrations.AddField(
            model_name="listing",
            name="refused",
            field=models.JSONField(editable=False, null=True),
        ),
    ]
