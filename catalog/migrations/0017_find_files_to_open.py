"""Lets the schedule find the files that wait to be opened or compared without reading all files of all imports."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0016_know_a_stores_text_again"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="photoimportfile",
            index=models.Index(fields=["photo_import", "state", "is_matched"], name="import_file_by_work"),
        ),
    ]
