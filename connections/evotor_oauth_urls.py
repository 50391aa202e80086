"""The addresses of a login with Evotor's OAuth; the callback's is registered with the client."""

from django.urls import path

from connections import evotor_oauth_views

app_name = "evotor_oauth"

urlpatterns = [
    path("start/", evotor_oauth_views.start, name="start"),
    path("callback/", evotor_oauth_views.callback, name="callback"),
]
