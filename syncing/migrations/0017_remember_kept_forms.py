"""Remembers what VK makes of values that it does not give back as they were sent."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("syncing", "0016_remember_source_gaps")]

    operations = [
        migrations.AddField(
            model_name="listing",
            name="kept_forms",
            field=models.JSONField(editable=False, null=True),
        ),
    ]
