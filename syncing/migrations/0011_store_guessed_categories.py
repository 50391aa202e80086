"""Keeps VK categories that runs guess for groups, and those that merchants choose for single products."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("syncing", "0010_write_out_shortenings"),
    ]

    operations = [
        migrations.AddField(
            model_name="syncconfig",
            name="category_by_product",
            field=models.JSONField(blank=True, null=True, verbose_name="VK category by product"),
        ),
        migrations.AddField(
            model_name="syncconfig",
            name="guessed_by_group",
            field=models.JSONField(blank=True, null=True, verbose_name="guessed VK category by group"),
        ),
    ]
