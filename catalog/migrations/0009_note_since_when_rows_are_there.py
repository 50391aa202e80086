"""Notes since when stores, groups and products are in the till, to know which of them came later."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalog", "0008_keep_last_known_values")]

    operations = [
        migrations.AddField(
            model_name=model,
            name="present_since",
            field=models.DateTimeField(blank=True, null=True, verbose_name="in the till since"),
        )
        for model in ("store", "productgroup", "product")
    ]
