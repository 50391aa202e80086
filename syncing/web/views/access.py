"""Access-scoped lookups: a merchant's own rows, or 404."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from accounts.access import user_of
from catalog.models import PhotoImportFile, Product, ProductGroup, ProductPhoto
from syncing.choices import ChannelKind
from syncing.models import GoodsRule, NotificationChannel, SyncJob, TableImport


def job_of(request: HttpRequest, pk: int) -> SyncJob:
    """Return one of the merchant's runs. Raises Http404 for anybody else's."""
    return get_object_or_404(SyncJob.objects.for_user(user_of(request)), pk=pk)


def group_of(request: HttpRequest, pk: int) -> ProductGroup:
    """Return one of the merchant's groups. Raises Http404 for anybody else's."""
    return get_object_or_404(ProductGroup.objects.for_user(user_of(request)).present(), pk=pk)


def product_of(request: HttpRequest, pk: int) -> Product:
    """Return one of the merchant's products. Raises Http404 for anybody else's."""
    rows = Product.objects.for_user(user_of(request)).select_related("store", "held_price", "undone_change")
    return get_object_or_404(rows, pk=pk)


def photo_of(request: HttpRequest, pk: int) -> ProductPhoto:
    """Return one of the merchant's photos. Raises Http404 for anybody else's."""
    photos = ProductPhoto.objects.for_user(user_of(request)).select_related("product__user")
    return get_object_or_404(photos, pk=pk)


def import_picture_of(request: HttpRequest, pk: int) -> PhotoImportFile:
    """Return one of the pictures that the merchant sent and has not saved. Raises Http404 for any other."""
    files = PhotoImportFile.objects.for_user(user_of(request)).pictures().select_related("product")
    return get_object_or_404(files, pk=pk)


def goods_rule_of(request: HttpRequest, pk: int) -> GoodsRule:
    """Return one of the merchant's rules for goods. Raises Http404 for anybody else's."""
    return get_object_or_404(GoodsRule.objects.for_user(user_of(request)), pk=pk)


def channel_of(request: HttpRequest, pk: int) -> NotificationChannel:
    """Return one of the merchant's chats. Raises Http404 for anybody else's, and for the account's email."""
    chats = NotificationChannel.objects.for_user(user_of(request)).exclude(kind=ChannelKind.EMAIL)
    return get_object_or_404(chats.select_related("user"), pk=pk)


def table_import_of(request: HttpRequest, pk: int) -> TableImport:
    """Return one of the merchant's imports of tables. Raises Http404 for anybody else's."""
    rows = TableImport.objects.for_user(user_of(request)).select_related("user")
    return get_object_or_404(rows, pk=pk)
