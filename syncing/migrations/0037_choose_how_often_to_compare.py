"""Lets the merchant choose how often VK is compared with the till; every hour, as before, by default."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("syncing", "0036_choose_texts_and_albums_by_group"),
    ]

    operations = [
        migrations.AddField(
            model_name="syncconfig",
            name="compare_every_hours",
            field=models.PositiveSmallIntegerField(
                choices=[(1, "every hour"), (3, "every 3 hours"), (6, "every 6 hours"), (24, "once a day")],
                db_default=1,
                default=1,
                verbose_name="comparison with the till",
            ),
        ),
    ]
