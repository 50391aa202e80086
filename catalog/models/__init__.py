"""The till's catalogue and the pictures for it."""

from catalog.models.photo_imports import PhotoImport, PhotoImportFile
from catalog.models.photos import ProductPhoto
from catalog.models.products import IDS_AT_ONCE, Product, ProductGroup, ProductQuerySet, Store

__all__ = [
    "IDS_AT_ONCE",
    "PhotoImport",
    "PhotoImportFile",
    "Product",
    "ProductGroup",
    "ProductPhoto",
    "ProductQuerySet",
    "Store",
]
