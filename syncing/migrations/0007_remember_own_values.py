"""Remembers the texts and pictures that were EvoSync's own a moment ago, since VK's lists lag behind."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("syncing", "0006_show_support_letters")]

    operations = [
        migrations.AddField(
            model_name="listing",
            name="own_values",
            field=models.JSONField(blank=True, null=True, verbose_name="our own values of late"),
        ),
    ]
