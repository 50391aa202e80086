"""Notes which fields and groups the till no longer tells, so that their last known values can stand."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalog", "0007_keep_a_products_photo_once")]

    operations = [
        migrations.AddField(
            model_name="product",
            name="untold_fields",
            field=models.JSONField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="productgroup",
            name="unlisted_since",
            field=models.DateTimeField(blank=True, null=True, verbose_name="not listed since"),
        ),
        migrations.AddField(
            model_name="productgroup",
            name="untold_fields",
            field=models.JSONField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="store",
            name="problem_detail",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=255, verbose_name="concerned"
            ),
        ),
    ]
