"""Where merchants' pictures and built feeds are kept, as the settings say it."""

from typing import Any

FILES_ON_DISK = "django.core.files.storage.FileSystemStorage"
FILES_AS_OBJECTS = "evosync.common.object_storage.PrivateObjects"


def object_storage(
    *,
    bucket: str,
    access_key: str,
    secret_key: str,
    endpoint_url: str = "",
    region: str = "",
    folder: str = "",
    addressing_style: str = "auto",
    ca_bundle: str = "",
) -> dict[str, Any]:
    """Return Django's storage for a bucket of an S3-compatible storage; without an address, of Amazon's."""
    # It takes a tenth of a second and 30 MB, which an installation with its files on disk does not need.
    from evosync.common.object_storage import client_config

    return {
        "BACKEND": FILES_AS_OBJECTS,
        "OPTIONS": {
            "bucket_name": bucket,
            "access_key": access_key,
            "secret_key": secret_key,
            "endpoint_url": endpoint_url or None,
            "region_name": region or None,
            "location": folder,
            "verify": ca_bundle or None,
            "client_config": client_config(addressing_style=addressing_style),
        },
    }
