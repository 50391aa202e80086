"""Notes of each product which type had kept it out of VK, where the till has told another one since."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0020_note_when_marks_were_taken_away"),
    ]

    operations = [
        migrations.AddField(
            model_name="product",
            name="unmarked_type",
            field=models.CharField(blank=True, db_default="", default="", editable=False, max_length=64),
        ),
    ]
