"""Remembers over which connections a service answers slowly."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("connections", "0012_find_unfinished_events"),
    ]

    operations = [
        migrations.AddField(
            model_name=name,
            name="slow_until",
            field=models.DateTimeField(blank=True, null=True, verbose_name="answers slowly until"),
        )
        for name in ("evotorconnection", "vkconnection")
    ]
