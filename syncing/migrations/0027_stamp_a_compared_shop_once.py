"""Keeps when a whole shop was last compared, in place of a stamp on each of its items."""

from django.db import migrations, models


class Migration(migrations.Migration):
    # The running release neither reads nor writes the column.
    dependencies = [("syncing", "0026_show_support_the_feeds_for_readers")]

    operations = [
        migrations.AddField(
            model_name="shoplimits",
            name="verified_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="verified"),
        ),
    ]
