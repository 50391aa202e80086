"""Names one more kind of result that workers compute."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("syncing", "0027_stamp_a_compared_shop_once"),
    ]

    operations = [
        migrations.AlterField(
            model_name="computation",
            name="kind",
            field=models.CharField(
                choices=[
                    ("preview", "preview of a run"),
                    ("feed", "feed"),
                    ("catalog", "goods that are left out"),
                    ("rule", "rule that is tried"),
                ],
                max_length=8,
                verbose_name="kind",
            ),
        ),
    ]
