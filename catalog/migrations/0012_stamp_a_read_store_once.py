"""Stamps a store whose goods were all read, instead of each of them, and keeps what an unchanged reading said."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0011_put_photos_in_order"),
    ]

    operations = [
        migrations.AddField(
            model_name="store",
            name="goods_seen_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="store",
            name="reading_key",
            field=models.CharField(db_default="", default="", editable=False, max_length=64),
        ),
        migrations.AddField(
            model_name="store",
            name="reading_compared_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
    ]
