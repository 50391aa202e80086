"""Remembers what the till left untold when VK was last made equal to it, so that it is asked about once."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("syncing", "0015_show_support_the_limits")]

    operations = [
        migrations.AddField(
            model_name="syncconfig",
            name="source_gaps",
            field=models.JSONField(editable=False, null=True),
        ),
    ]
