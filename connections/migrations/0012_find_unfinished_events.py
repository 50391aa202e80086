"""Lets the schedule find the events that nobody has finished without reading all of them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("connections", "0011_let_groups_view_link_records"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="webhookevent",
            index=models.Index(fields=["handled_at", "parked_at", "received_at"], name="event_by_state"),
        ),
    ]
