"""All addresses of the site."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.urls")),
    path("profile/", include("accounts.urls")),
    path("connections/", include("connections.urls")),
    path("vk-id/", include("connections.vk.oauth_urls")),
    path("evotor-oauth/", include("connections.evotor.oauth_urls")),
    path("evotor/", include("connections.evotor.webhooks.urls")),
    path("feed/", include("syncing.feed.urls")),
    path("catalogue/", include("syncing.web.urls_catalog")),
    path("", include("syncing.web.urls")),
]

handler500 = "evosync.error_views.server_error"
