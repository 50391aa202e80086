"""Keeps what an item cost that VK has no more; the release before leaves it empty."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("syncing", "0047_let_workers_count_goods")]

    operations = [
        migrations.AddField(
            model_name="listing",
            name="lost_price",
            field=models.JSONField(editable=False, null=True),
        ),
    ]
