"""All addresses of the site."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.urls")),
    path("profile/", include("accounts.urls")),
    path("connections/", include("connections.urls")),
    path("vk-id/", include("connections.vk_id_urls")),
    path("evotor-oauth/", include("connections.evotor_oauth_urls")),
    path("evotor/", include("connections.webhooks.urls")),
    path("feed/", include("syncing.urls_feed")),
    path("catalogue/", include("syncing.urls_catalog")),
    path("", include("syncing.urls")),
]

handler500 = "evosync.errors.answer_broken"
