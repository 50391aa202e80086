"""Keeps the key of the text that a store's last unchanged reading came as."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0015_show_support_the_imports_of_photos"),
    ]

    operations = [
        migrations.AddField(
            model_name="store",
            name="pages_key",
            field=models.CharField(db_default="", default="", editable=False, max_length=64),
        ),
    ]
