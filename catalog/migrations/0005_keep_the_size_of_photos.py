"""Keeps how large a photo's file is, so that a merchant's photos can be bounded."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalog", "0004_note_reported_receipts")]

    operations = [
        migrations.AddField(
            model_name="productphoto",
            name="size_bytes",
            field=models.PositiveIntegerField(editable=False, null=True, verbose_name="size, bytes"),
        ),
    ]
