"""Notes of each product when the till took away what had kept it out of VK."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0019_keep_the_groups_that_groups_left"),
    ]

    operations = [
        migrations.AddField(
            model_name="product",
            name="unmarked_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
    ]
