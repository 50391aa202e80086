"""All addresses of the site."""

from django.contrib import admin
from django.urls import include, path, re_path

from accounts.email_confirmation import ConfirmEmail
from accounts.password_reset import ResetPassword
from accounts.session_list import ListSessions
from evosync import installable

urlpatterns = [
    re_path(r"^manifest-(?P<language>ru|en)\.webmanifest$", installable.manifest, name="manifest"),
    path("service-worker.js", installable.service_worker, name="service_worker"),
    re_path(r"^offline/(?P<language>ru|en)/$", installable.offline, name="offline"),
    path("admin/", admin.site.urls),
    # Before allauth's own views under the same names.
    re_path(
        r"^accounts/confirm-email/(?P<key>[-:\w]+)/$", ConfirmEmail.as_view(), name="account_confirm_email"
    ),
    path("accounts/password/reset/", ResetPassword.as_view(), name="account_reset_password"),
    path("accounts/sessions/", ListSessions.as_view(), name="usersessions_list"),
    path("accounts/", include("allauth.urls")),
    path("profile/", include("accounts.urls")),
    path("connections/", include("syncing.web.urls_connections")),
    path("vk-id/", include("connections.vk.oauth_urls")),
    path("evotor-oauth/", include("connections.evotor.oauth_urls")),
    path("evotor/", include("connections.evotor.webhooks.urls")),
    path("webhooks/", include("syncing.web.urls_bots")),
    path("feed/", include("syncing.web.urls_feed")),
    path("shelf/", include("syncing.web.urls_shelf")),
    path("catalogue/", include("syncing.web.urls_catalog")),
    path("", include("syncing.web.urls")),
]

handler500 = "evosync.error_views.server_error"
