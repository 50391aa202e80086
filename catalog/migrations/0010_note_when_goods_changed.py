"""Notes when the goods of a store last changed, so that what was computed from them is known to be old."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0009_note_since_when_rows_are_there"),
    ]

    operations = [
        migrations.AddField(
            model_name="store",
            name="changed_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="goods changed"),
        ),
    ]
