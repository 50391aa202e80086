"""Notes for a product in a run which of the merchant's rules decided; the release before writes none."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("syncing", "0030_show_support_the_held_prices"),
    ]

    operations = [
        migrations.AddField(
            model_name="syncjobitem",
            name="rules",
            field=models.JSONField(blank=True, editable=False, null=True, verbose_name="rules"),
        ),
    ]
