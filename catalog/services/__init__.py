"""What can be done with the catalogue."""

from catalog.services.photos import add_photo, remove_photo, set_shared_photo
from catalog.services.refresh import refresh_catalog, refresh_store
from catalog.services.summary import Problem, RefreshSummary, StoreSummary

__all__ = [
    "Problem",
    "RefreshSummary",
    "StoreSummary",
    "add_photo",
    "refresh_catalog",
    "refresh_store",
    "remove_photo",
    "set_shared_photo",
]
