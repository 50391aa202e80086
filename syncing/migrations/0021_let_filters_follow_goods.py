"""Lets filters follow goods and groups that came back under other ids, and remembers answers about them."""

from django.db import migrations, models

import evosync.common.fields


class Migration(migrations.Migration):
    dependencies = [("syncing", "0020_let_support_view_goods_rules")]

    operations = [
        migrations.AddField(
            model_name="syncfilter",
            name="follows",
            field=evosync.common.fields.ExactCharField(
                blank=True, db_default="", default="", editable=False, max_length=36
            ),
        ),
        migrations.AddField(
            model_name="syncfilter",
            name="answered_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
    ]
