"""Keeps the names of the groups above a group when the till last told one."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0018_keep_the_groups_that_goods_left"),
    ]

    operations = [
        migrations.AddField(
            model_name="productgroup",
            name="left_groups",
            field=models.JSONField(editable=False, null=True),
        ),
    ]
