"""Notes on a store that its till has reported a change, so that a run reads that store alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalog", "0002_index_products_by_evotor_id")]

    operations = [
        migrations.AddField(
            model_name="store",
            name="pushed_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="change reported"),
        ),
    ]
