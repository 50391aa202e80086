"""Remembers which albums VK refuses to make, rename or remove, and which it takes no items out of."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("syncing", "0021_let_filters_follow_goods")]

    operations = [
        migrations.AddField(
            model_name="shoplimits",
            name="album_refusals",
            field=models.JSONField(blank=True, null=True, verbose_name="refused albums"),
        ),
        migrations.AddField(
            model_name="listing",
            name="stay_refusal",
            field=models.JSONField(editable=False, null=True),
        ),
    ]
