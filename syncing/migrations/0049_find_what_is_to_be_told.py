"""Lets the schedule find what is to be told, and retention what has ended, without reading every trouble."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("syncing", "0048_remember_the_price_of_a_lost_item"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="notification",
            name="notice_by_time",
        ),
        migrations.AddIndex(
            model_name="notification",
            index=models.Index(fields=["queued_at", "open_key"], name="notice_to_begin"),
        ),
        migrations.AddIndex(
            model_name="notification",
            index=models.Index(
                fields=["tell_end", "end_queued_at", "end_sent_at", "sent_at"], name="notice_to_end"
            ),
        ),
        migrations.AddIndex(
            model_name="notification",
            index=models.Index(fields=["closed_at"], name="notice_by_end"),
        ),
    ]
