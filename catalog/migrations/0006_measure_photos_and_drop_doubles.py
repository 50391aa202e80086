"""Fills the sizes of photos' files and deletes rows that say the same of one product twice."""

from typing import Any

from django.db import migrations


def measure(apps: Any, schema_editor: Any) -> None:
    photos = apps.get_model("catalog", "ProductPhoto").objects.using(schema_editor.connection.alias)
    for photo in photos.filter(size_bytes=None).iterator(chunk_size=500):
        try:
            size = photo.file.size
        except (OSError, ValueError):
            # The file is not where the row says.
            size = 0
        photos.filter(pk=photo.pk).update(size_bytes=size)


def drop_doubles(apps: Any, schema_editor: Any) -> None:
    photos = apps.get_model("catalog", "ProductPhoto").objects.using(schema_editor.connection.alias)
    seen = set()
    for photo in photos.exclude(product=None).order_by("pk").iterator(chunk_size=500):
        if (photo.product_id, photo.content_hash) in seen:
            photo.file.delete(save=False)
            photos.filter(pk=photo.pk).delete()
        seen.add((photo.product_id, photo.content_hash))


class Migration(migrations.Migration):
    dependencies = [("catalog", "0005_keep_the_size_of_photos")]

    operations = [
        migrations.RunPython(measure, migrations.RunPython.noop),
        # A deleted double is not made again: its twin says the same.
        migrations.RunPython(drop_doubles, migrations.RunPython.noop),
    ]
